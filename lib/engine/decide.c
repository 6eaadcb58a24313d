#include "engine/decide.h"

#include "engine/chain.h"
#include "engine/circle.h"
#include "engine/coverage.h"
#include "engine/fold.h"
#include "engine/hearing.h"
#include "engine/remedy.h"

struct rulebook_list {
	const struct world_rulebook **items;
	size_t count, capacity;
};

/* ---- Limits ---- */

static int too_many(struct error *error, const char *what, size_t count)
{
	return error_set(
		error, ERR_LIMIT,
		"the question names %zu %s, at most %d are judged: ask for fewer at a time", count,
		what, QUESTION_LEGS_MAX);
}

static int check_recipients(const struct question *question, struct error *error)
{
	if (question->recipient_count == 0)
		return error_set(error, ERR_INVALID,
				 "the question has no recipient: name at least one");
	if (question->recipient_count > QUESTION_LEGS_MAX)
		return too_many(error, "recipients", question->recipient_count);
	for (size_t i = 0; i < question->recipient_count; i++) {
		const struct recipient *recipient = &question->recipients[i];

		if (recipient->storage_count > QUESTION_LEGS_MAX ||
		    recipient->access_count > QUESTION_LEGS_MAX)
			return too_many(error, "areas of one recipient",
					recipient->storage_count + recipient->access_count);
	}
	return 0;
}

static int check_circle(const struct world *world, const struct question *question,
			struct error *error)
{
	struct bytes party;
	size_t at;

	if (!circle_in(world, question, &at))
		return 0;
	party = question->recipients[at].party.text;
	return error_set(error, ERR_INVALID, "recipients[%zu].party: " CIRCLE_TEXT, at,
			 BYTES_PRINT(party));
}

static int check_limits(const struct world *world, const struct question *question,
			struct error *error)
{
	int result;

	if (question->category_count > QUESTION_LEGS_MAX)
		return too_many(error, "categories", question->category_count);
	if (question->fact_count > QUESTION_LEGS_MAX)
		return too_many(error, "facts", question->fact_count);
	if (question->perform_count > QUESTION_LEGS_MAX)
		return too_many(error, "duties", question->perform_count);
	result = check_recipients(question, error);
	return result ? result : check_circle(world, question, error);
}

/* ---- A question in words that nobody registered ---- */

static void deny_unknown(struct decision *decision, struct reasons reasons)
{
	decision->verdict = VERDICT_DENIED;
	decision->reasons = reasons;
}

/* ---- Judging ---- */

/* Those in force, by id.  Those that are not have their days looked at. */
static struct rulebook_list rulebooks_in_force(struct context *context)
{
	struct rulebook_list list = {0};

	for (uint32_t i = 0; i < context->world->tables[RECORD_RULEBOOK].count; i++) {
		const struct record *record = table_at(context->world, RECORD_RULEBOOK, i);

		if (!record_is_known(record, context->known_at))
			continue;
		context_note_record(context, record);
		if (record_is_valid(record, context->as_of))
			list_push(context->arena, &list, (const void *)record);
	}
	return list;
}

/* What a rulebook said of an earlier leg of the hop, and at what of it it looked. */
struct heard {
	const struct hop *hop;
	symbol area, category;
	unsigned looked;
	struct judgement judgement;
};

struct court {
	struct context *context;
	struct heard *heard; /* the last of each rulebook */
	struct chain chain;
	struct rulebook_list rulebooks;
	uint8_t *applied; /* enum truth: of each rulebook on the first leg, and so on */
	struct fold *fold;
	struct trace trace; /* gathers what was looked for in vain */
	bool has_silent_leg;
};

static void hear(struct court *court, size_t place, const struct judgement *judgement, uint32_t leg)
{
	struct leg *judged = &court->chain.legs[leg];

	fold_add(court->fold, place, judgement, leg);
	judged->heard = judged->heard || judgement->applies == TRUTH_TRUE;
	if (judgement->opinion.verdict > judged->verdict)
		judged->verdict = judgement->opinion.verdict;
}

static void carry(struct court *court, const struct world_rulebook *rulebook, enum truth applied)
{
	if (!rulebook->policy)
		chain_carry(court->context, &court->chain, rulebook->record.id, applied);
}

static bool is_heard(const struct context *context, const struct heard *heard)
{
	return heard->hop == context->hop &&
	       (!(heard->looked & LOOKED_AREA) || heard->area == context->area) &&
	       (!(heard->looked & LOOKED_CATEGORY) || heard->category == context->category);
}

/* Legs of a hop differ in area and category: who looks at neither says the same. */
static const struct judgement *judgement_of(struct court *court, size_t at)
{
	struct context *context = court->context;
	struct heard *heard = &court->heard[at];

	if (is_heard(context, heard))
		return &heard->judgement;
	context->looked = 0;
	heard->judgement = judge(context, court->rulebooks.items[at]);
	heard->hop = context->hop;
	heard->area = context->area;
	heard->category = context->category;
	heard->looked = context->looked;
	return &heard->judgement;
}

