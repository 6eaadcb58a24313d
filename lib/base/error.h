/*
 * How things fail.
 *
 * A function that can fail returns 0 or one of these negative codes, for
 * programs to act on; the line for people goes into the caller's
 * `struct error`, written once, where the cause is known.  A refused
 * transfer is a decision, not an error.
 *
 * Memory running out is no error either: it ends the process (memory.h).
 */
#ifndef CARNET_BASE_ERROR_H
#define CARNET_BASE_ERROR_H

enum error_code {
	ERR_INVALID = -1, /* input breaks a rule; the text names place and cure */
	ERR_NOT_FOUND = -2,
	ERR_EXISTS = -3,
	ERR_CONFLICT = -4,    /* lost a race: read again, then retry */
	ERR_LIMIT = -5,       /* a stated limit is exceeded */
	ERR_FULL = -6,        /* busy: retry later */
	ERR_DENIED = -7,      /* not allowed */
	ERR_WRONG_STATE = -8, /* not possible in the present state (openssl owns ERR_STATE) */
	ERR_UNAVAILABLE = -9, /* the other side cannot be reached */
	ERR_CORRUPT = -10,    /* stored or signed data is not what it was */
	ERR_SYSTEM = -11,     /* the operating system refused */
	ERR_UNAUTHENTICATED = -12,
	ERR_TIMEOUT = -13,
};

enum { ERROR_TEXT_SIZE = 1024 };

struct error {
	int code;
	char text[ERROR_TEXT_SIZE]; /* one line, UTF-8, no newline at the end */
};

/* Writes the line (cut if too long) and returns `code`.  `error` may be NULL. */
int error_set(struct error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "<context>: " before the line that is there; returns error->code. */
int error_prefix(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
