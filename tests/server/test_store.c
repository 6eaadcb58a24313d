#include "server/sandbox.h"

#include "server/store_log.h"
#include "server/store_registry.h"

static int set_up(void **state)
{
	struct sandbox *box = test_malloc(sizeof(*box));

	sandbox_make(box);
	assert_int_equal(store_environment_open(box->data, 16, true, &box->store, &box->error), 0);
	*state = box;
	return 0;
}

static int tear_down(void **state)
{
	sandbox_release(*state);
	test_free(*state);
	return 0;
}

static struct store_transaction *begin_write(struct sandbox *box)
{
	struct store_transaction *transaction;

	assert_int_equal(store_environment_write(box->store, &transaction, &box->error), 0);
	return transaction;
}

static struct store_transaction *begin_read(struct sandbox *box)
{
	struct store_transaction *transaction;

	assert_int_equal(store_environment_read(box->store, &transaction, &box->error), 0);
	return transaction;
}

static void what_is_aborted_never_was(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	struct bytes value;

	store_environment_put(transaction, STORE_META, BYTES_LITERAL("a"), BYTES_LITERAL("b"));
	store_environment_abort(transaction);
	transaction = begin_read(box);
	assert_false(store_environment_get(transaction, STORE_META, BYTES_LITERAL("a"), &value));
	store_environment_abort(transaction);
}

static void a_failed_step_makes_the_commit_fail(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	struct bytes value;

	store_environment_put(transaction, STORE_META, BYTES_LITERAL("a"), BYTES_LITERAL("b"));
	store_environment_fail(transaction, ERR_CORRUPT, "first %d", 1);
	store_environment_fail(transaction, ERR_SYSTEM, "second");
	assert_int_equal(store_environment_commit(transaction, &box->error), ERR_CORRUPT);
	assert_string_equal(box->error.text, "first 1");
	transaction = begin_read(box);
	assert_false(store_environment_get(transaction, STORE_META, BYTES_LITERAL("a"), &value));
	store_environment_abort(transaction);
}

static void a_second_daemon_is_refused(void **state)
{
	struct sandbox *box = *state;
	struct store *other;

	assert_int_equal(store_environment_open(box->data, 16, false, &other, &box->error),
			 ERR_EXISTS);
	assert_non_null(strstr(box->error.text, "another carnetd"));
}

static void an_empty_folder_holds_no_store(void **state)
{
	struct sandbox *box = *state;
	struct store *other;

	assert_int_equal(store_environment_open(box->root, 16, false, &other, &box->error),
			 ERR_NOT_FOUND);
}

static void a_store_is_not_laid_out_twice(void **state)
{
	struct sandbox *box = *state;

	store_environment_close(box->store);
	box->store = NULL;
	assert_int_equal(store_environment_open(box->data, 16, true, &box->store, &box->error),
			 ERR_WRONG_STATE);
}

static void a_newer_format_is_refused(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	const uint8_t newer = STORE_FORMAT + 1;

	store_environment_put(transaction, STORE_META, BYTES_LITERAL("format"),
			      bytes_of(&newer, 1));
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
	store_environment_close(box->store);
	box->store = NULL;
	assert_int_equal(store_environment_open(box->data, 16, false, &box->store, &box->error),
			 ERR_WRONG_STATE);
	assert_non_null(strstr(box->error.text, "newer carnetd"));
}

static void a_full_map_is_unavailable_and_harmless(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	struct buffer big = {0};
	struct bytes value;

	memset(buffer_extend(&big, 32 << 20), 'x', 32 << 20);
	store_environment_put(transaction, STORE_META, BYTES_LITERAL("big"), buffer_bytes(&big));
	assert_int_equal(store_environment_commit(transaction, &box->error), ERR_UNAVAILABLE);
	transaction = begin_write(box);
	store_environment_put(transaction, STORE_META, BYTES_LITERAL("a"), BYTES_LITERAL("b"));
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
	transaction = begin_read(box);
	assert_true(store_environment_get(transaction, STORE_META, BYTES_LITERAL("a"), &value));
	store_environment_abort(transaction);
	buffer_release(&big);
}

static void nodes_are_found_in_their_groups(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	struct digest nodes[100], found;

	for (uint8_t i = 0; i < 100; i++)
		memset(nodes[i].bytes, i, DIGEST_SIZE);
	store_log_put_nodes(transaction, 1, 0, nodes, 7);
	store_log_put_nodes(transaction, 1, 7, nodes + 7, 93);
	store_log_put_nodes(transaction, 2, 0, nodes, 1);
	for (uint8_t i = 0; i < 100; i++) {
		assert_int_equal(store_log_read_node(transaction, 1, i, &found, &box->error), 0);
		assert_true(hash_equal(&found, &nodes[i]));
	}
	assert_int_equal(store_log_read_node(transaction, 1, 100, &found, &box->error),
			 ERR_CORRUPT);
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
}

static void nodes_with_a_gap_are_refused(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	struct digest node = {0};

	store_log_put_nodes(transaction, 1, 5, &node, 1);
	assert_int_equal(store_environment_commit(transaction, &box->error), ERR_CORRUPT);
}

static void a_revision_header_reads_back(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	struct revision_header header = {.number = 3,
					 .instant = 1790000069123,
					 .proposal = BYTES_LITERAL("abc"),
					 .reason = BYTES_LITERAL("because")},
			       found;
	struct digest one, two;

	memset(header.records.bytes, 5, DIGEST_SIZE);
	store_registry_put_revision(transaction, &header);
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
	transaction = begin_read(box);
	assert_true(store_registry_newest(transaction, &found));
	assert_int_equal(found.number, 3);
	assert_int_equal(found.instant, header.instant);
	assert_true(bytes_equal_string(found.reason, "because"));
	one = revision_header_digest(&header);
	two = revision_header_digest(&found);
	assert_true(hash_equal(&one, &two));
	assert_false(store_registry_revision(transaction, 2, &found));
	store_environment_abort(transaction);
}

static void request_ids_are_each_callers_own(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction = begin_write(box);
	struct store_registry_request request = {.index = 42, .answer = BYTES_LITERAL("answer")},
				      found;
	char who[600];

	memset(who, 'w', sizeof(who));
	store_registry_put_request(transaction, bytes_of(who, sizeof(who)), BYTES_LITERAL("r1"),
				   &request);
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
	transaction = begin_read(box);
	assert_true(store_registry_request(transaction, bytes_of(who, sizeof(who)),
					   BYTES_LITERAL("r1"), &found));
	assert_int_equal(found.index, 42);
	assert_true(bytes_equal_string(found.answer, "answer"));
	assert_false(store_registry_request(transaction, bytes_of(who, 599), BYTES_LITERAL("r1"),
					    &found));
	assert_false(store_registry_request(transaction, bytes_of(who, sizeof(who)),
					    BYTES_LITERAL("r2"), &found));
	store_environment_abort(transaction);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_aborted_never_was),
		TEST(a_failed_step_makes_the_commit_fail),
		TEST(a_second_daemon_is_refused),
		TEST(an_empty_folder_holds_no_store),
		TEST(a_store_is_not_laid_out_twice),
		TEST(a_newer_format_is_refused),
		TEST(a_full_map_is_unavailable_and_harmless),
		TEST(nodes_are_found_in_their_groups),
		TEST(nodes_with_a_gap_are_refused),
		TEST(a_revision_header_reads_back),
		TEST(request_ids_are_each_callers_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
