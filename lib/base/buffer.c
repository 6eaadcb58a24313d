#include "base/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void buffer_release(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
	buffer->size = 0;
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
	return bytes_of(buffer->data, buffer->size);
}

static void grow(struct buffer *buffer, size_t more)
{
	size_t capacity = buffer->capacity ? buffer->capacity : 64;

	assert(more <= SIZE_MAX / 2 - buffer->size);
	while (capacity - buffer->size < more)
		capacity *= 2;
	buffer->data = memory_resize(buffer->data, capacity, 1);
	buffer->capacity = capacity;
}

static inline void reserve(struct buffer *buffer, size_t more)
{
	if (buffer->capacity - buffer->size < more)
		grow(buffer, more);
}

uint8_t *buffer_extend(struct buffer *buffer, size_t size)
{
	uint8_t *at;

	if (size == 0) /* an empty buffer has no place to point at */
		return buffer->data;
	reserve(buffer, size);
	at = buffer->data + buffer->size;
	buffer->size += size;
	return at;
}

const char *buffer_string(struct buffer *buffer)
{
	reserve(buffer, 1);
	buffer->data[buffer->size] = 0;
	return (const char *)buffer->data;
}

void buffer_append(struct buffer *buffer, struct bytes bytes)
{
	if (bytes.size)
		memcpy(buffer_extend(buffer, bytes.size), bytes.data, bytes.size);
}

void buffer_append_string(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, bytes_of_string(text));
}

void buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
	*buffer_extend(buffer, 1) = byte;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	int size;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	assert(size >= 0);
	reserve(buffer, (size_t)size + 1);
	vsnprintf((char *)buffer->data + buffer->size, (size_t)size + 1, format, again);
	va_end(again);
	buffer->size += (size_t)size;
}

static void append_big_endian(struct buffer *buffer, uint64_t value, size_t size)
{
	uint8_t *at = buffer_extend(buffer, size);

	for (size_t i = size; i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

void buffer_append_u16(struct buffer *buffer, uint16_t value)
{
	append_big_endian(buffer, value, 2);
}

void buffer_append_u32(struct buffer *buffer, uint32_t value)
{
	append_big_endian(buffer, value, 4);
}

void buffer_append_u64(struct buffer *buffer, uint64_t value)
{
	append_big_endian(buffer, value, 8);
}
