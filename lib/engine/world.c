#include "engine/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/seal.h"

static const size_t sizes[RECORD_KIND_COUNT] = {
	[RECORD_AREA] = sizeof(struct world_area),
	[RECORD_CATEGORY] = sizeof(struct world_category),
	[RECORD_PURPOSE] = sizeof(struct world_purpose),
	[RECORD_PARTY] = sizeof(struct world_party),
	[RECORD_ENGAGEMENT] = sizeof(struct world_engagement),
	[RECORD_DATA_SET] = sizeof(struct world_data_set),
	[RECORD_AGREEMENT] = sizeof(struct world_agreement),
	[RECORD_INSTRUMENT] = sizeof(struct world_instrument),
	[RECORD_CERTIFICATE] = sizeof(struct world_certificate),
	[RECORD_FINDING] = sizeof(struct world_finding),
	[RECORD_ASSESSMENT] = sizeof(struct world_assessment),
	[RECORD_DISCLOSURE] = sizeof(struct world_disclosure),
	[RECORD_ORDER] = sizeof(struct world_order),
	[RECORD_RULEBOOK] = sizeof(struct world_rulebook),
	[RECORD_TERM] = sizeof(struct world_term),
};

/* 1,000,000 agreements at 300 bytes each leave this much beside id and index. */
_Static_assert(sizeof(struct world_agreement) <= 152, "an agreement is to be compact");

static const char *const mode_names[ACCESS_MODE_COUNT] = {
	[ACCESS_UNSPECIFIED] = "",
	[ACCESS_STORAGE] = "storage",
	[ACCESS_REMOTE_ACCESS] = "remote-access",
	[ACCESS_TRANSMISSION] = "transmission",
	[ACCESS_TRANSIT] = "transit",
	[ACCESS_ON_DEVICE] = "on-device",
	[ACCESS_DIRECT_COLLECTION] = "direct-collection",
	[ACCESS_DISCLOSURE_TO_AUTHORITY] = "disclosure-to-authority",
};

static const char *const status_names[CERTIFICATE_STATUS_COUNT] = {
	[CERTIFICATE_UNSPECIFIED] = "",
	[CERTIFICATE_ACTIVE] = "active",
	[CERTIFICATE_SUSPENDED] = "suspended",
	[CERTIFICATE_WITHDRAWN] = "withdrawn",
};

static symbol add_word(struct world *world, const char *text)
{
	return symbols_add(world->symbols, bytes_of_string(text));
}

static void add_own_words(struct world *world)
{
	world->any = add_word(world, "any");
	world->holds = add_word(world, "holds");
	world->does_not_hold = add_word(world, "does-not-hold");
	for (int i = 0; i < ACCESS_MODE_COUNT; i++)
		world->modes[i] = add_word(world, mode_names[i]);
	for (int i = 0; i < CERTIFICATE_STATUS_COUNT; i++)
		world->statuses[i] = add_word(world, status_names[i]);
	for (int i = FACT_AS_OF; i < FACT_COUNT; i++)
		world->fact_names[i] = add_word(world, fact_shape((enum fact)i)->name);
}

struct world *world_new(void)
{
	struct world *world = memory_new(sizeof(*world));

	world->symbols = symbols_new();
	world->arena = arena_new(0);
	for (int kind = 0; kind < RECORD_KIND_COUNT; kind++)
		world->tables[kind].size = sizes[kind];
	world->list_slot_count = 256;
	world->list_slots = memory_new(world->list_slot_count * sizeof(*world->list_slots));
	array_reserve(&world->lists, &world->list_capacity, 0);
	world->lists[world->list_count++] = 0; /* the empty list */
	add_own_words(world);
	return world;
}

void world_free(struct world *world)
{
	if (!world)
		return;
	for (int kind = 0; kind < RECORD_KIND_COUNT; kind++) {
		free(world->tables[kind].items);
		index_release(&world->index[kind]);
	}
	index_release(&world->speakers);
	index_release(&world->narrower);
	free(world->tests);
	closures_free(world->closures);
	free(world->lists);
	free(world->list_slots);
	arena_free(world->arena);
	symbols_free(world->symbols);
	free(world);
}

struct symbols *world_symbols(struct world *world)
{
	assert(!world->sealed);
	return world->symbols;
}

const struct symbols *world_words(const struct world *world)
{
	return world->symbols;
}

struct arena *world_arena(struct world *world)
{
	assert(!world->sealed);
	return world->arena;
}

symbol world_mode_word(const struct world *world, enum access_mode mode)
{
	return (unsigned)mode < ACCESS_MODE_COUNT ? world->modes[mode] : SYMBOL_NONE;
}

symbol world_status_word(const struct world *world, enum certificate_status status)
{
	return (unsigned)status < CERTIFICATE_STATUS_COUNT ? world->statuses[status] : SYMBOL_NONE;
}

/* ---- Lists ---- */

