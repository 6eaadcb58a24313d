#include "server/sandbox.h"

#include <pthread.h>
#include <stdatomic.h>

#include "receipt/receipt.h"
#include "rpc/loop.h"
#include "server/archive.h"
#include "server/store_log.h"

static int set_up(void **state)
{
	struct sandbox *box = test_malloc(sizeof(*box));

	sandbox_make(box);
	assert_int_equal(sandbox_open(box, true), 0);
	*state = box;
	return 0;
}

static int tear_down(void **state)
{
	sandbox_release(*state);
	test_free(*state);
	return 0;
}

static void write_many(struct sandbox *box, unsigned count)
{
	struct journal_entry entry;

	for (unsigned i = 0; i < count; i++)
		assert_int_equal(sandbox_write(box, i, &entry), 0);
}

/* A trust policy that knows the sandbox's log. */
static struct policy *policy_of(struct sandbox *box)
{
	struct policy *policy;
	struct buffer text = {0};
	struct vkey vkey;

	vkey_make(BYTES_LITERAL(SANDBOX_ORIGIN), VKEY_NOTE, ed25519_public_of(box->key), &vkey);
	buffer_append_string(&text, "log ");
	vkey_format(&vkey, &text);
	buffer_append_string(&text, "\nquorum none\n");
	assert_int_equal(policy_parse(arena_copy(box->arena, buffer_bytes(&text)), box->arena,
				      &policy, &box->error),
			 0);
	buffer_release(&text);
	return policy;
}

/* Verifies a receipt as an auditor would, from its bytes alone. */
static void verify_parts(struct sandbox *box, const struct receipt_parts *parts, unsigned number)
{
	struct buffer file = {0};
	struct receipt receipt;

	assert_int_equal(receipt_write(parts, &file, &box->error), 0);
	if (receipt_verify(buffer_bytes(&file), policy_of(box), box->arena, &receipt, &box->error))
		fail_msg("%s", box->error.text);
	assert_true(bytes_equal_string(receipt_value(&receipt, DISCLOSURE_CONTEXT),
				       arena_printf(box->arena, "{\"reference\":\"%u\"}", number)));
	buffer_release(&file);
}

static void verify_archived(struct sandbox *box, uint64_t index, unsigned number)
{
	struct archive_receipt receipt;
	struct receipt_parts parts;

	assert_int_equal(archive_receipt(box->store, index, box->arena, &receipt, &box->error), 0);
	parts = (struct receipt_parts){.entry = receipt.leaf.entry,
				       .disclosures = receipt.leaf.disclosures.texts,
				       .disclosure_count = DISCLOSURE_COUNT,
				       .index = index,
				       .path = receipt.path.hashes,
				       .path_count = receipt.path.count,
				       .checkpoint = receipt.checkpoint};
	verify_parts(box, &parts, number);
}

static void each_receipt_verifies_when_it_is_handed_out(void **state)
{
	struct sandbox *box = *state;

	for (unsigned i = 0; i < 70; i++) {
		struct journal_entry entry = sandbox_entry(box, i);
		struct journal_group group = {.entries = &entry, .count = 1, .arena = box->arena};
		struct receipt_parts parts;

		assert_int_equal(journal_write(box->journal, &group, &box->error), 0);
		assert_int_equal(entry.index, i);
		parts = (struct receipt_parts){.entry = entry.leaf.entry,
					       .disclosures = entry.leaf.disclosures.texts,
					       .disclosure_count = DISCLOSURE_COUNT,
					       .index = entry.index,
					       .path = entry.path,
					       .path_count = entry.path_count,
					       .checkpoint = group.checkpoint};
		verify_parts(box, &parts, i);
	}
}

static void each_receipt_can_be_rebuilt_later(void **state)
{
	struct sandbox *box = *state;
	struct archive_receipt receipt;

	write_many(box, 70);
	for (unsigned i = 0; i < 70; i++)
		verify_archived(box, i, i);
	assert_int_equal(archive_receipt(box->store, 70, box->arena, &receipt, &box->error),
			 ERR_NOT_FOUND);
	assert_int_equal(archive_check(box->store, 0, 70, &box->error), 0);
}

static void a_restart_continues_the_log(void **state)
{
	struct sandbox *box = *state;
	struct journal_entry entry;

	for (unsigned round = 0; round < 9; round++) {
		write_many(box, round);
		sandbox_close(box);
		assert_int_equal(sandbox_open(box, false), round ? 0 : ERR_CORRUPT);
		if (!round) { /* an empty log has no checkpoint: init writes one */
			sandbox_close(box);
			sandbox_remove(box->data);
			assert_int_equal(mkdir(box->data, 0700), 0);
			assert_int_equal(sandbox_open(box, true), 0);
		}
	}
	assert_int_equal(journal_size(box->journal), 36);
	assert_int_equal(sandbox_write(box, 99, &entry), 0);
	assert_int_equal(entry.index, 36);
	verify_archived(box, 36, 99);
	verify_archived(box, 0, 0);
}

