#include "registry/record_set.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "text/allocator.h"

/* Where the records of one revision lie, shared by all sets that hold them. */
struct shelf {
	struct arena *arena;
	atomic_size_t references;
};

struct record_set {
	struct shelf **shelves; /* the last is this set's own */
	size_t shelf_count;
	struct record_slice **slices;
	size_t count, capacity;
	size_t ordered;               /* so many, from the front, are in order already */
	size_t kinds[KIND_COUNT + 1]; /* where each kind begins */
	uint64_t revision;
	bool sealed;
};

static struct shelf *shelf_new(void)
{
	struct shelf *shelf = memory_new(sizeof(*shelf));

	shelf->arena = arena_new(4096);
	atomic_init(&shelf->references, 1);
	return shelf;
}

static void shelf_release(struct shelf *shelf)
{
	if (atomic_fetch_sub(&shelf->references, 1) != 1)
		return;
	arena_free(shelf->arena);
	free(shelf);
}

struct record_set *record_set_new(void)
{
	struct record_set *set = memory_new(sizeof(*set));

	set->shelves = memory_resize(NULL, 1, sizeof(*set->shelves));
	set->shelves[set->shelf_count++] = shelf_new();
	return set;
}

void record_set_free(struct record_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->shelf_count; i++)
		shelf_release(set->shelves[i]);
	free(set->shelves);
	free(set->slices);
	free(set);
}

struct record_set *record_set_derive(const struct record_set *base)
{
	struct record_set *set = memory_new(sizeof(*set));

	assert(base->sealed);
	set->shelves = memory_resize(NULL, base->shelf_count + 1, sizeof(*set->shelves));
	for (; set->shelf_count < base->shelf_count; set->shelf_count++) {
		set->shelves[set->shelf_count] = base->shelves[set->shelf_count];
		atomic_fetch_add(&set->shelves[set->shelf_count]->references, 1);
	}
	set->shelves[set->shelf_count++] = shelf_new();
	set->capacity = base->count + 16;
	set->slices = memory_resize(NULL, set->capacity, sizeof(*set->slices));
	if (base->count)
		memcpy(set->slices, base->slices, base->count * sizeof(*set->slices));
	set->count = set->ordered = base->count;
	set->revision = base->revision;
	return set;
}

struct arena *record_set_arena(struct record_set *set)
{
	assert(!set->sealed);
	return set->shelves[set->shelf_count - 1]->arena;
}

static day day_or(const char *text, day otherwise)
{
	struct bytes date = bytes_of_string(text);
	day found;

	if (date.size == 0 || date_parse(date, &found, NULL))
		return otherwise;
	return found;
}

static struct record_slice *add_slice(struct record_set *set, const Carnet__V1__Record *record)
{
	struct record_slice *slice = arena_alloc(record_set_arena(set), sizeof(*slice));

	slice->record = record;
	slice->kind = kind_of(record);
	slice->from = day_or(record->from, DAY_MIN);
	slice->until = day_or(record->until, DAY_MAX);
	array_reserve(&set->slices, &set->capacity, set->count);
	set->slices[set->count++] = slice;
	return slice;
}

struct record_slice *record_set_add(struct record_set *set, const Carnet__V1__Record *record,
				    uint64_t revision, const struct digest *digest)
{
	struct record_slice *slice = add_slice(set, record);

	slice->revision = revision;
	slice->digest = digest ? *digest : record_digest(record);
	if (revision > set->revision)
		set->revision = revision;
	return slice;
}

Carnet__V1__Record *record_set_copy(struct record_set *set, const Carnet__V1__Record *record)
{
	size_t size = carnet__v1__record__get_packed_size(record);
	uint8_t *packed = memory_new(size + 1);
	ProtobufCAllocator allocator = allocator_in(record_set_arena(set));
	Carnet__V1__Record *copy;

	carnet__v1__record__pack(record, packed);
	copy = carnet__v1__record__unpack(&allocator, size, packed);
	assert(copy);
	free(packed);
	return copy;
}

