#include "engine/candidate.h"

#include <stdlib.h>

#include "engine/closure.h"
#include "engine/shelf.h"

/* Fields that tie a record to a leg; one in dispute leaves it open. */
static const uint64_t ties[RECORD_KIND_COUNT] = {
	[RECORD_CERTIFICATE] = FIELD_BIT(FIELD_HOLDER),
	[RECORD_FINDING] = FIELD_BIT(FIELD_BY) | FIELD_BIT(FIELD_AREA),
	[RECORD_ASSESSMENT] =
		FIELD_BIT(FIELD_EXPORTER) | FIELD_BIT(FIELD_IMPORTER) | FIELD_BIT(FIELD_AREA),
	[RECORD_DISCLOSURE] = FIELD_BIT(FIELD_EXPORTER),
	[RECORD_ORDER] = FIELD_BIT(FIELD_BY) | FIELD_BIT(FIELD_EXPORTER) |
			 FIELD_BIT(FIELD_IMPORTER) | FIELD_BIT(FIELD_AREAS) |
			 FIELD_BIT(FIELD_CATEGORIES),
};

static const struct field_test *find_test(const struct condition *test, enum field field)
{
	for (size_t i = 0; i < test->field_count; i++)
		if (test->fields[i].field == field)
			return &test->fields[i];
	return NULL;
}

static void offer(struct context *context, struct candidate_list *list, const struct record *record,
		  enum truth match)
{
	if (match == TRUTH_FALSE || !record_is_known(record, context->known_at))
		return;
	if (record->unsettled & ties[record->kind])
		match = truth_least(match, TRUTH_UNKNOWN);
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].record == record) {
			list->items[i].match = truth_greatest(list->items[i].match, match);
			return;
		}
	list_push(context->arena, list, ((struct candidate){record, match}));
}

static void offer_all(struct context *context, struct candidate_list *list, enum record_kind kind,
		      struct numbers found, enum truth match)
{
	for (size_t i = 0; i < found.count; i++)
		offer(context, list, table_at(context->world, kind, found.items[i]), match);
}

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return a->record < b->record ? -1 : a->record > b->record;
}

/* An index gives them in order; only those of several keys may not be. */
static void sort(struct candidate_list *list)
{
	for (size_t i = 1; i < list->count; i++)
		if (list->items[i].record < list->items[i - 1].record) {
			qsort(list->items, list->count, sizeof(*list->items), compare_candidates);
			return;
		}
}

/* ---- By area: findings, and assessments of an area ---- */

/* The area a record of this kind is about. */
static symbol area_of(const struct record *record)
{
	const void *body = record;

	if (record->kind == RECORD_FINDING)
		return ((const struct world_finding *)body)->area;
	return ((const struct world_assessment *)body)->area;
}

/* Records about a part of the area: whether they speak of it is unknown. */
static void offer_parts(struct context *context, struct candidate_list *list, enum record_kind kind,
			symbol major, symbol area)
{
	struct numbers all = index_find(&context->world->index[kind], major, SYMBOL_NONE);

	if (!closure_is_divided(context, RECORD_AREA, area))
		return;
	for (size_t i = 0; i < all.count; i++) {
		const struct record *record = table_at(context->world, kind, all.items[i]);
		const struct closure *closure;

		if (!record_is_known(record, context->known_at))
			continue;
		closure = closure_of(context, RECORD_AREA, area_of(record));
		if (closure_find(closure, area) > 0)
			offer(context, list, record, TRUTH_UNKNOWN);
	}
}

static void offer_by_area(struct context *context, struct candidate_list *list,
			  enum record_kind kind, symbol major, symbol area)
{
	const struct index *index = &context->world->index[kind];
	const struct closure *closure;

	if (!area) {
		offer_all(context, list, kind, index_find(index, major, SYMBOL_NONE),
			  TRUTH_UNKNOWN);
		return;
	}
	closure = closure_of(context, RECORD_AREA, area);
	for (size_t i = 0; i < closure->count; i++)
		offer_all(context, list, kind, index_find(index, major, closure->words[i]),
			  i < closure->firm ? TRUTH_TRUE : TRUTH_UNKNOWN);
	offer_parts(context, list, kind, major, area);
}

/* ---- Findings ---- */

/* `area: {is: importer.area}` asks of the seat alone, `area: {is: leg.area}` of
 * the leg alone; otherwise either will do. */
static enum fact place_of(const struct condition *test)
{
	const struct field_test *area = find_test(test, FIELD_AREA);
	enum fact fact = area ? area->test.is.fact : FACT_NONE;

	return fact == FACT_LEG_AREA || fact == FACT_IMPORTER_AREA ? fact : FACT_NONE;
}

