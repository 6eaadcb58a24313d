/*
 * One rulebook on one leg: the eight steps of docs/DECISIONS.md.
 */
#ifndef CARNET_ENGINE_JUDGE_H
#define CARNET_ENGINE_JUDGE_H

#include "engine/evaluate.h"

struct owed {
	symbol duty;
	bool standing;
	struct bytes cite;
};

struct owed_list {
	struct owed *items;
	size_t count, capacity;
};

struct judgement {
	bool spoken;            /* false: no opinion */
	enum truth applies;     /* true and unknown carry the law to later hops */
	struct opinion opinion; /* of this leg alone; its legs are not filled in */
	struct owed_list owed;  /* by duty; of a permission */
};

/* The context holds the leg; the rulebook is in force. */
struct judgement judge(struct context *context, const struct world_rulebook *rulebook);

#endif
