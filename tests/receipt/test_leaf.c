#include "test.h"

#include <stdio.h>

#include "base/base64.h"
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

/* Computed by another program, in another language, from the documents. */
#define GOLDEN_LEAF                                                                             \
	"{\"_sd\":[\"4WlWvTdwJI_OptiTnfqvvh9llAcD_KLaJ2BnDvOWTI0\","                            \
	"\"8CYbKZH_sjkbCrrdD4HzoYVI0n8PH357NHsTToXcuK0\","                                      \
	"\"DVeUPfWMMFSdqfK1e9qWrscmTkRlq2_SAv74As7YGm4\","                                      \
	"\"UBWlYtIQk94Sn53UifKF-RBHhfwxB77XTnrcyX5jxq4\","                                      \
	"\"uBdlaZKcAq6a3r-JlblGVH_VGFzISVWFgwL4Zt22fDQ\"],\"_sd_alg\":\"sha-256\","             \
	"\"eng\":\"carnet/0.1.0\",\"eng_dig\":\"7Z9vJQaGCO_UEpWNpN_BkyjKNRElH6bV-cQrryMOMvg\"," \
	"\"iat\":1790000069,\"iss\":\"https://log.example/n1-2026h2\","                         \
	"\"jti\":\"klY9R9Ljl7qZDZKqJzGMlw\",\"kind\":\"decision\","                             \
	"\"reg\":\"hySRow1g1ZiWLebnuDSrdrKqZfurECxuuqrmrNwjiCI\",\"reg_rev\":\"417\","          \
	"\"vct\":\"https://carnet.example/receipt/v1\"}"

static const char *const golden_texts[DISCLOSURE_COUNT] = {
	"WyJPZXI0Nnh6aUs5dTR6Z2VRclJGbFJnIiwic3ViamVjdCIseyJpZCI6InNwaWZmZTovL2V4YW1wbGUub3JnL2dhdG"
	"V"
	"3YXkifV0",
	"WyJCLTA0YzJIR09rNmkzbm03ZFhZcWtBIiwicmVxdWVzdCIseyJwdXJwb3NlIjoic3VwcG9ydCJ9XQ",
	"",
	"WyJaWlI3akI0eXNpM1NfWENPSzZrd2p3IiwiZXZpZGVuY2UiLFsiS1JAMyJdXQ",
	"WyJIWUJub0g0YzhjUFZnSExhdlgyeFdRIiwib3V0Y29tZSIseyJub3RlIjoi7ZWcIiwidmVyZGljdCI6IkRFTklFRC"
	"J"
	"9XQ",
};

static const struct bytes golden_values[DISCLOSURE_COUNT] = {
	BYTES_LITERAL("{\"id\":\"spiffe://example.org/gateway\"}"),
	BYTES_LITERAL("{\"purpose\":\"support\"}"),
	{NULL, 0},
	BYTES_LITERAL("[\"KR@3\"]"),
	BYTES_LITERAL("{\"note\":\"\xed\x95\x9c\",\"verdict\":\"DENIED\"}"),
};

static void golden_secrets(struct leaf_secrets *out)
{
	uint8_t seed[LEAF_SEED_SIZE];

	for (uint8_t i = 0; i < sizeof(seed); i++)
		seed[i] = i;
	leaf_derive(seed, out);
}

static struct bytes golden_leaf(const struct leaf_secrets *secrets, struct arena *arena,
				struct leaf_disclosures *disclosures)
{
	struct leaf leaf = {.iss = BYTES_LITERAL("https://log.example/n1-2026h2"),
			    .vct = BYTES_LITERAL("https://carnet.example/receipt/v1"),
			    .eng = BYTES_LITERAL("carnet/0.1.0"),
			    .kind = BYTES_LITERAL("decision"),
			    .eng_dig = hash_of(BYTES_LITERAL("engine")),
			    .reg = hash_of(BYTES_LITERAL("registry")),
			    .reg_rev = 417,
			    .iat = 1790000069};
	struct buffer entry = {0};
	struct bytes copy;

	leaf_disclose(secrets, golden_values, arena, disclosures);
	memcpy(leaf.jti, secrets->jti, LEAF_JTI_SIZE);
	memcpy(leaf.sd, disclosures->digests, sizeof(leaf.sd));
	leaf_encode(&leaf, &entry);
	copy = arena_copy(arena, buffer_bytes(&entry));
	buffer_release(&entry);
	return copy;
}

