#include "engine/shelf.h"

#include "engine/context.h"

struct term_slot {
	symbol term; /* none: free */
	struct kept_reading *kept;
};

struct shelf {
	struct kept_reading *facts[FACT_COUNT];
	struct term_slot *terms; /* open addressing, a power of two */
	size_t term_slots, term_count;
};

enum { FIRST_TERM_SLOTS = 128 };

static struct shelf *shelf_of(struct context *context)
{
	if (!context->shelf) {
		struct shelf *shelf = arena_alloc(context->arena, sizeof(*shelf));

		shelf->term_slots = FIRST_TERM_SLOTS;
		shelf->terms = arena_array(context->arena, struct term_slot, FIRST_TERM_SLOTS);
		context->shelf = shelf;
	}
	return context->shelf;
}

/* ---- Where a reading is kept ---- */

static struct term_slot *slot_of(const struct shelf *shelf, symbol term)
{
	size_t mask = shelf->term_slots - 1, at = (term * UINT32_C(2654435761) >> 8) & mask;

	while (shelf->terms[at].term && shelf->terms[at].term != term)
		at = (at + 1) & mask;
	return &shelf->terms[at];
}

static void grow(struct context *context, struct shelf *shelf)
{
	struct shelf larger = {.term_slots = shelf->term_slots * 2};

	larger.terms = arena_array(context->arena, struct term_slot, larger.term_slots);
	for (size_t i = 0; i < shelf->term_slots; i++)
		if (shelf->terms[i].term)
			*slot_of(&larger, shelf->terms[i].term) = shelf->terms[i];
	shelf->terms = larger.terms;
	shelf->term_slots = larger.term_slots;
}

static struct kept_reading *place_of_term(struct context *context, symbol term)
{
	struct shelf *shelf = shelf_of(context);
	struct term_slot *slot = slot_of(shelf, term);

	if (slot->term)
		return slot->kept;
	if (++shelf->term_count * 2 > shelf->term_slots) {
		grow(context, shelf);
		slot = slot_of(shelf, term);
	}
	slot->term = term;
	slot->kept = arena_alloc(context->arena, sizeof(*slot->kept));
	return slot->kept;
}

static struct kept_reading *place_of(struct context *context, struct fact_reference fact)
{
	struct kept_reading **place;

	if (fact.fact == FACT_TERM && fact.term)
		return place_of_term(context, fact.term);
	place = &shelf_of(context)->facts[fact.fact];
	if (!*place)
		*place = arena_alloc(context->arena, sizeof(**place));
	return *place;
}

/* ---- What it depends on ---- */

static bool is_of_hop(enum fact fact)
{
	return (fact >= FACT_ACCESS_MODE && fact <= FACT_KEYS_SHARED_CONTROL) ||
	       fact == FACT_DATA_ORIGIN;
}

static bool is_of_category(enum fact fact)
{
	return fact == FACT_LEG_CATEGORY || fact == FACT_LEG_TAGS;
}

static bool is_fixed(enum fact fact)
{
	return !is_of_hop(fact) && !is_of_category(fact) && fact != FACT_LEG_AREA;
}

static bool is_current(struct context *context, const struct kept_reading *kept, enum fact fact)
{
	if (kept->is_fixed)
		return true;
	if (fact == FACT_LEG_AREA)
		return kept->area == context_area(context) && kept->is_filled;
	if (is_of_category(fact))
		return kept->category == context_category(context) && kept->is_filled;
	return kept->is_filled && (!is_of_hop(fact) || kept->hop == context->hop);
}

/* ---- Reading ---- */

/* All others rest on their record alone. */
static bool has_more_sources(enum fact fact)
{
	return fact == FACT_LEG_TAGS || fact == FACT_IMPORTER_SAME_LEGAL_PERSON;
}

static struct record_list read_sources(struct context *context, struct kept_reading *kept,
				       struct fact_reference fact)
{
	struct trace sources = trace_begin(context);

	context->trace = &sources;
	kept->reading = reading_of_fact(context, fact);
	return sources.records;
}

static void fill(struct context *context, struct kept_reading *kept, struct fact_reference fact)
{
	struct trace *outer = context->trace;

	context->trace = NULL;
	*kept = (struct kept_reading){
		.is_filled = true,
		.is_fixed = is_fixed(fact.fact),
		.hop = context->hop,
		.area = context->area,
		.category = context->category,
	};
	if (has_more_sources(fact.fact))
		kept->also = read_sources(context, kept, fact);
	else
		kept->reading = reading_of_fact(context, fact);
	context->trace = outer;
}

static void leave_sources(struct context *context, struct kept_reading *kept)
{
	struct trace *trace = context->trace;

	if (!trace || kept->serial == trace->serial)
		return;
	kept->serial = trace->serial;
	context_touch(context, kept->reading.record);
	for (size_t i = 0; i < kept->also.count; i++)
		context_touch(context, kept->also.items[i]);
	if (kept->reading.is_stated)
		word_list_add(context->arena, &trace->asserted, kept->reading.name);
}

struct kept_reading *shelf_read(struct context *context, struct fact_reference fact)
{
	struct kept_reading *kept = place_of(context, fact);

	if (!is_current(context, kept, fact.fact))
		fill(context, kept, fact);
	leave_sources(context, kept);
	return kept;
}

void shelf_forget(struct context *context, struct fact_reference fact)
{
	struct kept_reading *kept = place_of(context, fact);

	kept->is_filled = kept->is_fixed = false;
}

/* The day itself is not repeated: reasons stay the same while the answer holds. */
void shelf_say(struct context *context, struct kept_reading *kept)
{
	if (kept->is_said)
		return;
	kept->is_said = true;
	if (!kept->reading.is_today)
		kept->found = reading_values(context, &kept->reading);
	kept->records = context_one(context, kept->reading.record);
}

symbol shelf_owner(struct context *context, struct kept_reading *kept)
{
	if (!kept->has_owner)
		kept->owner = context_owner(context, kept->reading.name);
	kept->has_owner = true;
	return kept->owner;
}
