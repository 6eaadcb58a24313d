/*
 * The commonest tests of a record, without ado: one field that holds a word or
 * words with no broader ones, and one operator.  Nothing is noted or traced.
 */
#ifndef CARNET_ENGINE_PLAIN_H
#define CARNET_ENGINE_PLAIN_H

#include "engine/context.h"

/* What match_field would say, or TRUTH_UNSPECIFIED: not that plain, ask it. */
enum truth plain_match(const struct context *context, const struct record *record,
		       const struct field_test *test);

#endif
