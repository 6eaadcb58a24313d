#include "test.h"

#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>

#include <openssl/ssl.h>

#include "rpc/address.h"
#include "rpc/fixture.h"

static struct house house;

static int open_house(void **state)
{
	const struct rpc_server_config limits = {.max_connections = 8, .handshake_ms = 200};

	(void)state;
	house_open(&house, &limits);
	return 0;
}

static int close_house(void **state)
{
	(void)state;
	house_close(&house);
	return 0;
}

/* The sentence that a client gets which cannot connect. */
static const char *refusal(struct rpc_client *client)
{
	static struct error error;
	struct rpc_reply reply;

	assert_int_equal(rpc_client_connect(client, &error), ERR_UNAVAILABLE);
	assert_int_equal(
		rpc_client_call(client, "/test.Test/Echo", bytes_of(NULL, 0), 3000, &reply, NULL),
		ERR_UNAVAILABLE);
	assert_int_equal(reply.code, RPC_UNAVAILABLE);
	assert_false(reply.from_server);
	rpc_client_free(client);
	return error.text;
}

static void assert_says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' does not say '%s'", text, part);
}

static void a_client_of_a_foreign_authority_is_refused(void **state)
{
	(void)state;
	assert_says(refusal(client_as(&house, "stranger", "ours")),
		    "does not know the authority of our certificate");
	assert_serves(&house);
}

static void a_server_of_a_foreign_authority_is_refused(void **state)
{
	(void)state;
	assert_says(refusal(client_as(&house, "caller", "theirs")), "certificate");
	assert_serves(&house);
}

static struct rpc_client *client_to(const char *host, uint16_t port, const char *server_name)
{
	const struct rpc_endpoint endpoint = {host, port};
	struct rpc_tls *tls = client_tls("caller", "ours");
	const struct rpc_client_config config = {
		.endpoints = &endpoint,
		.endpoint_count = 1,
		.tls = tls,
		.server_name = server_name,
		.connect_ms = 300,
	};
	struct rpc_client *client = rpc_client_new(&config);

	rpc_tls_release(tls);
	return client;
}

static void the_server_must_bear_the_name_that_was_asked_for(void **state)
{
	uint16_t port = rpc_server_port(house.server);
	static char long_name[1000];
	struct rpc_client *right;

	(void)state;
	assert_says(refusal(client_to("127.0.0.1", port, "elsewhere.example")),
		    "hostname mismatch");
	assert_says(refusal(client_to("127.0.0.1", port, "127.0.0.2")), "IP address mismatch");
	memset(long_name, 'a', sizeof(long_name) - 1);
	assert_says(refusal(client_to("127.0.0.1", port, long_name)), "server name");
	assert_says(refusal(client_to("127.0.0.1", port, "")), "server name");
	right = client_to("127.0.0.1", port, "localhost");
	assert_int_equal(rpc_client_connect(right, NULL), 0);
	rpc_client_free(right);
}

static void a_port_where_nobody_listens_is_unavailable(void **state)
{
	struct error error;
	uint16_t port;
	int fd;

	(void)state;
	assert_int_equal(address_listen("127.0.0.1", 0, &fd, &error), 0);
	port = address_port(fd);
	/* Listens, but never says a word. */
	assert_says(refusal(client_to("127.0.0.1", port, NULL)), "no answer in time");
	close(fd);
	assert_says(refusal(client_to("127.0.0.1", port, NULL)), "Connection refused");
	assert_says(refusal(client_to("no-such-host.invalid", port, NULL)), "no-such-host.invalid");
}

static void the_next_endpoint_is_tried(void **state)
{
	const struct rpc_endpoint endpoints[] = {{"127.0.0.1", 1},
						 {"127.0.0.1", rpc_server_port(house.server)}};
	struct rpc_tls *tls = client_tls("caller", "ours");
	const struct rpc_client_config config = {
		.endpoints = endpoints, .endpoint_count = 2, .tls = tls};
	struct rpc_client *client = rpc_client_new(&config);
	struct error error;

	(void)state;
	if (rpc_client_connect(client, &error))
		fail_msg("%s", error.text);
	rpc_client_free(client);
	rpc_tls_release(tls);
}

