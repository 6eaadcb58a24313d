/*
 * The part of an answer that its receipt keeps.
 *
 * A receipt must be small, and must come out the same, byte for byte, when the
 * same engine judges again.  So the outcome is the decision without
 *
 *	sentences, what they are about, and did-you-means, which are made outside the
 *		engine and may be worded otherwise tomorrow; their codes stay
 *	revisions and digests of records, which the evidence lists once
 *	grounds that were not needed for an opinion that permits
 *	of a condition that failed under a ground: what was expected, which the
 *		condition says, and its records, which its opinion lists
 *
 * If that is more than OUTCOME_SIZE_MAX bytes, the grounds stay with their results
 * alone; if it still is, they go; if it still is, the core is left:
 *
 *	verdict, authorises, advisory, holds_until, revision, revision_digest, as_of
 *	the weakest leg, as the only one
 *	what decided: the opinions with the decision's verdict on that leg, each with
 *		rulebook, kind, verdict, decided_by and cite
 *	duties with `performs` and `standing`; reasons with code, condition, found and owner
 *	`trimmed`: SHA-256 and size of the outcome as it was with all conditions
 *
 * of opinions, duties and reasons the first 16, 8, 4, 2 or 1 of each: the most that
 * OUTCOME_CORE_MAX lets in; texts above 128 bytes are left out.  Whoever judges
 * again gets the rest back, and `trimmed` to compare it with.
 */
#ifndef CARNET_CONTRACT_OUTCOME_H
#define CARNET_CONTRACT_OUTCOME_H

#include "base/arena.h"
#include "carnet/v1/transfer.pb-c.h"

/* Leaves room for the other disclosures in a receipt file. */
enum { OUTCOME_SIZE_MAX = 20 * 1024, OUTCOME_CORE_MAX = 12 * 1024 };

/* Canonical JSON, in the arena. */
struct bytes outcome_write(const Carnet__V1__Decision *answer, struct arena *arena);

/* The core at once, for a receipt in which other values need the room. */
struct bytes outcome_write_core(const Carnet__V1__Decision *answer, struct arena *arena);

#endif
