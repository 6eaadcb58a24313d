#include "engine/coverage.h"

#include "engine/closure.h"

static bool speaks(const struct context *context, const struct world_rulebook *rulebook)
{
	return !rulebook->policy && record_is_known(&rulebook->record, context->known_at) &&
	       record_is_valid(&rulebook->record, context->as_of);
}

static bool has_speaker(const struct context *context, symbol area)
{
	struct numbers found = index_find(&context->world->speakers, SYMBOL_NONE, area);

	for (size_t i = 0; i < found.count; i++)
		if (speaks(context,
			   (const void *)table_at(context->world, RECORD_RULEBOOK, found.items[i])))
			return true;
	return false;
}

static bool is_covered(struct context *context, symbol area)
{
	const struct closure *closure = closure_of(context, RECORD_AREA, area);

	for (size_t i = 0; i < closure->firm; i++)
		if (has_speaker(context, closure->words[i]))
			return true;
	return false;
}

static void add_unmodelled(struct context *context, struct judgement_list *list, symbol area)
{
	struct reason *reason = arena_alloc(context->arena, sizeof(*reason));
	struct judgement judgement = {.spoken = true};

	*reason = (struct reason){
		.code = REASON_UNMODELLED_LAW, .truth = TRUTH_UNKNOWN, .word = area};
	judgement.opinion.verdict = VERDICT_INDETERMINATE;
	judgement.opinion.decided_by = BYTES_LITERAL("coverage");
	judgement.opinion.reasons = (struct reasons){reason, 1};
	list_push(context->arena, list, judgement);
}

struct judgement_list coverage_of(struct context *context, const struct hop *hop)
{
	const struct side_words *areas = &hop->exporter->areas;
	struct judgement_list list = {0};

	context_note(context, areas->change);
	for (size_t i = 0; i < areas->words.count; i++)
		if (!is_covered(context, areas->words.items[i]))
			add_unmodelled(context, &list, areas->words.items[i]);
	if (areas->open)
		add_unmodelled(context, &list, SYMBOL_NONE);
	return list;
}
