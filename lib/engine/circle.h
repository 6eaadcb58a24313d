/*
 * Chains that come back to where they have been.
 *
 * A party that gets the same data twice in one chain is a mistake in the
 * question: what it sends on the second time it could send the first time, and
 * the origin of the data would grow by what it has itself added.  One hop from
 * the exporter to itself is no circle: a party may move what it holds to another
 * place of its own.
 */
#ifndef CARNET_ENGINE_CIRCLE_H
#define CARNET_ENGINE_CIRCLE_H

#include "engine/question.h"

/* What to say of `recipients[i].party`, for printf: the party's name. */
#define CIRCLE_TEXT                                                                      \
	"the chain comes back to '%.*s', which has had the data already; end the chain " \
	"before, and ask the way back as a question of its own"

/*
 * True if a recipient is the same party as one before it, or, from the second
 * on, as the exporter; `*at` is then the first such recipient.
 */
bool circle_in(const struct world *world, const struct question *question, size_t *at);

#endif
