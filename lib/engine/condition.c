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

bool test_equal(const struct test *a, const struct test *b)
{
	return values_equal(a->in, b->in) && values_equal(a->has, b->has) &&
	       values_equal(a->main, b->main) && equal_limits(a->lt, b->lt) &&
	       equal_limits(a->ge, b->ge) && a->is.fact == b->is.fact && a->is.term == b->is.term;
}
