#include "test.h"

#include <stdlib.h>

#include "receipt/sample_log.h"

#define ORIGIN "log.example/n1-2026h2"

static int setup(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct vkey vkey_of(const char *name, enum vkey_kind kind, const struct ed25519_key *key)
{
	struct vkey vkey;

	vkey_make(bytes_of_string(name), kind, ed25519_public_of(key), &vkey);
	return vkey;
}

static struct bytes sample_note(struct arena *arena)
{
	struct sample_log *log = sample_log_new(ORIGIN, 1);
	struct bytes note;

	sample_grow(log, 7, arena);
	note = sample_checkpoint(log, arena);
	sample_log_free(log);
	return note;
}

static void the_public_example_of_a_vkey_is_read_and_written(void **state)
{
	/* From the documentation of Go's sumdb: the key of sum.golang.org. */
	static const char text[] =
		"sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
	struct buffer again = {0};
	struct vkey key;

	(void)state;
	assert_int_equal(vkey_parse(bytes_of_string(text), &key, NULL), 0);
	assert_true(bytes_equal_string(key.name, "sum.golang.org"));
	vkey_format(&key, &again);
	assert_string_equal(buffer_string(&again), text);
	buffer_release(&again);
}

static void malformed_vkeys_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"sum.golang.org",
		"sum.golang.org+033de0ae",
		"+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
		"sum golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
		"sum\xe2\x80\x83golang+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
		"sum.golang.org+033DE0AE+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
		"sum.golang.org+033de0a+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
		"sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
		"sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn9",
		"sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuA==",
		"sum.golang.org+033de0ae+As4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
		"sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8\n",
		"sum.golang.orh+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
	};
	struct vkey key;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (vkey_parse(bytes_of_string(bad[i]), &key, NULL) != ERR_INVALID)
			fail_msg("%s", bad[i]);
}

static void a_vkey_of_low_order_is_refused(void **state)
{
	struct ed25519_public weak = {{1}};
	struct buffer text = {0};
	struct vkey key;
	struct error error;

	(void)state;
	vkey_make(BYTES_LITERAL("log.example"), VKEY_NOTE, &weak, &key);
	vkey_format(&key, &text);
	assert_int_equal(vkey_parse(buffer_bytes(&text), &key, &error), ERR_INVALID);
	assert_non_null(strstr(error.text, "low order"));
	buffer_release(&text);
}

static void a_checkpoint_reads_back_and_verifies(void **state)
{
	struct bytes note = sample_note(*state);
	struct ed25519_key *key = sample_key(1);
	struct vkey vkey = vkey_of(ORIGIN, VKEY_NOTE, key);
	struct checkpoint checkpoint;

	assert_int_equal(checkpoint_parse(note, *state, &checkpoint, NULL), 0);
	assert_int_equal(checkpoint.size, 7);
	assert_true(bytes_equal_string(checkpoint.origin, ORIGIN));
	assert_int_equal(checkpoint.signature_count, 1);
	assert_int_equal(checkpoint_verify(&checkpoint, &vkey, NULL), 0);
	ed25519_free(key);
}

static void every_flipped_bit_is_noticed(void **state)
{
	struct bytes note = sample_note(*state);
	struct ed25519_key *key = sample_key(1);
	struct vkey vkey = vkey_of(ORIGIN, VKEY_NOTE, key);
	struct checkpoint checkpoint;

	for (size_t bit = 0; bit < 8 * note.size; bit++) {
		struct bytes changed = arena_copy(*state, note);

		((uint8_t *)(uintptr_t)changed.data)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (checkpoint_parse(changed, *state, &checkpoint, NULL) == 0)
			assert_int_not_equal(checkpoint_verify(&checkpoint, &vkey, NULL), 0);
	}
	for (size_t size = 0; size < note.size; size++)
		assert_int_equal(
			checkpoint_parse(bytes_of(note.data, size), *state, &checkpoint, NULL),
			ERR_INVALID);
	ed25519_free(key);
}

