/*
 * Decisions made before, given again.
 *
 * decide() is pure: the same question of the same world has the same answer on
 * every day before the answer's holds_until.  So a thread may keep what it
 * decided, and look it up by the question alone:
 *
 *	struct recall *recall = recall_new(64 << 20);
 *	recall_decide(recall, world, &question, arena, &decision, &error);
 *
 * gives byte for byte what decide() would.  A decision is given again only if
 * the world is the same (not merely at the same address), every word, fact,
 * value and performance of the question is the same in the same order, the
 * revision is the same, and the day lies between the day that was judged and
 * holds_until.
 *
 * One per thread; nothing is shared and nothing locked.
 */
#ifndef CARNET_ENGINE_RECALL_H
#define CARNET_ENGINE_RECALL_H

#include "engine/decide.h"

struct recall;

/* Keeps decisions until they and their questions take `bytes`, and then
 * forgets them all; while it decides it takes one decision more.  Another
 * world makes it forget, too. */
struct recall *recall_new(size_t bytes);
void recall_free(struct recall *recall);

/*
 * Like decide(), and the same without a recall (NULL).  `*out` may live in the
 * recall and is good until its next call or recall_free, and as long as `arena`
 * and `world`; it does not point into the question.
 */
int recall_decide(struct recall *recall, const struct world *world, const struct question *question,
		  struct arena *arena, const struct decision **out, struct error *error);

/* What it holds and how often it was of use, since recall_new. */
struct recall_figures {
	size_t decisions, bytes;
	uint64_t given_again, decided, forgotten;
};
struct recall_figures recall_figures(const struct recall *recall);

#endif
