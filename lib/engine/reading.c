#include "engine/reading.h"

#include "engine/applied.h"
#include "engine/kin.h"

/* ---- What a reading is made of ---- */

struct value reading_value(const struct reading *reading, size_t at)
{
	if (reading->values)
		return reading->values[at];
	if (reading->words)
		return (struct value){.type = VALUE_WORD, .word = reading->words[at]};
	return (struct value){
		.type = reading->type, .word = reading->word, .number = reading->number};
}

struct values reading_values(struct context *context, const struct reading *reading)
{
	struct value *copy = arena_array(context->arena, struct value, reading->count);

	for (size_t i = 0; i < reading->count; i++)
		copy[i] = reading_value(reading, i);
	return (struct values){copy, reading->count};
}

static struct reading unknown(enum value_type type, enum domain domain)
{
	return (struct reading){.type = type, .domain = domain, .open = true};
}

struct reading reading_of_word(enum domain domain, symbol word)
{
	struct reading reading = unknown(VALUE_WORD, domain);

	if (word) {
		reading.word = word;
		reading.count = 1;
		reading.open = false;
	}
	return reading;
}

static struct reading number(enum value_type type, int64_t value)
{
	return (struct reading){.type = type, .number = value, .count = 1};
}

static struct reading answer(unsigned answer)
{
	if (answer == ANSWER_YES || answer == ANSWER_NO)
		return number(VALUE_FLAG, answer == ANSWER_YES);
	return unknown(VALUE_FLAG, DOMAIN_NONE);
}

static struct reading date(day value, day missing)
{
	return value == missing ? unknown(VALUE_DATE, DOMAIN_NONE) : number(VALUE_DATE, value);
}

static struct reading words(enum domain domain, const struct word_list *list, bool open)
{
	return (struct reading){.type = VALUE_WORD,
				.domain = domain,
				.set = true,
				.words = list->items,
				.count = list->count,
				.open = open};
}

static struct reading listed(struct context *context, enum domain domain, struct words list)
{
	struct reading reading = {.type = VALUE_WORD, .domain = domain, .set = true};

	reading.words = world_list_words(context->world, list, &reading.count);
	return reading;
}

/* Says where it comes from; unknown if the field is in dispute there. */
static struct reading from_record(struct reading reading, const struct record *record,
				  enum field field)
{
	if (record->unsettled & FIELD_BIT(field)) {
		reading = unknown(reading.type, reading.domain);
		reading.set = false;
	}
	reading.record = record;
	return reading;
}

/* ---- Facts of the leg and the question ---- */

static struct reading read_today(struct context *context)
{
	struct reading reading = number(VALUE_DATE, context->as_of);

	reading.is_today = true;
	return reading;
}

static struct reading read_tags(struct context *context)
{
	struct word_list tags = {0};
	bool open = false;
	const struct closure *closure;
	struct reading reading;

	if (!context_category(context))
		return unknown(VALUE_WORD, DOMAIN_TERM);
	closure = closure_of(context, RECORD_CATEGORY, context->category);
	for (size_t i = 0; i < closure->firm; i++) {
		const struct world_category *category = (const void *)closure->records[i];
		size_t count;
		const symbol *items;

		if (!category)
			continue;
		open |= (category->record.unsettled & FIELD_BIT(FIELD_IS)) != 0;
		items = world_list_words(context->world, category->tags, &count);
		for (size_t j = 0; j < count && !(category->record.unsettled & FIELD_BIT(FIELD_IS));
		     j++)
			word_list_add(context->arena, &tags, items[j]);
		if (count)
			context_touch(context, &category->record);
	}
	reading = words(DOMAIN_TERM, &tags, open || closure->firm < closure->count);
	return reading;
}

static struct reading read_performs(struct context *context)
{
	struct word_list duties = {0};

