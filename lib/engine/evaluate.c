#include "engine/evaluate.h"

#include "engine/agreement.h"
#include "engine/applied.h"
#include "engine/candidate.h"
#include "engine/match.h"
#include "engine/plain.h"
#include "engine/shelf.h"

/* What is rare or large is kept out of the recursion, whose frame would hold it all. */
#define APART __attribute__((noinline))

/* ---- Reasons, of which only those of untrue conditions are kept ---- */

static size_t mark(const struct context *context)
{
	return context->trace ? context->trace->reasons.count : 0;
}

static void forget(struct context *context, size_t from)
{
	if (context->trace)
		context->trace->reasons.count = from;
}

static enum truth keep_unless_true(struct context *context, size_t from, enum truth truth)
{
	if (truth == TRUTH_TRUE)
		forget(context, from);
	return truth;
}

static void keep_unknown(struct context *context, size_t from)
{
	struct reason_list *reasons = &context->trace->reasons;
	size_t kept = from;

	for (size_t i = from; i < reasons->count; i++)
		if (reasons->items[i].truth == TRUTH_UNKNOWN)
			reasons->items[kept++] = reasons->items[i];
	reasons->count = kept;
}

/* ---- Facts ---- */

APART static void explain_fact(struct context *context, const struct condition *condition,
			       struct kept_reading *kept, enum truth truth)
{
	symbol owner = shelf_owner(context, kept);

	shelf_say(context, kept);
	*context_reason_room(context) = (struct reason){
		.code = truth == TRUTH_UNKNOWN ? REASON_FACT_UNKNOWN : REASON_FACT_IS_OTHERWISE,
		.truth = truth,
		.condition = condition,
		.word = kept->reading.name,
		.found = kept->found,
		.owner = owner,
		.records = kept->records};
}

APART static enum truth evaluate_fact(struct context *context, const struct condition *condition)
{
	struct kept_reading *kept = shelf_read(context, condition->fact);
	enum truth truth = match_fact(context, condition->test, &kept->reading);

	if (truth != TRUTH_TRUE && context->trace)
		explain_fact(context, condition, kept, truth);
	return truth;
}

/* ---- Records ---- */

/* What became of one candidate. */
struct standing {
	enum truth truth;
	enum reason_code code; /* if it is not true */
	symbol word;
};

/* Compares words that have no broader ones, and so looks at no day and no record. */
static bool is_plain(const struct field_test *test)
{
	switch (test->field) {
	case FIELD_AREA:
	case FIELD_AREAS:
	case FIELD_CATEGORIES:
	case FIELD_COVERS:
	case FIELD_PURPOSES:
		return false;
	default:
		return test->test.is.fact == FACT_NONE;
	}
}

static enum truth match_one(struct context *context, const struct field_test *test,
			    const struct record *record)
{
	enum truth truth = plain_match(context, record, test);
	struct reading reading;

	if (truth)
		return truth;
	reading = reading_of_field(context, record, test->field);
	return match_field(context, &test->test, &reading);
}

static enum truth match_fields(struct context *context, const struct condition *condition,
			       const struct record *record)
{
	enum truth truth = TRUTH_TRUE;

	for (size_t i = 0; i < condition->field_count; i++) {
		const struct field_test *test = &condition->fields[i];

		if (truth != TRUTH_FALSE || !is_plain(test))
			truth = truth_least(truth, match_one(context, test, record));
	}
	return truth;
}

/* What is left when candidate_gather has matched a record. */
static enum truth match_rest(struct context *context, const struct condition *condition,
			     const struct candidate *candidate)
{
	enum truth truth = candidate->match;
	size_t matched = 0;

	for (size_t i = 0; i < condition->field_count; i++) {
		const struct field_test *test = &condition->fields[i];

		if (candidate_is_matched(test) && matched++ < CANDIDATE_MATCHED_MAX)
			continue;
		if (truth != TRUTH_FALSE || !is_plain(test))
			truth = truth_least(truth, match_one(context, test, candidate->record));
	}
	return truth;
}

static bool asks_for(const struct condition *condition, enum field field)
{
	for (size_t i = 0; i < condition->field_count; i++)
		if (condition->fields[i].field == field)
			return true;
	return false;
}

static struct standing stand_finding(struct context *context, const struct world_finding *finding)
{
	struct standing standing = {.truth = TRUTH_TRUE};

