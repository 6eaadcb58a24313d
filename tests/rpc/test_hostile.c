#include "test.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>

#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include "rpc/address.h"
#include "rpc/fixture.h"

/*
 * A client that speaks HTTP/2 by hand, over a blocking socket, to say what no
 * honest one would say.
 */

static struct house house;

static int open_house(void **state)
{
	const struct rpc_server_config limits = {
		.max_streams = 20,
		.max_calls = 50,
		.max_header_bytes = 4096,
		.max_request_bytes = 8 * 1024 * 1024,
		.handshake_ms = 400,
		.idle_ms = 400,
		.request_ms = 1500,
		.stall_ms = 400,
	};

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

struct raw {
	SSL_CTX *context;
	SSL *ssl;
	int fd;
	nghttp2_session *session;
	int ends; /* of streams */
	uint32_t last_reset, goaway;
	char status[32], grpc_status[32];
	size_t data;
	struct buffer body;
	size_t body_sent;
	bool body_ends;
	bool closed;
};

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
		     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
		     void *user)
{
	struct raw *raw = user;
	struct bytes field = bytes_of(name, name_size);

	(void)session;
	(void)frame;
	(void)flags;
	if (bytes_equal_string(field, ":status"))
		snprintf(raw->status, sizeof(raw->status), "%.*s", (int)value_size,
			 (const char *)value);
	if (bytes_equal_string(field, "grpc-status"))
		snprintf(raw->grpc_status, sizeof(raw->grpc_status), "%.*s", (int)value_size,
			 (const char *)value);
	return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *data,
		   size_t size, void *user)
{
	struct raw *raw = user;

	(void)session;
	(void)flags;
	(void)stream;
	(void)data;
	raw->data += size;
	return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct raw *raw = user;

	(void)session;
	if (frame->hd.type == NGHTTP2_RST_STREAM)
		raw->last_reset = frame->rst_stream.error_code;
	if (frame->hd.type == NGHTTP2_GOAWAY)
		raw->goaway = frame->goaway.error_code;
	if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
	    (frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
		raw->ends++;
	return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t code, void *user)
{
	struct raw *raw = user;

	(void)session;
	(void)stream;
	if (code != NGHTTP2_NO_ERROR)
		raw->ends++;
	return 0;
}

static void raw_open(struct raw *raw)
{
	const struct timeval patience = {.tv_sec = 5};
	nghttp2_session_callbacks *callbacks;
	struct addrinfo *list;

	*raw = (struct raw){0};
	assert_int_equal(address_resolve("127.0.0.1", rpc_server_port(house.server), &list, NULL),
			 0);
	raw->fd = socket(list->ai_family, SOCK_STREAM, 0);
	setsockopt(raw->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(raw->fd, list->ai_addr, list->ai_addrlen), 0);
	freeaddrinfo(list);
	raw->context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_use_certificate_chain_file(raw->context, file_in_folder("caller", "pem"));
	SSL_CTX_use_PrivateKey_file(raw->context, file_in_folder("caller", "key"),
				    SSL_FILETYPE_PEM);
	SSL_CTX_set_alpn_protos(raw->context, (const uint8_t *)"\2h2", 3);
	raw->ssl = SSL_new(raw->context);
	SSL_set_fd(raw->ssl, raw->fd);
	assert_int_equal(SSL_connect(raw->ssl), 1);
	nghttp2_session_callbacks_new(&callbacks);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	nghttp2_session_client_new(&raw->session, callbacks, raw);
	nghttp2_session_callbacks_del(callbacks);
}

static void raw_close(struct raw *raw)
{
	nghttp2_session_del(raw->session);
	SSL_free(raw->ssl);
	SSL_CTX_free(raw->context);
	close(raw->fd);
	buffer_release(&raw->body);
}

static void raw_write(struct raw *raw, struct bytes bytes)
{
	if (!raw->closed && bytes.size > 0 && SSL_write(raw->ssl, bytes.data, (int)bytes.size) <= 0)
		raw->closed = true;
}

static void raw_flush(struct raw *raw)
{
	const uint8_t *data;
	ssize_t size;

	while (!raw->closed && (size = nghttp2_session_mem_send(raw->session, &data)) > 0)
		raw_write(raw, bytes_of(data, (size_t)size));
}

static void raw_read(struct raw *raw)
{
	uint8_t bytes[16384];
	int size = SSL_read(raw->ssl, bytes, sizeof(bytes));

	if (size <= 0)
		raw->closed = true;
	else if (nghttp2_session_mem_recv(raw->session, bytes, (size_t)size) < 0)
		raw->closed = true;
}

/* Talks until so many streams have ended or the server has gone. */
static void raw_run(struct raw *raw, int ends)
{
	raw_flush(raw);
	while (!raw->closed && raw->ends < ends) {
		raw_read(raw);
		raw_flush(raw);
	}
}

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *out, size_t room,
			 uint32_t *flags, nghttp2_data_source *source, void *user)
{
	struct raw *raw = user;
	size_t size = raw->body.size - raw->body_sent;

	(void)session;
	(void)stream;
	(void)source;
	if (size > room)
		size = room;
	if (size == 0 && !raw->body_ends)
		return NGHTTP2_ERR_DEFERRED;
	if (size > 0)
		memcpy(out, raw->body.data + raw->body_sent, size);
	raw->body_sent += size;
	if (raw->body_ends && raw->body_sent == raw->body.size)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)size;
}

