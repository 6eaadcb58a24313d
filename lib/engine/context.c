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

/* Closures stay: they are of the world and the day. */
void context_forget(struct context *context)
{
	context->shelf = NULL;
	context->gatherings = NULL;
	context->agreements = NULL;
	context->hearings = NULL;
}

struct trace trace_begin(struct context *context)
{
	return (struct trace){.serial = ++context->traces};
}

struct reasons trace_take_reasons(struct trace *trace)
{
	struct reason_list *list = &trace->reasons;
	struct reasons taken = {list->items, list->count};

	if (list->count)
		list->items += list->count;
	list->capacity -= list->count;
	list->count = 0;
	return taken;
}

void context_touch(struct context *context, const struct record *record)
{
	struct trace *trace = context->trace;
	const struct record **recent;

	if (!trace || !record)
		return;
	recent = &trace->recent[((uintptr_t)record >> 5 ^ (uintptr_t)record >> 10) % TRACE_RECENT];
	if (*recent == record)
		return;
	*recent = record;
	list_push(context->arena, &trace->records, record);
}

/* Room for many at once: a decision has hundreds. */
static void reserve_reasons(struct context *context, struct reason_list *list)
{
	enum { ROOM = 64 };
	size_t room = list->capacity * 2 < ROOM ? ROOM : list->capacity * 2;
	struct reason *items = arena_array(context->arena, struct reason, room);

	if (list->count)
		memcpy(items, list->items, list->count * sizeof(*items));
	list->items = items;
	list->capacity = room;
}

struct reason *context_reason_room(struct context *context)
{
	struct reason_list *list = &context->trace->reasons;

	if (list->count == list->capacity)
		reserve_reasons(context, list);
	return &list->items[list->count++];
}

void context_reason(struct context *context, struct reason reason)
{
	if (context->trace)
		*context_reason_room(context) = reason;
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
