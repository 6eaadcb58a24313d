/*
 * Which records a record test may speak of: those of this leg.
 */
#ifndef CARNET_ENGINE_CANDIDATE_H
#define CARNET_ENGINE_CANDIDATE_H

#include "engine/match.h"

struct candidate {
	const struct record *record;
	/* That it is of this leg, and its fields that are to be `is` a fact are: true,
	 * or unknown.  See candidate_is_matched. */
	enum truth match;
};

struct candidate_list {
	struct candidate *items;
	size_t count, capacity;
};

/* All that are known and may be of this leg, on whatever day they hold, in
 * the order of the model.  Not for agreements: candidate_bind has those.  Tests
 * that ask for the same share the list: it is not to be changed. */
struct candidate_list candidate_gather(struct context *context, const struct condition *test);

/* Whether candidate_gather has looked at this field of the test already, as far
 * as it is among the first CANDIDATE_MATCHED_MAX of these: it only asks for
 * another fact, whatever agreement or engagement is bound, and none that the caller states. */
enum { CANDIDATE_MATCHED_MAX = 4 };
bool candidate_is_matched(const struct field_test *test);

/* The area records over which a finding was reached are part of the evidence. */
void candidate_touch(struct context *context, const struct condition *test,
		     const struct record *record);

/* Fills in the hop's engagements and agreements. */
void candidate_bind(struct context *context, struct hop *hop);

#endif
