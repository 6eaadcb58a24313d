/*
 * What all records of the compiled registry have in common.
 *
 * The registry knows slices of valid time and revisions of known time.  Before
 * the engine sees them, compile has cut them into rectangles: spans of days
 * times spans of revisions that do not overlap for one (kind, id).  So "in
 * force" is two comparisons, and nothing here knows what a slice was.
 */
#ifndef CARNET_ENGINE_RECORD_H
#define CARNET_ENGINE_RECORD_H

#include "base/bytes.h"
#include "base/date.h"
#include "base/symbols.h"

#define REVISION_MAX UINT64_MAX /* "still" */

enum record_kind {
	RECORD_NONE,
	RECORD_AREA,
	RECORD_CATEGORY,
	RECORD_PURPOSE,
	RECORD_PARTY,
	RECORD_ENGAGEMENT,
	RECORD_DATA_SET,
	RECORD_AGREEMENT,
	RECORD_INSTRUMENT,
	RECORD_CERTIFICATE,
	RECORD_FINDING,
	RECORD_ASSESSMENT,
	RECORD_DISCLOSURE,
	RECORD_ORDER,
	RECORD_RULEBOOK,
	RECORD_TERM,
	RECORD_KIND_COUNT
};

/* As YAML writes it: "data-category", "data-set".  RECORD_NONE is "". */
const char *record_kind_name(enum record_kind kind);

/* How sure its source makes us; the numbers of carnet.v1.Confidence. */
enum confidence {
	CONFIDENCE_UNSPECIFIED,
	CONFIDENCE_VERIFIED,
	CONFIDENCE_HIGH,
	CONFIDENCE_MEDIUM,
	CONFIDENCE_LOW
};

/* The numbers of carnet.v1.Answer.  Unspecified and unsettled are unknown. */
enum answer { ANSWER_UNSPECIFIED, ANSWER_YES, ANSWER_NO, ANSWER_UNSETTLED };

/* The first member of every record's struct.  The first four say when it
 * speaks, the rest whom to name. */
struct record {
	uint64_t known_from, known_until; /* revisions [from, until) */
	day from, until;                  /* days [from, until); DAY_MIN, DAY_MAX */
	uint64_t revision;                /* that brought the slice */
	uint64_t unsettled;               /* FIELD_BIT of each field in dispute */
	symbol id;
	day slice_from; /* the slice's own first day: its name beside kind and id */
	day review_by;  /* DAY_MAX: never */
	uint8_t kind;   /* enum record_kind; filled in by world_add_* */
	uint8_t confidence;
	bool doubt;         /* something stayed open when it was read */
	uint8_t digest[32]; /* of the slice's canonical JSON */
};

#endif
