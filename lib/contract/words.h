/*
 * Reason codes as sentences.
 *
 * One table in words.c has a sentence per code; other languages will be other
 * tables of the same shape.  Programs read the code: a sentence may change.
 */
#ifndef CARNET_CONTRACT_WORDS_H
#define CARNET_CONTRACT_WORDS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/decision.h"

/* What a sentence may speak of; each may be empty. */
struct words_parts {
	struct bytes word;  /* a ground, a fact, a duty, an area ... */
	struct bytes text;  /* as the question says it */
	struct bytes field; /* "recipients[0].storage[1]" */
	struct bytes condition, found, expected;
};

/* The sentence in the arena; the code's name for a code without one. */
char *words_reason(enum reason_code code, const struct words_parts *parts, struct arena *arena);

#endif
