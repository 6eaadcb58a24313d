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
	size_t size;
	_Alignas(max_align_t) uint8_t data[];
};

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

static size_t used_of_newest(const struct arena *arena)
{
	return arena->first ? (size_t)(arena->at - arena->first->data) : 0;
}

void arena_reset(struct arena *arena)
{
	struct block *block = arena->first;

	arena->used_before = 0;
	if (!block)
		return;
	free_blocks(block->next);
	block->next = NULL;
	memset(block->data, 0, used_of_newest(arena));
	arena->at = block->data;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used_before + used_of_newest(arena);
}

size_t arena_size(const struct arena *arena)
{
	size_t size = sizeof(*arena);

	for (const struct block *block = arena->first; block; block = block->next)
		size += sizeof(*block) + block->size;
	return size;
}

/* Each is twice the last, so that there are few. */
static size_t next_size(const struct arena *arena)
{
	const size_t most = 1024 * 1024;
	size_t size = arena->first ? arena->first->size * 2 : arena->block_size;

	return size < most ? size : most;
}

void *arena_alloc_block(struct arena *arena, size_t size)
{
	size_t at_least = size + 2 * _Alignof(max_align_t), wanted = next_size(arena);
	struct block *block;

	assert(at_least > size);
	if (wanted < at_least)
		wanted = at_least;
	block = memory_new(sizeof(*block) + wanted);
	block->next = arena->first;
	block->size = wanted;
	arena->used_before += used_of_newest(arena);
	arena->first = block;
	arena->at = block->data;
	arena->end = block->data + wanted;
	return arena_alloc(arena, size);
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
