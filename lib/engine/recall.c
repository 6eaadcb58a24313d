#include "engine/recall.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 256 };

struct entry {
	struct arena *arena; /* of the entry itself, its key, question and decision */
	struct bytes key;
	uint64_t hash;
	const struct decision *decision;
	struct entry *next; /* of the same slot */
};

struct recall {
	size_t most;
	uint64_t world; /* 0: none yet */
	struct entry **slots;
	size_t slot_count; /* a power of two */
	uint32_t *key;     /* of the question at hand */
	size_t key_count, key_capacity;
	struct recall_figures figures;
};

struct recall *recall_new(size_t bytes)
{
	struct recall *recall = memory_new(sizeof(*recall));

	recall->most = bytes;
	recall->slot_count = FIRST_SLOTS;
	recall->slots = memory_resize(NULL, FIRST_SLOTS, sizeof(struct entry *));
	memset(recall->slots, 0, FIRST_SLOTS * sizeof(struct entry *));
	return recall;
}

static void forget_all(struct recall *recall)
{
	for (size_t i = 0; i < recall->slot_count; i++)
		while (recall->slots[i]) {
			struct entry *entry = recall->slots[i];

			recall->slots[i] = entry->next;
			arena_free(entry->arena);
		}
	recall->figures.forgotten += recall->figures.decisions;
	recall->figures.decisions = recall->figures.bytes = 0;
}

void recall_free(struct recall *recall)
{
	if (!recall)
		return;
	forget_all(recall);
	free(recall->slots);
	free(recall->key);
	free(recall);
}

struct recall_figures recall_figures(const struct recall *recall)
{
	return recall->figures;
}

/* ---- The key: all of the question but the day ----
 *
 * Numbers of 32 bits.  What may be longer or shorter is preceded by its count,
 * so that no two questions have one key. */

static void put(struct recall *recall, uint32_t number)
{
	if (recall->key_count == recall->key_capacity)
		array_reserve(&recall->key, &recall->key_capacity, recall->key_count);
	recall->key[recall->key_count++] = number;
}

static void put_long(struct recall *recall, uint64_t number)
{
	put(recall, (uint32_t)number);
	put(recall, (uint32_t)(number >> 32));
}

static void put_text(struct recall *recall, struct bytes text)
{
	put_long(recall, text.size);
	for (size_t i = 0; i < text.size; i += sizeof(uint32_t)) {
		size_t rest = text.size - i;
		uint32_t part = 0;

		memcpy(&part, text.data + i, rest < sizeof(part) ? rest : sizeof(part));
		put(recall, part);
	}
}

/* The text of a word that the registry has is the registry's. */
static void put_word(struct recall *recall, struct word word)
{
	put(recall, word.id);
	if (!word.id)
		put_text(recall, word.text);
}

