/*
 * Did you mean ...?  For words of a question that the registry does not know.
 *
 * Looks through all words of the world, so it runs after decide(), and only
 * for words that are unknown.
 */
#ifndef CARNET_CONTRACT_NEAREST_H
#define CARNET_CONTRACT_NEAREST_H

#include "contract/question.h"
#include "engine/decision.h"

/* Words looked through for one answer, over all that is unknown in it: a courtesy
 * must not cost more than the decision.  The words added last come first: in a large
 * registry most of the others are ids of agreements. */
enum { NEAREST_EFFORT = 50000 };

/*
 * The registered word nearest to `word`, of the kind that the reason's code
 * says is unknown; with REASON_NONE a fact that a caller may state or a duty.
 * Empty if none is near, or none was found before `*effort` (at first
 * NEAREST_EFFORT) was used up.  A view into the world.
 */
struct bytes nearest_word(const struct asked *asked, enum reason_code unknown, struct bytes word,
			  uint32_t *effort);

#endif
