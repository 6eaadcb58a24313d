#include "client/ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/allocator.h"
#include "text/names.h"

void ask_init(struct ask *ask, struct arena *arena)
{
	*ask = (struct ask){.arena = arena};
	carnet__v1__check_request__init(&ask->request);
}

/* Command lines are short: each addition copies the list. */
static void *extended(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *more = arena_alloc_array(arena, count + 1, size);

	if (count)
		memcpy(more, items, count * size);
	return more;
}

#define EXTEND(ask, items, count) \
	((items) = extended((ask)->arena, (items), (count), sizeof(*(items))), (count)++)

static void *message(struct ask *ask, const ProtobufCMessageDescriptor *descriptor)
{
	return allocator_message(ask->arena, descriptor);
}

static char *copy(struct ask *ask, const char *text)
{
	return arena_string(ask->arena, bytes_of_string(text));
}

static void add_word(struct ask *ask, char ***words, size_t *count, const char *word)
{
	*words = extended(ask->arena, *words, *count, sizeof(**words));
	(*words)[(*count)++] = copy(ask, word);
}

int ask_parse_number(const char *option, const char *text, uint64_t *out, struct error *error)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		return error_set(error, ERR_INVALID, "--%s: '%s' is no number", option, text);
	return 0;
}

static void add_recipient(struct ask *ask, const char *party)
{
	Carnet__V1__Recipient *recipient = message(ask, &carnet__v1__recipient__descriptor);
	size_t at = ask->request.n_recipients;

	recipient->party = copy(ask, party);
	EXTEND(ask, ask->request.recipients, ask->request.n_recipients);
	ask->request.recipients[at] = recipient;
}

/* "remote-access" as YAML writes it. */
static int parse_mode(const char *text, Carnet__V1__AccessMode *out, struct error *error)
{
	const ProtobufCEnumValue *value =
		names_find_value(&carnet__v1__access_mode__descriptor, bytes_of_string(text));

	if (!value || !value->value)
		return error_set(error, ERR_INVALID,
				 "--mode: '%s' is no mode; write storage, remote-access, "
				 "transmission, transit, on-device, direct-collection or "
				 "disclosure-to-authority",
				 text);
	*out = (Carnet__V1__AccessMode)value->value;
	return 0;
}

static int set_once(struct ask *ask, const struct option *option, char **field, struct error *error)
{
	if (**field)
		return error_set(error, ERR_INVALID, "--%s is there twice", option->name);
	*field = copy(ask, option->value);
	return 0;
}

static int add_to_recipient(struct ask *ask, const struct option *option, struct error *error)
{
	Carnet__V1__Recipient *last;

	if (!ask->request.n_recipients)
		return error_set(error, ERR_INVALID, "--%s: first say of whom, with --to PARTY",
				 option->name);
	last = ask->request.recipients[ask->request.n_recipients - 1];
	if (option->id == OPTION_MODE)
		return parse_mode(option->value, &last->mode, error);
	if (option->id == OPTION_ENGAGEMENT)
		return set_once(ask, option, &last->engagement, error);
	if (option->id == OPTION_STORAGE)
		add_word(ask, &last->storage, &last->n_storage, option->value);
	else
		add_word(ask, &last->access, &last->n_access, option->value);
	return 0;
}

static bool is_number(const char *text)
{
	const char *digits = *text == '-' ? text + 1 : text;

	return *digits && strlen(digits) <= 15 && strspn(digits, "0123456789") == strlen(digits) &&
	       (digits[0] != '0' || !digits[1]);
}

/* As a scalar stands in YAML: true, 13, KR. */
static Carnet__V1__Value *scalar(struct ask *ask, const char *text)
{
	Carnet__V1__Value *value = message(ask, &carnet__v1__value__descriptor);

	if (!strcmp(text, "true") || !strcmp(text, "false")) {
		value->value_case = CARNET__V1__VALUE__VALUE_FLAG;
		value->flag = *text == 't';
	} else if (is_number(text)) {
		value->value_case = CARNET__V1__VALUE__VALUE_NUMBER;
		value->number = strtoll(text, NULL, 10);
	} else {
		value->value_case = CARNET__V1__VALUE__VALUE_TEXT;
		value->text = copy(ask, text);
	}
	return value;
}