	for (size_t i = 0; i < context->question->perform_count; i++)
		if (context->question->performs[i].yes ||
		    (context->applied &&
		     applied_performs(context, context->question->performs[i].duty)))
			word_list_add(context->arena, &duties, context->question->performs[i].duty);
	return words(DOMAIN_TERM, &duties, false);
}

/* ---- Facts of the parties ---- */

static struct reading read_side_words(struct context *context, const struct side *side,
				      const struct side_words *list, enum domain domain)
{
	struct reading reading = words(domain, &list->words, list->open);

	context_note(context, list->change);
	reading.record = &side->party->record;
	return reading;
}

static struct reading read_seat(const struct side *side)
{
	return from_record(reading_of_word(DOMAIN_AREA, side->party->area), &side->party->record,
			   FIELD_AREA);
}

static struct reading read_public_body(const struct side *side)
{
	return from_record(answer(side->party->public_body), &side->party->record,
			   FIELD_PUBLIC_BODY);
}

static struct reading read_sector(const struct side *side)
{
	return from_record(reading_of_word(DOMAIN_TERM, side->party->sector), &side->party->record,
			   FIELD_SECTOR);
}

static struct reading read_party_list(struct context *context, const struct side *side,
				      struct words list, enum domain domain, enum field field)
{
	return from_record(listed(context, domain, list), &side->party->record, field);
}

static struct reading read_same_person(struct context *context)
{
	enum truth same = kin_same_person(context, context->hop->exporter->party,
					  context->hop->importer->party);

	if (same == TRUTH_UNKNOWN)
		return unknown(VALUE_FLAG, DOMAIN_NONE);
	return number(VALUE_FLAG, same == TRUTH_TRUE);
}

static struct reading read_exporter(struct context *context, enum fact fact)
{
	const struct side *side = context->hop->exporter;
	const struct world_party *party = side->party;
	struct reading reading;

	switch (fact) {
	case FACT_EXPORTER_PARTY:
		reading = reading_of_word(DOMAIN_PARTY, party->record.id);
		reading.record = &party->record;
		return reading;
	case FACT_EXPORTER_AREAS:
		return read_side_words(context, side, &side->areas, DOMAIN_AREA);
	case FACT_EXPORTER_BOUND_BY:
		return read_side_words(context, side, &side->bound_by, DOMAIN_RULEBOOK);
	case FACT_EXPORTER_PUBLIC_BODY:
		return read_public_body(side);
	case FACT_EXPORTER_SECTOR:
		return read_sector(side);
	default:
		return read_party_list(context, side, party->is, DOMAIN_TERM, FIELD_IS);
	}
}

static struct reading read_importer(struct context *context, enum fact fact)
{
	const struct side *side = context->hop->importer;
	const struct world_party *party = side->party;
	struct reading reading;

	switch (fact) {
	case FACT_IMPORTER_PARTY:
		reading = reading_of_word(DOMAIN_PARTY, party->record.id);
		reading.record = &party->record;
		return reading;
	case FACT_IMPORTER_AREA:
		return read_seat(side);
	case FACT_IMPORTER_AREAS:
		return read_side_words(context, side, &side->areas, DOMAIN_AREA);
	case FACT_IMPORTER_IS:
		return read_party_list(context, side, party->is, DOMAIN_TERM, FIELD_IS);
	case FACT_IMPORTER_BOUND_BY:
		return read_side_words(context, side, &side->bound_by, DOMAIN_RULEBOOK);
	case FACT_IMPORTER_PUBLIC_BODY:
		return read_public_body(side);
	case FACT_IMPORTER_SECTOR:
		return read_sector(side);
	case FACT_IMPORTER_SUPERVISED_BY:
		return read_party_list(context, side, party->supervised_by, DOMAIN_AUTHORITY,
				       FIELD_SUPERVISED_BY);
	default:
		return read_same_person(context);
	}
}

/* ---- Facts of the engagement ---- */

struct engagement_fact {
	enum field field;
	enum value_type type;
	enum domain domain;
};

