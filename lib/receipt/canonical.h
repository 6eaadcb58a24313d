/*
 * Is this JSON in its canonical form (RFC 8785)?
 *
 * As written here: integers below 2^53 only, and no NUL in strings.  The
 * canonical form is a grammar of its own, stricter than JSON's, so it is
 * recognised as it stands; nothing is built and nothing is written again.
 */
#ifndef CARNET_RECEIPT_CANONICAL_H
#define CARNET_RECEIPT_CANONICAL_H

#include "base/bytes.h"
#include "base/error.h"

/* 0 if `text` is one JSON value in canonical form, nested at most `depth` deep;
 * else ERR_INVALID and a line that names the byte. */
int canonical_check(struct bytes text, int depth, struct error *error);

#endif
