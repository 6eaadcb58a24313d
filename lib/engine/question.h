/*
 * What decide() is asked.
 *
 * The caller of the engine fills it in and keeps it alive, with all it points
 * at, until the decision is no longer read.  Words that the registry does not
 * have are not refused here: they keep their text, and make a denial.
 */
#ifndef CARNET_ENGINE_QUESTION_H
#define CARNET_ENGINE_QUESTION_H

#include "base/error.h"
#include "engine/world.h"

enum { QUESTION_LEGS_MAX = 1024 };

/* A word of the question.  Said if the text is not empty; `id` is its symbol
 * in the world's table, or SYMBOL_NONE if it has none. */
struct word {
	symbol id;
	struct bytes text;
};

struct recipient {
	struct word party;
	const struct word *storage; /* areas where it stores */
	size_t storage_count;
	const struct word *access; /* areas from where it looks */
	size_t access_count;
	enum access_mode mode;  /* ACCESS_UNSPECIFIED: unknown */
	struct word engagement; /* not said: any of the two parties */
};

/* A caller's fact.  One whose name is no term `by: caller` in force on the day has no
 * values, and only that term's days count.  Values are typed as the term says: flag,
 * number, date, else words. */
struct stated_fact {
	symbol name;
	struct values values;
	struct bytes unresolved; /* text of the first word without a record in force; else empty */
};

struct performance {
	symbol duty;
	bool yes;
};

struct question {
	struct word exporter; /* not said: the data-set's */
	struct word data_set;
	const struct word *categories; /* none: the data-set's */
	size_t category_count;
	struct word purpose;
	const struct recipient *recipients; /* in chain order */
	size_t recipient_count;
	const struct stated_fact *facts; /* each name once */
	size_t fact_count;
	const struct performance *performs; /* each duty once */
	size_t perform_count;
	day as_of;
	uint64_t known_at;     /* a revision, never 0 for "newest" */
	bool without_remedies; /* for whoever asks many and tells none of them: not sought */
};

/* The exporter the question speaks of: its own, or its data-set's on that day;
 * SYMBOL_NONE if neither is registered. */
symbol question_exporter(const struct world *world, const struct question *question);

/* A word as the question says it: looked up in the world's table. */
struct word question_word(const struct world *world, struct bytes text);

#endif
