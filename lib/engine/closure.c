#include "engine/closure.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"

struct kept {
	enum record_kind kind; /* RECORD_NONE: free */
	symbol word;
	uint64_t known_at;
	day since;  /* the day it was walked on ... */
	day change; /* ... and the first later one on which it differs, or may */
	struct closure closure;
};

/*
 * What threads have walked, for all of them: a world changes no more, and days pass
 * slowly.  A slot is filled once, for as long as the world lives.
 */
enum { SHARED_SLOTS = 4096, SHARED_PROBES = 8 };

struct closures {
	_Atomic(const struct kept *) slots[SHARED_SLOTS];
};

/* What found no place there, for one decision. */
struct closure_table {
	struct kept *slots; /* open addressing, a power of two */
	size_t slot_count, count;
};

struct walk {
	struct word_list words;
	struct record_list records;
	struct {
		uint32_t *items;
		size_t count, capacity;
	} below;
	uint32_t at; /* the word whose broader ones are being added */
	size_t firm; /* 0 in the first pass */
};

static void reach(struct context *context, struct walk *walk, symbol word)
{
	if (word == SYMBOL_NONE || word_list_has(&walk->words, word))
		return;
	list_push(context->arena, &walk->words, word);
	list_push(context->arena, &walk->below, walk->at);
}

static void reach_list(struct context *context, struct walk *walk, struct words broader)
{
	size_t count;
	const symbol *words = world_list_words(context->world, broader, &count);

	for (size_t i = 0; i < count; i++)
		reach(context, walk, words[i]);
}

static void reach_groups(struct context *context, struct walk *walk, struct dated_words groups)
{
	for (size_t i = 0; i < groups.count; i++) {
		const struct dated *membership = &groups.items[i];

		context_note(context, membership->from);
		context_note(context, membership->until);
		if (membership->from <= context->as_of && context->as_of < membership->until)
			reach(context, walk, membership->word);
	}
}

/* Whether a field of the record is followed in this pass: the first follows
 * what is settled, the second what is left. */
static bool is_followed(const struct walk *walk, const struct record *record, enum field field)
{
	bool settled = !(record->unsettled & FIELD_BIT(field));

	return walk->firm == 0 ? settled : !settled || walk->at >= walk->firm;
}

static void follow(struct context *context, struct walk *walk, const void *body)
{
	const struct record *record = body;
	const struct world_area *area = body;

	if (record->kind == RECORD_CATEGORY) {
		if (is_followed(walk, record, FIELD_CATEGORIES))
			reach_list(context, walk, ((const struct world_category *)body)->broader);
	} else if (record->kind == RECORD_PURPOSE) {
		if (is_followed(walk, record, FIELD_PURPOSES))
			reach_list(context, walk, ((const struct world_purpose *)body)->broader);
	} else {
		if (is_followed(walk, record, FIELD_AREA))
			reach(context, walk, area->part_of);
		if (is_followed(walk, record, FIELD_AREAS))
			reach_groups(context, walk, area->member_of);
	}
}

/* Visits every word, also those that are added meanwhile. */
static void visit(struct context *context, struct walk *walk, enum record_kind kind)
{
	for (walk->at = 0; walk->at < walk->words.count; walk->at++) {
		if (walk->at == walk->records.count)
			list_push(context->arena, &walk->records,
				  context_get(context, kind, walk->words.items[walk->at]));
		if (walk->records.items[walk->at])
			follow(context, walk, walk->records.items[walk->at]);
	}
}

/* Days are gathered apart from those of the decision, to be noted again each
 * time the closure is asked for. */
static struct kept walk_from(struct context *context, enum record_kind kind, symbol word)
{
	struct kept kept = {
		.kind = kind, .word = word, .known_at = context->known_at, .since = context->as_of};
	struct walk walk = {0};
	day before = context->holds_until;

	context->holds_until = DAY_MAX;
	reach(context, &walk, word);
	visit(context, &walk, kind);
	walk.firm = walk.words.count;
	visit(context, &walk, kind);
	kept.change = context->holds_until;
	context->holds_until = before;
	kept.closure = (struct closure){walk.words.items, walk.records.items, walk.below.items,
					walk.words.count, walk.firm};
	return kept;
}

/* ---- Shared ---- */

struct closures *closures_new(void)
{
	return memory_new(sizeof(struct closures));
}

void closures_free(struct closures *closures)
{
	for (size_t i = 0; closures && i < SHARED_SLOTS; i++)
		free((void *)(uintptr_t)atomic_load(&closures->slots[i]));
	free(closures);
}

