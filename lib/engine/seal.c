#include "engine/seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int compare_records(const void *left, const void *right, void *symbols)
{
	const struct record *a = left, *b = right;
	int order = bytes_compare(symbols_text(symbols, a->id), symbols_text(symbols, b->id));

	if (a->id == b->id)
		order = 0;
	if (order == 0)
		order = (a->from > b->from) - (a->from < b->from);
	if (order == 0)
		order = (a->known_from > b->known_from) - (a->known_from < b->known_from);
	return order;
}

static bool is_sorted(const struct table *table, struct symbols *symbols)
{
	for (size_t i = 1; i < table->count; i++)
		if (compare_records(table->items + (i - 1) * table->size,
				    table->items + i * table->size, symbols) > 0)
			return false;
	return true;
}

void seal_sort(struct world *world)
{
	for (int kind = 1; kind < RECORD_KIND_COUNT; kind++) {
		struct table *table = &world->tables[kind];

		if (!is_sorted(table, world->symbols))
			qsort_r(table->items, table->count, table->size, compare_records,
				world->symbols);
		if (table->count) /* what growing took too much */
			table->items = memory_resize(table->items, table->count, table->size);
	}
}

static void file_broader(struct world *world, enum record_kind kind, struct words broader,
			 uint32_t number)
{
	size_t count;
	const symbol *words = world_list_words(world, broader, &count);

	for (size_t i = 0; i < count; i++)
		index_add(&world->narrower, kind, words[i], number);
}

static void file_area(struct world *world, const struct world_area *area, uint32_t number)
{
	if (area->part_of)
		index_add(&world->narrower, RECORD_AREA, area->part_of, number);
	for (size_t i = 0; i < area->member_of.count; i++)
		index_add(&world->narrower, RECORD_AREA, area->member_of.items[i].word, number);
}

static void file_finding(struct world *world, const struct world_finding *finding, uint32_t number)
{
	struct index *index = &world->index[RECORD_FINDING];

	index_add(index, finding->by, finding->area, number);
	index_add(index, SYMBOL_NONE, finding->area, number);
	index_add(index, finding->by, SYMBOL_NONE, number);
	index_add(index, SYMBOL_NONE, SYMBOL_NONE, number);
}

static void file_assessment(struct world *world, const struct world_assessment *assessment,
			    uint32_t number)
{
	struct index *index = &world->index[RECORD_ASSESSMENT];
	bool disputed = assessment->record.unsettled & FIELD_BIT(FIELD_KIND);

	index_add(index, FILED_KIND, disputed ? SYMBOL_NONE : assessment->kind, number);
	if (assessment->importer) {
		index_add(index, FILED_IMPORTER, assessment->importer, number);
	} else if (assessment->exporter) {
		index_add(index, FILED_EXPORTER, assessment->exporter, number);
	} else if (assessment->area) {
		index_add(index, FILED_AREA, assessment->area, number);
		index_add(index, FILED_AREA, SYMBOL_NONE, number);
	}
}

static void file_order(struct world *world, const struct world_order *order, uint32_t number)
{
	struct index *index = &world->index[RECORD_ORDER];

	if (order->importer)
		index_add(index, FILED_IMPORTER, order->importer, number);
	else if (order->exporter)
		index_add(index, FILED_EXPORTER, order->exporter, number);
	else
		index_add(index, FILED_REST, SYMBOL_NONE, number);
}

static void file_speaker(struct world *world, const struct world_rulebook *rulebook,
			 uint32_t number)
{
	size_t count;
	const symbol *areas = world_list_words(world, rulebook->speaks_for, &count);

	for (size_t i = 0; i < count; i++)
		index_add(&world->speakers, SYMBOL_NONE, areas[i], number);
}

/* The key of the kinds that have one, in its two halves. */
static void file_plainly(struct world *world, const struct record *record, uint32_t number)
{
	struct index *index = &world->index[record->kind];
	const void *body = record;

	switch (record->kind) {
	case RECORD_ENGAGEMENT: {
		const struct world_engagement *engagement = body;

		index_add(index, engagement->exporter, engagement->importer, number);
		break;
	}
	case RECORD_AGREEMENT: {
		const struct world_agreement *agreement = body;

		index_add(index, agreement->exporter, agreement->importer, number);
		break;
	}
	case RECORD_CERTIFICATE:
		index_add(index, SYMBOL_NONE, ((const struct world_certificate *)body)->holder,
			  number);
		break;
	case RECORD_DISCLOSURE:
		index_add(index, SYMBOL_NONE, ((const struct world_disclosure *)body)->exporter,
			  number);
		break;
	default:
		index_add(index, SYMBOL_NONE, record->id, number);
	}
}

