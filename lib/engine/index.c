#include "engine/index.h"

#include <stdlib.h>

#include "base/memory.h"

static uint64_t key_of(symbol major, symbol minor)
{
	return (uint64_t)major << 32 | minor;
}

void index_add(struct index *index, symbol major, symbol minor, uint32_t number)
{
	array_reserve(&index->entries, &index->entry_capacity, index->entry_count);
	index->entries[index->entry_count++] =
		(struct index_entry){.key = key_of(major, minor), .number = number};
}

/* Where the key is, or the free slot where it goes.  Slots are not a power of
 * two, so that a full index wastes a third and not up to three quarters. */
static struct index_slot *slot_of(const struct index *index, uint64_t key)
{
	uint64_t mixed = (key ^ key >> 29) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)((mixed >> 32) * index->slot_count >> 32);

	while (index->slots[at].count && index->slots[at].key != key)
		at = at + 1 == index->slot_count ? 0 : at + 1;
	return &index->slots[at];
}

static void make_slots(struct index *index, size_t keys)
{
	index->slot_count = keys * 3 / 2 + 2;
	index->slots = memory_new(index->slot_count * sizeof(*index->slots));
}

/* How many entries each key has. */
static size_t count_entries(struct index *index)
{
	size_t keys = 0;

	make_slots(index, index->entry_count);
	for (size_t i = 0; i < index->entry_count; i++) {
		struct index_slot *slot = slot_of(index, index->entries[i].key);

		slot->key = index->entries[i].key;
		keys += slot->count++ == 0;
	}
	return keys;
}

/* There was room for as many keys as entries: that may be far too much. */
static void fit_slots(struct index *index, size_t keys)
{
	struct index_slot *old = index->slots;
	size_t old_count = index->slot_count;

	if (keys > index->entry_count / 4 * 3)
		return;
	make_slots(index, keys);
	for (size_t i = 0; i < old_count; i++)
		if (old[i].count)
			*slot_of(index, old[i].key) = old[i];
	free(old);
}

/* Gives each key its stretch of numbers; `first` is where the next one goes. */
static void lay_stretches(struct index *index)
{
	uint32_t at = 0;

	for (size_t i = 0; i < index->slot_count; i++) {
		index->slots[i].first = at;
		at += index->slots[i].count;
	}
}

/* Entries come in the order of their numbers, and so stand in it. */
static void file_entries(struct index *index)
{
	index->numbers = memory_resize(NULL, index->entry_count, sizeof(*index->numbers));
	for (size_t i = 0; i < index->entry_count; i++)
		index->numbers[slot_of(index, index->entries[i].key)->first++] =
			index->entries[i].number;
	for (size_t i = 0; i < index->slot_count; i++)
		index->slots[i].first -= index->slots[i].count;
}

void index_seal(struct index *index)
{
	if (index->entry_count == 0)
		return;
	fit_slots(index, count_entries(index));
	lay_stretches(index);
	file_entries(index);
	free(index->entries);
	index->entries = NULL;
}

struct numbers index_find(const struct index *index, symbol major, symbol minor)
{
	const struct index_slot *slot;

	if (index->slot_count == 0)
		return (struct numbers){NULL, 0};
	slot = slot_of(index, key_of(major, minor));
	return (struct numbers){index->numbers + slot->first, slot->count};
}

void index_release(struct index *index)
{
	free(index->entries);
	free(index->numbers);
	free(index->slots);
	*index = (struct index){0};
}