static void a_leaf_is_what_the_documents_say(void **state)
{
	struct leaf_disclosures disclosures;
	struct leaf_secrets secrets;
	struct bytes entry;

	golden_secrets(&secrets);
	entry = golden_leaf(&secrets, *state, &disclosures);
	assert_string_equal((const char *)entry.data, GOLDEN_LEAF);
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++)
		assert_true(bytes_equal_string(disclosures.texts[i], golden_texts[i]));
}

static void a_leaf_reads_back(void **state)
{
	struct leaf leaf;
	struct buffer again = {0};
	struct error error;

	(void)state;
	assert_int_equal(leaf_parse(BYTES_LITERAL(GOLDEN_LEAF), &leaf, &error), 0);
	assert_int_equal(leaf.iat, 1790000069);
	assert_int_equal(leaf.reg_rev, 417);
	assert_true(bytes_equal_string(leaf.kind, "decision"));
	leaf_encode(&leaf, &again);
	assert_string_equal(buffer_string(&again), GOLDEN_LEAF);
	buffer_release(&again);
}

static void erasing_one_disclosure_leaves_the_leaf_as_it_was(void **state)
{
	struct leaf_disclosures before, after;
	struct leaf_secrets secrets;
	static const uint8_t zero[LEAF_SALT_SIZE];

	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		struct bytes entry;

		golden_secrets(&secrets);
		golden_leaf(&secrets, *state, &before);
		leaf_erase(&secrets, (enum disclosure)i, &before.digests[i]);
		assert_memory_equal(secrets.of[i].salt, zero, LEAF_SALT_SIZE);
		entry = golden_leaf(&secrets, *state, &after);
		assert_string_equal((const char *)entry.data, GOLDEN_LEAF);
		assert_int_equal(after.texts[i].size, 0);
	}
}

static void every_changed_byte_of_a_leaf_is_another_leaf_or_none(void **state)
{
	struct leaf leaf;

	for (size_t i = 0; i < sizeof(GOLDEN_LEAF) - 1; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct bytes entry = arena_copy(*state, BYTES_LITERAL(GOLDEN_LEAF));
			struct buffer again = {0};

			((uint8_t *)(uintptr_t)entry.data)[i] ^= (uint8_t)(1 << bit);
			if (leaf_parse(entry, &leaf, NULL) == 0) {
				leaf_encode(&leaf, &again);
				assert_true(bytes_equal(buffer_bytes(&again), entry));
			}
			buffer_release(&again);
		}
		assert_int_equal(leaf_parse(bytes_of(GOLDEN_LEAF, i), &leaf, NULL), ERR_INVALID);
	}
}

static void leaves_in_any_other_form_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{"{\"_sd\"", " {\"_sd\""},
		{"\"iat\":1790000069", "\"iat\": 1790000069"},
		{"\"iat\":1790000069", "\"iat\":01790000069"},
		{"\"iat\":1790000069", "\"iat\":1790000069.0"},
		{"\"iat\":1790000069", "\"iat\":-1"},
		{"\"iat\":1790000069", "\"iat\":9007199254740992"},
		{"\"reg_rev\":\"417\"", "\"reg_rev\":417"},
		{"\"reg_rev\":\"417\"", "\"reg_rev\":\"0417\""},
		{"\"reg_rev\":\"417\"", "\"reg_rev\":\"18446744073709551616\""},
		{"\"sha-256\"", "\"sha-512\""},
		{"\"decision\"", "\"\""},
		{"\"decision\"", "\"d\\u0065cision\""},
		{"\"decision\"", "\"d\xc3\xa9\""},
		{"\"klY9R9Ljl7qZDZKqJzGMlw\"", "\"klY9R9Ljl7qZDZKqJzGMlx\""},
		{"\"klY9R9Ljl7qZDZKqJzGMlw\"", "\"klY9R9Ljl7qZDZKqJzGM\""},
		{"\"4WlWvTdwJI_OptiTnfqvvh9llAcD_KLaJ2BnDvOWTI0\",", ""},
		{"\"4WlWvTdwJI_OptiTnfqvvh9llAcD_KLaJ2BnDvOWTI0\"",
		 "\"uBdlaZKcAq6a3r-JlblGVH_VGFzISVWFgwL4Zt22fDQ\""},
		{"\"4WlWvTdwJI_OptiTnfqvvh9llAcD_KLaJ2BnDvOWTI0\"",
		 "\"zBdlaZKcAq6a3r-JlblGVH_VGFzISVWFgwL4Zt22fDQ\""},
		{"receipt/v1\"}", "receipt/v1\",\"x\":1}"},
		{"receipt/v1\"}", "receipt/v1\"}\n"},
		{",\"kind\":\"decision\"", ""},
	};
	struct error error;
	struct leaf leaf;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct bytes entry = sample_replace(BYTES_LITERAL(GOLDEN_LEAF), changes[i].from,
						    changes[i].to, *state);

		if (leaf_parse(entry, &leaf, &error) != ERR_INVALID)
			fail_msg("%s", changes[i].to);
	}
	leaf_parse(BYTES_LITERAL("{\"_sd\":[]"), &leaf, &error);
	assert_string_equal(error.text, "leaf: byte 8: a digest in '_sd' is missing or malformed");
}

