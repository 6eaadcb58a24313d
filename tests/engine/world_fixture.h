/*
 * Small worlds in few words, for the tests of the engine.
 *
 * One world at a time: begin(), add records, then ask(); the first question
 * seals it; end() frees it.  Conditions and questions are written in a small
 * language of their own:
 *
 *	condition("(all (leg.area KR JP) (not (agreement (instrument scc))))")
 *	ask("exporter=a to=b storage=KR mode=storage on=2024-05-01")
 */
#ifndef CARNET_TESTS_ENGINE_WORLD_FIXTURE_H
#define CARNET_TESTS_ENGINE_WORLD_FIXTURE_H

#include "test.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "engine/decide.h"
#include "engine/explain.h"

static struct world *world;
static struct arena *answers;
static bool sealed;

static inline void begin(void)
{
	world = world_new();
	answers = arena_new(0);
	sealed = false;
}

static inline void end(void)
{
	world_free(world);
	arena_free(answers);
	world = NULL;
}

static inline symbol w(const char *text)
{
	return sealed ? symbols_find(world_words(world), bytes_of_string(text))
		      : symbols_add(world_symbols(world), bytes_of_string(text));
}

static inline day on(const char *date)
{
	day out = 0;

	assert_int_equal(date_parse(bytes_of_string(date), &out, NULL), 0);
	return out;
}

static inline day from_day(const char *date)
{
	return date && *date ? on(date) : DAY_MIN;
}

static inline day until_day(const char *date)
{
	return date && *date ? on(date) : DAY_MAX;
}

/* Words apart by spaces. */
static inline size_t split(const char *text, symbol *out, size_t most)
{
	size_t count = 0;
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
		assert(count < most);
		out[count++] = w(word);
	}
	return count;
}

static inline struct words list(const char *text)
{
	symbol words[64];
	size_t count = split(text, words, 64);

	return world_list(world, words, count);
}

static inline struct record rec(const char *id, const char *from, const char *until)
{
	return (struct record){.known_from = 1,
			       .known_until = REVISION_MAX,
			       .from = from_day(from),
			       .until = until_day(until),
			       .revision = 1,
			       .id = w(id),
			       .slice_from = from_day(from),
			       .review_by = DAY_MAX};
}

/* ---- Conditions ---- */

struct source {
	const char *at;
};

static inline void skip_space(struct source *source)
{
	while (isspace((unsigned char)*source->at))
		source->at++;
}

static inline bool takes(struct source *source, char c)
{
	skip_space(source);
	if (*source->at != c)
		return false;
	source->at++;
	return true;
}

static inline const char *next_word(struct source *source)
{
	static char word[128];
	size_t size = 0;

	skip_space(source);
	while (*source->at && !isspace((unsigned char)*source->at) && !strchr("()", *source->at))
		word[size++] = *source->at++;
	word[size] = '\0';
	assert(size > 0);
	return word;
}

static inline struct value value_of(const char *text)
{
	day date;

	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return (struct value){.type = VALUE_FLAG, .number = text[0] == 't'};
	if (date_parse(bytes_of_string(text), &date, NULL) == 0)
		return (struct value){.type = VALUE_DATE, .number = date};
	if (isdigit((unsigned char)*text))
		return (struct value){.type = VALUE_NUMBER, .number = atoll(text)};
	return (struct value){.type = VALUE_WORD, .word = w(text)};
}

static inline struct fact_reference fact_of(const char *name)
{
	enum fact fact = fact_find(bytes_of_string(name));

	return fact ? (struct fact_reference){.fact = fact}
		    : (struct fact_reference){FACT_TERM, w(name)};
}

static inline void push_value(struct values *values, struct value value)
{
	struct value *items = arena_array(world_arena(world), struct value, values->count + 1);

	if (values->count)
		memcpy(items, values->items, values->count * sizeof(*items));
	items[values->count++] = value;
	values->items = items;
}

static inline const struct value *kept_value(struct value value)
{
	struct value *kept = arena_alloc(world_arena(world), sizeof(*kept));

	*kept = value;
	return kept;
}

