/*
 * Memory that goes all at once.
 *
 * One arena per unit of work (a request, a file, a snapshot): what is built
 * in it lives until arena_reset or arena_free.  Nothing is freed singly.
 * Not for use by two threads at a time.
 */
#ifndef CARNET_BASE_ARENA_H
#define CARNET_BASE_ARENA_H

#include "base/bytes.h"

struct arena;

/* `block` is the size of its first block in bytes; 0 picks one. */
struct arena *arena_new(size_t block);
void arena_free(struct arena *arena);

/* Forgets everything, keeps one block for the next unit of work. */
void arena_reset(struct arena *arena);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

/* Bytes it holds on the heap, used or not. */
size_t arena_size(const struct arena *arena);

/* Zeroed, aligned for any type; never NULL (memory.h). */
void *arena_alloc(struct arena *arena, size_t size);
#define arena_array(arena, type, count) ((type *)arena_alloc_array(arena, count, sizeof(type)))
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* Copies with a NUL after the last byte, which the view does not count. */
struct bytes arena_copy(struct arena *arena, struct bytes source);
char *arena_string(struct arena *arena, struct bytes source);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
