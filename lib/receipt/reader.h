/*
 * Reading a strict text format from left to right.
 *
 * The reader remembers its first failure and turns every later step into
 * nothing, so a parser states its format line by line and asks once at the end.
 * Each step names what it reads, for the person who gets the error.
 */
#ifndef CARNET_RECEIPT_READER_H
#define CARNET_RECEIPT_READER_H

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/hash.h"

struct reader {
	struct bytes left; /* what has not been read */
	const uint8_t *start;
	const char *failed; /* what could not be read; NULL while all is well */
};

struct reader reader_of(struct bytes text);

/* For what the caller finds wrong with a part that was read; keeps the first. */
void reader_fail(struct reader *reader, const char *what);

/* True if the next bytes are these; reads nothing. */
bool reader_sees(const struct reader *reader, const char *text);

/* Exactly these bytes. */
void reader_literal(struct reader *reader, const char *text, const char *what);

/* Exactly `size` bytes, any. */
struct bytes reader_take(struct reader *reader, size_t size, const char *what);

/* One byte or more up to `stop`, which must be there and is read too. */
struct bytes reader_until(struct reader *reader, uint8_t stop, const char *what);

/* Decimal digits without leading zeros, at most `max`. */
uint64_t reader_decimal(struct reader *reader, uint64_t max, const char *what);

/* 32 bytes as padded base64 (44 characters), or as base64url (43). */
struct digest reader_base64_digest(struct reader *reader, const char *what);
struct digest reader_base64url_digest(struct reader *reader, const char *what);

/* 0 if nothing failed and nothing is left; else ERR_INVALID and a line that names
 * `format`, the part and the place. */
int reader_finish(const struct reader *reader, const char *format, struct error *error);

#endif
