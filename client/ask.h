/*
 * One question on a command line.
 *
 *	--data-set line-out-accounts --purpose essential.service
 *	--to carrier-be --storage BE --mode transmission --to carrier-fr
 *	--fact subject.age=34 --performs encrypt-in-transit
 *
 * Each --to begins the next recipient of the chain; --storage, --access and
 * --mode speak of the recipient before them.
 */
#ifndef CARNET_CLIENT_ASK_H
#define CARNET_CLIENT_ASK_H

#include "base/arena.h"
#include "carnet/v1/registry.pb-c.h"
#include "client/options.h"

enum {
	OPTION_EXPORTER = 2000,
	OPTION_DATA_SET,
	OPTION_CATEGORY,
	OPTION_PURPOSE,
	OPTION_TO,
	OPTION_STORAGE,
	OPTION_ACCESS,
	OPTION_MODE,
	OPTION_ENGAGEMENT,
	OPTION_FACT,
	OPTION_PERFORMS,
	OPTION_AS_OF,
	OPTION_KNOWN_AT,
	OPTION_REFERENCE,
	OPTION_REQUEST_ID,
	OPTION_MIN_REVISION,
};
#define ASK_OPTIONS                                                                             \
	{"exporter", OPTION_EXPORTER, 0, false}, {"data-set", OPTION_DATA_SET, 0, false},       \
		{"category", OPTION_CATEGORY, 0, false}, {"purpose", OPTION_PURPOSE, 0, false}, \
		{"to", OPTION_TO, 0, false}, {"storage", OPTION_STORAGE, 0, false},             \
		{"access", OPTION_ACCESS, 0, false}, {"mode", OPTION_MODE, 0, false},           \
		{"engagement", OPTION_ENGAGEMENT, 0, false}, {"fact", OPTION_FACT, 0, false},   \
		{"performs", OPTION_PERFORMS, 0, false}, {"as-of", OPTION_AS_OF, 0, false},     \
		{"known-at", OPTION_KNOWN_AT, 0, false},                                        \
		{"reference", OPTION_REFERENCE, 0, false},                                      \
		{"request-id", OPTION_REQUEST_ID, 0, false},                                    \
	{                                                                                       \
		"min-revision", OPTION_MIN_REVISION, 0, false                                   \
	}

/* A request that grows; zeroed but for the arena, then ask_init. */
struct ask {
	struct arena *arena;
	Carnet__V1__CheckRequest request;
	bool started; /* an option was taken in */
};

void ask_init(struct ask *ask, struct arena *arena);

/* 1 if the option was one of the question's and is taken in, 0 if it is none,
 * ERR_INVALID if its value cannot be. */
int ask_option(struct ask *ask, const struct option *option, struct error *error);

/* Adds a record to the question's `given`. */
void ask_give(struct ask *ask, Carnet__V1__Record *record);

/* A number without sign, or ERR_INVALID naming `option`. */
int ask_parse_number(const char *option, const char *text, uint64_t *out, struct error *error);

#endif
