#include "test.h"

#include <stdlib.h>

#include "base/base64.h"
#include "receipt/proof.h"
#include "receipt/sample_log.h"

#define ORIGIN "log.example/n1-2026h2"

struct fixture {
	struct arena *arena;
	struct sample_log *log;
	struct policy *policy;
};

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));

	f->arena = arena_new(0);
	f->log = sample_log_new(ORIGIN, 1);
	f->policy = sample_log_policy(f->log, f->arena);
	sample_grow(f->log, 6, f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	sample_log_free(f->log);
	arena_free(f->arena);
	test_free(f);
	return 0;
}

static int verify(struct fixture *f, const struct receipt_parts *parts, struct error *error)
{
	struct receipt receipt;

	return receipt_verify(sample_file(parts, f->arena), f->policy, f->arena, &receipt, error);
}

static void assert_refused(struct fixture *f, const struct receipt_parts *parts, int code,
			   const char *why)
{
	struct error error;

	assert_int_equal(verify(f, parts, &error), code);
	assert_string_equal(error.text, why);
}

static void every_entry_of_every_size_has_a_receipt(void **state)
{
	struct fixture *f = *state;

	for (uint64_t size = 6; size <= 40; size++) {
		sample_grow(f->log, size, f->arena);
		for (uint64_t index = 0; index < size; index += 3) {
			struct receipt_parts parts = sample_parts(f->log, index, f->arena);

			assert_int_equal(verify(f, &parts, NULL), 0);
		}
	}
}

static void a_receipt_tells_what_was_said_where(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct digest root = merkle_root(&f->log->tree);
	struct receipt receipt;

	assert_int_equal(
		receipt_verify(sample_file(&parts, f->arena), f->policy, f->arena, &receipt, NULL),
		0);
	assert_true(bytes_equal_string(receipt.origin, ORIGIN));
	assert_int_equal(receipt.index, 4);
	assert_int_equal(receipt.size, 6);
	assert_true(hash_equal(&receipt.root, &root));
	assert_int_equal(receipt.leaf.reg_rev, 417);
	assert_int_equal(receipt.disclosure_count, 4);
	assert_true(bytes_equal_string(receipt_value(&receipt, DISCLOSURE_OUTCOME),
				       "{\"verdict\":\"DENIED\"}"));
	assert_true(
		bytes_equal_string(receipt_value(&receipt, DISCLOSURE_CONTEXT), "{\"number\":4}"));
	assert_int_equal(receipt_value(&receipt, DISCLOSURE_EVIDENCE).size, 0);
}

static void a_holder_may_show_less(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct bytes shown[] = {parts.disclosures[DISCLOSURE_OUTCOME],
				parts.disclosures[DISCLOSURE_SUBJECT]};
	struct receipt receipt;

	parts.disclosures = shown;
	parts.disclosure_count = 2;
	assert_int_equal(
		receipt_verify(sample_file(&parts, f->arena), f->policy, f->arena, &receipt, NULL),
		0);
	assert_int_equal(receipt.disclosure_count, 2);
	assert_int_equal(receipt_value(&receipt, DISCLOSURE_REQUEST).size, 0);
	parts.disclosure_count = 0;
	assert_int_equal(verify(f, &parts, NULL), 0);
}

static void every_flipped_bit_is_refused(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct bytes file = sample_file(&parts, f->arena);
	struct arena *scratch = arena_new(0);
	struct receipt receipt;

	for (size_t bit = 0; bit < 8 * file.size; bit++) {
		struct bytes changed;

		arena_reset(scratch);
		changed = arena_copy(scratch, file);
		((uint8_t *)(uintptr_t)changed.data)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (receipt_verify(changed, f->policy, scratch, &receipt, NULL) == 0)
			fail_msg("bit %zu", bit);
	}
	for (size_t size = 0; size < file.size; size++) {
		arena_reset(scratch);
		assert_int_not_equal(receipt_verify(bytes_of(file.data, size), f->policy, scratch,
						    &receipt, NULL),
				     0);
	}
	arena_free(scratch);
}

