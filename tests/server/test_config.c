#include "server/house.h"

static int set_up(void **state)
{
	struct house *house = test_malloc(sizeof(*house));
	struct init_result result;

	house_make(house);
	if (house_init(house, &result))
		fail_msg("%s", house->error.text);
	*state = house;
	return 0;
}

static int tear_down(void **state)
{
	house_release(*state);
	test_free(*state);
	return 0;
}

static const char valid[] = "listen: \"127.0.0.1:7443\"\n"
			    "data: store\n"
			    "origin: log.example/n1-2026h2\n"
			    "node: n1\n"
			    "log-key: log.key\n"
			    "high-water: high-water\n"
			    "tls: {certificate: server.pem, key: server.key, client-ca: ca.pem}\n"
			    "access:\n"
			    "  - identity: \"spiffe://carnet.dev/svc/*\"\n"
			    "    roles: [checker]\n"
			    "    exporters: [seoul]\n"
			    "  - identity: spiffe://carnet.dev/svc/support\n"
			    "    roles: [checker, auditor]\n"
			    "    exporters: [tokyo]\n";

/* The text with its first `from` put otherwise. */
static int read_changed(struct house *house, const char *from, const char *to)
{
	const struct config_flags flags = {0};
	const char *at = strstr(valid, from);
	char *changed;

	assert_non_null(at);
	changed = arena_printf(house->arena, "%.*s%s%s", (int)(at - valid), valid, to,
			       at + strlen(from));
	assert_int_equal(
		file_write(house->config_path, bytes_of_string(changed), 0600, &house->error), 0);
	return config_read(house->config_path, &flags, house->arena, &house->config, &house->error);
}

static void a_valid_file_is_completed(void **state)
{
	struct house *house = *state;

	if (read_changed(house, "node: n1", "node: n1"))
		fail_msg("%s", house->error.text);
	assert_string_equal(house->config.host, "127.0.0.1");
	assert_int_equal(house->config.port, 7443);
	assert_int_equal(house->config.message->loops, 1);
	assert_int_equal(house->config.message->limits->waiting_receipts, 8192);
	assert_string_equal(house->config.message->data,
			    arena_printf(house->arena, "%s/store", house->run));
}

static void flags_stand_over_the_file(void **state)
{
	struct house *house = *state;
	const struct config_flags flags = {.listen = "[::1]:0", .loops = 3};

	assert_int_equal(read_changed(house, "node: n1", "node: n1"), 0);
	assert_int_equal(config_read(house->config_path, &flags, house->arena, &house->config,
				     &house->error),
			 0);
	assert_string_equal(house->config.host, "::1");
	assert_int_equal(house->config.port, 0);
	assert_int_equal(house->config.message->loops, 3);
}

static void what_cannot_work_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} cases[] = {
		{"127.0.0.1:7443", "127.0.0.1", "listen:"},
		{"127.0.0.1:7443", "127.0.0.1:99999", "listen:"},
		{"127.0.0.1:7443", "127.0.0.1:74x", "listen:"},
		{"data: store", "data: nowhere", "data:"},
		{"log.example/n1-2026h2", "\"two words\"", "origin:"},
		{"log-key: log.key", "log-key: missing.key", "log-key:"},
		{"log-key: log.key", "log-key: server.key", "log-key"},
		{"key: server.key", "key: checker.key", "tls"},
		{"high-water: high-water", "high-water: store/high-water", "high-water:"},
		{"tls: {certificate: server.pem, key: server.key, client-ca: ca.pem}\n", "",
		 "tls:"},
		{"roles: [checker]", "roles: [checkr]", "'checkr' is no role"},
		{"    roles: [checker]\n", "", "roles"},
		{"    exporters: [seoul]\n", "", "exporters: is missing"},
		{"roles: [checker]", "roles: [editor]", "without the role checker"},
		{"spiffe://carnet.dev/svc/*", "https://carnet.dev/*", "no SPIFFE URI"},
		{"spiffe://carnet.dev/svc/*", "spiffe://*/svc", "at the end only"},
		{"node: n1", "nod: n1", "nod"},
		{"node: n1", "node: n1\nloops: 65", "loops"},
	};
	struct house *house = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (read_changed(house, cases[i].from, cases[i].to) == 0)
			fail_msg("'%s' was taken", cases[i].to);
		if (!strstr(house->error.text, cases[i].says))
			fail_msg("'%s': %s", cases[i].to, house->error.text);
	}
}

static void rules_that_match_add_up(void **state)
{
	struct house *house = *state;
	struct access_grant grant;

	assert_int_equal(read_changed(house, "node: n1", "node: n1"), 0);
	grant = access_grant_of(house->config.message,
				BYTES_LITERAL("spiffe://carnet.dev/svc/support"), house->arena);
	assert_int_equal(grant.roles, 1u << ROLE_CHECKER | 1u << ROLE_AUDITOR);
	assert_int_equal(grant.exporter_count, 2);
	grant = access_grant_of(house->config.message, BYTES_LITERAL("spiffe://carnet.dev/svc/ads"),
				house->arena);
	assert_int_equal(grant.roles, 1u << ROLE_CHECKER);
	assert_int_equal(grant.exporter_count, 1);
	assert_false(grant.any_exporter);
	grant = access_grant_of(house->config.message, BYTES_LITERAL("spiffe://carnet.dev/svc"),
				house->arena);
	assert_int_equal(grant.roles, 0);
}

static void a_checker_is_bound_to_its_exporters(void **state)
{
	struct house *house = *state;
	struct caller caller = {.identity = BYTES_LITERAL("spiffe://carnet.dev/svc/ads")};
	struct failure failure;

	assert_int_equal(read_changed(house, "node: n1", "node: n1"), 0);
	caller_grant(&caller, house->config.message, house->arena);
	assert_true(caller_may_export(&caller, BYTES_LITERAL("seoul"), house->arena, &failure));
	assert_false(caller_may_export(&caller, BYTES_LITERAL("tokyo"), house->arena, &failure));
	assert_int_equal(failure.code, RPC_PERMISSION_DENIED);
	assert_string_equal(failure.reason, "EXPORTER_NOT_BOUND");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_valid_file_is_completed),
		TEST(flags_stand_over_the_file),
		TEST(what_cannot_work_is_refused_with_its_reason),
		TEST(rules_that_match_add_up),
		TEST(a_checker_is_bound_to_its_exporters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
