/*
 * What a fact, or a field of a record, is found to be.
 */
#ifndef CARNET_ENGINE_READING_H
#define CARNET_ENGINE_READING_H

#include "engine/context.h"

/*
 * Known values, and whether there may be others.  Wholly unknown: no value and
 * open.  A scalar has one value at most; a set that is known to be empty has
 * none and is not open.
 */
struct reading {
	enum domain domain;
	enum value_type type;
	bool set;
	bool open;
	bool is_today;  /* the day that is judged: comparing it looks at days */
	bool is_stated; /* by the caller */
	size_t count;
	size_t maybe_count;
	const struct record *record; /* it was read from, or NULL */
	symbol name;                 /* the fact's */
	symbol word;         /* the one value, where there are neither words nor values ... */
	int64_t number;      /* ... and count is 1 */
	const symbol *words; /* VALUE_WORD, unless NULL */
	const struct value *values;
	const symbol *maybe; /* words that may be among them */
};

struct value reading_value(const struct reading *reading, size_t at);

/* All values in the arena, for a reason. */
struct values reading_values(struct context *context, const struct reading *reading);

/* Notes the days it depends on and traces what it was read from. */
struct reading reading_of_fact(struct context *context, struct fact_reference fact);

/* A field in dispute reads as unknown.  The kind must have the field. */
struct reading reading_of_field(struct context *context, const struct record *record,
				enum field field);

/* As conditions compare the leg: an area or category nobody named is unknown. */
struct reading reading_of_word(enum domain domain, symbol word);

#endif
