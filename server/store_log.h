/*
 * The receipt log in the store: batches, tree nodes, the signed head.
 *
 * Hashes of leaves stand in their batches (batch.h).  Nodes from level 1 on lie
 * in groups of 32, so that a commit touches few keys.  What is written here is
 * never written again with another content, except the head and the last,
 * unfinished group of a level.
 */
#ifndef CARNET_SERVER_STORE_LOG_H
#define CARNET_SERVER_STORE_LOG_H

#include "crypto/hash.h"
#include "receipt/merkle.h"
#include "server/store_environment.h"

/* A batch whose first entry has this index; it must lie behind all others. */
void store_log_put_batch(struct store_transaction *transaction, uint64_t first, struct bytes value);

/* The batch that holds entry `index`, and the index of its first. */
bool store_log_find_batch(struct store_transaction *transaction, uint64_t index, uint64_t *first,
			  struct bytes *value);

/* A batch_fetch: `arg` is the transaction. */
bool store_log_fetch_batch(void *arg, uint64_t first, struct bytes *value);

/* Complete nodes of one level (1 or more), from index `first` on. */
void store_log_put_nodes(struct store_transaction *transaction, unsigned level, uint64_t first,
			 const struct digest *nodes, size_t count);

/* A merkle_read: `arg` is the transaction. */
int store_log_read_node(void *arg, unsigned level, uint64_t index, struct digest *out,
			struct error *error);

/* The newest checkpoint, as it was signed. */
void store_log_put_head(struct store_transaction *transaction, struct bytes note);
bool store_log_head(struct store_transaction *transaction, struct bytes *note);

/* Whose log it is: written once, when the store is laid out. */
void store_log_put_origin(struct store_transaction *transaction, struct bytes origin);
bool store_log_origin(struct store_transaction *transaction, struct bytes *origin);

#endif
