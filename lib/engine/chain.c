#include "engine/chain.h"

#include "engine/candidate.h"

/* ---- Words that nobody registered ---- */

struct check {
	struct context *context;
	struct reason_list reasons;
};

static const struct record *look_up(struct check *check, struct word word, enum record_kind kind)
{
	return word.id ? context_get(check->context, kind, word.id) : NULL;
}

static void complain(struct check *check, enum reason_code code, struct bytes text,
		     const char *field)
{
	list_push(check->context->arena, &check->reasons,
		  ((struct reason){.code = code, .text = text, .field = bytes_of_string(field)}));
}

static void check_words(struct check *check, const struct word *words, size_t count,
			enum record_kind kind, enum reason_code code, const char *list)
{
	for (size_t i = 0; i < count; i++)
		if (!look_up(check, words[i], kind))
			complain(check, code, words[i].text,
				 arena_printf(check->context->arena, "%s[%zu]", list, i));
}

static bool is_said(struct word word)
{
	return word.id != SYMBOL_NONE || word.text.size > 0;
}

static symbol exporter_of_hop(const struct context *context, size_t at)
{
	const struct question *question = context->question;

	if (at)
		return question->recipients[at - 1].party.id;
	if (question->exporter.id || !context->data_set)
		return question->exporter.id;
	return context->data_set->exporter;
}

/* One in force of the two parties of the hop. */
static bool has_engagement(struct check *check, size_t at)
{
	struct context *context = check->context;
	const struct recipient *recipient = &context->question->recipients[at];
	struct numbers found = index_find(&context->world->index[RECORD_ENGAGEMENT],
					  exporter_of_hop(context, at), recipient->party.id);
	bool has = false;

	for (size_t i = 0; i < found.count; i++) {
		const struct record *record =
			table_at(context->world, RECORD_ENGAGEMENT, found.items[i]);

		if (record->id != recipient->engagement.id ||
		    !record_is_known(record, context->known_at))
			continue;
		context_note_record(context, record);
		has = has || record_is_valid(record, context->as_of);
	}
	return has;
}

static void check_recipient(struct check *check, size_t at)
{
	const struct recipient *recipient = &check->context->question->recipients[at];
	struct arena *arena = check->context->arena;

	if (!look_up(check, recipient->party, RECORD_PARTY))
		complain(check, REASON_UNKNOWN_PARTY, recipient->party.text,
			 arena_printf(arena, "recipients[%zu].party", at));
	if (recipient->storage_count)
		check_words(check, recipient->storage, recipient->storage_count, RECORD_AREA,
			    REASON_UNKNOWN_AREA,
			    arena_printf(arena, "recipients[%zu].storage", at));
	if (recipient->access_count)
		check_words(check, recipient->access, recipient->access_count, RECORD_AREA,
			    REASON_UNKNOWN_AREA, arena_printf(arena, "recipients[%zu].access", at));
	if (is_said(recipient->engagement) && !has_engagement(check, at))
		complain(check, REASON_UNKNOWN_WORD, recipient->engagement.text,
			 arena_printf(arena, "recipients[%zu].engagement", at));
}

static void check_data_set(struct check *check)
{
	const struct question *question = check->context->question;

	if (!is_said(question->data_set))
		return;
	check->context->data_set =
		(const void *)look_up(check, question->data_set, RECORD_DATA_SET);
	if (!check->context->data_set)
		complain(check, REASON_UNKNOWN_DATA_SET, question->data_set.text, "data_set");
}

/* Not said: the data-set's; that fails with the data-set, which is told already. */
static void check_exporter(struct check *check)
{
	const struct question *question = check->context->question;
	struct word exporter = question->exporter;

	if (!is_said(exporter)) {
		if (is_said(question->data_set) && !check->context->data_set)
			return;
		exporter.id =
			check->context->data_set ? check->context->data_set->exporter : SYMBOL_NONE;
	}
	if (!look_up(check, exporter, RECORD_PARTY))
		complain(check, REASON_UNKNOWN_PARTY, exporter.text, "exporter");
}

static enum record_kind fact_kind(enum term_type type)
{
	switch (type) {
	case TERM_AREA:
		return RECORD_AREA;
	case TERM_PARTY:
		return RECORD_PARTY;
	case TERM_CATEGORY:
		return RECORD_CATEGORY;
	default:
		return RECORD_NONE;
	}
}

static enum reason_code unknown_of(enum record_kind kind)
{
	switch (kind) {
	case RECORD_AREA:
		return REASON_UNKNOWN_AREA;
	case RECORD_PARTY:
		return REASON_UNKNOWN_PARTY;
	case RECORD_CATEGORY:
		return REASON_UNKNOWN_CATEGORY;
	default:
		return REASON_UNKNOWN_WORD;
	}
}

