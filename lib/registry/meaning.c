#include "registry/meaning.h"

#include <string.h>

#include "registry/targets.h"
#include "text/names.h"
#include "text/source.h"
#include "text/suggest.h"

/* Which terms a fact or field of the engine holds, where it holds terms. */
static const struct {
	enum fact fact;
	const struct target *names;
} fact_terms[] = {
	{FACT_LEG_TAGS, &target_tag},
	{FACT_EXPORTER_SECTOR, &target_sector},
	{FACT_EXPORTER_IS, &target_party_type},
	{FACT_IMPORTER_SECTOR, &target_sector},
	{FACT_IMPORTER_IS, &target_party_type},
	{FACT_ENGAGEMENT_EXPORTER_ROLE, &target_role},
	{FACT_ENGAGEMENT_IMPORTER_ROLE, &target_role},
	{FACT_ENGAGEMENT_CAPACITY, &target_capacity},
	{FACT_DATA_SET, &target_data_set},
	{FACT_PERFORMS, &target_duty},
};

static const struct {
	enum field field;
	const struct target *names;
} field_terms[] = {
	{FIELD_KIND, &target_assessment},    {FIELD_NAMES, &target_notice_item},
	{FIELD_OUTCOME, &target_outcome},    {FIELD_ROLE, &target_role},
	{FIELD_SAFEGUARDS, &target_measure}, {FIELD_SAYS, &target_finding},
	{FIELD_SCHEME, &target_scheme},
};

static const struct target *target_of(enum domain domain)
{
	switch (domain) {
	case DOMAIN_TERM:
		return &target_term;
	case DOMAIN_AREA:
		return &target_area;
	case DOMAIN_CATEGORY:
		return &target_category;
	case DOMAIN_PURPOSE:
		return &target_purpose;
	case DOMAIN_PARTY:
		return &target_party;
	case DOMAIN_RULEBOOK:
		return &target_rulebook;
	case DOMAIN_INSTRUMENT:
		return &target_instrument;
	case DOMAIN_KEY_HOLDER:
		return &target_key_holder;
	case DOMAIN_COVERAGE:
		return &target_coverage;
	case DOMAIN_AUTHORITY:
		return &target_authority;
	default: /* words of their own */
		return NULL;
	}
}

static void fill(struct meaning *out, enum value_type type, enum domain domain, bool set)
{
	const struct target *names = type == VALUE_WORD ? target_of(domain) : NULL;

	*out = (struct meaning){.type = type, .domain = domain, .set = set};
	if (names)
		out->names = *names;
}

/* The type and domain of a caller's term. */
static void fill_term(struct meaning *out, const Carnet__V1__Term *term)
{
	static const struct {
		enum value_type type;
		enum domain domain;
		bool set;
	} types[] = {
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_UNSPECIFIED] = {VALUE_NONE, DOMAIN_NONE, false},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_FLAG] = {VALUE_FLAG, DOMAIN_NONE, false},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_NUMBER] = {VALUE_NUMBER, DOMAIN_NONE, false},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_DATE] = {VALUE_DATE, DOMAIN_NONE, false},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_WORD] = {VALUE_WORD, DOMAIN_TERM, false},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_WORDS] = {VALUE_WORD, DOMAIN_TERM, true},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_AREA] = {VALUE_WORD, DOMAIN_AREA, false},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_PARTY] = {VALUE_WORD, DOMAIN_PARTY, false},
		[CARNET__V1__VALUE_TYPE__VALUE_TYPE_CATEGORY] = {VALUE_WORD, DOMAIN_CATEGORY,
								 false},
	};
	size_t type = (size_t)term->type < sizeof(types) / sizeof(*types) ? (size_t)term->type : 0;

	fill(out, types[type].type, types[type].domain, types[type].set);
	out->term = term;
	if (out->domain == DOMAIN_TERM && term->of)
		out->names.terms = CHECK_BIT(term->of);
}