static struct engagement_fact engagement_fact(enum fact fact)
{
	switch (fact) {
	case FACT_ENGAGEMENT_EXPORTER_ROLE:
		return (struct engagement_fact){FIELD_EXPORTER_ROLE, VALUE_WORD, DOMAIN_TERM};
	case FACT_ENGAGEMENT_IMPORTER_ROLE:
		return (struct engagement_fact){FIELD_IMPORTER_ROLE, VALUE_WORD, DOMAIN_TERM};
	case FACT_ENGAGEMENT_CAPACITY:
		return (struct engagement_fact){FIELD_CAPACITY, VALUE_WORD, DOMAIN_TERM};
	case FACT_ENGAGEMENT_PROVIDER_HANDLES_DATA:
		return (struct engagement_fact){FIELD_PROVIDER_HANDLES_DATA, VALUE_FLAG, 0};
	case FACT_KEYS_HOLDER:
		return (struct engagement_fact){FIELD_KEYS_HOLDER, VALUE_WORD, DOMAIN_KEY_HOLDER};
	case FACT_KEYS_AREA:
		return (struct engagement_fact){FIELD_KEYS_AREA, VALUE_WORD, DOMAIN_AREA};
	default:
		return (struct engagement_fact){FIELD_KEYS_SHARED_CONTROL, VALUE_FLAG, 0};
	}
}

static struct reading read_engagement_field(const struct world_engagement *engagement,
					    enum field field)
{
	switch (field) {
	case FIELD_EXPORTER_ROLE:
		return reading_of_word(DOMAIN_TERM, engagement->exporter_role);
	case FIELD_IMPORTER_ROLE:
		return reading_of_word(DOMAIN_TERM, engagement->importer_role);
	case FIELD_CAPACITY:
		return reading_of_word(DOMAIN_TERM, engagement->capacity);
	case FIELD_PROVIDER_HANDLES_DATA:
		return answer(engagement->provider_handles_data);
	case FIELD_KEYS_HOLDER:
		return reading_of_word(DOMAIN_KEY_HOLDER, engagement->keys_holder);
	case FIELD_KEYS_AREA:
		return reading_of_word(DOMAIN_AREA, engagement->keys_area);
	default:
		return answer(engagement->keys_shared_control);
	}
}

static bool is_same(const struct reading *a, const struct reading *b)
{
	return a->count == b->count && a->word == b->word && a->number == b->number;
}

/* Of which engagement the question speaks nobody said, if there are several: what they do
 * not all say alike is unknown. */
static struct reading read_engagement(struct context *context, enum fact fact)
{
	struct engagement_fact about = engagement_fact(fact);
	const struct engagement_list *list = &context->hop->engagements;
	struct reading reading = unknown(about.type, about.domain);

	context_note(context, context->hop->engagements_change);
	for (size_t i = 0; i < list->count; i++) {
		const struct world_engagement *engagement = list->items[i];
		struct reading next = from_record(read_engagement_field(engagement, about.field),
						  &engagement->record, about.field);

		if (i && !is_same(&reading, &next)) {
			next = unknown(about.type, about.domain);
			next.record = reading.record;
			return next;
		}
		if (!i)
			reading = next;
	}
	return reading;
}

/* ---- Facts of the data ---- */

static struct reading read_origin(struct context *context)
{
	const struct hop *hop = context->hop;
	struct reading reading = words(DOMAIN_RULEBOOK, &hop->origin, context->origin_open);

	reading.maybe = hop->origin_maybe.items;
	reading.maybe_count = hop->origin_maybe.count;
	reading.record = context->data_set ? &context->data_set->record : NULL;
	return reading;
}

static struct reading read_policies(struct context *context)
{
	const struct world_data_set *data_set = context->data_set;
	struct reading reading = {.type = VALUE_WORD,
				  .domain = DOMAIN_RULEBOOK,
				  .set = true,
				  .maybe = context->policies_maybe.items,
				  .maybe_count = context->policies_maybe.count,
				  .open = context->policies_open};

