/*
 * What facts, and fields of records, can hold.
 *
 * The engine's tables say it of its own names; of a caller's term its record
 * does.  Validation asks here whether a test makes sense, compile what type its
 * values have.
 */
#ifndef CARNET_REGISTRY_MEANING_H
#define CARNET_REGISTRY_MEANING_H

#include "engine/fact.h"
#include "registry/check.h"

struct meaning {
	enum value_type type;
	enum domain domain;           /* of words */
	bool set;                     /* several values */
	struct target names;          /* what its words name; no kinds: see `domain` */
	const Carnet__V1__Term *term; /* of a caller's term, else NULL */
};

/* False if there is no such fact: neither one of the engine's nor a term of kind fact. */
bool meaning_of_fact(const struct check *check, struct bytes name, struct meaning *out);

/* False if records of the kind have no such field, or none that can be tested. */
bool meaning_of_field(enum record_kind kind, struct bytes name, struct meaning *out);

/* For an unknown name: "; did you mean ...?", or a cure without.  In the check's arena. */
const char *meaning_suggest_fact(const struct check *check, struct bytes name);
const char *meaning_suggest_field(const struct check *check, enum record_kind kind,
				  struct bytes name);

/* Whether a value is written as this type is. */
bool meaning_has_type(const Carnet__V1__Value *value, enum value_type type);

/* Whether a single value can be of the meaning; adds a problem if not. */
bool meaning_check_value(const struct check *check, const ProtobufCMessage *message,
			 const char *field, size_t index, const Carnet__V1__Value *value,
			 const struct meaning *meaning);

#endif