static void other_ways_to_write_it_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{"\n7\n", "\r\n7\r\n"},
		{"\n7\n", "\n07\n"},
		{"\n7\n", "\n+7\n"},
		{"\n7\n", "\n7 \n"},
		{"\n7\n", "\n\n7\n"},
		{"\n7\n", "\n9223372036854775808\n"},
		{"\n7\n", "\n99999999999999999999999\n"},
		{"=\n\n", "=\nextension\n\n"},
		{"=\n\n", "=\n"},
		{"=\n\n", "\n\n"},
		{ORIGIN "\n7", "log.example n1\n7"},
		{ORIGIN "\n7", "log.example+n1\n7"},
		{ORIGIN "\n7", "log.example\xff\n7"},
		{"\xe2\x80\x94 ", "- "},
		{"\xe2\x80\x94 ", "\xe2\x80\x94  "},
		{"\xe2\x80\x94 ", "\xe2\x80\x94 x AAAA\n\xe2\x80\x94 "},
		{"\xe2\x80\x94 ", "\n\xe2\x80\x94 "},
		{"\xe2\x80\x94 ", "\xe2\x80\x94 x AAAAAAB=\n\xe2\x80\x94 "},
	};
	struct bytes note = sample_note(*state);
	struct checkpoint checkpoint;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (checkpoint_parse(sample_replace(note, changes[i].from, changes[i].to, *state),
				     *state, &checkpoint, NULL) != ERR_INVALID)
			fail_msg("%zu: %s", i, changes[i].to);
}

static void lines_of_unknown_keys_are_skipped(void **state)
{
	struct bytes note = sample_note(*state);
	struct ed25519_key *key = sample_key(1);
	struct vkey vkey = vkey_of(ORIGIN, VKEY_NOTE, key);
	/* Another name; then the log's name under another id. */
	struct bytes more = sample_replace(note, "\xe2\x80\x94 ",
					   "\xe2\x80\x94 other.example AAAAAAA=\n"
					   "\xe2\x80\x94 " ORIGIN " AAAAAAA=\n\xe2\x80\x94 ",
					   *state);
	struct checkpoint checkpoint;

	assert_int_equal(checkpoint_parse(more, *state, &checkpoint, NULL), 0);
	assert_int_equal(checkpoint.signature_count, 3);
	assert_int_equal(checkpoint_verify(&checkpoint, &vkey, NULL), 0);
	ed25519_free(key);
}

static void a_doubled_signature_is_refused(void **state)
{
	struct bytes note = sample_note(*state);
	struct ed25519_key *key = sample_key(1);
	struct vkey vkey = vkey_of(ORIGIN, VKEY_NOTE, key);
	const uint8_t *line = memmem(note.data, note.size, "\xe2\x80\x94", 3);
	struct bytes twice = bytes_of_string(
		arena_printf(*state, "%s%s", (const char *)note.data, (const char *)line));
	struct checkpoint checkpoint;

	assert_int_equal(checkpoint_parse(twice, *state, &checkpoint, NULL), 0);
	assert_int_equal(checkpoint_verify(&checkpoint, &vkey, NULL), ERR_CORRUPT);
	ed25519_free(key);
}

static void a_million_signatures_are_refused_at_once(void **state)
{
	struct bytes note = sample_note(*state);
	struct buffer many = {0};
	struct checkpoint checkpoint;

	buffer_append(&many, note);
	for (int i = 0; i < 1000000; i++)
		buffer_append_string(&many, "\xe2\x80\x94 x AAAAAAA=\n");
	assert_int_equal(checkpoint_parse(buffer_bytes(&many), *state, &checkpoint, NULL),
			 ERR_LIMIT);
	assert_int_equal(checkpoint_parse(bytes_of(many.data, note.size + 64 * 15), *state,
					  &checkpoint, NULL),
			 ERR_LIMIT);
	assert_int_equal(checkpoint_parse(bytes_of(many.data, note.size + 63 * 15), *state,
					  &checkpoint, NULL),
			 0);
	buffer_release(&many);
}

