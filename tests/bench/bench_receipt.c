/*
 * Receipts: what one costs to make, to append, and to verify offline.
 *
 * A log in memory of leaves as a daemon writes them, over the evidence of real
 * decisions.  Verifying reads the file's text, checks the checkpoint's
 * signature, the path, the leaf and all disclosures, for each file anew, and
 * so is given also in units of one Ed25519 verification.
 *
 *	bench_receipt REGISTRY CASES
 */
#include "questions.h"

#include <string.h>

#include "contract/evidence.h"
#include "contract/outcome.h"
#include "contract/version.h"
#include "crypto/random.h"
#include "engine/decide.h"
#include "receipt/receipt.h"
#include "server/deed.h"

#define ORIGIN "bench.example/log"

enum {
	LEAVES = 65536,
	FILES = 256, /* receipts kept */
	LEAF_BATCH = 64,
	LEAF_MILLISECONDS = 1000,
	BATCHES_MIN = 5,
	BATCH = 256, /* leaves appended between two roots */
	VERIFY_BATCHES = 60,
	VERIFY_BATCH = 64,
	GROWTH = 1000 * 1000, /* leaves for the cost of appending alone */
};

struct kept {
	struct bytes entry, file;
	struct leaf_disclosures disclosures;
	uint64_t index;
};

struct bench {
	struct questions questions;
	struct bytes (*values)[DISCLOSURE_COUNT]; /* to disclose, per question */
	struct arena *lasting, *arena;
	struct ed25519_key *key;
	struct policy *policy;
	struct merkle_tree tree;
	struct digest *nodes[MERKLE_LEVELS]; /* by level */
	struct kept kept[FILES];
	struct bytes checkpoint;
	size_t value_bytes; /* of all questions, as they came out */
	size_t stored;
	struct sample leaf, append, verify, signature;
};

static void write_evidence(struct bench *bench, const struct world *world, size_t which)
{
	static const struct bytes role = BYTES_LITERAL("checker");
	const struct evidence_call call = {
		.identity = BYTES_LITERAL("spiffe://example.org/call-gateway"),
		.roles = &role,
		.role_count = 1,
		.door = BYTES_LITERAL("grpc"),
		.instant = instant_now(),
	};
	const struct question_frame frame = {world, instant_day(call.instant), FOLDER_REVISION};
	const struct answer_place place = {.live = true, .confirmed = true};
	struct bytes *values = bench->values[which];
	struct question_violations violations = {0};
	const struct decision *decision;
	Carnet__V1__Decision *answer;
	struct evidence evidence;
	struct asked asked;
	struct error error;

	if (question_read(bench->questions.items[which], &frame, bench->lasting, &asked,
			  &violations, &error) ||
	    decide(world, &asked.question, bench->lasting, &decision, &error))
		give_up("a question is not decided: %s", error.text);
	answer = answer_write(&asked, decision, &place, bench->lasting);
	evidence_write_answer(&asked, decision, answer, bench->lasting, &evidence);
	evidence_write_call(asked.request, &call, bench->lasting, &evidence);
	values[DISCLOSURE_SUBJECT] = evidence.subject;
	values[DISCLOSURE_REQUEST] = evidence.request;
	values[DISCLOSURE_CONTEXT] = evidence.context;
	values[DISCLOSURE_EVIDENCE] = evidence.evidence;
	values[DISCLOSURE_OUTCOME] = evidence.outcome;
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		bench->value_bytes += values[i].size;
	if (!deed_fits(values))
		values[DISCLOSURE_OUTCOME] = outcome_write_core(answer, bench->lasting);
	deed_fit(values, bench->lasting);
}

static void prepare(struct bench *bench, const char *registry, const char *cases)
{
	struct folder *folder = read_folder(registry);
	struct world *world = compile_folder(folder, registry);

	bench->questions = read_questions(cases);
	bench->lasting = arena_new(0);
	bench->arena = arena_new(65536);
	bench->values =
		arena_alloc_array(bench->lasting, bench->questions.count, sizeof(*bench->values));
	for (size_t i = 0; i < bench->questions.count; i++)
		write_evidence(bench, world, i);
	for (unsigned level = 0; LEAVES >> level; level++)
		bench->nodes[level] = memory_new((LEAVES >> level) * sizeof(struct digest));
	world_free(world);
	folder_free(folder);
}