	if (finding->record.unsettled & FIELD_BIT(FIELD_SCOPE)) {
		standing.truth = TRUTH_UNKNOWN;
	} else if (finding->scope) {
		/* A scope may ask for findings, and those for this one. */
		if (context->scope_depth == EVALUATE_SCOPES_MAX)
			return (struct standing){TRUTH_UNKNOWN, REASON_OUT_OF_SCOPE, SYMBOL_NONE};
		context->scope_depth++;
		standing.truth = evaluate(context, finding->scope);
		context->scope_depth--;
	}
	standing.code = REASON_OUT_OF_SCOPE;
	return standing;
}

static struct standing stand_due(struct context *context, const struct record *record, day next_due)
{
	if (record->unsettled & FIELD_BIT(FIELD_NEXT_DUE))
		return (struct standing){.truth = TRUTH_UNKNOWN, .code = REASON_RECORD_UNKNOWN};
	if (next_due <= context->as_of)
		return (struct standing){.truth = TRUTH_FALSE, .code = REASON_OVERDUE};
	return (struct standing){.truth = TRUTH_TRUE};
}

static struct standing stand_certificate(struct context *context, const struct condition *condition,
					 const struct world_certificate *certificate)
{
	struct standing due = stand_due(context, &certificate->record, certificate->next_due);
	struct standing status = {.truth = TRUTH_TRUE, .code = REASON_NOT_CERTIFIED};

	if (asks_for(condition, FIELD_STATUS))
		return due;
	if (certificate->record.unsettled & FIELD_BIT(FIELD_STATUS) ||
	    certificate->status == CERTIFICATE_UNSPECIFIED)
		status.truth = TRUTH_UNKNOWN;
	else if (certificate->status != CERTIFICATE_ACTIVE)
		status.truth = TRUTH_FALSE;
	return due.truth < status.truth ? due : status;
}

static struct standing stand_assessment(struct context *context,
					const struct world_assessment *assessment)
{
	struct standing due = stand_due(context, &assessment->record, assessment->next_due);
	struct standing made = {.truth = TRUTH_TRUE, .code = REASON_NOT_YET_MADE};

	if (assessment->record.unsettled & FIELD_BIT(FIELD_DATE))
		made.truth = TRUTH_UNKNOWN;
	else if (assessment->date > context->as_of)
		made.truth = TRUTH_FALSE;
	return due.truth < made.truth ? due : made;
}

/* While stayed, an order does not bite. */
static struct standing stand_order(const struct context *context, const struct world_order *order)
{
	if (order->record.unsettled & FIELD_BIT(FIELD_STAYS))
		return (struct standing){.truth = TRUTH_UNKNOWN, .code = REASON_RECORD_UNKNOWN};
	for (size_t i = 0; i < order->stay_count; i++)
		if (order->stays[i].from <= context->as_of &&
		    context->as_of < order->stays[i].until)
			return (struct standing){.truth = TRUTH_FALSE};
	return (struct standing){.truth = TRUTH_TRUE};
}

static struct standing stand(struct context *context, const struct condition *condition,
			     const struct record *record)
{
	const void *body = record;

	switch (record->kind) {
	case RECORD_FINDING:
		return stand_finding(context, body);
	case RECORD_CERTIFICATE:
		return stand_certificate(context, condition, body);
	case RECORD_ASSESSMENT:
		return stand_assessment(context, body);
	case RECORD_ORDER:
		return stand_order(context, body);
	default:
		return (struct standing){.truth = TRUTH_TRUE};
	}
}

static void note_candidate(struct context *context, const struct record *record)
{
	const void *body = record;
	const struct world_order *order = body;

	context_note_record(context, record);
	if (record->kind == RECORD_CERTIFICATE)
		context_note(context, ((const struct world_certificate *)body)->next_due);
	if (record->kind == RECORD_ASSESSMENT) {
		context_note(context, ((const struct world_assessment *)body)->next_due);
		context_note(context, ((const struct world_assessment *)body)->date);
	}
	for (size_t i = 0; record->kind == RECORD_ORDER && i < order->stay_count; i++) {
		context_note(context, order->stays[i].from);
		context_note(context, order->stays[i].until);
	}
}

