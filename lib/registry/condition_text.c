#include "registry/condition_text.h"

#include "registry/conditions.h"

static void append_value(struct buffer *out, const Carnet__V1__Value *value)
{
	switch (value->value_case) {
	case CARNET__V1__VALUE__VALUE_FLAG:
		buffer_append_string(out, value->flag ? "true" : "false");
		break;
	case CARNET__V1__VALUE__VALUE_NUMBER:
		buffer_printf(out, "%lld", (long long)value->number);
		break;
	case CARNET__V1__VALUE__VALUE_TEXT:
		buffer_append_string(out, value->text);
		break;
	default: /* a list in a list: validation refuses it */
		buffer_append_string(out, "[]");
	}
}

/* One word stands alone, several as a list. */
static void append_values(struct buffer *out, Carnet__V1__Value *const *values, size_t count)
{
	if (count == 1) {
		append_value(out, values[0]);
		return;
	}
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		buffer_append_string(out, i ? ", " : "");
		append_value(out, values[i]);
	}
	buffer_append_byte(out, ']');
}

/* The members of a test, in the order of the .proto file. */
struct members {
	struct buffer *out;
	size_t count;
};

static struct buffer *begin_member(struct members *members, const char *name)
{
	buffer_printf(members->out, "%s%s: ", members->count++ ? ", " : "", name);
	return members->out;
}

static void append_list(struct members *members, const char *name, Carnet__V1__Value *const *values,
			size_t count)
{
	if (count)
		append_values(begin_member(members, name), values, count);
}

static void append_bound(struct members *members, const char *name, const Carnet__V1__Value *value)
{
	if (value)
		append_value(begin_member(members, name), value);
}

static void append_test(struct buffer *out, const Carnet__V1__Test *test)
{
	struct members members = {.out = out};

	if (test && test->n_in && !test->n_has && !test->n_main && !test->lt && !test->ge &&
	    !*test->is) {
		append_values(out, test->in, test->n_in);
		return;
	}
	buffer_append_byte(out, '{');
	if (test) {
		append_list(&members, "in", test->in, test->n_in);
		append_list(&members, "has", test->has, test->n_has);
		append_bound(&members, "lt", test->lt);
		append_bound(&members, "ge", test->ge);
		append_list(&members, "main", test->main, test->n_main);
		if (*test->is)
			buffer_append_string(begin_member(&members, "is"), test->is);
	}
	buffer_append_byte(out, '}');
}

static void append_record(struct buffer *out, const char *kind, const Carnet__V1__RecordTest *test)
{
	buffer_printf(out, "%s: {", kind);
	for (size_t i = 0; i < test->n_fields; i++) {
		buffer_printf(out, "%s%s: ", i ? ", " : "", test->fields[i]->field);
		append_test(out, test->fields[i]->test);
	}
	buffer_append_byte(out, '}');
}

static void append_list_of(struct buffer *out, const char *name,
			   Carnet__V1__Condition *const *conditions, size_t count)
{
	buffer_printf(out, "%s: [", name);
	for (size_t i = 0; i < count; i++) {
		buffer_append_string(out, i ? ", {" : "{");
		condition_text_append(out, conditions[i]);
		buffer_append_byte(out, '}');
	}
	buffer_append_byte(out, ']');
}

void condition_text_append_all(struct buffer *out, Carnet__V1__Condition *const *conditions,
			       size_t count)
{
	append_list_of(out, "all", conditions, count);
}

void condition_text_append(struct buffer *out, const Carnet__V1__Condition *condition)
{
	const Carnet__V1__RecordTest *test;
	enum record_kind kind = RECORD_NONE;

	switch (condition->test_case) {
	case CARNET__V1__CONDITION__TEST_ALL:
		append_list_of(out, "all", condition->all->of, condition->all->n_of);
		break;
	case CARNET__V1__CONDITION__TEST_ANY:
		append_list_of(out, "any", condition->any->of, condition->any->n_of);
		break;
	case CARNET__V1__CONDITION__TEST_SURE:
		append_list_of(out, "sure", condition->sure->of, condition->sure->n_of);
		break;
	case CARNET__V1__CONDITION__TEST_NOT:
		buffer_append_string(out, "not: {");
		condition_text_append(out, condition->not_);
		buffer_append_byte(out, '}');
		break;
	case CARNET__V1__CONDITION__TEST_COND:
		buffer_printf(out, "cond: %s", condition->cond);
		break;
	case CARNET__V1__CONDITION__TEST_UNSETTLED:
		buffer_printf(out, "unsettled: %s", condition->unsettled);
		break;
	case CARNET__V1__CONDITION__TEST_FACT:
		buffer_printf(out, "%s: ", condition->fact->fact);
		append_test(out, condition->fact->test);
		break;
	default:
		test = conditions_record_test(condition, &kind);
		if (test)
			append_record(out, record_kind_name(kind), test);
	}
}
