/*
 * Which records a record test may speak of: those of this leg.
 */
#ifndef CARNET_ENGINE_CANDIDATE_H
#define CARNET_ENGINE_CANDIDATE_H

#include "engine/match.h"

struct candidate {
	const struct record *record;
	enum truth match; /* that it is of this leg: true, or unknown */
};

struct candidate_list {
	struct candidate *items;
	size_t count, capacity;
};

/* All that are known and may be of this leg, on whatever day they hold, in
 * the order of the model.  Not for agreements: candidate_bind has those. */
struct candidate_list candidate_gather(struct context *context, const struct condition *test);

/* The area records over which a finding was reached are part of the evidence. */
void candidate_touch(struct context *context, const struct condition *test,
		     const struct record *record);

/* Fills in the hop's engagements and agreements. */
void candidate_bind(struct context *context, struct hop *hop);

#endif