APART static void explain_record(struct context *context, const struct condition *condition,
				 const struct record *record, struct standing standing,
				 enum truth truth)
{
	enum reason_code code =
		standing.truth == TRUTH_TRUE ? REASON_RECORD_UNKNOWN : standing.code;

	if (code)
		context_reason(context, (struct reason){.code = code,
							.truth = truth,
							.condition = condition,
							.word = standing.word,
							.records = context_one(context, record)});
}

/* The greatest so far, and which record made it; of equal ones the first. */
struct best {
	enum truth truth;
	const struct record *record;
};

static void take(struct best *best, enum truth truth, const struct record *record)
{
	if (!best->record || truth > best->truth)
		*best = (struct best){truth, record};
}

static void try_candidate(struct context *context, const struct condition *condition,
			  const struct candidate *candidate, struct best *best)
{
	const struct record *record = candidate->record;
	enum truth truth = match_rest(context, condition, candidate);
	struct standing standing;
	size_t from = mark(context);

	if (truth == TRUTH_FALSE)
		return;
	note_candidate(context, record);
	if (!record_is_valid(record, context->as_of))
		return;
	standing = stand(context, condition, record);
	truth = truth_least(truth, standing.truth);
	if (standing.truth == TRUTH_TRUE)
		forget(context, from);
	if (truth != TRUTH_TRUE)
		explain_record(context, condition, record, standing, truth);
	take(best, truth, record);
}

APART static void explain_absence_of(struct context *context, const struct condition *condition)
{
	struct rank_list *absent;

	if (!context->trace)
		return;
	absent = &context->trace->absent;
	if (!absent->count || absent->items[absent->count - 1] != condition->rank)
		list_push(context->arena, absent, condition->rank);
	*context_reason_room(context) = (struct reason){
		.code = REASON_NO_RECORD, .truth = TRUTH_FALSE, .condition = condition};
}

APART static enum truth evaluate_record(struct context *context, const struct condition *condition)
{
	struct candidate_list candidates = candidate_gather(context, condition);
	struct best best = {.truth = TRUTH_FALSE};
	size_t from = mark(context);

	for (size_t i = 0; i < candidates.count; i++)
		try_candidate(context, condition, &candidates.items[i], &best);
	candidate_touch(context, condition, best.record);
	if (best.truth != TRUTH_TRUE && mark(context) == from)
		explain_absence_of(context, condition);
	context->chosen = best.record;
	return best.truth;
}

/* ---- Open questions ---- */

static bool is_any_known(const struct context *context, symbol kind)
{
	struct numbers found =
		index_find(&context->world->index[RECORD_ASSESSMENT], FILED_KIND, kind);

	for (size_t i = 0; i < found.count; i++)
		if (record_is_known(table_at(context->world, RECORD_ASSESSMENT, found.items[i]),
				    context->known_at))
			return true;
	return false;
}

/* `assessment: {kind: question, outcome: outcome}`, and the assessment that makes
 * it true.  Without a trace: what it says of the test is not kept. */
static struct best find_answer(struct context *context, symbol question, symbol outcome)
{
	const struct value words[] = {{.type = VALUE_WORD, .word = question},
				      {.type = VALUE_WORD, .word = outcome}};
	const struct field_test fields[] = {{FIELD_KIND, {.in = {&words[0], 1}}},
					    {FIELD_OUTCOME, {.in = {&words[1], 1}}}};
	const struct condition test = {.op = CONDITION_RECORD,
				       .record = RECORD_ASSESSMENT,
				       .fields = fields,
				       .field_count = 2};
	struct trace *trace = context->trace;
	struct best best;

	context->trace = NULL;
	best.truth = evaluate_record(context, &test);
	context->trace = trace;
	best.record = best.truth == TRUTH_TRUE ? context->chosen : NULL;
	context_touch(context, best.record);
	return best;
}

static enum truth explain_settled(struct context *context, const struct condition *condition,
				  const struct record *against)
{
	context_reason(context, (struct reason){.code = REASON_SETTLED_OTHERWISE,
						.truth = TRUTH_FALSE,
						.condition = condition,
						.word = condition->question,
						.records = context_one(context, against)});
	return TRUTH_FALSE;
}

static enum truth explain_unsettled(struct context *context, const struct condition *condition)
{
	symbol owner = context_owner(context, condition->question);

