/*
 * The log's tree while it grows by batches.
 *
 * Leaves join a copy that becomes the tree when their batch is durable and is
 * forgotten when it is not.  Keeps the nodes of the batch under way, and the
 * last of each level: enough to prove every new leaf without reading the store.
 */
#ifndef CARNET_SERVER_GROWTH_H
#define CARNET_SERVER_GROWTH_H

#include "receipt/merkle.h"
#include "server/store_environment.h"

struct growth_level {
	uint64_t first; /* index of nodes[0] */
	struct digest *nodes;
	size_t count, capacity;
	uint64_t last_index; /* the last complete node before the batch */
	struct digest last;
	bool has_last;
};

struct growth {
	struct merkle_tree tree; /* what is durable */
	struct merkle_tree next; /* with the batch under way */
	struct growth_level levels[MERKLE_LEVELS];
};

/* A zeroed one is an empty tree. */
void growth_release(struct growth *growth);

/* The stored tree of `size` leaves. */
int growth_load(struct growth *growth, uint64_t size, struct store_transaction *transaction,
		struct error *error);

void growth_append(struct growth *growth, const struct digest *leaf);

/* Stores the nodes of the batch under way, from level 1 on. */
void growth_store(const struct growth *growth, struct store_transaction *transaction);

/* That a leaf of the batch is in the grown tree. */
int growth_prove(struct growth *growth, uint64_t index, struct merkle_path *out,
		 struct error *error);

void growth_keep(struct growth *growth);
void growth_discard(struct growth *growth);

#endif
