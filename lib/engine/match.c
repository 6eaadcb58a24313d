#include "engine/match.h"

#include "engine/closure.h"

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

static enum truth falls_under(struct context *context, enum record_kind kind, symbol word,
			      symbol broader)
{
	const struct closure *closure = closure_of(context, kind, word);
	long at = closure_find(closure, broader);

	if (at < 0)
		return TRUTH_FALSE;
	touch_path(context, closure, (size_t)at);
	return (size_t)at < closure->firm ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

/* Is the value, or does it fall under, one of the listed?  Unknown where it is
 * the whole of which one of them is a part. */
static enum truth compare(struct context *context, enum domain domain, struct value value,
			  struct values listed)
{
	enum record_kind kind = value.type == VALUE_WORD ? hierarchy_of(domain) : RECORD_NONE;
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < listed.count; i++) {
		if (is_equal(value, listed.items[i]))
			return TRUTH_TRUE;
		if (value.type != listed.items[i].type)
			truth = TRUTH_UNKNOWN;
	}
	if (!kind)
		return truth;
	for (size_t i = 0; i < listed.count && truth != TRUTH_TRUE; i++)
		truth = truth_greatest(
			truth, falls_under(context, kind, value.word, listed.items[i].word));
	if (truth != TRUTH_FALSE || !closure_is_divided(context, kind, value.word))
		return truth;
	for (size_t i = 0; i < listed.count; i++)
		if (closure_find(closure_of(context, kind, listed.items[i].word), value.word) >= 0)
			truth = TRUTH_UNKNOWN;
	return truth;
}

/* Today moves: the day a date comes, and for equality the day after, matter. */
static void note_dates(struct context *context, const struct reading *reading, struct values listed)
{
	for (size_t i = 0; reading->is_today && i < listed.count; i++)
		if (listed.items[i].type == VALUE_DATE) {
			context_note(context, (day)listed.items[i].number);
			context_note(context, (day)listed.items[i].number + 1);
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
static enum truth match_in(struct context *context, const struct reading *reading,
			   struct values listed)
{
	enum truth truth = reading->open ? TRUTH_UNKNOWN : TRUTH_TRUE;

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
			    struct values listed)
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
			     struct values listed)
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
	struct reading other = reading_of_fact(context, reference);
	struct values values = reading_values(context, &other);
	enum truth truth = match_in(context, reading, values);

	note_dates(context, &other, reading_values(context, reading));
	if (is_known_empty(reading) || truth == TRUTH_TRUE)
		return truth;
	return other.open || other.maybe_count ? TRUTH_UNKNOWN : truth;
}

/* The four operators that facts and fields have in common. */
static enum truth match_common(struct context *context, const struct test *test,
			       const struct reading *reading, bool has_any)
{
	enum truth truth = TRUTH_TRUE;

	if (test->in.count)
		truth = truth_least(truth, match_in(context, reading, test->in));
	if (test->has.count && !has_any)
		truth = truth_least(truth, match_has(context, reading, test->has));
	if (test->main.count)
		truth = truth_least(truth, match_main(context, reading, test->main));
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

enum truth match_fact(struct context *context, const struct test *test, const struct reading *fact)
{
	enum truth truth = match_common(context, test, fact, false);

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
	struct values values = reading_values(context, outer);
	enum truth truth;

	if (is_known_empty(outer))
		return TRUTH_FALSE;
	if (!is_known_empty(inner) && has_word(outer, context->world->any))
		return TRUTH_TRUE;
	truth = match_in(context, inner, values);
	note_dates(context, outer, reading_values(context, inner));
	return outer->open && !is_known_empty(inner) ? truth_greatest(truth, TRUTH_UNKNOWN) : truth;
}

enum truth match_field(struct context *context, const struct test *test,
		       const struct reading *field)
{
	bool has_any = field->set && has_word(field, context->world->any);
	enum truth truth = match_common(context, test, field, has_any);

	if (asks_nothing(test))
		return TRUTH_UNKNOWN;
	if (test->is.fact) {
		struct reading other = reading_of_fact(context, test->is);

		truth = truth_least(truth, is_within(context, &other, field));
	}
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
	struct value value = {.type = VALUE_WORD, .word = word};

	return match_in(context, reading, (struct values){&value, 1});
}
