/*
 * Decisions written out: the engine's words and values as text.
 *
 * Sentences for people are made elsewhere; here a value becomes the scalar
 * that YAML would show, a list `[KR, JP]`, a missing value `unknown`.
 */
#ifndef CARNET_ENGINE_EXPLAIN_H
#define CARNET_ENGINE_EXPLAIN_H

#include "base/buffer.h"
#include "engine/decision.h"

/* One value: `true`, `13`, `2021-09-07`, `KR`. */
void explain_value(const struct world *world, struct value value, struct buffer *out);

/* What was found: `KR`, `[KR, JP]`, `unknown`. */
void explain_found(const struct world *world, const struct reason *reason, struct buffer *out);

/* What the condition asks for, `one of [KR, JP]`, `at least 13`; nothing if the
 * reason names no condition that tests a fact or a record. */
void explain_expected(const struct world *world, const struct reason *reason, struct buffer *out);

/* "agreement: {agreement: {instrument: eu-scc-2021}}" */
void explain_absence(const struct absence *absence, struct buffer *out);

#endif
