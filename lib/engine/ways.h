/*
 * Ways to a permission: small lists of sets of steps.
 *
 * A step is one thing to say, to record, to obtain or to perform.  A way is a
 * set of steps that are taken together; ways are the alternatives, at most
 * WAYS_MAX of them, none of which contains another, the cheapest first.
 * docs/DECISIONS.md, 11.4, says how they are united and what is left out.
 *
 * Everything lives in the arena; values are passed about by copy.
 */
#ifndef CARNET_ENGINE_WAYS_H
#define CARNET_ENGINE_WAYS_H

#include "engine/decision.h"
#include "engine/list.h"

enum { WAYS_MAX = 8, WAY_STEPS_MAX = 16 };

struct step {
	struct remedy_step said; /* act, place, text: two steps with the same are one */
	symbol about;            /* the fact or the question that it is about, or none */
	bool only_has;           /* tests nothing but `has`, wanted true: may stand beside others */

	struct fact_reference fact; /* FACT_NONE: not a fact's */
	bool has_witness;
	struct value witness;         /* the fact is tried with it */
	const struct condition *leaf; /* else the test that is tried as false; or what a
				       * record to obtain answers */
	symbol question;              /* an open question that it answers, or none */
	enum truth answer;            /* with that */
	symbol duty;                  /* to perform, or none */
};

/* Its steps are in their order and exist once each: the same step is the same
 * pointer. */
struct way {
	uint64_t signature; /* what it may contain: a bit per step, some share one */
	uint32_t effort;
	uint32_t count;
	const struct step *const *steps;
};

struct ways {
	struct way items[WAYS_MAX];
	size_t count;
};

/* Sets before they are made small. */
struct way_list {
	struct way *items;
	size_t count, capacity;
};

/* By act, place and text: 0 for the same step only. */
int step_compare(const struct step *a, const struct step *b);

/* One empty set: nothing needs to be done. */
struct ways ways_nothing(void);

struct ways ways_of(struct arena *arena, const struct step *step);

/* A way without its step at `at`. */
struct way way_without(struct arena *arena, const struct way *way, size_t at);
bool way_equal(const struct way *a, const struct way *b);
bool ways_equal(const struct ways *a, const struct ways *b);

/* Each of the one with each of the other.  `cut` becomes true if sets are left
 * out that are none too many to try, and stays as it is otherwise. */
struct ways ways_unite(struct arena *arena, const struct ways *a, const struct ways *b, bool *cut);

/* Alternatives are gathered with ways_add, then made small at once. */
void ways_add(struct arena *arena, struct way_list *list, const struct ways *ways);
struct ways ways_small(struct way_list *list, bool *cut);

#endif