/* ---- Making ---- */

static void make_leaf(const struct bytes values[DISCLOSURE_COUNT], struct arena *arena,
		      struct bytes *entry, struct leaf_disclosures *disclosures)
{
	struct leaf leaf = {
		.iss = BYTES_LITERAL("https://" ORIGIN),
		.vct = BYTES_LITERAL("https://carnet.example/receipt/v1"),
		.eng = bytes_of_string(version_name()),
		.kind = BYTES_LITERAL("decision"),
		.reg_rev = FOLDER_REVISION,
		.iat = 1790000069,
	};
	uint8_t seed[LEAF_SEED_SIZE];
	struct leaf_secrets secrets;
	struct buffer text = {0};

	random_fill(seed, sizeof(seed));
	leaf_derive(seed, &secrets);
	leaf_disclose(&secrets, values, arena, disclosures);
	memcpy(leaf.jti, secrets.jti, sizeof(leaf.jti));
	memcpy(leaf.sd, disclosures->digests, sizeof(leaf.sd));
	leaf_encode(&leaf, &text);
	*entry = arena_copy(arena, buffer_bytes(&text));
	buffer_release(&text);
}

static void store_node(void *arg, unsigned level, uint64_t index, const struct digest *hash)
{
	struct bench *bench = arg;

	bench->nodes[level][index] = *hash;
}

static void make_leaves(struct bench *bench)
{
	int64_t end = now_ns() + (int64_t)LEAF_MILLISECONDS * 1000000;

	while (bench->leaf.count < BATCHES_MIN || now_ns() < end) {
		int64_t began = now_ns();

		for (size_t i = 0; i < LEAF_BATCH; i++) {
			struct leaf_disclosures disclosures;
			struct bytes entry;

			arena_reset(bench->arena);
			make_leaf(bench->values[i % bench->questions.count], bench->arena, &entry,
				  &disclosures);
			(void)merkle_leaf(entry);
		}
		sample_add(&bench->leaf, (double)(now_ns() - began) / LEAF_BATCH);
	}
}

/* The leaves to be kept, evenly spread among others of which only a hash is known. */
static void grow(struct bench *bench)
{
	struct digest hash;

	while (bench->tree.size < LEAVES) {
		struct kept *kept = &bench->kept[bench->tree.size / (LEAVES / FILES)];

		random_fill(&hash, sizeof(hash));
		if (bench->tree.size % (LEAVES / FILES) == 0) {
			kept->index = bench->tree.size;
			make_leaf(bench->values[bench->tree.size / (LEAVES / FILES) %
						bench->questions.count],
				  bench->lasting, &kept->entry, &kept->disclosures);
			hash = merkle_leaf(kept->entry);
		}
		merkle_append(&bench->tree, &hash, store_node, bench);
	}
}

static void count_node(void *arg, unsigned level, uint64_t index, const struct digest *hash)
{
	struct bench *bench = arg;

	(void)level;
	(void)index;
	bench->stored += hash->bytes[0] & 1;
}

/* Appending alone, with a root after each batch, as commits need it. */
static void append(struct bench *bench)
{
	struct merkle_tree tree = {0};
	struct digest hash = {{1}};

	for (size_t done = 0; done < GROWTH; done += BATCH) {
		int64_t began = now_ns();

		for (size_t i = 0; i < BATCH; i++)
			merkle_append(&tree, &hash, count_node, bench);
		hash = merkle_root(&tree);
		sample_add(&bench->append, (double)(now_ns() - began) / BATCH);
	}
}

/* ---- Verifying ---- */

static int read_node(void *arg, unsigned level, uint64_t index, struct digest *out,
		     struct error *error)
{
	const struct bench *bench = arg;

	(void)error;
	*out = bench->nodes[level][index];
	return 0;
}

static void sign(struct bench *bench)
{
	struct digest root = merkle_root(&bench->tree);
	struct buffer text = {0};
	struct vkey vkey;
	struct error error;

	bench->key = ed25519_generate();
	checkpoint_write(BYTES_LITERAL(ORIGIN), bench->tree.size, &root, bench->key, &text);
	bench->checkpoint = arena_copy(bench->lasting, buffer_bytes(&text));
	buffer_clear(&text);
	vkey_make(BYTES_LITERAL(ORIGIN), VKEY_NOTE, ed25519_public_of(bench->key), &vkey);
	buffer_append_string(&text, "log ");
	vkey_format(&vkey, &text);
	buffer_append_string(&text, "\nquorum none\n");
	if (policy_parse(arena_copy(bench->lasting, buffer_bytes(&text)), bench->lasting,
			 &bench->policy, &error))
		give_up("the policy: %s", error.text);
	buffer_release(&text);
}

