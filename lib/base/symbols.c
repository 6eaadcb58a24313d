#include "base/symbols.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

/* With a part of the hash beside it a slot rarely asks for a text that is not
 * the one sought, and moves without it. */
struct slot {
	symbol word; /* none: free */
	uint32_t hash;
};

struct symbols {
	struct arena *texts;
	struct bytes *words; /* by symbol; the first is the empty text */
	size_t count, capacity;
	struct slot *slots; /* open addressing, a power of two */
	size_t slot_count;
};

/* Eight bytes at a time: ids are short, and registries have millions. */
static uint32_t hash(struct bytes text)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = text.size * odd;
	size_t at = 0;

	for (uint64_t part; at + sizeof(part) <= text.size; at += sizeof(part)) {
		memcpy(&part, text.data + at, sizeof(part));
		h = (h ^ part) * odd;
		h ^= h >> 29;
	}
	for (; at < text.size; at++)
		h = (h ^ text.data[at]) * odd;
	h ^= h >> 32;
	h *= odd;
	return (uint32_t)(h >> 32);
}

struct symbols *symbols_new(void)
{
	struct symbols *symbols = memory_new(sizeof(*symbols));

	symbols->texts = arena_new(0);
	symbols->slot_count = 256;
	symbols->slots = memory_new(symbols->slot_count * sizeof(*symbols->slots));
	array_reserve(&symbols->words, &symbols->capacity, 0);
	symbols->words[0] = arena_copy(symbols->texts, BYTES_LITERAL(""));
	symbols->count = 1;
	return symbols;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	arena_free(symbols->texts);
	free(symbols->words);
	free(symbols->slots);
	free(symbols);
}

/* The slot that holds the text, or the free one where it would go. */
static struct slot *slot_of(const struct symbols *symbols, struct bytes text, uint32_t hashed)
{
	size_t mask = symbols->slot_count - 1, at = hashed & mask;

	for (;; at = (at + 1) & mask) {
		struct slot *slot = &symbols->slots[at];

		if (!slot->word ||
		    (slot->hash == hashed && bytes_equal(symbols->words[slot->word], text)))
			return slot;
	}
}

static void grow_slots(struct symbols *symbols)
{
	struct slot *old = symbols->slots;
	size_t old_count = symbols->slot_count, mask = old_count * 2 - 1;

	symbols->slot_count *= 2;
	symbols->slots = memory_new(symbols->slot_count * sizeof(*symbols->slots));
	for (size_t i = 0; i < old_count; i++) {
		size_t at = old[i].hash & mask;

		if (!old[i].word)
			continue;
		while (symbols->slots[at].word)
			at = (at + 1) & mask;
		symbols->slots[at] = old[i];
	}
	free(old);
}

symbol symbols_add(struct symbols *symbols, struct bytes text)
{
	uint32_t hashed = hash(text);
	struct slot *slot;

	if (text.size == 0)
		return SYMBOL_NONE;
	slot = slot_of(symbols, text, hashed);
	if (slot->word)
		return slot->word;
	array_reserve(&symbols->words, &symbols->capacity, symbols->count);
	symbols->words[symbols->count] = arena_copy(symbols->texts, text);
	*slot = (struct slot){(symbol)symbols->count++, hashed};
	if (symbols->count * 3 > symbols->slot_count * 2)
		grow_slots(symbols);
	return (symbol)(symbols->count - 1);
}

symbol symbols_find(const struct symbols *symbols, struct bytes text)
{
	return text.size ? slot_of(symbols, text, hash(text))->word : SYMBOL_NONE;
}

struct bytes symbols_text(const struct symbols *symbols, symbol word)
{
	assert(word < symbols->count);
	return symbols->words[word];
}

symbol symbols_last(const struct symbols *symbols)
{
	return (symbol)(symbols->count - 1);
}