static void a_port_in_use_is_refused(void **state)
{
	const struct rpc_server_config config = {.port = rpc_server_port(house.server),
						 .tls = house.tls};
	struct rpc_server *second;
	struct error error;

	(void)state;
	assert_int_equal(rpc_server_new(&config, &second, &error), ERR_EXISTS);
	assert_null(second);
	assert_says(error.text, "Address already in use");
}

static void files_that_cannot_be_used_are_named(void **state)
{
	struct rpc_tls_files files = files_of("server", "ours");
	struct rpc_tls *tls;
	struct error error;

	(void)state;
	files.certificate = "/nowhere/server.pem";
	assert_int_equal(rpc_tls_new_server(&files, &tls, &error), ERR_INVALID);
	assert_says(error.text, "certificate '/nowhere/server.pem': No such file");
	files = files_of("server", "ours");
	files.key = file_in_folder("caller", "key");
	assert_int_equal(rpc_tls_new_server(&files, &tls, &error), ERR_INVALID);
	assert_says(error.text, "private key");
	assert_says(error.text, "mismatch");
	files = files_of("server", "ours");
	files.ca = NULL;
	assert_int_equal(rpc_tls_new_client(&files, &tls, &error), ERR_INVALID);
	assert_says(error.text, "no file is given");
}

/* --- With OpenSSL alone --- */

/* Shakes hands, then reads: 0 if the server said something, -1 if it closed. */
static int shake_hands(SSL_CTX *context)
{
	const struct timeval patience = {.tv_sec = 5};
	struct addrinfo *list;
	char byte;
	SSL *ssl;
	int fd, result;

	assert_int_equal(address_resolve("127.0.0.1", rpc_server_port(house.server), &list, NULL),
			 0);
	fd = socket(list->ai_family, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(fd, list->ai_addr, list->ai_addrlen), 0);
	freeaddrinfo(list);
	ssl = SSL_new(context);
	SSL_set_fd(ssl, fd);
	result = SSL_connect(ssl) == 1 && SSL_read(ssl, &byte, 1) == 1 ? 0 : -1;
	SSL_free(ssl);
	close(fd);
	return result;
}

static SSL_CTX *context_as(const char *name)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (name) {
		SSL_CTX_use_certificate_chain_file(context, file_in_folder(name, "pem"));
		SSL_CTX_use_PrivateKey_file(context, file_in_folder(name, "key"), SSL_FILETYPE_PEM);
	}
	SSL_CTX_set_alpn_protos(context, (const uint8_t *)"\2h2", 3);
	return context;
}

static void only_tls_1_3_with_h2_and_a_certificate_gets_in(void **state)
{
	SSL_CTX *right = context_as("caller"), *no_certificate = context_as(NULL);
	SSL_CTX *old = context_as("caller"), *http1 = context_as("caller");
	SSL_CTX *no_alpn = context_as("caller");

	(void)state;
	SSL_CTX_set_max_proto_version(old, TLS1_2_VERSION);
	SSL_CTX_set_alpn_protos(http1, (const uint8_t *)"\10http/1.1", 9);
	SSL_CTX_set_alpn_protos(no_alpn, NULL, 0);
	assert_int_equal(shake_hands(right), 0);
	assert_int_equal(shake_hands(no_certificate), -1);
	assert_int_equal(shake_hands(old), -1);
	assert_int_equal(shake_hands(http1), -1);
	assert_int_equal(shake_hands(no_alpn), -1);
	assert_serves(&house);
	SSL_CTX_free(right);
	SSL_CTX_free(no_certificate);
	SSL_CTX_free(old);
	SSL_CTX_free(http1);
	SSL_CTX_free(no_alpn);
}