struct record_slice *record_set_add_given(struct record_set *set, const Carnet__V1__Record *record)
{
	struct record_slice *slice = add_slice(set, record_set_copy(set, record));

	slice->given = true;
	slice->digest = record_digest(record);
	return slice;
}

static int compare_slices(const struct record_slice *a, const struct record_slice *b)
{
	int order = (a->kind > b->kind) - (a->kind < b->kind);

	if (!order)
		order = strcmp(a->record->id, b->record->id);
	if (!order)
		order = strcmp(a->record->from, b->record->from);
	if (!order)
		order = a->given - b->given;
	return order ? order : (a->revision > b->revision) - (a->revision < b->revision);
}

/* A slice and when it was added, so that sorting keeps that order among equals. */
struct entry {
	struct record_slice *slice;
	size_t added;
};

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_slices(a->slice, b->slice);

	return order ? order : (a->added > b->added) - (a->added < b->added);
}

static void sort_slices(struct record_slice **slices, size_t count)
{
	struct entry *entries = memory_resize(NULL, count, sizeof(*entries));

	for (size_t i = 0; i < count; i++)
		entries[i] = (struct entry){slices[i], i};
	qsort(entries, count, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < count; i++)
		slices[i] = entries[i].slice;
	free(entries);
}

/* Appends to an ordered list; an equal slice takes the place of the one before. */
static void append_slice(struct record_slice **list, size_t *count, struct record_slice *slice)
{
	if (*count && compare_slices(list[*count - 1], slice) == 0)
		list[*count - 1] = slice;
	else
		list[(*count)++] = slice;
}

/* The front is in order since `base`; the new ones are sorted and merged in. */
static void order_slices(struct record_set *set)
{
	struct record_slice **list = memory_resize(NULL, set->count + 1, sizeof(*list));
	size_t old = 0, new = set->ordered, count = 0;

	if (set->count > new)
		sort_slices(set->slices + new, set->count - new);
	while (old < set->ordered || new < set->count) {
		bool take_old = new == set->count ||
				(old < set->ordered &&
				 compare_slices(set->slices[old], set->slices[new]) <= 0);

		append_slice(list, &count, set->slices[take_old ? old++ : new ++]);
	}
	free(set->slices);
	set->slices = list;
	set->count = set->ordered = count;
}

static void index_kinds(struct record_set *set)
{
	size_t at = 0;

	for (int kind = 0; kind < KIND_COUNT; kind++) {
		set->kinds[kind] = at;
		while (at < set->count && (int)set->slices[at]->kind == kind)
			at++;
	}
	set->kinds[KIND_COUNT] = set->count;
}

void record_set_seal(struct record_set *set)
{
	assert(!set->sealed);
	order_slices(set);
	index_kinds(set);
	set->sealed = true;
}

uint64_t record_set_revision(const struct record_set *set)
{
	return set->revision;
}

const struct record_slice *const *record_set_slices(const struct record_set *set, size_t *count)
{
	assert(set->sealed);
	*count = set->count;
	return (const struct record_slice *const *)set->slices;
}

static int compare_id(const struct record_slice *slice, struct bytes id)
{
	return bytes_compare(bytes_of_string(slice->record->id), id);
}