/* Up to the closing bracket: values, with has, main, lt, ge, is before some. */
static inline struct test test_of(struct source *source)
{
	struct test test = {0};
	struct values *into = &test.in;

	while (!takes(source, ')')) {
		const char *word = next_word(source);

		if (strcmp(word, "has") == 0)
			into = &test.has;
		else if (strcmp(word, "main") == 0)
			into = &test.main;
		else if (strcmp(word, "lt") == 0)
			test.lt = kept_value(value_of(next_word(source)));
		else if (strcmp(word, "ge") == 0)
			test.ge = kept_value(value_of(next_word(source)));
		else if (strcmp(word, "is") == 0)
			test.is = fact_of(next_word(source));
		else
			push_value(into, value_of(word));
	}
	return test;
}

static inline enum record_kind kind_of(const char *word)
{
	for (int kind = RECORD_AGREEMENT; kind <= RECORD_ORDER; kind++)
		if (kind != RECORD_INSTRUMENT &&
		    strcmp(word, record_kind_name((enum record_kind)kind)) == 0)
			return (enum record_kind)kind;
	return RECORD_NONE;
}

static inline enum condition_op op_of(const char *word)
{
	if (strcmp(word, "all") == 0)
		return CONDITION_ALL;
	if (strcmp(word, "any") == 0)
		return CONDITION_ANY;
	if (strcmp(word, "not") == 0)
		return CONDITION_NOT;
	return strcmp(word, "sure") == 0 ? CONDITION_SURE : CONDITION_NONE;
}

static struct condition read_condition(struct source *source);

static inline void read_children(struct source *source, struct condition *condition)
{
	struct condition *of = arena_array(world_arena(world), struct condition, 16);

	while (!takes(source, ')'))
		of[condition->count++] = read_condition(source);
	condition->of = of;
}

static inline void read_fields(struct source *source, struct condition *condition)
{
	struct field_test *fields = arena_array(world_arena(world), struct field_test, 8);

	while (takes(source, '(')) {
		struct field_test *field = &fields[condition->field_count++];

		field->field = field_find(condition->record, bytes_of_string(next_word(source)));
		assert(field_shape(condition->record, field->field)->testable);
		field->test = test_of(source);
	}
	condition->fields = fields;
	assert_true(takes(source, ')'));
}

static struct definition definitions[8];
static size_t definition_count;

static inline const struct definition *definition_of(symbol name)
{
	for (size_t i = 0; i < definition_count; i++)
		if (definitions[i].name == name)
			return &definitions[i];
	fail_msg("no such definition");
	return NULL;
}

static inline void read_fact(struct source *source, struct condition *condition, const char *name)
{
	struct test *test = arena_alloc(world_arena(world), sizeof(*test));

	condition->op = CONDITION_FACT;
	condition->fact = fact_of(name);
	*test = test_of(source);
	condition->test = test;
}

static inline struct condition read_condition(struct source *source)
{
	struct condition condition = {0};
	const char *start, *word;

	assert_true(takes(source, '('));
	start = source->at - 1;
	word = next_word(source);
	condition.op = op_of(word);
	condition.record = kind_of(word);
	if (condition.op) {
		read_children(source, &condition);
	} else if (condition.record) {
		condition.op = CONDITION_RECORD;
		read_fields(source, &condition);
	} else if (strcmp(word, "cond") == 0) {
		condition.op = CONDITION_COND;
		condition.definition = definition_of(w(next_word(source)));
		assert_true(takes(source, ')'));
	} else if (strcmp(word, "unsettled") == 0) {
		condition.op = CONDITION_UNSETTLED;
		condition.question = w(next_word(source));
		assert_true(takes(source, ')'));
	} else {
		read_fact(source, &condition, word);
	}
	condition.text =
		arena_copy(world_arena(world), bytes_of(start, (size_t)(source->at - start)));
	return condition;
}

static inline const struct condition *condition(const char *text)
{
	struct source source = {text};
	struct condition *kept;

	if (!text)
		return NULL;
	kept = arena_alloc(world_arena(world), sizeof(*kept));
	*kept = read_condition(&source);
	return kept;
}

static inline void define(const char *name, const char *text)
{
	definitions[definition_count] = (struct definition){w(name), condition(text)};
	definition_count++;
}

/* ---- Records ---- */

static inline void add_area_in(const char *id, const char *groups)
{
	struct world_area area = {.record = rec(id, "", "")};
	struct dated memberships[8];
	symbol words[8];

	area.member_of.count = split(groups, words, 8);
	for (size_t i = 0; i < area.member_of.count; i++)
		memberships[i] = (struct dated){words[i], DAY_MIN, DAY_MAX};
	area.member_of.items = memberships;
	world_add_area(world, &area);
}