	if (data_set)
		return from_record(listed(context, DOMAIN_RULEBOOK, data_set->policies),
				   &data_set->record, FIELD_POLICIES);
	return reading;
}

static struct reading read_subjects(struct context *context, const struct world_data_set *data_set)
{
	struct reading reading = listed(context, DOMAIN_AREA, data_set->subjects);

	reading.open = reading.count == 0;
	return from_record(reading, &data_set->record, FIELD_SUBJECTS);
}

static struct reading read_data_set(struct context *context, enum fact fact)
{
	const struct world_data_set *data_set = context->data_set;
	const struct shape *shape = fact_shape(fact);
	struct reading reading;

	if (!data_set)
		return unknown(shape->type, shape->domain);
	switch (fact) {
	case FACT_DATA_KEY:
		return from_record(answer(data_set->key), &data_set->record, FIELD_KEY);
	case FACT_DATA_LOCAL_COPY:
		return from_record(answer(data_set->local_copy), &data_set->record,
				   FIELD_LOCAL_COPY);
	case FACT_DATA_SUBJECTS:
		return read_subjects(context, data_set);
	default:
		reading = reading_of_word(DOMAIN_RECORD, data_set->record.id);
		reading.record = &data_set->record;
		return reading;
	}
}

/* ---- What the caller says ---- */

static enum domain term_domain(enum term_type type)
{
	switch (type) {
	case TERM_AREA:
		return DOMAIN_AREA;
	case TERM_PARTY:
		return DOMAIN_PARTY;
	case TERM_CATEGORY:
		return DOMAIN_CATEGORY;
	case TERM_WORD:
	case TERM_WORDS:
		return DOMAIN_TERM;
	default:
		return DOMAIN_NONE;
	}
}

static enum value_type term_value(enum term_type type)
{
	switch (type) {
	case TERM_FLAG:
		return VALUE_FLAG;
	case TERM_NUMBER:
		return VALUE_NUMBER;
	case TERM_DATE:
		return VALUE_DATE;
	default:
		return VALUE_WORD;
	}
}

static const struct stated_fact *find_stated(const struct question *question, symbol name)
{
	for (size_t i = 0; i < question->fact_count; i++)
		if (question->facts[i].name == name)
			return &question->facts[i];
	return NULL;
}

static struct reading read_stated(struct context *context, const struct world_term *term,
				  const struct stated_fact *fact)
{
	if (context->trace)
		word_list_add(context->arena, &context->trace->asserted, fact->name);
	return (struct reading){.type = term_value(term->type),
				.domain = term_domain(term->type),
				.set = term->type == TERM_WORDS || fact->values.count != 1,
				.values = fact->values.items,
				.count = fact->values.count,
				.is_stated = true,
				.record = &term->record};
}

/* Silence that counts as no: a flag is false, anything else the empty set. */
static struct reading read_silence(const struct world_term *term)
{
	struct reading reading = unknown(term_value(term->type), term_domain(term->type));

	if (term->silence_is_no) {
		reading.open = false;
		if (term->type == TERM_FLAG)
			reading.count = 1;
		else
			reading.set = true;
	}
	reading.record = &term->record;
	return reading;
}

static struct reading read_term(struct context *context, symbol name)
{
	const struct world_term *term = context_get(context, RECORD_TERM, name);
	const struct stated_fact *fact;

	if (!term || !term->by_caller)
		return unknown(VALUE_NONE, DOMAIN_NONE);
	fact = find_stated(context->question, name);
	return fact ? read_stated(context, term, fact) : read_silence(term);
}

/* ---- All facts ---- */

