#include "engine/judge.h"

#include "engine/hearing.h"
#include "engine/sources.h"

/* A condition that was judged, and what kept it from being true. */
struct judged {
	enum truth truth;
	struct reasons why;
};

struct judged_prohibition {
	const struct prohibition *prohibition;
	struct judged judged;
};

/* All that the steps look at. */
struct inquiry {
	struct context *context;
	const struct world_rulebook *rulebook;
	struct judged applies, not_a_transfer;
	struct judged_prohibition *prohibitions; /* in force, in file order */
	size_t prohibition_count;
	struct owed_list owed; /* by the rulebook itself */
	struct word_list refused;
	struct ground_result *grounds; /* in force, in file order */
	struct owed_list *ground_owed;
	size_t ground_count;
	size_t ground; /* the one to stand on; ground_count: none */

	enum verdict verdict;
	struct bytes decided_by, cite;
	struct reason_list reasons;
};

static struct judged judge_condition(struct context *context, const struct condition *condition,
				     enum truth absent)
{
	struct judged judged = {.truth = absent};

	if (condition)
		judged.truth = hearing_of(context, condition, false, &judged.why);
	return judged;
}

static bool in_force(struct context *context, day from, day until)
{
	context_note(context, from);
	context_note(context, until);
	return from <= context->as_of && context->as_of < until;
}

/* ---- Duties ---- */

static enum answer performance_of(const struct question *question, symbol duty)
{
	for (size_t i = 0; i < question->perform_count; i++)
		if (question->performs[i].duty == duty)
			return question->performs[i].yes ? ANSWER_YES : ANSWER_NO;
	return ANSWER_UNSPECIFIED;
}

/* Owed unless its condition is false.  A ground's duties speak of what the
 * ground was bound to, a rulebook's of what makes them owed. */
static bool is_owed(struct context *context, const struct duty *duty, bool bound)
{
	struct reasons why;

	if (!in_force(context, duty->from, duty->until))
		return false;
	return !duty->when || hearing_of(context, duty->when, bound, &why) != TRUTH_FALSE;
}

static void judge_duties(struct context *context, const struct duties *duties, bool bound,
			 struct owed_list *owed, struct word_list *refused)
{
	for (size_t i = 0; i < duties->count; i++) {
		const struct duty *duty = &duties->items[i];

		if (!is_owed(context, duty, bound))
			continue;
		list_push(context->arena, owed,
			  ((struct owed){duty->owe, duty->standing, duty->cite}));
		if (performance_of(context->question, duty->owe) == ANSWER_NO)
			word_list_add(context->arena, refused, duty->owe);
	}
}

/* ---- Prohibitions and grounds ---- */

static void judge_prohibitions(struct inquiry *inquiry)
{
	struct context *context = inquiry->context;
	const struct world_rulebook *rulebook = inquiry->rulebook;

	inquiry->prohibitions =
		arena_array(context->arena, struct judged_prohibition, rulebook->prohibition_count);
	for (size_t i = 0; i < rulebook->prohibition_count; i++) {
		const struct prohibition *prohibition = &rulebook->prohibitions[i];
		struct judged_prohibition *judged;

		if (!in_force(context, prohibition->from, prohibition->until))
			continue;
		judged = &inquiry->prohibitions[inquiry->prohibition_count++];
		judged->prohibition = prohibition;
		judged->judged = judge_condition(context, prohibition->when, TRUTH_TRUE);
	}
}

static struct reason refusal(symbol duty)
{
	return (struct reason){.code = REASON_DUTY_REFUSED, .truth = TRUTH_FALSE, .word = duty};
}

static void judge_ground(struct context *context, const struct ground *ground,
			 struct ground_result *result, struct owed_list *owed)
{
	struct word_list refused = {0};

