/*
 * Values against values: tests, in three values.
 */
#ifndef CARNET_ENGINE_MATCH_H
#define CARNET_ENGINE_MATCH_H

#include "engine/reading.h"

/* What the test comes to for a fact. */
enum truth match_fact(struct context *context, const struct test *test, const struct reading *fact);

/* For a field of a record: `is` asks whether the other fact lies within the
 * field, and the word `any` stands for everything. */
enum truth match_field(struct context *context, const struct test *test,
		       const struct reading *field);

/* Whether what was read lies within a record's words, as agreements cover. */
enum truth match_within(struct context *context, const struct reading *reading, struct words words);

/* The same with one word. */
enum truth match_word(struct context *context, const struct reading *reading, symbol word);

#endif
