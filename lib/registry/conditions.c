#include "registry/conditions.h"

#include "registry/meaning.h"
#include "registry/targets.h"
#include "text/source.h"
#include "text/suggest.h"

/* Where the conditions stand. */
struct setting {
	const struct check *check;
	const Carnet__V1__Rulebook *rulebook; /* NULL: the scope of a finding */
};

const Carnet__V1__Definition *conditions_definition(const Carnet__V1__Rulebook *rulebook,
						    struct bytes name)
{
	for (size_t i = 0; i < rulebook->n_define; i++)
		if (bytes_equal_string(name, rulebook->define[i]->name))
			return rulebook->define[i];
	return NULL;
}

const Carnet__V1__RecordTest *conditions_record_test(const Carnet__V1__Condition *condition,
						     enum record_kind *kind)
{
	switch (condition->test_case) {
	case CARNET__V1__CONDITION__TEST_FINDING:
		*kind = RECORD_FINDING;
		return condition->finding;
	case CARNET__V1__CONDITION__TEST_AGREEMENT:
		*kind = RECORD_AGREEMENT;
		return condition->agreement;
	case CARNET__V1__CONDITION__TEST_CERTIFICATE:
		*kind = RECORD_CERTIFICATE;
		return condition->certificate;
	case CARNET__V1__CONDITION__TEST_ASSESSMENT:
		*kind = RECORD_ASSESSMENT;
		return condition->assessment;
	case CARNET__V1__CONDITION__TEST_DISCLOSURE:
		*kind = RECORD_DISCLOSURE;
		return condition->disclosure;
	case CARNET__V1__CONDITION__TEST_ORDER:
		*kind = RECORD_ORDER;
		return condition->order;
	default:
		return NULL;
	}
}

const Carnet__V1__Conditions *conditions_inner(const Carnet__V1__Condition *condition)
{
	switch (condition->test_case) {
	case CARNET__V1__CONDITION__TEST_ALL:
		return condition->all;
	case CARNET__V1__CONDITION__TEST_ANY:
		return condition->any;
	case CARNET__V1__CONDITION__TEST_SURE:
		return condition->sure;
	default:
		return NULL;
	}
}

/* ---- Tests ---- */

struct members {
	const char *field;
	Carnet__V1__Value **values;
	size_t count;
};

static void check_values(const struct check *check, const Carnet__V1__Test *test,
			 const struct members *members, const struct meaning *meaning)
{
	for (size_t i = 0; i < members->count; i++)
		if (!meaning_check_value(check, &test->base, members->field, i, members->values[i],
					 meaning))
			return;
}

static void check_bound(const struct check *check, const Carnet__V1__Test *test, const char *field,
			const Carnet__V1__Value *value, const struct meaning *meaning)
{
	if (!value)
		return;
	if (meaning->type != VALUE_NUMBER && meaning->type != VALUE_DATE)
		check_problem(check, &test->base, field, SOURCE_WHOLE,
			      "only numbers and dates have an order; list the words instead");
	else
		meaning_check_value(check, &test->base, field, SOURCE_WHOLE, value, meaning);
}

static bool are_comparable(const struct meaning *a, const struct meaning *b)
{
	if (a->type != b->type)
		return false;
	if (a->type != VALUE_WORD)
		return true;
	return a->domain == b->domain || (a->names.kinds & b->names.kinds);
}

static void check_is(const struct check *check, const Carnet__V1__Test *test,
		     const struct meaning *meaning)
{
	struct bytes name = bytes_of_string(test->is);
	struct meaning other;

	if (name.size == 0)
		return;
	if (!meaning_of_fact(check, name, &other))
		check_problem(check, &test->base, "is", SOURCE_WHOLE, "%s is no fact%s",
			      node_quote(name, check->arena), meaning_suggest_fact(check, name));
	else if (!are_comparable(meaning, &other))
		check_problem(check, &test->base, "is", SOURCE_WHOLE,
			      "%s holds something else; compare facts of one type",
			      node_quote(name, check->arena));
}

