/*
 * Whether a set of steps would permit.
 *
 * The question is decided again with the steps taken, for its verdict alone:
 * no reasons, and it ends at the first leg that is not permitted.
 */
#ifndef CARNET_ENGINE_TRIAL_H
#define CARNET_ENGINE_TRIAL_H

#include "engine/chain.h"
#include "engine/ways.h"

struct rulebooks {
	const struct world_rulebook *const *items; /* those in force, by id */
	size_t count;
	const uint8_t *applied; /* enum truth: each on the first leg, then each on the next */
};

struct verdict_list {
	struct tried {
		struct way way;
		bool permits;
	} * items;
	size_t count, capacity;
};

/* A rulebook that did not permit a leg: where a trial fails, if it does. */
struct suspect {
	uint32_t leg;
	const struct world_rulebook *rulebook;
};

struct suspect_list {
	struct suspect *items;
	size_t count, capacity;
};

struct trial {
	struct context *context;
	const struct chain *chain; /* as it was judged */
	struct rulebooks rulebooks;
	struct suspect_list suspects; /* looked at first; the caller may add some */
	struct hop *hops;             /* to change */
	struct verdict_list known;
};

struct trial trial_begin(struct context *context, const struct chain *chain,
			 struct rulebooks rulebooks);

bool trial_permits(struct trial *trial, const struct way *way);

/* The duties that are owed, as the context's binding has it, and refused: to
 * the list, in their order.  `bound`: each is bound as it stands, else anew. */
void trial_refusals(struct context *context, const struct duties *duties, bool bound,
		    struct word_list *refused);

#endif
