/*
 * The heap.
 *
 * These never return NULL: when memory is gone the process says so and ends.
 * Every queue and message is bounded, so this is a defect or a machine too
 * small, and an answer half built must not leave.
 */
#ifndef CARNET_BASE_MEMORY_H
#define CARNET_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed; the caller frees with free(). */
void *memory_new(size_t size) __attribute__((malloc, alloc_size(1)));

/* Like realloc for `count` elements of `size`; checks the product. */
void *memory_resize(void *old, size_t count, size_t size);

char *memory_copy_string(const char *text) __attribute__((malloc));

/*
 * Makes room for one more element in a growing array:
 *	array_reserve(&list->items, &list->capacity, list->count)
 */
#define array_reserve(items, capacity, count) \
	(*(items) = array_grow(*(items), (capacity), (count), sizeof(**(items))))
void *array_grow(void *items, size_t *capacity, size_t count, size_t size);

#endif