static nghttp2_nv field(const char *name, const char *value)
{
	union {
		const char *in;
		uint8_t *out;
	} n = {.in = name}, v = {.in = value};

	return (nghttp2_nv){n.out, v.out, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

struct oddity {
	const char *method, *path, *type, *extra, *extra_value;
	struct bytes body;
	bool open_end;
	const char *status, *grpc_status;
};

static void raw_request(struct raw *raw, const struct oddity *odd)
{
	nghttp2_data_provider body = {.read_callback = read_body};
	nghttp2_nv fields[] = {
		field(":method", odd->method ? odd->method : "POST"),
		field(":scheme", "https"),
		field(":authority", "localhost"),
		field(":path", odd->path ? odd->path : "/test.Test/Echo"),
		field("content-type", odd->type ? odd->type : "application/grpc"),
		field("te", "trailers"),
		field(odd->extra ? odd->extra : "x-nothing", odd->extra ? odd->extra_value : ""),
	};

	buffer_clear(&raw->body);
	buffer_append(&raw->body, odd->body);
	raw->body_sent = 0;
	raw->body_ends = !odd->open_end;
	assert_true(nghttp2_submit_request(raw->session, NULL, fields,
					   sizeof(fields) / sizeof(fields[0]), &body, raw) > 0);
}

#define WIRE(s)                                     \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}

static void odd_requests_get_the_status_that_fits(void **state)
{
	static char large[6000];
	const struct oddity odd[] = {
		{.body = WIRE("\0\0\0\0\2ok"), .status = "200", .grpc_status = "0"},
		{.method = "GET", .body = WIRE(""), .status = "405", .grpc_status = ""},
		{.type = "text/plain", .body = WIRE(""), .status = "415", .grpc_status = ""},
		{.type = "application/json",
		 .body = WIRE("{}"),
		 .status = "415",
		 .grpc_status = ""},
		{.path = "/x", .body = WIRE(""), .status = "200", .grpc_status = "12"},
		{.body = WIRE("\1\0\0\0\2ok"), .status = "200", .grpc_status = "12"},
		{.body = WIRE("\7\0\0\0\2ok"), .status = "200", .grpc_status = "13"},
		{.body = WIRE("\0\0\0\0\3ok"), .status = "200", .grpc_status = "13"},
		{.body = WIRE("\0\0"), .status = "200", .grpc_status = "13"},
		{.body = WIRE(""), .status = "200", .grpc_status = "12"},
		{.body = WIRE("\0\0\0\0\1a\0\0\0\0\1b"), .status = "200", .grpc_status = "12"},
		{.body = WIRE("\0\377\377\377\377"), .status = "200", .grpc_status = "8"},
		{.extra = "grpc-timeout",
		 .extra_value = "soon",
		 .status = "200",
		 .grpc_status = "3"},
		{.extra = "grpc-timeout",
		 .extra_value = "0n",
		 .body = WIRE("\0\0\0\0\0"),
		 .path = "/test.Test/Park",
		 .status = "200",
		 .grpc_status = "4"},
		{.extra = "grpc-encoding",
		 .extra_value = "gzip",
		 .status = "200",
		 .grpc_status = "12"},
		{.extra = "grpc-encoding",
		 .extra_value = "identity",
		 .body = WIRE("\0\0\0\0\2ok"),
		 .status = "200",
		 .grpc_status = "0"},
		{.extra = "x-large", .extra_value = large, .status = "200", .grpc_status = "8"},
		{.path = "/test.Test/Chat",
		 .body = WIRE("\0\0\0\0\1a\0\0\0\0\1b"),
		 .status = "200",
		 .grpc_status = "0"},
		{.path = "/test.Test/Chat", .body = WIRE(""), .status = "200", .grpc_status = "0"},
	};

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct raw raw;

		raw_open(&raw);
		nghttp2_submit_settings(raw.session, 0, NULL, 0);
		raw_request(&raw, &odd[i]);
		raw_run(&raw, 1);
		assert_false(raw.closed);
		if (strcmp(raw.status, odd[i].status) ||
		    strcmp(raw.grpc_status, odd[i].grpc_status))
			fail_msg("oddity %zu: status '%s', grpc-status '%s'", i, raw.status,
				 raw.grpc_status);
		raw_close(&raw);
	}
	assert_serves(&house);
}

static void a_window_of_one_byte_gets_its_answer(void **state)
{
	const nghttp2_settings_entry one = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1};
	const struct oddity grown = {.path = "/test.Test/Grow",
				     .body = WIRE("\0\0\0\0\004"
						  "2000")};
	struct raw raw;

	(void)state;
	raw_open(&raw);
	nghttp2_submit_settings(raw.session, 0, &one, 1);
	raw_request(&raw, &grown);
	raw_run(&raw, 1);
	assert_int_equal(raw.data, 2005);
	assert_string_equal(raw.grpc_status, "0");
	raw_close(&raw);
}

