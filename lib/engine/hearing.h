/*
 * Conditions heard on one leg and not again on the next.
 *
 * Legs of a hop differ in area and category, and most conditions look at
 * neither, or at one.  What such a condition came to, why, what it was bound
 * to and what it looked at is kept, and holds for the other legs of the hop
 * that are alike in what it looked at.
 */
#ifndef CARNET_ENGINE_HEARING_H
#define CARNET_ENGINE_HEARING_H

#include "engine/evaluate.h"

/* From here on the context's conditions are kept.  Worth it if there are legs to come. */
void hearing_begin(struct context *context);

/*
 * Like evaluate_bound, or evaluate if the condition is `bound` already.  The
 * reasons it leaves are taken from the trace, which must be there, and given in `why`.
 */
enum truth hearing_of(struct context *context, const struct condition *condition, bool bound,
		      struct reasons *why);

#endif
