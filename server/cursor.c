#include "server/cursor.h"

#include <string.h>

struct cursor cursor_of(struct bytes bytes)
{
	return (struct cursor){.left = bytes};
}

struct bytes cursor_take(struct cursor *cursor, size_t size)
{
	struct bytes taken;

	if (cursor->failed || cursor->left.size < size) {
		cursor->failed = true;
		return (struct bytes){0};
	}
	taken = bytes_of(cursor->left.data, size);
	cursor->left = bytes_skip(cursor->left, size);
	return taken;
}

static uint64_t read_integer(struct cursor *cursor, size_t size)
{
	struct bytes bytes = cursor_take(cursor, size);
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.size; i++)
		value = value << 8 | bytes.data[i];
	return value;
}

uint8_t cursor_u8(struct cursor *cursor)
{
	return (uint8_t)read_integer(cursor, 1);
}

uint16_t cursor_u16(struct cursor *cursor)
{
	return (uint16_t)read_integer(cursor, 2);
}

uint32_t cursor_u32(struct cursor *cursor)
{
	return (uint32_t)read_integer(cursor, 4);
}

uint64_t cursor_u64(struct cursor *cursor)
{
	return read_integer(cursor, 8);
}

struct digest cursor_digest(struct cursor *cursor)
{
	struct digest digest = {0};

	hash_read(cursor_take(cursor, DIGEST_SIZE), &digest);
	return digest;
}

struct bytes cursor_short(struct cursor *cursor)
{
	return cursor_take(cursor, cursor_u16(cursor));
}

struct bytes cursor_long(struct cursor *cursor)
{
	return cursor_take(cursor, cursor_u32(cursor));
}

bool cursor_finish(const struct cursor *cursor)
{
	return !cursor->failed && cursor->left.size == 0;
}
