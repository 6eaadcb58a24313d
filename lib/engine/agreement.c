#include "engine/agreement.h"

#include "engine/shelf.h"

/* What the steps look at together. */
struct paper {
	const struct world_agreement *agreement;
	const struct world_instrument *instrument; /* NULL: none in force */
	const struct window *window;               /* this law's; NULL: none */
	bool knows_all;                            /* a policy needs no window */
};

struct outcome {
	enum truth truth;
	enum reason_code code;
	symbol word;
};

static bool is_disputed(const struct paper *paper, enum field field)
{
	return paper->agreement->record.unsettled & FIELD_BIT(field);
}

static struct outcome outcome(enum truth truth, enum reason_code code)
{
	return (struct outcome){.truth = truth, .code = code};
}

static struct outcome holds(void)
{
	return (struct outcome){.truth = TRUTH_TRUE};
}

static struct outcome check_instrument(struct context *context, const struct paper *paper)
{
	if (is_disputed(paper, FIELD_INSTRUMENT))
		return outcome(TRUTH_UNKNOWN, REASON_INSTRUMENT_NOT_OF_THIS_LAW);
	if (paper->instrument)
		context_touch(context, &paper->instrument->record);
	if (paper->knows_all || paper->window)
		return holds();
	if (paper->instrument && paper->instrument->record.unsettled & FIELD_BIT(FIELD_BY))
		return outcome(TRUTH_UNKNOWN, REASON_INSTRUMENT_NOT_OF_THIS_LAW);
	return outcome(TRUTH_FALSE, REASON_INSTRUMENT_NOT_OF_THIS_LAW);
}

static struct outcome check_signed(struct context *context, const struct paper *paper)
{
	if (is_disputed(paper, FIELD_SIGNED))
		return outcome(TRUTH_UNKNOWN, REASON_UNSIGNED_OR_UNDATED);
	if (paper->agreement->signed_on == DAY_MAX)
		return outcome(TRUTH_FALSE, REASON_UNSIGNED_OR_UNDATED);
	if (paper->agreement->signed_on > context->as_of)
		return outcome(TRUTH_FALSE, REASON_NOT_YET_SIGNED);
	return holds();
}

static struct outcome check_window(struct context *context, const struct paper *paper)
{
	day signed_on = paper->agreement->signed_on;

	(void)context;
	if (!paper->window || signed_on == DAY_MAX)
		return holds(); /* an earlier step has said so */
	if (is_disputed(paper, FIELD_SIGNED))
		return outcome(TRUTH_UNKNOWN, REASON_SIGNED_AFTER_REPEAL);
	if (signed_on < paper->window->from)
		return outcome(TRUTH_FALSE, REASON_SIGNED_BEFORE_WINDOW);
	if (signed_on >= paper->window->sign_until)
		return outcome(TRUTH_FALSE, REASON_SIGNED_AFTER_REPEAL);
	return holds();
}

static struct outcome check_grace(struct context *context, const struct paper *paper)
{
	if (paper->window && context->as_of >= paper->window->rely_until)
		return outcome(TRUTH_FALSE, REASON_GRACE_ENDED);
	return holds();
}

static struct outcome check_in_force(struct context *context, const struct paper *paper)
{
	if (!record_is_valid(&paper->agreement->record, context->as_of))
		return outcome(TRUTH_FALSE, REASON_NOT_IN_FORCE);
	return holds();
}

static struct outcome check_annexes(struct context *context, const struct paper *paper)
{
	(void)context;
	if (is_disputed(paper, FIELD_ANNEXES_COMPLETE) ||
	    (paper->agreement->annexes_complete != ANSWER_YES &&
	     paper->agreement->annexes_complete != ANSWER_NO))
		return outcome(TRUTH_UNKNOWN, REASON_ANNEXES_INCOMPLETE);
	if (paper->agreement->annexes_complete == ANSWER_NO)
		return outcome(TRUTH_FALSE, REASON_ANNEXES_INCOMPLETE);
	return holds();
}

static enum truth match_role(struct context *context, enum fact fact, symbol role)
{
	const struct reading *reading;

	if (!role)
		return TRUTH_TRUE;
	reading = &shelf_read(context, (struct fact_reference){.fact = fact})->reading;
	return match_word(context, reading, role);
}

