#include "engine/ways.h"

/* ---- Steps ---- */

/* The question stands before the hops. */
static uint32_t place_of(const struct step *step)
{
	return step->said.hop + 1;
}

int step_compare(const struct step *a, const struct step *b)
{
	if (a == b)
		return 0;
	if (a->said.act != b->said.act)
		return a->said.act < b->said.act ? -1 : 1;
	if (a->said.hop != b->said.hop)
		return place_of(a) < place_of(b) ? -1 : 1;
	return bytes_compare(a->said.text, b->said.text);
}

/* What a fact must not be goes with whatever else is said of it. */
static bool go_together(const struct step *a, const struct step *b)
{
	return (a->only_has && b->only_has) || (a->fact.fact && !a->has_witness) ||
	       (b->fact.fact && !b->has_witness);
}

/* About one fact, or one question, and not the same. */
static bool excludes(const struct step *a, const struct step *b)
{
	return a->about && a->about == b->about && a->said.hop == b->said.hop && a != b &&
	       !go_together(a, b);
}

/* ---- Sets ---- */

static uint64_t signature_of(const struct step *step)
{
	return UINT64_C(1) << ((uintptr_t)step / sizeof(*step) % 64);
}

struct ways ways_nothing(void)
{
	return (struct ways){.count = 1};
}

struct ways ways_of(struct arena *arena, const struct step *step)
{
	const struct step **steps = arena_alloc(arena, sizeof(const struct step *));

	*steps = step;
	return (struct ways){.items = {{signature_of(step), step->said.effort, 1, steps}},
			     .count = 1};
}

struct way way_without(struct arena *arena, const struct way *way, size_t at)
{
	const struct step **steps =
		arena_alloc_array(arena, way->count, sizeof(const struct step *));
	struct way less = {.steps = steps};

	for (size_t i = 0; i < way->count; i++) {
		if (i == at)
			continue;
		steps[less.count++] = way->steps[i];
		less.effort += way->steps[i]->said.effort;
		less.signature |= signature_of(way->steps[i]);
	}
	return less;
}

bool way_equal(const struct way *a, const struct way *b)
{
	return a->signature == b->signature && a->count == b->count &&
	       (a->count == 0 ||
		memcmp(a->steps, b->steps, a->count * sizeof(const struct step *)) == 0);
}

bool ways_equal(const struct ways *a, const struct ways *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!way_equal(&a->items[i], &b->items[i]))
			return false;
	return true;
}

static bool contains(const struct way *way, const struct way *part)
{
	size_t found = 0;

	if (part->signature & ~way->signature || part->count > way->count)
		return false;
	for (size_t i = 0; i < way->count && found < part->count; i++)
		found += way->steps[i] == part->steps[found];
	return found == part->count;
}

static int compare_ways(const struct way *a, const struct way *b)
{
	if (a->effort != b->effort)
		return a->effort < b->effort ? -1 : 1;
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (size_t i = 0; i < a->count; i++)
		if (a->steps[i] != b->steps[i])
			return step_compare(a->steps[i], b->steps[i]);
	return 0;
}

/* ---- Uniting ---- */

static bool excludes_any(const struct way *a, const struct way *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (excludes(a->steps[i], b->steps[j]))
				return true;
	return false;
}

/* Both in order, what they share once. */
static struct way merge(struct arena *arena, const struct way *a, const struct way *b)
{
	const struct step **steps =
		arena_alloc_array(arena, a->count + b->count, sizeof(const struct step *));
	struct way both = {.signature = a->signature | b->signature, .steps = steps};
	size_t i = 0, j = 0;

	while (i < a->count || j < b->count) {
		int order = i == a->count   ? 1
			    : j == b->count ? -1
					    : step_compare(a->steps[i], b->steps[j]);

		steps[both.count] = order <= 0 ? a->steps[i] : b->steps[j];
		both.effort += steps[both.count++]->said.effort;
		i += order <= 0;
		j += order >= 0;
	}
	return both;
}

static void unite(struct arena *arena, const struct way *a, const struct way *b,
		  struct way_list *list, bool *cut)
{
	struct way both;

	if (excludes_any(a, b))
		return;
	both = merge(arena, a, b);
	if (both.count > WAY_STEPS_MAX)
		*cut = true;
	else
		list_push(arena, list, both);
}

static bool is_nothing(const struct ways *ways)
{
	return ways->count == 1 && ways->items[0].count == 0;
}

struct ways ways_unite(struct arena *arena, const struct ways *a, const struct ways *b, bool *cut)
{
	struct way_list list = {0};

	if (is_nothing(a) || b->count == 0)
		return *b;
	if (is_nothing(b) || a->count == 0)
		return *a;
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			unite(arena, &a->items[i], &b->items[j], &list, cut);
	return ways_small(&list, cut);
}

void ways_add(struct arena *arena, struct way_list *list, const struct ways *ways)
{
	for (size_t i = 0; i < ways->count; i++)
		list_push(arena, list, ways->items[i]);
}

static void sort(struct way_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		struct way way = list->items[i];
		size_t at = i;

		for (; at > 0 && compare_ways(&way, &list->items[at - 1]) < 0; at--)
			list->items[at] = list->items[at - 1];
		list->items[at] = way;
	}
}

static bool contains_one_of(const struct way *way, const struct ways *ways)
{
	for (size_t i = 0; i < ways->count; i++)
		if (contains(way, &ways->items[i]))
			return true;
	return false;
}

/* What a set contains has less effort, and so stands before it: those kept
 * are all that need to be looked at. */
struct ways ways_small(struct way_list *list, bool *cut)
{
	struct ways small = {.count = 0};

	sort(list);
	for (size_t i = 0; i < list->count; i++) {
		if (contains_one_of(&list->items[i], &small))
			continue;
		if (small.count == WAYS_MAX) {
			*cut = true;
			break;
		}
		small.items[small.count++] = list->items[i];
	}
	return small;
}
