#include "contract/question.h"

#include <string.h>

#include "engine/circle.h"
#include "registry/record.h"

#define NONE_OPEN SIZE_MAX

/* Integers that every JSON reader keeps (RFC 8785). */
#define NUMBER_MAX ((INT64_C(1) << 53) - 1)

struct check {
	const Carnet__V1__CheckRequest *request;
	size_t open; /* the recipient whose party a search leaves open; NONE_OPEN */
	struct arena *arena;
	struct question_violations *violations;
};

void question_violate(struct question_violations *violations, const char *field,
		      const char *description)
{
	if (violations->count == QUESTION_VIOLATIONS_MAX)
		return;
	violations->of[violations->count].field = field;
	violations->of[violations->count].description = description;
	violations->count++;
}

static void violate(struct check *check, const char *field, const char *description)
{
	question_violate(check->violations, field, description);
}

static const char *indexed(struct check *check, const char *field, size_t index)
{
	return arena_printf(check->arena, "%s[%zu]", field, index);
}

/* A word may be unknown, which is a denial; too long to be any word is malformed. */
static void check_word(struct check *check, const char *field, const char *word)
{
	if (strlen(word) > QUESTION_WORD_MAX)
		violate(check, field,
			arena_printf(check->arena, "longer than %d bytes: no id is; shorten it",
				     QUESTION_WORD_MAX));
}

static void check_needed(struct check *check, const char *field, const char *word,
			 const char *description)
{
	if (!*word)
		violate(check, field, description);
	else
		check_word(check, field, word);
}

static void check_count(struct check *check, const char *field, size_t count, size_t limit)
{
	if (count > limit)
		violate(check, field,
			arena_printf(check->arena, "%zu entries, at most %zu are taken; ask twice",
				     count, limit));
}

static void check_length(struct check *check, const char *field, const char *text, size_t limit)
{
	if (strlen(text) > limit)
		violate(check, field,
			arena_printf(check->arena, "%zu bytes, at most %zu are taken", strlen(text),
				     limit));
}

static void check_who(struct check *check)
{
	const Carnet__V1__CheckRequest *request = check->request;

	if (!*request->exporter && !*request->data_set)
		violate(check, "exporter",
			"missing; name the party that lets the data go, or a data-set of its own");
	check_word(check, "exporter", request->exporter);
	check_word(check, "data_set", request->data_set);
	check_word(check, "purpose", request->purpose);
}

static void check_categories(struct check *check)
{
	const Carnet__V1__CheckRequest *request = check->request;

	check_count(check, "categories", request->n_categories, QUESTION_LEGS_MAX);
	for (size_t i = 0; i < request->n_categories && i < QUESTION_LEGS_MAX; i++) {
		check_needed(check, indexed(check, "categories", i), request->categories[i],
			     "empty; name a data-category or leave the entry out");
		for (size_t j = 0; j < i; j++) {
			if (strcmp(request->categories[i], request->categories[j]))
				continue;
			violate(check, indexed(check, "categories", i),
				arena_printf(check->arena, "'%s' stands twice; leave one out",
					     request->categories[i]));
			break;
		}
	}
}

static void check_areas(struct check *check, const char *field, char **areas, size_t count)
{
	for (size_t i = 0; i < count && i < QUESTION_AREAS_MAX; i++)
		check_needed(check, indexed(check, field, i), areas[i],
			     "empty; name an area or leave the entry out");
}