	context_reason(context, (struct reason){.code = REASON_UNSETTLED_QUESTION,
						.truth = TRUTH_UNKNOWN,
						.condition = condition,
						.word = condition->question,
						.owner = owner ? owner : context->rulebook->owner});
	return TRUTH_UNKNOWN;
}

/* Open, unless somebody has answered it: hardly ever anybody has. */
static enum truth evaluate_unsettled(struct context *context, const struct condition *condition)
{
	const struct world *world = context->world;
	struct best holds, fails;

	if (!is_any_known(context, condition->question) && !is_any_known(context, SYMBOL_NONE))
		return explain_unsettled(context, condition);
	holds = find_answer(context, condition->question, world->holds);
	fails = find_answer(context, condition->question, world->does_not_hold);
	if (holds.truth == TRUTH_TRUE && fails.truth == TRUTH_FALSE)
		return TRUTH_TRUE;
	if (fails.truth == TRUTH_TRUE && holds.truth == TRUTH_FALSE)
		return explain_settled(context, condition, fails.record);
	return explain_unsettled(context, condition);
}

/* ---- Agreements: the one that is bound, the others for reasons and days ---- */

static enum truth match_agreement(struct context *context, const struct condition *condition,
				  const struct world_agreement *agreement)
{
	const uint64_t parties = FIELD_BIT(FIELD_EXPORTER) | FIELD_BIT(FIELD_IMPORTER);
	enum truth truth = match_fields(context, condition, &agreement->record);

	return agreement->record.unsettled & parties ? truth_least(truth, TRUTH_UNKNOWN) : truth;
}

static enum truth try_agreement(struct context *context, const struct condition *condition,
				const struct world_agreement *agreement, bool explain)
{
	enum truth truth = match_agreement(context, condition, agreement);
	struct agreement_verdict verdict;

	if (truth == TRUTH_FALSE)
		return truth;
	verdict = agreement_judge(context, agreement);
	truth = truth_least(truth, verdict.truth);
	if (explain && truth != TRUTH_TRUE)
		explain_record(context, condition, &agreement->record,
			       (struct standing){verdict.truth, verdict.code, verdict.word}, truth);
	return truth;
}

APART static enum truth evaluate_agreement(struct context *context,
					   const struct condition *condition)
{
	const struct hop *hop = context->hop;
	const struct world_agreement *bound = context->agreement;
	enum truth truth = TRUTH_FALSE;
	size_t from = mark(context);

	context->chosen = NULL;
	for (size_t i = 0; i < hop->papers.count; i++)
		if (match_agreement(context, condition, hop->papers.items[i]) != TRUTH_FALSE)
			agreement_note(context, hop->papers.items[i]);
	if (bound)
		truth = try_agreement(context, condition, bound, false);
	if (bound && match_agreement(context, condition, bound) != TRUTH_FALSE) {
		context->chosen = &bound->record;
		context_touch(context, context->chosen);
	}
	if (truth == TRUTH_TRUE || !context->trace)
		return truth;
	for (size_t i = 0; i < hop->agreements.count; i++)
		try_agreement(context, condition, hop->agreements.items[i], true);
	if (mark(context) == from)
		explain_absence_of(context, condition);
	return truth;
}

/* ---- Operators ---- */

/* While a remedy is tried no day is noted, and branches that change nothing
 * need not be looked at. */
static bool is_settled(const struct context *context, enum truth truth, enum truth by)
{
	return context->applied && truth == by;
}

static enum truth evaluate_all(struct context *context, const struct condition *condition)
{
	enum truth truth = TRUTH_TRUE;

	for (size_t i = 0; i < condition->count && !is_settled(context, truth, TRUTH_FALSE); i++)
		truth = truth_least(truth, evaluate(context, &condition->of[i]));
	return truth;
}

static enum truth evaluate_any(struct context *context, const struct condition *condition)
{
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < condition->count && !is_settled(context, truth, TRUTH_TRUE); i++)
		truth = truth_greatest(truth, evaluate(context, &condition->of[i]));
	return truth;
}

APART static void explain_exception(struct context *context, const struct condition *condition)
{
	const struct condition *inner = condition->of;
	struct reason reason = {
		.code = REASON_EXCEPTION_HOLDS, .truth = TRUTH_FALSE, .condition = condition};

	if (inner->op == CONDITION_FACT) {
		struct kept_reading *kept = shelf_read(context, inner->fact);

		shelf_say(context, kept);
		reason.word = kept->reading.name;
		reason.found = kept->found;
		reason.records = kept->records;
	} else if (inner->op == CONDITION_RECORD) {
		reason.records = context_one(context, context->chosen);
	}
	context_reason(context, reason);
}

