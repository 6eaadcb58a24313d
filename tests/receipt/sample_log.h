/*
 * A log in memory, for tests: its key, its tree with all stored nodes, and
 * leaves with disclosures made from small numbers.
 */
#ifndef CARNET_TESTS_SAMPLE_LOG_H
#define CARNET_TESTS_SAMPLE_LOG_H

#include "receipt/checkpoint.h"
#include "receipt/leaf.h"
#include "receipt/merkle.h"
#include "receipt/receipt.h"

enum { SAMPLE_LEVELS = 10, SAMPLE_LEAVES = 512 };

struct sample_log {
	const char *origin;
	struct ed25519_key *key;
	struct merkle_tree tree;
	struct digest nodes[SAMPLE_LEVELS][SAMPLE_LEAVES];
	bool stored[SAMPLE_LEVELS][SAMPLE_LEAVES];
};

static inline void sample_store(void *arg, unsigned level, uint64_t index,
				const struct digest *hash)
{
	struct sample_log *log = arg;

	assert_true(level < SAMPLE_LEVELS && index < SAMPLE_LEAVES);
	assert_false(log->stored[level][index]); /* a node never changes */
	log->nodes[level][index] = *hash;
	log->stored[level][index] = true;
}

static inline int sample_read(void *arg, unsigned level, uint64_t index, struct digest *out,
			      struct error *error)
{
	struct sample_log *log = arg;

	(void)error;
	assert_true(level < SAMPLE_LEVELS && index < SAMPLE_LEAVES && log->stored[level][index]);
	*out = log->nodes[level][index];
	return 0;
}

/* The same `number` gives the same key, always. */
static inline struct ed25519_key *sample_key(uint8_t number)
{
	uint8_t seed[ED25519_SEED_SIZE] = {number, 7};
	struct ed25519_key *key;

	assert_int_equal(ed25519_load_seed(bytes_of(seed, sizeof(seed)), &key, NULL), 0);
	return key;
}

static inline struct sample_log *sample_log_new(const char *origin, uint8_t number)
{
	struct sample_log *log = test_calloc(1, sizeof(*log));

	log->origin = origin;
	log->key = sample_key(number);
	return log;
}

static inline void sample_log_free(struct sample_log *log)
{
	ed25519_free(log->key);
	test_free(log);
}

/* Leaf number `n` of a log, and its disclosures. */
static inline struct bytes sample_leaf(const char *origin, uint8_t n, struct arena *arena,
				       struct leaf_disclosures *disclosures)
{
	const struct bytes values[DISCLOSURE_COUNT] = {
		BYTES_LITERAL("{\"id\":\"spiffe://example.org/gateway\"}"),
		BYTES_LITERAL("{\"purpose\":\"support\"}"),
		bytes_of_string(arena_printf(arena, "{\"number\":%d}", n)),
		{NULL, 0},
		BYTES_LITERAL("{\"verdict\":\"DENIED\"}"),
	};
	uint8_t seed[LEAF_SEED_SIZE] = {n, 42};
	struct leaf_secrets secrets;
	struct leaf leaf = {.iss = bytes_of_string(arena_printf(arena, "https://%s", origin)),
			    .vct = BYTES_LITERAL("https://carnet.example/receipt/v1"),
			    .eng = BYTES_LITERAL("carnet/0.1.0"),
			    .kind = BYTES_LITERAL("decision"),
			    .reg_rev = 417,
			    .iat = 1790000069};
	struct buffer entry = {0};
	struct bytes copy;

	leaf_derive(seed, &secrets);
	leaf_disclose(&secrets, values, arena, disclosures);
	memcpy(leaf.jti, secrets.jti, LEAF_JTI_SIZE);
	memcpy(leaf.sd, disclosures->digests, sizeof(leaf.sd));
	leaf_encode(&leaf, &entry);
	copy = arena_copy(arena, buffer_bytes(&entry));
	buffer_release(&entry);
	return copy;
}

static inline void sample_append(struct sample_log *log, struct bytes entry)
{
	struct digest hash = merkle_leaf(entry);

	merkle_append(&log->tree, &hash, sample_store, log);
}

/* Leaves numbered from 0 until the log has `size`. */
static inline void sample_grow(struct sample_log *log, uint64_t size, struct arena *arena)
{
	struct leaf_disclosures disclosures;

	while (log->tree.size < size)
		sample_append(log, sample_leaf(log->origin, (uint8_t)log->tree.size, arena,
					       &disclosures));
}

static inline struct bytes sample_checkpoint(struct sample_log *log, struct arena *arena)
{
	struct digest root = merkle_root(&log->tree);
	struct buffer note = {0};
	struct bytes copy;

	checkpoint_write(bytes_of_string(log->origin), log->tree.size, &root, log->key, &note);
	copy = arena_copy(arena, buffer_bytes(&note));
	buffer_release(&note);
	return copy;
}

/* What a receipt for leaf `index` is made of, at the log's present size. */
static inline struct receipt_parts sample_parts(struct sample_log *log, uint64_t index,
						struct arena *arena)
{
	struct leaf_disclosures *disclosures = arena_alloc(arena, sizeof(*disclosures));
	struct merkle_path *path = arena_alloc(arena, sizeof(*path));
	struct receipt_parts parts = {.index = index};

	parts.entry = sample_leaf(log->origin, (uint8_t)index, arena, disclosures);
	parts.disclosures = disclosures->texts;
	parts.disclosure_count = DISCLOSURE_COUNT;
	assert_int_equal(merkle_prove_inclusion(&log->tree, index, sample_read, log, path, NULL),
			 0);
	parts.path = path->hashes;
	parts.path_count = path->count;
	parts.checkpoint = sample_checkpoint(log, arena);
	return parts;
}

static inline struct bytes sample_file(const struct receipt_parts *parts, struct arena *arena)
{
	struct buffer file = {0};
	struct bytes copy;

	assert_int_equal(receipt_write(parts, &file, NULL), 0);
	copy = arena_copy(arena, buffer_bytes(&file));
	buffer_release(&file);
	return copy;
}

static inline const char *sample_vkey(const char *name, enum vkey_kind kind,
				      const struct ed25519_key *key, struct arena *arena)
{
	struct buffer text = {0};
	struct vkey vkey;
	const char *copy;

	vkey_make(bytes_of_string(name), kind, ed25519_public_of(key), &vkey);
	vkey_format(&vkey, &text);
	copy = arena_string(arena, buffer_bytes(&text));
	buffer_release(&text);
	return copy;
}

static inline struct policy *sample_policy(const char *text, struct arena *arena)
{
	struct policy *policy = NULL;
	struct error error;

	if (policy_parse(bytes_of_string(text), arena, &policy, &error))
		fail_msg("%s", error.text);
	return policy;
}

static inline struct policy *sample_log_policy(const struct sample_log *log, struct arena *arena)
{
	return sample_policy(arena_printf(arena, "log %s\nquorum none\n",
					  sample_vkey(log->origin, VKEY_NOTE, log->key, arena)),
			     arena);
}

/* A copy of `text` with the first `from` replaced by `to`. */
static inline struct bytes sample_replace(struct bytes text, const char *from, const char *to,
					  struct arena *arena)
{
	const uint8_t *at = memmem(text.data, text.size, from, strlen(from));
	size_t before;

	if (!at)
		fail_msg("'%s' is not in the text", from);
	before = (size_t)(at - text.data);
	return bytes_of_string(arena_printf(
		arena, "%.*s%s%.*s", (int)before, (const char *)text.data, to,
		(int)(text.size - before - strlen(from)), (const char *)at + strlen(from)));
}

#endif