bool meaning_of_fact(const struct check *check, struct bytes name, struct meaning *out)
{
	enum fact fact = fact_find(name);
	const Carnet__V1__Record *record;

	if (fact == FACT_NONE) {
		record = check_find(check, KIND_TERM, name);
		if (!record || record->term->kind != CARNET__V1__TERM_KIND__TERM_KIND_FACT)
			return false;
		fill_term(out, record->term);
		return true;
	}
	fill(out, fact_shape(fact)->type, fact_shape(fact)->domain, fact_shape(fact)->set);
	for (size_t i = 0; i < sizeof(fact_terms) / sizeof(*fact_terms); i++)
		if (fact_terms[i].fact == fact)
			out->names = *fact_terms[i].names;
	return true;
}

bool meaning_of_field(enum record_kind kind, struct bytes name, struct meaning *out)
{
	enum field field = field_find(kind, name);
	const struct shape *shape = field_shape(kind, field);

	if (field == FIELD_NONE || !shape->testable)
		return false;
	fill(out, shape->type, shape->domain, shape->set);
	for (size_t i = 0; i < sizeof(field_terms) / sizeof(*field_terms); i++)
		if (field_terms[i].field == field)
			out->names = *field_terms[i].names;
	if (field == FIELD_ID)
		out->names = (struct target){
			.name = record_kind_name(kind),
			.kinds = CHECK_BIT(kind_named(bytes_of_string(record_kind_name(kind))))};
	return true;
}

static const char *suggestion_text(const struct check *check, const struct suggestion *suggestion,
				   const char *otherwise)
{
	char text[SUGGEST_TEXT_SIZE];

	if (!suggestion->best.size)
		return otherwise;
	return arena_string(check->arena, bytes_of_string(suggest_text(suggestion, text)));
}

const char *meaning_suggest_fact(const struct check *check, struct bytes name)
{
	struct suggestion suggestion = suggest_for(name);
	size_t count;
	const struct record_slice *const *terms = record_set_kind(check->set, KIND_TERM, &count);

	for (int fact = FACT_AS_OF; fact < FACT_COUNT; fact++)
		suggest_offer(&suggestion, bytes_of_string(fact_shape((enum fact)fact)->name));
	for (size_t i = 0; i < count; i++)
		if (terms[i]->record->term->kind == CARNET__V1__TERM_KIND__TERM_KIND_FACT)
			suggest_offer(&suggestion, bytes_of_string(terms[i]->record->id));
	return suggestion_text(check, &suggestion, "; register it as a term of kind fact");
}

const char *meaning_suggest_field(const struct check *check, enum record_kind kind,
				  struct bytes name)
{
	struct suggestion suggestion = suggest_for(name);
	struct buffer all = {0};
	const char *text;

	for (int field = FIELD_ID; field < FIELD_COUNT; field++) {
		const struct shape *shape = field_shape(kind, (enum field)field);

		if (!shape || !shape->testable)
			continue;
		suggest_offer(&suggestion, bytes_of_string(shape->name));
		buffer_printf(&all, "%s%s", all.size ? ", " : "; test one of: ", shape->name);
	}
	text = suggestion_text(check, &suggestion, arena_string(check->arena, buffer_bytes(&all)));
	buffer_release(&all);
	return text;
}

/* ---- Values ---- */

static const char *describe(const Carnet__V1__Value *value, struct arena *arena)
{
	switch (value->value_case) {
	case CARNET__V1__VALUE__VALUE_FLAG:
		return value->flag ? "true" : "false";
	case CARNET__V1__VALUE__VALUE_NUMBER:
		return arena_printf(arena, "%lld", (long long)value->number);
	case CARNET__V1__VALUE__VALUE_TEXT:
		return node_quote(bytes_of_string(value->text), arena);
	case CARNET__V1__VALUE__VALUE_LIST:
		return "a list in a list";
	default:
		return "nothing";
	}
}