/* With the dotted parent broader. */
static inline void add_category(const char *id, const char *tags)
{
	struct world_category category = {.record = rec(id, "", ""), .tags = list(tags)};
	char parent[64];

	snprintf(parent, sizeof(parent), "%s", id);
	if (strrchr(parent, '.')) {
		*strrchr(parent, '.') = '\0';
		category.broader = list(parent);
	}
	world_add_category(world, &category);
}

static inline void add_purpose(const char *id, const char *broader)
{
	world_add_purpose(world, &(struct world_purpose){.record = rec(id, "", ""),
							 .broader = list(broader)});
}

static inline struct world_party party_in(const char *id, const char *area)
{
	return (struct world_party){.record = rec(id, "", ""), .area = w(area)};
}

static inline void add_party(const char *id, const char *area)
{
	struct world_party party = party_in(id, area);

	world_add_party(world, &party);
}

static inline void add_term(const char *id, enum term_type type, bool silence_is_no)
{
	world_add_term(world, &(struct world_term){.record = rec(id, "", ""),
						   .type = type,
						   .by_caller = true,
						   .silence_is_no = silence_is_no,
						   .owner = w("legal-team")});
}

static inline struct ground ground_of(const char *id, const char *needs)
{
	return (struct ground){.id = w(id),
			       .cite = bytes_of_string(id),
			       .from = DAY_MIN,
			       .until = DAY_MAX,
			       .needs = condition(needs),
			       .review_by = DAY_MAX};
}

static inline struct prohibition prohibition_of(const char *id, const char *when, bool any)
{
	return (struct prohibition){.id = w(id),
				    .cite = bytes_of_string(id),
				    .from = DAY_MIN,
				    .until = DAY_MAX,
				    .reach_any = any,
				    .when = condition(when),
				    .review_by = DAY_MAX};
}

static inline struct duty duty_of(const char *owe, const char *when, bool standing)
{
	return (struct duty){.owe = w(owe),
			     .when = condition(when),
			     .standing = standing,
			     .cite = bytes_of_string("cite"),
			     .from = DAY_MIN,
			     .until = DAY_MAX};
}

static inline const void *keep(const void *items, size_t count, size_t size)
{
	void *kept = arena_alloc_array(world_arena(world), count, size);

	return count ? memcpy(kept, items, count * size) : kept;
}

#define KEEP(type, ...) \
	keep((type[]){__VA_ARGS__}, sizeof((type[]){__VA_ARGS__}) / sizeof(type), sizeof(type))
#define GROUNDS(...)                                 \
	.grounds = KEEP(struct ground, __VA_ARGS__), \
	.ground_count = sizeof((struct ground[]){__VA_ARGS__}) / sizeof(struct ground)
#define PROHIBITIONS(...)                                      \
	.prohibitions = KEEP(struct prohibition, __VA_ARGS__), \
	.prohibition_count =                                   \
		sizeof((struct prohibition[]){__VA_ARGS__}) / sizeof(struct prohibition)
#define DUTIES(...)                                \
	.duties = {KEEP(struct duty, __VA_ARGS__), \
		   sizeof((struct duty[]){__VA_ARGS__}) / sizeof(struct duty)}

/* A law that speaks for an area and rests on one ground. */
static inline void add_law(const char *id, const char *speaks_for, const char *needs)
{
	struct world_rulebook law = {.record = rec(id, "", ""), .speaks_for = list(speaks_for)};

	if (needs) {
		char name[64];

		snprintf(name, sizeof(name), "%s/1", id);
		law.grounds = KEEP(struct ground, ground_of(name, needs));
		law.ground_count = 1;
	}
	world_add_rulebook(world, &law);
}

/* ---- Questions ---- */

static inline struct word said(const char *text)
{
	return question_word(world, bytes_of_string(arena_string(answers, bytes_of_string(text))));
}

static inline void push_word(const struct word **items, size_t *count, const char *text)
{
	struct word *grown = arena_array(answers, struct word, *count + 1);

	if (*count)
		memcpy(grown, *items, *count * sizeof(*grown));
	grown[(*count)++] = said(text);
	*items = grown;
}

static inline enum access_mode mode_of(const char *text)
{
	for (int mode = 1; mode < ACCESS_MODE_COUNT; mode++)
		if (world_mode_word(world, (enum access_mode)mode) == w(text))
			return (enum access_mode)mode;
	fail_msg("no such mode: %s", text);
	return ACCESS_UNSPECIFIED;
}

