#include "engine/trial.h"

#include "engine/applied.h"
#include "engine/evaluate.h"
#include "engine/shelf.h"

struct trial trial_begin(struct context *context, const struct chain *chain,
			 struct rulebooks rulebooks)
{
	struct trial trial = {.context = context, .chain = chain, .rulebooks = rulebooks};
	struct tried as_it_is = {.permits = false};

	trial.hops = arena_array(context->arena, struct hop, chain->hop_count);
	list_push(context->arena, &trial.known, as_it_is);
	return trial;
}

/* ---- One rulebook on one leg ---- */

static enum truth value_of(struct context *context, const struct condition *condition,
			   enum truth absent)
{
	return condition ? evaluate_bound(context, condition) : absent;
}

static bool in_force(const struct context *context, day from, day until)
{
	return from <= context->as_of && context->as_of < until;
}

static bool is_refused(const struct context *context, symbol duty)
{
	const struct question *question = context->question;

	if (context->applied && applied_performs(context, duty))
		return false;
	for (size_t i = 0; i < question->perform_count; i++)
		if (question->performs[i].duty == duty)
			return !question->performs[i].yes;
	return false;
}

static bool is_owed(struct context *context, const struct duty *duty, bool bound)
{
	if (!duty->when)
		return true;
	return (bound ? evaluate(context, duty->when) : evaluate_bound(context, duty->when)) !=
	       TRUTH_FALSE;
}

void trial_refusals(struct context *context, const struct duties *duties, bool bound,
		    struct word_list *refused)
{
	for (size_t i = 0; i < duties->count; i++) {
		const struct duty *duty = &duties->items[i];

		if (is_refused(context, duty->owe) && in_force(context, duty->from, duty->until) &&
		    is_owed(context, duty, bound))
			word_list_add(context->arena, refused, duty->owe);
	}
}

static bool refuses(struct context *context, const struct duties *duties, bool bound)
{
	struct word_list refused = {0};

	if (context->question->perform_count)
		trial_refusals(context, duties, bound, &refused);
	return refused.count > 0;
}

/* The greatest that prohibitions of that reach, or of any, come to. */
static enum truth prohibited(struct context *context, const struct world_rulebook *rulebook,
			     bool only_any)
{
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < rulebook->prohibition_count && truth != TRUTH_TRUE; i++) {
		const struct prohibition *prohibition = &rulebook->prohibitions[i];

		if (in_force(context, prohibition->from, prohibition->until) &&
		    (prohibition->reach_any || !only_any))
			truth = truth_greatest(truth,
					       value_of(context, prohibition->when, TRUTH_TRUE));
	}
	return truth;
}

static enum truth ground_of(struct context *context, const struct ground *ground)
{
	enum truth truth = evaluate_bound(context, ground->needs);

	return truth != TRUTH_FALSE && refuses(context, &ground->duties, true) ? TRUTH_FALSE
									       : truth;
}

/* The greatest that grounds come to. */
static enum truth grounded(struct context *context, const struct world_rulebook *rulebook)
{
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < rulebook->ground_count && truth != TRUTH_TRUE; i++)
		if (in_force(context, rulebook->grounds[i].from, rulebook->grounds[i].until))
			truth = truth_greatest(truth, ground_of(context, &rulebook->grounds[i]));
	return truth;
}

/* The steps of section 6, for a rulebook that applies or may. */
static bool permits(struct context *context, const struct world_rulebook *rulebook)
{
	if (value_of(context, rulebook->not_a_transfer, TRUTH_FALSE) == TRUTH_TRUE)
		return prohibited(context, rulebook, true) == TRUTH_FALSE;
	if (prohibited(context, rulebook, false) != TRUTH_FALSE ||
	    refuses(context, &rulebook->duties, false))
		return false;
	return rulebook->default_permitted || grounded(context, rulebook) == TRUTH_TRUE;
}

/* ---- All legs ---- */

static bool is_suspect(const struct trial *trial, uint32_t leg,
		       const struct world_rulebook *rulebook)
{
	for (size_t i = 0; i < trial->suspects.count; i++)
		if (trial->suspects.items[i].leg == leg &&
		    trial->suspects.items[i].rulebook == rulebook)
			return true;
	return false;
}

static void look_at(struct trial *trial, uint32_t leg, const struct world_rulebook *rulebook)
{
	struct context *context = trial->context;

	context->area = trial->chain->legs[leg].area;
	context->category = trial->chain->legs[leg].category;
	context->rulebook = rulebook;
}

/* On legs of later hops what applied before them counts, too. */
static enum truth applies_to(struct trial *trial, uint32_t leg, size_t at)
{
	const struct world_rulebook *rulebook = trial->rulebooks.items[at];