static uint64_t hash_list(const symbol *words, size_t count)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ count;

	for (size_t i = 0; i < count; i++)
		h = (h ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

/* The slot that holds the list, or the free one where it goes. */
static uint32_t *list_slot(const struct world *world, const symbol *words, size_t count)
{
	size_t mask = world->list_slot_count - 1, at = hash_list(words, count) & mask;

	for (;; at = (at + 1) & mask) {
		uint32_t list = world->list_slots[at];

		if (list == 0 ||
		    (world->lists[list] == count &&
		     memcmp(world->lists + list + 1, words, count * sizeof(*words)) == 0))
			return &world->list_slots[at];
	}
}

static void grow_list_slots(struct world *world)
{
	uint32_t *old = world->list_slots;
	size_t old_count = world->list_slot_count;

	world->list_slot_count *= 2;
	world->list_slots = memory_new(world->list_slot_count * sizeof(*world->list_slots));
	for (size_t i = 0; i < old_count; i++)
		if (old[i])
			*list_slot(world, world->lists + old[i] + 1, world->lists[old[i]]) = old[i];
	free(old);
}

static void push_list_word(struct world *world, symbol word)
{
	array_reserve(&world->lists, &world->list_capacity, world->list_count);
	world->lists[world->list_count++] = word;
}

struct words world_list(struct world *world, const symbol *words, size_t count)
{
	uint32_t *slot;

	assert(!world->sealed);
	if (count == 0)
		return (struct words){0};
	slot = list_slot(world, words, count);
	if (*slot)
		return (struct words){*slot};
	*slot = (uint32_t)world->list_count;
	push_list_word(world, (symbol)count);
	for (size_t i = 0; i < count; i++)
		push_list_word(world, words[i]);
	if (++world->distinct_lists * 2 > world->list_slot_count)
		grow_list_slots(world);
	return (struct words){(uint32_t)(world->list_count - count - 1)};
}

const symbol *world_list_words(const struct world *world, struct words list, size_t *count)
{
	*count = world->lists[list.at];
	return world->lists + list.at + 1;
}

/* ---- Adding ---- */

static void *add(struct world *world, enum record_kind kind, const void *record)
{
	struct table *table = &world->tables[kind];
	struct record *copy;

	assert(!world->sealed);
	table->items = array_grow(table->items, &table->capacity, table->count, table->size);
	copy = (void *)(table->items + table->count++ * table->size);
	memcpy(copy, record, table->size);
	copy->kind = (uint8_t)kind;
	return copy;
}

static const void *copy_array(struct world *world, const void *items, size_t count, size_t size)
{
	void *copy = arena_alloc_array(world->arena, count, size);

	return count ? memcpy(copy, items, count * size) : copy;
}

static void copy_dated(struct world *world, struct dated_words *words)
{
	words->items = copy_array(world, words->items, words->count, sizeof(*words->items));
}

void world_add_area(struct world *world, const struct world_area *area)
{
	struct world_area *copy = add(world, RECORD_AREA, area);

	copy_dated(world, &copy->member_of);
}

void world_add_category(struct world *world, const struct world_category *category)
{
	add(world, RECORD_CATEGORY, category);
}

void world_add_purpose(struct world *world, const struct world_purpose *purpose)
{
	add(world, RECORD_PURPOSE, purpose);
}

void world_add_party(struct world *world, const struct world_party *party)
{
	struct world_party *copy = add(world, RECORD_PARTY, party);

	copy_dated(world, &copy->establishments);
	copy_dated(world, &copy->bound_by);
}

void world_add_engagement(struct world *world, const struct world_engagement *engagement)
{
	add(world, RECORD_ENGAGEMENT, engagement);
}

void world_add_data_set(struct world *world, const struct world_data_set *data_set)
{
	add(world, RECORD_DATA_SET, data_set);
}

void world_add_agreement(struct world *world, const struct world_agreement *agreement)
{
	add(world, RECORD_AGREEMENT, agreement);
}

void world_add_instrument(struct world *world, const struct world_instrument *instrument)
{
	struct world_instrument *copy = add(world, RECORD_INSTRUMENT, instrument);

	copy->modules =
		copy_array(world, copy->modules, copy->module_count, sizeof(*copy->modules));
	copy->laws = copy_array(world, copy->laws, copy->law_count, sizeof(*copy->laws));
}

void world_add_certificate(struct world *world, const struct world_certificate *certificate)
{
	add(world, RECORD_CERTIFICATE, certificate);
}

void world_add_finding(struct world *world, const struct world_finding *finding)
{
	add(world, RECORD_FINDING, finding);
}

void world_add_assessment(struct world *world, const struct world_assessment *assessment)
{
	add(world, RECORD_ASSESSMENT, assessment);
}

void world_add_disclosure(struct world *world, const struct world_disclosure *disclosure)
{
	add(world, RECORD_DISCLOSURE, disclosure);
}

void world_add_order(struct world *world, const struct world_order *order)
{
	struct world_order *copy = add(world, RECORD_ORDER, order);

	copy->stays = copy_array(world, copy->stays, copy->stay_count, sizeof(*copy->stays));
}

void world_add_rulebook(struct world *world, const struct world_rulebook *rulebook)
{
	add(world, RECORD_RULEBOOK, rulebook);
}

void world_add_term(struct world *world, const struct world_term *term)
{
	add(world, RECORD_TERM, term);
}

/* ---- Sealing and reading ---- */

void world_seal(struct world *world)
{
	seal_sort(world);
	seal_file(world);
	seal_rank(world);
	world->closures = closures_new();
	free(world->list_slots);
	world->list_slots = NULL;
	world->sealed = true;
}

static bool is_filed_by_id(enum record_kind kind)
{
	switch (kind) {
	case RECORD_AREA:
	case RECORD_CATEGORY:
	case RECORD_PURPOSE:
	case RECORD_PARTY:
	case RECORD_DATA_SET:
	case RECORD_INSTRUMENT:
	case RECORD_RULEBOOK:
	case RECORD_TERM:
		return true;
	default:
		return false;
	}
}

const struct record *world_get(const struct world *world, enum record_kind kind, symbol id,
			       day as_of, uint64_t known_at)
{
	struct numbers found;

	assert(world->sealed);
	if (!is_filed_by_id(kind) || id == SYMBOL_NONE)
		return NULL;
	found = index_find(&world->index[kind], SYMBOL_NONE, id);
	for (size_t i = 0; i < found.count; i++) {
		const struct record *record = table_at(world, kind, found.items[i]);

		if (record_is_known(record, known_at) && record_is_valid(record, as_of))
			return record;
	}
	return NULL;
}
