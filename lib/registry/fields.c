#include "registry/fields.h"

#include <string.h>

#include "registry/targets.h"
#include "text/field.h"
#include "text/names.h"
#include "text/source.h"

/* What one field must hold. */
struct rule {
	const ProtobufCMessageDescriptor *message;
	const char *field;
	const struct target *names; /* what its ids name; NULL: no ids */
	const char *required;       /* the cure if it is missing; NULL: it may be */
};

#define RULE(message, field, names, required)                                 \
	{                                                                     \
		&carnet__v1__##message##__descriptor, #field, names, required \
	}

static const struct rule rules[] = {
	RULE(area, kind, NULL, "say country, territory, group or organisation"),
	RULE(area, part_of, &target_area, NULL),
	RULE(membership, group, &target_group, "name the group"),

	RULE(data_category, broader, &target_category, NULL),
	RULE(data_category, tags, &target_tag, NULL),
	RULE(purpose, broader, &target_purpose, NULL),

	RULE(party, area, &target_area, NULL),
	RULE(party, bound_by, NULL, "list the laws that bind it beyond its areas, or write none"),
	RULE(party, sector, &target_sector, NULL),
	RULE(party, supervised_by, &target_supervisor, NULL),
	RULE(party, parent, &target_party, NULL),
	RULE(party, branch_of, &target_party, NULL),
	RULE(party, employee_of, &target_party, NULL),
	RULE(party, is, &target_party_type, NULL),
	RULE(establishment, area, &target_area, "name the area"),
	RULE(bound_by, rulebook, &target_law_or_none, "name the law"),

	RULE(engagement, exporter, &target_party, "name the party that lets the data go"),
	RULE(engagement, importer, &target_party, "name the party that gets it"),
	RULE(engagement, capacity, &target_capacity, NULL),
	RULE(engagement, exporter_role, &target_role, NULL),
	RULE(engagement, importer_role, &target_role, NULL),
	RULE(engagement, keys_holder, &target_key_holder, NULL),
	RULE(engagement, keys_area, &target_area, NULL),
	RULE(engagement, sub_recipients, &target_party, NULL),

	RULE(data_set, exporter, &target_party, "name the party that holds it"),
	RULE(data_set, categories, &target_category, "list what it holds"),
	RULE(data_set, areas, &target_area, NULL),
	RULE(data_set, origin, &target_law_or_none,
	     "list the laws under which the data came, or write none"),
	RULE(data_set, policies, &target_policy_or_none,
	     "list the policies that promise about it, or write none"),
	RULE(data_set, subjects, &target_area, NULL),

	RULE(agreement, exporter, &target_party, "name the party that lets the data go"),
	RULE(agreement, importer, &target_party, "name the party that gets it"),
	RULE(agreement, instrument, &target_instrument, "name the kind of contract"),
	RULE(agreement, addenda, &target_instrument, NULL),
	RULE(agreement, categories, &target_category_or_any, NULL),
	RULE(agreement, purposes, &target_purpose_or_any, NULL),
	RULE(agreement, areas, &target_area_or_any, NULL),
	RULE(agreement, safeguards, &target_measure, NULL),
	RULE(instrument, kind, &target_instrument_kind, "name a term of kind instrument-kind"),
	RULE(module, exporter_role, &target_role, NULL),
	RULE(module, importer_role, &target_role, NULL),
	RULE(window, rulebook, &target_rulebook, "name the law that knows the instrument"),

	RULE(certificate, holder, &target_party, "name the party that holds it"),
	RULE(certificate, scheme, &target_scheme, "name a term of kind scheme"),
	RULE(certificate, role, &target_role, NULL),
	RULE(certificate, covers, &target_coverage_or_any, NULL),
	RULE(finding, by, &target_finder, "name the rulebook whose law speaks"),
	RULE(finding, area, &target_area, "name the area it is about"),
	RULE(finding, says, &target_finding, "name a term of kind finding"),
	RULE(assessment, kind, &target_assessment, "name a term of kind assessment or question"),
	RULE(assessment, by, &target_authority, NULL),
	RULE(assessment, exporter, &target_party, NULL),
	RULE(assessment, importer, &target_party, NULL),
	RULE(assessment, area, &target_area, NULL),
	RULE(assessment, outcome, &target_outcome, NULL),
	RULE(disclosure, exporter, &target_party, "name the party that published it"),
	RULE(disclosure, areas, &target_area, NULL),
	RULE(disclosure, recipients, &target_party, NULL),
	RULE(disclosure, categories, &target_category, NULL),
	RULE(disclosure, purposes, &target_purpose, NULL),
	RULE(disclosure, names, &target_notice_item, NULL),
	RULE(order, by, &target_rulebook, "name the rulebook under which it was made"),
	RULE(order, exporter, &target_party, NULL),
	RULE(order, importer, &target_party, NULL),
	RULE(order, areas, &target_area, NULL),
	RULE(order, categories, &target_category, NULL),

	RULE(rulebook, kind, NULL, "say law or policy"),
	RULE(rulebook, speaks_for, &target_area, NULL),
	RULE(rulebook, applies, NULL, "say when it applies"),
	RULE(rulebook, default, NULL, "say prohibited or permitted"),
	RULE(rulebook, owner, &target_owner, NULL),
	RULE(definition, name, NULL, "name it"),
	RULE(definition, conditions, NULL, "say what must hold"),
	RULE(ground, id, NULL, "give it one, like eu-gdpr/45"),
	RULE(ground, cite, NULL, "cite the article or section"),
	RULE(ground, needs, NULL, "say what must hold; what always permits is a default"),
	RULE(prohibition, id, NULL, "give it one, like eu-gdpr/58-2-j"),
	RULE(prohibition, cite, NULL, "cite the article or section"),
	RULE(prohibition, when, NULL, "say when it prohibits"),
	RULE(duty, owe, &target_duty, "name a term of kind duty"),

	RULE(term, kind, NULL, "say what kind of word it is"),
	RULE(term, owner, &target_owner, NULL),
	RULE(log, origin, NULL, "give the log's origin"),
	RULE(log, key, NULL, "give the log's vkey"),
	RULE(person, identities, NULL, "give a certificate's SPIFFE URI"),
	RULE(identity, uri, NULL, "give a certificate's SPIFFE URI"),
	RULE(signing_key, key, NULL, "give an OpenSSH public key"),

	RULE(expectation, ask, NULL, "ask a question"),
	RULE(expectation, expect, NULL, "say what must come out"),
	RULE(check_request, exporter, &target_party, NULL),
	RULE(check_request, data_set, &target_data_set, NULL),
	RULE(check_request, categories, &target_category, NULL),
	RULE(check_request, purpose, &target_purpose, NULL),
	RULE(check_request, recipients, NULL, "name who would get the data"),
	RULE(recipient, party, &target_party, "name the party"),
	RULE(recipient, storage, &target_area, NULL),
	RULE(recipient, access, &target_area, NULL),
	RULE(fact, name, &target_fact, "name a term of kind fact"),
	RULE(performance, duty, &target_duty, "name a term of kind duty"),
	RULE(expect, duties, &target_duty, NULL),
	RULE(expected_opinion, rulebook, &target_rulebook, "name the rulebook"),
	RULE(expected_opinion, duties, &target_duty, NULL),
};

