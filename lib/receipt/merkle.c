#include "receipt/merkle.h"

#include <assert.h>
#include <string.h>

/* Leaves and nodes get different prefixes (RFC 6962, 2.1), or a node could be
 * passed off as a leaf. */
struct digest merkle_leaf(struct bytes entry)
{
	struct bytes parts[] = {BYTES_LITERAL("\0"), entry};

	return hash_parts(parts, 2);
}

struct digest merkle_node(const struct digest *left, const struct digest *right)
{
	uint8_t data[1 + 2 * DIGEST_SIZE] = {1};

	memcpy(data + 1, left->bytes, DIGEST_SIZE);
	memcpy(data + 1 + DIGEST_SIZE, right->bytes, DIGEST_SIZE);
	return hash_of(bytes_of(data, sizeof(data)));
}

/* There is a complete subtree, a peak, of each size whose bit is set in the
 * tree's: adding a leaf is adding one in binary, carries included. */
void merkle_append(struct merkle_tree *tree, const struct digest *leaf, merkle_store *store,
		   void *arg)
{
	struct digest hash = *leaf;
	unsigned level = 0;

	assert(tree->size < MERKLE_SIZE_MAX);
	if (store)
		store(arg, 0, tree->size, &hash);
	for (; tree->size >> level & 1; level++) {
		hash = merkle_node(&tree->peaks[level], &hash);
		if (store)
			store(arg, level + 1, tree->size >> (level + 1), &hash);
	}
	tree->peaks[level] = hash;
	tree->size++;
}

static unsigned highest_bit(uint64_t value)
{
	return 63u - (unsigned)__builtin_clzll(value);
}

/* From the smallest peak to the largest; every step is a ragged subtree that a
 * proof may need. */
static void fold(struct merkle_tree *tree)
{
	const struct digest *right = NULL;

	if (tree->folded == tree->size)
		return;
	for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
		if (!(tree->size >> level & 1))
			continue;
		tree->folds[level] =
			right ? merkle_node(&tree->peaks[level], right) : tree->peaks[level];
		right = &tree->folds[level];
	}
	tree->folded = tree->size;
}

struct digest merkle_root(struct merkle_tree *tree)
{
	if (tree->size == 0)
		return hash_of(bytes_of(NULL, 0));
	fold(tree);
	return tree->folds[highest_bit(tree->size)];
}

int merkle_load(struct merkle_tree *tree, uint64_t size, merkle_read *read, void *arg,
		struct error *error)
{
	if (size > MERKLE_SIZE_MAX)
		return error_set(error, ERR_LIMIT, "a tree cannot have %llu leaves",
				 (unsigned long long)size);
	*tree = (struct merkle_tree){.size = size};
	for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
		int result;

		if (!(size >> level & 1))
			continue;
		result = read(arg, level, (size >> level) - 1, &tree->peaks[level], error);
		if (result)
			return result;
	}
	return 0;
}

enum sibling { SIBLING_NONE, SIBLING_STORED, SIBLING_RAGGED };

/* What stands beside the node (level, index) on the way up to the root. */
static enum sibling sibling_of(uint64_t size, unsigned level, uint64_t index)
{
	if ((index ^ 1) < size >> level)
		return SIBLING_STORED;
	/* To its right, and something begins there. */
	return (index + 1) == size >> level && (size & ((UINT64_C(1) << level) - 1))
		       ? SIBLING_RAGGED
		       : SIBLING_NONE;
}

static bool is_root(uint64_t size, unsigned level)
{
	return (size - 1) >> level == 0;
}

/* The siblings from the node (level, index) up to the root's children. */
static int climb(const struct merkle_tree *tree, unsigned level, uint64_t index, merkle_read *read,
		 void *arg, struct merkle_path *out, struct error *error)
{
	for (; !is_root(tree->size, level); level++, index >>= 1) {
		uint64_t below = tree->size & ((UINT64_C(1) << level) - 1);
		int result = 0;

		switch (sibling_of(tree->size, level, index)) {
		case SIBLING_STORED:
			result = read(arg, level, index ^ 1, &out->hashes[out->count++], error);
			break;
		case SIBLING_RAGGED:
			out->hashes[out->count++] = tree->folds[highest_bit(below)];
			break;
		case SIBLING_NONE:
			break;
		}
		if (result)
			return result;
	}
	return 0;
}

static int beyond(uint64_t number, uint64_t size, const char *what, struct error *error)
{
	return error_set(error, ERR_NOT_FOUND, "there is no %s %llu in a log of %llu entries", what,
			 (unsigned long long)number, (unsigned long long)size);
}

int merkle_prove_inclusion(struct merkle_tree *tree, uint64_t index, merkle_read *read, void *arg,
			   struct merkle_path *out, struct error *error)
{
	out->count = 0;
	if (index >= tree->size)
		return beyond(index, tree->size, "entry", error);
	fold(tree);
	return climb(tree, 0, index, read, arg, out, error);
}

