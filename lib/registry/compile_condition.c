#include "registry/compile_condition.h"

#include <string.h>

#include "registry/circles.h"
#include "registry/condition_text.h"
#include "registry/conditions.h"
#include "registry/meaning.h"
#include "text/source.h"

static struct arena *arena_of(const struct condition_compiler *compiler)
{
	return world_arena(compiler->world);
}

static symbol word(const struct condition_compiler *compiler, const char *text)
{
	return symbols_add(world_symbols(compiler->world), bytes_of_string(text));
}

/* ---- Tests ---- */

static void compile_value(const struct condition_compiler *compiler, const Carnet__V1__Value *in,
			  const struct meaning *meaning, struct value *out)
{
	day date;

	if (!meaning_has_type(in, meaning->type)) {
		check_problem(compiler->check, &in->base, NULL, SOURCE_WHOLE,
			      "is a value of another type; see what its fact holds");
		return;
	}
	out->type = meaning->type;
	switch (meaning->type) {
	case VALUE_FLAG:
		out->number = in->flag;
		break;
	case VALUE_NUMBER:
		out->number = in->number;
		break;
	case VALUE_DATE:
		date_parse(bytes_of_string(in->text), &date, NULL);
		out->number = date;
		break;
	default:
		out->word = word(compiler, in->text);
	}
}

static struct values compile_values(const struct condition_compiler *compiler,
				    Carnet__V1__Value *const *in, size_t count,
				    const struct meaning *meaning)
{
	struct value *values = arena_array(arena_of(compiler), struct value, count);

	for (size_t i = 0; i < count; i++)
		compile_value(compiler, in[i], meaning, &values[i]);
	return (struct values){count ? values : NULL, count};
}

static const struct value *compile_bound(const struct condition_compiler *compiler,
					 const Carnet__V1__Value *in, const struct meaning *meaning)
{
	struct value *value;

	if (!in)
		return NULL;
	value = arena_alloc(arena_of(compiler), sizeof(*value));
	compile_value(compiler, in, meaning, value);
	return value;
}

static struct fact_reference reference(const struct condition_compiler *compiler, const char *name)
{
	struct fact_reference reference = {.fact = fact_find(bytes_of_string(name))};

	if (*name && reference.fact == FACT_NONE) {
		reference.fact = FACT_TERM;
		reference.term = word(compiler, name);
	}
	return reference;
}

static void compile_test(const struct condition_compiler *compiler, const Carnet__V1__Test *in,
			 const struct meaning *meaning, struct test *out)
{
	if (!in)
		return;
	out->in = compile_values(compiler, in->in, in->n_in, meaning);
	out->has = compile_values(compiler, in->has, in->n_has, meaning);
	out->main = compile_values(compiler, in->main, in->n_main, meaning);
	out->lt = compile_bound(compiler, in->lt, meaning);
	out->ge = compile_bound(compiler, in->ge, meaning);
	out->is = reference(compiler, in->is);
}

static void compile_fact(const struct condition_compiler *compiler, const Carnet__V1__FactTest *in,
			 struct condition *out)
{
	struct meaning meaning;
	struct test *test = arena_alloc(arena_of(compiler), sizeof(*test));

	out->op = CONDITION_FACT;
	out->fact = reference(compiler, in->fact);
	out->test = test;
	if (meaning_of_fact(compiler->check, bytes_of_string(in->fact), &meaning))
		compile_test(compiler, in->test, &meaning, test);
	else
		check_problem(compiler->check, &in->base, "fact", SOURCE_WHOLE,
			      "'%s' is no fact; register it as a term of kind fact", in->fact);
}

static void compile_record(const struct condition_compiler *compiler, enum record_kind kind,
			   const Carnet__V1__RecordTest *in, struct condition *out)
{
	struct field_test *fields =
		arena_array(arena_of(compiler), struct field_test, in->n_fields);

	out->op = CONDITION_RECORD;
	out->record = kind;
	out->fields = fields;
	out->field_count = in->n_fields;
	for (size_t i = 0; i < in->n_fields; i++) {
		struct bytes name = bytes_of_string(in->fields[i]->field);
		struct meaning meaning;

		fields[i].field = field_find(kind, name);
		if (meaning_of_field(kind, name, &meaning))
			compile_test(compiler, in->fields[i]->test, &meaning, &fields[i].test);
		else
			check_problem(compiler->check, &in->fields[i]->base, "field", SOURCE_WHOLE,
				      "'%s' is no field of %s that can be tested",
				      in->fields[i]->field, record_kind_name(kind));
	}
}

/* ---- Trees ---- */

