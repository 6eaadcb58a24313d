/*
 * The decision.
 *
 * A pure function: no clock, no file, no lock, and nothing kept of one question
 * for the next.
 * The same world, question and instant give the same answer on every machine.
 * Any number of threads may decide over one sealed world, each with an arena
 * of its own.
 */
#ifndef CARNET_ENGINE_DECIDE_H
#define CARNET_ENGINE_DECIDE_H

#include "engine/decision.h"
#include "engine/question.h"

/*
 * Judges every leg by every rulebook; the strictest opinion wins.  `*out` lives
 * in `arena` and points into `world` and `question`.
 *
 * ERR_LIMIT if the question has more than QUESTION_LEGS_MAX legs, ERR_INVALID
 * if it has no recipient or comes back to a party (circle.h); `*out` is then
 * NULL.  A refusal is no error.
 */
int decide(const struct world *world, const struct question *question, struct arena *arena,
	   const struct decision **out, struct error *error);

#endif
