#include "server/house.h"

#include "server/archive.h"

static int set_up(void **state)
{
	struct house *house = test_malloc(sizeof(*house));

	house_make(house);
	*state = house;
	return 0;
}

static int tear_down(void **state)
{
	house_release(*state);
	test_free(*state);
	return 0;
}

static void revision_one_has_a_leaf_of_its_own(void **state)
{
	struct house *house = *state;
	struct archive_receipt receipt;
	struct init_result result;
	struct leaf leaf;

	assert_int_equal(house_init(house, &result), 0);
	assert_int_equal(result.records, 6); /* three, the log, two persons */
	assert_int_equal(house_open(house), 0);
	assert_int_equal(journal_size(house->daemon->journal), 1);
	assert_int_equal(
		archive_receipt(house->daemon->store, 0, house->arena, &receipt, &house->error), 0);
	assert_int_equal(leaf_parse(receipt.leaf.entry, &leaf, NULL), 0);
	assert_true(bytes_equal_string(leaf.kind, "revision"));
	assert_int_equal(leaf.reg_rev, 1);
	assert_true(hash_equal(&leaf.reg, &house->daemon->registry.newest->digest));
}

static void the_same_folders_have_the_same_digest(void **state)
{
	struct house *house = *state;
	struct init_result first, second;
	const char *folders[] = {house->registry};
	struct init_options options = {
		.folders = folders, .folder_count = 1, .origin = SANDBOX_ORIGIN, .node = "n1"};

	options.log_key = arena_printf(house->arena, "%s/log.key", house->root);
	options.data = arena_printf(house->arena, "%s/one", house->root);
	assert_int_equal(init_run(&options, &first, &house->error), 0);
	options.data = arena_printf(house->arena, "%s/two", house->root);
	assert_int_equal(init_run(&options, &second, &house->error), 0);
	assert_string_equal(first.digest, second.digest);
	assert_int_equal(strlen(first.digest), 43);
}

static void a_folder_in_use_is_refused(void **state)
{
	struct house *house = *state;
	struct init_result result;

	assert_int_equal(house_init(house, &result), 0);
	assert_int_equal(house_init(house, &result), ERR_WRONG_STATE);
}

static void a_registry_that_does_not_hold_together_writes_nothing(void **state)
{
	struct house *house = *state;
	struct init_result result;

	house_write_registry(house, "party: {id: lost, kind: organisation, name: Lost, "
				    "source: [x], area: ZZ, bound-by: none}\n");
	assert_int_equal(house_init(house, &result), ERR_INVALID);
	assert_int_equal(access(house->run, F_OK), -1);
}

static void a_registry_that_lists_no_such_log_cannot_be_served(void **state)
{
	struct house *house = *state;
	struct init_result result;
	struct error error;
	char *path = arena_printf(house->arena, "%s/log.key", house->run);
	struct ed25519_key *other = ed25519_generate();

	assert_int_equal(house_init(house, &result), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ed25519_write(other, path, &error), 0);
	assert_int_equal(house_open(house), ERR_WRONG_STATE);
	assert_non_null(strstr(house->error.text, "lists no open log"));
	ed25519_free(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(revision_one_has_a_leaf_of_its_own),
		TEST(the_same_folders_have_the_same_digest),
		TEST(a_folder_in_use_is_refused),
		TEST(a_registry_that_does_not_hold_together_writes_nothing),
		TEST(a_registry_that_lists_no_such_log_cannot_be_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
