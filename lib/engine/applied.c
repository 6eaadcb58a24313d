#include "engine/applied.h"

static bool is_here(const struct context *context, const struct step *step)
{
	return step->said.hop == REMEDY_QUESTION || step->said.hop == context->hop->number;
}

static bool is_about(const struct step *step, struct fact_reference fact)
{
	return step->has_witness && step->fact.fact == fact.fact && step->fact.term == fact.term;
}

void applied_change(const struct context *context, struct fact_reference fact,
		    struct reading *reading)
{
	const struct way *way = &context->applied->way;
	struct value *witnesses = NULL;

	for (size_t i = 0; i < way->count; i++) {
		if (!is_about(way->steps[i], fact) || !is_here(context, way->steps[i]))
			continue;
		if (!witnesses) {
			witnesses = arena_array(context->arena, struct value, way->count);
			reading->words = NULL;
			reading->maybe_count = 0;
			reading->open = false;
			reading->count = 0;
			reading->type = way->steps[i]->witness.type;
			reading->word = way->steps[i]->witness.word;
			reading->number = way->steps[i]->witness.number;
			reading->values = witnesses;
		}
		witnesses[reading->count++] = way->steps[i]->witness;
	}
}

static bool asks_that(const struct condition *leaf, const struct field_test *test)
{
	for (size_t i = 0; i < leaf->field_count; i++)
		if (leaf->fields[i].field == test->field &&
		    test_implies(&leaf->fields[i].test, &test->test))
			return true;
	return false;
}

static bool asks_who_holds(const struct condition *leaf)
{
	for (size_t i = 0; i < leaf->field_count; i++)
		if (leaf->fields[i].field == FIELD_HOLDER)
			return true;
	return false;
}

/* A record that answers the one answers the other, which asks for no more. */
static bool answers(const struct condition *obtained, const struct condition *leaf)
{
	if (leaf->op != CONDITION_RECORD || leaf->record != obtained->record ||
	    asks_who_holds(leaf) != asks_who_holds(obtained))
		return false;
	for (size_t i = 0; i < leaf->field_count; i++)
		if (!asks_that(obtained, &leaf->fields[i]))
			return false;
	return true;
}

static bool has_witness(const struct context *context, struct fact_reference fact)
{
	const struct way *way = &context->applied->way;

	for (size_t i = 0; i < way->count; i++)
		if (is_about(way->steps[i], fact) && is_here(context, way->steps[i]))
			return true;
	return false;
}

/* Unless it is said what the fact is: then that decides. */
static bool denies(const struct context *context, const struct condition *denied,
		   const struct condition *leaf)
{
	return leaf->op == CONDITION_FACT && bytes_equal(denied->text, leaf->text) &&
	       !has_witness(context, leaf->fact);
}

static enum truth truth_of_leaf(const struct context *context, const struct condition *leaf)
{
	const struct way *way = &context->applied->way;

	for (size_t i = 0; i < way->count; i++) {
		const struct step *step = way->steps[i];

		if (!step->leaf || !is_here(context, step))
			continue;
		if (step->said.act == REMEDY_OBTAIN && answers(step->leaf, leaf))
			return TRUTH_TRUE;
		if (step->said.act != REMEDY_OBTAIN && denies(context, step->leaf, leaf))
			return TRUTH_FALSE;
	}
	return TRUTH_UNSPECIFIED;
}

static enum truth answer_to(const struct context *context, symbol question)
{
	const struct way *way = &context->applied->way;

	for (size_t i = 0; i < way->count; i++)
		if (way->steps[i]->question == question && is_here(context, way->steps[i]))
			return way->steps[i]->answer;
	return TRUTH_UNSPECIFIED;
}

enum truth applied_truth(const struct context *context, const struct condition *leaf)
{
	if (leaf->op == CONDITION_UNSETTLED)
		return answer_to(context, leaf->question);
	return truth_of_leaf(context, leaf);
}

/* ---- Whether it matters at all ---- */

static bool is_fact(const struct step *step, struct fact_reference fact)
{
	return step->fact.fact && step->fact.fact == fact.fact && step->fact.term == fact.term;
}

static bool touches_fact(const struct way *way, struct fact_reference fact)
{
	for (size_t i = 0; i < way->count; i++)
		if (is_fact(way->steps[i], fact) ||
		    (fact.fact == FACT_PERFORMS && way->steps[i]->duty))
			return true;
	return false;
}

/* A paper also depends on roles and mode, a finding on all that scopes may ask for. */
static bool touches_record(const struct way *way, const struct condition *condition)
{
	if (condition->record == RECORD_FINDING)
		return true;
	for (size_t i = 0; i < way->count; i++) {
		const struct step *step = way->steps[i];

		if (step->said.act == REMEDY_OBTAIN ? step->leaf->record == condition->record
						    : condition->record == RECORD_AGREEMENT)
			return true;
	}
	for (size_t i = 0; i < condition->field_count; i++)
		if (touches_fact(way, condition->fields[i].test.is))
			return true;
	return false;
}

static bool touches_any(const struct context *context, const struct condition *condition)
{
	for (size_t i = 0; i < condition->count; i++)
		if (applied_touches(context, &condition->of[i]))
			return true;
	return false;
}

bool applied_touches(const struct context *context, const struct condition *condition)
{
	const struct way *way = &context->applied->way;

	switch (condition->op) {
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_NOT:
	case CONDITION_SURE:
		return touches_any(context, condition);
	case CONDITION_COND:
		return applied_touches(context, condition->definition->condition);
	case CONDITION_UNSETTLED:
		return answer_to(context, condition->question) != TRUTH_UNSPECIFIED;
	case CONDITION_FACT:
		return touches_fact(way, condition->fact) || touches_fact(way, condition->test->is);
	case CONDITION_RECORD:
		return touches_record(way, condition);
	default:
		return true;
	}
}

bool applied_performs(const struct context *context, symbol duty)
{
	const struct way *way = &context->applied->way;

	for (size_t i = 0; i < way->count; i++)
		if (way->steps[i]->duty == duty)
			return true;
	return false;
}

enum access_mode applied_mode(const struct context *context, uint32_t hop)
{
	const struct way *way = &context->applied->way;

	for (size_t i = 0; i < way->count; i++) {
		const struct step *step = way->steps[i];

		if (step->fact.fact != FACT_ACCESS_MODE || !step->has_witness ||
		    step->said.hop != hop)
			continue;
		for (int mode = ACCESS_STORAGE; mode < ACCESS_MODE_COUNT; mode++)
			if (world_mode_word(context->world, (enum access_mode)mode) ==
			    step->witness.word)
				return (enum access_mode)mode;
	}
	return ACCESS_UNSPECIFIED;
}