	result->ground = ground;
	result->result = hearing_of(context, ground->needs, false, &result->failed);
	judge_duties(context, &ground->duties, true, owed, &refused);
	if (refused.count == 0)
		return;
	result->result = TRUTH_FALSE;
	for (size_t i = 0; i < result->failed.count; i++)
		context_reason(context, result->failed.items[i]);
	for (size_t i = 0; i < refused.count; i++)
		context_reason(context, refusal(refused.items[i]));
	result->failed = trace_take_reasons(context->trace);
}

static void judge_grounds(struct inquiry *inquiry)
{
	struct context *context = inquiry->context;
	const struct world_rulebook *rulebook = inquiry->rulebook;

	inquiry->grounds =
		arena_array(context->arena, struct ground_result, rulebook->ground_count);
	inquiry->ground_owed =
		arena_array(context->arena, struct owed_list, rulebook->ground_count);
	for (size_t i = 0; i < rulebook->ground_count; i++) {
		const struct ground *ground = &rulebook->grounds[i];
		size_t at = inquiry->ground_count;

		if (!in_force(context, ground->from, ground->until))
			continue;
		inquiry->ground_count++;
		judge_ground(context, ground, &inquiry->grounds[at], &inquiry->ground_owed[at]);
	}
}

static size_t count_conditional(const struct owed_list *owed)
{
	size_t count = 0;

	for (size_t i = 0; i < owed->count; i++)
		count += !owed->items[i].standing;
	return count;
}

/* Of the true ones that with the fewest duties, standing ones aside; of equal
 * ones the first. */
static size_t choose_ground(const struct inquiry *inquiry)
{
	size_t chosen = inquiry->ground_count, fewest = SIZE_MAX;

	for (size_t i = 0; i < inquiry->ground_count; i++) {
		size_t duties = count_conditional(&inquiry->ground_owed[i]);

		if (inquiry->grounds[i].result == TRUTH_TRUE && duties < fewest) {
			chosen = i;
			fewest = duties;
		}
	}
	return chosen;
}

/* ---- Saying why ---- */

static void say(struct inquiry *inquiry, struct reason reason)
{
	list_push(inquiry->context->arena, &inquiry->reasons, reason);
}

/* What is open in a condition is open in the opinion, said once. */
static void say_unknown(struct inquiry *inquiry, struct reasons why)
{
	for (size_t i = 0; i < why.count; i++)
		if (why.items[i].truth == TRUTH_UNKNOWN &&
		    !sources_has_reason(inquiry->reasons.items, inquiry->reasons.count,
					&why.items[i]))
			say(inquiry, why.items[i]);
}

static struct bytes text_of(const struct inquiry *inquiry, symbol word)
{
	return symbols_text(world_words(inquiry->context->world), word);
}

static void decide_by(struct inquiry *inquiry, enum verdict verdict, struct bytes by,
		      struct bytes cite)
{
	inquiry->verdict = verdict;
	inquiry->decided_by = by;
	inquiry->cite = cite;
}

static void decide_by_prohibition(struct inquiry *inquiry, enum verdict verdict,
				  const struct prohibition *prohibition)
{
	decide_by(inquiry, verdict, text_of(inquiry, prohibition->id), prohibition->cite);
}

/* ---- The steps ---- */

enum reach { ONLY_ANY, ONLY_PLAIN, BOTH };

static bool is_of_reach(const struct judged_prohibition *judged, enum reach reach)
{
	return reach == BOTH || judged->prohibition->reach_any == (reach == ONLY_ANY);
}

/* The first of that reach that came to that, or NULL. */
static const struct prohibition *first_prohibition(const struct inquiry *inquiry, enum reach reach,
						   enum truth truth)
{
	for (size_t i = 0; i < inquiry->prohibition_count; i++)
		if (inquiry->prohibitions[i].judged.truth == truth &&
		    is_of_reach(&inquiry->prohibitions[i], reach))
			return inquiry->prohibitions[i].prohibition;
	return NULL;
}