static enum truth match_roles(struct context *context, const struct module *module)
{
	return truth_least(
		match_role(context, FACT_ENGAGEMENT_EXPORTER_ROLE, module->exporter_role),
		match_role(context, FACT_ENGAGEMENT_IMPORTER_ROLE, module->importer_role));
}

/* Of the instrument's entries for the agreement's module, one must be made for
 * the true roles. */
static struct outcome check_module(struct context *context, const struct paper *paper)
{
	const struct world_instrument *instrument = paper->instrument;
	enum truth truth = TRUTH_FALSE;
	bool is_named = false;

	if (is_disputed(paper, FIELD_INSTRUMENT) ||
	    (instrument && instrument->record.unsettled & FIELD_BIT(FIELD_MODULE)))
		return outcome(TRUTH_UNKNOWN, REASON_WRONG_MODULE);
	if (!instrument || instrument->module_count == 0)
		return holds();
	if (is_disputed(paper, FIELD_MODULE))
		return outcome(TRUTH_UNKNOWN, REASON_WRONG_MODULE);
	for (size_t i = 0; i < instrument->module_count; i++) {
		if (instrument->modules[i].module != paper->agreement->module)
			continue;
		is_named = true;
		truth = truth_greatest(truth, match_roles(context, &instrument->modules[i]));
	}
	if (!is_named && !paper->agreement->module)
		truth = TRUTH_UNKNOWN;
	return outcome(truth, truth == TRUTH_TRUE ? REASON_NONE : REASON_WRONG_MODULE);
}

static struct outcome check_cover(struct context *context, const struct paper *paper,
				  enum fact fact, struct words words, enum field field)
{
	const struct reading *reading =
		&shelf_read(context, (struct fact_reference){.fact = fact})->reading;
	enum truth truth =
		is_disputed(paper, field) ? TRUTH_UNKNOWN : match_within(context, reading, words);

	return (struct outcome){truth, truth == TRUTH_TRUE ? REASON_NONE : REASON_NOT_COVERED,
				context->world->fact_names[fact]};
}

static struct outcome check_categories(struct context *context, const struct paper *paper)
{
	return check_cover(context, paper, FACT_LEG_CATEGORY, paper->agreement->categories,
			   FIELD_CATEGORIES);
}

static struct outcome check_purposes(struct context *context, const struct paper *paper)
{
	return check_cover(context, paper, FACT_LEG_PURPOSE, paper->agreement->purposes,
			   FIELD_PURPOSES);
}

static struct outcome check_areas(struct context *context, const struct paper *paper)
{
	return check_cover(context, paper, FACT_LEG_AREA, paper->agreement->areas, FIELD_AREAS);
}

static struct outcome check_modes(struct context *context, const struct paper *paper)
{
	symbol word = context->world->fact_names[FACT_ACCESS_MODE];
	enum access_mode mode = context->hop->mode;

	if (is_disputed(paper, FIELD_MODES))
		return (struct outcome){TRUTH_UNKNOWN, REASON_NOT_COVERED, word};
	if (paper->agreement->any_mode)
		return holds();
	if (paper->agreement->modes == 0)
		return (struct outcome){TRUTH_FALSE, REASON_NOT_COVERED, word};
	if (mode == ACCESS_UNSPECIFIED)
		return (struct outcome){TRUTH_UNKNOWN, REASON_NOT_COVERED, word};
	if (!(paper->agreement->modes & 1u << mode))
		return (struct outcome){TRUTH_FALSE, REASON_NOT_COVERED, word};
	return holds();
}

typedef struct outcome step(struct context *context, const struct paper *paper);

static step *const steps[] = {check_instrument, check_signed,  check_window, check_grace,
			      check_in_force,   check_annexes, check_module, check_categories,
			      check_purposes,   check_areas,   check_modes};

static bool is_inside(const struct window *window, day signed_on)
{
	return signed_on >= window->from && signed_on < window->sign_until;
}

/* This law's window in which it was signed, else the last that opened before
 * it was, else the first; without a known date, the one to be relied on longest. */
