/*
 * What decide() answers.
 *
 * All of it lives in the arena that decide() was given and points into the
 * world: both must outlive it.  Nothing is formatted: reasons hold conditions,
 * words and values, and explain.h writes them out for people.
 *
 * The order of every array is part of the model (docs/DECISIONS.md, "Order"),
 * so equal decisions are equal byte for byte once written.
 */
#ifndef CARNET_ENGINE_DECISION_H
#define CARNET_ENGINE_DECISION_H

#include "engine/world.h"

/* The numbers of carnet.v1.Verdict; the greater is the stricter. */
enum verdict {
	VERDICT_UNSPECIFIED,
	VERDICT_NOT_A_TRANSFER,
	VERDICT_PERMITTED,
	VERDICT_PERMITTED_WITH_OBLIGATIONS,
	VERDICT_INDETERMINATE,
	VERDICT_DENIED
};

enum reason_code {
	REASON_NONE,
	/* What decided. */
	REASON_GROUND,         /* word: the ground */
	REASON_NOT_A_TRANSFER, /* condition: the rulebook's */
	REASON_PROHIBITED,     /* word: the prohibition */
	REASON_DUTY_REFUSED,   /* word: the duty */
	REASON_DEFAULT_PROHIBITED,
	REASON_DEFAULT_PERMITTED,
	REASON_PROHIBITION_UNKNOWN, /* word: the prohibition */
	REASON_GROUND_UNKNOWN,      /* word: the ground */
	REASON_TRANSFER_UNKNOWN,    /* whether it is a transfer at all */
	REASON_APPLIES_UNKNOWN,     /* whether the rulebook applies */
	REASON_UNMODELLED_LAW,      /* word: the exporter's area, none if unknown */
	REASON_NO_OPINION,          /* no rulebook speaks about a leg */
	/* Words that no record in force has: text, field. */
	REASON_UNKNOWN_PARTY,
	REASON_UNKNOWN_AREA,
	REASON_UNKNOWN_CATEGORY,
	REASON_UNKNOWN_PURPOSE,
	REASON_UNKNOWN_DATA_SET,
	REASON_UNKNOWN_WORD,
	/* Conditions that were not true. */
	REASON_FACT_UNKNOWN,       /* word: the fact's name */
	REASON_FACT_IS_OTHERWISE,  /* word: the fact's name; found */
	REASON_EXCEPTION_HOLDS,    /* what stands under `not` is true */
	REASON_UNSETTLED_QUESTION, /* word: the question */
	REASON_SETTLED_OTHERWISE,  /* word: the question; records: the assessment */
	REASON_NO_RECORD,          /* nothing on file answers the test */
	REASON_RECORD_UNKNOWN,     /* records: one that may answer it */
	REASON_OUT_OF_SCOPE,       /* a finding whose scope does not hold here */
	REASON_NOT_CERTIFIED,      /* a certificate that is not active */
	REASON_OVERDUE,            /* a certificate or an assessment past next-due */
	REASON_NOT_YET_MADE,       /* an assessment dated after the day */
	/* Agreements, in the order of their steps. */
	REASON_INSTRUMENT_NOT_OF_THIS_LAW,
	REASON_UNSIGNED_OR_UNDATED,
	REASON_NOT_YET_SIGNED,
	REASON_SIGNED_BEFORE_WINDOW,
	REASON_SIGNED_AFTER_REPEAL,
	REASON_GRACE_ENDED,
	REASON_NOT_IN_FORCE,
	REASON_ANNEXES_INCOMPLETE,
	REASON_WRONG_MODULE,
	REASON_NOT_COVERED, /* word: the fact that is not covered */
	/* What to know about the sources; changes no verdict. */
	REASON_LOW_CONFIDENCE,
	REASON_DOUBT,
	REASON_REVIEW_OVERDUE,
	REASON_CODE_COUNT
};

/* "FACT_UNKNOWN". */
const char *reason_code_name(enum reason_code code);

struct records {
	const struct record *const *items;
	size_t count;
};

