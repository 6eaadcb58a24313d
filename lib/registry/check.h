/*
 * One record under validation.
 *
 * The parts of validate.h share this: where they are in a record, how to say
 * what is wrong there, and how to look up what a record names.
 */
#ifndef CARNET_REGISTRY_CHECK_H
#define CARNET_REGISTRY_CHECK_H

#include "registry/problems.h"
#include "registry/record_set.h"

/* How a message was reached from the record's body. */
struct step {
	const struct step *up;
	const char *field;
	size_t index; /* SOURCE_WHOLE: the field is not repeated */
};

struct check {
	const struct record_set *set;
	struct problems *problems;
	struct arena *arena; /* for one record */
	const struct record_slice *slice;
	const struct step *path;
	/* Records that a question brings itself: they may be named too. */
	Carnet__V1__Record *const *given;
	size_t given_count;
};

/* What a word may name. */
struct target {
	const char *name; /* "a party" */
	uint32_t kinds;   /* bits 1 << enum kind */
	uint32_t terms;   /* bits 1 << TermKind; for KIND_TERM; 0: any */
	int rulebook;     /* a RulebookKind; 0: any */
	bool group;       /* areas: groups only */
	bool any, none;   /* the words `any`, `none` are allowed too */
};

/* No bit at all for numbers that no enum here has. */
#define CHECK_BIT(number) \
	((unsigned)(number) < 32 ? UINT32_C(1) << ((unsigned)(number)&31) : UINT32_C(0))

/* The same check one message further down. */
struct check check_into(const struct check *check, struct step *step, const char *field,
			size_t index);

/* Adds a problem at a field of `message` (as in the .proto file; NULL: the
 * message itself).  `index` of an element, or SOURCE_WHOLE. */
void check_problem(const struct check *check, const ProtobufCMessage *message, const char *field,
		   size_t index, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Whether `word` names what it should, and a problem with did-you-mean if not. */
bool check_word(const struct check *check, const ProtobufCMessage *message, const char *field,
		size_t index, struct bytes word, const struct target *target);

/* The record that an id names, whatever the day; NULL if none. */
const Carnet__V1__Record *check_find(const struct check *check, enum kind kind, struct bytes id);

#endif