/* The words of an enum: access modes, a certificate's status. */
static const char *check_enum(const ProtobufCEnumDescriptor *descriptor, struct bytes word,
			      const struct check *check)
{
	const ProtobufCEnumValue *value = names_find_value(descriptor, word);
	struct suggestion suggestion = suggest_for(word);

	/* The engine compares the word as YAML writes it. */
	if (value && value->value &&
	    bytes_equal_string(word,
			       names_kebab(names_value(descriptor, value->value), check->arena)))
		return NULL;
	for (unsigned i = 1; i < descriptor->n_values; i++)
		suggest_offer(&suggestion,
			      bytes_of_string(names_kebab(
				      names_value(descriptor, descriptor->values[i].value),
				      check->arena)));
	return suggestion_text(check, &suggestion, "; see docs/DECISIONS.md for its words");
}

static const char *check_module(struct bytes word, const struct check *check)
{
	struct suggestion suggestion = suggest_for(word);
	size_t count;
	const struct record_slice *const *slices =
		record_set_kind(check->set, KIND_INSTRUMENT, &count);

	for (size_t i = 0; i < count; i++) {
		const Carnet__V1__Instrument *instrument = slices[i]->record->instrument;

		for (size_t j = 0; j < instrument->n_modules; j++) {
			if (bytes_equal_string(word, instrument->modules[j]->module))
				return NULL;
			suggest_offer(&suggestion, bytes_of_string(instrument->modules[j]->module));
		}
	}
	return suggestion_text(check, &suggestion, "; register it with its instrument");
}

/* NULL if a word that is no id is right, else what to write. */
static const char *check_own_word(const struct check *check, enum domain domain, struct bytes word)
{
	switch (domain) {
	case DOMAIN_MODE:
		return check_enum(&carnet__v1__access_mode__descriptor, word, check);
	case DOMAIN_STATUS:
		return check_enum(&carnet__v1__certificate_status__descriptor, word, check);
	case DOMAIN_MODULE:
		return check_module(word, check);
	default:
		return NULL;
	}
}

static const char *wanted_for(const struct meaning *meaning)
{
	static const char *const names[] = {
		[VALUE_NONE] = "a term that says its type",
		[VALUE_FLAG] = "true or false",
		[VALUE_NUMBER] = "a number",
		[VALUE_DATE] = "a date, YYYY-MM-DD",
		[VALUE_WORD] = "a word; put it in quotes if it looks like a number",
	};

	return names[meaning->type];
}

bool meaning_has_type(const Carnet__V1__Value *value, enum value_type type)
{
	day date;

	switch (type) {
	case VALUE_FLAG:
		return value->value_case == CARNET__V1__VALUE__VALUE_FLAG;
	case VALUE_NUMBER:
		return value->value_case == CARNET__V1__VALUE__VALUE_NUMBER;
	case VALUE_DATE:
		return value->value_case == CARNET__V1__VALUE__VALUE_TEXT &&
		       date_parse(bytes_of_string(value->text), &date, NULL) == 0;
	case VALUE_WORD:
		return value->value_case == CARNET__V1__VALUE__VALUE_TEXT;
	default:
		return false;
	}
}

bool meaning_check_value(const struct check *check, const ProtobufCMessage *message,
			 const char *field, size_t index, const Carnet__V1__Value *value,
			 const struct meaning *meaning)
{
	const char *cure;

	if (!meaning_has_type(value, meaning->type)) {
		check_problem(check, message, field, index, "is %s; it must be %s",
			      describe(value, check->arena), wanted_for(meaning));
		return false;
	}
	if (meaning->type != VALUE_WORD)
		return true;
	if (meaning->names.kinds)
		return check_word(check, message, field, index, bytes_of_string(value->text),
				  &meaning->names);
	cure = check_own_word(check, meaning->domain, bytes_of_string(value->text));
	if (cure)
		check_problem(check, message, field, index, "%s is no such word%s",
			      describe(value, check->arena), cure);
	return !cure;
}