/* The first slice of a kind whose id is not before `id`. */
static size_t lower_bound(const struct record_set *set, enum kind kind, struct bytes id)
{
	size_t low = set->kinds[kind], high = set->kinds[kind + 1];

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_id(set->slices[middle], id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct record_slice *const *record_set_kind(const struct record_set *set, enum kind kind,
						  size_t *count)
{
	assert(set->sealed);
	*count = set->kinds[kind + 1] - set->kinds[kind];
	return (const struct record_slice *const *)set->slices + set->kinds[kind];
}

const struct record_slice *const *record_set_find(const struct record_set *set, enum kind kind,
						  struct bytes id, size_t *count)
{
	size_t first, last;

	assert(set->sealed);
	first = last = lower_bound(set, kind, id);
	/* An id has few slices: walking beats a second search. */
	while (last < set->kinds[kind + 1] && compare_id(set->slices[last], id) == 0)
		last++;
	*count = last - first;
	return (const struct record_slice *const *)set->slices + first;
}

static bool same_slice(const struct record_slice *a, const struct record_slice *b)
{
	return a->kind == b->kind && a->given == b->given &&
	       strcmp(a->record->id, b->record->id) == 0 &&
	       strcmp(a->record->from, b->record->from) == 0;
}

/* True if the i-th slice is the newest version of itself that `revision` knew. */
static bool is_newest(const struct record_slice *const *slices, size_t count, size_t i,
		      uint64_t revision)
{
	if (slices[i]->revision > revision)
		return false;
	return i + 1 == count || slices[i + 1]->revision > revision ||
	       !same_slice(slices[i], slices[i + 1]);
}

const struct record_slice *record_set_version(const struct record_set *set,
					      const struct record_key *key, uint64_t revision)
{
	size_t count;
	const struct record_slice *const *slices = record_set_find(set, key->kind, key->id, &count);

	for (size_t i = 0; i < count; i++)
		if (!slices[i]->given && is_newest(slices, count, i, revision) &&
		    bytes_equal_string(key->from, slices[i]->record->from))
			return slices[i];
	return NULL;
}

const struct record_slice *record_set_speaks(const struct record_set *set, enum kind kind,
					     struct bytes id, day on, uint64_t revision)
{
	const struct record_slice *said[2] = {NULL, NULL}; /* by the registry, by `given` */
	size_t count;
	const struct record_slice *const *slices = record_set_find(set, kind, id, &count);

	for (size_t i = 0; i < count; i++) {
		if (!is_newest(slices, count, i, revision) || slices[i]->record->retired ||
		    slices[i]->from > on)
			continue;
		said[slices[i]->given] = slices[i];
		if (slices[i]->given && said[0] &&
		    strcmp(said[0]->record->from, slices[i]->record->from) == 0)
			said[0] = NULL; /* given anew: no day falls back on it */
	}
	for (int layer = 1; layer >= 0; layer--)
		if (said[layer] && on < said[layer]->until)
			return said[layer];
	return NULL;
}

bool record_set_is_newest(const struct record_set *set, const struct record_slice *slice)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_find(set, slice->kind, bytes_of_string(slice->record->id), &count);

	for (size_t i = 0; i < count; i++)
		if (slices[i] == slice)
			return is_newest(slices, count, i, REVISION_NEWEST);
	return false;
}

const struct record_slice *record_set_latest(const struct record_set *set, enum kind kind,
					     struct bytes id)
{
	size_t count;
	const struct record_slice *const *slices = record_set_find(set, kind, id, &count);

	for (size_t i = count; i-- > 0;)
		if (is_newest(slices, count, i, REVISION_NEWEST) && !slices[i]->record->retired)
			return slices[i];
	return NULL;
}

bool record_set_knows(const struct record_set *set, enum kind kind, struct bytes id,
		      uint64_t revision)
{
	size_t count;
	const struct record_slice *const *slices = record_set_find(set, kind, id, &count);

	for (size_t i = 0; i < count; i++)
		if (is_newest(slices, count, i, revision) && !slices[i]->record->retired)
			return true;
	return false;
}

int record_set_each(const struct record_set *set, uint64_t revision, record_visit *visit, void *arg)
{
	size_t count;
	const struct record_slice *const *slices = record_set_slices(set, &count);

	for (size_t i = 0; i < count; i++) {
		int code = 0;

		if (!slices[i]->given && is_newest(slices, count, i, revision))
			code = visit(arg, slices[i]);
		if (code)
			return code;
	}
	return 0;
}