int merkle_prove_consistency(struct merkle_tree *tree, uint64_t old_size, merkle_read *read,
			     void *arg, struct merkle_path *out, struct error *error)
{
	unsigned level = 0;
	uint64_t index;
	int result;

	out->count = 0;
	if (old_size > tree->size)
		return beyond(old_size, tree->size, "size", error);
	if (old_size == 0 || old_size == tree->size)
		return 0;
	fold(tree);
	/* The last complete subtree of the old tree, as large as it goes. */
	for (index = old_size - 1; index & 1; index >>= 1)
		level++;
	if (index != 0) { /* else it is the whole old tree, whose root is known */
		result = read(arg, level, index, &out->hashes[out->count++], error);
		if (result)
			return result;
	}
	return climb(tree, level, index, read, arg, out, error);
}

size_t merkle_inclusion_length(uint64_t index, uint64_t size)
{
	size_t length = 0;

	for (unsigned level = 0; !is_root(size, level); level++, index >>= 1)
		length += sibling_of(size, level, index) != SIBLING_NONE;
	return length;
}

/* Where a verifier stands: node and last node of one level (RFC 9162, 2.1.3.2). */
struct position {
	uint64_t node, last;
};

static void step_up(struct position *at)
{
	at->node >>= 1;
	at->last >>= 1;
}

/* True if the next hash of a path stands to the left; then leaves the levels at
 * which this node has no sibling. */
static bool is_left_next(struct position *at)
{
	if (!(at->node & 1) && at->node != at->last)
		return false;
	while (at->node && !(at->node & 1))
		step_up(at);
	return true;
}

int merkle_verify_inclusion(const struct digest *leaf, uint64_t index, uint64_t size,
			    const struct digest *path, size_t count, const struct digest *root,
			    struct error *error)
{
	struct position at = {index, size - 1};
	struct digest hash = *leaf;

	if (size > MERKLE_SIZE_MAX || index >= size)
		return error_set(error, ERR_INVALID,
				 "entry %llu cannot be in a log of %llu entries",
				 (unsigned long long)index, (unsigned long long)size);
	if (count != merkle_inclusion_length(index, size))
		return error_set(error, ERR_INVALID,
				 "the inclusion path has %zu hashes where entry %llu of %llu "
				 "needs %zu",
				 count, (unsigned long long)index, (unsigned long long)size,
				 merkle_inclusion_length(index, size));
	for (size_t i = 0; i < count; i++) {
		hash = is_left_next(&at) ? merkle_node(&path[i], &hash)
					 : merkle_node(&hash, &path[i]);
		step_up(&at);
	}
	if (!hash_equal(&hash, root))
		return error_set(error, ERR_CORRUPT,
				 "the inclusion path does not lead from the entry to the root");
	return 0;
}

/* 0 or 1 if the sizes alone decide; -1 if the path must be walked. */
static int check_sizes(uint64_t old_size, const struct digest *old_root, uint64_t new_size,
		       const struct digest *new_root, size_t count)
{
	if (old_size == 0 || old_size > new_size || new_size > MERKLE_SIZE_MAX)
		return 1;
	if (old_size == new_size)
		return count != 0 || !hash_equal(old_root, new_root);
	return count == 0 || count > MERKLE_PATH_MAX ? 1 : -1;
}

static bool walk_consistency(uint64_t old_size, const struct digest *old_root, uint64_t new_size,
			     const struct digest *new_root, const struct digest *path, size_t count)
{
	struct position at = {old_size - 1, new_size - 1};
	bool whole = (old_size & (old_size - 1)) == 0;
	struct digest old_hash = whole ? *old_root : path[0], new_hash = old_hash;

	while (at.node & 1)
		step_up(&at);
	for (size_t i = whole ? 0 : 1; i < count; i++) {
		if (at.last == 0)
			return false;
		if (is_left_next(&at)) {
			old_hash = merkle_node(&path[i], &old_hash);
			new_hash = merkle_node(&path[i], &new_hash);
		} else {
			new_hash = merkle_node(&new_hash, &path[i]);
		}
		step_up(&at);
	}
	return at.last == 0 && hash_equal(&old_hash, old_root) && hash_equal(&new_hash, new_root);
}

int merkle_verify_consistency(uint64_t old_size, const struct digest *old_root, uint64_t new_size,
			      const struct digest *new_root, const struct digest *path,
			      size_t count, struct error *error)
{
	int bad = check_sizes(old_size, old_root, new_size, new_root, count);

	if (bad < 0)
		bad = !walk_consistency(old_size, old_root, new_size, new_root, path, count);
	if (!bad)
		return 0;
	return error_set(error, ERR_CORRUPT,
			 "the log of %llu entries is not shown to be the start of that of %llu",
			 (unsigned long long)old_size, (unsigned long long)new_size);
}
