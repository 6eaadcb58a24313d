/*
 * Opinions that say the same of several legs, folded into one; and what all of
 * them together come to.
 */
#ifndef CARNET_ENGINE_FOLD_H
#define CARNET_ENGINE_FOLD_H

#include "engine/judge.h"

struct fold;

/* Room for the opinions of so many rulebooks, and for those of nobody. */
struct fold *fold_new(struct context *context, size_t rulebook_count);

/* Adds what the rulebook of that place says of a leg; legs come in order.  The
 * place after the last is nobody's: laws that are missing. */
void fold_add(struct fold *fold, size_t place, const struct judgement *judgement, uint32_t leg);

/* Opinions by place, then by their first leg; duties, reasons and records of
 * all of them.  The decision's verdict is there already. */
void fold_write(struct fold *fold, bool has_silent_leg, struct decision *decision);

#endif
