#include "engine/offer.h"

#include "engine/evaluate.h"
#include "engine/match.h"

enum { EFFORT_UNSAID = 9 };

struct offers offers_begin(struct context *context, const struct chain *chain)
{
	return (struct offers){
		.context = context,
		.chain = chain,
		.places = arena_array(context->arena, struct step_list, chain->hop_count + 1),
		.noted = context->holds_until,
	};
}

/* ---- Looking up: of all that is looked at here, these days alone count ---- */

static const void *get(struct offers *offers, enum record_kind kind, symbol id)
{
	struct context *context = offers->context;
	day before = context->holds_until;
	const void *record;

	context->holds_until = offers->noted;
	record = context_get(context, kind, id);
	offers->noted = context->holds_until;
	context->holds_until = before;
	return record;
}

static void note(struct offers *offers, day date)
{
	if (date > offers->context->as_of && date < offers->noted)
		offers->noted = date;
}

static const struct world_term *offered(struct offers *offers, symbol word)
{
	const struct world_term *term = word ? get(offers, RECORD_TERM, word) : NULL;

	return term && term->offer ? term : NULL;
}

/* ---- Steps ---- */

static const struct step *find(const struct step_list *list, const struct step *step)
{
	for (size_t i = 0; i < list->count; i++)
		if (step_compare(list->items[i], step) == 0)
			return list->items[i];
	return NULL;
}

static void place(struct offers *offers, struct step *step, bool of_hop)
{
	const struct hop *hop = offers->context->hop;

	step->said.hop = REMEDY_QUESTION;
	if (!of_hop)
		return;
	step->said.hop = hop->number;
	step->said.exporter = hop->exporter->party->record.id;
	step->said.importer = hop->importer->party->record.id;
}

/* The step itself, or the same that was found before. */
static const struct step *keep(struct offers *offers, const struct step *step,
			       const struct world_term *term)
{
	struct arena *arena = offers->context->arena;
	struct step_list *list = &offers->places[step->said.hop + 1];
	const struct step *same = find(list, step);
	struct step *kept;

	if (same)
		return same;
	kept = arena_alloc(arena, sizeof(*kept));
	*kept = *step;
	kept->said.owner = term->owner;
	kept->said.effort = term->effort ? term->effort : EFFORT_UNSAID;
	list_push(arena, list, (const struct step *)kept);
	return kept;
}

const struct step *offer_duty(struct offers *offers, symbol duty)
{
	const struct world_term *term = offered(offers, duty);
	struct step step = {.said = {.act = REMEDY_PERFORM}, .duty = duty};

	if (!term)
		return NULL;
	place(offers, &step, false);
	step.said.text = symbols_text(world_words(offers->context->world), duty);
	return keep(offers, &step, term);
}

/* ---- Witnesses ---- */

static bool makes_true(struct context *context, const struct test *test, const struct reading *fact,
		       struct value value)
{
	struct reading reading = *fact;

	reading.words = NULL;
	reading.values = &value;
	reading.count = 1;
	reading.type = value.type;
	reading.word = value.word;
	reading.number = value.number;
	reading.maybe_count = 0;
	reading.open = false;
	return match_fact(context, test, &reading) == TRUTH_TRUE;
}

static struct value below(struct value limit)
{
	limit.number--;
	return limit;
}

/* Values that may make the test true, in the order in which they are tried. */
struct attempts {
	struct value items[6];
	size_t count;
};

static void attempt_first(struct attempts *attempts, struct values values)
{
	if (values.count)
		attempts->items[attempts->count++] = values.items[0];
}

static void attempt_other(struct context *context, struct attempts *attempts,
			  struct fact_reference reference)
{
	struct reading other = reading_of_fact(context, reference);

	if (other.count == 1 && !other.open && !other.maybe_count)
		attempts->items[attempts->count++] = reading_value(&other, 0);
}

static bool find_witness(struct context *context, const struct condition *leaf, struct step *step)
{
	const struct test *test = leaf->test;
	struct reading fact = reading_of_fact(context, leaf->fact);
	struct attempts attempts = {.count = 0};

	attempt_first(&attempts, test->in);
	attempt_first(&attempts, test->main);
	attempt_first(&attempts, test->has);
	if (test->ge)
		attempts.items[attempts.count++] = *test->ge;
	if (test->lt)
		attempts.items[attempts.count++] = below(*test->lt);
	if (test->is.fact)
		attempt_other(context, &attempts, test->is);
	for (size_t i = 0; i < attempts.count && !step->has_witness; i++) {
		step->has_witness = makes_true(context, test, &fact, attempts.items[i]);
		step->witness = attempts.items[i];
	}
	return step->has_witness;
}