static symbol seat_of(struct context *context)
{
	const struct fact_reference fact = {.fact = FACT_IMPORTER_AREA};
	const struct reading *seat = &shelf_read(context, fact)->reading;

	return seat->count ? seat->word : SYMBOL_NONE;
}

static void gather_findings(struct context *context, const struct condition *test,
			    struct candidate_list *list)
{
	symbol by = find_test(test, FIELD_BY) ? SYMBOL_NONE : context->rulebook->record.id;
	enum fact place = place_of(test);
	symbol seat = place == FACT_LEG_AREA ? SYMBOL_NONE : seat_of(context);

	if (place != FACT_IMPORTER_AREA)
		offer_by_area(context, list, RECORD_FINDING, by, context_area(context));
	if (place == FACT_IMPORTER_AREA ||
	    (place == FACT_NONE && seat && seat != context_area(context)))
		offer_by_area(context, list, RECORD_FINDING, by, seat);
}

static void touch_way(struct context *context, symbol from, symbol area)
{
	const struct closure *closure;
	long at;

	if (!from)
		return;
	closure = closure_of(context, RECORD_AREA, from);
	at = closure_find(closure, area);
	while (at > 0) {
		at = closure->below[at];
		context_touch(context, closure->records[at]);
	}
}

void candidate_touch(struct context *context, const struct condition *test,
		     const struct record *record)
{
	enum fact place = place_of(test);

	context_touch(context, record);
	if (!record || record->kind != RECORD_FINDING)
		return;
	if (place != FACT_IMPORTER_AREA)
		touch_way(context, context_area(context), area_of(record));
	if (place != FACT_LEG_AREA)
		touch_way(context, seat_of(context), area_of(record));
}

/* ---- Assessments and orders: whatever they name must be of the leg ---- */

static enum truth same_or_open(symbol named, symbol actual)
{
	return !named || named == actual ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth assessment_match(struct context *context,
				   const struct world_assessment *assessment)
{
	struct reading area = reading_of_word(DOMAIN_AREA, context_area(context));
	enum truth match = truth_least(
		same_or_open(assessment->exporter, context->hop->exporter->party->record.id),
		same_or_open(assessment->importer, context->hop->importer->party->record.id));

	if (assessment->area && match != TRUTH_FALSE)
		match = truth_least(match, match_word(context, &area, assessment->area));
	return match;
}

static void gather_assessments(struct context *context, struct candidate_list *list)
{
	const struct index *index = &context->world->index[RECORD_ASSESSMENT];
	size_t kept = 0;

	offer_all(context, list, RECORD_ASSESSMENT,
		  index_find(index, FILED_IMPORTER, context->hop->importer->party->record.id),
		  TRUTH_TRUE);
	offer_all(context, list, RECORD_ASSESSMENT,
		  index_find(index, FILED_EXPORTER, context->hop->exporter->party->record.id),
		  TRUTH_TRUE);
	offer_by_area(context, list, RECORD_ASSESSMENT, FILED_AREA, context_area(context));
	for (size_t i = 0; i < list->count; i++) {
		struct candidate *candidate = &list->items[i];
		const void *body = candidate->record;

		candidate->match = truth_least(candidate->match, assessment_match(context, body));
		if (candidate->match != TRUTH_FALSE)
			list->items[kept++] = *candidate;
	}
	list->count = kept;
}

static enum truth order_match(struct context *context, const struct world_order *order,
			      bool asks_by)
{
	struct reading area = reading_of_word(DOMAIN_AREA, context_area(context));
	struct reading category = reading_of_word(DOMAIN_CATEGORY, context_category(context));
	enum truth match = truth_least(
		same_or_open(order->exporter, context->hop->exporter->party->record.id),
		same_or_open(order->importer, context->hop->importer->party->record.id));

	if (!asks_by && order->by != context->rulebook->record.id)
		return TRUTH_FALSE;
	if (order->areas.at && match != TRUTH_FALSE)
		match = truth_least(match, match_within(context, &area, order->areas));
	if (order->categories.at && match != TRUTH_FALSE)
		match = truth_least(match, match_within(context, &category, order->categories));
	return match;
}

static void offer_orders(struct context *context, const struct condition *test,
			 struct candidate_list *list, struct numbers found)
{
	bool asks_by = find_test(test, FIELD_BY) != NULL;

	for (size_t i = 0; i < found.count; i++) {
		const struct record *record =
			table_at(context->world, RECORD_ORDER, found.items[i]);

		if (record_is_known(record, context->known_at))
			offer(context, list, record,
			      order_match(context, (const void *)record, asks_by));
	}
}

static void gather_orders(struct context *context, const struct condition *test,
			  struct candidate_list *list)
{
	const struct index *index = &context->world->index[RECORD_ORDER];