static void check_fact(struct check *check, const struct stated_fact *fact)
{
	struct context *context = check->context;
	const struct symbols *symbols = world_words(context->world);
	const struct world_term *term = context_get(context, RECORD_TERM, fact->name);
	enum record_kind kind;
	const char *field;
	struct bytes missing;

	if (!term || !term->by_caller)
		return;
	kind = fact_kind(term->type);
	field = arena_printf(context->arena, "facts[%.*s]",
			     BYTES_PRINT(symbols_text(symbols, fact->name)));
	missing = fact->unresolved;
	for (size_t i = 0; i < fact->values.count; i++) {
		struct value value = fact->values.items[i];

		if (value.type != VALUE_WORD || value.word == SYMBOL_NONE)
			continue;
		if (!context_get(context, kind ? kind : RECORD_TERM, value.word) && kind &&
		    !missing.size)
			missing = symbols_text(symbols, value.word);
	}
	if (missing.size)
		complain(check, unknown_of(kind), missing, field);
}

/* The question's own, else the data-set's; each once. */
static void list_categories(struct context *context)
{
	const struct question *question = context->question;
	const struct world_data_set *data_set = context->data_set;
	size_t count;
	const symbol *words;

	for (size_t i = 0; i < question->category_count; i++)
		word_list_add(context->arena, &context->categories, question->categories[i].id);
	if (question->category_count || !data_set ||
	    data_set->record.unsettled & FIELD_BIT(FIELD_CATEGORIES))
		return;
	words = world_list_words(context->world, data_set->categories, &count);
	for (size_t i = 0; i < count; i++)
		word_list_add(context->arena, &context->categories, words[i]);
}

struct reasons chain_check(struct context *context)
{
	const struct question *question = context->question;
	struct check check = {.context = context};

	check_data_set(&check);
	check_exporter(&check);
	if (question->category_count)
		check_words(&check, question->categories, question->category_count, RECORD_CATEGORY,
			    REASON_UNKNOWN_CATEGORY, "categories");
	if (is_said(question->purpose) && !look_up(&check, question->purpose, RECORD_PURPOSE))
		complain(&check, REASON_UNKNOWN_PURPOSE, question->purpose.text, "purpose");
	for (size_t i = 0; i < question->recipient_count; i++)
		check_recipient(&check, i);
	for (size_t i = 0; i < question->fact_count; i++)
		check_fact(&check, &question->facts[i]);
	list_categories(context);
	return (struct reasons){check.reasons.items, check.reasons.count};
}

/* ---- Parties ---- */

static void earlier(const struct context *context, day *change, day date)
{
	if (date > context->as_of && date < *change)
		*change = date;
}

static void add_dated(struct context *context, struct side_words *list, struct dated_words words)
{
	for (size_t i = 0; i < words.count; i++) {
		const struct dated *dated = &words.items[i];

		earlier(context, &list->change, dated->from);
		earlier(context, &list->change, dated->until);
		if (dated->from <= context->as_of && context->as_of < dated->until)
			word_list_add(context->arena, &list->words, dated->word);
	}
}

static bool is_settled(const struct world_party *party, enum field field)
{
	return !(party->record.unsettled & FIELD_BIT(field));
}

static struct side side_of(struct context *context, symbol id)
{
	struct side side = {.party = context_get(context, RECORD_PARTY, id)};
	const struct world_party *party = side.party;

	side.areas.change = side.bound_by.change = DAY_MAX;
	side.areas.open = !party->area || !is_settled(party, FIELD_AREA) ||
			  !is_settled(party, FIELD_ESTABLISHMENTS);
	side.bound_by.open = !is_settled(party, FIELD_BOUND_BY);
	if (party->area && is_settled(party, FIELD_AREA)) {
		word_list_add(context->arena, &side.areas.words, party->area);
		word_list_add(context->arena, &side.leg_areas, party->area);
	}
	if (is_settled(party, FIELD_ESTABLISHMENTS))
		add_dated(context, &side.areas, party->establishments);
	if (is_settled(party, FIELD_BOUND_BY))
		add_dated(context, &side.bound_by, party->bound_by);
	return side;
}

static void add_areas(struct context *context, struct side *side, const struct word *areas,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		word_list_add(context->arena, &side->areas.words, areas[i].id);
		word_list_add(context->arena, &side->leg_areas, areas[i].id);
	}
}

/* What a recipient says of its areas closes the list that a seat leaves open. */
static struct side side_of_recipient(struct context *context, const struct recipient *recipient)
{
	struct side side = side_of(context, recipient->party.id);

	add_areas(context, &side, recipient->storage, recipient->storage_count);
	add_areas(context, &side, recipient->access, recipient->access_count);
	if (!side.party->area && is_settled(side.party, FIELD_AREA) &&
	    is_settled(side.party, FIELD_ESTABLISHMENTS) &&
	    recipient->storage_count + recipient->access_count)
		side.areas.open = false;
	return side;
}

/* ---- Hops and legs ---- */

static void add_list(struct context *context, struct word_list *to, struct words list)
{
	size_t count;
	const symbol *words = world_list_words(context->world, list, &count);

	for (size_t i = 0; i < count; i++)
		word_list_add(context->arena, to, words[i]);
}