static void file_record(struct world *world, const struct record *record, uint32_t number)
{
	const void *body = record;

	switch (record->kind) {
	case RECORD_FINDING:
		file_finding(world, body, number);
		return;
	case RECORD_ASSESSMENT:
		file_assessment(world, body, number);
		return;
	case RECORD_ORDER:
		file_order(world, body, number);
		return;
	case RECORD_AREA:
		file_area(world, body, number);
		break;
	case RECORD_CATEGORY:
		file_broader(world, RECORD_CATEGORY, ((const struct world_category *)body)->broader,
			     number);
		break;
	case RECORD_PURPOSE:
		file_broader(world, RECORD_PURPOSE, ((const struct world_purpose *)body)->broader,
			     number);
		break;
	case RECORD_RULEBOOK:
		file_speaker(world, body, number);
		break;
	case RECORD_DATA_SET:
		index_add(&world->index[RECORD_DATA_SET],
			  ((const struct world_data_set *)body)->exporter, SYMBOL_NONE, number);
		break;
	default:
		break;
	}
	file_plainly(world, record, number);
}

void seal_file(struct world *world)
{
	for (int kind = 1; kind < RECORD_KIND_COUNT; kind++) {
		for (uint32_t i = 0; i < world->tables[kind].count; i++)
			file_record(world, table_at(world, (enum record_kind)kind, i), i);
		index_seal(&world->index[kind]);
	}
	index_seal(&world->speakers);
	index_seal(&world->narrower);
}

/* ---- Ranks ---- */

struct test_list {
	struct condition **items;
	size_t count, capacity;
};

static void gather_tests(struct test_list *list, const struct condition *condition)
{
	switch (condition ? condition->op : CONDITION_NONE) {
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_NOT:
	case CONDITION_SURE:
		for (size_t i = 0; i < condition->count; i++)
			gather_tests(list, &condition->of[i]);
		break;
	case CONDITION_COND:
		gather_tests(list, condition->definition->condition);
		break;
	case CONDITION_RECORD:
		array_reserve(&list->items, &list->capacity, list->count);
		list->items[list->count++] = (struct condition *)(uintptr_t)condition;
		break;
	default:
		break;
	}
}

static void gather_of_duties(struct test_list *list, const struct duties *duties)
{
	for (size_t i = 0; i < duties->count; i++)
		gather_tests(list, duties->items[i].when);
}

static void gather_of_rulebook(struct test_list *list, const struct world_rulebook *rulebook)
{
	gather_tests(list, rulebook->applies);
	gather_tests(list, rulebook->not_a_transfer);
	gather_of_duties(list, &rulebook->duties);
	for (size_t i = 0; i < rulebook->prohibition_count; i++)
		gather_tests(list, rulebook->prohibitions[i].when);
	for (size_t i = 0; i < rulebook->ground_count; i++) {
		gather_tests(list, rulebook->grounds[i].needs);
		gather_of_duties(list, &rulebook->grounds[i].duties);
	}
}

static int compare_tests(const void *left, const void *right)
{
	const struct condition *a = *(const struct condition *const *)left;
	const struct condition *b = *(const struct condition *const *)right;

	if (a->record != b->record)
		return a->record < b->record ? -1 : 1;
	return a == b ? 0 : bytes_compare(a->text, b->text);
}

void seal_rank(struct world *world)
{
	struct test_list list = {0};

	for (uint32_t i = 0; i < world->tables[RECORD_RULEBOOK].count; i++)
		gather_of_rulebook(&list, (const void *)table_at(world, RECORD_RULEBOOK, i));
	for (uint32_t i = 0; i < world->tables[RECORD_FINDING].count; i++)
		gather_tests(&list, ((const struct world_finding *)(const void *)table_at(
					     world, RECORD_FINDING, i))
					    ->scope);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_tests);
	world->tests = memory_new((list.count + 1) * sizeof(*world->tests));
	for (size_t i = 0; i < list.count; i++) {
		if (i == 0 || compare_tests(&list.items[i - 1], &list.items[i]) != 0)
			world->tests[world->test_count++] = list.items[i];
		list.items[i]->rank = (uint32_t)world->test_count - 1;
	}
	free(list.items);
}
