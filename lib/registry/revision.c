#include "registry/revision.h"

/*
 * A tree that only ever grows to the right: `roots[level]` is the root of a
 * complete subtree of 2^level entries where bit `level` of `size` is set.
 */
struct tree {
	struct digest roots[64];
	uint64_t size;
};

/* Leaves and nodes get different prefixes (RFC 6962, 2.1), or a node could be
 * passed off as an entry. */
static struct digest leaf_of(const struct digest *entry)
{
	const struct bytes parts[] = {BYTES_LITERAL("\x00"), hash_view(entry)};

	return hash_parts(parts, 2);
}

static struct digest node_of(const struct digest *left, const struct digest *right)
{
	const struct bytes parts[] = {BYTES_LITERAL("\x01"), hash_view(left), hash_view(right)};

	return hash_parts(parts, 3);
}

static void append(struct tree *tree, const struct digest *entry)
{
	struct digest node = leaf_of(entry);
	int level = 0;

	for (; tree->size >> level & 1; level++)
		node = node_of(&tree->roots[level], &node);
	tree->roots[level] = node;
	tree->size++;
}

static struct digest root_of(const struct tree *tree)
{
	struct digest root;
	bool started = false;

	if (tree->size == 0)
		return hash_of(BYTES_LITERAL(""));
	for (int level = 0; level < 64; level++) {
		if (!(tree->size >> level & 1))
			continue;
		root = started ? node_of(&tree->roots[level], &root) : tree->roots[level];
		started = true;
	}
	return root;
}

static int append_slice(void *arg, const struct record_slice *slice)
{
	append(arg, &slice->digest);
	return 0;
}

struct digest revision_digest(const struct record_set *set, uint64_t revision)
{
	struct tree tree = {.size = 0};

	record_set_each(set, revision, append_slice, &tree);
	return root_of(&tree);
}
