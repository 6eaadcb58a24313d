#include "contract/question.h"

#include <inttypes.h>
#include <string.h>

#include "engine/circle.h"
#include "engine/fact.h"

struct reading {
	const Carnet__V1__CheckRequest *request;
	const struct world *world;
	struct arena *arena;
	struct asked *asked;
	struct question_violations *violations;
};

static void violate(struct reading *reading, const char *field, const char *description)
{
	question_violate(reading->violations, field, description);
}

static struct word word_of(struct reading *reading, const char *text)
{
	return question_word(reading->world, bytes_of_string(text));
}

static const struct word *words_of(struct reading *reading, char **texts, size_t count)
{
	struct word *words = arena_array(reading->arena, struct word, count);

	for (size_t i = 0; i < count; i++)
		words[i] = word_of(reading, texts[i]);
	return words;
}

static const struct record *registered(struct reading *reading, enum record_kind kind, symbol id)
{
	const struct question *question = &reading->asked->question;

	if (id == SYMBOL_NONE)
		return NULL;
	return world_get(reading->world, kind, id, question->as_of, question->known_at);
}

static void read_time(struct reading *reading, const struct question_frame *frame)
{
	const Carnet__V1__CheckRequest *request = reading->request;
	struct question *question = &reading->asked->question;

	question->as_of = frame->today;
	if (*request->as_of)
		date_parse(bytes_of_string(request->as_of), &question->as_of, NULL);
	question->known_at = request->known_at ? request->known_at : frame->revision;
	if (question->known_at > frame->revision)
		violate(reading, "known_at",
			arena_printf(reading->arena,
				     "revision %" PRIu64
				     " is not known yet; the newest is %" PRIu64,
				     question->known_at, frame->revision));
}

static void read_recipients(struct reading *reading)
{
	const Carnet__V1__CheckRequest *request = reading->request;
	struct recipient *recipients =
		arena_array(reading->arena, struct recipient, request->n_recipients);

	for (size_t i = 0; i < request->n_recipients; i++) {
		const Carnet__V1__Recipient *from = request->recipients[i];

		recipients[i] = (struct recipient){
			.party = word_of(reading, from->party),
			.storage = words_of(reading, from->storage, from->n_storage),
			.storage_count = from->n_storage,
			.access = words_of(reading, from->access, from->n_access),
			.access_count = from->n_access,
			.mode = (enum access_mode)from->mode,
			.engagement = word_of(reading, from->engagement),
		};
	}
	reading->asked->question.recipients = recipients;
	reading->asked->question.recipient_count = request->n_recipients;
}

static void check_circle(struct reading *reading)
{
	const struct question *question = &reading->asked->question;
	size_t at;

	if (circle_in(reading->world, question, &at))
		violate(reading, arena_printf(reading->arena, "recipients[%zu].party", at),
			arena_printf(reading->arena, CIRCLE_TEXT,
				     BYTES_PRINT(question->recipients[at].party.text)));
}

static void ignore(struct reading *reading, struct bytes *names, const char *name)
{
	names[reading->asked->ignored_count++] = bytes_of_string(name);
}

/* ---- Facts: each value is read as its term's type ---- */

static const char *type_wanted(enum term_type type)
{
	switch (type) {
	case TERM_FLAG:
		return "true or false";
	case TERM_NUMBER:
		return "a whole number";
	case TERM_DATE:
		return "a date, YYYY-MM-DD";
	case TERM_WORDS:
		return "a word or a list of words";
	default:
		return "one word";
	}
}

/* Words that the registry does not know deny; so does one of another sort. */
static bool is_known(struct reading *reading, enum term_type type, symbol word)
{
	switch (type) {
	case TERM_AREA:
		return registered(reading, RECORD_AREA, word);
	case TERM_PARTY:
		return registered(reading, RECORD_PARTY, word);
	case TERM_CATEGORY:
		return registered(reading, RECORD_CATEGORY, word);
	default:
		return registered(reading, RECORD_TERM, word);
	}
}

static bool read_word(struct reading *reading, enum term_type type, const char *text,
		      struct stated_fact *fact, struct value *out)
{
	symbol word = symbols_find(world_words(reading->world), bytes_of_string(text));

	*out = (struct value){.type = VALUE_WORD, .word = word};
	if (!is_known(reading, type, word) && !fact->unresolved.size)
		fact->unresolved = bytes_of_string(text);
	return true;
}

static bool read_scalar(struct reading *reading, enum term_type type,
			const Carnet__V1__Value *value, struct stated_fact *fact, struct value *out)
{
	day date;

	switch (type) {
	case TERM_FLAG:
		*out = (struct value){.type = VALUE_FLAG, .number = value->flag};
		return value->value_case == CARNET__V1__VALUE__VALUE_FLAG;
	case TERM_NUMBER:
		*out = (struct value){.type = VALUE_NUMBER, .number = value->number};
		return value->value_case == CARNET__V1__VALUE__VALUE_NUMBER;
	case TERM_DATE:
		if (value->value_case != CARNET__V1__VALUE__VALUE_TEXT ||
		    date_parse(bytes_of_string(value->text), &date, NULL))
			return false;
		*out = (struct value){.type = VALUE_DATE, .number = date};
		return true;
	default:
		return value->value_case == CARNET__V1__VALUE__VALUE_TEXT &&
		       read_word(reading, type, value->text, fact, out);
	}
}

