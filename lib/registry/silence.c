#include "registry/silence.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/fact.h"
#include "registry/conditions.h"
#include "text/source.h"

/* A walk through one condition of a rulebook and all that it reaches. */
struct walk {
	const struct check *check;
	const Carnet__V1__Rulebook *rulebook;
	const char *where;    /* "ground eu-gdpr/45" */
	bool closes;          /* it prohibits, or makes the rulebook apply */
	const char *scope_of; /* the finding whose scope is being walked, or NULL */
	uint8_t *seen;        /* per definition: bit 0 plain, bit 1 under `not` */
};

/* A term may change its mind with the years: once no is enough. */
static bool silence_is_no(const struct walk *walk, const char *fact)
{
	const struct record_set *set = walk->check->set;
	size_t count;
	const struct record_slice *const *slices =
		record_set_find(set, KIND_TERM, bytes_of_string(fact), &count);

	if (fact_find(bytes_of_string(fact)) != FACT_NONE)
		return false;
	for (size_t i = 0; i < count; i++)
		if (slices[i]->record->term->silence == CARNET__V1__SILENCE__SILENCE_NO &&
		    !slices[i]->record->retired && record_set_is_newest(set, slices[i]))
			return true;
	return false;
}

static void report(const struct walk *walk, const Carnet__V1__FactTest *test, const char *fact)
{
	const char *cure = walk->closes ? "stands plain in" : "stands under `not` in";
	const char *scope = "";

	if (walk->scope_of)
		scope = arena_printf(walk->check->arena, ", through the scope of finding '%s'",
				     walk->scope_of);
	check_problem(walk->check, &test->base, NULL, SOURCE_WHOLE,
		      "silence about '%s' reads as no, and it %s %s%s: saying nothing would help; "
		      "%s, or let the term's silence be unknown",
		      fact, cure, walk->where, scope,
		      walk->closes ? "ask for it under `not`" : "ask for it without `not`");
}

static void visit_fact(const struct walk *walk, const Carnet__V1__FactTest *test, bool negated)
{
	if (negated == walk->closes)
		return;
	if (silence_is_no(walk, test->fact))
		report(walk, test, test->fact);
	else if (test->test && silence_is_no(walk, test->test->is))
		report(walk, test, test->test->is);
}

static void visit(const struct walk *walk, const Carnet__V1__Condition *condition, bool negated);

static void visit_all(const struct walk *walk, const Carnet__V1__Conditions *conditions,
		      bool negated)
{
	for (size_t i = 0; conditions && i < conditions->n_of; i++)
		visit(walk, conditions->of[i], negated);
}

static void visit_cond(const struct walk *walk, const char *name, bool negated)
{
	const Carnet__V1__Rulebook *rulebook = walk->rulebook;

	for (size_t i = 0; i < rulebook->n_define; i++) {
		if (strcmp(rulebook->define[i]->name, name) || walk->seen[i] & (negated ? 2 : 1))
			continue;
		walk->seen[i] |= negated ? 2 : 1;
		visit_all(walk, rulebook->define[i]->conditions, negated);
	}
}

/* Findings of this rulebook's law that a test may meet bring their scope along. */
static void visit_scopes(const struct walk *walk, const Carnet__V1__RecordTest *test, bool negated)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_kind(walk->check->set, KIND_FINDING, &count);
	bool names_by = false;

	if (walk->scope_of)
		return;
	for (size_t i = 0; i < test->n_fields; i++)
		names_by |= strcmp(test->fields[i]->field, "by") == 0;
	for (size_t i = 0; i < count; i++) {
		const Carnet__V1__Finding *finding = slices[i]->record->finding;
		struct check check = *walk->check;
		struct walk inner = *walk;

		if (!finding->scope || slices[i]->record->retired ||
		    (!names_by && strcmp(finding->by, walk->check->slice->record->id)))
			continue;
		check.slice = slices[i];
		inner.check = &check;
		inner.scope_of = slices[i]->record->id;
		visit(&inner, finding->scope, negated);
	}
}

static void visit(const struct walk *walk, const Carnet__V1__Condition *condition, bool negated)
{
	switch (condition->test_case) {
	case CARNET__V1__CONDITION__TEST_NOT:
		visit(walk, condition->not_, !negated);
		break;
	case CARNET__V1__CONDITION__TEST_FACT:
		visit_fact(walk, condition->fact, negated);
		break;
	case CARNET__V1__CONDITION__TEST_COND:
		visit_cond(walk, condition->cond, negated);
		break;
	case CARNET__V1__CONDITION__TEST_FINDING:
		visit_scopes(walk, condition->finding, negated);
		break;
	default:
		visit_all(walk, conditions_inner(condition), negated);
	}
}

static void check_part(struct walk *walk, const char *where, bool closes,
		       const Carnet__V1__Condition *condition)
{
	walk->where = where;
	walk->closes = closes;
	memset(walk->seen, 0, walk->rulebook->n_define);
	if (condition)
		visit(walk, condition, false);
}

void silence_check(const struct check *check)
{
	const Carnet__V1__Rulebook *rulebook = check->slice->record->rulebook;
	struct walk walk = {.check = check, .rulebook = rulebook};

	walk.seen = memory_new(rulebook->n_define + 1);
	check_part(&walk, "`applies`", true, rulebook->applies);
	check_part(&walk, "not-a-transfer", false, rulebook->not_a_transfer);
	for (size_t i = 0; i < rulebook->n_grounds; i++) {
		const Carnet__V1__Ground *ground = rulebook->grounds[i];

		for (size_t j = 0; j < ground->n_needs; j++)
			check_part(&walk, arena_printf(check->arena, "ground %s", ground->id),
				   false, ground->needs[j]);
	}
	for (size_t i = 0; i < rulebook->n_prohibitions; i++)
		check_part(
			&walk,
			arena_printf(check->arena, "prohibition %s", rulebook->prohibitions[i]->id),
			true, rulebook->prohibitions[i]->when);
	free(walk.seen);
}
