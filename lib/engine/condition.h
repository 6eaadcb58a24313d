/*
 * Conditions, as compile hands them over.
 *
 * A condition is a tree of operators over tests of facts and of records.  Its
 * nodes live in the world's arena (world_arena) and are never changed once
 * the world is sealed, which ranks them.  docs/DECISIONS.md says what each comes to.
 */
#ifndef CARNET_ENGINE_CONDITION_H
#define CARNET_ENGINE_CONDITION_H

#include "engine/fact.h"

/* Three values, so ordered that `all` is the least and `any` the greatest.
 * The numbers of carnet.v1.Truth. */
enum truth { TRUTH_UNSPECIFIED, TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

struct value {
	enum value_type type;
	symbol word;    /* VALUE_WORD */
	int64_t number; /* VALUE_FLAG: 0 or 1; VALUE_NUMBER; VALUE_DATE: a day */
};

struct values {
	const struct value *items;
	size_t count;
};

/* A fact by number, or a caller's term by name. */
struct fact_reference {
	enum fact fact; /* FACT_NONE: none */
	symbol term;    /* FACT_TERM: its name */
};

/* All members that are given must hold. */
struct test {
	struct values in, has, main; /* count 0: not given */
	const struct value *lt, *ge; /* NULL: not given */
	struct fact_reference is;    /* FACT_NONE: not given */
};

struct field_test {
	enum field field;
	struct test test;
};

enum condition_op {
	CONDITION_NONE,
	CONDITION_ALL,
	CONDITION_ANY,
	CONDITION_NOT,  /* of[0] */
	CONDITION_SURE, /* all of `of` are true, else false */
	CONDITION_COND,
	CONDITION_UNSETTLED,
	CONDITION_FACT,
	CONDITION_RECORD
};

struct definition;

struct condition {
	enum condition_op op : 8;
	enum record_kind record : 8; /* RECORD: finding, agreement, certificate ... */
	uint32_t rank;     /* RECORD: by kind and text among all tests; filled in by world_seal */
	struct bytes text; /* as a rulebook writes it, one line; each node has its own */

	/* A decision walks through hundreds of nodes: what one op has another has not. */
	union {
		const struct condition *of;          /* ALL, ANY, NOT, SURE */
		const struct definition *definition; /* COND */
		const struct test *test;             /* FACT */
		const struct field_test *fields;     /* RECORD */
	};
	union {
		size_t count;               /* ALL, ANY, NOT, SURE */
		size_t field_count;         /* RECORD */
		struct fact_reference fact; /* FACT */
		symbol question;            /* UNSETTLED: a term */
	};
};

/* A name in a rulebook's `define`: all of its conditions must hold, so
 * `condition` is an ALL where there are several.  Definitions never run in a
 * circle; whoever builds them sees to that. */
struct definition {
	symbol name;
	const struct condition *condition;
};

bool values_equal(struct values a, struct values b);

/* Whether nothing but that is given. */
bool test_asks_only_in(const struct test *test);
bool test_asks_only_has(const struct test *test);

/* Whether all that makes `narrow` true makes `wide` true, as far as it can be seen: with the
 * same operators and values, or alone `in`, or `has`, of some of the same words. */
bool test_implies(const struct test *narrow, const struct test *wide);

#endif
