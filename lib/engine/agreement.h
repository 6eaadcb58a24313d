/*
 * Whether a paper between two parties holds, under one law and for one leg.
 */
#ifndef CARNET_ENGINE_AGREEMENT_H
#define CARNET_ENGINE_AGREEMENT_H

#include "engine/match.h"

struct agreement_verdict {
	enum truth truth;
	enum reason_code code; /* of the step that is not true: see agreement_judge */
	symbol word;           /* NOT_COVERED: the fact */
};

/*
 * Takes the steps in their order; all must be true.  The code is that of the
 * first that is false, or if none is, of the first that is unknown.
 */
struct agreement_verdict agreement_judge(struct context *context,
					 const struct world_agreement *agreement);

/* Every day on which the steps may come out otherwise. */
void agreement_note(struct context *context, const struct world_agreement *agreement);

#endif