/* ------------------------------------------------------------------------
 * Batches, from several threads, to a loop */

enum { THREADS = 3, EACH = 400 };

struct submission {
	struct sandbox *box;
	struct journal_entry entry;
	struct journal_group group;
	struct arena *arena;
	unsigned number;
};

static atomic_uint done_count;
static pthread_t loop_thread;

static void count_done(void *arg, struct journal_group *group)
{
	struct submission *one = arg;

	assert_int_equal(group->code, 0);
	assert_true(pthread_equal(pthread_self(), loop_thread));
	assert_true(one->entry.index < THREADS * EACH);
	atomic_fetch_add(&done_count, 1);
}

struct submitter {
	struct submission *of;
	struct rpc_loop *loop;
};

static void *submit_many(void *arg)
{
	struct submitter *submitter = arg;
	struct error error;

	for (unsigned i = 0; i < EACH; i++) {
		struct submission *one = &submitter->of[i];

		one->group = (struct journal_group){.entries = &one->entry,
						    .count = 1,
						    .arena = one->arena,
						    .done = count_done,
						    .done_arg = one,
						    .loop = submitter->loop};
		assert_int_equal(journal_submit(one->box->journal, &one->group, &error), 0);
	}
	return NULL;
}

static void batches_form_and_come_back_on_their_loop(void **state)
{
	struct sandbox *box = *state;
	struct submission *all = test_calloc(THREADS * EACH, sizeof(*all));
	struct rpc_loop *loop = rpc_loop_new();
	struct submitter submitters[THREADS];
	pthread_t threads[THREADS];

	loop_thread = pthread_self();
	atomic_store(&done_count, 0);
	for (unsigned i = 0; i < THREADS * EACH; i++) {
		all[i].box = box;
		all[i].number = i;
		all[i].arena = arena_new(4096);
		all[i].entry = sandbox_entry(box, i);
	}
	for (int i = 0; i < THREADS; i++) {
		submitters[i] = (struct submitter){all + i * EACH, loop};
		pthread_create(&threads[i], NULL, submit_many, &submitters[i]);
	}
	while (atomic_load(&done_count) < THREADS * EACH)
		rpc_loop_turn(loop, 100);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(journal_size(box->journal), THREADS * EACH);
	assert_true(journal_counts(box->journal).batches < THREADS * EACH / 4);
	for (unsigned i = 0; i < THREADS * EACH; i += 17)
		verify_archived(box, all[i].entry.index, all[i].number);
	for (unsigned i = 0; i < THREADS * EACH; i++)
		arena_free(all[i].arena);
	rpc_loop_free(loop);
	test_free(all);
}

static int refuse_to_apply(void *arg, struct store_transaction *transaction, uint64_t first,
			   struct error *error)
{
	(void)transaction;
	*(uint64_t *)arg = first;
	return error_set(error, ERR_CONFLICT, "not now");
}

static void a_group_that_cannot_be_applied_leaves_no_trace(void **state)
{
	struct sandbox *box = *state;
	struct journal_entry entries[2] = {sandbox_entry(box, 1), sandbox_entry(box, 2)};
	uint64_t first = 99;
	struct journal_group group = {.entries = entries,
				      .count = 2,
				      .arena = box->arena,
				      .apply = refuse_to_apply,
				      .arg = &first};

	write_many(box, 3);
	assert_int_equal(journal_write(box->journal, &group, &box->error), ERR_CONFLICT);
	assert_string_equal(box->error.text, "not now");
	assert_int_equal(first, 3);
	assert_int_equal(journal_size(box->journal), 3);
}

/* ------------------------------------------------------------------------
 * Time */

static instant_ms fake_now;

static instant_ms fake_clock(void)
{
	return fake_now;
}

static void time_never_goes_back_along_the_log(void **state)
{
	struct sandbox *box = *state;
	struct journal_entry entry;

	write_many(box, 1);
	sandbox_close(box);
	fake_now = 4000000000000;
	assert_int_equal(sandbox_open_with(box, false, 64, fake_clock), 0);
	assert_int_equal(sandbox_write(box, 1, &entry), 0);
	assert_int_equal(entry.iat, 4000000000);
	fake_now = 1000;
	assert_int_equal(sandbox_write(box, 2, &entry), 0);
	assert_int_equal(entry.iat, 4000000000);
	sandbox_close(box);
	assert_int_equal(sandbox_open_with(box, false, 64, fake_clock), 0);
	assert_int_equal(sandbox_write(box, 3, &entry), 0);
	assert_int_equal(entry.iat, 4000000000);
}