static void say_prohibitions(struct inquiry *inquiry, enum reach reach, enum truth truth)
{
	for (size_t i = 0; i < inquiry->prohibition_count; i++) {
		const struct judged_prohibition *judged = &inquiry->prohibitions[i];

		if (judged->judged.truth != truth || !is_of_reach(judged, reach))
			continue;
		say(inquiry,
		    (struct reason){.code = truth == TRUTH_TRUE ? REASON_PROHIBITED
								: REASON_PROHIBITION_UNKNOWN,
				    .truth = truth,
				    .condition = judged->prohibition->when,
				    .word = judged->prohibition->id});
		say_unknown(inquiry, judged->judged.why);
	}
}

/* Whether there are any; the first decides. */
static bool decide_prohibited(struct inquiry *inquiry, enum reach reach, enum truth truth)
{
	const struct prohibition *first = first_prohibition(inquiry, reach, truth);

	if (first)
		decide_by_prohibition(inquiry,
				      truth == TRUTH_TRUE ? VERDICT_DENIED : VERDICT_INDETERMINATE,
				      first);
	say_prohibitions(inquiry, reach, truth);
	return first != NULL;
}

static void decide_not_a_transfer(struct inquiry *inquiry)
{
	if (decide_prohibited(inquiry, ONLY_ANY, TRUTH_UNKNOWN))
		return;
	decide_by(inquiry, VERDICT_NOT_A_TRANSFER, BYTES_LITERAL("not-a-transfer"),
		  inquiry->rulebook->cite);
	say(inquiry, (struct reason){.code = REASON_NOT_A_TRANSFER,
				     .truth = TRUTH_TRUE,
				     .condition = inquiry->rulebook->not_a_transfer});
}

static struct bytes duty_cite(const struct inquiry *inquiry, symbol duty)
{
	for (size_t i = 0; i < inquiry->owed.count; i++)
		if (inquiry->owed.items[i].duty == duty)
			return inquiry->owed.items[i].cite;
	return inquiry->rulebook->cite;
}

static bool decide_refused(struct inquiry *inquiry, bool decided)
{
	for (size_t i = 0; i < inquiry->refused.count; i++) {
		symbol duty = inquiry->refused.items[i];

		if (!decided)
			decide_by(inquiry, VERDICT_DENIED, text_of(inquiry, duty),
				  duty_cite(inquiry, duty));
		decided = true;
		say(inquiry, refusal(duty));
	}
	return decided;
}

/* A denial that no longer holds if it is no transfer, or if the law does not
 * apply, is open while that is. */
static void soften(struct inquiry *inquiry, const struct judged *open, enum reason_code code,
		   const struct condition *condition)
{
	if (open->truth != TRUTH_UNKNOWN)
		return;
	if (inquiry->verdict == VERDICT_DENIED)
		inquiry->verdict = VERDICT_INDETERMINATE;
	say(inquiry, (struct reason){.code = code, .truth = TRUTH_UNKNOWN, .condition = condition});
	say_unknown(inquiry, open->why);
}

static void soften_transfer(struct inquiry *inquiry)
{
	soften(inquiry, &inquiry->not_a_transfer, REASON_TRANSFER_UNKNOWN,
	       inquiry->rulebook->not_a_transfer);
}

static bool has_conditional_duty(const struct inquiry *inquiry)
{
	if (inquiry->ground < inquiry->ground_count &&
	    count_conditional(&inquiry->ground_owed[inquiry->ground]))
		return true;
	return count_conditional(&inquiry->owed) > 0;
}

static enum verdict permission(const struct inquiry *inquiry)
{
	return has_conditional_duty(inquiry) ? VERDICT_PERMITTED_WITH_OBLIGATIONS
					     : VERDICT_PERMITTED;
}

static void decide_ground(struct inquiry *inquiry)
{
	const struct ground *ground = inquiry->grounds[inquiry->ground].ground;

	decide_by(inquiry, permission(inquiry), text_of(inquiry, ground->id), ground->cite);
	say(inquiry, (struct reason){.code = REASON_GROUND,
				     .truth = TRUTH_TRUE,
				     .condition = ground->needs,
				     .word = ground->id});
	decide_prohibited(inquiry, BOTH, TRUTH_UNKNOWN);
}

