#include "engine/match.h"

#include "engine/closure.h"
#include "engine/shelf.h"

static enum record_kind hierarchy_of(enum domain domain)
{
	switch (domain) {
	case DOMAIN_AREA:
		return RECORD_AREA;
	case DOMAIN_CATEGORY:
	case DOMAIN_COVERAGE:
		return RECORD_CATEGORY;
	case DOMAIN_PURPOSE:
		return RECORD_PURPOSE;
	default:
		return RECORD_NONE;
	}
}

/* Values to compare with, as a test or a reading has them. */
struct list {
	const struct value *values; /* else words */
	const symbol *words;
	size_t count;
};

static struct list list_of(struct values values)
{
	return (struct list){.values = values.items, .count = values.count};
}

/* `one` is room for the value of a scalar. */
static struct list list_of_reading(const struct reading *reading, struct value *one)
{
	struct list list = {reading->values, reading->words, reading->count};

	if (list.count && !list.values && !list.words) {
		*one = reading_value(reading, 0);
		list.values = one;
	}
	return list;
}

static struct value list_at(const struct list *list, size_t at)
{
	if (list->values)
		return list->values[at];
	return (struct value){.type = VALUE_WORD, .word = list->words[at]};
}

static symbol word_at(const struct list *list, size_t at)
{
	return list->values ? list->values[at].word : list->words[at];
}

static bool is_equal(struct value a, struct value b)
{
	return a.type == b.type && (a.type == VALUE_WORD ? a.word == b.word : a.number == b.number);
}

/* The records by which the word at `at` was reached. */
static void touch_path(struct context *context, const struct closure *closure, size_t at)
{
	while (at) {
		at = closure->below[at];
		context_touch(context, closure->records[at]);
	}
}

static enum truth falls_under(struct context *context, const struct closure *closure,
			      symbol broader)
{
	long at = closure_find(closure, broader);

	if (at < 0)
		return TRUTH_FALSE;
	touch_path(context, closure, (size_t)at);
	return (size_t)at < closure->firm ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

/* No value is equal: does it fall under one of them, or may one be its part? */
static enum truth compare_broader(struct context *context, enum record_kind kind, symbol word,
				  const struct list *listed, enum truth truth)
{
	const struct closure *closure;

	if (listed->count == 0)
		return truth;
	closure = closure_of(context, kind, word);
	for (size_t i = 0; i < listed->count && truth != TRUTH_TRUE; i++)
		truth = truth_greatest(truth, falls_under(context, closure, word_at(listed, i)));
	if (truth != TRUTH_FALSE || !closure_is_divided(context, kind, word))
		return truth;
	for (size_t i = 0; i < listed->count; i++)
		if (closure_find(closure_of(context, kind, word_at(listed, i)), word) >= 0)
			truth = TRUTH_UNKNOWN;
	return truth;
}

/* Is the value, or does it fall under, one of the listed?  Unknown where it is
 * the whole of which one of them is a part. */
static enum truth compare(struct context *context, enum domain domain, struct value value,
			  const struct list *listed)
{
	enum record_kind kind = value.type == VALUE_WORD ? hierarchy_of(domain) : RECORD_NONE;
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < listed->count; i++) {
		struct value other = list_at(listed, i);

		if (is_equal(value, other))
			return TRUTH_TRUE;
		if (value.type != other.type)
			truth = TRUTH_UNKNOWN;
	}
	return kind ? compare_broader(context, kind, value.word, listed, truth) : truth;
}

/* Today moves: the day a date comes, and for equality the day after, matter. */
static void note_dates(struct context *context, const struct reading *reading,
		       const struct list *listed)
{
	for (size_t i = 0; reading->is_today && i < listed->count; i++) {
		struct value value = list_at(listed, i);

		if (value.type != VALUE_DATE)
			continue;
		context_note(context, (day)value.number);
		context_note(context, (day)value.number + 1);
	}
}

static bool is_known_empty(const struct reading *reading)
{
	return reading->count == 0 && reading->maybe_count == 0 && !reading->open;
}

