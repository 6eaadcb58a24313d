/*
 * Bytes that grow.
 *
 * A zeroed `struct buffer` is an empty one; buffer_release frees what it
 * holds and makes it empty again.  A view of it is good until the next append.
 */
#ifndef CARNET_BASE_BUFFER_H
#define CARNET_BASE_BUFFER_H

#include "base/bytes.h"

struct buffer {
	uint8_t *data;
	size_t size, capacity;
};

void buffer_release(struct buffer *buffer);

/* Empties it, keeps the memory. */
void buffer_clear(struct buffer *buffer);

struct bytes buffer_bytes(const struct buffer *buffer);

/* The text so far, with a NUL after it that the size does not count. */
const char *buffer_string(struct buffer *buffer);

void buffer_append(struct buffer *buffer, struct bytes bytes);
void buffer_append_string(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Big-endian. */
void buffer_append_u16(struct buffer *buffer, uint16_t value);
void buffer_append_u32(struct buffer *buffer, uint32_t value);
void buffer_append_u64(struct buffer *buffer, uint64_t value);

/* Room for `size` more bytes, counted as part of the buffer, to be filled in. */
uint8_t *buffer_extend(struct buffer *buffer, size_t size);

#endif
