/*
 * A remedy, assumed: what the evaluator finds where its steps are taken.
 *
 * While a set of steps is tried, the context points at it, and facts and tests
 * are asked here first.  Otherwise the pointer is NULL and nobody calls.
 */
#ifndef CARNET_ENGINE_APPLIED_H
#define CARNET_ENGINE_APPLIED_H

#include "engine/reading.h"
#include "engine/ways.h"

struct applied {
	struct way way;
};

/* Puts the witnesses of the fact, if the set has any here, into what was read. */
void applied_change(const struct context *context, struct fact_reference fact,
		    struct reading *reading);

/* What a leaf of a condition comes to by itself; TRUTH_UNSPECIFIED: what it does
 * anyway. */
enum truth applied_truth(const struct context *context, const struct condition *leaf);

/* Whether the set may make a difference to the condition. */
bool applied_touches(const struct context *context, const struct condition *condition);

/* Whether the set performs the duty. */
bool applied_performs(const struct context *context, symbol duty);

/* The mode that the set says for a hop; ACCESS_UNSPECIFIED: none. */
enum access_mode applied_mode(const struct context *context, uint32_t hop);

#endif
