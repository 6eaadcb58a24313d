/*
 * The part of an answer that its receipt keeps.
 *
 * A receipt must be small, and must come out the same, byte for byte, when the
 * same engine judges again.  So the outcome is the decision without
 *
 *	sentences and did-you-means, which are made outside the engine and may be worded
 *		otherwise tomorrow; their codes stay
 *	revisions and digests of records, which the evidence lists once
 *	grounds that were not needed for an opinion that permits
 *	of a condition that failed under a ground: what was expected, which the
 *		condition says, and its records, which its opinion lists
 *
 * If that is more than OUTCOME_SIZE_MAX bytes, the grounds stay with their results
 * alone; if it still is, without grounds.  Whoever judges again gets them back.
 */
#ifndef CARNET_CONTRACT_OUTCOME_H
#define CARNET_CONTRACT_OUTCOME_H

#include "base/arena.h"
#include "carnet/v1/transfer.pb-c.h"

/* Leaves room for the other disclosures in a receipt file. */
enum { OUTCOME_SIZE_MAX = 20 * 1024 };

/* Canonical JSON, in the arena. */
struct bytes outcome_write(const Carnet__V1__Decision *answer, struct arena *arena);

#endif