/* a,b,c */
static Carnet__V1__Value *list(struct ask *ask, struct bytes text)
{
	Carnet__V1__Value *value = message(ask, &carnet__v1__value__descriptor);
	Carnet__V1__Values *values = message(ask, &carnet__v1__values__descriptor);
	struct bytes head;

	value->value_case = CARNET__V1__VALUE__VALUE_LIST;
	value->list = values;
	while (text.data) {
		size_t at = values->n_of;

		text = bytes_cut(text, ',', &head);
		EXTEND(ask, values->of, values->n_of);
		values->of[at] = scalar(ask, arena_string(ask->arena, head));
	}
	return value;
}

static int add_fact(struct ask *ask, const char *text, struct error *error)
{
	const char *equals = strchr(text, '=');
	Carnet__V1__Fact *fact = message(ask, &carnet__v1__fact__descriptor);
	size_t at = ask->request.n_facts;

	if (!equals || equals == text || !equals[1])
		return error_set(error, ERR_INVALID, "--fact '%s': write it as name=value", text);
	fact->name = arena_string(ask->arena, bytes_of(text, (size_t)(equals - text)));
	fact->value = strchr(equals, ',') ? list(ask, bytes_of_string(equals + 1))
					  : scalar(ask, equals + 1);
	EXTEND(ask, ask->request.facts, ask->request.n_facts);
	ask->request.facts[at] = fact;
	return 0;
}

static int add_performance(struct ask *ask, const char *text, struct error *error)
{
	const char *equals = strchr(text, '=');
	size_t size = equals ? (size_t)(equals - text) : strlen(text);
	Carnet__V1__Performance *one = message(ask, &carnet__v1__performance__descriptor);
	size_t at = ask->request.n_performs;

	if (!equals || !strcmp(equals, "=yes"))
		one->answer = CARNET__V1__ANSWER__ANSWER_YES;
	else if (!strcmp(equals, "=no"))
		one->answer = CARNET__V1__ANSWER__ANSWER_NO;
	else
		return error_set(error, ERR_INVALID,
				 "--performs '%s': write it as duty, duty=yes or duty=no", text);
	one->duty = arena_string(ask->arena, bytes_of(text, size));
	EXTEND(ask, ask->request.performs, ask->request.n_performs);
	ask->request.performs[at] = one;
	return 0;
}

static int take(struct ask *ask, const struct option *option, struct error *error)
{
	Carnet__V1__CheckRequest *request = &ask->request;

	switch (option->id) {
	case OPTION_EXPORTER:
		return set_once(ask, option, &request->exporter, error);
	case OPTION_DATA_SET:
		return set_once(ask, option, &request->data_set, error);
	case OPTION_CATEGORY:
		add_word(ask, &request->categories, &request->n_categories, option->value);
		return 0;
	case OPTION_PURPOSE:
		return set_once(ask, option, &request->purpose, error);
	case OPTION_TO:
		add_recipient(ask, option->value);
		return 0;
	case OPTION_FACT:
		return add_fact(ask, option->value, error);
	case OPTION_PERFORMS:
		return add_performance(ask, option->value, error);
	case OPTION_AS_OF:
		return set_once(ask, option, &request->as_of, error);
	case OPTION_KNOWN_AT:
		return ask_parse_number(option->name, option->value, &request->known_at, error);
	case OPTION_REFERENCE:
		return set_once(ask, option, &request->reference, error);
	case OPTION_REQUEST_ID:
		return set_once(ask, option, &request->request_id, error);
	case OPTION_MIN_REVISION:
		return ask_parse_number(option->name, option->value, &request->min_revision, error);
	default:
		return add_to_recipient(ask, option, error);
	}
}

int ask_option(struct ask *ask, const struct option *option, struct error *error)
{
	if (option->id < OPTION_EXPORTER || option->id > OPTION_MIN_REVISION)
		return 0;
	ask->started = true;
	return take(ask, option, error) ? ERR_INVALID : 1;
}

void ask_give(struct ask *ask, Carnet__V1__Record *record)
{
	size_t at = ask->request.n_given;

	EXTEND(ask, ask->request.given, ask->request.n_given);
	ask->request.given[at] = record;
}