/* ------------------------------------------------------------------------
 * What must not open */

/* Flips one bit of a stored value, from its end when `from_end`. */
static void damage(struct sandbox *box, enum store_table table, bool last, size_t at)
{
	struct store_transaction *transaction;
	struct buffer name = {0}, value = {0};
	struct bytes key, content;

	assert_int_equal(store_environment_write(box->store, &transaction, &box->error), 0);
	if (last)
		assert_true(store_environment_last(transaction, table, &key, &content));
	else
		assert_true(store_environment_seek(transaction, table, BYTES_LITERAL("\0"), &key,
						   &content));
	buffer_append(&name, key);
	buffer_append(&value, content);
	value.data[at % value.size] ^= 1;
	store_environment_put(transaction, table, buffer_bytes(&name), buffer_bytes(&value));
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
	buffer_release(&name);
	buffer_release(&value);
}

static void expect_refused(struct sandbox *box)
{
	journal_close(box->journal);
	box->journal = NULL;
	store_environment_close(box->store);
	box->store = NULL;
	assert_int_not_equal(sandbox_open(box, false), 0);
}

static void a_changed_node_is_noticed_at_start(void **state)
{
	struct sandbox *box = *state;

	write_many(box, 64);
	damage(box, STORE_NODES, true, 3);
	expect_refused(box);
	assert_int_equal(box->error.code, ERR_CORRUPT);
}

static void a_changed_checkpoint_is_noticed_at_start(void **state)
{
	struct sandbox *box = *state;

	write_many(box, 5);
	damage(box, STORE_META, false, 24); /* "checkpoint" sorts first; the size is there */
	expect_refused(box);
}

static void a_changed_value_of_the_last_batch_is_noticed_at_start(void **state)
{
	struct sandbox *box = *state;

	write_many(box, 5);
	damage(box, STORE_ENTRIES, true, SIZE_MAX);
	expect_refused(box);
	assert_int_equal(box->error.code, ERR_CORRUPT);
}

static void every_flipped_bit_of_an_old_entry_is_noticed_when_it_is_read(void **state)
{
	struct sandbox *box = *state;
	struct archive_receipt receipt;
	struct store_transaction *transaction;
	struct bytes value;
	uint64_t first;
	size_t size;

	write_many(box, 3);
	assert_int_equal(store_environment_read(box->store, &transaction, &box->error), 0);
	assert_true(store_log_find_batch(transaction, 0, &first, &value));
	size = value.size;
	store_environment_abort(transaction);
	for (size_t at = 0; at < size; at++) {
		damage(box, STORE_ENTRIES, false, at);
		if (archive_receipt(box->store, 0, box->arena, &receipt, &box->error) == 0)
			fail_msg("byte %zu of %zu may change unseen", at, size);
		damage(box, STORE_ENTRIES, false, at);
	}
	assert_int_equal(archive_receipt(box->store, 0, box->arena, &receipt, &box->error), 0);
}

static void another_key_cannot_continue_the_log(void **state)
{
	struct sandbox *box = *state;

	write_many(box, 2);
	sandbox_close(box);
	ed25519_free(box->key);
	box->key = ed25519_generate();
	assert_int_not_equal(sandbox_open(box, false), 0);
}

static void an_older_copy_refuses_to_sign(void **state)
{
	struct sandbox *box = *state;
	char *data = arena_printf(box->arena, "%s/data.mdb", box->data);
	char *copy = arena_printf(box->arena, "%s/copy", box->root);

	write_many(box, 4);
	sandbox_close(box);
	sandbox_copy(data, copy);
	assert_int_equal(sandbox_open(box, false), 0);
	write_many(box, 1);
	sandbox_close(box);
	sandbox_copy(copy, data);
	assert_int_equal(sandbox_open(box, false), ERR_WRONG_STATE);
	assert_non_null(strstr(box->error.text, "has 4 entries here"));
	assert_non_null(strstr(box->error.text, "remembers 5"));
}

static void a_copy_that_took_another_way_refuses_to_sign(void **state)
{
	struct sandbox *box = *state;
	char *data = arena_printf(box->arena, "%s/data.mdb", box->data);
	char *copy = arena_printf(box->arena, "%s/copy", box->root);
	char *mark = arena_printf(box->arena, "%s/mark", box->root);

	write_many(box, 4);
	sandbox_close(box);
	sandbox_copy(data, copy);
	assert_int_equal(sandbox_open(box, false), 0);
	write_many(box, 1);
	sandbox_close(box);
	sandbox_copy(box->mark, mark);
	sandbox_copy(copy, data);
	assert_int_equal(unlink(box->mark), 0); /* somebody helps it along */
	assert_int_equal(sandbox_open(box, false), 0);
	write_many(box, 3);
	sandbox_close(box);
	sandbox_copy(mark, box->mark); /* and the old memory comes back */
	assert_int_equal(sandbox_open(box, false), ERR_WRONG_STATE);
	assert_non_null(strstr(box->error.text, "first 5 entries differ"));
}