struct reason {
	enum reason_code code;
	enum truth truth;                  /* what the condition came to, if one is named */
	const struct condition *condition; /* NULL: none; its text is as written */
	symbol word;                       /* what the code is about, see above */
	struct bytes text;                 /* UNKNOWN_*: as the question says it */
	struct bytes field;                /* UNKNOWN_*: "recipients[0].storage[1]" */
	struct values found;
	symbol owner; /* who can supply or settle it: a term, or none */
	struct records records;
};

struct reasons {
	const struct reason *items;
	size_t count;
};

/* One hop, one recipient, one area, one category. */
struct leg {
	uint32_t hop;
	symbol exporter, recipient;
	symbol area, category; /* none: nobody said */
	enum verdict verdict;
	bool heard;  /* by a rulebook that applies for sure */
	bool silent; /* no rulebook that applies for sure, and nothing against it */
};

struct ground_result {
	const struct ground *ground;
	enum truth result;     /* false too where one of its duties is refused */
	struct reasons failed; /* leaves that were not true */
};

/* What one rulebook says about some of the legs. */
struct opinion {
	const struct world_rulebook *rulebook; /* NULL: nobody speaks (UNMODELLED_LAW) */
	enum verdict verdict;
	struct bytes
		decided_by; /* a ground's or prohibition's id, `default`, `not-a-transfer` ... */
	struct bytes cite;
	const uint32_t *legs; /* indices, ascending */
	size_t leg_count;
	struct reasons reasons;
	const struct ground_result *grounds; /* those in force, in file order */
	size_t ground_count;
	struct records records; /* its own among them; by kind, then id */
	const symbol *asserted; /* facts of the caller it read */
	size_t asserted_count;
	const symbol *duties; /* of a permission, standing ones too */
	size_t duty_count;
};

struct owed_duty {
	symbol duty;
	const struct world_rulebook *const *rulebooks;
	size_t rulebook_count;
	const struct bytes *cites; /* each once, empty ones left out */
	size_t cite_count;
	enum answer performs; /* unspecified: the caller said nothing */
	bool standing;        /* in every rulebook that owes it */
};

/* A kind of record that was looked for and not found. */
struct absence {
	enum record_kind kind;
	const struct condition *condition;
};

/* In the order in which they are taken. */
enum remedy_act {
	REMEDY_UNSPECIFIED,
	REMEDY_SAY,    /* in the question */
	REMEDY_RECORD, /* a fact that nobody has entered */
	REMEDY_OBTAIN, /* a paper, a certificate, an answer */
	REMEDY_PERFORM /* a duty that the question refuses */
};

#define REMEDY_QUESTION UINT32_MAX /* the place of what no hop narrows */

struct remedy_step {
	enum remedy_act act;
	uint32_t hop;              /* REMEDY_QUESTION: of the question */
	symbol exporter, importer; /* of the hop, or none */
	struct bytes text;         /* a condition, as a rulebook writes it; or a duty */
	symbol owner;              /* who can supply it: a term, or none */
	uint32_t effort;
};

/* One smallest set of things that would permit it. */
struct remedy {
	const struct remedy_step *const *steps;
	size_t step_count;
	uint32_t effort;
};

/* An opinion that nothing on offer would lift. */
struct beyond_remedy {
	const struct world_rulebook *rulebook; /* NULL: nobody speaks */
	struct bytes decided_by;
};

struct decision {
	enum verdict verdict;
	const struct leg *legs; /* none if a word was not registered */
	size_t leg_count;
	uint32_t weakest_leg; /* the first with the strictest verdict */
	const struct opinion *opinions;
	size_t opinion_count;
	const struct owed_duty *duties; /* by id */
	size_t duty_count;
	struct reasons reasons;
	const struct remedy *remedies; /* those of least effort first */
	size_t remedy_count;
	bool remedies_cut; /* others were left out */
	const struct beyond_remedy *beyond_remedy;
	size_t beyond_remedy_count;
	day holds_until; /* the first day that may differ; DAY_MAX: none in sight */
	day as_of;
	uint64_t revision; /* the question's known_at */
	const struct absence *absent;
	size_t absent_count;
	struct records records; /* of all opinions, each once */
};

#endif
