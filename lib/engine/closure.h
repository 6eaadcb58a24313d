/*
 * What falls under what: areas in areas and groups, categories and purposes
 * in broader ones, on the day and at the revision of the question.
 */
#ifndef CARNET_ENGINE_CLOSURE_H
#define CARNET_ENGINE_CLOSURE_H

#include "engine/context.h"

/* A word and all that it falls under, itself first, nearest first. */
struct closure {
	const symbol *words;
	const struct record *const *records; /* the slice of each that speaks, or NULL */
	const uint32_t *below;               /* from which word each was reached */
	size_t count;
	size_t firm; /* those after it were reached over a field in dispute: it may be so */
};

/* Notes every day on which it would change.  The kind is area, category or
 * purpose. */
const struct closure *closure_of(struct context *context, enum record_kind kind, symbol word);

/* Where `word` stands in the closure; 0 is the word itself, -1 not at all. */
long closure_find(const struct closure *closure, symbol word);

/* Whether anything known has ever named the word as broader, and so the word
 * may be the whole of a part. */
bool closure_is_divided(const struct context *context, enum record_kind kind, symbol word);

#endif