/* How many of its members the test has. */
static int count_members(const struct test *test)
{
	return (test->in.count > 0) + (test->has.count > 0) + (test->main.count > 0) +
	       (test->lt != NULL) + (test->ge != NULL) + (test->is.fact != FACT_NONE);
}

static const struct value *one_flag(const struct test *test)
{
	return count_members(test) == 1 && test->in.count == 1 &&
			       test->in.items[0].type == VALUE_FLAG
		       ? &test->in.items[0]
		       : NULL;
}

static struct value opposite(struct value flag)
{
	flag.number = !flag.number;
	return flag;
}

/* The value that makes the test false, where it is plain. */
static void find_counter_witness(const struct test *test, struct step *step)
{
	const struct value *flag = one_flag(test);

	step->has_witness = true;
	if (flag)
		step->witness = opposite(*flag);
	else if (test->lt && count_members(test) == 1)
		step->witness = *test->lt;
	else if (test->ge && count_members(test) == 1)
		step->witness = below(*test->ge);
	else
		step->has_witness = false;
}

/* ---- Facts ---- */

static bool is_stated(const struct question *question, symbol name)
{
	for (size_t i = 0; i < question->fact_count; i++)
		if (question->facts[i].name == name)
			return true;
	return false;
}

/* What several engagements do not say alike is not for want of a record. */
static bool is_blank(struct context *context, struct fact_reference fact)
{
	struct reading reading = reading_of_fact(context, fact);

	if (fact.fact >= FACT_ENGAGEMENT_EXPORTER_ROLE && fact.fact <= FACT_KEYS_SHARED_CONTROL &&
	    context->hop->engagements.count > 1)
		return false;
	return reading.open && reading.count == 0 && reading.maybe_count == 0;
}

/* Who would have to act, if the fact is one that anybody can supply. */
static enum remedy_act act_of(struct context *context, struct fact_reference fact)
{
	switch (fact.fact) {
	case FACT_TERM:
		return is_stated(context->question, fact.term) ? REMEDY_UNSPECIFIED : REMEDY_SAY;
	case FACT_ACCESS_MODE:
		return context->hop->mode == ACCESS_UNSPECIFIED ? REMEDY_SAY : REMEDY_UNSPECIFIED;
	case FACT_LEG_PURPOSE:
		return context->question->purpose.id ? REMEDY_UNSPECIFIED : REMEDY_SAY;
	case FACT_NONE:
	case FACT_AS_OF:
	case FACT_LEG_AREA:
	case FACT_LEG_CATEGORY:
	case FACT_LEG_TAGS:
	case FACT_EXPORTER_PARTY:
	case FACT_IMPORTER_PARTY:
	case FACT_DATA_SET:
	case FACT_DATA_CATEGORIES:
	case FACT_PERFORMS:
		return REMEDY_UNSPECIFIED;
	default:
		return is_blank(context, fact) ? REMEDY_RECORD : REMEDY_UNSPECIFIED;
	}
}

static bool is_of_hop(struct fact_reference fact)
{
	return fact.fact == FACT_ACCESS_MODE ||
	       (fact.fact >= FACT_EXPORTER_PARTY && fact.fact < FACT_DATA_SET);
}

static symbol name_of(const struct context *context, struct fact_reference fact)
{
	return fact.fact == FACT_TERM ? fact.term : context->world->fact_names[fact.fact];
}

static struct bytes text_of_denial(const struct context *context, const struct condition *leaf)
{
	const struct value *flag = one_flag(leaf->test);
	struct bytes name = symbols_text(world_words(context->world), name_of(context, leaf->fact));

	return bytes_of_string(
		flag ? arena_printf(context->arena, "%.*s: %s", BYTES_PRINT(name),
				    flag->number ? "false" : "true")
		     : arena_printf(context->arena, "not: {%.*s}", BYTES_PRINT(leaf->text)));
}

static void want_false(const struct context *context, const struct condition *leaf,
		       struct step *step)
{
	step->said.text = text_of_denial(context, leaf);
	find_counter_witness(leaf->test, step);
	if (!step->has_witness)
		step->leaf = leaf;
}

static const struct step *offer_fact(struct offers *offers, const struct condition *leaf,
				     enum truth wanted)
{
	struct context *context = offers->context;
	struct step step = {.said = {.act = act_of(context, leaf->fact)},
			    .about = name_of(context, leaf->fact),
			    .fact = leaf->fact};
	const struct world_term *term;

