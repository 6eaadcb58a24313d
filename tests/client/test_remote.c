#include "test.h"

#include <stdlib.h>

#include "client/remote.h"

static void a_server_is_a_host_and_a_port(void **state)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
	} rows[] = {
		{"localhost:7443", "localhost", 7443},
		{"127.0.0.1:1", "127.0.0.1", 1},
		{"[::1]:65535", "::1", 65535},
	};
	struct arena *arena = arena_new(0);
	const char *host;
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(remote_parse_server(rows[i].text, arena, &host, &port, NULL), 0);
		assert_string_equal(host, rows[i].host);
		assert_int_equal(port, rows[i].port);
	}
	arena_free(arena);
}

static void anything_else_is_refused(void **state)
{
	static const char *const rows[] = {
		"",           "localhost",  ":7443",    "localhost:", "host:0",
		"host:65536", "host:7443x", "::1:7443", "host:-1",    "host:http"};
	struct arena *arena = arena_new(0);
	struct error error;
	const char *host;
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(remote_parse_server(rows[i], arena, &host, &port, &error),
				 ERR_INVALID);
	arena_free(arena);
}

static void what_is_missing_is_named(void **state)
{
	struct remote_names names = {0};
	struct remote *remote;
	struct error error;

	(void)state;
	unsetenv("CARNET_SERVER");
	assert_int_equal(remote_open(&names, &remote, &error), ERR_INVALID);
	assert_null(remote);
	assert_string_equal(error.text, "no server: give --server or set CARNET_SERVER");
	names.server = "localhost:1";
	unsetenv("CARNET_CA");
	assert_int_equal(remote_open(&names, &remote, &error), ERR_INVALID);
	assert_string_equal(error.text, "no ca: give --ca or set CARNET_CA");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_is_a_host_and_a_port),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(what_is_missing_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