/* False if the value is not of the term's type. */
static bool read_values(struct reading *reading, enum term_type type, Carnet__V1__Value *value,
			struct stated_fact *fact)
{
	Carnet__V1__Value *const *items = &value;
	size_t count = 1;
	struct value *values;

	if (value->value_case == CARNET__V1__VALUE__VALUE_LIST) {
		items = value->list->of;
		count = value->list->n_of;
		if (type != TERM_WORDS && count != 1)
			return false;
	}
	values = arena_array(reading->arena, struct value, count);
	for (size_t i = 0; i < count; i++)
		if (!read_scalar(reading, type, items[i], fact, &values[i]))
			return false;
	fact->values = (struct values){values, count};
	return true;
}

static const struct world_term *callers_term(struct reading *reading, const char *name)
{
	struct bytes text = bytes_of_string(name);
	const struct world_term *term;

	/* What the engine finds in records no caller states. */
	if (fact_find(text) != FACT_NONE)
		return NULL;
	term = (const struct world_term *)registered(
		reading, RECORD_TERM, symbols_find(world_words(reading->world), text));
	return term && term->by_caller && term->type != TERM_UNTYPED ? term : NULL;
}

/* The symbol of what may be a term on another day. */
static symbol other_name(struct reading *reading, const char *name)
{
	struct bytes text = bytes_of_string(name);

	return fact_find(text) == FACT_NONE ? symbols_find(world_words(reading->world), text)
					    : SYMBOL_NONE;
}

static void read_facts(struct reading *reading, struct bytes *ignored)
{
	const Carnet__V1__CheckRequest *request = reading->request;
	struct question *question = &reading->asked->question;
	struct stated_fact *facts =
		arena_array(reading->arena, struct stated_fact, request->n_facts);

	for (size_t i = 0; i < request->n_facts; i++) {
		const Carnet__V1__Fact *from = request->facts[i];
		const struct world_term *term = callers_term(reading, from->name);
		struct stated_fact *fact = &facts[question->fact_count];

		if (!term) {
			ignore(reading, ignored, from->name);
			/* Its term may come one day: the engine must know the name. */
			fact->name = other_name(reading, from->name);
			question->fact_count += fact->name != SYMBOL_NONE;
			continue;
		}
		fact->name = term->record.id;
		question->fact_count++;
		if (!read_values(reading, term->type, from->value, fact))
			violate(reading, arena_printf(reading->arena, "facts[%zu]", i),
				arena_printf(reading->arena, "'%s' takes %s", from->name,
					     type_wanted(term->type)));
	}
	question->facts = facts;
}

static void read_performs(struct reading *reading, struct bytes *ignored)
{
	const Carnet__V1__CheckRequest *request = reading->request;
	struct question *question = &reading->asked->question;
	struct performance *performs =
		arena_array(reading->arena, struct performance, request->n_performs);

	for (size_t i = 0; i < request->n_performs; i++) {
		const Carnet__V1__Performance *from = request->performs[i];
		symbol duty =
			symbols_find(world_words(reading->world), bytes_of_string(from->duty));

		if (!registered(reading, RECORD_TERM, duty))
			ignore(reading, ignored, from->duty);
		/* A rulebook may owe a duty whose term is not in force on that day. */
		if (duty == SYMBOL_NONE)
			continue;
		performs[question->perform_count++] = (struct performance){
			.duty = duty,
			.yes = from->answer == CARNET__V1__ANSWER__ANSWER_YES,
		};
	}
	question->performs = performs;
}

static struct bytes exporter_text(const struct reading *reading)
{
	const struct question *question = &reading->asked->question;
	symbol exporter;

	if (question->exporter.text.size)
		return question->exporter.text;
	exporter = question_exporter(reading->world, question);
	return exporter == SYMBOL_NONE ? (struct bytes){0}
				       : symbols_text(world_words(reading->world), exporter);
}

int question_read(const Carnet__V1__CheckRequest *request, const struct question_frame *frame,
		  struct arena *arena, struct asked *out, struct question_violations *violations,
		  struct error *error)
{
	struct reading reading = {request, frame->world, arena, out, violations};
	struct bytes *ignored =
		arena_array(arena, struct bytes, request->n_facts + request->n_performs);

	violations->count = 0;
	*out = (struct asked){.request = request, .world = frame->world, .ignored = ignored};
	out->advisory = *request->as_of || request->known_at || request->n_given;
	read_time(&reading, frame);
	out->question.exporter = word_of(&reading, request->exporter);
	out->question.data_set = word_of(&reading, request->data_set);
	out->question.categories = words_of(&reading, request->categories, request->n_categories);
	out->question.category_count = request->n_categories;
	out->question.purpose = word_of(&reading, request->purpose);
	read_recipients(&reading);
	check_circle(&reading);
	read_facts(&reading, ignored);
	read_performs(&reading, ignored);
	out->exporter = exporter_text(&reading);
	if (!violations->count)
		return 0;
	return error_set(error, ERR_INVALID, "%s: %s", violations->of[0].field,
			 violations->of[0].description);
}
