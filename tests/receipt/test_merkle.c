#include "test.h"

#include <jansson.h>
#include <stdio.h>

#include "base/base64.h"
#include "receipt/sample_log.h"

/* The model: RFC 6962, 2.1, word for word, over leaf hashes; results are kept, for speed. */
enum { MODEL_SIZE = 256 };

static struct digest model_leaves[MODEL_SIZE];
static struct digest model_nodes[MODEL_SIZE][MODEL_SIZE + 1];
static bool model_known[MODEL_SIZE][MODEL_SIZE + 1];

static size_t split(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static struct digest model_root(size_t from, size_t to)
{
	uint8_t data[65] = {1};

	if (to - from == 1)
		return model_leaves[from];
	if (!model_known[from][to]) {
		struct digest left = model_root(from, from + split(to - from));
		struct digest right = model_root(from + split(to - from), to);

		memcpy(data + 1, left.bytes, 32);
		memcpy(data + 33, right.bytes, 32);
		model_nodes[from][to] = hash_of(bytes_of(data, 65));
		model_known[from][to] = true;
	}
	return model_nodes[from][to];
}

static size_t model_path(size_t m, size_t from, size_t to, struct digest *out)
{
	size_t k = split(to - from), count;

	if (to - from == 1)
		return 0;
	if (m < k) {
		count = model_path(m, from, from + k, out);
		out[count] = model_root(from + k, to);
	} else {
		count = model_path(m - k, from + k, to, out);
		out[count] = model_root(from, from + k);
	}
	return count + 1;
}

static size_t model_subproof(size_t m, size_t from, size_t to, bool whole, struct digest *out)
{
	size_t k = split(to - from), count;

	if (m == to - from) {
		if (!whole)
			out[0] = model_root(from, to);
		return !whole;
	}
	if (m <= k) {
		count = model_subproof(m, from, from + k, whole, out);
		out[count] = model_root(from + k, to);
	} else {
		count = model_subproof(m - k, from + k, to, false, out);
		out[count] = model_root(from, from + k);
	}
	return count + 1;
}

static struct sample_log *model_log(uint64_t size)
{
	struct sample_log *log = sample_log_new("log.example/model", 1);

	for (uint64_t i = log->tree.size; i < size; i++) {
		uint8_t number[2] = {(uint8_t)(i >> 8), (uint8_t)i};

		model_leaves[i] = merkle_leaf(bytes_of(number, 2));
		merkle_append(&log->tree, &model_leaves[i], sample_store, log);
	}
	return log;
}

static struct digest digest_of_hex(const char *hex)
{
	struct buffer data = {0};
	struct digest digest;

	assert_true(hex_decode(&data, bytes_of_string(hex)));
	assert_true(hash_read(buffer_bytes(&data), &digest));
	buffer_release(&data);
	return digest;
}

static void the_eight_roots_of_rfc_6962_come_out(void **state)
{
	static const struct {
		const char *leaf, *root;
	} steps[] = {
		{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
		{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
		{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
		{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
		{"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
		{"5051525354555657",
		 "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
		{"606162636465666768696a6b6c6d6e6f",
		 "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
	};
	struct merkle_tree tree = {0};
	struct digest root = merkle_root(&tree);

	(void)state;
	assert_memory_equal(root.bytes, hash_of(bytes_of(NULL, 0)).bytes, DIGEST_SIZE);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct digest wanted = digest_of_hex(steps[i].root), leaf;
		struct buffer entry = {0};

		assert_true(hex_decode(&entry, bytes_of_string(steps[i].leaf)));
		leaf = merkle_leaf(buffer_bytes(&entry));
		merkle_append(&tree, &leaf, NULL, NULL);
		root = merkle_root(&tree);
		assert_memory_equal(root.bytes, wanted.bytes, DIGEST_SIZE);
		buffer_release(&entry);
	}
}

static void every_inclusion_up_to_256_is_the_models(void **state)
{
	struct sample_log *log = model_log(MODEL_SIZE);

	(void)state;
	for (size_t n = 1; n <= MODEL_SIZE; n++) {
		struct digest wanted = model_root(0, n), root, path[MERKLE_PATH_MAX];
		struct merkle_tree tree;
		struct merkle_path proof;

		assert_int_equal(merkle_load(&tree, n, sample_read, log, NULL), 0);
		root = merkle_root(&tree);
		assert_memory_equal(root.bytes, wanted.bytes, DIGEST_SIZE);
		for (size_t m = 0; m < n; m++) {
			size_t count = model_path(m, 0, n, path);

			assert_int_equal(
				merkle_prove_inclusion(&tree, m, sample_read, log, &proof, NULL),
				0);
			assert_int_equal(proof.count, count);
			assert_int_equal(merkle_inclusion_length(m, n), count);
			if (count)
				assert_memory_equal(proof.hashes, path, count * DIGEST_SIZE);
			assert_int_equal(merkle_verify_inclusion(&model_leaves[m], m, n, path,
								 count, &root, NULL),
					 0);
		}
	}
	sample_log_free(log);
}

static void every_consistency_up_to_256_is_the_models(void **state)
{
	struct sample_log *log = model_log(MODEL_SIZE);

	(void)state;
	for (size_t n = 1; n <= MODEL_SIZE; n++) {
		struct digest root = model_root(0, n), path[MERKLE_PATH_MAX];
		struct merkle_tree tree;
		struct merkle_path proof;

		assert_int_equal(merkle_load(&tree, n, sample_read, log, NULL), 0);
		for (size_t m = 1; m <= n; m++) {
			size_t count = model_subproof(m, 0, n, true, path);
			struct digest old_root = model_root(0, m);

			assert_int_equal(
				merkle_prove_consistency(&tree, m, sample_read, log, &proof, NULL),
				0);
			assert_int_equal(proof.count, count);
			if (count)
				assert_memory_equal(proof.hashes, path, count * DIGEST_SIZE);
			assert_int_equal(merkle_verify_consistency(m, &old_root, n, &root, path,
								   count, NULL),
					 0);
		}
	}
	sample_log_free(log);
}

static void a_proof_for_another_leaf_size_or_index_fails(void **state)
{
	struct sample_log *log = model_log(41);
	struct digest root = merkle_root(&log->tree);
	struct merkle_path proof;

	(void)state;
	for (uint64_t m = 0; m < 41; m++) {
		merkle_prove_inclusion(&log->tree, m, sample_read, log, &proof, NULL);
		for (uint64_t other = 0; other < 64; other++) {
			if (other < 41 && other != m)
				assert_int_not_equal(merkle_verify_inclusion(&model_leaves[other],
									     m, 41, proof.hashes,
									     proof.count, &root,
									     NULL),
						     0);
			if (other != m)
				assert_int_not_equal(
					merkle_verify_inclusion(&model_leaves[m], other, 41,
								proof.hashes, proof.count, &root,
								NULL),
					0);
		}
		for (size_t i = 0; i < proof.count; i++) {
			proof.hashes[i].bytes[5] ^= 4;
			assert_int_equal(merkle_verify_inclusion(&model_leaves[m], m, 41,
								 proof.hashes, proof.count, &root,
								 NULL),
					 ERR_CORRUPT);
			proof.hashes[i].bytes[5] ^= 4;
		}
		for (size_t count = 0; count <= MERKLE_PATH_MAX; count++)
			if (count != proof.count)
				assert_int_equal(merkle_verify_inclusion(&model_leaves[m], m, 41,
									 proof.hashes, count, &root,
									 NULL),
						 ERR_INVALID);
	}
	sample_log_free(log);
}

static void a_node_cannot_pass_for_a_leaf(void **state)
{
	struct sample_log *log = model_log(4);
	struct digest root = merkle_root(&log->tree), forged;
	struct digest path[] = {log->nodes[1][1]};
	uint8_t entry[64];

	(void)state;
	/* An "entry" made of two leaf hashes, in a tree that claims to have two leaves. */
	memcpy(entry, log->nodes[0][0].bytes, 32);
	memcpy(entry + 32, log->nodes[0][1].bytes, 32);
	forged = merkle_leaf(bytes_of(entry, 64));
	assert_memory_not_equal(forged.bytes, log->nodes[1][0].bytes, DIGEST_SIZE);
	assert_int_equal(merkle_verify_inclusion(&forged, 0, 2, path, 1, &root, NULL), ERR_CORRUPT);
	sample_log_free(log);
}

static void a_rewritten_cut_or_reordered_log_is_not_consistent(void **state)
{
	struct sample_log *log = model_log(23);
	struct digest root = merkle_root(&log->tree), old_root = model_root(0, 11), other;
	struct merkle_tree forked = {0};
	struct merkle_path proof;

	(void)state;
	for (size_t i = 0; i < 23; i++) /* the tenth and eleventh change places */
		merkle_append(&forked, &model_leaves[i == 9 ? 10 : i == 10 ? 9 : i], NULL, NULL);
	other = merkle_root(&forked);
	merkle_prove_consistency(&log->tree, 11, sample_read, log, &proof, NULL);
	assert_int_equal(merkle_verify_consistency(11, &old_root, 23, &root, proof.hashes,
						   proof.count, NULL),
			 0);
	assert_int_equal(merkle_verify_consistency(11, &old_root, 23, &other, proof.hashes,
						   proof.count, NULL),
			 ERR_CORRUPT);
	assert_int_equal(merkle_verify_consistency(23, &root, 11, &old_root, proof.hashes,
						   proof.count, NULL),
			 ERR_CORRUPT);
	for (uint64_t size = 0; size <= 23; size++) {
		if (size == 11)
			continue;
		assert_int_equal(merkle_verify_consistency(size, &old_root, 23, &root, proof.hashes,
							   proof.count, NULL),
				 ERR_CORRUPT);
	}
	sample_log_free(log);
}

static void sizes_at_the_edge_are_safe(void **state)
{
	struct digest zero = {{0}}, path[MERKLE_PATH_MAX] = {{{0}}};
	struct merkle_tree tree = {0};
	struct merkle_path proof;

	(void)state;
	assert_int_equal(merkle_prove_inclusion(&tree, 0, NULL, NULL, &proof, NULL), ERR_NOT_FOUND);
	assert_int_equal(merkle_prove_consistency(&tree, 0, NULL, NULL, &proof, NULL), 0);
	assert_int_equal(merkle_load(&tree, (uint64_t)MERKLE_SIZE_MAX + 1, NULL, NULL, NULL),
			 ERR_LIMIT);
	assert_int_equal(merkle_verify_inclusion(&zero, 0, 0, path, 0, &zero, NULL), ERR_INVALID);
	assert_int_equal(merkle_verify_inclusion(&zero, 0, UINT64_MAX, path, 64, &zero, NULL),
			 ERR_INVALID);
	assert_int_equal(merkle_inclusion_length(0, MERKLE_SIZE_MAX), 63);
	assert_int_equal(merkle_inclusion_length(MERKLE_SIZE_MAX - 1, MERKLE_SIZE_MAX), 62);
	assert_int_equal(merkle_verify_inclusion(&zero, 0, MERKLE_SIZE_MAX, path, 63, &zero, NULL),
			 ERR_CORRUPT);
	assert_int_equal(
		merkle_verify_consistency(1, &zero, MERKLE_SIZE_MAX, &zero, path, 64, NULL),
		ERR_CORRUPT);
	assert_int_equal(merkle_verify_consistency(1, &zero, UINT64_MAX, &zero, path, 64, NULL),
			 ERR_CORRUPT);
}

static int failing_read(void *arg, unsigned level, uint64_t index, struct digest *out,
			struct error *error)
{
	struct sample_log *log = arg;

	return level == 1 ? error_set(error, ERR_CORRUPT, "the node is damaged")
			  : sample_read(log, level, index, out, error);
}

static void a_store_that_fails_is_reported(void **state)
{
	struct sample_log *log = model_log(7);
	struct merkle_tree tree;
	struct merkle_path proof;
	struct error error;

	(void)state;
	assert_int_equal(merkle_load(&tree, 7, failing_read, log, &error), ERR_CORRUPT);
	assert_string_equal(error.text, "the node is damaged");
	assert_int_equal(merkle_prove_inclusion(&log->tree, 0, failing_read, log, &proof, &error),
			 ERR_CORRUPT);
	assert_int_equal(merkle_prove_consistency(&log->tree, 6, failing_read, log, &proof, &error),
			 ERR_CORRUPT);
	sample_log_free(log);
}

static bool read_json_digest(json_t *value, struct digest *out)
{
	struct buffer data = {0};
	bool good = value && json_is_string(value) &&
		    base64_decode(&data, bytes_of_string(json_string_value(value))) &&
		    hash_read(buffer_bytes(&data), out);

	buffer_release(&data);
	return good;
}

/* Some vectors have words for roots; what they hash to is as good. */
static bool read_json_root(json_t *value, struct digest *out)
{
	struct buffer data = {0};
	bool good = base64_decode(&data, bytes_of_string(json_string_value(value)));

	if (!hash_read(buffer_bytes(&data), out))
		*out = hash_of(buffer_bytes(&data));
	buffer_release(&data);
	return good;
}

static uint64_t json_size(json_t *vector, const char *name)
{
	double value = json_number_value(json_object_get(vector, name));

	return value >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)value;
}

/* The vector's path; false if it holds what no path can. */
static bool read_json_path(json_t *vector, struct merkle_path *out)
{
	json_t *proof = json_object_get(vector, "proof");

	*out = (struct merkle_path){0};
	if (json_array_size(proof) > MERKLE_PATH_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(proof); i++)
		if (!read_json_digest(json_array_get(proof, i), &out->hashes[out->count++]))
			return false;
	return true;
}

static bool accepts_inclusion(json_t *vector)
{
	struct digest leaf, root;
	struct merkle_path path;

	return read_json_digest(json_object_get(vector, "leafHash"), &leaf) &&
	       read_json_root(json_object_get(vector, "root"), &root) &&
	       read_json_path(vector, &path) &&
	       merkle_verify_inclusion(&leaf, json_size(vector, "leafIdx"),
				       json_size(vector, "treeSize"), path.hashes, path.count,
				       &root, NULL) == 0;
}

static bool accepts_consistency(json_t *vector)
{
	struct digest old_root, new_root;
	struct merkle_path path;

	return read_json_root(json_object_get(vector, "root1"), &old_root) &&
	       read_json_root(json_object_get(vector, "root2"), &new_root) &&
	       read_json_path(vector, &path) &&
	       merkle_verify_consistency(json_size(vector, "size1"), &old_root,
					 json_size(vector, "size2"), &new_root, path.hashes,
					 path.count, NULL) == 0;
}

static void check_vectors(const char *name, bool (*accepts)(json_t *vector))
{
	char path[512];
	static char line[65536];
	FILE *file;
	int count = 0;

	snprintf(path, sizeof(path), "%s/../shared/vectors/%s", SOURCE_ROOT, name);
	file = fopen(path, "r");
	if (!file) {
		print_message("skipped: no public vectors at %s\n", path);
		skip();
	}
	while (fgets(line, sizeof(line), file)) {
		json_t *vector = json_loads(line, JSON_DECODE_INT_AS_REAL, NULL);

		assert_non_null(vector);
		if (accepts(vector) == json_is_true(json_object_get(vector, "wantErr")))
			fail_msg("%s", json_string_value(json_object_get(vector, "name")));
		json_decref(vector);
		count++;
	}
	fclose(file);
	assert_int_equal(count, 98);
}

static void public_inclusion_vectors_agree(void **state)
{
	(void)state;
	check_vectors("merkle-inclusion.jsonl", accepts_inclusion);
}

static void public_consistency_vectors_agree(void **state)
{
	(void)state;
	check_vectors("merkle-consistency.jsonl", accepts_consistency);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_eight_roots_of_rfc_6962_come_out),
		cmocka_unit_test(every_inclusion_up_to_256_is_the_models),
		cmocka_unit_test(every_consistency_up_to_256_is_the_models),
		cmocka_unit_test(a_proof_for_another_leaf_size_or_index_fails),
		cmocka_unit_test(a_node_cannot_pass_for_a_leaf),
		cmocka_unit_test(a_rewritten_cut_or_reordered_log_is_not_consistent),
		cmocka_unit_test(sizes_at_the_edge_are_safe),
		cmocka_unit_test(a_store_that_fails_is_reported),
		cmocka_unit_test(public_inclusion_vectors_agree),
		cmocka_unit_test(public_consistency_vectors_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