static void a_new_log_under_a_remembered_origin_is_refused(void **state)
{
	struct sandbox *box = *state;

	write_many(box, 2);
	sandbox_close(box);
	sandbox_remove(box->data);
	assert_int_equal(mkdir(box->data, 0700), 0);
	assert_int_equal(sandbox_open(box, true), ERR_WRONG_STATE);
	assert_non_null(strstr(box->error.text, "new origin"));
}

/* ------------------------------------------------------------------------
 * Limits */

static void a_full_map_refuses_and_the_log_goes_on(void **state)
{
	struct sandbox *box = *state;
	struct journal_entry entry;
	struct journal_group group = {.entries = &entry, .count = 1, .arena = box->arena};
	struct buffer big = {0};
	uint64_t size;

	write_many(box, 1);
	sandbox_close(box);
	assert_int_equal(sandbox_open_with(box, false, 4, NULL), 0);
	buffer_append_byte(&big, '"');
	memset(buffer_extend(&big, 8 << 20), 'x', 8 << 20);
	buffer_append_byte(&big, '"');
	entry = sandbox_entry(box, 0);
	entry.values[DISCLOSURE_EVIDENCE] = buffer_bytes(&big);
	assert_int_equal(journal_write(box->journal, &group, &box->error), ERR_UNAVAILABLE);
	size = journal_size(box->journal);
	assert_int_equal(size, 1);
	assert_int_equal(sandbox_write(box, 7, &entry), 0);
	assert_int_equal(entry.index, 1);
	verify_archived(box, 1, 7);
	sandbox_close(box);
	assert_int_equal(sandbox_open(box, false), 0);
	buffer_release(&big);
}

static void ignore_done(void *arg, struct journal_group *group)
{
	(void)group;
	atomic_fetch_add((atomic_uint *)arg, 1);
}

static void a_full_queue_asks_to_come_back(void **state)
{
	enum { COUNT = 3000 };
	struct sandbox *box = *state;
	struct journal_group *groups = test_calloc(COUNT, sizeof(*groups));
	struct journal_entry *entries = test_calloc(COUNT, sizeof(*entries));
	struct journal_config config;
	atomic_uint done = 0;
	unsigned taken = 0, shed = 0;

	journal_close(box->journal);
	config = (struct journal_config){
		.store = box->store, .origin = SANDBOX_ORIGIN, .key = box->key, .waiting = 4};
	config.create = true; /* the log is still empty */
	assert_int_equal(journal_open(&config, &box->journal, &box->error), 0);
	for (unsigned i = 0; i < COUNT; i++) {
		int rc;

		entries[i] = sandbox_entry(box, i);
		groups[i] = (struct journal_group){.entries = &entries[i],
						   .count = 1,
						   .arena = arena_new(4096),
						   .done = ignore_done,
						   .done_arg = &done};
		rc = journal_submit(box->journal, &groups[i], &box->error);
		assert_true(rc == 0 || rc == ERR_FULL);
		*(rc ? &shed : &taken) += 1;
	}
	journal_stop(box->journal);
	assert_int_equal(atomic_load(&done), taken);
	assert_int_equal(journal_size(box->journal), taken);
	assert_true(shed > 0);
	assert_int_equal(journal_counts(box->journal).shed, shed);
	for (unsigned i = 0; i < COUNT; i++)
		arena_free(groups[i].arena);
	test_free(groups);
	test_free(entries);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_receipt_verifies_when_it_is_handed_out),
		TEST(each_receipt_can_be_rebuilt_later),
		TEST(a_restart_continues_the_log),
		TEST(batches_form_and_come_back_on_their_loop),
		TEST(a_group_that_cannot_be_applied_leaves_no_trace),
		TEST(time_never_goes_back_along_the_log),
		TEST(a_changed_node_is_noticed_at_start),
		TEST(a_changed_checkpoint_is_noticed_at_start),
		TEST(a_changed_value_of_the_last_batch_is_noticed_at_start),
		TEST(every_flipped_bit_of_an_old_entry_is_noticed_when_it_is_read),
		TEST(another_key_cannot_continue_the_log),
		TEST(an_older_copy_refuses_to_sign),
		TEST(a_copy_that_took_another_way_refuses_to_sign),
		TEST(a_new_log_under_a_remembered_origin_is_refused),
		TEST(a_full_map_refuses_and_the_log_goes_on),
		TEST(a_full_queue_asks_to_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