static struct value maybe_value(const struct reading *reading, size_t at)
{
	return (struct value){.type = VALUE_WORD, .word = reading->maybe[at]};
}

/* Every value is, or falls under, one of the listed. */
/* Without a member for certain it may be empty, which fails every test. */
static bool may_be_empty(const struct reading *reading)
{
	return reading->count == 0;
}

static enum truth match_in(struct context *context, const struct reading *reading,
			   const struct list *listed)
{
	enum truth truth = reading->open || may_be_empty(reading) ? TRUTH_UNKNOWN : TRUTH_TRUE;

	if (is_known_empty(reading))
		return TRUTH_FALSE;
	note_dates(context, reading, listed);
	for (size_t i = 0; i < reading->count; i++)
		truth = truth_least(truth, compare(context, reading->domain,
						   reading_value(reading, i), listed));
	for (size_t i = 0; i < reading->maybe_count; i++)
		if (compare(context, reading->domain, maybe_value(reading, i), listed) !=
		    TRUTH_TRUE)
			truth = truth_least(truth, TRUTH_UNKNOWN);
	return truth;
}

/* One of the values is, or falls under, one of the listed. */
static enum truth match_has(struct context *context, const struct reading *reading,
			    const struct list *listed)
{
	enum truth truth = reading->open ? TRUTH_UNKNOWN : TRUTH_FALSE;

	note_dates(context, reading, listed);
	for (size_t i = 0; i < reading->count; i++)
		truth = truth_greatest(truth, compare(context, reading->domain,
						      reading_value(reading, i), listed));
	for (size_t i = 0; i < reading->maybe_count; i++)
		if (compare(context, reading->domain, maybe_value(reading, i), listed) !=
		    TRUTH_FALSE)
			truth = truth_greatest(truth, TRUTH_UNKNOWN);
	return truth;
}

static enum truth match_main(struct context *context, const struct reading *reading,
			     const struct list *listed)
{
	if (is_known_empty(reading))
		return TRUTH_FALSE;
	return truth_greatest(match_in(context, reading, listed), TRUTH_UNKNOWN);
}

static bool is_ordered(struct value a, struct value b)
{
	return a.type == b.type && (a.type == VALUE_NUMBER || a.type == VALUE_DATE);
}

/* Every value is below the limit, or every one is at least it. */
static enum truth match_limit(struct context *context, const struct reading *reading,
			      struct value limit, bool below)
{
	enum truth truth = reading->open ? TRUTH_UNKNOWN : TRUTH_TRUE;

	if (is_known_empty(reading))
		return TRUTH_FALSE;
	if (reading->is_today && limit.type == VALUE_DATE)
		context_note(context, (day)limit.number);
	for (size_t i = 0; i < reading->count; i++) {
		struct value value = reading_value(reading, i);

		if (!is_ordered(value, limit))
			truth = truth_least(truth, TRUTH_UNKNOWN);
		else if ((value.number < limit.number) != below)
			truth = TRUTH_FALSE;
	}
	return truth;
}

/* Every value is, or falls under, one of the other fact's. */
static enum truth match_is(struct context *context, const struct reading *reading,
			   struct fact_reference reference)
{
	const struct reading *other = &shelf_read(context, reference)->reading;
	struct value one, other_one;
	struct list mine = list_of_reading(reading, &one);
	struct list listed = list_of_reading(other, &other_one);
	enum truth truth = match_in(context, reading, &listed);

	note_dates(context, other, &mine);
	if (is_known_empty(reading) || truth == TRUTH_TRUE)
		return truth;
	return other->open || other->maybe_count ? TRUTH_UNKNOWN : truth;
}