static void write_file(struct bench *bench, struct kept *kept)
{
	struct receipt_parts parts = {
		.entry = kept->entry,
		.disclosures = kept->disclosures.texts,
		.disclosure_count = DISCLOSURE_COUNT,
		.index = kept->index,
		.checkpoint = bench->checkpoint,
	};
	struct merkle_path path;
	struct buffer file = {0};
	struct error error;

	if (merkle_prove_inclusion(&bench->tree, kept->index, read_node, bench, &path, &error))
		give_up("no proof: %s", error.text);
	parts.path = path.hashes;
	parts.path_count = path.count;
	if (receipt_write(&parts, &file, &error))
		give_up("no receipt: %s", error.text);
	kept->file = arena_copy(bench->lasting, buffer_bytes(&file));
	buffer_release(&file);
}

static size_t write_files(struct bench *bench)
{
	size_t bytes = 0;

	for (size_t i = 0; i < FILES; i++) {
		write_file(bench, &bench->kept[i]);
		bytes += bench->kept[i].file.size;
	}
	return bytes / FILES;
}

static void verify_batch(struct bench *bench, size_t first)
{
	int64_t began = now_ns();

	for (size_t i = 0; i < VERIFY_BATCH; i++) {
		struct receipt receipt;
		struct error error;

		arena_reset(bench->arena);
		if (receipt_verify(bench->kept[(first + i) % FILES].file, bench->policy,
				   bench->arena, &receipt, &error))
			give_up("a good receipt is refused: %s", error.text);
	}
	sample_add(&bench->verify, (double)(now_ns() - began) / VERIFY_BATCH);
}

static void verify_signatures(struct bench *bench)
{
	struct ed25519_signature signature;
	int64_t began;

	ed25519_sign(bench->key, bench->checkpoint, &signature);
	began = now_ns();
	for (size_t i = 0; i < VERIFY_BATCH; i++)
		if (!ed25519_verify(ed25519_public_of(bench->key), bench->checkpoint,
				    bytes_of(signature.bytes, sizeof(signature.bytes))))
			give_up("a good signature is refused");
	sample_add(&bench->signature, (double)(now_ns() - began) / VERIFY_BATCH);
}

static void verify(struct bench *bench)
{
	for (size_t i = 0; i < VERIFY_BATCHES; i++) {
		verify_batch(bench, i * VERIFY_BATCH);
		verify_signatures(bench);
	}
}

/* ---- */

static void print_sample(const char *name, struct sample *sample)
{
	double median = sample_at(sample, 0.5);

	printf("%s.ns %.6g\n", name, median);
	printf("%s.per_s %.6g\n", name, 1e9 / median);
}

static void release(struct bench *bench)
{
	sample_release(&bench->leaf);
	sample_release(&bench->append);
	sample_release(&bench->verify);
	sample_release(&bench->signature);
	for (unsigned level = 0; level < MERKLE_LEVELS; level++)
		free(bench->nodes[level]);
	ed25519_free(bench->key);
	arena_free(bench->arena);
	arena_free(bench->lasting);
	release_questions(&bench->questions);
}

int main(int argc, char **argv)
{
	static struct bench bench;

	if (argc != 3)
		give_up("usage: bench_receipt REGISTRY CASES");
	prepare(&bench, argv[1], argv[2]);
	make_leaves(&bench);
	grow(&bench);
	append(&bench);
	sign(&bench);
	print_figure("value.bytes", (double)(bench.value_bytes / bench.questions.count));
	print_figure("file.bytes", (double)write_files(&bench));
	verify(&bench);
	print_sample("leaf", &bench.leaf);
	print_sample("append", &bench.append);
	print_sample("verify", &bench.verify);
	print_figure("verify.ratio",
		     sample_at(&bench.verify, 0.5) / sample_at(&bench.signature, 0.5));
	release(&bench);
	return 0;
}