	if (!step.said.act)
		return NULL;
	term = offered(offers, step.about);
	if (!term || (leaf->fact.fact == FACT_TERM && !term->by_caller))
		return NULL;
	place(offers, &step, is_of_hop(leaf->fact));
	if (wanted == TRUTH_FALSE) {
		want_false(context, leaf, &step);
		return keep(offers, &step, term);
	}
	step.said.text = leaf->text;
	step.only_has = leaf->test->has.count && count_members(leaf->test) == 1;
	return find_witness(context, leaf, &step) ? keep(offers, &step, term) : NULL;
}

/* ---- Records ---- */

static const struct test *test_of(const struct condition *leaf, enum field field)
{
	for (size_t i = 0; i < leaf->field_count; i++)
		if (leaf->fields[i].field == field)
			return &leaf->fields[i].test;
	return NULL;
}

static bool note_windows(struct offers *offers, const struct world_instrument *instrument)
{
	struct context *context = offers->context;
	bool open = false;

	for (size_t i = 0; i < instrument->law_count; i++) {
		const struct window *window = &instrument->laws[i];

		if (window->rulebook != context->rulebook->record.id)
			continue;
		note(offers, window->from);
		note(offers, window->sign_until);
		note(offers, window->rely_until);
		open |= window->from <= context->as_of && context->as_of < window->sign_until &&
			context->as_of < window->rely_until;
	}
	return open || context->rulebook->policy;
}

static enum truth has_role(struct context *context, enum fact fact, symbol role)
{
	struct reading reading;

	if (!role)
		return TRUTH_TRUE;
	reading = reading_of_fact(context, (struct fact_reference){.fact = fact});
	return match_word(context, &reading, role);
}

static bool fits(struct context *context, const struct condition *leaf, const struct module *module)
{
	const struct test *test = test_of(leaf, FIELD_MODULE);
	struct reading reading = reading_of_word(DOMAIN_MODULE, module->module);
	/* What several engagements leave open no paper closes. */
	enum truth least = context->hop->engagements.count > 1 ? TRUTH_TRUE : TRUTH_UNKNOWN;

	return has_role(context, FACT_ENGAGEMENT_EXPORTER_ROLE, module->exporter_role) >= least &&
	       has_role(context, FACT_ENGAGEMENT_IMPORTER_ROLE, module->importer_role) >= least &&
	       (!test || match_field(context, test, &reading) == TRUTH_TRUE);
}

static bool has_fitting_module(struct context *context, const struct condition *leaf,
			       const struct world_instrument *instrument)
{
	for (size_t i = 0; i < instrument->module_count; i++)
		if (fits(context, leaf, &instrument->modules[i]))
			return true;
	return instrument->module_count == 0;
}

/* The term under which such a paper can still be signed, for this law and the
 * true roles. */
static const struct world_term *offered_instrument(struct offers *offers,
						   const struct condition *leaf, symbol word)
{
	const uint64_t read = FIELD_BIT(FIELD_BY) | FIELD_BIT(FIELD_MODULE);
	const struct world_instrument *instrument = get(offers, RECORD_INSTRUMENT, word);
	const struct world_term *term;

	if (!instrument)
		return NULL;
	term = offered(offers, instrument->kind);
	if (!note_windows(offers, instrument) || instrument->record.unsettled & read || !term)
		return NULL;
	return has_fitting_module(offers->context, leaf, instrument) ? term : NULL;
}

static const struct world_term *first_offered(struct offers *offers, const struct condition *leaf,
					      struct values words)
{
	const struct world_term *term = NULL;

	for (size_t i = 0; i < words.count && !term; i++)
		term = leaf->record == RECORD_AGREEMENT
			       ? offered_instrument(offers, leaf, words.items[i].word)
			       : offered(offers, words.items[i].word);
	return term;
}

static enum field offering_field(enum record_kind kind)
{
	switch (kind) {
	case RECORD_AGREEMENT:
		return FIELD_INSTRUMENT;
	case RECORD_CERTIFICATE:
		return FIELD_SCHEME;
	case RECORD_ASSESSMENT:
		return FIELD_KIND;
	case RECORD_DISCLOSURE:
		return FIELD_NAMES;
	default:
		return FIELD_NONE;
	}
}

static symbol only_word(const struct test *test)
{
	return count_members(test) == 1 && test->in.count == 1 ? test->in.items[0].word
							       : SYMBOL_NONE;
}

/* A test that is written as the answer to a question is that step. */
static void see_answer(const struct context *context, const struct condition *leaf,
		       struct step *step)
{
	const struct world *world = context->world;
	symbol outcome;