/* The four operators that facts and fields have in common. */
static enum truth match_common(struct context *context, const struct test *test,
			       const struct reading *reading, bool has_any)
{
	struct list in = list_of(test->in), has = list_of(test->has), main = list_of(test->main);
	enum truth truth = TRUTH_TRUE;

	if (in.count)
		truth = truth_least(truth, match_in(context, reading, &in));
	if (has.count && !has_any)
		truth = truth_least(truth, match_has(context, reading, &has));
	if (main.count)
		truth = truth_least(truth, match_main(context, reading, &main));
	if (test->lt)
		truth = truth_least(truth, match_limit(context, reading, *test->lt, true));
	if (test->ge)
		truth = truth_least(truth, match_limit(context, reading, *test->ge, false));
	/* `any` is wider than every word, and so unknown where all must be listed. */
	return has_any ? truth_greatest(truth, TRUTH_UNKNOWN) : truth;
}

static bool asks_nothing(const struct test *test)
{
	return !test->in.count && !test->has.count && !test->main.count && !test->lt && !test->ge &&
	       !test->is.fact;
}

/* One value that has no broader ones against one list: most tests, most facts. */
static bool is_simple(const struct test *test, const struct reading *fact)
{
	return fact->count == 1 && !fact->open && !fact->maybe_count && !fact->is_today &&
	       !hierarchy_of(fact->domain) && !test->main.count && !test->lt && !test->ge &&
	       (test->in.count != 0) != (test->has.count != 0);
}

static enum truth match_simply(const struct test *test, const struct reading *fact)
{
	struct values listed = test->in.count ? test->in : test->has;
	struct value value = reading_value(fact, 0);
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < listed.count; i++) {
		if (is_equal(value, listed.items[i]))
			return TRUTH_TRUE;
		if (value.type != listed.items[i].type)
			truth = TRUTH_UNKNOWN;
	}
	return truth;
}

enum truth match_fact(struct context *context, const struct test *test, const struct reading *fact)
{
	enum truth truth;

	if (!test->is.fact) {
		/* Nothing to compare: no test can tell more than that. */
		if (!fact->count && !fact->maybe_count && !asks_nothing(test))
			return fact->open ? TRUTH_UNKNOWN : TRUTH_FALSE;
		if (is_simple(test, fact))
			return match_simply(test, fact);
	}
	truth = match_common(context, test, fact, false);
	if (asks_nothing(test))
		return TRUTH_UNKNOWN;
	if (test->is.fact)
		truth = truth_least(truth, match_is(context, fact, test->is));
	return truth;
}

static bool has_word(const struct reading *reading, symbol word)
{
	for (size_t i = 0; i < reading->count; i++)
		if (reading_value(reading, i).word == word)
			return true;
	return false;
}

/* Every value of `inner` is, or falls under, one of `outer`'s. */
static enum truth is_within(struct context *context, const struct reading *inner,
			    const struct reading *outer)
{
	struct value one, inner_one;
	struct list listed = list_of_reading(outer, &one);
	struct list mine = list_of_reading(inner, &inner_one);
	enum truth truth;

	if (is_known_empty(outer))
		return TRUTH_FALSE;
	if (!is_known_empty(inner) && has_word(outer, context->world->any))
		return TRUTH_TRUE;
	truth = match_in(context, inner, &listed);
	note_dates(context, outer, &mine);
	return outer->open && !is_known_empty(inner) ? truth_greatest(truth, TRUTH_UNKNOWN) : truth;
}

enum truth match_field(struct context *context, const struct test *test,
		       const struct reading *field)
{
	bool has_any = field->set && has_word(field, context->world->any);
	enum truth truth = match_common(context, test, field, has_any);

	if (asks_nothing(test))
		return TRUTH_UNKNOWN;
	if (test->is.fact)
		truth = truth_least(
			truth, is_within(context, &shelf_read(context, test->is)->reading, field));
	return truth;
}

enum truth match_within(struct context *context, const struct reading *reading, struct words words)
{
	struct reading outer = {.type = VALUE_WORD, .domain = reading->domain, .set = true};

	outer.words = world_list_words(context->world, words, &outer.count);
	return is_within(context, reading, &outer);
}

enum truth match_word(struct context *context, const struct reading *reading, symbol word)
{
	struct list listed = {.words = &word, .count = 1};

	return match_in(context, reading, &listed);
}
