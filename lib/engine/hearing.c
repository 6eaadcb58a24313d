#include "engine/hearing.h"

struct hearing {
	const struct condition *condition; /* NULL: free */
	const struct hop *hop;
	symbol area, category;
	unsigned looked;
	bool bound;
	const struct world_agreement *before, *after;
	enum truth truth;
	struct reasons why;
	struct record_list records; /* what else it left in the trace */
	struct word_list asserted;
};

struct hearings {
	struct hearing **slots; /* open addressing, a power of two */
	size_t slot_count, count;
};

enum { FIRST_SLOTS = 256 };

void hearing_begin(struct context *context)
{
	struct hearings *hearings = arena_alloc(context->arena, sizeof(*hearings));

	hearings->slot_count = FIRST_SLOTS;
	hearings->slots = arena_alloc_array(context->arena, FIRST_SLOTS, sizeof(struct hearing *));
	context->hearings = hearings;
}

static struct hearing **slot_of(const struct hearings *hearings, const struct condition *condition)
{
	size_t mask = hearings->slot_count - 1;
	size_t at = (((uintptr_t)condition >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 40) & mask;

	while (hearings->slots[at] && hearings->slots[at]->condition != condition)
		at = (at + 1) & mask;
	return &hearings->slots[at];
}

static void grow(struct context *context, struct hearings *hearings)
{
	struct hearings larger = {.slot_count = hearings->slot_count * 2, .count = hearings->count};

	larger.slots =
		arena_alloc_array(context->arena, larger.slot_count, sizeof(struct hearing *));
	for (size_t i = 0; i < hearings->slot_count; i++)
		if (hearings->slots[i])
			*slot_of(&larger, hearings->slots[i]->condition) = hearings->slots[i];
	*hearings = larger;
}

static struct hearing *place_of(struct context *context, const struct condition *condition)
{
	struct hearings *hearings = context->hearings;
	struct hearing **slot = slot_of(hearings, condition);

	if (*slot)
		return *slot;
	if (++hearings->count * 2 > hearings->slot_count) {
		grow(context, hearings);
		slot = slot_of(hearings, condition);
	}
	*slot = arena_alloc(context->arena, sizeof(**slot));
	(*slot)->condition = condition;
	return *slot;
}

static bool holds_here(const struct context *context, const struct hearing *hearing, bool bound)
{
	return hearing->hop == context->hop && hearing->bound == bound &&
	       (!bound || hearing->before == context->agreement) &&
	       (!(hearing->looked & LOOKED_AREA) || hearing->area == context->area) &&
	       (!(hearing->looked & LOOKED_CATEGORY) || hearing->category == context->category);
}

static enum truth hear(struct context *context, const struct condition *condition, bool bound,
		       struct reasons *why)
{
	enum truth truth =
		bound ? evaluate(context, condition) : evaluate_bound(context, condition);

	*why = trace_take_reasons(context->trace);
	return truth;
}

/* Days were noted for good, and what is absent is absent in the whole decision:
 * neither need be said again. */
static void repeat(struct context *context, const struct hearing *hearing)
{
	context->looked |= hearing->looked;
	context->agreement = hearing->after;
	for (size_t i = 0; i < hearing->records.count; i++)
		context_touch(context, hearing->records.items[i]);
	for (size_t i = 0; i < hearing->asserted.count; i++)
		word_list_add(context->arena, &context->trace->asserted,
			      hearing->asserted.items[i]);
}

static void hear_apart(struct context *context, struct hearing *hearing)
{
	struct trace part = trace_begin(context), *trace = context->trace;
	unsigned looked = context->looked;

	hearing->hop = context->hop;
	hearing->area = context->area;
	hearing->category = context->category;
	hearing->before = context->agreement;
	part.reasons = trace->reasons;
	part.absent = trace->absent;
	context->trace = &part;
	context->looked = 0;
	hearing->truth = hear(context, hearing->condition, hearing->bound, &hearing->why);
	hearing->looked = context->looked;
	hearing->after = context->agreement;
	context->looked |= looked;
	context->trace = trace;
	trace->reasons = part.reasons;
	trace->absent = part.absent;
	hearing->records = part.records;
	hearing->asserted = part.asserted;
}

enum truth hearing_of(struct context *context, const struct condition *condition, bool bound,
		      struct reasons *why)
{
	struct hearing *hearing;

	if (!context->hearings)
		return hear(context, condition, bound, why);
	hearing = place_of(context, condition);
	if (!holds_here(context, hearing, bound)) {
		if (context->is_last_leg) /* nobody will ask again */
			return hear(context, condition, bound, why);
		hearing->bound = bound;
		hear_apart(context, hearing);
	}
	repeat(context, hearing);
	*why = hearing->why;
	return hearing->truth;
}
