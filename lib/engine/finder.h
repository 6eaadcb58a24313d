/*
 * Searches: a question with one word left open.
 *
 * A finder puts every word that is registered for the place into it, one after
 * the other in the byte order of their ids, and has decide() answer each
 * question that comes of it.  Nothing else decides: what a search finds is, word
 * for word, what a question with that word would permit.
 *
 *	finder = finder_new(world, question, FINDER_RECIPIENT, after, arena);
 *	while (finder_next(finder)) {
 *		if (finder_decide(finder, scratch, &decision, error))
 *			return error->code;
 *		if (finder_permits(decision))
 *			keep(finder_word(finder), decision);
 *		arena_reset(scratch);
 *	}
 *
 * A step takes as long as one decision, so whoever has other things to do stops
 * between two; whoever stops for longer notes the word and begins again after it.
 */
#ifndef CARNET_ENGINE_FINDER_H
#define CARNET_ENGINE_FINDER_H

#include "engine/decide.h"

/* The word left open.  What the question says in its place counts for nothing. */
enum finder_open {
	FINDER_RECIPIENT,   /* the party of the last recipient; of the only one if there is none */
	FINDER_DESTINATION, /* the storage of the last recipient: one area */
	FINDER_DATA_SET,
	FINDER_CATEGORY, /* the categories: one */
	FINDER_PURPOSE,
	FINDER_OPEN_COUNT
};

struct finder;

/*
 * Words after `after` in byte order; empty: from the first on.  The finder lives
 * in `arena`, and as long as world and question do.
 */
struct finder *finder_new(const struct world *world, const struct question *question,
			  enum finder_open open, struct bytes after, struct arena *arena);

/* Goes on to the next word that is in force on the question's day, as known at
 * its revision.  False if there is none. */
bool finder_next(struct finder *finder);

/* The word that finder_next went on to; lives as long as the world. */
struct bytes finder_word(const struct finder *finder);

/*
 * Decides the question with that word; what decide() says of `out` and of errors
 * holds here, and errors name the word.  `*out` is NULL if the word would make the
 * chain a circle (circle.h): there is no such question.
 */
int finder_decide(const struct finder *finder, struct arena *arena, const struct decision **out,
		  struct error *error);

/* True if that word is found.  NULL is not. */
bool finder_permits(const struct decision *decision);

#endif
