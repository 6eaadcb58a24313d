/*
 * A receipt: the proof that this answer to this question was given at this place
 * in a log that has only ever grown.  Verified offline, from a file and a trust
 * policy, without trusting whoever handed the file over.
 *
 * A receipt file is a tlog-proof (proof.h) whose extra data is the leaf and the
 * disclosures that its holder chose to show:
 *
 *	base64url(E) "~" D "~" ... "~"
 *
 * Its short name is <origin>#<index>.
 */
#ifndef CARNET_RECEIPT_RECEIPT_H
#define CARNET_RECEIPT_RECEIPT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "receipt/leaf.h"
#include "receipt/merkle.h"
#include "receipt/policy.h"

enum { RECEIPT_SIZE_MAX = 512 * 1024 }; /* bytes of a file: read no more */

/* What a file is made of. */
struct receipt_parts {
	struct bytes entry;              /* the leaf E */
	const struct bytes *disclosures; /* texts D; empty ones are left out */
	size_t disclosure_count;
	uint64_t index;
	const struct digest *path;
	size_t path_count;
	struct bytes checkpoint; /* the signed note */
};

/* Appends the file.  ERR_LIMIT if leaf and disclosures exceed PROOF_EXTRA_MAX. */
int receipt_write(const struct receipt_parts *parts, struct buffer *out, struct error *error);

/* What a verified file says.  Everything lives in the caller's arena and file. */
struct receipt {
	struct bytes origin;
	uint64_t index;
	uint64_t size;      /* of the tree that the checkpoint signs */
	struct digest root; /* likewise */
	struct bytes checkpoint;
	struct bytes entry;
	struct digest leaf_hash;
	struct leaf leaf;
	struct leaf_opened disclosures[DISCLOSURE_COUNT]; /* as the file orders them */
	size_t disclosure_count;
	struct policy_findings findings;
};

/*
 * Checks a file in this order, and says of the first thing wrong what it is:
 * size limits and grammar; the log's signature under the policy's key for that
 * origin; the quorum of witnesses; index and path length; the leaf; the path;
 * each disclosure; the meaning (the leaf's issuer is this log).  Only then is
 * `*out` filled in.
 */
int receipt_verify(struct bytes file, const struct policy *policy, struct arena *arena,
		   struct receipt *out, struct error *error);

/* The value of one disclosure, canonical JSON; empty if the file does not show it. */
struct bytes receipt_value(const struct receipt *receipt, enum disclosure which);

#endif