static struct reading read_fact(struct context *context, struct fact_reference reference)
{
	switch (reference.fact) {
	case FACT_NONE:
		return unknown(VALUE_NONE, DOMAIN_NONE);
	case FACT_TERM:
		return read_term(context, reference.term);
	case FACT_AS_OF:
		return read_today(context);
	case FACT_LEG_AREA:
		return reading_of_word(DOMAIN_AREA, context_area(context));
	case FACT_LEG_CATEGORY:
		return reading_of_word(DOMAIN_CATEGORY, context_category(context));
	case FACT_LEG_PURPOSE:
		return reading_of_word(DOMAIN_PURPOSE, context->question->purpose.id);
	case FACT_LEG_TAGS:
		return read_tags(context);
	case FACT_ACCESS_MODE:
		return reading_of_word(DOMAIN_MODE,
				       world_mode_word(context->world, context->hop->mode));
	case FACT_DATA_CATEGORIES:
		return words(DOMAIN_CATEGORY, &context->categories, context->categories.count == 0);
	case FACT_DATA_ORIGIN:
		return read_origin(context);
	case FACT_DATA_POLICIES:
		return read_policies(context);
	case FACT_PERFORMS:
		return read_performs(context);
	default:
		break;
	}
	if (reference.fact >= FACT_DATA_SET)
		return read_data_set(context, reference.fact);
	if (reference.fact >= FACT_ENGAGEMENT_EXPORTER_ROLE)
		return read_engagement(context, reference.fact);
	if (reference.fact >= FACT_IMPORTER_PARTY)
		return read_importer(context, reference.fact);
	return read_exporter(context, reference.fact);
}

struct reading reading_of_fact(struct context *context, struct fact_reference fact)
{
	struct reading reading = read_fact(context, fact);

	reading.name = fact.fact == FACT_TERM ? fact.term : context->world->fact_names[fact.fact];
	if (context->applied)
		applied_change(context, fact, &reading);
	context_touch(context, reading.record);
	return reading;
}

/* ---- Fields of records ---- */

static struct reading read_modes(struct context *context, const struct world_agreement *agreement)
{
	struct word_list modes = {0};

	if (agreement->any_mode)
		word_list_add(context->arena, &modes, context->world->any);
	for (unsigned mode = ACCESS_STORAGE; mode < ACCESS_MODE_COUNT; mode++)
		if (agreement->modes & 1u << mode)
			word_list_add(context->arena, &modes, context->world->modes[mode]);
	return words(DOMAIN_MODE, &modes, false);
}

static struct reading read_agreement(struct context *context,
				     const struct world_agreement *agreement, enum field field)
{
	switch (field) {
	case FIELD_INSTRUMENT:
		return reading_of_word(DOMAIN_INSTRUMENT, agreement->instrument);
	case FIELD_MODULE:
		return reading_of_word(DOMAIN_MODULE, agreement->module);
	case FIELD_ADDENDA:
		return listed(context, DOMAIN_INSTRUMENT, agreement->addenda);
	case FIELD_SIGNED:
		return date(agreement->signed_on, DAY_MAX);
	case FIELD_ANNEXES_COMPLETE:
		return answer(agreement->annexes_complete);
	case FIELD_CATEGORIES:
		return listed(context, DOMAIN_CATEGORY, agreement->categories);
	case FIELD_PURPOSES:
		return listed(context, DOMAIN_PURPOSE, agreement->purposes);
	case FIELD_AREAS:
		return listed(context, DOMAIN_AREA, agreement->areas);
	case FIELD_MODES:
		return read_modes(context, agreement);
	case FIELD_SAFEGUARDS:
		return listed(context, DOMAIN_TERM, agreement->safeguards);
	case FIELD_APPROVED:
		return answer(agreement->approved);
	default:
		return answer(agreement->unchanged);
	}
}

