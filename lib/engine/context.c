#include "engine/context.h"

const void *context_get(struct context *context, enum record_kind kind, symbol id)
{
	struct numbers found = index_find(&context->world->index[kind], SYMBOL_NONE, id);
	const struct record *speaks = NULL;

	for (size_t i = 0; i < found.count; i++) {
		const struct record *record = table_at(context->world, kind, found.items[i]);

		if (!record_is_known(record, context->known_at))
			continue;
		context_note_record(context, record);
		if (record_is_valid(record, context->as_of))
			speaks = record;
	}
	return speaks;
}

void context_touch(struct context *context, const struct record *record)
{
	struct trace *trace = context->trace;

	if (!trace || !record)
		return;
	for (size_t i = 0; i < trace->records.count; i++)
		if (trace->records.items[i] == record)
			return;
	list_push(context->arena, &trace->records, record);
}

void context_reason(struct context *context, struct reason reason)
{
	if (context->trace)
		list_push(context->arena, &context->trace->reasons, reason);
}

struct records context_one(struct context *context, const struct record *record)
{
	const struct record **one;

	if (!record)
		return (struct records){NULL, 0};
	one = arena_alloc(context->arena, sizeof(const struct record *));
	*one = record;
	return (struct records){one, 1};
}

symbol context_owner(struct context *context, symbol word)
{
	const struct world_term *term = word ? context_get(context, RECORD_TERM, word) : NULL;

	return term ? term->owner : SYMBOL_NONE;
}

bool word_list_has(const struct word_list *list, symbol word)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == word)
			return true;
	return false;
}

void word_list_add(struct arena *arena, struct word_list *list, symbol word)
{
	if (!word_list_has(list, word))
		list_push(arena, list, word);
}