static void only_lines_of_unknown_keys_may_change(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	const char *line = "\xe2\x80\x94 witness.example AAAAAAECAwQ=\n";
	struct buffer note = {0};
	size_t start, changed = 0;

	buffer_append(&note, parts.checkpoint);
	start = note.size;
	buffer_append_string(&note, line);
	parts.checkpoint = buffer_bytes(&note);
	assert_int_equal(verify(f, &parts, NULL), 0);
	for (size_t i = start; i < note.size; i++) {
		note.data[i] ^= 1;
		changed += verify(f, &parts, NULL) == 0;
		note.data[i] ^= 1;
	}
	assert_true(changed > 0);
	buffer_release(&note);
}

static void crlf_bom_and_appended_bytes_are_refused(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct bytes file = sample_file(&parts, f->arena);
	const char *text = (const char *)file.data;
	struct buffer crlf = {0};
	const char *others[] = {
		arena_printf(f->arena, "%s\n", text),
		arena_printf(f->arena, "%s ", text),
		arena_printf(f->arena, "\n%s", text),
		arena_printf(f->arena, "\xef\xbb\xbf%s", text),
		arena_printf(f->arena, "%s%s", text, text),
	};
	struct receipt receipt;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_not_equal(receipt_verify(bytes_of_string(others[i]), f->policy, f->arena,
						    &receipt, NULL),
				     0);
	for (size_t i = 0; i < file.size; i++) {
		if (file.data[i] == '\n')
			buffer_append_byte(&crlf, '\r');
		buffer_append_byte(&crlf, file.data[i]);
	}
	assert_int_equal(receipt_verify(buffer_bytes(&crlf), f->policy, f->arena, &receipt, NULL),
			 ERR_INVALID);
	buffer_release(&crlf);
}

static void disclosures_of_others_added_or_doubled_are_refused(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct receipt_parts other = sample_parts(f->log, 3, f->arena);
	struct bytes texts[6] = {parts.disclosures[0], parts.disclosures[1], parts.disclosures[2],
				 parts.disclosures[4]};

	parts.disclosures = texts;
	parts.disclosure_count = 5;
	texts[4] = texts[3];
	assert_refused(f, &parts, ERR_INVALID, "the disclosure 'outcome' stands there twice");
	texts[4] = other.disclosures[4];
	assert_refused(f, &parts, ERR_CORRUPT,
		       "the disclosure does not belong to this leaf: its digest is not in '_sd'");
	texts[4] = BYTES_LITERAL("WyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwiZXZpZGVuY2UiLFtdXQ");
	assert_refused(f, &parts, ERR_CORRUPT,
		       "the disclosure does not belong to this leaf: its digest is not in '_sd'");
}

/* Two disclosures of one name in one leaf: only a log that lies makes such a thing. */
static void a_leaf_with_two_outcomes_is_refused(void **state)
{
	struct fixture *f = *state;
	struct leaf_disclosures a, b;
	struct leaf leaf;
	struct buffer entry = {0};
	struct receipt_parts parts;
	struct bytes texts[2];

	assert_int_equal(leaf_parse(sample_leaf(ORIGIN, 6, f->arena, &a), &leaf, NULL), 0);
	sample_leaf(ORIGIN, 7, f->arena, &b);
	memcpy(leaf.sd, a.digests, sizeof(leaf.sd));
	leaf.sd[DISCLOSURE_EVIDENCE] = b.digests[DISCLOSURE_OUTCOME];
	leaf_encode(&leaf, &entry);
	sample_append(f->log, buffer_bytes(&entry));
	parts = sample_parts(f->log, 6, f->arena);
	parts.entry = buffer_bytes(&entry);
	texts[0] = a.texts[DISCLOSURE_OUTCOME];
	texts[1] = b.texts[DISCLOSURE_OUTCOME];
	parts.disclosures = texts;
	parts.disclosure_count = 2;
	assert_refused(f, &parts, ERR_INVALID, "the disclosure 'outcome' stands there twice");
	buffer_release(&entry);
}

