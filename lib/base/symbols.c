#include "base/symbols.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"

struct symbols {
	struct arena *texts;
	struct bytes *words; /* by symbol; the first is the empty text */
	size_t count, capacity;
	symbol *slots; /* open addressing, a power of two */
	size_t slot_count;
};

static uint64_t hash(struct bytes text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < text.size; i++)
		h = (h ^ text.data[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

struct symbols *symbols_new(void)
{
	struct symbols *symbols = memory_new(sizeof(*symbols));

	symbols->texts = arena_new(0);
	symbols->slot_count = 256;
	symbols->slots = memory_new(symbols->slot_count * sizeof(symbol));
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

/* The slot that holds the text, or the empty one where it would go. */
static size_t slot_of(const struct symbols *symbols, struct bytes text)
{
	size_t mask = symbols->slot_count - 1, at = hash(text) & mask;

	while (symbols->slots[at] && !bytes_equal(symbols->words[symbols->slots[at]], text))
		at = (at + 1) & mask;
	return at;
}

static void grow_slots(struct symbols *symbols)
{
	free(symbols->slots);
	symbols->slot_count *= 2;
	symbols->slots = memory_new(symbols->slot_count * sizeof(symbol));
	for (size_t i = 1; i < symbols->count; i++)
		symbols->slots[slot_of(symbols, symbols->words[i])] = (symbol)i;
}

symbol symbols_add(struct symbols *symbols, struct bytes text)
{
	size_t slot;

	if (text.size == 0)
		return SYMBOL_NONE;
	slot = slot_of(symbols, text);
	if (symbols->slots[slot])
		return symbols->slots[slot];
	array_reserve(&symbols->words, &symbols->capacity, symbols->count);
	symbols->words[symbols->count] = arena_copy(symbols->texts, text);
	symbols->slots[slot] = (symbol)symbols->count++;
	if (symbols->count * 2 > symbols->slot_count)
		grow_slots(symbols);
	return (symbol)(symbols->count - 1);
}

symbol symbols_find(const struct symbols *symbols, struct bytes text)
{
	return text.size ? symbols->slots[slot_of(symbols, text)] : SYMBOL_NONE;
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