/* facts: `name:value,value` */
static inline struct stated_fact fact_said(char *text)
{
	char *colon = strchr(text, ':');
	struct value *values = arena_array(answers, struct value, 8);
	struct stated_fact fact = {.values = {values, 0}};
	char *rest = NULL;

	*colon = '\0';
	fact.name = w(text);
	for (char *one = strtok_r(colon + 1, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
		struct value value = value_of(one);

		if (value.type == VALUE_WORD && !value.word)
			fact.unresolved =
				bytes_of_string(arena_string(answers, bytes_of_string(one)));
		else
			values[fact.values.count++] = value;
	}
	return fact;
}

struct asking {
	struct question question;
	struct recipient recipients[8];
	struct stated_fact facts[8];
	struct performance performs[8];
};

static inline void read_part(struct asking *asking, const char *name, char *value)
{
	struct question *q = &asking->question;
	struct recipient *to =
		q->recipient_count ? &asking->recipients[q->recipient_count - 1] : NULL;

	if (strcmp(name, "exporter") == 0)
		q->exporter = said(value);
	else if (strcmp(name, "data") == 0)
		q->data_set = said(value);
	else if (strcmp(name, "category") == 0)
		push_word(&q->categories, &q->category_count, value);
	else if (strcmp(name, "purpose") == 0)
		q->purpose = said(value);
	else if (strcmp(name, "to") == 0)
		asking->recipients[q->recipient_count++].party = said(value);
	else if (strcmp(name, "storage") == 0)
		push_word(&to->storage, &to->storage_count, value);
	else if (strcmp(name, "access") == 0)
		push_word(&to->access, &to->access_count, value);
	else if (strcmp(name, "mode") == 0)
		to->mode = mode_of(value);
	else if (strcmp(name, "engagement") == 0)
		to->engagement = said(value);
	else if (strcmp(name, "fact") == 0)
		asking->facts[q->fact_count++] = fact_said(value);
	else if (strcmp(name, "does") == 0 || strcmp(name, "refuses") == 0)
		asking->performs[q->perform_count++] =
			(struct performance){w(value), name[0] == 'd'};
	else if (strcmp(name, "on") == 0)
		q->as_of = on(value);
	else if (strcmp(name, "known") == 0)
		q->known_at = (uint64_t)atoll(value);
	else
		fail_msg("no such part of a question: %s", name);
}

static inline const struct question *question(const char *text)
{
	struct asking *asking = arena_alloc(answers, sizeof(*asking));
	struct question *q = &asking->question;
	char *copy = arena_string(answers, bytes_of_string(text)), *rest = NULL;

	q->as_of = on("2024-06-01");
	q->known_at = 1;
	q->recipients = asking->recipients;
	q->facts = asking->facts;
	q->performs = asking->performs;
	for (char *part = strtok_r(copy, " ", &rest); part; part = strtok_r(NULL, " ", &rest)) {
		char *equal = strchr(part, '=');

		*equal = '\0';
		read_part(asking, part, equal + 1);
	}
	return q;
}

static inline const struct decision *answer_to(const struct question *q)
{
	const struct decision *decision;
	struct error error;

	assert_int_equal(decide(world, q, answers, &decision, &error), 0);
	return decision;
}

static inline const struct decision *ask(const char *text)
{
	if (!sealed)
		world_seal(world);
	sealed = true;
	return answer_to(question(text));
}

/* ---- Answers ---- */

static inline const struct opinion *opinion_of(const struct decision *decision,
					       const char *rulebook)
{
	for (size_t i = 0; i < decision->opinion_count; i++) {
		const struct opinion *opinion = &decision->opinions[i];

		if (opinion->rulebook && opinion->rulebook->record.id == w(rulebook))
			return opinion;
	}
	return NULL;
}

static inline bool has_code(struct reasons reasons, enum reason_code code)
{
	for (size_t i = 0; i < reasons.count; i++)
		if (reasons.items[i].code == code)
			return true;
	return false;
}

static inline bool decided_by(const struct opinion *opinion, const char *by)
{
	return bytes_equal_string(opinion->decided_by, by);
}

static inline void write_reasons(struct buffer *out, struct reasons reasons)
{
	for (size_t i = 0; i < reasons.count; i++) {
		const struct reason *reason = &reasons.items[i];

		buffer_printf(out, "    %s %d w%u o%u ", reason_code_name(reason->code),
			      reason->truth, reason->word, reason->owner);
		if (reason->condition)
			buffer_append(out, reason->condition->text);
		buffer_append_string(out, " found ");
		explain_found(world, reason, out);
		buffer_append_string(out, " expected ");
		explain_expected(world, reason, out);
		for (size_t j = 0; j < reason->records.count; j++)
			buffer_printf(out, " r%u/%d", reason->records.items[j]->id,
				      reason->records.items[j]->from);
		buffer_append_string(out, "\n");
	}
}

static inline void write_opinion(struct buffer *out, const struct opinion *opinion)
{
	buffer_printf(out, "  opinion %u verdict %d by %.*s legs",
		      opinion->rulebook ? opinion->rulebook->record.id : 0, opinion->verdict,
		      BYTES_PRINT(opinion->decided_by));
	for (size_t i = 0; i < opinion->leg_count; i++)
		buffer_printf(out, " %u", opinion->legs[i]);
	buffer_append_string(out, " records");
	for (size_t i = 0; i < opinion->records.count; i++)
		buffer_printf(out, " %d:%u/%d", opinion->records.items[i]->kind,
			      opinion->records.items[i]->id, opinion->records.items[i]->from);
	buffer_append_string(out, " asserted");
	for (size_t i = 0; i < opinion->asserted_count; i++)
		buffer_printf(out, " %u", opinion->asserted[i]);
	buffer_append_string(out, " duties");
	for (size_t i = 0; i < opinion->duty_count; i++)
		buffer_printf(out, " %u", opinion->duties[i]);
	buffer_append_string(out, "\n");
	write_reasons(out, opinion->reasons);
	for (size_t i = 0; i < opinion->ground_count; i++) {
		buffer_printf(out, "   ground %u: %d\n", opinion->grounds[i].ground->id,
			      opinion->grounds[i].result);
		write_reasons(out, opinion->grounds[i].failed);
	}
}

/* All of a decision but its days, to compare. */
static inline void write_decision(struct buffer *out, const struct decision *decision)
{
	buffer_printf(out, "verdict %d weakest %u\n", decision->verdict, decision->weakest_leg);
	for (size_t i = 0; i < decision->leg_count; i++)
		buffer_printf(out, "  leg %u %u>%u area %u category %u verdict %d\n",
			      decision->legs[i].hop, decision->legs[i].exporter,
			      decision->legs[i].recipient, decision->legs[i].area,
			      decision->legs[i].category, decision->legs[i].verdict);
	for (size_t i = 0; i < decision->opinion_count; i++)
		write_opinion(out, &decision->opinions[i]);
	for (size_t i = 0; i < decision->duty_count; i++)
		buffer_printf(out, "  duty %u %zu %zu %d %d\n", decision->duties[i].duty,
			      decision->duties[i].rulebook_count, decision->duties[i].cite_count,
			      decision->duties[i].performs, decision->duties[i].standing);
	write_reasons(out, decision->reasons);
	for (size_t i = 0; i < decision->absent_count; i++) {
		buffer_append_string(out, "  absent ");
		explain_absence(&decision->absent[i], out);
		buffer_append_string(out, "\n");
	}
}

static inline void write_remedies(struct buffer *out, const struct decision *decision)
{
	for (size_t i = 0; i < decision->remedy_count; i++) {
		buffer_append_string(out, "  remedy");
		for (size_t j = 0; j < decision->remedies[i].step_count; j++) {
			const struct remedy_step *step = decision->remedies[i].steps[j];

			buffer_printf(out, " %d %u %.*s %u;", step->act, step->hop,
				      BYTES_PRINT(step->text), step->effort);
		}
		buffer_append_string(out, "\n");
	}
	for (size_t i = 0; i < decision->beyond_remedy_count; i++)
		buffer_printf(out, "  beyond %.*s\n",
			      BYTES_PRINT(decision->beyond_remedy[i].decided_by));
	buffer_printf(out, "  cut %d\n", decision->remedies_cut);
}

/* What one condition comes to, by way of a law that rests on it alone. */
static inline enum truth truth_of(const struct decision *decision)
{
	const struct opinion *opinion = opinion_of(decision, "law");

	assert_non_null(opinion);
	assert_int_equal(opinion->ground_count, 1);
	return opinion->grounds[0].result;
}

#endif
