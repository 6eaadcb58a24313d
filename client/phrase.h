/*
 * What pages and tables say beside the reasons, in the language of --language.
 *
 * The table in phrase.c has the English, and with it what phrases and parts
 * there are; other languages stand in lib/contract/words.LANGUAGE.txt below the
 * same keys.  Programs read JSON: a phrase may change.
 */
#ifndef CARNET_CLIENT_PHRASE_H
#define CARNET_CLIENT_PHRASE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "carnet/v1/registry.pb-c.h"
#include "contract/words.h"

enum phrase {
	/* Verdicts, in the order of their numbers. */
	PHRASE_UNSPECIFIED,
	PHRASE_NOT_A_TRANSFER,
	PHRASE_PERMITTED,
	PHRASE_PERMITTED_WITH_OBLIGATIONS,
	PHRASE_INDETERMINATE,
	PHRASE_DENIED,
	/* An answer. */
	PHRASE_ADVISORY,
	PHRASE_ADVISORY_WHY,
	PHRASE_AUTHORISES,
	PHRASE_AUTHORISES_NOT,
	PHRASE_AUTHORISES_NOT_DUTIES,
	PHRASE_AUTHORISES_NOT_REGISTRY,
	PHRASE_AS_EXPECTED,
	PHRASE_NOT_AS_EXPECTED,
	PHRASE_CONDITION,
	PHRASE_FOUND,
	PHRASE_FOUND_EXPECTED,
	PHRASE_NOTHING,
	PHRASE_WHO_CAN_SETTLE,
	PHRASE_DID_YOU_MEAN,
	PHRASE_IGNORED,
	PHRASE_IGNORED_NEAR,
	PHRASE_LEGS,
	PHRASE_HOP,
	PHRASE_AREA_UNKNOWN,
	PHRASE_CATEGORY_UNKNOWN,
	PHRASE_WEAKEST,
	PHRASE_OPINIONS,
	PHRASE_NO_RULEBOOK,
	PHRASE_DECIDED_BY,
	PHRASE_OF_LEGS,
	PHRASE_GROUND_MAY_HOLD,
	PHRASE_GROUND_FAILS,
	PHRASE_DUTIES,
	PHRASE_DUTIES_ELSEWHERE,
	PHRASE_DUTY_ACCEPTED,
	PHRASE_DUTY_REFUSED,
	PHRASE_DUTY_STANDING,
	PHRASE_DUTY_OPEN,
	PHRASE_REMEDY,
	PHRASE_REMEDIES,
	PHRASE_REMEDIES_CUT,
	PHRASE_STEP_SAY,
	PHRASE_STEP_RECORD,
	PHRASE_STEP_OBTAIN,
	PHRASE_STEP_PERFORM,
	PHRASE_STEP_AND,
	PHRASE_OTHER_THAN,
	PHRASE_ON_FILE,
	PHRASE_BEYOND,
	PHRASE_BEYOND_ONE,
	PHRASE_BEYOND_COVERAGE,
	PHRASE_BEYOND_NO_OPINION,
	PHRASE_JUDGED,
	PHRASE_JUDGED_UNTIL,
	PHRASE_REVISION,
	PHRASE_RECEIPT,
	PHRASE_RECEIPT_KEPT,
	PHRASE_ASKED,
	/* A search. */
	PHRASE_COLUMN_DESTINATION,
	PHRASE_COLUMN_RECIPIENT,
	PHRASE_COLUMN_VERDICT,
	PHRASE_COLUMN_DUTIES,
	PHRASE_SEARCH_IN_VAIN,
	PHRASE_SEARCH_FOUND,
	PHRASE_SEARCH_WHY_NOT,
	PHRASE_SEARCH_ADVISORY,
	/* The calendar. */
	PHRASE_COLUMN_DAY,
	PHRASE_COLUMN_KIND,
	PHRASE_COLUMN_ID,
	PHRASE_COLUMN_HAPPENS,
	PHRASE_COLUMN_OWNER,
	PHRASE_DAYS,
	PHRASE_DAY_OVERDUE,
	PHRASE_DAY_FOLLOWED,
	PHRASE_DAY_NOT_FOLLOWED,
	PHRASE_ENDS,
	PHRASE_REVIEW,
	PHRASE_DUE_AGAIN,
	PHRASE_SUNSET,
	PHRASE_LEAVES,
	PHRASE_ESTABLISHED_NO_MORE,
	PHRASE_BOUND_NO_MORE,
	PHRASE_SIGNED_NO_MORE,
	PHRASE_RELIED_ON_NO_MORE,
	PHRASE_FALLS_WITH_INSTRUMENT,
	PHRASE_STAYED_NO_MORE,
	PHRASE_GROUND_ENDS,
	PHRASE_GROUND_REVIEW,
	PHRASE_PROHIBITION_ENDS,
	PHRASE_PROHIBITION_REVIEW,
	PHRASE_DUTY_ENDS,
	PHRASE_SIGNS_AS_NO_MORE,
	PHRASE_SIGNS_WITH_NO_MORE,
	PHRASE_COUNT
};

/* What stands for {1}, {2} and {3} of a phrase; NULL is empty. */
enum { PHRASE_PARTS_MAX = 3 };
#define PARTS(...) ((const char *const[PHRASE_PARTS_MAX]){__VA_ARGS__})

/* Appends it; nothing in the parts can steer a terminal.  `parts` may be NULL. */
void phrase_append(enum language language, enum phrase phrase, const char *const *parts,
		   struct buffer *out);

/* The same in the arena. */
const char *phrase_text(enum language language, enum phrase phrase, const char *const *parts,
			struct arena *arena);

/* The phrase for a verdict; one that nobody knows is unspecified. */
enum phrase phrase_of_verdict(Carnet__V1__Verdict verdict);

/* What --language says, or ERR_INVALID. */
int phrase_language(const char *text, enum language *out, struct error *error);

/* The key below which other languages have it, and the phrase as it stands in its table; empty:
 * it is missing there. */
const char *phrase_key(enum phrase phrase);
struct bytes phrase_sentence(enum language language, enum phrase phrase);

#endif