static bool decide_ground_unknown(struct inquiry *inquiry)
{
	bool found = false;

	for (size_t i = 0; i < inquiry->ground_count; i++) {
		const struct ground_result *result = &inquiry->grounds[i];

		if (result->result != TRUTH_UNKNOWN)
			continue;
		if (!found)
			decide_by(inquiry, VERDICT_INDETERMINATE,
				  text_of(inquiry, result->ground->id), result->ground->cite);
		found = true;
		say(inquiry, (struct reason){.code = REASON_GROUND_UNKNOWN,
					     .truth = TRUTH_UNKNOWN,
					     .condition = result->ground->needs,
					     .word = result->ground->id});
		say_unknown(inquiry, result->failed);
	}
	if (found) /* the ground alone would not do */
		say_prohibitions(inquiry, BOTH, TRUTH_UNKNOWN);
	return found;
}

static void decide_permitted(struct inquiry *inquiry)
{
	decide_by(inquiry, permission(inquiry), BYTES_LITERAL("default"), inquiry->rulebook->cite);
	say(inquiry, (struct reason){.code = REASON_DEFAULT_PERMITTED});
	decide_prohibited(inquiry, BOTH, TRUTH_UNKNOWN);
}

static void decide_denied(struct inquiry *inquiry)
{
	decide_by(inquiry, VERDICT_DENIED, BYTES_LITERAL("default"), inquiry->rulebook->cite);
	say(inquiry, (struct reason){.code = REASON_DEFAULT_PROHIBITED});
	soften_transfer(inquiry);
}

static void take_steps(struct inquiry *inquiry)
{
	if (decide_prohibited(inquiry, ONLY_ANY, TRUTH_TRUE))
		return;
	if (inquiry->not_a_transfer.truth == TRUTH_TRUE) {
		decide_not_a_transfer(inquiry);
		return;
	}
	if (decide_refused(inquiry, decide_prohibited(inquiry, ONLY_PLAIN, TRUTH_TRUE))) {
		soften_transfer(inquiry);
		return;
	}
	if (inquiry->ground < inquiry->ground_count)
		decide_ground(inquiry);
	else if (inquiry->rulebook->default_permitted)
		decide_permitted(inquiry);
	else if (!decide_ground_unknown(inquiry))
		decide_denied(inquiry);
}

/* ---- The opinion ---- */

static int compare_owed(const void *left, const void *right, void *symbols)
{
	const struct owed *a = left, *b = right;

	return a->duty == b->duty ? 0
				  : bytes_compare(symbols_text(symbols, a->duty),
						  symbols_text(symbols, b->duty));
}

static bool is_permission(enum verdict verdict)
{
	return verdict == VERDICT_PERMITTED || verdict == VERDICT_PERMITTED_WITH_OBLIGATIONS;
}

/* The ground's duties and the rulebook's, by id. */
static struct owed_list unite_owed(const struct inquiry *inquiry)
{
	struct arena *arena = inquiry->context->arena;
	struct owed_list united = {0};

	if (!is_permission(inquiry->verdict))
		return united;
	if (inquiry->ground < inquiry->ground_count) {
		const struct owed_list *owed = &inquiry->ground_owed[inquiry->ground];

		for (size_t i = 0; i < owed->count; i++)
			list_push(arena, &united, owed->items[i]);
	}
	for (size_t i = 0; i < inquiry->owed.count; i++)
		list_push(arena, &united, inquiry->owed.items[i]);
	if (united.count > 1)
		sources_sort(united.items, united.count, sizeof(*united.items), compare_owed,
			     inquiry->context->world->symbols);
	return united;
}