static const struct window *find_window(const struct world_instrument *instrument, symbol rulebook,
					day signed_on)
{
	const struct window *found = NULL;

	for (size_t i = 0; i < instrument->law_count; i++) {
		const struct window *window = &instrument->laws[i];

		if (window->rulebook != rulebook)
			continue;
		if (is_inside(window, signed_on))
			return window;
		if (signed_on == DAY_MAX) {
			if (!found || window->rely_until > found->rely_until)
				found = window;
			continue;
		}
		if (!found || (window->from <= signed_on && window->from > found->from))
			found = window;
	}
	return found;
}

static struct paper paper_of(struct context *context, const struct world_agreement *agreement)
{
	struct paper paper = {.agreement = agreement, .knows_all = context->rulebook->policy};

	if (!is_disputed(&paper, FIELD_INSTRUMENT))
		paper.instrument = context_get(context, RECORD_INSTRUMENT, agreement->instrument);
	if (paper.instrument && !(paper.instrument->record.unsettled & FIELD_BIT(FIELD_BY)))
		paper.window = find_window(
			paper.instrument, context->rulebook->record.id,
			is_disputed(&paper, FIELD_SIGNED) ? DAY_MAX : agreement->signed_on);
	return paper;
}

static struct agreement_verdict take_steps(struct context *context,
					   const struct world_agreement *agreement)
{
	struct agreement_verdict verdict = {.truth = TRUTH_TRUE};
	struct paper paper = paper_of(context, agreement);

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct outcome result = steps[i](context, &paper);

		if (result.truth < verdict.truth)
			verdict =
				(struct agreement_verdict){result.truth, result.code, result.word};
	}
	return verdict;
}

/* ---- Judged once for all conditions of a rulebook that ask ---- */

struct judged_agreement {
	const struct world_agreement *agreement;
	const struct world_rulebook *rulebook;
	const struct hop *hop;
	symbol area, category;
	unsigned looked;
	struct agreement_verdict verdict;
	struct record_list sources;
};

struct judged_agreements {
	struct judged_agreement **items;
	size_t count, capacity;
};

static bool is_judged(const struct context *context, const struct judged_agreement *judged,
		      const struct world_agreement *agreement)
{
	return judged->agreement == agreement && judged->rulebook == context->rulebook &&
	       judged->hop == context->hop &&
	       (!(judged->looked & LOOKED_AREA) || judged->area == context->area) &&
	       (!(judged->looked & LOOKED_CATEGORY) || judged->category == context->category);
}

static struct judged_agreement *judge_anew(struct context *context,
					   const struct world_agreement *agreement)
{
	struct judged_agreement *judged = arena_alloc(context->arena, sizeof(*judged));
	struct trace sources = trace_begin(context), *outer = context->trace;
	unsigned looked = context->looked;

	context->trace = &sources;
	context->looked = 0;
	*judged = (struct judged_agreement){
		.agreement = agreement,
		.rulebook = context->rulebook,
		.hop = context->hop,
		.area = context->area,
		.category = context->category,
		.verdict = take_steps(context, agreement),
	};
	judged->looked = context->looked;
	judged->sources = sources.records;
	context->looked = looked;
	context->trace = outer;
	return judged;
}

/* The last few are enough: conditions ask for the same again and again. */
static struct judged_agreement *judged_of(struct context *context,
					  const struct world_agreement *agreement)
{
	enum { LAST = 16 };
	struct judged_agreements *list = context->agreements;
	struct judged_agreement *judged;

	if (!list)
		list = context->agreements = arena_alloc(context->arena, sizeof(*list));
	for (size_t i = list->count; i-- > 0 && i + LAST >= list->count;)
		if (is_judged(context, list->items[i], agreement))
			return list->items[i];
	judged = judge_anew(context, agreement);
	list_push(context->arena, list, judged);
	return judged;
}

struct agreement_verdict agreement_judge(struct context *context,
					 const struct world_agreement *agreement)
{
	struct judged_agreement *judged = judged_of(context, agreement);

	context->looked |= judged->looked;
	for (size_t i = 0; i < judged->sources.count; i++)
		context_touch(context, judged->sources.items[i]);
	return judged->verdict;
}

void agreement_note(struct context *context, const struct world_agreement *agreement)
{
	struct paper paper = paper_of(context, agreement);

	context_note_record(context, &agreement->record);
	context_note(context, agreement->signed_on);
	if (paper.window)
		context_note(context, paper.window->rely_until);
}