/* Texts that are days wherever they stand. */
static const char *const dates[] = {"from",       "until",      "reviewed", "review_by",
				    "signed",     "adopted",    "date",     "next_due",
				    "sign_until", "rely_until", "as_of",    "sunset"};

/* Of two days in one message, the second must come after the first. */
static const struct {
	const char *first, *second;
	bool may_equal;
	const char *why;
} pairs[] = {
	{"from", "until", false, "until is the first day that no longer counts"},
	{"from", "sign_until", false, "it is the first day on which it can no longer be signed"},
	{"from", "rely_until", false, "it is the first day on which nobody can rely on it"},
	{"sign_until", "rely_until", true, "what can be signed can be relied on"},
	{"reviewed", "review_by", false, "it is when to look again"},
	{"date", "next_due", false, "it is when to look again"},
	{"adopted", "sunset", false, "it is when the act ends unless it is renewed"},
};

/* One field of one message under check. */
struct field {
	const struct check *check;
	const ProtobufCMessage *message;
	const ProtobufCFieldDescriptor *descriptor;
	size_t count; /* of elements; of a single field, 1 if it says something */
};

static struct field field_of(const struct check *check, const ProtobufCMessage *message,
			     const ProtobufCFieldDescriptor *descriptor)
{
	struct field field = {check, message, descriptor, 0};

	field.count = field_is_repeated(descriptor) ? field_count(message, descriptor)
						    : field_is_set(message, descriptor);
	return field;
}

static size_t index_of(const struct field *field, size_t i)
{
	return field_is_repeated(field->descriptor) ? i : SOURCE_WHOLE;
}

static struct bytes text_of(const struct field *field, size_t i)
{
	return field_string(field_element(field->message, field->descriptor, i));
}

static const struct rule *rule_of(const ProtobufCMessageDescriptor *message, const char *name)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].message == message && strcmp(rules[i].field, name) == 0)
			return &rules[i];
	return NULL;
}

static bool is_lonely(struct bytes word)
{
	return bytes_equal_string(word, "any") || bytes_equal_string(word, "none");
}

