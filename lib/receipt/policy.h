/*
 * Trust policies: which logs and witnesses a verifier believes, and how many
 * witnesses it asks for (C2SP tlog-policy).  Handed over out of band.
 *
 *	log <vkey> [<url>]
 *	witness <name> <vkey> [<url>]
 *	group <name> all|any|<k> <member>...
 *	quorum <name>|none
 *	# a comment
 *
 * Members and the quorum name what stands above them; there is exactly one
 * quorum line.  Beyond the specification, one origin has one key here, and all
 * keys must differ.
 */
#ifndef CARNET_RECEIPT_POLICY_H
#define CARNET_RECEIPT_POLICY_H

#include "base/arena.h"
#include "base/error.h"
#include "receipt/checkpoint.h"
#include "receipt/vkey.h"

enum {
	POLICY_SIZE_MAX = 1024 * 1024,
	POLICY_LOGS_MAX = 1024,
	POLICY_WITNESSES_MAX = 64,
	POLICY_GROUPS_MAX = 64
};

struct policy; /* lives in the arena it was parsed into; any thread may read it */

/* Errors name the line. */
int policy_parse(struct bytes text, struct arena *arena, struct policy **out, struct error *error);

/* The key of the log with this origin, or NULL. */
const struct vkey *policy_find_log(const struct policy *policy, struct bytes origin);

size_t policy_log_count(const struct policy *policy);

/* A witness that counted. */
struct policy_cosignature {
	struct bytes witness; /* its name in the policy */
	uint64_t time;        /* seconds since 1970, by the witness's clock */
};

/* What a checkpoint showed. */
struct policy_findings {
	struct policy_cosignature *cosignatures; /* in the arena */
	size_t cosignature_count;
};

/*
 * 0 if a log of the policy signed the checkpoint and its witnesses make the
 * quorum.  A bad signature under any key of the policy refuses it, needed or not.
 * `out` may be NULL.
 */
int policy_check(const struct policy *policy, const struct checkpoint *checkpoint,
		 struct arena *arena, struct policy_findings *out, struct error *error);

#endif