	if (!rulebook->applies)
		return TRUTH_TRUE;
	if (trial->chain->legs[leg].hop == 0 && !applied_touches(trial->context, rulebook->applies))
		return trial->rulebooks.applied[leg * trial->rulebooks.count + at];
	return evaluate_bound(trial->context, rulebook->applies);
}

static bool permits_suspects(struct trial *trial)
{
	struct context *context = trial->context;

	for (size_t i = 0; i < trial->suspects.count; i++) {
		const struct world_rulebook *rulebook = trial->suspects.items[i].rulebook;

		look_at(trial, trial->suspects.items[i].leg, rulebook);
		if (value_of(context, rulebook->applies, TRUTH_TRUE) != TRUTH_FALSE &&
		    !permits(context, rulebook))
			return false;
	}
	return true;
}

static bool permits_leg(struct trial *trial, struct chain *chain, uint32_t leg)
{
	struct context *context = trial->context;
	bool is_spoken = false, is_only = trial->chain->hop_count == 1;

	for (size_t i = 0; i < trial->rulebooks.count; i++) {
		const struct world_rulebook *rulebook = trial->rulebooks.items[i];
		enum truth applies;

		look_at(trial, leg, rulebook);
		applies = applies_to(trial, leg, i);
		if (applies == TRUTH_FALSE)
			continue;
		if (!(is_only && is_suspect(trial, leg, rulebook)) && !permits(context, rulebook))
			return false;
		is_spoken = is_spoken || applies == TRUTH_TRUE;
		if (!rulebook->policy)
			chain_carry(context, chain, rulebook->record.id, applies);
	}
	return is_spoken;
}

/* The first hop as it was judged, if nothing is to change: what was found out for it holds. */
static const struct hop *enter(struct trial *trial, const struct chain *chain, size_t at)
{
	struct hop *hop = &trial->hops[at];
	enum access_mode mode = applied_mode(trial->context, (uint32_t)at);

	if (at == 0 && !mode)
		return &trial->chain->hops[0];
	*hop = trial->chain->hops[at];
	if (mode)
		hop->mode = mode;
	chain_enter(trial->context, chain, hop);
	return hop;
}

static bool permits_all(struct trial *trial)
{
	const struct chain *judged = trial->chain;
	struct chain chain = {.origin = judged->hops[0].origin,
			      .origin_maybe = judged->hops[0].origin_maybe};
	uint32_t leg = 0;

	for (size_t i = 0; i < judged->hop_count; i++) {
		trial->context->hop = enter(trial, &chain, i);
		/* Later hops depend on what became of the earlier ones. */
		if (judged->hop_count == 1 && !permits_suspects(trial))
			return false;
		for (; leg < judged->leg_count && judged->legs[leg].hop == i; leg++)
			if (!permits_leg(trial, &chain, leg))
				return false;
	}
	return true;
}

/* Whether records are looked for, or papers judged, by a fact that reads otherwise now. */
static bool is_deep(const struct way *way)
{
	for (size_t i = 0; i < way->count; i++)
		if (way->steps[i]->has_witness && way->steps[i]->fact.fact != FACT_TERM)
			return true;
	return false;
}

static void forget_said(struct context *context, const struct way *way)
{
	for (size_t i = 0; i < way->count; i++) {
		const struct step *step = way->steps[i];

		if (step->has_witness)
			shelf_forget(context, step->fact);
		if (step->duty)
			shelf_forget(context, (struct fact_reference){.fact = FACT_PERFORMS});
	}
}

static bool permits_deep(struct trial *trial)
{
	struct context *context = trial->context, as_it_is = *context;
	bool permitted;

	context_forget(context);
	permitted = permits_all(trial);
	context->shelf = as_it_is.shelf;
	context->agreements = as_it_is.agreements;
	context->gatherings = as_it_is.gatherings;
	context->hearings = as_it_is.hearings;
	return permitted;
}

static bool permits_said(struct trial *trial, const struct way *way)
{
	bool permitted;

	forget_said(trial->context, way);
	permitted = permits_all(trial);
	forget_said(trial->context, way);
	return permitted;
}

/* What was found out for the question as it is does not hold for the set. */
static bool try_out(struct trial *trial, const struct way *way)
{
	struct context *context = trial->context;
	struct applied applied = {.way = *way};
	day before = context->holds_until;
	bool permitted;

	context->applied = &applied;
	permitted = is_deep(way) ? permits_deep(trial) : permits_said(trial, way);
	context->applied = NULL;
	context->holds_until = before;
	return permitted;
}

bool trial_permits(struct trial *trial, const struct way *way)
{
	struct tried tried = {.way = *way};

	for (size_t i = 0; i < trial->known.count; i++)
		if (way_equal(&trial->known.items[i].way, way))
			return trial->known.items[i].permits;
	tried.permits = try_out(trial, way);
	list_push(trial->context->arena, &trial->known, tried);
	return tried.permits;
}