static void judge_leg(struct court *court, uint32_t leg, const struct judgement_list *uncovered)
{
	struct context *context = court->context;
	struct leg *judged = &court->chain.legs[leg];

	context->area = judged->area;
	context->category = judged->category;
	context->is_last_leg = leg + 1 == court->chain.leg_count || judged[1].hop != judged->hop;
	for (size_t i = 0; i < court->rulebooks.count; i++) {
		const struct judgement *judgement = judgement_of(court, i);

		if (judgement->spoken)
			hear(court, i, judgement, leg);
		court->applied[leg * court->rulebooks.count + i] = (uint8_t)judgement->applies;
		carry(court, court->rulebooks.items[i], judgement->applies);
	}
	for (size_t i = 0; i < uncovered->count; i++)
		hear(court, court->rulebooks.count, &uncovered->items[i], leg);
	/* A permission of rulebooks that may not apply would be the answer of nobody. */
	if (judged->verdict < VERDICT_INDETERMINATE && !judged->heard) {
		judged->verdict = VERDICT_INDETERMINATE;
		judged->silent = court->has_silent_leg = true;
	}
}

static void judge_chain(struct court *court)
{
	uint32_t leg = 0;

	for (size_t i = 0; i < court->chain.hop_count; i++) {
		struct hop *hop = &court->chain.hops[i];
		struct judgement_list uncovered;

		chain_enter(court->context, &court->chain, hop);
		court->context->hop = hop;
		uncovered = coverage_of(court->context, hop);
		for (; leg < court->chain.leg_count && court->chain.legs[leg].hop == i; leg++)
			judge_leg(court, leg, &uncovered);
	}
}

/* ---- The decision as a whole ---- */

static void find_weakest(const struct chain *chain, struct decision *decision)
{
	for (uint32_t i = 0; i < chain->leg_count; i++)
		if (chain->legs[i].verdict > decision->verdict) {
			decision->verdict = chain->legs[i].verdict;
			decision->weakest_leg = i;
		}
	decision->legs = chain->legs;
	decision->leg_count = chain->leg_count;
}

/* By kind, then text, each once. */
static void write_absences(const struct context *context, const struct rank_list *absent,
			   struct decision *decision)
{
	const struct world *world = context->world;
	struct absence *items = arena_array(context->arena, struct absence, absent->count);
	bool *has = arena_array(context->arena, bool, world->test_count);

	for (size_t i = 0; i < absent->count; i++)
		has[absent->items[i]] = true;
	for (size_t i = 0; i < world->test_count; i++)
		if (has[i])
			items[decision->absent_count++] =
				(struct absence){world->tests[i]->record, world->tests[i]};
	decision->absent = items;
}

/* Remedies come last, from a decision that is complete but for them. */
static int judge_all(struct context *context, struct decision *decision, struct error *error)
{
	struct court court = {.context = context};
	int result = chain_lay(context, &court.chain, error);

	if (result)
		return result;
	court.rulebooks = rulebooks_in_force(context);
	if (court.chain.leg_count > court.chain.hop_count)
		hearing_begin(context);
	court.heard = arena_array(context->arena, struct heard, court.rulebooks.count);
	court.applied =
		arena_array(context->arena, uint8_t, court.rulebooks.count * court.chain.leg_count);
	court.fold = fold_new(context, court.rulebooks.count);
	court.trace = trace_begin(context);
	context->trace = &court.trace;
	judge_chain(&court);
	find_weakest(&court.chain, decision);
	fold_write(court.fold, court.has_silent_leg, decision);
	write_absences(context, &court.trace.absent, decision);
	if (decision->verdict >= VERDICT_INDETERMINATE && !context->question->without_remedies)
		remedy_seek(context, &court.chain,
			    (struct rulebooks){court.rulebooks.items, court.rulebooks.count,
					       court.applied},
			    decision);
	return 0;
}

int decide(const struct world *world, const struct question *question, struct arena *arena,
	   const struct decision **out, struct error *error)
{
	struct context context = {.world = world,
				  .question = question,
				  .arena = arena,
				  .as_of = question->as_of,
				  .known_at = question->known_at,
				  .holds_until = DAY_MAX};
	struct decision *decision = arena_alloc(arena, sizeof(*decision));
	struct reasons unknown;
	int result = check_limits(world, question, error);

	*out = NULL;
	if (result)
		return result;
	unknown = chain_check(&context);
	if (unknown.count)
		deny_unknown(decision, unknown);
	else
		result = judge_all(&context, decision, error);
	if (result)
		return result;
	decision->as_of = question->as_of;
	decision->revision = question->known_at;
	decision->holds_until = context.holds_until;
	*out = decision;
	return 0;
}