static bool is_kept(const struct context *context, const struct kept *kept, enum record_kind kind,
		    symbol word)
{
	return kept->word == word && kept->kind == kind && kept->known_at == context->known_at &&
	       kept->since <= context->as_of && context->as_of < kept->change;
}

static size_t shared_slot(enum record_kind kind, symbol word, size_t probe)
{
	return ((word * UINT32_C(2654435761) >> 16) + kind + probe) % SHARED_SLOTS;
}

static const struct kept *find_shared(const struct context *context, enum record_kind kind,
				      symbol word)
{
	for (size_t i = 0; i < SHARED_PROBES; i++) {
		const struct kept *kept = atomic_load_explicit(
			&context->world->closures->slots[shared_slot(kind, word, i)],
			memory_order_acquire);

		if (!kept)
			return NULL;
		if (is_kept(context, kept, kind, word))
			return kept;
	}
	return NULL;
}

/* One piece of memory, with the arrays behind it. */
static struct kept *copy_of(const struct kept *kept)
{
	size_t count = kept->closure.count, words = count * sizeof(symbol),
	       records = count * sizeof(const struct record *), below = count * sizeof(uint32_t);
	struct kept *copy = memory_new(sizeof(*copy) + records + words + below);
	char *at = (char *)(copy + 1);

	*copy = *kept;
	copy->closure.records = memcpy(at, kept->closure.records, records);
	copy->closure.words = memcpy(at + records, kept->closure.words, words);
	copy->closure.below = memcpy(at + records + words, kept->closure.below, below);
	return copy;
}

/* NULL if no slot is free. */
static const struct kept *share(const struct context *context, const struct kept *kept)
{
	struct kept *copy = copy_of(kept);

	for (size_t i = 0; i < SHARED_PROBES; i++) {
		const struct kept *none = NULL;

		if (atomic_compare_exchange_strong(&context->world->closures->slots[shared_slot(
							   kept->kind, kept->word, i)],
						   &none, copy))
			return copy;
	}
	free(copy);
	return NULL;
}

/* ---- In one decision ---- */

static struct kept *slot_of(const struct closure_table *table, enum record_kind kind, symbol word)
{
	size_t mask = table->slot_count - 1;
	size_t at = (word * UINT32_C(2654435761) + kind) & mask;

	while (table->slots[at].kind &&
	       (table->slots[at].word != word || table->slots[at].kind != kind))
		at = (at + 1) & mask;
	return &table->slots[at];
}

static void grow(struct context *context, struct closure_table *table)
{
	struct closure_table larger = {.slot_count = table->slot_count * 2, .count = table->count};

	larger.slots = arena_array(context->arena, struct kept, larger.slot_count);
	for (size_t i = 0; i < table->slot_count; i++)
		if (table->slots[i].kind)
			*slot_of(&larger, table->slots[i].kind, table->slots[i].word) =
				table->slots[i];
	*table = larger;
}

static struct closure_table *table_of(struct context *context)
{
	if (!context->closures) {
		context->closures = arena_alloc(context->arena, sizeof(*context->closures));
		context->closures->slot_count = 64;
		context->closures->slots = arena_array(context->arena, struct kept, 64);
	}
	return context->closures;
}

static const struct kept *find_own(struct context *context, enum record_kind kind, symbol word)
{
	struct closure_table *table = table_of(context);
	struct kept *kept;

	if (table->count * 2 >= table->slot_count)
		grow(context, table);
	kept = slot_of(table, kind, word);
	if (!kept->kind) {
		struct kept walked = walk_from(context, kind, word);
		const struct kept *shared = share(context, &walked);

		if (shared)
			return shared;
		*kept = walked;
		table->count++;
	}
	return kept;
}

const struct closure *closure_of(struct context *context, enum record_kind kind, symbol word)
{
	const struct kept *kept = find_shared(context, kind, word);

	if (!kept)
		kept = find_own(context, kind, word);
	context_note(context, kept->change);
	return &kept->closure;
}

long closure_find(const struct closure *closure, symbol word)
{
	for (size_t i = 0; i < closure->count; i++)
		if (closure->words[i] == word)
			return (long)i;
	return -1;
}

bool closure_is_divided(const struct context *context, enum record_kind kind, symbol word)
{
	struct numbers found = index_find(&context->world->narrower, kind, word);

	/* What is known later must not change what was known before: when it
	 * became known counts, not whether it still is. */
	for (size_t i = 0; i < found.count; i++)
		if (table_at(context->world, kind, found.items[i])->known_from <= context->known_at)
			return true;
	return false;
}
