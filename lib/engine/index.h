/*
 * From a key of two words to the records filed under it.
 *
 * Filled while a world is built, sealed once, then read by any thread.  The
 * records of a key come back in the order of their numbers.
 */
#ifndef CARNET_ENGINE_INDEX_H
#define CARNET_ENGINE_INDEX_H

#include "base/symbols.h"

struct index_entry {
	uint64_t key;
	uint32_t number;
};

struct index_slot {
	uint64_t key;
	uint32_t first, count; /* count 0: free */
};

/* Zeroed, it is empty. */
struct index {
	struct index_entry *entries; /* until sealed */
	size_t entry_count, entry_capacity;
	uint32_t *numbers;
	struct index_slot *slots;
	size_t slot_count;
};

struct numbers {
	const uint32_t *items;
	size_t count;
};

/* Numbers never fall from one call to the next. */
void index_add(struct index *index, symbol major, symbol minor, uint32_t number);
void index_seal(struct index *index);
struct numbers index_find(const struct index *index, symbol major, symbol minor);
void index_release(struct index *index);

#endif
