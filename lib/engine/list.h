/*
 * Lists that grow in an arena, for what one decision gathers.
 */
#ifndef CARNET_ENGINE_LIST_H
#define CARNET_ENGINE_LIST_H

#include <string.h>

#include "base/arena.h"

/* The items with room for one more; what was outgrown goes with the arena. */
static inline void *list_grow(struct arena *arena, void *items, size_t *capacity, size_t count,
			      size_t size)
{
	void *larger;

	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 8;
	larger = arena_alloc_array(arena, *capacity, size);
	return count ? memcpy(larger, items, count * size) : larger;
}

/* Appends to any struct with items, count and capacity. */
#define list_push(arena, list, item)                                                         \
	((list)->items = list_grow((arena), (list)->items, &(list)->capacity, (list)->count, \
				   sizeof(*(list)->items)),                                  \
	 (list)->items[(list)->count++] = (item))

#endif
