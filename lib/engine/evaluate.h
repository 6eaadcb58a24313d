/*
 * What a condition comes to, in three values.
 */
#ifndef CARNET_ENGINE_EVALUATE_H
#define CARNET_ENGINE_EVALUATE_H

#include "engine/context.h"

enum { EVALUATE_SCOPES_MAX = 4 };

/*
 * The condition for the leg, rulebook and binding of the context.  Every branch
 * is evaluated, so that every day is noted.  With a trace, leaves that keep it
 * from being true are added to its reasons; none if it is true.
 */
enum truth evaluate(struct context *context, const struct condition *condition);

/* Leaves the context with the binding that docs/DECISIONS.md, 5.1, chooses. */
void evaluate_bind(struct context *context, const struct condition *condition);

/* What it comes to with that binding. */
enum truth evaluate_bound(struct context *context, const struct condition *condition);

/* Of a record test: what its field tests come to for one record. */
enum truth evaluate_fields(struct context *context, const struct condition *condition,
			   const struct record *record);

#endif