static void compile_into(const struct condition_compiler *compiler, const Carnet__V1__Condition *in,
			 struct condition *out);

static void compile_list(const struct condition_compiler *compiler, enum condition_op op,
			 Carnet__V1__Condition *const *in, size_t count, struct condition *out)
{
	struct condition *of = arena_array(arena_of(compiler), struct condition, count);

	for (size_t i = 0; i < count; i++)
		compile_into(compiler, in[i], &of[i]);
	out->op = op;
	out->of = of;
	out->count = count;
}

static void compile_cond(const struct condition_compiler *compiler, const char *name,
			 const Carnet__V1__Condition *in, struct condition *out)
{
	const Carnet__V1__Rulebook *rulebook = compiler->rulebook;

	out->op = CONDITION_COND;
	for (size_t i = 0; rulebook && !out->definition && i < rulebook->n_define; i++)
		if (strcmp(rulebook->define[i]->name, name) == 0)
			out->definition = &compiler->definitions[i];
	if (!out->definition)
		check_problem(compiler->check, &in->base, "cond", SOURCE_WHOLE,
			      "'%s' is not in `define`; define it", name);
}

static enum condition_op op_of(const Carnet__V1__Condition *in)
{
	switch (in->test_case) {
	case CARNET__V1__CONDITION__TEST_ALL:
		return CONDITION_ALL;
	case CARNET__V1__CONDITION__TEST_ANY:
		return CONDITION_ANY;
	default:
		return CONDITION_SURE;
	}
}

static void compile_into(const struct condition_compiler *compiler, const Carnet__V1__Condition *in,
			 struct condition *out)
{
	const Carnet__V1__Conditions *inner = conditions_inner(in);
	const Carnet__V1__RecordTest *test;
	enum record_kind kind = RECORD_NONE;
	struct buffer text = {0};

	condition_text_append(&text, in);
	out->text = arena_copy(arena_of(compiler), buffer_bytes(&text));
	buffer_release(&text);
	if (inner) {
		compile_list(compiler, op_of(in), inner->of, inner->n_of, out);
		return;
	}
	switch (in->test_case) {
	case CARNET__V1__CONDITION__TEST_NOT:
		compile_list(compiler, CONDITION_NOT, &in->not_, 1, out);
		break;
	case CARNET__V1__CONDITION__TEST_COND:
		compile_cond(compiler, in->cond, in, out);
		break;
	case CARNET__V1__CONDITION__TEST_UNSETTLED:
		out->op = CONDITION_UNSETTLED;
		out->question = word(compiler, in->unsettled);
		break;
	case CARNET__V1__CONDITION__TEST_FACT:
		compile_fact(compiler, in->fact, out);
		break;
	default:
		test = conditions_record_test(in, &kind);
		if (test)
			compile_record(compiler, kind, test, out);
		else
			check_problem(compiler->check, &in->base, NULL, SOURCE_WHOLE,
				      "says nothing; write a test");
	}
}

const struct condition *compile_condition(const struct condition_compiler *compiler,
					  const Carnet__V1__Condition *condition)
{
	struct condition *out;

	if (!condition)
		return NULL;
	out = arena_alloc(arena_of(compiler), sizeof(*out));
	compile_into(compiler, condition, out);
	return out;
}

const struct condition *compile_condition_all(const struct condition_compiler *compiler,
					      Carnet__V1__Condition *const *conditions,
					      size_t count)
{
	struct condition *out = arena_alloc(arena_of(compiler), sizeof(*out));
	struct buffer text = {0};

	condition_text_append_all(&text, conditions, count);
	out->text = arena_copy(arena_of(compiler), buffer_bytes(&text));
	buffer_release(&text);
	compile_list(compiler, CONDITION_ALL, conditions, count, out);
	return out;
}

void compile_condition_definitions(struct condition_compiler *compiler)
{
	const Carnet__V1__Rulebook *rulebook = compiler->rulebook;

	/* The engine follows names without looking back. */
	circles_check_definitions(compiler->check);
	compiler->definitions =
		arena_array(arena_of(compiler), struct definition, rulebook->n_define);
	for (size_t i = 0; i < rulebook->n_define; i++) {
		const Carnet__V1__Conditions *in = rulebook->define[i]->conditions;
		struct definition *definition = &compiler->definitions[i];

		definition->name = word(compiler, rulebook->define[i]->name);
		definition->condition =
			in && in->n_of == 1 ? compile_condition(compiler, in->of[0])
					    : compile_condition_all(compiler, in ? in->of : NULL,
								    in ? in->n_of : 0);
	}
}
