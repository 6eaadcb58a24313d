#include "engine/sources.h"

#include <stdlib.h>

/* ---- Order ---- */

static bool is_before(const struct record *a, const struct record *b)
{
	return a->kind != b->kind ? a->kind < b->kind : a < b;
}

static int compare_records(const void *left, const void *right)
{
	const struct record *a = *(const struct record *const *)left;
	const struct record *b = *(const struct record *const *)right;

	return a == b ? 0 : is_before(a, b) ? -1 : 1;
}

/* Few, and mostly in order: they come as conditions ask for them. */
static void insert_records(const struct record **items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct record *one = items[i];
		size_t at = i;

		for (; at > 0 && is_before(one, items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = one;
	}
}

struct records sources_sort_records(struct record_list *list)
{
	enum { FEW = 64 };
	size_t kept = 0;

	if (list->count <= FEW)
		insert_records(list->items, list->count);
	else
		qsort(list->items, list->count, sizeof(const struct record *), compare_records);
	for (size_t i = 0; i < list->count; i++)
		if (i == 0 || list->items[i] != list->items[kept - 1])
			list->items[kept++] = list->items[i];
	list->count = kept;
	return (struct records){list->items, list->count};
}

struct records sources_merge_records(struct arena *arena, struct records a, struct records b)
{
	const struct record **merged =
		arena_alloc_array(arena, a.count + b.count, sizeof(const struct record *));
	size_t count = 0;

	for (size_t i = 0, j = 0; i < a.count || j < b.count;) {
		if (j == b.count || (i < a.count && a.items[i] == b.items[j])) {
			j += j < b.count;
			merged[count++] = a.items[i++];
		} else if (i == a.count || is_before(b.items[j], a.items[i])) {
			merged[count++] = b.items[j++];
		} else {
			merged[count++] = a.items[i++];
		}
	}
	return (struct records){merged, count};
}

static int compare_words(const void *left, const void *right, void *symbols)
{
	return bytes_compare(symbols_text(symbols, *(const symbol *)left),
			     symbols_text(symbols, *(const symbol *)right));
}

void sources_sort_words(const struct context *context, symbol *words, size_t count)
{
	if (count > 1)
		qsort_r(words, count, sizeof(*words), compare_words, context->world->symbols);
}

void sources_sort(void *items, size_t count, size_t size, sources_compare *compare, void *arg)
{
	char *at = items, spare[64];

	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0; j--) {
			char *left = at + (j - 1) * size, *right = at + j * size;

			if (compare(left, right, arg) <= 0)
				break;
			memcpy(spare, left, size);
			memcpy(left, right, size);
			memcpy(right, spare, size);
		}
}

/* ---- Equality ---- */

static bool equal_records(struct records a, struct records b)
{
	return a.count == b.count &&
	       (a.count == 0 ||
		memcmp(a.items, b.items, a.count * sizeof(const struct record *)) == 0);
}

/* As they are said: one condition may stand in two places. */
static bool equal_conditions(const struct condition *a, const struct condition *b)
{
	return a == b || (a && b && bytes_equal(a->text, b->text));
}

static bool equal_reason(const struct reason *a, const struct reason *b)
{
	return a->code == b->code && equal_conditions(a->condition, b->condition) &&
	       a->word == b->word && a->owner == b->owner && bytes_equal(a->text, b->text) &&
	       bytes_equal(a->field, b->field) && values_equal(a->found, b->found) &&
	       equal_records(a->records, b->records);
}

bool sources_has_reason(const struct reason *items, size_t count, const struct reason *reason)
{
	for (size_t i = 0; i < count; i++)
		if (equal_reason(&items[i], reason))
			return true;
	return false;
}

bool sources_equal_reasons(struct reasons a, struct reasons b)
{
	if (a.count != b.count)
		return false;
	if (a.items == b.items)
		return true;
	for (size_t i = 0; i < a.count; i++)
		if (!equal_reason(&a.items[i], &b.items[i]))
			return false;
	return true;
}

/* ---- Quality ---- */

static bool is_low(const struct context *context, unsigned confidence, bool doubt, day review_by,
		   enum reason_code code)
{
	if (code == REASON_LOW_CONFIDENCE)
		return confidence == CONFIDENCE_LOW;
	return code == REASON_DOUBT ? doubt : review_by <= context->as_of;
}

void sources_say_rule(struct context *context, struct reason_list *reasons, symbol id,
		      unsigned confidence, bool doubt, day review_by)
{
	context_note(context, review_by);
	for (int code = REASON_LOW_CONFIDENCE; code <= REASON_REVIEW_OVERDUE; code++)
		if (is_low(context, confidence, doubt, review_by, (enum reason_code)code))
			list_push(context->arena, reasons,
				  ((struct reason){.code = (enum reason_code)code, .word = id}));
}

static struct records pick_low(struct context *context, struct records records,
			       enum reason_code code)
{
	struct record_list low = {0};

	for (size_t i = 0; i < records.count; i++) {
		const struct record *record = records.items[i];

		if (is_low(context, record->confidence, record->doubt, record->review_by, code))
			list_push(context->arena, &low, record);
	}
	return (struct records){low.items, low.count};
}

void sources_say_records(struct context *context, struct reason_list *reasons,
			 struct records records)
{
	for (size_t i = 0; i < records.count; i++)
		context_note(context, records.items[i]->review_by);
	for (int code = REASON_LOW_CONFIDENCE; code <= REASON_REVIEW_OVERDUE; code++) {
		struct records low = pick_low(context, records, (enum reason_code)code);

		if (low.count)
			list_push(
				context->arena, reasons,
				((struct reason){.code = (enum reason_code)code, .records = low}));
	}
}
