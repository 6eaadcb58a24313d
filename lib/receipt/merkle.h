/*
 * The Merkle tree of a log (RFC 6962, 2.1): an append-only list of leaf hashes
 * of which a root of 32 bytes tells everything.
 *
 *	leaf hash = SHA-256(0x00 ‖ entry), node hash = SHA-256(0x01 ‖ left ‖ right)
 *
 * Stored nodes.  A node (level, index) is the hash of the complete subtree over
 * the 2^level leaves from index * 2^level on; level 0 is the leaf hashes.  It
 * exists in a tree of `size` leaves if index < size >> level, and never changes
 * once it exists.  Ragged subtrees at the right edge are never stored: they
 * follow from the complete ones.
 *
 * The journal appends and stores; the receipt service proves; verifiers check.
 */
#ifndef CARNET_RECEIPT_MERKLE_H
#define CARNET_RECEIPT_MERKLE_H

#include "base/error.h"
#include "crypto/hash.h"

#define MERKLE_SIZE_MAX INT64_MAX /* other readers of our files count in signed integers */
enum { MERKLE_LEVELS = 63, MERKLE_PATH_MAX = 64 };

struct digest merkle_leaf(struct bytes entry);
struct digest merkle_node(const struct digest *left, const struct digest *right);

/* A tree of one size, known by its right edge.  A zeroed one is empty. */
struct merkle_tree {
	uint64_t size;
	/* private: */
	struct digest peaks[MERKLE_LEVELS]; /* the roots of its complete subtrees, by level */
	struct digest folds[MERKLE_LEVELS]; /* that of `level` and all smaller ones, in one */
	uint64_t folded;                    /* the size that `folds` are right for */
};

/* Called for each complete subtree that an append finishes, the leaf first. */
typedef void merkle_store(void *arg, unsigned level, uint64_t index, const struct digest *hash);

/* Adds a leaf hash.  `store` may be NULL. */
void merkle_append(struct merkle_tree *tree, const struct digest *leaf, merkle_store *store,
		   void *arg);

/* The root; that of the empty tree is SHA-256 of nothing.  Asking again is free. */
struct digest merkle_root(struct merkle_tree *tree);

/* Yields a stored node, or fails with a code and a line that say why. */
typedef int merkle_read(void *arg, unsigned level, uint64_t index, struct digest *out,
			struct error *error);

/* The tree as it was at `size`, from its stored nodes. */
int merkle_load(struct merkle_tree *tree, uint64_t size, merkle_read *read, void *arg,
		struct error *error);

/* Hashes from the leaf's side to the root's. */
struct merkle_path {
	size_t count;
	struct digest hashes[MERKLE_PATH_MAX];
};

/* That leaf `index` is in the tree (RFC 6962, 2.1.1); ERR_NOT_FOUND beyond its end. */
int merkle_prove_inclusion(struct merkle_tree *tree, uint64_t index, merkle_read *read, void *arg,
			   struct merkle_path *out, struct error *error);

/* That the tree grew from its first `old_size` leaves (RFC 6962, 2.1.2); the path
 * is empty for 0 and for the tree's own size, ERR_NOT_FOUND for a larger one. */
int merkle_prove_consistency(struct merkle_tree *tree, uint64_t old_size, merkle_read *read,
			     void *arg, struct merkle_path *out, struct error *error);

/* The length that the inclusion path of `index` in `size` leaves must have. */
size_t merkle_inclusion_length(uint64_t index, uint64_t size);

/*
 * Checking.  Sizes and roots must come from signed checkpoints: a path alone
 * does not bind the size.  ERR_INVALID if a size, index or length cannot be,
 * ERR_CORRUPT if the hashes do not lead to the root.  Every log begins
 * with the empty one, so consistency with size 0 proves nothing and is refused.
 */
int merkle_verify_inclusion(const struct digest *leaf, uint64_t index, uint64_t size,
			    const struct digest *path, size_t count, const struct digest *root,
			    struct error *error);
int merkle_verify_consistency(uint64_t old_size, const struct digest *old_root, uint64_t new_size,
			      const struct digest *new_root, const struct digest *path,
			      size_t count, struct error *error);

#endif
