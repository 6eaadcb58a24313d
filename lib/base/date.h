/*
 * Days, and instants.
 *
 * The law counts in days: valid time is a day in UTC, from inclusive, until
 * exclusive.  An instant is milliseconds since 1970-01-01T00:00:00Z.  Nothing
 * here reads a clock but instant_now.
 */
#ifndef CARNET_BASE_DATE_H
#define CARNET_BASE_DATE_H

#include "base/bytes.h"
#include "base/error.h"

typedef int32_t day; /* days since 1970-01-01 */

#define DAY_MIN ((day)-719162) /* 0001-01-01: "since ever" */
#define DAY_MAX ((day)2932896) /* 9999-12-31: "without end"; never a real date */

enum {
	DATE_TEXT_SIZE = sizeof("2021-09-07"),
	INSTANT_TEXT_SIZE = sizeof("2021-09-07T00:00:00.000Z")
};

/* "2021-09-07" and nothing else (RFC 3339 full-date). */
int date_parse(struct bytes text, day *out, struct error *error);
const char *date_format(day date, char out[DATE_TEXT_SIZE]);

typedef int64_t instant_ms;

instant_ms instant_now(void);
day instant_day(instant_ms instant);

/* RFC 3339 in UTC with milliseconds. */
const char *instant_format(instant_ms instant, char out[INSTANT_TEXT_SIZE]);

#endif