static void report_beside(const struct check *check, const ProtobufCMessage *message,
			  const char *field, size_t index, struct bytes word)
{
	check_problem(check, message, field, index,
		      "'%.*s' stands beside others; write it alone, or leave it out",
		      BYTES_PRINT(word));
}

static void check_names(const struct field *field, const struct target *names)
{
	const char *name = field->descriptor->name;

	for (size_t i = 0; i < field->count; i++) {
		struct bytes word = text_of(field, i);
		size_t index = index_of(field, i);

		if (check_word(field->check, field->message, name, index, word, names) &&
		    is_lonely(word) && field->count > 1)
			report_beside(field->check, field->message, name, index, word);
	}
}

static void check_date(const struct field *field)
{
	struct error error;
	day date;

	if (date_parse(text_of(field, 0), &date, &error))
		check_problem(field->check, field->message, field->descriptor->name, SOURCE_WHOLE,
			      "%s", error.text);
}

static bool is_date(const ProtobufCFieldDescriptor *descriptor)
{
	if (descriptor->type != PROTOBUF_C_TYPE_STRING || field_is_repeated(descriptor))
		return false;
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
		if (strcmp(dates[i], descriptor->name) == 0)
			return true;
	return false;
}

/* The day that a field says; false if there is no such field, or no day in it. */
static bool day_in(const ProtobufCMessage *message, const char *name, day *out, struct bytes *text)
{
	const ProtobufCFieldDescriptor *descriptor =
		protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);

	if (!descriptor || !is_date(descriptor))
		return false;
	*text = field_string(field_element(message, descriptor, 0));
	return text->size && date_parse(*text, out, NULL) == 0;
}

static void check_order(const struct check *check, const ProtobufCMessage *message)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		day first, second;
		struct bytes early, late;

		if (!day_in(message, pairs[i].first, &first, &early) ||
		    !day_in(message, pairs[i].second, &second, &late))
			continue;
		if (second < first || (second == first && !pairs[i].may_equal))
			check_problem(check, message, pairs[i].second, SOURCE_WHOLE,
				      "%.*s is %s %s, %.*s; %s", BYTES_PRINT(late),
				      second == first ? "the same day as" : "before",
				      names_kebab(pairs[i].first, check->arena), BYTES_PRINT(early),
				      pairs[i].why);
	}
}

static void check_message(const struct check *check, const ProtobufCMessage *message);

static bool is_walked(const ProtobufCFieldDescriptor *descriptor)
{
	const ProtobufCMessageDescriptor *inner = descriptor->descriptor;

	return descriptor->type == PROTOBUF_C_TYPE_MESSAGE &&
	       inner != &carnet__v1__condition__descriptor &&
	       inner != &carnet__v1__conditions__descriptor &&
	       inner != &carnet__v1__value__descriptor && inner != &carnet__v1__record__descriptor;
}

static void check_inner(const struct field *field)
{
	for (size_t i = 0; i < field->count; i++) {
		struct step step;
		struct check inner = check_into(field->check, &step, field->descriptor->name,
						index_of(field, i));

		check_message(&inner,
			      field_message(field_element(field->message, field->descriptor, i)));
	}
}

static void check_field(const struct field *field)
{
	const char *name = field->descriptor->name;
	const struct rule *rule = rule_of(field->message->descriptor, name);

	if (rule && rule->required && field->count == 0)
		check_problem(field->check, field->message, name, SOURCE_WHOLE, "is missing; %s",
			      rule->required);
	if (field->count == 0)
		return;
	if (is_date(field->descriptor))
		check_date(field);
	if (rule && rule->names)
		check_names(field, rule->names);
	if (is_walked(field->descriptor))
		check_inner(field);
}

static void check_message(const struct check *check, const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;

	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		struct field field = field_of(check, message, &descriptor->fields[i]);

		/* A record's body is checked by itself. */
		if (!field_in_oneof(&descriptor->fields[i]))
			check_field(&field);
	}
	check_order(check, message);
}

/* `bound-by: none` is a list of messages, where `none` must stand alone too. */
static void check_bound_by(const struct check *check)
{
	const Carnet__V1__Party *party = check->slice->record->party;

	for (size_t i = 0; i < party->n_bound_by; i++) {
		struct bytes law = bytes_of_string(party->bound_by[i]->rulebook);

		if (party->n_bound_by > 1 && is_lonely(law))
			report_beside(check, &party->base, "bound_by", i, law);
	}
}

void fields_check(const struct check *check)
{
	check_message(check, &check->slice->record->base);
	check_message(check, record_body(check->slice->record));
	if (check->slice->kind == KIND_PARTY)
		check_bound_by(check);
}