	offer_orders(context, test, list,
		     index_find(index, FILED_IMPORTER, context->hop->importer->party->record.id));
	offer_orders(context, test, list,
		     index_find(index, FILED_EXPORTER, context->hop->exporter->party->record.id));
	offer_orders(context, test, list, index_find(index, FILED_REST, SYMBOL_NONE));
}

static void gather_of_party(struct context *context, enum record_kind kind, symbol party,
			    struct candidate_list *list)
{
	offer_all(context, list, kind, index_find(&context->world->index[kind], SYMBOL_NONE, party),
		  TRUTH_TRUE);
}

/* The importer's, unless the test itself asks who holds it. */
static void gather_certificates(struct context *context, const struct condition *test,
				struct candidate_list *list)
{
	gather_of_party(context, RECORD_CERTIFICATE, context->hop->importer->party->record.id,
			list);
	if (find_test(test, FIELD_HOLDER))
		gather_of_party(context, RECORD_CERTIFICATE,
				context->hop->exporter->party->record.id, list);
}

static void gather(struct context *context, const struct condition *test,
		   struct candidate_list *list)
{
	switch (test->record) {
	case RECORD_FINDING:
		gather_findings(context, test, list);
		break;
	case RECORD_CERTIFICATE:
		gather_certificates(context, test, list);
		break;
	case RECORD_DISCLOSURE:
		gather_of_party(context, RECORD_DISCLOSURE,
				context->hop->exporter->party->record.id, list);
		break;
	case RECORD_ASSESSMENT:
		gather_assessments(context, list);
		break;
	case RECORD_ORDER:
		gather_orders(context, test, list);
		break;
	default:
		break;
	}
	sort(list);
}

/* ---- Gathered once for all tests that ask for the same ---- */

/* What a list of candidates depends on beside the leg. */
struct wanted {
	enum record_kind kind;
	symbol by;       /* findings, orders: the rulebook, unless the test names `by` */
	bool any_holder; /* certificates: the test names the holder */
	const struct field_test
		*matched[CANDIDATE_MATCHED_MAX]; /* those that only ask for a fact */
	size_t matched_count;
};

struct gathering {
	struct wanted wanted;
	const struct hop *hop;
	symbol area, category;
	unsigned looked;
	struct candidate_list list;
	struct record_list sources;
	uint32_t serial; /* of the trace that has the sources */
};

struct gathering_list {
	struct gathering **items;
	size_t count, capacity;
};

static bool is_bound(enum fact fact)
{
	return fact >= FACT_ENGAGEMENT_EXPORTER_ROLE && fact <= FACT_KEYS_SHARED_CONTROL;
}

bool candidate_is_matched(const struct field_test *test)
{
	const struct test *of = &test->test;

	return of->is.fact && of->is.fact != FACT_TERM && !is_bound(of->is.fact) && !of->in.count &&
	       !of->has.count && !of->main.count && !of->lt && !of->ge;
}

static struct wanted wanted_by(const struct context *context, const struct condition *test)
{
	struct wanted wanted = {.kind = test->record};

	if ((test->record == RECORD_FINDING || test->record == RECORD_ORDER) &&
	    !find_test(test, FIELD_BY))
		wanted.by = context->rulebook->record.id;
	wanted.any_holder =
		test->record == RECORD_CERTIFICATE && find_test(test, FIELD_HOLDER) != NULL;
	for (size_t i = 0; i < test->field_count; i++)
		if (candidate_is_matched(&test->fields[i]) &&
		    wanted.matched_count < CANDIDATE_MATCHED_MAX)
			wanted.matched[wanted.matched_count++] = &test->fields[i];
	return wanted;
}

static bool is_same(const struct wanted *a, const struct wanted *b)
{
	if (a->kind != b->kind || a->by != b->by || a->any_holder != b->any_holder ||
	    a->matched_count != b->matched_count)
		return false;
	for (size_t i = 0; i < a->matched_count; i++)
		if (a->matched[i]->field != b->matched[i]->field ||
		    a->matched[i]->test.is.fact != b->matched[i]->test.is.fact ||
		    a->matched[i]->test.is.term != b->matched[i]->test.is.term)
			return false;
	return true;
}

static bool is_of_this_leg(const struct context *context, const struct gathering *gathering)
{
	return gathering->hop == context->hop &&
	       (!(gathering->looked & LOOKED_AREA) || gathering->area == context->area) &&
	       (!(gathering->looked & LOOKED_CATEGORY) || gathering->category == context->category);
}

/* Those that do not match stay: what else they are asked may look at days. */
static void match_gathered(struct context *context, struct gathering *gathering)
{
	struct candidate_list *list = &gathering->list;

	for (size_t i = 0; i < list->count; i++) {
		struct candidate *candidate = &list->items[i];

		for (size_t j = 0; j < gathering->wanted.matched_count; j++) {
			const struct field_test *test = gathering->wanted.matched[j];
			struct reading reading =
				reading_of_field(context, candidate->record, test->field);

			candidate->match = truth_least(candidate->match,
						       match_field(context, &test->test, &reading));
		}
	}
}

static struct gathering *gather_anew(struct context *context, const struct condition *test,
				     const struct wanted *wanted)
{
	struct gathering *gathering = arena_alloc(context->arena, sizeof(*gathering));
	struct trace sources = trace_begin(context), *outer = context->trace;
	unsigned looked = context->looked;

	gathering->wanted = *wanted;
	gathering->hop = context->hop;
	gathering->area = context->area;
	gathering->category = context->category;
	context->trace = &sources;
	context->looked = 0;
	gather(context, test, &gathering->list);
	match_gathered(context, gathering);
	gathering->looked = context->looked;
	gathering->sources = sources.records;
	context->looked = looked;
	context->trace = outer;
	return gathering;
}

static struct gathering *gathering_of(struct context *context, const struct condition *test)
{
	struct wanted wanted = wanted_by(context, test);
	struct gathering *gathering;

