/*
 * What a test that came out wrong offers to be done about it.
 *
 * Only terms marked `offer` make offers: a remedy asks for nothing that the
 * registry's keepers do not want asked for.  docs/DECISIONS.md, 11.1 to 11.3.
 */
#ifndef CARNET_ENGINE_OFFER_H
#define CARNET_ENGINE_OFFER_H

#include "engine/chain.h"
#include "engine/ways.h"

struct step_list {
	const struct step **items;
	size_t count, capacity;
};

/* Keeps every step once, so that a step can be told by its address. */
struct offers {
	struct context *context;
	const struct chain *chain;
	struct step_list *places; /* of the question, then of each hop */
	day noted;                /* the first later day on which an offer may change */
};

struct offers offers_begin(struct context *context, const struct chain *chain);

/* The step by which the leaf would come to `wanted`, at the context's hop and
 * under its rulebook and binding; NULL: it offers none. */
const struct step *offer_of(struct offers *offers, const struct condition *leaf, enum truth wanted);

/* To perform a duty that the question refuses; NULL: it cannot be asked for. */
const struct step *offer_duty(struct offers *offers, symbol duty);

#endif
