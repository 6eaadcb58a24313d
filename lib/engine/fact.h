/*
 * The names that conditions may use: facts, and fields of records.
 *
 * Compile looks names up once; what a rulebook says by name the engine reads
 * by number.  A fact that is not in the table here is a caller's term: its
 * `term` record says what it holds and what saying nothing means.
 */
#ifndef CARNET_ENGINE_FACT_H
#define CARNET_ENGINE_FACT_H

#include "engine/record.h"

/* What a single value is. */
enum value_type { VALUE_NONE, VALUE_FLAG, VALUE_NUMBER, VALUE_DATE, VALUE_WORD };

/* What a word names: where it is looked up, and what falls under what. */
enum domain {
	DOMAIN_NONE, /* not a word */
	DOMAIN_TERM,
	DOMAIN_AREA,
	DOMAIN_CATEGORY,
	DOMAIN_PURPOSE,
	DOMAIN_PARTY,
	DOMAIN_RULEBOOK,
	DOMAIN_INSTRUMENT,
	DOMAIN_MODE,       /* storage, remote-access ...: world_mode_word */
	DOMAIN_STATUS,     /* active, suspended, withdrawn: world_status_word */
	DOMAIN_KEY_HOLDER, /* a term or a party */
	DOMAIN_COVERAGE,   /* a category or a term */
	DOMAIN_AUTHORITY,  /* a rulebook, a party or a term */
	DOMAIN_MODULE,     /* a module of the agreement's instrument */
	DOMAIN_RECORD      /* a record's own id */
};

enum fact {
	FACT_NONE,
	FACT_TERM, /* any other name: a caller's term */
	FACT_AS_OF,
	FACT_LEG_AREA,
	FACT_LEG_CATEGORY,
	FACT_LEG_PURPOSE,
	FACT_LEG_TAGS,
	FACT_ACCESS_MODE,
	FACT_EXPORTER_PARTY,
	FACT_EXPORTER_AREAS,
	FACT_EXPORTER_BOUND_BY,
	FACT_EXPORTER_PUBLIC_BODY,
	FACT_EXPORTER_SECTOR,
	FACT_EXPORTER_IS,
	FACT_IMPORTER_PARTY,
	FACT_IMPORTER_AREA,
	FACT_IMPORTER_AREAS,
	FACT_IMPORTER_IS,
	FACT_IMPORTER_BOUND_BY,
	FACT_IMPORTER_PUBLIC_BODY,
	FACT_IMPORTER_SECTOR,
	FACT_IMPORTER_SUPERVISED_BY,
	FACT_IMPORTER_SAME_LEGAL_PERSON,
	FACT_ENGAGEMENT_EXPORTER_ROLE,
	FACT_ENGAGEMENT_IMPORTER_ROLE,
	FACT_ENGAGEMENT_CAPACITY,
	FACT_ENGAGEMENT_PROVIDER_HANDLES_DATA,
	FACT_KEYS_HOLDER,
	FACT_KEYS_AREA,
	FACT_KEYS_SHARED_CONTROL,
	FACT_DATA_SET,
	FACT_DATA_CATEGORIES,
	FACT_DATA_KEY,
	FACT_DATA_ORIGIN,
	FACT_DATA_POLICIES,
	FACT_DATA_LOCAL_COPY,
	FACT_DATA_SUBJECTS,
	FACT_PERFORMS,
	FACT_COUNT
};

/* A name as a condition may use it, and what stands behind it. */
struct shape {
	const char *name; /* "leg.area", "next-due" */
	enum value_type type;
	enum domain domain;
	bool set;      /* several values: `has` asks for one, `in` for all */
	bool testable; /* fields: a record test may name it */
};

/* FACT_NONE if there is no built-in fact of this name. */
enum fact fact_find(struct bytes name);

/* Of a built-in fact (FACT_AS_OF up to FACT_COUNT - 1). */
const struct shape *fact_shape(enum fact fact);

/* Fields of records, one numbering for all kinds: at most 64. */
enum field {
	FIELD_NONE,
	FIELD_ID,
	FIELD_ADDENDA,
	FIELD_ANNEXES_COMPLETE,
	FIELD_APPROVED,
	FIELD_AREA,
	FIELD_AREAS,
	FIELD_BOUND_BY,
	FIELD_BRANCH_OF,
	FIELD_BY,
	FIELD_CAPACITY,
	FIELD_CATEGORIES,
	FIELD_COVERS,
	FIELD_DATE,
	FIELD_EMPLOYEE_OF,
	FIELD_ESTABLISHMENTS,
	FIELD_HOLDER,
	FIELD_EXPORTER,
	FIELD_EXPORTER_ROLE,
	FIELD_IMPORTER,
	FIELD_IMPORTER_ROLE,
	FIELD_INSTRUMENT,
	FIELD_IS,
	FIELD_KEY,
	FIELD_KEYS_AREA,
	FIELD_KEYS_HOLDER,
	FIELD_KEYS_SHARED_CONTROL,
	FIELD_KIND,
	FIELD_LOCAL_COPY,
	FIELD_MODES,
	FIELD_MODULE,
	FIELD_NAMES,
	FIELD_NEXT_DUE,
	FIELD_ORIGIN,
	FIELD_OUTCOME,
	FIELD_POLICIES,
	FIELD_PROVIDER_HANDLES_DATA,
	FIELD_PUBLIC_BODY,
	FIELD_PURPOSES,
	FIELD_RECIPIENTS,
	FIELD_ROLE,
	FIELD_SAFEGUARDS,
	FIELD_SAYS,
	FIELD_SCHEME,
	FIELD_SCOPE,
	FIELD_SECTOR,
	FIELD_SIGNED,
	FIELD_STATUS,
	FIELD_STAYS,
	FIELD_SUBJECTS,
	FIELD_SUPERVISED_BY,
	FIELD_UNCHANGED,
	FIELD_COUNT
};

#define FIELD_BIT(field) (UINT64_C(1) << (field))

/* The field of this name that records of the kind have, or FIELD_NONE.  Names
 * as YAML writes them.  Fields that no condition can reach (notes, evidence,
 * hashes) are not here: one of them in `unsettled` changes no decision. */
enum field field_find(enum record_kind kind, struct bytes name);

/* NULL if the kind has no such field. */
const struct shape *field_shape(enum record_kind kind, enum field field);

#endif