static bool is_disputed(const struct world_data_set *data_set, enum field field)
{
	return data_set->record.unsettled & FIELD_BIT(field);
}

/* Data of no named set may be of any that the exporter holds: what these say of
 * origin and promises may hold for it, and nothing else does. */
static void suppose_of(struct context *context, struct chain *chain,
		       const struct world_data_set *held)
{
	if (is_disputed(held, FIELD_ORIGIN))
		context->origin_open = true;
	else
		add_list(context, &chain->origin_maybe, held->origin);
	if (is_disputed(held, FIELD_POLICIES))
		context->policies_open = true;
	else
		add_list(context, &context->policies_maybe, held->policies);
}

static void suppose(struct context *context, struct chain *chain, symbol exporter)
{
	struct numbers held =
		index_find(&context->world->index[RECORD_DATA_SET], exporter, SYMBOL_NONE);

	for (size_t i = 0; i < held.count; i++) {
		const struct record *record =
			table_at(context->world, RECORD_DATA_SET, held.items[i]);

		if (!record_is_known(record, context->known_at))
			continue;
		context_note_record(context, record);
		if (record_is_valid(record, context->as_of))
			suppose_of(context, chain, (const void *)record);
	}
}

static void trace_origin(struct context *context, struct chain *chain, symbol exporter)
{
	const struct world_data_set *data_set = context->data_set;

	if (!data_set)
		suppose(context, chain, exporter);
	else if (is_disputed(data_set, FIELD_ORIGIN))
		context->origin_open = true;
	else
		add_list(context, &chain->origin, data_set->origin);
}

static void lay_hops(struct context *context, struct chain *chain)
{
	const struct question *question = context->question;
	size_t count = question->recipient_count;
	struct side *sides = arena_array(context->arena, struct side, count + 1);
	symbol exporter =
		question->exporter.id ? question->exporter.id : context->data_set->exporter;

	chain->hop_count = count;
	trace_origin(context, chain, exporter);
	chain->hops = arena_array(context->arena, struct hop, count);
	sides[0] = side_of(context, exporter);
	for (size_t i = 0; i < count; i++) {
		struct hop *hop = &chain->hops[i];

		sides[i + 1] = side_of_recipient(context, &question->recipients[i]);
		hop->number = (uint32_t)i;
		hop->exporter = &sides[i];
		hop->importer = &sides[i + 1];
		hop->mode = question->recipients[i].mode;
		hop->named = question->recipients[i].engagement.id;
		candidate_bind(context, hop);
	}
}

static size_t at_least_one(size_t count)
{
	return count ? count : 1;
}

static size_t count_legs(const struct context *context, const struct chain *chain)
{
	size_t count = 0;

	for (size_t i = 0; i < chain->hop_count; i++)
		count += at_least_one(chain->hops[i].importer->leg_areas.count) *
			 at_least_one(context->categories.count);
	return count;
}

static symbol word_at(const struct word_list *list, size_t at)
{
	return list->count ? list->items[at] : SYMBOL_NONE;
}

static void lay_legs(const struct context *context, struct chain *chain, const struct hop *hop)
{
	const struct word_list *areas = &hop->importer->leg_areas;
	const struct word_list *categories = &context->categories;

	for (size_t i = 0; i < at_least_one(areas->count); i++)
		for (size_t j = 0; j < at_least_one(categories->count); j++)
			chain->legs[chain->leg_count++] =
				(struct leg){.hop = hop->number,
					     .exporter = hop->exporter->party->record.id,
					     .recipient = hop->importer->party->record.id,
					     .area = word_at(areas, i),
					     .category = word_at(categories, j)};
}

int chain_lay(struct context *context, struct chain *chain, struct error *error)
{
	size_t count;

	lay_hops(context, chain);
	count = count_legs(context, chain);
	if (count > QUESTION_LEGS_MAX)
		return error_set(error, ERR_LIMIT,
				 "the question has %zu legs (recipients' areas times "
				 "categories), at most %d are judged: ask for fewer at a time",
				 count, QUESTION_LEGS_MAX);
	chain->legs = arena_array(context->arena, struct leg, count);
	for (size_t i = 0; i < chain->hop_count; i++)
		lay_legs(context, chain, &chain->hops[i]);
	return 0;
}

static struct word_list copy_words(struct context *context, const struct word_list *words)
{
	struct word_list copy = {.count = words->count, .capacity = words->count};

	copy.items = arena_array(context->arena, symbol, words->count);
	if (words->count)
		memcpy(copy.items, words->items, words->count * sizeof(symbol));
	return copy;
}

void chain_enter(struct context *context, const struct chain *chain, struct hop *hop)
{
	hop->origin = copy_words(context, &chain->origin);
	hop->origin_maybe = copy_words(context, &chain->origin_maybe);
}

void chain_carry(struct context *context, struct chain *chain, symbol law, enum truth applied)
{
	if (applied == TRUTH_TRUE)
		word_list_add(context->arena, &chain->origin, law);
	else if (applied == TRUTH_UNKNOWN)
		word_list_add(context->arena, &chain->origin_maybe, law);
}
