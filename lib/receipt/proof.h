/*
 * Receipt files as text (C2SP tlog-proof@v1): opaque extra data, the index of an
 * entry, its inclusion path, and a checkpoint.
 *
 *	c2sp.org/tlog-proof@v1
 *	extra <base64>
 *	index 1234
 *	<base64 of a sibling hash> ... from the leaf to the root
 *
 *	<the checkpoint, as it was signed>
 *
 * There is one text per proof: what is read and written again is the same.
 * Nothing here is verified; receipt.h does that.
 */
#ifndef CARNET_RECEIPT_PROOF_H
#define CARNET_RECEIPT_PROOF_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "receipt/merkle.h"

/* A well-known reader takes lines up to 64 KiB. */
enum { PROOF_EXTRA_MAX = 45000, PROOF_SIZE_MAX = 512 * 1024 };

struct proof {
	struct bytes extra; /* empty: there is none */
	uint64_t index;
	const struct digest *path;
	size_t path_count;
	struct bytes checkpoint;
};

/* Appends the text.  ERR_LIMIT if `extra` is too large. */
int proof_write(const struct proof *proof, struct buffer *out, struct error *error);

/* Reads the text; the parts live in the arena and in `file`. */
int proof_parse(struct bytes file, struct arena *arena, struct proof *out, struct error *error);

#endif