static void check_test(const struct check *check, const Carnet__V1__Test *test,
		       const struct meaning *meaning)
{
	const struct members members[] = {
		{"in", test->in, test->n_in},
		{"has", test->has, test->n_has},
		{"main", test->main, test->n_main},
	};

	for (size_t i = 0; i < 3; i++)
		check_values(check, test, &members[i], meaning);
	if (test->n_has && !meaning->set)
		check_problem(check, &test->base, "has", SOURCE_WHOLE,
			      "it is a single value, not a set; write the words without `has`");
	check_bound(check, test, "lt", test->lt, meaning);
	check_bound(check, test, "ge", test->ge, meaning);
	check_is(check, test, meaning);
	if (!test->n_in && !test->n_has && !test->n_main && !test->lt && !test->ge && !*test->is)
		check_problem(check, &test->base, NULL, SOURCE_WHOLE,
			      "tests nothing; say what it must be");
}

/* ---- Facts and records ---- */

static void check_fact(const struct setting *setting, const Carnet__V1__FactTest *fact)
{
	const struct check *check = setting->check;
	struct bytes name = bytes_of_string(fact->fact);
	struct meaning meaning;

	if (!meaning_of_fact(check, name, &meaning))
		check_problem(check, &fact->base, "fact", SOURCE_WHOLE, "%s is no fact%s",
			      node_quote(name, check->arena), meaning_suggest_fact(check, name));
	else if (meaning.term && meaning.term->by == CARNET__V1__SAID_BY__SAID_BY_RECORD)
		check_problem(check, &fact->base, "fact", SOURCE_WHOLE,
			      "%s is `by: record`, but no record holds it; let its term say "
			      "`by: caller`",
			      node_quote(name, check->arena));
	else if (fact->test)
		check_test(check, fact->test, &meaning);
}

static void check_record_test(const struct setting *setting, enum record_kind kind,
			      const Carnet__V1__RecordTest *test)
{
	const struct check *check = setting->check;

	/* A scope that asked for findings could ask for itself. */
	if (!setting->rulebook && kind == RECORD_FINDING)
		check_problem(check, &test->base, NULL, SOURCE_WHOLE,
			      "a scope cannot rest on findings; test facts or other records");
	for (size_t i = 0; i < test->n_fields; i++) {
		const Carnet__V1__FieldTest *field = test->fields[i];
		struct bytes name = bytes_of_string(field->field);
		struct meaning meaning;

		if (!meaning_of_field(kind, name, &meaning))
			check_problem(check, &field->base, "field", SOURCE_WHOLE,
				      "%s is no field of %s that can be tested%s",
				      node_quote(name, check->arena), record_kind_name(kind),
				      meaning_suggest_field(check, kind, name));
		else if (field->test)
			check_test(check, field->test, &meaning);
	}
}

/* ---- Conditions ---- */

static void check_cond(const struct setting *setting, const Carnet__V1__Condition *condition)
{
	const Carnet__V1__Rulebook *rulebook = setting->rulebook;
	struct bytes name = bytes_of_string(condition->cond);
	struct suggestion suggestion = suggest_for(name);
	char meant[SUGGEST_TEXT_SIZE];

	if (!rulebook) {
		check_problem(setting->check, &condition->base, "cond", SOURCE_WHOLE,
			      "a scope has no `define`; write the condition out");
		return;
	}
	if (conditions_definition(rulebook, name))
		return;
	for (size_t i = 0; i < rulebook->n_define; i++)
		suggest_offer(&suggestion, bytes_of_string(rulebook->define[i]->name));
	check_problem(setting->check, &condition->base, "cond", SOURCE_WHOLE,
		      "%s is not in `define`%s", node_quote(name, setting->check->arena),
		      suggestion.best.size ? suggest_text(&suggestion, meant) : "; define it");
}

static void check_condition(const struct setting *setting, const Carnet__V1__Condition *condition);

