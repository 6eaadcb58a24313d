#include "engine/condition.h"

bool values_equal(struct values a, struct values b)
{
	if (a.count != b.count)
		return false;
	for (size_t i = 0; i < a.count; i++)
		if (a.items[i].type != b.items[i].type || a.items[i].word != b.items[i].word ||
		    a.items[i].number != b.items[i].number)
			return false;
	return true;
}

static bool equal_limits(const struct value *a, const struct value *b)
{
	return a && b ? values_equal((struct values){a, 1}, (struct values){b, 1}) : a == b;
}

static bool equal_tests(const struct test *a, const struct test *b)
{
	return values_equal(a->in, b->in) && values_equal(a->has, b->has) &&
	       values_equal(a->main, b->main) && equal_limits(a->lt, b->lt) &&
	       equal_limits(a->ge, b->ge) && a->is.fact == b->is.fact && a->is.term == b->is.term;
}

bool test_asks_only_in(const struct test *test)
{
	return test->in.count && !test->has.count && !test->main.count && !test->lt && !test->ge &&
	       !test->is.fact;
}

bool test_asks_only_has(const struct test *test)
{
	return test->has.count && !test->in.count && !test->main.count && !test->lt && !test->ge &&
	       !test->is.fact;
}

static bool has_value(struct values values, const struct value *value)
{
	for (size_t i = 0; i < values.count; i++)
		if (values_equal((struct values){&values.items[i], 1}, (struct values){value, 1}))
			return true;
	return false;
}

static bool has_values(struct values all, struct values some)
{
	for (size_t i = 0; i < some.count; i++)
		if (!has_value(all, &some.items[i]))
			return false;
	return true;
}

bool test_implies(const struct test *narrow, const struct test *wide)
{
	if (test_asks_only_in(narrow) && test_asks_only_in(wide))
		return has_values(wide->in, narrow->in);
	if (test_asks_only_has(narrow) && test_asks_only_has(wide))
		return has_values(wide->has, narrow->has);
	return equal_tests(narrow, wide);
}
