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

static int compare_entries(const void *left, const void *right)
{
	const struct index_entry *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static size_t count_keys(const struct index *index)
{
	size_t count = 0;

	for (size_t i = 0; i < index->entry_count; i++)
		count += i == 0 || index->entries[i].key != index->entries[i - 1].key;
	return count;
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

static void file_entry(struct index *index, uint32_t at)
{
	uint64_t key = index->entries[at].key;
	struct index_slot *slot = slot_of(index, key);

	if (slot->count == 0)
		*slot = (struct index_slot){.key = key, .first = at};
	slot->count++;
	index->numbers[at] = index->entries[at].number;
}

void index_seal(struct index *index)
{
	if (index->entry_count == 0)
		return;
	qsort(index->entries, index->entry_count, sizeof(*index->entries), compare_entries);
	index->slot_count = count_keys(index) * 3 / 2 + 2;
	index->slots = memory_new(index->slot_count * sizeof(*index->slots));
	index->numbers = memory_resize(NULL, index->entry_count, sizeof(*index->numbers));
	for (size_t i = 0; i < index->entry_count; i++)
		file_entry(index, (uint32_t)i);
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