/* --- Bytes that are no TLS --- */

static int raw_connection(void)
{
	const struct timeval patience = {.tv_sec = 5};
	struct addrinfo *list;
	int fd;

	assert_int_equal(address_resolve("127.0.0.1", rpc_server_port(house.server), &list, NULL),
			 0);
	fd = socket(list->ai_family, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(fd, list->ai_addr, list->ai_addrlen), 0);
	freeaddrinfo(list);
	return fd;
}

/* True if the server ends the connection, whatever it says first. */
static bool is_closed(int fd)
{
	char bytes[1000];
	ssize_t size;

	do {
		size = recv(fd, bytes, sizeof(bytes), 0);
	} while (size > 0);
	close(fd);
	return size == 0 || errno == ECONNRESET;
}

static void plain_text_is_shown_the_door(void **state)
{
	static const char *const texts[] = {
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01garbage that is no hello at all, but long enough to try",
		"\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int fd = raw_connection();

		assert_true(send(fd, texts[i], strlen(texts[i]), MSG_NOSIGNAL) > 0);
		assert_true(is_closed(fd));
	}
	assert_serves(&house);
}

static void a_client_that_says_nothing_is_not_waited_for(void **state)
{
	(void)state;
	assert_true(is_closed(raw_connection()));
	assert_serves(&house);
}

static void connections_over_the_limit_are_closed(void **state)
{
	struct rpc_client *clients[8];
	uint64_t refused = rpc_server_counts(house.server).refused;

	(void)state;
	for (int i = 0; i < 1000 && rpc_server_counts(house.server).connections > 0; i++)
		usleep(5000);
	for (size_t i = 0; i < 8; i++) {
		clients[i] = client_of(&house);
		assert_int_equal(rpc_client_connect(clients[i], NULL), 0);
	}
	refusal(client_of(&house));
	assert_true(rpc_server_counts(house.server).refused > refused);
	rpc_client_free(clients[0]);
	for (int i = 0; i < 1000 && rpc_server_counts(house.server).connections == 8; i++)
		usleep(5000);
	assert_serves(&house);
	for (size_t i = 1; i < 8; i++)
		rpc_client_free(clients[i]);
}

static void contexts_can_be_exchanged_while_serving(void **state)
{
	struct rpc_client *old = client_of(&house);
	struct rpc_tls *tls = server_tls();
	struct rpc_reply reply;

	(void)state;
	assert_int_equal(rpc_client_connect(old, NULL), 0);
	rpc_server_set_tls(house.server, tls);
	rpc_tls_release(tls);
	assert_serves(&house);
	assert_int_equal(
		rpc_client_call(old, "/test.Test/Echo", bytes_of(NULL, 0), 3000, &reply, NULL), 0);
	assert_int_equal(reply.code, RPC_OK);
	rpc_client_free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_of_a_foreign_authority_is_refused),
		cmocka_unit_test(a_server_of_a_foreign_authority_is_refused),
		cmocka_unit_test(the_server_must_bear_the_name_that_was_asked_for),
		cmocka_unit_test(a_port_where_nobody_listens_is_unavailable),
		cmocka_unit_test(the_next_endpoint_is_tried),
		cmocka_unit_test(a_port_in_use_is_refused),
		cmocka_unit_test(files_that_cannot_be_used_are_named),
		cmocka_unit_test(only_tls_1_3_with_h2_and_a_certificate_gets_in),
		cmocka_unit_test(plain_text_is_shown_the_door),
		cmocka_unit_test(a_client_that_says_nothing_is_not_waited_for),
		cmocka_unit_test(connections_over_the_limit_are_closed),
		cmocka_unit_test(contexts_can_be_exchanged_while_serving),
	};
	int failed;

	set_up(NULL);
	failed = cmocka_run_group_tests(tests, open_house, close_house);
	tear_down(NULL);
	return failed;
}
