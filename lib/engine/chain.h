/*
 * From a question to its hops and legs.
 */
#ifndef CARNET_ENGINE_CHAIN_H
#define CARNET_ENGINE_CHAIN_H

#include "engine/context.h"

struct chain {
	struct hop *hops;
	size_t hop_count;
	struct leg *legs; /* by hop, then area, then category */
	size_t leg_count;
	struct word_list origin, origin_maybe; /* of the data, as it travels */
};

/* Words of the question that no record in force has, as reasons; none: all are
 * registered.  Fills in the context's data-set and categories. */
struct reasons chain_check(struct context *context);

/* After chain_check found nothing.  ERR_LIMIT. */
int chain_lay(struct context *context, struct chain *chain, struct error *error);

/* Gives a hop the data's origin as it stands when the data comes there. */
void chain_enter(struct context *context, const struct chain *chain, struct hop *hop);

/* A law applied at a hop, or may have: later ones have it in the data's origin. */
void chain_carry(struct context *context, struct chain *chain, symbol law, enum truth applied);

#endif