static void a_leaf_that_is_not_in_the_log_is_refused(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct leaf_disclosures others;

	parts.entry = sample_leaf(ORIGIN, 77, f->arena, &others);
	parts.disclosures = others.texts;
	assert_refused(f, &parts, ERR_CORRUPT,
		       "the inclusion path does not lead from the entry to the root");
}

static void a_node_passed_off_as_a_leaf_is_refused(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	uint8_t node[64];

	memcpy(node, f->log->nodes[0][4].bytes, 32);
	memcpy(node + 32, f->log->nodes[0][5].bytes, 32);
	parts.entry = bytes_of(node, sizeof(node));
	parts.disclosure_count = 0;
	assert_refused(f, &parts, ERR_INVALID,
		       "leaf: byte 0: the member '_sd' is missing or malformed");
}

static void an_index_beyond_the_tree_or_elsewhere_is_refused(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct error error;

	parts.index = 6;
	assert_refused(f, &parts, ERR_INVALID,
		       "the index 6 lies beyond the checkpoint's 6 entries");
	parts.index = 5;
	assert_int_equal(verify(f, &parts, &error), ERR_CORRUPT);
	parts.index = 3;
	assert_refused(f, &parts, ERR_INVALID, "the path has 2 hashes, entry 3 of 6 needs 3");
	parts.index = (uint64_t)1 << 63;
	assert_int_equal(verify(f, &parts, &error), ERR_INVALID);
}

static void the_checkpoint_of_another_log_is_refused(void **state)
{
	struct fixture *f = *state;
	struct sample_log *other = sample_log_new("log.example/n2-2026h2", 2);
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct bytes own = parts.checkpoint;

	sample_grow(other, 6, f->arena);
	parts.checkpoint = sample_checkpoint(other, f->arena);
	assert_refused(f, &parts, ERR_NOT_FOUND,
		       "the policy does not know the log 'log.example/n2-2026h2'");
	f->policy = sample_policy(
		arena_printf(f->arena, "log %s\nlog %s\nquorum none\n",
			     sample_vkey(ORIGIN, VKEY_NOTE, f->log->key, f->arena),
			     sample_vkey(other->origin, VKEY_NOTE, other->key, f->arena)),
		f->arena);
	assert_refused(f, &parts, ERR_CORRUPT,
		       "the inclusion path does not lead from the entry to the root");
	/* One trusted log may not speak in another's name. */
	parts.checkpoint = sample_replace(own, ORIGIN, "log.example/n2-2026h2", f->arena);
	assert_refused(f, &parts, ERR_NOT_FOUND,
		       "the checkpoint has no signature of the key 'log.example/n2-2026h2'");
	sample_log_free(other);
}

static void a_leaf_issued_by_another_log_is_refused(void **state)
{
	struct fixture *f = *state;
	struct leaf_disclosures disclosures;
	struct bytes entry = sample_leaf("log.example/n2", 6, f->arena, &disclosures);
	struct receipt_parts parts;

	sample_append(f->log, entry);
	parts = sample_parts(f->log, 6, f->arena);
	parts.entry = entry;
	parts.disclosure_count = 0;
	assert_refused(f, &parts, ERR_CORRUPT,
		       "the leaf was issued by 'https://log.example/n2', not by the log '" ORIGIN
		       "'");
}

static void the_signature_is_checked_before_anything_it_covers(void **state)
{
	struct fixture *f = *state;
	struct sample_log *liar = sample_log_new(ORIGIN, 2);
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);

	parts.checkpoint = sample_checkpoint(liar, f->arena);
	parts.index = 1000;
	parts.entry = BYTES_LITERAL("not a leaf");
	assert_refused(f, &parts, ERR_NOT_FOUND,
		       "the checkpoint has no signature of the key '" ORIGIN "'");
	sample_log_free(liar);
}

