#include "test.h"

#include <stdio.h>

#include "server/batch.h"

static struct batch_entry entry_of(const char *context, uint8_t seed)
{
	struct batch_entry entry = {.head = {.iss = BYTES_LITERAL("https://log.example/n1"),
					     .vct = BYTES_LITERAL("https://carnet.example/v1"),
					     .eng = BYTES_LITERAL("carnet/0.1.0"),
					     .kind = BYTES_LITERAL("decision"),
					     .reg_rev = 417}};

	memset(entry.seed, seed, sizeof(entry.seed));
	entry.values[DISCLOSURE_REQUEST] = BYTES_LITERAL("{\"purpose\":\"support\"}");
	entry.values[DISCLOSURE_CONTEXT] = bytes_of_string(context);
	return entry;
}

/* One earlier batch, or none. */
static bool fetch(void *arg, uint64_t first, struct bytes *value)
{
	struct buffer *earlier = arg;

	if (!earlier || first != 0)
		return false;
	*value = buffer_bytes(earlier);
	return true;
}

static void write_two(struct buffer *out)
{
	struct batch_writer *writer = batch_writer_new();
	struct batch_entry first = entry_of("{\"a\":1}", 1), second = entry_of("{\"b\":2}", 2);

	memset(first.hash.bytes, 0x11, DIGEST_SIZE);
	memset(second.hash.bytes, 0x22, DIGEST_SIZE);
	batch_writer_add(writer, &first);
	batch_writer_add(writer, &second);
	batch_writer_finish(writer, 1790000069, out);
	batch_writer_free(writer);
}

static void what_is_written_is_read(void **state)
{
	struct buffer value = {0};
	struct batch_entry entry;

	(void)state;
	write_two(&value);
	assert_int_equal(batch_count(buffer_bytes(&value)), 2);
	assert_int_equal(batch_read(buffer_bytes(&value), 1, fetch, NULL, &entry, NULL), 0);
	assert_int_equal(batch_iat(buffer_bytes(&value)), 1790000069);
	assert_int_equal(entry.seed[0], 2);
	assert_int_equal(entry.hash.bytes[0], 0x22);
	assert_int_equal(entry.head.reg_rev, 417);
	assert_true(bytes_equal_string(entry.head.kind, "decision"));
	assert_true(bytes_equal_string(entry.values[DISCLOSURE_CONTEXT], "{\"b\":2}"));
	assert_true(
		bytes_equal_string(entry.values[DISCLOSURE_REQUEST], "{\"purpose\":\"support\"}"));
	assert_int_equal(entry.values[DISCLOSURE_OUTCOME].size, 0);
	buffer_release(&value);
}

static void entries_beyond_the_end_are_refused(void **state)
{
	struct buffer value = {0};
	struct batch_entry entry;

	(void)state;
	write_two(&value);
	assert_int_equal(batch_read(buffer_bytes(&value), 2, fetch, NULL, &entry, NULL),
			 ERR_CORRUPT);
	buffer_release(&value);
}

static void shared_texts_are_stored_once(void **state)
{
	enum { COUNT = 64 };
	struct batch_writer *writer = batch_writer_new();
	struct batch_entry entry = entry_of("{\"a\":1}", 1);
	struct buffer value = {0};

	(void)state;
	for (int i = 0; i < COUNT; i++)
		batch_writer_add(writer, &entry);
	batch_writer_finish(writer, 1, &value);
	assert_true(value.size / COUNT < 85);
	batch_writer_free(writer);
	buffer_release(&value);
}

