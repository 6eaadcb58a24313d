/*
 * What a revision of the registry is, beside its records: a link in a chain.
 *
 * A header is made once, by whoever commits the revision, and is the same bytes
 * on every node; its digest is the next one's `previous`.
 *
 *	version u8 (1), number u64, previous 32, records 32, change set 32,
 *	instant u64, proposal (length u16), reason (length u32)
 */
#ifndef CARNET_SERVER_REVISION_HEADER_H
#define CARNET_SERVER_REVISION_HEADER_H

#include "base/buffer.h"
#include "base/date.h"
#include "base/error.h"
#include "crypto/hash.h"

enum { REVISION_HEADER_VERSION = 1 };

struct revision_header {
	uint64_t number;
	struct digest previous;   /* of the header before; zero for the first */
	struct digest records;    /* the revision's digest (registry/revision.h) */
	struct digest change_set; /* zero for the first, which came from folders */
	instant_ms instant;
	struct bytes proposal; /* its id; empty for the first */
	struct bytes reason;
};

void revision_header_write(const struct revision_header *header, struct buffer *out);

/* The texts point into `bytes`. */
int revision_header_read(struct bytes bytes, struct revision_header *out, struct error *error);

struct digest revision_header_digest(const struct revision_header *header);

#endif
