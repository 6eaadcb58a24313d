/*
 * Reading the log back.
 *
 * A receipt is rebuilt from what the store keeps, and compared with the leaf
 * hash that the tree was built over, before anything of it is shown.  Any thread.
 */
#ifndef CARNET_SERVER_ARCHIVE_H
#define CARNET_SERVER_ARCHIVE_H

#include "receipt/merkle.h"
#include "server/batch.h"
#include "server/store_environment.h"

struct archive_receipt {
	uint64_t index;
	struct batch_leaf leaf;
	struct bytes subject; /* the value disclosed: who may have it back */
	struct merkle_path path;
	struct bytes checkpoint; /* the newest */
};

/* Everything in the arena.  ERR_NOT_FOUND beyond the log's end; ERR_CORRUPT if
 * the store does not hold what was written. */
int archive_receipt(struct store *store, uint64_t index, struct arena *arena,
		    struct archive_receipt *out, struct error *error);

/* The newest checkpoint. */
int archive_checkpoint(struct store *store, struct arena *arena, struct bytes *note,
		       struct error *error);

/* Rebuilds every leaf from `first` to before `end` and compares it; counts them. */
int archive_check(struct store *store, uint64_t first, uint64_t end, struct error *error);

#endif
