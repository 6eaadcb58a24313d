/*
 * Memory that goes all at once.
 *
 * One arena per unit of work (a request, a file, a snapshot): what is built
 * in it lives until arena_reset or arena_free.  Nothing is freed singly.
 * Not for use by two threads at a time.
 *
 * What is free in a block is zeroed, at once when the arena is reset: a decision
 * takes thousands of small pieces, and clearing each would cost more than the rest.
 */
#ifndef CARNET_BASE_ARENA_H
#define CARNET_BASE_ARENA_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct block;

struct arena {               /* private */
	uint8_t *at, *end;   /* free in the newest block, zeroed */
	struct block *first; /* the newest; older ones follow */
	size_t block_size;
	size_t used_before; /* in older blocks */
};

/* `block` is the size of its first block in bytes; 0 picks one. */
struct arena *arena_new(size_t block);
void arena_free(struct arena *arena);

/* Forgets everything, keeps one block for the next unit of work. */
void arena_reset(struct arena *arena);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

/* Bytes it holds on the heap, used or not. */
size_t arena_size(const struct arena *arena);

/* Where no room is left: from a new block. */
void *arena_alloc_block(struct arena *arena, size_t size);

/* Zeroed, aligned for any type; never NULL (memory.h). */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	size_t rounded = (size + align - 1) / align * align;
	void *memory = arena->at;

	if (rounded < size || (size_t)(arena->end - arena->at) <= rounded)
		return arena_alloc_block(arena, size);
	arena->at += rounded;
	return memory;
}

#define arena_array(arena, type, count) ((type *)arena_alloc_array(arena, count, sizeof(type)))
static inline void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	assert(size == 0 || count <= SIZE_MAX / 2 / size);
	return arena_alloc(arena, count * size);
}

/* Copies with a NUL after the last byte, which the view does not count. */
struct bytes arena_copy(struct arena *arena, struct bytes source);
char *arena_string(struct arena *arena, struct bytes source);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
