#include "registry/rectangles.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A stretch of days on which one slice speaks, at one revision. */
struct span {
	const struct record_slice *slice;
	day from, until;
};

struct spans {
	struct span *items;
	size_t count, capacity;
};

static void spans_add(struct spans *spans, const struct record_slice *slice, day from, day until)
{
	if (from >= until)
		return;
	array_reserve(&spans->items, &spans->capacity, spans->count);
	spans->items[spans->count++] = (struct span){slice, from, until};
}

/* True if a later version of the i-th slice was known too: it stands right behind. */
static bool is_replaced(const struct record_slice *const *slices, size_t count, size_t i,
			uint64_t revision)
{
	return i + 1 < count && slices[i + 1]->given == slices[i]->given &&
	       slices[i + 1]->revision <= revision &&
	       strcmp(slices[i + 1]->record->from, slices[i]->record->from) == 0;
}

/* True if the question gives the i-th slice anew: then no day falls back on it, whatever
 * days the new one speaks on. */
static bool is_given_anew(const struct record_slice *const *slices, size_t count, size_t i)
{
	const char *from = slices[i]->record->from;

	for (size_t j = i + 1; j < count && strcmp(slices[j]->record->from, from) == 0; j++)
		if (slices[j]->given && !slices[i]->given && !slices[j]->record->retired)
			return true;
	return false;
}

/* The spans of one layer: each slice speaks until its `until` or the next `from`. */
static void lay_out(struct spans *out, const struct record_slice *const *slices, size_t count,
		    bool given, uint64_t revision)
{
	const struct record_slice *last = NULL;

	out->count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct record_slice *slice = slices[i];

		if (slice->given != given || slice->revision > revision || slice->record->retired ||
		    is_replaced(slices, count, i, revision))
			continue;
		if (last)
			spans_add(out, last, last->from,
				  last->until < slice->from ? last->until : slice->from);
		last = is_given_anew(slices, count, i) ? NULL : slice;
	}
	if (last)
		spans_add(out, last, last->from, last->until);
}

/* Lays `upper` over `lower`: what of a lower span is covered falls away. */
static void lay_over(struct spans *out, const struct spans *lower, const struct spans *upper)
{
	out->count = 0;
	for (size_t i = 0; i < lower->count; i++) {
		const struct span *span = &lower->items[i];
		day from = span->from;

		for (size_t j = 0; j < upper->count; j++) {
			const struct span *cover = &upper->items[j];

			if (cover->until <= from || cover->from >= span->until)
				continue;
			spans_add(out, span->slice, from, cover->from);
			from = cover->until;
		}
		spans_add(out, span->slice, from, span->until);
	}
	for (size_t j = 0; j < upper->count; j++)
		spans_add(out, upper->items[j].slice, upper->items[j].from, upper->items[j].until);
}

/* Moves a rectangle that no later revision can make longer out of the open ones. */
static void close_rectangle(struct rectangles *out, size_t i)
{
	struct rectangle closed = out->items[i];

	out->items[i] = out->items[out->open];
	out->items[out->open++] = closed;
}

/* An open rectangle of the same slice and days grows; else a new one begins. */
static void grow(struct rectangles *out, const struct span *span, uint64_t known_from,
		 uint64_t known_until)
{
	for (size_t i = out->open; i < out->count; i++) {
		struct rectangle *old = &out->items[i];

		if (old->slice != span->slice || old->from != span->from ||
		    old->until != span->until || old->known_until != known_from)
			continue;
		old->known_until = known_until;
		return;
	}
	array_reserve(&out->items, &out->capacity, out->count);
	out->items[out->count++] = (struct rectangle){.slice = span->slice,
						      .from = span->from,
						      .until = span->until,
						      .known_from = known_from,
						      .known_until = known_until};
}

static int compare_revisions(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The revisions at which something changes, each once, in order. */
static size_t edges_of(const struct record_slice *const *slices, size_t count, uint64_t *edges)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		edges[i] = slices[i]->revision;
	qsort(edges, count, sizeof(*edges), compare_revisions);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || edges[kept - 1] != edges[i])
			edges[kept++] = edges[i];
	return kept;
}

/* By day, then revision, so that equal sets give equal lists. */
static int compare_rectangles(const void *left, const void *right)
{
	const struct rectangle *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->known_from > b->known_from) - (a->known_from < b->known_from);
}

/* Most ids have one slice in one version. */
static void compute_one(struct rectangles *rectangles, const struct record_slice *slice)
{
	rectangles->count = rectangles->open = 0;
	if (slice->record->retired || slice->from >= slice->until)
		return;
	array_reserve(&rectangles->items, &rectangles->capacity, 0);
	rectangles->items[rectangles->count++] = (struct rectangle){.slice = slice,
								    .from = slice->from,
								    .until = slice->until,
								    .known_from = slice->revision,
								    .known_until = UINT64_MAX};
}

static void compute_all(struct rectangles *rectangles, const struct record_slice *const *slices,
			size_t count)
{
	uint64_t *edges = memory_resize(NULL, count + 1, sizeof(*edges));
	size_t edge_count = edges_of(slices, count, edges);
	struct spans registry = {0}, given = {0}, both = {0};

	rectangles->count = rectangles->open = 0;
	for (size_t e = 0; e < edge_count; e++) {
		uint64_t until = e + 1 < edge_count ? edges[e + 1] : UINT64_MAX;

		lay_out(&registry, slices, count, false, edges[e]);
		lay_out(&given, slices, count, true, edges[e]);
		lay_over(&both, &registry, &given);
		for (size_t i = 0; i < both.count; i++)
			grow(rectangles, &both.items[i], edges[e], until);
		for (size_t i = rectangles->open; i < rectangles->count; i++)
			if (rectangles->items[i].known_until != until)
				close_rectangle(rectangles, i);
	}
	if (rectangles->count)
		qsort(rectangles->items, rectangles->count, sizeof(*rectangles->items),
		      compare_rectangles);
	free(edges);
	free(registry.items);
	free(given.items);
	free(both.items);
}

void rectangles_compute(struct rectangles *rectangles, const struct record_slice *const *slices,
			size_t count)
{
	if (count == 1)
		compute_one(rectangles, slices[0]);
	else
		compute_all(rectangles, slices, count);
}

void rectangles_release(struct rectangles *rectangles)
{
	free(rectangles->items);
	*rectangles = (struct rectangles){0};
}