static void check_recipient(struct check *check, size_t at)
{
	const Carnet__V1__Recipient *recipient = check->request->recipients[at];
	const char *field = indexed(check, "recipients", at);
	struct arena *arena = check->arena;

	if (at != check->open)
		check_needed(check, arena_printf(arena, "%s.party", field), recipient->party,
			     "missing; name the party that gets the data");
	check_count(check, arena_printf(arena, "%s.storage", field),
		    recipient->n_storage + recipient->n_access, QUESTION_AREAS_MAX);
	check_areas(check, arena_printf(arena, "%s.storage", field), recipient->storage,
		    recipient->n_storage);
	check_areas(check, arena_printf(arena, "%s.access", field), recipient->access,
		    recipient->n_access);
	if (!protobuf_c_enum_descriptor_get_value(&carnet__v1__access_mode__descriptor,
						  (int)recipient->mode))
		violate(check, arena_printf(arena, "%s.mode", field),
			"no known access mode; see AccessMode in registry.proto");
}

/* As circle_in, by what the request says; question_read knows the data-set's exporter. */
static bool has_passed(const Carnet__V1__CheckRequest *request, size_t at)
{
	const char *party = request->recipients[at]->party;

	if (at && !strcmp(party, request->exporter))
		return true;
	for (size_t i = 0; i < at; i++)
		if (!strcmp(party, request->recipients[i]->party))
			return true;
	return false;
}

static void check_circle(struct check *check, size_t at)
{
	const Carnet__V1__CheckRequest *request = check->request;
	const char *party = request->recipients[at]->party;

	if (at != check->open && *party && has_passed(request, at))
		violate(check, arena_printf(check->arena, "recipients[%zu].party", at),
			arena_printf(check->arena, CIRCLE_TEXT,
				     BYTES_PRINT(bytes_of_string(party))));
}

static void check_recipients(struct check *check)
{
	const Carnet__V1__CheckRequest *request = check->request;

	if (!request->n_recipients)
		violate(check, "recipients", "missing; name at least one party that gets the data");
	check_count(check, "recipients", request->n_recipients, QUESTION_RECIPIENTS_MAX);
	for (size_t i = 0; i < request->n_recipients && i < QUESTION_RECIPIENTS_MAX; i++) {
		check_recipient(check, i);
		check_circle(check, i);
	}
}

static void check_scalar(struct check *check, const char *field, const Carnet__V1__Value *value)
{
	switch (value->value_case) {
	case CARNET__V1__VALUE__VALUE_FLAG:
		return;
	case CARNET__V1__VALUE__VALUE_NUMBER:
		if (value->number > NUMBER_MAX || value->number < -NUMBER_MAX)
			violate(check, field,
				"beyond 2^53; no program keeps such a number exactly");
		return;
	case CARNET__V1__VALUE__VALUE_TEXT:
		check_needed(check, field, value->text, "empty; say a word or leave the fact out");
		return;
	case CARNET__V1__VALUE__VALUE_LIST:
		violate(check, field, "a list within a list; write one flat list");
		return;
	default:
		violate(check, field, "without a value; say one or leave the fact out");
	}
}

static void check_value(struct check *check, const char *field, const Carnet__V1__Value *value)
{
	if (!value) {
		violate(check, field, "without a value; say one or leave the fact out");
		return;
	}
	if (value->value_case != CARNET__V1__VALUE__VALUE_LIST) {
		check_scalar(check, field, value);
		return;
	}
	check_count(check, field, value->list->n_of, QUESTION_VALUES_MAX);
	for (size_t i = 0; i < value->list->n_of && i < QUESTION_VALUES_MAX; i++)
		check_scalar(check, indexed(check, field, i), value->list->of[i]);
}

static void check_facts(struct check *check)
{
	const Carnet__V1__CheckRequest *request = check->request;

	check_count(check, "facts", request->n_facts, QUESTION_FACTS_MAX);
	for (size_t i = 0; i < request->n_facts && i < QUESTION_FACTS_MAX; i++) {
		const Carnet__V1__Fact *fact = request->facts[i];
		const char *field = indexed(check, "facts", i);

		check_needed(check, field, fact->name, "without a name; say which fact it is");
		check_value(check, field, fact->value);
		for (size_t j = 0; j < i; j++) {
			if (strcmp(fact->name, request->facts[j]->name))
				continue;
			violate(check, field,
				arena_printf(check->arena, "'%s' is stated twice; state it once",
					     fact->name));
			break;
		}
	}
}