static void put_words(struct recall *recall, const struct word *words, size_t count)
{
	put(recall, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		put_word(recall, words[i]);
}

static void put_recipient(struct recall *recall, const struct recipient *recipient)
{
	put_word(recall, recipient->party);
	put_words(recall, recipient->storage, recipient->storage_count);
	put_words(recall, recipient->access, recipient->access_count);
	put(recall, recipient->mode);
}

static void put_fact(struct recall *recall, const struct stated_fact *fact)
{
	put(recall, fact->name);
	put_text(recall, fact->unresolved);
	put(recall, (uint32_t)fact->values.count);
	for (size_t i = 0; i < fact->values.count; i++) {
		put(recall, fact->values.items[i].type);
		put(recall, fact->values.items[i].word);
		put_long(recall, (uint64_t)fact->values.items[i].number);
	}
}

static void write_key(struct recall *recall, const struct question *question)
{
	recall->key_count = 0;
	put_long(recall, question->known_at);
	put_word(recall, question->exporter);
	put_word(recall, question->data_set);
	put_words(recall, question->categories, question->category_count);
	put_word(recall, question->purpose);
	put(recall, (uint32_t)question->recipient_count);
	for (size_t i = 0; i < question->recipient_count; i++)
		put_recipient(recall, &question->recipients[i]);
	put(recall, (uint32_t)question->fact_count);
	for (size_t i = 0; i < question->fact_count; i++)
		put_fact(recall, &question->facts[i]);
	put(recall, (uint32_t)question->perform_count);
	for (size_t i = 0; i < question->perform_count; i++) {
		put(recall, question->performs[i].duty);
		put(recall, question->performs[i].yes);
	}
}

/* A weak hash does no harm but to speed: keys are compared whole. */
static uint64_t hash_of_key(const struct recall *recall)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < recall->key_count; i++)
		hash = (hash ^ recall->key[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/* ---- A question of its own for what is kept ---- */

static struct word copy_word(struct arena *arena, const struct world *world, struct word word)
{
	word.text =
		word.id ? symbols_text(world_words(world), word.id) : arena_copy(arena, word.text);
	return word;
}

static const struct word *copy_words(struct arena *arena, const struct world *world,
				     const struct word *words, size_t count)
{
	struct word *copy = arena_array(arena, struct word, count);

	for (size_t i = 0; i < count; i++)
		copy[i] = copy_word(arena, world, words[i]);
	return copy;
}

static const struct recipient *copy_recipients(struct arena *arena, const struct world *world,
					       const struct question *question)
{
	struct recipient *copy = arena_array(arena, struct recipient, question->recipient_count);

	for (size_t i = 0; i < question->recipient_count; i++) {
		copy[i] = question->recipients[i];
		copy[i].party = copy_word(arena, world, copy[i].party);
		copy[i].storage = copy_words(arena, world, copy[i].storage, copy[i].storage_count);
		copy[i].access = copy_words(arena, world, copy[i].access, copy[i].access_count);
	}
	return copy;
}

static const void *copy_array(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *copy = arena_alloc_array(arena, count, size);

	return count ? memcpy(copy, items, count * size) : copy;
}

static const struct stated_fact *copy_facts(struct arena *arena, const struct question *question)
{
	struct stated_fact *copy = arena_array(arena, struct stated_fact, question->fact_count);

	for (size_t i = 0; i < question->fact_count; i++) {
		copy[i] = question->facts[i];
		copy[i].values.items = copy_array(arena, copy[i].values.items, copy[i].values.count,
						  sizeof(struct value));
		copy[i].unresolved = arena_copy(arena, copy[i].unresolved);
	}
	return copy;
}

static const struct question *copy_question(struct arena *arena, const struct world *world,
					    const struct question *question)
{
	struct question *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *question;
	copy->exporter = copy_word(arena, world, question->exporter);
	copy->data_set = copy_word(arena, world, question->data_set);
	copy->categories = copy_words(arena, world, question->categories, question->category_count);
	copy->purpose = copy_word(arena, world, question->purpose);
	copy->recipients = copy_recipients(arena, world, question);
	copy->facts = copy_facts(arena, question);
	copy->performs = copy_array(arena, question->performs, question->perform_count,
				    sizeof(*question->performs));
	return copy;
}

/* ---- Finding and keeping ---- */

static struct bytes key_bytes(const struct recall *recall)
{
	return bytes_of(recall->key, recall->key_count * sizeof(*recall->key));
}

static bool holds_on(const struct decision *decision, day as_of)
{
	return decision->as_of <= as_of && as_of < decision->holds_until;
}

static const struct entry *find(const struct recall *recall, uint64_t hash, day as_of)
{
	const struct entry *entry = recall->slots[hash & (recall->slot_count - 1)];

	while (entry && !(entry->hash == hash && holds_on(entry->decision, as_of) &&
			  bytes_equal(entry->key, key_bytes(recall))))
		entry = entry->next;
	return entry;
}

/* As it would have been decided on that day. */
static const struct decision *on_day(const struct decision *kept, day as_of, struct arena *arena)
{
	struct decision *decision;

	if (kept->as_of == as_of)
		return kept;
	decision = arena_alloc(arena, sizeof(*decision));
	*decision = *kept;
	decision->as_of = as_of;
	return decision;
}

static void grow_slots(struct recall *recall)
{
	struct entry **old = recall->slots;
	size_t count = recall->slot_count;

	recall->slot_count *= 2;
	recall->slots = memory_resize(NULL, recall->slot_count, sizeof(struct entry *));
	memset(recall->slots, 0, recall->slot_count * sizeof(struct entry *));
	for (size_t i = 0; i < count; i++)
		while (old[i]) {
			struct entry *entry = old[i];
			struct entry **slot =
				&recall->slots[entry->hash & (recall->slot_count - 1)];

			old[i] = entry->next;
			entry->next = *slot;
			*slot = entry;
		}
	free(old);
}

static void keep(struct recall *recall, struct entry *entry)
{
	struct entry **slot;

	if (recall->figures.decisions >= recall->slot_count)
		grow_slots(recall);
	slot = &recall->slots[entry->hash & (recall->slot_count - 1)];
	entry->next = *slot;
	*slot = entry;
	recall->figures.decisions++;
	recall->figures.bytes += arena_size(entry->arena);
}

static int decide_anew(struct recall *recall, const struct world *world,
		       const struct question *question, uint64_t hash, const struct decision **out,
		       struct error *error)
{
	struct arena *arena = arena_new(0);
	struct entry *entry = arena_alloc(arena, sizeof(*entry));
	int result = decide(world, copy_question(arena, world, question), arena, out, error);

	if (result) {
		arena_free(arena);
		return result;
	}
	entry->arena = arena;
	entry->key = arena_copy(arena, key_bytes(recall));
	entry->hash = hash;
	entry->decision = *out;
	keep(recall, entry);
	recall->figures.decided++;
	return 0;
}

int recall_decide(struct recall *recall, const struct world *world, const struct question *question,
		  struct arena *arena, const struct decision **out, struct error *error)
{
	const struct entry *entry;
	uint64_t hash;

	if (!recall)
		return decide(world, question, arena, out, error);
	if (recall->world != world_identity(world) || recall->figures.bytes > recall->most)
		forget_all(recall);
	recall->world = world_identity(world);
	write_key(recall, question);
	hash = hash_of_key(recall);
	entry = find(recall, hash, question->as_of);
	if (!entry)
		return decide_anew(recall, world, question, hash, out, error);
	recall->figures.given_again++;
	*out = on_day(entry->decision, question->as_of, arena);
	return 0;
}
