/*
 * The days on which something in a record ends, or must be looked at again.
 *
 * One record at a time, its own fields alone: who else is concerned, and
 * whether anything follows, is for the caller to find out.
 */
#ifndef CARNET_CLIENT_CALENDAR_H
#define CARNET_CLIENT_CALENDAR_H

#include "base/arena.h"
#include "base/date.h"
#include "client/phrase.h"
#include "registry/kind.h"

struct calendar_day {
	day on;
	const char *field; /* as YAML writes it: "until", "laws.sign-until", "grounds.review-by" */
	const char *what;  /* one line that goes on from the record's id: "is due for review" */
	const char *law;   /* the rulebook whose doing it is; NULL: the record's own */
	bool stays_due;    /* a review or a check: past its day it is overdue, not over */
};

typedef void calendar_visit(void *arg, const struct calendar_day *one);

/* Calls `visit` for each; the texts live in the arena or in the record. */
void calendar_each(const Carnet__V1__Record *record, enum language language, struct arena *arena,
		   calendar_visit *visit, void *arg);

#endif
