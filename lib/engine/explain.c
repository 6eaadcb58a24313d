#include "engine/explain.h"

static struct bytes text_of(const struct world *world, symbol word)
{
	return symbols_text(world_words(world), word);
}

void explain_value(const struct world *world, struct value value, struct buffer *out)
{
	char date[DATE_TEXT_SIZE];

	switch (value.type) {
	case VALUE_FLAG:
		buffer_append_string(out, value.number ? "true" : "false");
		break;
	case VALUE_NUMBER:
		buffer_printf(out, "%lld", (long long)value.number);
		break;
	case VALUE_DATE:
		buffer_append_string(out, date_format((day)value.number, date));
		break;
	case VALUE_WORD:
		buffer_append(out, text_of(world, value.word));
		break;
	default:
		buffer_append_string(out, "unknown");
	}
}

static void explain_list(const struct world *world, struct values values, struct buffer *out)
{
	buffer_append_string(out, "[");
	for (size_t i = 0; i < values.count; i++) {
		if (i)
			buffer_append_string(out, ", ");
		explain_value(world, values.items[i], out);
	}
	buffer_append_string(out, "]");
}

/* One value stands bare, several in a list. */
static void explain_values(const struct world *world, struct values values, struct buffer *out)
{
	if (values.count == 1)
		explain_value(world, values.items[0], out);
	else
		explain_list(world, values, out);
}

static void explain_records(const struct world *world, struct records records, struct buffer *out)
{
	for (size_t i = 0; i < records.count; i++) {
		const struct record *record = records.items[i];

		buffer_append_string(out, i ? ", " : "");
		buffer_append_string(out, record_kind_name((enum record_kind)record->kind));
		buffer_append_string(out, " ");
		buffer_append(out, text_of(world, record->id));
	}
}

void explain_found(const struct world *world, const struct reason *reason, struct buffer *out)
{
	const struct condition *condition = reason->condition;

	if (reason->text.size)
		buffer_append(out, reason->text);
	else if (reason->found.count)
		explain_values(world, reason->found, out);
	else if (condition && condition->op == CONDITION_FACT && condition->fact.fact == FACT_AS_OF)
		buffer_append_string(out, "the day of the question");
	else if (reason->code == REASON_FACT_UNKNOWN)
		buffer_append_string(out, "unknown");
	else if (reason->code == REASON_FACT_IS_OTHERWISE)
		buffer_append_string(out, "none");
	else if (reason->records.count)
		explain_records(world, reason->records, out);
	else if (reason->code == REASON_NO_RECORD)
		buffer_append_string(out, "none");
}

static void explain_members(const struct world *world, const char *words, struct values values,
			    struct buffer *out)
{
	if (values.count == 0)
		return;
	if (out->size)
		buffer_append_string(out, ", ");
	buffer_append_string(out, words);
	explain_values(world, values, out);
}

static void explain_limit(const struct world *world, const char *words, const struct value *limit,
			  struct buffer *out)
{
	if (limit)
		explain_members(world, words, (struct values){limit, 1}, out);
}

static void explain_test(const struct world *world, const struct test *test, struct buffer *out)
{
	explain_members(world, test->in.count == 1 ? "" : "one of ", test->in, out);
	explain_members(world, "has ", test->has, out);
	explain_members(world, "mainly ", test->main, out);
	explain_limit(world, "below ", test->lt, out);
	explain_limit(world, "at least ", test->ge, out);
	if (test->is.fact == FACT_NONE)
		return;
	buffer_append_string(out, out->size ? ", the same as " : "the same as ");
	if (test->is.fact == FACT_TERM)
		buffer_append(out, text_of(world, test->is.term));
	else
		buffer_append_string(out, fact_shape(test->is.fact)->name);
}

void explain_expected(const struct world *world, const struct reason *reason, struct buffer *out)
{
	const struct condition *condition = reason->condition;
	struct buffer text = {0};

	if (!condition || reason->truth == TRUTH_TRUE) /* what holds lacks nothing */
		return;
	if (condition->op == CONDITION_FACT)
		explain_test(world, condition->test, &text);
	else if (condition->op == CONDITION_RECORD || condition->op == CONDITION_NOT)
		buffer_append(&text, condition->text);
	buffer_append(out, buffer_bytes(&text));
	buffer_release(&text);
}

void explain_absence(const struct absence *absence, struct buffer *out)
{
	buffer_append_string(out, record_kind_name(absence->kind));
	buffer_append_string(out, ": ");
	buffer_append(out, absence->condition->text);
}