static void check_all(const struct setting *setting, const Carnet__V1__Conditions *conditions)
{
	if (conditions->n_of == 0)
		check_problem(setting->check, &conditions->base, NULL, SOURCE_WHOLE,
			      "is empty; say what must hold");
	for (size_t i = 0; i < conditions->n_of; i++)
		check_condition(setting, conditions->of[i]);
}

static void check_condition(const struct setting *setting, const Carnet__V1__Condition *condition)
{
	const struct check *check = setting->check;
	const Carnet__V1__RecordTest *test;
	enum record_kind kind = RECORD_NONE;

	if (conditions_inner(condition)) {
		check_all(setting, conditions_inner(condition));
		return;
	}
	switch (condition->test_case) {
	case CARNET__V1__CONDITION__TEST_NOT:
		check_condition(setting, condition->not_);
		break;
	case CARNET__V1__CONDITION__TEST_COND:
		check_cond(setting, condition);
		break;
	case CARNET__V1__CONDITION__TEST_UNSETTLED:
		check_word(check, &condition->base, "unsettled", SOURCE_WHOLE,
			   bytes_of_string(condition->unsettled), &target_question);
		break;
	case CARNET__V1__CONDITION__TEST_FACT:
		check_fact(setting, condition->fact);
		break;
	case CARNET__V1__CONDITION__TEST__NOT_SET:
		check_problem(check, &condition->base, NULL, SOURCE_WHOLE,
			      "says nothing; write a test");
		break;
	default:
		test = conditions_record_test(condition, &kind);
		if (test)
			check_record_test(setting, kind, test);
	}
}

static void check_at(const struct setting *setting, const char *field, size_t index,
		     const Carnet__V1__Condition *condition)
{
	struct step step;
	struct check check = check_into(setting->check, &step, field, index);

	if (condition)
		check_condition(&(struct setting){&check, setting->rulebook}, condition);
}

static void check_duties(const struct setting *setting, Carnet__V1__Duty **duties, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_at(setting, "duties", i, duties[i]->when);
}

static void check_definitions(const struct setting *setting)
{
	const Carnet__V1__Rulebook *rulebook = setting->rulebook;

	for (size_t i = 0; i < rulebook->n_define; i++) {
		const Carnet__V1__Definition *definition = rulebook->define[i];
		struct step step;
		struct check check = check_into(setting->check, &step, "define", i);

		if (conditions_definition(rulebook, bytes_of_string(definition->name)) !=
		    definition)
			check_problem(&check, &definition->base, "name", SOURCE_WHOLE,
				      "is defined twice; give each definition a name of its own");
		if (definition->conditions)
			check_all(&(struct setting){&check, rulebook}, definition->conditions);
	}
}

static void check_rulebook(const struct setting *setting)
{
	const Carnet__V1__Rulebook *rulebook = setting->rulebook;

	check_at(setting, "applies", SOURCE_WHOLE, rulebook->applies);
	check_at(setting, "not_a_transfer", SOURCE_WHOLE, rulebook->not_a_transfer);
	check_definitions(setting);
	for (size_t i = 0; i < rulebook->n_grounds; i++) {
		const Carnet__V1__Ground *ground = rulebook->grounds[i];

		for (size_t j = 0; j < ground->n_needs; j++)
			check_at(setting, "grounds", i, ground->needs[j]);
		check_duties(setting, ground->duties, ground->n_duties);
	}
	for (size_t i = 0; i < rulebook->n_prohibitions; i++)
		check_at(setting, "prohibitions", i, rulebook->prohibitions[i]->when);
	check_duties(setting, rulebook->duties, rulebook->n_duties);
}

void conditions_check(const struct check *check)
{
	const Carnet__V1__Record *record = check->slice->record;

	if (check->slice->kind == KIND_RULEBOOK)
		check_rulebook(&(struct setting){check, record->rulebook});
	else if (check->slice->kind == KIND_FINDING)
		check_at(&(struct setting){check, NULL}, "scope", SOURCE_WHOLE,
			 record->finding->scope);
}