static void the_quorum_is_asked_for(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct ed25519_key *key = sample_key(50);
	struct checkpoint checkpoint;
	struct buffer note = {0};
	struct receipt receipt;

	f->policy = sample_policy(
		arena_printf(f->arena, "log %s\nwitness w %s\nquorum w\n",
			     sample_vkey(ORIGIN, VKEY_NOTE, f->log->key, f->arena),
			     sample_vkey("w.example", VKEY_COSIGNATURE, key, f->arena)),
		f->arena);
	assert_int_equal(verify(f, &parts, NULL), ERR_DENIED);
	assert_int_equal(checkpoint_parse(parts.checkpoint, f->arena, &checkpoint, NULL), 0);
	buffer_append(&note, parts.checkpoint);
	checkpoint_cosign(&checkpoint, BYTES_LITERAL("w.example"), 1790000100, key, &note);
	parts.checkpoint = buffer_bytes(&note);
	assert_int_equal(
		receipt_verify(sample_file(&parts, f->arena), f->policy, f->arena, &receipt, NULL),
		0);
	assert_int_equal(receipt.findings.cosignature_count, 1);
	assert_int_equal(receipt.findings.cosignatures[0].time, 1790000100);
	buffer_release(&note);
	ed25519_free(key);
}

static void the_shape_of_extra_is_strict(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	struct proof proof = {.index = 4, .path = parts.path, .path_count = parts.path_count};
	struct buffer leaf = {0};
	const char *text;

	base64url_append(&leaf, parts.entry);
	text = buffer_string(&leaf);
	const char *const extras[] = {
		"",
		"~",
		text,
		arena_printf(f->arena, "%s~~", text),
		arena_printf(f->arena, "~%s~", text),
		arena_printf(f->arena, "%s=~", text),
		arena_printf(f->arena, "%s~%s", text, (const char *)parts.disclosures[0].data),
		arena_printf(f->arena, "%s~%s~~", text, (const char *)parts.disclosures[0].data),
		arena_printf(f->arena, "%s~%s=~", text, (const char *)parts.disclosures[0].data),
		arena_printf(f->arena, "%s~%s~\n", text, (const char *)parts.disclosures[0].data),
	};

	proof.checkpoint = parts.checkpoint;
	for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
		struct buffer file = {0};
		struct receipt receipt;

		proof.extra = bytes_of_string(extras[i]);
		assert_int_equal(proof_write(&proof, &file, NULL), 0);
		if (receipt_verify(buffer_bytes(&file), f->policy, f->arena, &receipt, NULL) == 0)
			fail_msg("%zu", i);
		buffer_release(&file);
	}
	buffer_release(&leaf);
}

static void a_receipt_that_no_file_can_hold_is_not_written(void **state)
{
	struct fixture *f = *state;
	struct receipt_parts parts = sample_parts(f->log, 4, f->arena);
	static uint8_t large[PROOF_EXTRA_MAX];
	struct bytes texts[] = {bytes_of(large, sizeof(large))};
	struct buffer out = {0};
	struct error error;

	memset(large, 'A', sizeof(large));
	parts.disclosures = texts;
	parts.disclosure_count = 1;
	assert_int_equal(receipt_write(&parts, &out, &error), ERR_LIMIT);
	assert_int_equal(out.size, 0);
	buffer_release(&out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_entry_of_every_size_has_a_receipt),
		TEST(a_receipt_tells_what_was_said_where),
		TEST(a_holder_may_show_less),
		TEST(every_flipped_bit_is_refused),
		TEST(only_lines_of_unknown_keys_may_change),
		TEST(crlf_bom_and_appended_bytes_are_refused),
		TEST(disclosures_of_others_added_or_doubled_are_refused),
		TEST(a_leaf_with_two_outcomes_is_refused),
		TEST(a_leaf_that_is_not_in_the_log_is_refused),
		TEST(a_node_passed_off_as_a_leaf_is_refused),
		TEST(an_index_beyond_the_tree_or_elsewhere_is_refused),
		TEST(the_checkpoint_of_another_log_is_refused),
		TEST(a_leaf_issued_by_another_log_is_refused),
		TEST(the_signature_is_checked_before_anything_it_covers),
		TEST(the_quorum_is_asked_for),
		TEST(the_shape_of_extra_is_strict),
		TEST(a_receipt_that_no_file_can_hold_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