static void an_unknown_kind_is_read(void **state)
{
	struct leaf leaf;

	assert_int_equal(leaf_parse(sample_replace(BYTES_LITERAL(GOLDEN_LEAF), "decision",
						   "not-thought-of-yet", *state),
				    &leaf, NULL),
			 0);
}

static void disclosures_open_with_their_leaf_only(void **state)
{
	struct leaf_disclosures disclosures, others;
	struct leaf_opened opened;
	struct leaf_secrets secrets;
	struct leaf leaf;

	golden_secrets(&secrets);
	assert_int_equal(leaf_parse(golden_leaf(&secrets, *state, &disclosures), &leaf, NULL), 0);
	secrets.of[0].salt[0] ^= 1;
	leaf_disclose(&secrets, golden_values, *state, &others);
	assert_int_equal(leaf_open(&leaf, others.texts[0], *state, &opened, NULL), ERR_CORRUPT);
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		if (!disclosures.texts[i].size)
			continue;
		assert_int_equal(leaf_open(&leaf, disclosures.texts[i], *state, &opened, NULL), 0);
		assert_int_equal(opened.which, i);
		assert_true(bytes_equal(opened.value, golden_values[i]));
	}
	assert_int_equal(leaf_open(&leaf, BYTES_LITERAL(""), *state, &opened, NULL), ERR_CORRUPT);
}

/* A log that lies: the leaf holds the digest, the text is not what it must be. */
static void a_malformed_disclosure_is_refused_even_if_the_leaf_holds_it(void **state)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\",]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\"]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\", {}]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\",{\"b\":1,\"a\":2}]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\",1.5]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\",1],[1]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\",1,2]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"verdict\",1]",
		"[\"AAAAAAAAAAAAAAAAAAAAAB\",\"request\",1]",
		"[\"AAAA\",\"request\",1]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\",\"\xff\"]",
		"[\"AAAAAAAAAAAAAAAAAAAAAA\",\"request\",1]\n",
	};
	struct leaf leaf = {0};
	struct leaf_opened opened;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buffer text = {0};

		base64url_append(&text, bytes_of_string(texts[i]));
		leaf.sd[3] = hash_of(buffer_bytes(&text));
		if (leaf_open(&leaf, buffer_bytes(&text), *state, &opened, NULL) != ERR_INVALID)
			fail_msg("%s", texts[i]);
		buffer_release(&text);
	}
	leaf.sd[3] = hash_of(BYTES_LITERAL("WyJh="));
	assert_int_equal(leaf_open(&leaf, BYTES_LITERAL("WyJh="), *state, &opened, NULL),
			 ERR_INVALID);
}

static void seeds_do_not_share_secrets(void **state)
{
	uint8_t seed[LEAF_SEED_SIZE] = {0};
	struct leaf_secrets a, b;

	(void)state;
	leaf_derive(seed, &a);
	seed[31] = 1;
	leaf_derive(seed, &b);
	assert_memory_not_equal(a.jti, b.jti, LEAF_JTI_SIZE);
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		assert_memory_not_equal(a.of[i].salt, a.jti, LEAF_SALT_SIZE);
		for (size_t k = 0; k < DISCLOSURE_COUNT; k++)
			assert_memory_not_equal(a.of[i].salt, b.of[k].salt, LEAF_SALT_SIZE);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_leaf_is_what_the_documents_say),
		TEST(a_leaf_reads_back),
		TEST(erasing_one_disclosure_leaves_the_leaf_as_it_was),
		TEST(every_changed_byte_of_a_leaf_is_another_leaf_or_none),
		TEST(leaves_in_any_other_form_are_refused),
		TEST(an_unknown_kind_is_read),
		TEST(disclosures_open_with_their_leaf_only),
		TEST(a_malformed_disclosure_is_refused_even_if_the_leaf_holds_it),
		TEST(seeds_do_not_share_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
