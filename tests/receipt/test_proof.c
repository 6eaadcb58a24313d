#include "test.h"

#include <stdlib.h>

#include "base/base64.h"
#include "receipt/proof.h"
#include "receipt/sample_log.h"

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

static struct bytes sample_text(struct arena *arena)
{
	struct digest path[] = {hash_of(BYTES_LITERAL("a")), hash_of(BYTES_LITERAL("b"))};
	struct proof proof = {.extra = BYTES_LITERAL("extra data!"),
			      .index = 10,
			      .path = path,
			      .path_count = 2,
			      .checkpoint = BYTES_LITERAL("the checkpoint\n")};
	struct buffer text = {0};
	struct bytes copy;

	assert_int_equal(proof_write(&proof, &text, NULL), 0);
	copy = arena_copy(arena, buffer_bytes(&text));
	buffer_release(&text);
	return copy;
}

static void a_proof_reads_as_its_specification_shows(void **state)
{
	assert_string_equal((const char *)sample_text(*state).data,
			    "c2sp.org/tlog-proof@v1\n"
			    "extra ZXh0cmEgZGF0YSE=\n"
			    "index 10\n"
			    "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=\n"
			    "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=\n"
			    "\n"
			    "the checkpoint\n");
}

static void a_proof_reads_back(void **state)
{
	struct proof proof;
	struct digest b = hash_of(BYTES_LITERAL("b"));

	assert_int_equal(proof_parse(sample_text(*state), *state, &proof, NULL), 0);
	assert_true(bytes_equal_string(proof.extra, "extra data!"));
	assert_int_equal(proof.index, 10);
	assert_int_equal(proof.path_count, 2);
	assert_true(hash_equal(&proof.path[1], &b));
	assert_true(bytes_equal_string(proof.checkpoint, "the checkpoint\n"));
}

static void extra_data_and_path_may_be_absent(void **state)
{
	struct bytes text = BYTES_LITERAL("c2sp.org/tlog-proof@v1\nindex 0\n\nx\n");
	struct proof proof;

	assert_int_equal(proof_parse(text, *state, &proof, NULL), 0);
	assert_int_equal(proof.extra.size, 0);
	assert_int_equal(proof.path_count, 0);
}

static void other_ways_to_write_it_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{"c2sp", "\xef\xbb\xbf"
			 "c2sp"},
		{"@v1\n", "@v1\r\n"},
		{"@v1\n", "@v2\n"},
		{"@v1\n", "@v1\n\n"},
		{"extra ", "extra  "},
		{"extra ", "Extra "},
		{"extra ZXh0cmEgZGF0YSE=", "extra "},
		{"extra ZXh0cmEgZGF0YSE=", "extra"},
		{"extra ZXh0cmEgZGF0YSE=", "extra ZXh0cmEgZGF0YSE"},
		{"extra ZXh0cmEgZGF0YSE=", "extra ZXh0cmEgZGF0YSF="},
		{"extra ZXh0cmEgZGF0YSE=", "extra ZXh0cmEgZGF0YSE=="},
		{"extra ZXh0cmEgZGF0YSE=", "extra ZXh0cmEg ZGF0YSE="},
		{"index 10\n", ""},
		{"index 10\n", "index 010\n"},
		{"index 10\n", "index -1\n"},
		{"index 10\n", "index 10 \n"},
		{"index 10\n", "index 0x10\n"},
		{"index 10\n", "index 10\nindex 10\n"},
		{"index 10\n", "index 9223372036854775808\n"},
		{"SLs=", "SLt="},
		{"SLs=", "SL=="},
		{"SLs=", "SLsA"},
		{"SLs=\n", "SLs= \n"},
		{"SLs=\n", "SLs=\r\n"},
		{"=\n\nthe", "=\nthe"},
		{"=\n\nthe checkpoint\n", "=\n"},
	};
	struct bytes text = sample_text(*state);
	struct proof proof;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (proof_parse(sample_replace(text, changes[i].from, changes[i].to, *state),
				*state, &proof, NULL) != ERR_INVALID)
			fail_msg("%zu: %s", i, changes[i].to);
	/* The checkpoint's own grammar is the next reader's. */
	for (size_t size = 0; size < text.size - sizeof("the checkpoint"); size++)
		assert_int_equal(proof_parse(bytes_of(text.data, size), *state, &proof, NULL),
				 ERR_INVALID);
}

static void large_parts_are_refused(void **state)
{
	static uint8_t many[PROOF_EXTRA_MAX + 1];
	static struct digest path[MERKLE_PATH_MAX + 1];
	struct proof proof = {.checkpoint = BYTES_LITERAL("x\n"), .path = path};
	struct buffer text = {0};
	struct error error;

	proof.extra = bytes_of(many, PROOF_EXTRA_MAX);
	proof.path_count = MERKLE_PATH_MAX;
	assert_int_equal(proof_write(&proof, &text, &error), 0);
	assert_int_equal(proof_parse(buffer_bytes(&text), *state, &proof, &error), 0);
	assert_int_equal(proof.extra.size, PROOF_EXTRA_MAX);

	proof.extra = bytes_of(many, PROOF_EXTRA_MAX + 1);
	assert_int_equal(proof_write(&proof, &text, &error), ERR_LIMIT);
	buffer_clear(&text);
	buffer_append_string(&text, "c2sp.org/tlog-proof@v1\nextra ");
	base64_append(&text, proof.extra);
	buffer_append_string(&text, "\nindex 0\n\nx\n");
	assert_int_equal(proof_parse(buffer_bytes(&text), *state, &proof, &error), ERR_INVALID);
	assert_non_null(strstr(error.text, "45000"));

	buffer_clear(&text);
	proof = (struct proof){.checkpoint = BYTES_LITERAL("x\n"),
			       .path = path,
			       .path_count = MERKLE_PATH_MAX + 1};
	proof_write(&proof, &text, NULL);
	assert_int_equal(proof_parse(buffer_bytes(&text), *state, &proof, &error), ERR_INVALID);

	buffer_clear(&text);
	memset(buffer_extend(&text, 10 << 20), 'A', 10 << 20);
	assert_int_equal(proof_parse(buffer_bytes(&text), *state, &proof, &error), ERR_LIMIT);
	buffer_release(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_proof_reads_as_its_specification_shows),
		TEST(a_proof_reads_back),
		TEST(extra_data_and_path_may_be_absent),
		TEST(other_ways_to_write_it_are_refused),
		TEST(large_parts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