static struct reading read_certificate(struct context *context,
				       const struct world_certificate *certificate,
				       enum field field)
{
	switch (field) {
	case FIELD_HOLDER:
		return reading_of_word(DOMAIN_PARTY, certificate->holder);
	case FIELD_SCHEME:
		return reading_of_word(DOMAIN_TERM, certificate->scheme);
	case FIELD_ROLE:
		return reading_of_word(DOMAIN_TERM, certificate->role);
	case FIELD_COVERS:
		return listed(context, DOMAIN_COVERAGE, certificate->covers);
	case FIELD_STATUS:
		return reading_of_word(DOMAIN_STATUS,
				       world_status_word(context->world, certificate->status));
	default:
		return date(certificate->next_due, DAY_MAX);
	}
}

static struct reading read_finding(const struct world_finding *finding, enum field field)
{
	switch (field) {
	case FIELD_BY:
		return reading_of_word(DOMAIN_AUTHORITY, finding->by);
	case FIELD_AREA:
		return reading_of_word(DOMAIN_AREA, finding->area);
	default:
		return reading_of_word(DOMAIN_TERM, finding->says);
	}
}

static struct reading read_assessment(const struct world_assessment *assessment, enum field field)
{
	switch (field) {
	case FIELD_KIND:
		return reading_of_word(DOMAIN_TERM, assessment->kind);
	case FIELD_BY:
		return reading_of_word(DOMAIN_AUTHORITY, assessment->by);
	case FIELD_EXPORTER:
		return reading_of_word(DOMAIN_PARTY, assessment->exporter);
	case FIELD_IMPORTER:
		return reading_of_word(DOMAIN_PARTY, assessment->importer);
	case FIELD_AREA:
		return reading_of_word(DOMAIN_AREA, assessment->area);
	case FIELD_OUTCOME:
		return reading_of_word(DOMAIN_TERM, assessment->outcome);
	case FIELD_DATE:
		return date(assessment->date, DAY_MIN);
	default:
		return date(assessment->next_due, DAY_MAX);
	}
}

static struct reading read_disclosure(struct context *context,
				      const struct world_disclosure *disclosure, enum field field)
{
	switch (field) {
	case FIELD_AREAS:
		return listed(context, DOMAIN_AREA, disclosure->areas);
	case FIELD_RECIPIENTS:
		return listed(context, DOMAIN_PARTY, disclosure->recipients);
	case FIELD_CATEGORIES:
		return listed(context, DOMAIN_CATEGORY, disclosure->categories);
	case FIELD_PURPOSES:
		return listed(context, DOMAIN_PURPOSE, disclosure->purposes);
	default:
		return listed(context, DOMAIN_TERM, disclosure->names);
	}
}

static struct reading read_order(struct context *context, const struct world_order *order,
				 enum field field)
{
	switch (field) {
	case FIELD_BY:
		return reading_of_word(DOMAIN_AUTHORITY, order->by);
	case FIELD_EXPORTER:
		return reading_of_word(DOMAIN_PARTY, order->exporter);
	case FIELD_IMPORTER:
		return reading_of_word(DOMAIN_PARTY, order->importer);
	case FIELD_AREAS:
		return listed(context, DOMAIN_AREA, order->areas);
	default:
		return listed(context, DOMAIN_CATEGORY, order->categories);
	}
}

struct reading reading_of_field(struct context *context, const struct record *record,
				enum field field)
{
	const struct shape *shape = field_shape((enum record_kind)record->kind, field);
	const void *body = record;

	if (!shape || !shape->testable)
		return unknown(VALUE_NONE, DOMAIN_NONE);
	if (field == FIELD_ID)
		return reading_of_word(DOMAIN_RECORD, record->id);
	switch (record->kind) {
	case RECORD_AGREEMENT:
		return from_record(read_agreement(context, body, field), record, field);
	case RECORD_CERTIFICATE:
		return from_record(read_certificate(context, body, field), record, field);
	case RECORD_FINDING:
		return from_record(read_finding(body, field), record, field);
	case RECORD_ASSESSMENT:
		return from_record(read_assessment(body, field), record, field);
	case RECORD_DISCLOSURE:
		return from_record(read_disclosure(context, body, field), record, field);
	default:
		return from_record(read_order(context, body, field), record, field);
	}
}
