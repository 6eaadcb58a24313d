#include "engine/closure.h"

struct kept {
	enum record_kind kind; /* RECORD_NONE: free */
	symbol word;
	day change; /* the first later day on which the closure differs */
	struct closure closure;
};

/* Each closure is walked once per decision. */
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
static void fill(struct context *context, struct kept *kept)
{
	struct walk walk = {0};
	day before = context->holds_until;

	context->holds_until = DAY_MAX;
	reach(context, &walk, kept->word);
	visit(context, &walk, kept->kind);
	walk.firm = walk.words.count;
	visit(context, &walk, kept->kind);
	kept->change = context->holds_until;
	context->holds_until = before;
	kept->closure = (struct closure){walk.words.items, walk.records.items, walk.below.items,
					 walk.words.count, walk.firm};
}

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

const struct closure *closure_of(struct context *context, enum record_kind kind, symbol word)
{
	struct closure_table *table = table_of(context);
	struct kept *kept;

	if (table->count * 2 >= table->slot_count)
		grow(context, table);
	kept = slot_of(table, kind, word);
	if (!kept->kind) {
		kept->kind = kind;
		kept->word = word;
		table->count++;
		fill(context, kept);
	}
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
