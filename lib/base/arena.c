#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DEFAULT_BLOCK = 16 * 1024 };

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(max_align_t) uint8_t data[];
};

struct arena {
	struct block *first; /* the newest; older ones follow */
	size_t block_size;
	size_t used;
};

static struct block *block_new(size_t size, struct block *next)
{
	struct block *block = memory_resize(NULL, 1, sizeof(*block) + size);

	block->next = next;
	block->size = size;
	block->used = 0;
	return block;
}

struct arena *arena_new(size_t block)
{
	struct arena *arena = memory_new(sizeof(*arena));

	arena->block_size = block ? block : DEFAULT_BLOCK;
	return arena;
}

static void free_blocks(struct block *block)
{
	while (block) {
		struct block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	free_blocks(arena->first);
	free(arena);
}

void arena_reset(struct arena *arena)
{
	if (arena->first) {
		free_blocks(arena->first->next);
		arena->first->next = NULL;
		arena->first->used = 0;
	}
	arena->used = 0;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

size_t arena_size(const struct arena *arena)
{
	size_t size = sizeof(*arena);

	for (const struct block *block = arena->first; block; block = block->next)
		size += sizeof(*block) + block->size;
	return size;
}

/* Most are of one or a few units: a call would cost more than the clearing. */
static void *clear(void *memory, size_t size)
{
	struct unit {
		uint64_t of[2];
	} *unit = memory;
	_Static_assert(sizeof(*unit) == _Alignof(max_align_t), "sizes are rounded to units");

	if (size > 16 * sizeof(*unit))
		return memset(memory, 0, size);
	for (size_t i = 0; i < size / sizeof(*unit); i++)
		unit[i] = (struct unit){{0, 0}};
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	size_t rounded = (size + align - 1) / align * align;
	struct block *block = arena->first;
	void *memory;

	assert(rounded >= size);
	if (!block || block->size - block->used < rounded) {
		size_t wanted = block ? block->size * 2 : arena->block_size;
		const size_t most = 1024 * 1024;

		if (wanted > most)
			wanted = most;
		block = block_new(rounded > wanted ? rounded : wanted, block);
		arena->first = block;
	}
	memory = block->data + block->used;
	block->used += rounded;
	arena->used += rounded;
	return size ? clear(memory, rounded) : memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	assert(size == 0 || count <= SIZE_MAX / 2 / size);
	return arena_alloc(arena, count * size);
}

struct bytes arena_copy(struct arena *arena, struct bytes source)
{
	uint8_t *copy = arena_alloc(arena, source.size + 1);

	if (source.size)
		memcpy(copy, source.data, source.size);
	return bytes_of(copy, source.size);
}

char *arena_string(struct arena *arena, struct bytes source)
{
	char *copy = arena_alloc(arena, source.size + 1);

	if (source.size)
		memcpy(copy, source.data, source.size);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;
	char *text;
	int size;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	assert(size >= 0);
	text = arena_alloc(arena, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	return text;
}