static void the_checkpoint_of_another_log_is_refused(void **state)
{
	struct sample_log *log = sample_log_new("log.example/other", 1); /* the same key */
	struct bytes note = sample_checkpoint(log, *state);
	struct vkey vkey = vkey_of(ORIGIN, VKEY_NOTE, log->key);
	struct checkpoint checkpoint;
	struct error error;

	assert_int_equal(checkpoint_parse(note, *state, &checkpoint, NULL), 0);
	assert_int_equal(checkpoint_verify(&checkpoint, &vkey, &error), ERR_CORRUPT);
	assert_string_equal(error.text, "the checkpoint is of the log 'log.example/other', the key "
					"of '" ORIGIN "'");
	sample_log_free(log);
}

static void a_key_with_the_same_id_does_not_verify(void **state)
{
	struct bytes note = sample_note(*state);
	struct ed25519_key *key = sample_key(1), *other = sample_key(2);
	struct vkey vkey = vkey_of(ORIGIN, VKEY_NOTE, key);
	struct vkey twin = vkey_of(ORIGIN, VKEY_NOTE, other);
	struct checkpoint checkpoint;

	assert_int_equal(checkpoint_parse(note, *state, &checkpoint, NULL), 0);
	assert_int_equal(checkpoint_verify(&checkpoint, &twin, NULL), ERR_NOT_FOUND);
	memcpy(twin.id, vkey.id, VKEY_ID_SIZE);
	assert_int_equal(checkpoint_verify(&checkpoint, &twin, NULL), ERR_CORRUPT);
	ed25519_free(key);
	ed25519_free(other);
}

static void a_witness_signs_with_its_time(void **state)
{
	struct bytes note = sample_note(*state);
	struct ed25519_key *key = sample_key(9);
	struct vkey vkey = vkey_of("witness.example", VKEY_COSIGNATURE, key);
	struct vkey as_log = vkey_of("witness.example", VKEY_NOTE, key);
	struct checkpoint checkpoint;
	struct buffer more = {0};
	uint64_t time = 0;

	assert_int_equal(checkpoint_parse(note, *state, &checkpoint, NULL), 0);
	assert_int_equal(checkpoint_verify_cosignature(&checkpoint, &vkey, &time, NULL),
			 ERR_NOT_FOUND);
	buffer_append(&more, note);
	checkpoint_cosign(&checkpoint, vkey.name, 1790000070, key, &more);
	assert_int_equal(checkpoint_parse(buffer_bytes(&more), *state, &checkpoint, NULL), 0);
	assert_int_equal(checkpoint_verify_cosignature(&checkpoint, &vkey, &time, NULL), 0);
	assert_int_equal(time, 1790000070);
	assert_int_equal(checkpoint_verify_cosignature(&checkpoint, &as_log, &time, NULL),
			 ERR_NOT_FOUND);
	checkpoint.signatures[1].signature.size--;
	assert_int_equal(checkpoint_verify_cosignature(&checkpoint, &vkey, &time, NULL),
			 ERR_CORRUPT);
	checkpoint.signatures[1].signature.size++;
	((uint8_t *)(uintptr_t)checkpoint.signatures[1].signature.data)[7] ^= 1; /* the time */
	assert_int_equal(checkpoint_verify_cosignature(&checkpoint, &vkey, &time, NULL),
			 ERR_CORRUPT);
	buffer_release(&more);
	ed25519_free(key);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_public_example_of_a_vkey_is_read_and_written),
		TEST(malformed_vkeys_are_refused),
		TEST(a_vkey_of_low_order_is_refused),
		TEST(a_checkpoint_reads_back_and_verifies),
		TEST(every_flipped_bit_is_noticed),
		TEST(other_ways_to_write_it_are_refused),
		TEST(lines_of_unknown_keys_are_skipped),
		TEST(a_doubled_signature_is_refused),
		TEST(a_million_signatures_are_refused_at_once),
		TEST(the_checkpoint_of_another_log_is_refused),
		TEST(a_key_with_the_same_id_does_not_verify),
		TEST(a_witness_signs_with_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
