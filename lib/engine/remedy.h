/*
 * What would permit it: the last step of a decision.
 *
 * Nothing here changes a verdict or a reason.  docs/DECISIONS.md, 11.
 */
#ifndef CARNET_ENGINE_REMEDY_H
#define CARNET_ENGINE_REMEDY_H

#include "engine/trial.h"

enum { REMEDY_LEGS_MAX = 64 };

/* The decision is complete but for its remedies and its last day.  Sets the
 * context's days to what the offers add. */
void remedy_seek(struct context *context, const struct chain *chain, struct rulebooks rulebooks,
		 struct decision *decision);

#endif