	if (leaf->record != RECORD_ASSESSMENT || leaf->field_count != 2 ||
	    leaf->fields[0].field != FIELD_KIND || leaf->fields[1].field != FIELD_OUTCOME)
		return;
	outcome = only_word(&leaf->fields[1].test);
	if (outcome != world->holds && outcome != world->does_not_hold)
		return;
	step->question = step->about = only_word(&leaf->fields[0].test);
	step->answer = outcome == world->holds ? TRUTH_TRUE : TRUTH_FALSE;
}

/* A paper that had to be signed by now, or a look that had to be taken, cannot
 * be had any more. */
static bool can_be_made_today(struct offers *offers, const struct condition *leaf)
{
	const struct test *test =
		test_of(leaf, leaf->record == RECORD_AGREEMENT ? FIELD_SIGNED : FIELD_DATE);
	struct context *context = offers->context;
	day before = context->holds_until;
	struct reading today;
	enum truth truth;

	if (!test)
		return true;
	context->holds_until = offers->noted;
	today = reading_of_fact(context, (struct fact_reference){.fact = FACT_AS_OF});
	truth = match_field(context, test, &today);
	offers->noted = context->holds_until;
	context->holds_until = before;
	return truth == TRUTH_TRUE;
}

static const struct step *offer_record(struct offers *offers, const struct condition *leaf)
{
	const struct test *test = test_of(leaf, offering_field(leaf->record));
	const struct world_term *term = NULL;
	struct step step = {.said = {.act = REMEDY_OBTAIN, .text = leaf->text}, .leaf = leaf};

	if (!can_be_made_today(offers, leaf))
		return NULL;
	if (test)
		term = first_offered(offers, leaf, test->in);
	if (test && !term)
		term = first_offered(offers, leaf, test->has);
	if (test && !term)
		term = first_offered(offers, leaf, test->main);
	if (!term)
		return NULL;
	place(offers, &step, true);
	see_answer(offers->context, leaf, &step);
	return keep(offers, &step, term);
}

/* The test that an assessment answers which settles the question. */
static const struct condition *answer_test(struct context *context, symbol question, symbol outcome)
{
	struct value *words = arena_array(context->arena, struct value, 2);
	struct field_test *fields = arena_array(context->arena, struct field_test, 2);
	struct condition *test = arena_alloc(context->arena, sizeof(*test));

	words[0] = (struct value){.type = VALUE_WORD, .word = question};
	words[1] = (struct value){.type = VALUE_WORD, .word = outcome};
	fields[0] = (struct field_test){FIELD_KIND, {.in = {&words[0], 1}}};
	fields[1] = (struct field_test){FIELD_OUTCOME, {.in = {&words[1], 1}}};
	*test = (struct condition){.op = CONDITION_RECORD,
				   .record = RECORD_ASSESSMENT,
				   .fields = fields,
				   .field_count = 2};
	return test;
}

static symbol outcome_of(const struct context *context, enum truth answer)
{
	return answer == TRUTH_TRUE ? context->world->holds : context->world->does_not_hold;
}

/* An assessment that says the opposite is not outdone by another. */
static bool says_otherwise(struct context *context, symbol question, enum truth wanted)
{
	enum truth opposite = TRUTH_TRUE + TRUTH_FALSE - wanted;

	return evaluate(context, answer_test(context, question, outcome_of(context, opposite))) !=
	       TRUTH_FALSE;
}

static const struct step *offer_answer(struct offers *offers, const struct condition *leaf,
				       enum truth wanted)
{
	const struct world_term *term;
	struct context *context = offers->context;
	struct step step = {.said = {.act = REMEDY_OBTAIN},
			    .about = leaf->question,
			    .question = leaf->question,
			    .answer = wanted};
	struct bytes name;

	if (says_otherwise(context, leaf->question, wanted))
		return NULL;
	term = offered(offers, leaf->question);
	if (!term)
		return NULL;
	place(offers, &step, true);
	name = symbols_text(world_words(context->world), leaf->question);
	step.said.text = bytes_of_string(
		arena_printf(context->arena, "assessment: {kind: %.*s, outcome: %s}",
			     BYTES_PRINT(name), wanted == TRUTH_TRUE ? "holds" : "does-not-hold"));
	step.leaf = answer_test(context, leaf->question, outcome_of(context, wanted));
	return keep(offers, &step, term);
}

const struct step *offer_of(struct offers *offers, const struct condition *leaf, enum truth wanted)
{
	switch (leaf->op) {
	case CONDITION_FACT:
		return offer_fact(offers, leaf, wanted);
	case CONDITION_UNSETTLED:
		return offer_answer(offers, leaf, wanted);
	case CONDITION_RECORD:
		return wanted == TRUTH_TRUE ? offer_record(offers, leaf) : NULL;
	default:
		return NULL;
	}
}
