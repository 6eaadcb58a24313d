/*
 * Reading what our own files wrote: big-endian integers and runs of bytes, from
 * left to right.
 *
 * A cursor remembers its first failure and turns every later step into zeros
 * and empty views, so that a reader states its format line by line and asks once at the end.
 */
#ifndef CARNET_SERVER_CURSOR_H
#define CARNET_SERVER_CURSOR_H

#include "base/bytes.h"
#include "crypto/hash.h"

struct cursor {
	struct bytes left;
	bool failed;
};

struct cursor cursor_of(struct bytes bytes);

uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16(struct cursor *cursor);
uint32_t cursor_u32(struct cursor *cursor);
uint64_t cursor_u64(struct cursor *cursor);

struct bytes cursor_take(struct cursor *cursor, size_t size);
struct digest cursor_digest(struct cursor *cursor);

/* Bytes behind their own length of 16 or 32 bits. */
struct bytes cursor_short(struct cursor *cursor);
struct bytes cursor_long(struct cursor *cursor);

/* True if all was there, and nothing is left. */
bool cursor_finish(const struct cursor *cursor);

#endif