static void a_full_batch_of_differing_texts_reads_back(void **state)
{
	struct batch_writer *writer = batch_writer_new();
	struct buffer value = {0};
	struct batch_entry entry;
	static char texts[BATCH_ENTRIES_MAX][DISCLOSURE_COUNT][32];

	(void)state;
	for (int i = 0; i < BATCH_ENTRIES_MAX; i++) {
		entry = entry_of("", (uint8_t)i);
		entry.head.reg_rev = (uint64_t)i;
		for (int k = 0; k < DISCLOSURE_COUNT; k++) {
			snprintf(texts[i][k], sizeof(texts[i][k]), "{\"%d\":%d}", k, i);
			entry.values[k] = bytes_of_string(texts[i][k]);
		}
		batch_writer_add(writer, &entry);
	}
	batch_writer_finish(writer, 1, &value);
	for (int i = 0; i < BATCH_ENTRIES_MAX; i += 31) {
		assert_int_equal(
			batch_read(buffer_bytes(&value), (uint16_t)i, fetch, NULL, &entry, NULL),
			0);
		assert_true(bytes_equal_string(entry.values[4], texts[i][4]));
		assert_int_equal(entry.head.reg_rev, i);
	}
	batch_writer_free(writer);
	buffer_release(&value);
}

static void a_value_cut_short_is_refused(void **state)
{
	struct buffer value = {0};
	struct batch_entry entry;

	(void)state;
	write_two(&value);
	for (size_t size = 0; size < value.size; size++)
		assert_int_equal(
			batch_read(bytes_of(value.data, size), 1, fetch, NULL, &entry, NULL),
			ERR_CORRUPT);
	buffer_release(&value);
}

static void a_later_batch_refers_to_what_an_earlier_one_holds(void **state)
{
	static const char long_text[] =
		"{\"purpose\":\"a purpose with a name that is long enough to be referred to\"}";
	struct batch_writer *writer = batch_writer_new();
	struct batch_entry entry = entry_of("{\"a\":1}", 1), found;
	struct buffer first = {0}, second = {0}, third = {0};

	(void)state;
	entry.values[DISCLOSURE_REQUEST] = bytes_of_string(long_text);
	batch_writer_begin(writer, 0);
	batch_writer_add(writer, &entry);
	batch_writer_finish(writer, 1, &first);
	batch_writer_begin(writer, 1);
	batch_writer_add(writer, &entry);
	batch_writer_finish(writer, 2, &second);
	assert_true(second.size + 100 < first.size);
	assert_int_equal(batch_read(buffer_bytes(&second), 0, fetch, &first, &found, NULL), 0);
	assert_true(bytes_equal_string(found.values[DISCLOSURE_REQUEST], long_text));
	assert_int_equal(batch_read(buffer_bytes(&second), 0, fetch, NULL, &found, NULL),
			 ERR_CORRUPT);
	batch_writer_forget(writer);
	batch_writer_begin(writer, 2);
	batch_writer_add(writer, &entry);
	batch_writer_finish(writer, 3, &third);
	assert_int_equal(third.size, first.size);
	batch_writer_free(writer);
	buffer_release(&first);
	buffer_release(&second);
	buffer_release(&third);
}

static void a_leaf_is_rebuilt_from_what_is_stored(void **state)
{
	struct arena *arena = arena_new(0);
	struct batch_entry entry = entry_of("{\"a\":1}", 9);
	struct batch_leaf one, two;
	struct leaf leaf;

	(void)state;
	batch_prepare(&entry, arena, &one);
	batch_seal(&entry.head, 1790000069, arena, &one);
	batch_prepare(&entry, arena, &two);
	batch_seal(&entry.head, 1790000069, arena, &two);
	assert_true(bytes_equal(one.entry, two.entry));
	assert_true(hash_equal(&one.hash, &two.hash));
	assert_int_equal(leaf_parse(one.entry, &leaf, NULL), 0);
	assert_int_equal(leaf.iat, 1790000069);
	assert_int_equal(leaf.reg_rev, 417);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(entries_beyond_the_end_are_refused),
		cmocka_unit_test(shared_texts_are_stored_once),
		cmocka_unit_test(a_full_batch_of_differing_texts_reads_back),
		cmocka_unit_test(a_value_cut_short_is_refused),
		cmocka_unit_test(a_later_batch_refers_to_what_an_earlier_one_holds),
		cmocka_unit_test(a_leaf_is_rebuilt_from_what_is_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
