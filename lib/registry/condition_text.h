/*
 * Conditions as a rulebook writes them, on one line:
 *	not: {assessment: {kind: tia, outcome: ineffective}}
 * For the reasons that a decision shows; nothing reads it back.
 */
#ifndef CARNET_REGISTRY_CONDITION_TEXT_H
#define CARNET_REGISTRY_CONDITION_TEXT_H

#include "base/buffer.h"
#include "carnet/v1/registry.pb-c.h"

void condition_text_append(struct buffer *out, const Carnet__V1__Condition *condition);

/* Several that must all hold: `all: [{...}, {...}]`. */
void condition_text_append_all(struct buffer *out, Carnet__V1__Condition *const *conditions,
			       size_t count);

#endif