APART static enum truth evaluate_not(struct context *context, const struct condition *condition)
{
	size_t from = mark(context);
	enum truth inner = evaluate(context, condition->of);

	if (!context->trace || inner == TRUTH_FALSE)
		return TRUTH_TRUE + TRUTH_FALSE - inner;
	if (inner == TRUTH_UNKNOWN) {
		keep_unknown(context, from);
		return TRUTH_UNKNOWN;
	}
	forget(context, from);
	explain_exception(context, condition);
	return TRUTH_FALSE;
}

static enum truth evaluate_op(struct context *context, const struct condition *condition)
{
	switch (condition->op) {
	case CONDITION_ALL:
		return evaluate_all(context, condition);
	case CONDITION_ANY:
		return evaluate_any(context, condition);
	case CONDITION_NOT:
		return evaluate_not(context, condition);
	case CONDITION_SURE:
		return evaluate_all(context, condition) == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_FALSE;
	case CONDITION_COND:
		return evaluate(context, condition->definition->condition);
	case CONDITION_UNSETTLED:
		return evaluate_unsettled(context, condition);
	case CONDITION_FACT:
		return evaluate_fact(context, condition);
	case CONDITION_RECORD:
		return condition->record == RECORD_AGREEMENT
			       ? evaluate_agreement(context, condition)
			       : evaluate_record(context, condition);
	default:
		return TRUTH_UNKNOWN;
	}
}

enum truth evaluate(struct context *context, const struct condition *condition)
{
	size_t from = mark(context);

	if (context->applied && condition->op >= CONDITION_UNSETTLED) {
		enum truth truth = applied_truth(context, condition);

		if (truth)
			return truth;
	}
	return keep_unless_true(context, from, evaluate_op(context, condition));
}

enum truth evaluate_fields(struct context *context, const struct condition *condition,
			   const struct record *record)
{
	return match_fields(context, condition, record);
}

/* ---- Bindings ---- */

/* How the agreement tests of a condition stand: bits. */
enum { PLAIN = 1, NEGATED = 2 };

static unsigned stand_of_agreements(const struct condition *condition)
{
	unsigned stand = 0;

	switch (condition->op) {
	case CONDITION_RECORD:
		return condition->record == RECORD_AGREEMENT ? PLAIN : 0;
	case CONDITION_COND:
		return stand_of_agreements(condition->definition->condition);
	case CONDITION_NOT:
		stand = stand_of_agreements(condition->of);
		return (stand & PLAIN ? NEGATED : 0) | (stand & NEGATED ? PLAIN : 0);
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_SURE:
		for (size_t i = 0; i < condition->count; i++)
			stand |= stand_of_agreements(&condition->of[i]);
		return stand;
	default:
		return 0;
	}
}

/* The one that makes the condition greatest.  If it asks only what no paper may be, any
 * paper that is answers: the least. */
static void choose_agreement(struct context *context, const struct condition *condition)
{
	const struct hop *hop = context->hop;
	bool least = stand_of_agreements(condition) == NEGATED;
	const struct world_agreement *chosen = NULL;
	enum truth best = TRUTH_UNSPECIFIED;

	for (size_t i = 0; i < hop->agreements.count; i++) {
		enum truth truth;

		context->agreement = hop->agreements.items[i];
		truth = evaluate(context, condition);
		if (best == TRUTH_UNSPECIFIED || (least ? truth < best : truth > best)) {
			best = truth;
			chosen = context->agreement;
		}
	}
	context->agreement = chosen;
}

void evaluate_bind(struct context *context, const struct condition *condition)
{
	const struct hop *hop = context->hop;
	struct trace *trace = context->trace;

	context->agreement = hop->agreements.count ? hop->agreements.items[0] : NULL;
	if (hop->agreements.count > 1) {
		context->trace = NULL;
		choose_agreement(context, condition);
		context->trace = trace;
	}
}

enum truth evaluate_bound(struct context *context, const struct condition *condition)
{
	evaluate_bind(context, condition);
	return evaluate(context, condition);
}
