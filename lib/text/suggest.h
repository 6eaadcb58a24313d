/*
 * Did you mean ...?
 *
 * Looks for the nearest of many words by edit distance (insert, delete,
 * change, swap two neighbours), blind to case and to - against _.  Candidates
 * are offered one by one, in any order: the result does not depend on it.
 *
 *	struct suggestion suggestion = suggest_for(word);
 *
 *	suggest_offer(&suggestion, candidate);
 *	...
 *	if (suggestion.best.size)
 *		... did you mean suggestion.best?
 */
#ifndef CARNET_TEXT_SUGGEST_H
#define CARNET_TEXT_SUGGEST_H

#include "base/bytes.h"

enum { SUGGEST_SIZE_MAX = 128 }; /* longer words have no neighbours */

struct suggestion {
	struct bytes word;
	struct bytes best; /* a view of a candidate; empty: none is near */
	unsigned distance; /* of the best; at first, the first that is too far */
};

/* A third of the word may differ, at most three characters. */
struct suggestion suggest_for(struct bytes word);

/* Cheap for candidates of another length.  Equal distances: the lesser bytes. */
void suggest_offer(struct suggestion *suggestion, struct bytes candidate);

/* All at once, from C strings; empty if none is near. */
struct bytes suggest_among(struct bytes word, const char *const *candidates, size_t count);

/* Writes "; did you mean 'best'?" into `out`, or nothing if none is near, and
 * returns it: for the end of an error line. */
enum { SUGGEST_TEXT_SIZE = 192 };
const char *suggest_text(const struct suggestion *suggestion, char out[SUGGEST_TEXT_SIZE]);

#endif