static void check_performs(struct check *check)
{
	const Carnet__V1__CheckRequest *request = check->request;

	check_count(check, "performs", request->n_performs, QUESTION_PERFORMS_MAX);
	for (size_t i = 0; i < request->n_performs && i < QUESTION_PERFORMS_MAX; i++) {
		const Carnet__V1__Performance *one = request->performs[i];
		const char *field = indexed(check, "performs", i);

		check_needed(check, field, one->duty, "without a duty; say which one it is");
		if (one->answer != CARNET__V1__ANSWER__ANSWER_YES &&
		    one->answer != CARNET__V1__ANSWER__ANSWER_NO)
			violate(check, field, "neither yes nor no; say one or leave it out");
		for (size_t j = 0; j < i; j++) {
			if (strcmp(one->duty, request->performs[j]->duty))
				continue;
			violate(check, field,
				arena_printf(check->arena, "'%s' is answered twice; answer it once",
					     one->duty));
			break;
		}
	}
}

static void check_time(struct check *check)
{
	const char *text = check->request->as_of;
	struct error error;
	day date;

	if (*text && date_parse(bytes_of_string(text), &date, &error))
		violate(check, "as_of", arena_printf(check->arena, "%s", error.text));
}

/* The later one would count, and nobody would see that the other does not. */
static bool is_given_before(const Carnet__V1__CheckRequest *request, size_t at)
{
	struct record_key key = record_key_of(request->given[at]), before;

	for (size_t i = 0; i < at; i++) {
		before = record_key_of(request->given[i]);
		if (record_key_compare(&before, &key) == 0)
			return true;
	}
	return false;
}

static void check_given(struct check *check)
{
	const Carnet__V1__CheckRequest *request = check->request;

	check_count(check, "given", request->n_given, QUESTION_GIVEN_MAX);
	for (size_t i = 0; i < request->n_given && i < QUESTION_GIVEN_MAX; i++) {
		if (request->given[i]->body_case == CARNET__V1__RECORD__BODY__NOT_SET)
			violate(check, indexed(check, "given", i),
				"a record without a kind; set one of the kinds of Record.body");
		else if (is_given_before(request, i))
			violate(check, indexed(check, "given", i),
				arena_printf(
					check->arena,
					"'%s' is given twice; give one another id, or another from",
					request->given[i]->id));
	}
}

static void check_call(struct check *check)
{
	const Carnet__V1__CheckRequest *request = check->request;

	check_length(check, "request_id", request->request_id, QUESTION_REQUEST_ID_MAX);
	check_length(check, "reference", request->reference, QUESTION_REFERENCE_MAX);
	if (!protobuf_c_enum_descriptor_get_value(&carnet__v1__receipt_form__descriptor,
						  (int)request->receipt))
		violate(check, "receipt", "no known form of receipt; ask for FULL or HANDLE");
}

static int check_all(struct check *check, struct error *error)
{
	const struct question_violations *violations = check->violations;

	check->violations->count = 0;
	check_who(check);
	check_categories(check);
	check_recipients(check);
	check_facts(check);
	check_performs(check);
	check_time(check);
	check_given(check);
	check_call(check);
	if (!violations->count)
		return 0;
	return error_set(error, ERR_INVALID, "%s: %s", violations->of[0].field,
			 violations->of[0].description);
}

int question_check(const Carnet__V1__CheckRequest *request, struct arena *arena,
		   struct question_violations *violations, struct error *error)
{
	struct check check = {request, NONE_OPEN, arena, violations};

	return check_all(&check, error);
}

int question_check_open(const Carnet__V1__CheckRequest *request, struct arena *arena,
			struct question_violations *violations, struct error *error)
{
	struct check check = {request, request->n_recipients - 1, arena, violations};

	return check_all(&check, error);
}