	if (!context->gatherings)
		context->gatherings = arena_alloc(context->arena, sizeof(*context->gatherings));
	for (size_t i = context->gatherings->count; i-- > 0;)
		if (is_same(&context->gatherings->items[i]->wanted, &wanted) &&
		    is_of_this_leg(context, context->gatherings->items[i]))
			return context->gatherings->items[i];
	gathering = gather_anew(context, test, &wanted);
	list_push(context->arena, context->gatherings, gathering);
	return gathering;
}

struct candidate_list candidate_gather(struct context *context, const struct condition *test)
{
	struct gathering *gathering = gathering_of(context, test);
	struct trace *trace = context->trace;

	context->looked |= gathering->looked;
	if (trace && gathering->serial != trace->serial) {
		gathering->serial = trace->serial;
		for (size_t i = 0; i < gathering->sources.count; i++)
			context_touch(context, gathering->sources.items[i]);
	}
	return gathering->list;
}

/* ---- Engagements and agreements of a hop ---- */

static struct numbers find_pair(const struct context *context, enum record_kind kind,
				const struct hop *hop)
{
	return index_find(&context->world->index[kind], hop->exporter->party->record.id,
			  hop->importer->party->record.id);
}

static void bind_engagements(struct context *context, struct hop *hop)
{
	struct numbers found = find_pair(context, RECORD_ENGAGEMENT, hop);
	day before = context->holds_until;

	context->holds_until = DAY_MAX;
	for (size_t i = 0; i < found.count; i++) {
		const struct record *record =
			table_at(context->world, RECORD_ENGAGEMENT, found.items[i]);

		if (!record_is_known(record, context->known_at) ||
		    (hop->named && record->id != hop->named))
			continue;
		context_note_record(context, record);
		if (record_is_valid(record, context->as_of))
			list_push(context->arena, &hop->engagements, (const void *)record);
	}
	hop->engagements_change = context->holds_until;
	context->holds_until = before;
}

/* Which slice of one agreement to show: the one in force, else the next, else
 * the last.  Slices come in the order of their days. */
static bool is_better_slice(const struct context *context, const struct record *new,
			    const struct record *old)
{
	if (record_is_valid(new, context->as_of))
		return true;
	return !record_is_valid(old, context->as_of) && old->until <= context->as_of;
}

static void bind_agreements(struct context *context, struct hop *hop)
{
	struct numbers found = find_pair(context, RECORD_AGREEMENT, hop);
	struct agreement_list *list = &hop->agreements;

	for (size_t i = 0; i < found.count; i++) {
		const struct record *record =
			table_at(context->world, RECORD_AGREEMENT, found.items[i]);
		const struct world_agreement *agreement = (const void *)record;

		if (!record_is_known(record, context->known_at))
			continue;
		list_push(context->arena, &hop->papers, agreement);
		if (!list->count || list->items[list->count - 1]->record.id != record->id)
			list_push(context->arena, list, agreement);
		else if (is_better_slice(context, record, &list->items[list->count - 1]->record))
			list->items[list->count - 1] = agreement;
	}
}

void candidate_bind(struct context *context, struct hop *hop)
{
	bind_engagements(context, hop);
	bind_agreements(context, hop);
}