static void a_window_that_never_opens_is_not_waited_for(void **state)
{
	const nghttp2_settings_entry none = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0};
	const struct oddity request = {.path = "/test.Test/Grow",
				       .body = WIRE("\0\0\0\0\007"
						    "2000000")};
	uint64_t broken = rpc_server_counts(house.server).broken;
	struct raw raw;

	(void)state;
	raw_open(&raw);
	nghttp2_submit_settings(raw.session, 0, &none, 1);
	raw_request(&raw, &request);
	raw_run(&raw, 1);
	assert_int_equal(raw.last_reset, NGHTTP2_CANCEL);
	assert_true(rpc_server_counts(house.server).broken > broken);
	raw_close(&raw);
	assert_serves(&house);
}

static void a_request_that_never_ends_is_not_waited_for(void **state)
{
	const struct oddity request = {.body = WIRE("\0\0\0\1\0half"), .open_end = true};
	struct raw raw;

	(void)state;
	raw_open(&raw);
	nghttp2_submit_settings(raw.session, 0, NULL, 0);
	raw_request(&raw, &request);
	raw_run(&raw, 1);
	assert_string_equal(raw.grpc_status, "4");
	raw_close(&raw);
}

static void an_idle_connection_is_ended_in_good_order(void **state)
{
	struct raw raw;

	(void)state;
	raw_open(&raw);
	nghttp2_submit_settings(raw.session, 0, NULL, 0);
	raw.goaway = 99;
	raw_run(&raw, 1);
	assert_true(raw.closed);
	assert_int_equal(raw.goaway, NGHTTP2_NO_ERROR);
	raw_close(&raw);
}