static void list_duties(struct arena *arena, const struct owed_list *owed, struct opinion *opinion)
{
	symbol *duties = arena_array(arena, symbol, owed->count);

	for (size_t i = 0; i < owed->count; i++)
		if (!i || owed->items[i].duty != owed->items[i - 1].duty)
			duties[opinion->duty_count++] = owed->items[i].duty;
	opinion->duties = duties;
}

static const struct prohibition *deciding_prohibition(const struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->prohibition_count; i++) {
		const struct prohibition *prohibition = inquiry->prohibitions[i].prohibition;

		if (inquiry->decided_by.data == text_of(inquiry, prohibition->id).data)
			return prohibition;
	}
	return NULL;
}

/* What to know about the rules that decided. */
static void say_rule_quality(struct inquiry *inquiry)
{
	const struct prohibition *prohibition = deciding_prohibition(inquiry);
	const struct ground *ground = inquiry->ground < inquiry->ground_count
					      ? inquiry->grounds[inquiry->ground].ground
					      : NULL;

	if (prohibition)
		sources_say_rule(inquiry->context, &inquiry->reasons, prohibition->id,
				 prohibition->confidence, prohibition->doubt,
				 prohibition->review_by);
	if (ground)
		sources_say_rule(inquiry->context, &inquiry->reasons, ground->id,
				 ground->confidence, ground->doubt, ground->review_by);
}

static struct judgement write_judgement(struct inquiry *inquiry)
{
	struct context *context = inquiry->context;
	struct trace *trace = context->trace;
	struct judgement judgement = {
		.spoken = true, .applies = inquiry->applies.truth, .owed = unite_owed(inquiry)};
	struct opinion *opinion = &judgement.opinion;

	opinion->rulebook = inquiry->rulebook;
	opinion->verdict = inquiry->verdict;
	opinion->decided_by = inquiry->decided_by;
	opinion->cite = inquiry->cite;
	opinion->grounds = inquiry->grounds;
	opinion->ground_count = inquiry->ground_count;
	opinion->records = sources_sort_records(&trace->records);
	opinion->asserted = trace->asserted.items;
	opinion->asserted_count = trace->asserted.count;
	sources_sort_words(context, trace->asserted.items, trace->asserted.count);
	list_duties(context->arena, &judgement.owed, opinion);
	say_rule_quality(inquiry);
	sources_say_records(context, &inquiry->reasons, opinion->records);
	opinion->reasons = (struct reasons){inquiry->reasons.items, inquiry->reasons.count};
	return judgement;
}

static struct judgement inquire(struct inquiry *inquiry)
{
	struct context *context = inquiry->context;
	const struct world_rulebook *rulebook = inquiry->rulebook;

	inquiry->applies = judge_condition(context, rulebook->applies, TRUTH_TRUE);
	if (inquiry->applies.truth == TRUTH_FALSE)
		return (struct judgement){.applies = TRUTH_FALSE};
	context_touch(context, &rulebook->record);
	inquiry->not_a_transfer = judge_condition(context, rulebook->not_a_transfer, TRUTH_FALSE);
	judge_prohibitions(inquiry);
	judge_duties(context, &rulebook->duties, false, &inquiry->owed, &inquiry->refused);
	judge_grounds(inquiry);
	inquiry->ground = choose_ground(inquiry);
	take_steps(inquiry);
	soften(inquiry, &inquiry->applies, REASON_APPLIES_UNKNOWN, rulebook->applies);
	return write_judgement(inquiry);
}

struct judgement judge(struct context *context, const struct world_rulebook *rulebook)
{
	struct inquiry inquiry = {.context = context, .rulebook = rulebook};
	struct trace trace = trace_begin(context), *outer = context->trace;
	struct judgement judgement;

	if (outer)
		trace.absent = outer->absent;
	trace.reasons = context->spare;
	context->rulebook = rulebook;
	context->trace = &trace;
	judgement = inquire(&inquiry);
	context->trace = outer;
	context->spare = trace.reasons;
	if (outer)
		outer->absent = trace.absent;
	return judgement;
}
