/*
 * What `get`, `list` and `expiring` are given: whose records to look up, those of
 * which day and revision, and how to show them.
 */
#ifndef CARNET_CLIENT_LOOKUP_H
#define CARNET_CLIENT_LOOKUP_H

#include "base/date.h"
#include "client/ask.h"
#include "client/asker.h"
#include "client/output.h"
#include "client/phrase.h"

struct lookup {
	struct arena *arena;
	struct asker asker;
	const char *as_of; /* empty: today */
	day on;            /* the same; today's to begin with */
	uint64_t known_at; /* 0: the newest revision */
	enum output output;
	enum language language;
};

/* A command's table has those of these rows that it offers, under names of its own. */
enum { OPTION_OUTPUT = 4000, OPTION_LANGUAGE };
#define LOOKUP_OPTIONS                                                                             \
	ASKER_OPTIONS, {"as-of", OPTION_AS_OF, 0, false}, {"known-at", OPTION_KNOWN_AT, 0, false}, \
	{                                                                                          \
		"output", OPTION_OUTPUT, 'o', false                                                \
	}

void lookup_init(struct lookup *lookup);
void lookup_release(struct lookup *lookup);

/* 1 if the option was one of these and is taken in, 0 if it is none, ERR_INVALID if its value
 * cannot be. */
int lookup_option(struct lookup *lookup, const struct option *option, struct error *error);

/* The records of a kind, as of when the command line says. */
struct asker_listing lookup_listing(const struct lookup *lookup, const char *kind);

#endif
