/*
 * What is wrong with a registry: all of it, not only the first thing.
 *
 * Readers and validation add to one list; whoever asked shows it.  Each
 * problem names its place (file and line, or the record where there is no
 * file), the field, what is wrong, and what to write instead.  The list keeps
 * the first PROBLEMS_MAX and counts the rest.
 *
 * A `struct problems` made by problems_init owns its texts until
 * problems_release.
 */
#ifndef CARNET_REGISTRY_PROBLEMS_H
#define CARNET_REGISTRY_PROBLEMS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { PROBLEMS_MAX = 50 };

/* Where something stands.  All but `line` may be NULL. */
struct place {
	const char *file;   /* NULL: it came in a message */
	unsigned line;      /* 0: unknown, as in JSON */
	const char *record; /* "party/line-plus", with "@2024-01-01" if it has a `from` */
	const char *field;  /* as YAML writes it: "bound-by[0].rulebook" */
};

struct problem {
	struct place place;
	const char *text; /* one line: what is wrong; the cure */
};

struct problems {
	struct problem items[PROBLEMS_MAX];
	size_t count; /* of items */
	size_t total; /* of all that were found */
	struct arena *texts;
};

void problems_init(struct problems *problems);
void problems_release(struct problems *problems);

/* Adds one; copies everything. */
void problems_add(struct problems *problems, const struct place *place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One a line, `file:line: field: what; cure`, in the order found.  Where there
 * is no line, the record stands before the field. */
void problems_print(const struct problems *problems, struct buffer *out);

/* The same for a single one, without a newline. */
void problem_print(const struct problem *problem, struct buffer *out);

/* 0 if there are none; else ERR_INVALID with the first of them and how many more. */
int problems_error(const struct problems *problems, struct error *error);

#endif