static void a_client_that_never_greets_is_not_waited_for(void **state)
{
	struct raw raw;

	(void)state;
	raw_open(&raw);
	while (!raw.closed)
		raw_read(&raw);
	raw_close(&raw);
	assert_serves(&house);
}

/* Sends the bytes after the handshake, and expects the end of the connection. */
static void assert_ends(struct bytes bytes)
{
	struct raw raw;

	raw_open(&raw);
	raw_write(&raw, bytes);
	while (!raw.closed)
		raw_read(&raw);
	raw_close(&raw);
}

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

static void bytes_that_are_no_http2_end_the_connection(void **state)
{
	static const struct bytes garbage[] = {
		WIRE("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
		WIRE("\377\376\375\374 complete nonsense that is long enough to be read"),
		WIRE(PREFACE "\0\0\0\4\0\0\0\0\0"
			     "\377\377\377\1\5\0\0\0\1"),
		/* SETTINGS of a wrong size, DATA on no stream, HEADERS that HPACK cannot read. */
		WIRE(PREFACE "\0\0\5\4\0\0\0\0\0hello"),
		WIRE(PREFACE "\0\0\0\4\0\0\0\0\0"
			     "\0\0\1\0\1\0\0\0\0x"),
		WIRE(PREFACE "\0\0\0\4\0\0\0\0\0"
			     "\0\0\3\1\5\0\0\0\1\377\377\377"),
		/* CONTINUATION without HEADERS; an even stream. */
		WIRE(PREFACE "\0\0\0\4\0\0\0\0\0"
			     "\0\0\1\11\4\0\0\0\1x"),
		WIRE(PREFACE "\0\0\0\4\0\0\0\0\0"
			     "\0\0\1\1\5\0\0\0\2\202"),
		/* The preface, and then nothing more; half of it. */
		WIRE(PREFACE),
		WIRE("PRI * HT"),
		/* HEADERS whose block never ends. */
		WIRE(PREFACE "\0\0\0\4\0\0\0\0\0"
			     "\0\0\1\1\1\0\0\0\1\203"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
		assert_ends(garbage[i]);
	assert_serves(&house);
}

static void streams_opened_and_reset_rapidly_end_the_connection(void **state)
{
	const struct oddity request = {.path = "/test.Test/Park", .body = WIRE("\0\0\0\0\0")};
	uint64_t broken = rpc_server_counts(house.server).broken;
	struct raw raw;

	(void)state;
	raw_open(&raw);
	nghttp2_submit_settings(raw.session, 0, NULL, 0);
	raw_flush(&raw);
	for (int i = 0; i < 5000 && !raw.closed; i++) {
		nghttp2_data_provider body = {.read_callback = read_body};
		nghttp2_nv fields[] = {field(":method", "POST"), field(":scheme", "https"),
				       field(":path", request.path),
				       field("content-type", "application/grpc")};
		int32_t stream = nghttp2_submit_request(raw.session, NULL, fields, 4, &body, &raw);

		raw.body_ends = true;
		raw_flush(&raw);
		nghttp2_submit_rst_stream(raw.session, 0, stream, NGHTTP2_CANCEL);
		raw_flush(&raw);
	}
	raw.ends = 0;
	raw_run(&raw, 100000);
	assert_true(raw.closed);
	assert_true(rpc_server_counts(house.server).broken > broken);
	raw_close(&raw);
	assert_serves(&house);
	/* They are gone, and yet count until they are answered. */
	rpc_loop_post(rpc_server_loop(house.server, 0), unpark, &house);
}

static void calls_over_the_limit_are_shed(void **state)
{
	const struct oddity request = {.path = "/test.Test/Park", .body = WIRE("\0\0\0\0\0")};
	uint64_t shed = rpc_server_counts(house.server).calls_shed;
	unsigned seen = house.parked_seen;
	struct raw raws[3], last;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		raw_open(&raws[i]);
		nghttp2_submit_settings(raws[i].session, 0, NULL, 0);
		for (int k = 0; k < (i < 2 ? 20 : 10); k++) {
			raw_request(&raws[i], &request);
			raw_flush(&raws[i]);
		}
		wait_for(&house.parked_seen, seen + (i < 2 ? 20 * ((unsigned)i + 1) : 50));
	}
	raw_open(&last);
	nghttp2_submit_settings(last.session, 0, NULL, 0);
	raw_request(&last, &request);
	raw_run(&last, 1);
	assert_int_equal(last.last_reset, NGHTTP2_ENHANCE_YOUR_CALM);
	assert_int_equal(rpc_server_counts(house.server).calls_shed, shed + 1);
	rpc_loop_post(rpc_server_loop(house.server, 0), unpark, &house);
	for (size_t i = 0; i < 3; i++) {
		raw_run(&raws[i], i < 2 ? 20 : 10);
		assert_string_equal(raws[i].grpc_status, "0");
		raw_close(&raws[i]);
	}
	raw_close(&last);
	assert_serves(&house);
}

static void requests_held_in_memory_have_a_limit(void **state)
{
	enum { SIZE = 0x3f0000 };
	const struct oddity request = {.path = "/test.Test/Park", .body = WIRE("\0\0\77\0\0")};
	uint64_t shed = rpc_server_counts(house.server).calls_shed;
	unsigned seen = house.parked_seen;
	struct raw raws[3];

	(void)state;
	/* Two requests of nearly 4 MiB wait for their answers: a third is over 8 MiB. */
	for (unsigned i = 0; i < 3; i++) {
		raw_open(&raws[i]);
		nghttp2_submit_settings(raws[i].session, 0, NULL, 0);
		raw_request(&raws[i], &request);
		memset(buffer_extend(&raws[i].body, SIZE), 0, SIZE);
		raw_flush(&raws[i]);
		while (!raws[i].closed && raws[i].ends == 0 &&
		       raws[i].body_sent < raws[i].body.size) {
			raw_read(&raws[i]);
			raw_flush(&raws[i]);
		}
		if (i < 2)
			wait_for(&house.parked_seen, seen + i + 1);
	}
	raw_run(&raws[2], 1);
	assert_string_equal(raws[2].grpc_status, "8");
	assert_int_equal(rpc_server_counts(house.server).calls_shed, shed + 1);
	rpc_loop_post(rpc_server_loop(house.server, 0), unpark, &house);
	for (size_t i = 0; i < 3; i++) {
		raw_run(&raws[i], 1);
		raw_close(&raws[i]);
	}
	assert_serves(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_requests_get_the_status_that_fits),
		cmocka_unit_test(a_window_of_one_byte_gets_its_answer),
		cmocka_unit_test(a_window_that_never_opens_is_not_waited_for),
		cmocka_unit_test(a_request_that_never_ends_is_not_waited_for),
		cmocka_unit_test(an_idle_connection_is_ended_in_good_order),
		cmocka_unit_test(a_client_that_never_greets_is_not_waited_for),
		cmocka_unit_test(bytes_that_are_no_http2_end_the_connection),
		cmocka_unit_test(streams_opened_and_reset_rapidly_end_the_connection),
		cmocka_unit_test(calls_over_the_limit_are_shed),
		cmocka_unit_test(requests_held_in_memory_have_a_limit),
	};
	int failed;

	signal(SIGPIPE, SIG_IGN);
	set_up(NULL);
	failed = cmocka_run_group_tests(tests, open_house, close_house);
	tear_down(NULL);
	return failed;
}
