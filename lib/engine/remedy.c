#include "engine/remedy.h"

#include "engine/candidate.h"
#include "engine/evaluate.h"
#include "engine/offer.h"

/* What a condition came to, with the binding that was numbered so. */
struct known {
	const struct condition *condition;
	uint32_t binding;
	enum truth truth;
};

enum { KNOWN_SLOTS = 512 };

/* The ways of a condition that is judged by itself.  On the next leg of the hop they are
 * the same if it differs in nothing that was looked at. */
struct sought {
	const struct condition *condition;
	enum truth wanted;
	const struct hop *hop;
	symbol area, category;
	unsigned looked;
	const struct world_agreement *after;
	struct ways ways;
};

struct seeker {
	struct context *context;
	struct known *known;    /* the last of each slot: conditions are asked from the top down */
	uint32_t bindings;      /* looked at so far */
	struct sought **sought; /* the last of each of KNOWN_SLOTS */
	struct offers offers;
	struct suspect_list failing;
	bool cut;
};

/* ---- What conditions come to ---- */

static enum truth truth_of(struct seeker *seeker, const struct condition *condition);

static enum truth least_of(struct seeker *seeker, const struct condition *condition)
{
	enum truth truth = TRUTH_TRUE;

	for (size_t i = 0; i < condition->count && truth != TRUTH_FALSE; i++)
		truth = truth_least(truth, truth_of(seeker, &condition->of[i]));
	return truth;
}

static enum truth greatest_of(struct seeker *seeker, const struct condition *condition)
{
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < condition->count && truth != TRUTH_TRUE; i++)
		truth = truth_greatest(truth, truth_of(seeker, &condition->of[i]));
	return truth;
}

static enum truth find_out(struct seeker *seeker, const struct condition *condition)
{
	switch (condition->op) {
	case CONDITION_ALL:
		return least_of(seeker, condition);
	case CONDITION_ANY:
		return greatest_of(seeker, condition);
	case CONDITION_SURE:
		return least_of(seeker, condition) == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_FALSE;
	case CONDITION_NOT:
		return TRUTH_TRUE + TRUTH_FALSE - truth_of(seeker, condition->of);
	case CONDITION_COND:
		return truth_of(seeker, condition->definition->condition);
	default:
		return evaluate(seeker->context, condition);
	}
}

static size_t slot_of(const struct condition *condition)
{
	return (uintptr_t)condition / sizeof(*condition) % KNOWN_SLOTS;
}

static enum truth truth_of(struct seeker *seeker, const struct condition *condition)
{
	struct known *known = &seeker->known[slot_of(condition)];

	if (known->condition != condition || known->binding != seeker->bindings) {
		enum truth truth = find_out(seeker, condition);

		*known = (struct known){condition, seeker->bindings, truth};
	}
	return known->truth;
}

/* Of a condition that is judged by itself; from here on its binding counts. */
static enum truth truth_of_judged(struct seeker *seeker, const struct condition *condition)
{
	evaluate_bind(seeker->context, condition);
	seeker->bindings++;
	return truth_of(seeker, condition);
}

/* ---- The way to make a condition true, or false ---- */

static struct ways make(struct seeker *seeker, const struct condition *condition,
			enum truth wanted);

static struct ways unite(struct seeker *seeker, struct ways a, struct ways b)
{
	return ways_unite(seeker->context->arena, &a, &b, &seeker->cut);
}

static struct ways make_each(struct seeker *seeker, const struct condition *condition,
			     enum truth wanted)
{
	struct ways ways = ways_nothing();

	for (size_t i = 0; i < condition->count; i++)
		ways = unite(seeker, ways, make(seeker, &condition->of[i], wanted));
	return ways;
}

static struct ways make_one(struct seeker *seeker, const struct condition *condition,
			    enum truth wanted)
{
	struct way_list list = {0};

	for (size_t i = 0; i < condition->count; i++) {
		struct ways part = make(seeker, &condition->of[i], wanted);

		ways_add(seeker->context->arena, &list, &part);
	}
	return ways_small(&list, &seeker->cut);
}

static struct ways make_step(struct seeker *seeker, const struct condition *condition,
			     enum truth wanted)
{
	const struct step *step = offer_of(&seeker->offers, condition, wanted);

	return step ? ways_of(seeker->context->arena, step) : (struct ways){.count = 0};
}

static bool may_come_into_scope(struct context *context, const struct condition *condition,
				const struct candidate *candidate)
{
	const struct record *record = candidate->record;

	return candidate->match == TRUTH_TRUE && record->from <= context->as_of &&
	       context->as_of < record->until && !(record->unsettled & FIELD_BIT(FIELD_SCOPE)) &&
	       evaluate_fields(context, condition, record) == TRUTH_TRUE;
}

/* There is a finding that would do, if only its scope held. */
static struct ways make_scope(struct seeker *seeker, const struct condition *condition)
{
	struct context *context = seeker->context;
	struct candidate_list candidates = candidate_gather(context, condition);
	struct way_list list = {0};

	if (context->scope_depth == EVALUATE_SCOPES_MAX)
		return (struct ways){.count = 0};
	context->scope_depth++;
	for (size_t i = 0; i < candidates.count; i++) {
		const struct world_finding *finding = (const void *)candidates.items[i].record;
		struct ways part;

		if (!may_come_into_scope(context, condition, &candidates.items[i]))
			continue;
		part = finding->scope ? make(seeker, finding->scope, TRUTH_TRUE) : ways_nothing();
		ways_add(context->arena, &list, &part);
	}
	context->scope_depth--;
	return ways_small(&list, &seeker->cut);
}

static struct ways make(struct seeker *seeker, const struct condition *condition, enum truth wanted)
{
	if (truth_of(seeker, condition) == wanted)
		return ways_nothing();
	switch (condition->op) {
	case CONDITION_SURE: /* it asks what is known already */
		return (struct ways){.count = 0};
	case CONDITION_ALL:
		return wanted == TRUTH_TRUE ? make_each(seeker, condition, wanted)
					    : make_one(seeker, condition, wanted);
	case CONDITION_ANY:
		return wanted == TRUTH_TRUE ? make_one(seeker, condition, wanted)
					    : make_each(seeker, condition, wanted);
	case CONDITION_NOT:
		return make(seeker, condition->of, TRUTH_TRUE + TRUTH_FALSE - wanted);
	case CONDITION_COND:
		return make(seeker, condition->definition->condition, wanted);
	case CONDITION_RECORD:
		if (condition->record == RECORD_FINDING && wanted == TRUTH_TRUE)
			return make_scope(seeker, condition);
		return make_step(seeker, condition, wanted);
	default:
		return make_step(seeker, condition, wanted);
	}
}

static bool holds_here(const struct context *context, const struct sought *sought,
		       const struct condition *condition, enum truth wanted)
{
	return sought->condition == condition && sought->wanted == wanted &&
	       sought->hop == context->hop &&
	       (!(sought->looked & LOOKED_AREA) || sought->area == context->area) &&
	       (!(sought->looked & LOOKED_CATEGORY) || sought->category == context->category);
}

static struct sought *seek_judged(struct seeker *seeker, const struct condition *condition,
				  enum truth wanted)
{
	struct context *context = seeker->context;
	struct sought *sought = arena_alloc(context->arena, sizeof(*sought));

	context->looked = 0;
	truth_of_judged(seeker, condition);
	*sought = (struct sought){.condition = condition,
				  .wanted = wanted,
				  .hop = context->hop,
				  .area = context->area,
				  .category = context->category,
				  .after = context->agreement};
	sought->ways = make(seeker, condition, wanted);
	sought->looked = context->looked;
	return sought;
}

/* A condition that is judged by itself, under the binding it was judged with. */
static struct ways make_judged(struct seeker *seeker, const struct condition *condition,
			       enum truth wanted)
{
	struct sought **sought;

	if (!condition)
		return (struct ways){.count = 0};
	sought = &seeker->sought[slot_of(condition)];
	if (!*sought || !holds_here(seeker->context, *sought, condition, wanted))
		*sought = seek_judged(seeker, condition, wanted);
	seeker->context->agreement = (*sought)->after;
	return (*sought)->ways;
}

/* ---- The ways of an opinion ---- */

static bool in_force(const struct context *context, day from, day until)
{
	return from <= context->as_of && context->as_of < until;
}

static struct ways lift_prohibitions(struct seeker *seeker, const struct world_rulebook *rulebook,
				     bool only_any)
{
	struct ways ways = ways_nothing();

	for (size_t i = 0; i < rulebook->prohibition_count; i++) {
		const struct prohibition *prohibition = &rulebook->prohibitions[i];

		if (in_force(seeker->context, prohibition->from, prohibition->until) &&
		    (prohibition->reach_any || !only_any))
			ways = unite(seeker, ways,
				     make_judged(seeker, prohibition->when, TRUTH_FALSE));
	}
	return ways;
}

static struct ways perform(struct seeker *seeker, struct ways ways, const struct duties *duties,
			   bool bound)
{
	struct context *context = seeker->context;
	struct word_list refused = {0};

	trial_refusals(context, duties, bound, &refused);
	for (size_t i = 0; i < refused.count; i++) {
		const struct step *step = offer_duty(&seeker->offers, refused.items[i]);

		ways = unite(seeker, ways,
			     step ? ways_of(context->arena, step) : (struct ways){.count = 0});
	}
	return ways;
}

static struct ways stand_on(struct seeker *seeker, struct ways before, const struct ground *ground)
{
	struct ways ways = unite(seeker, before, make_judged(seeker, ground->needs, TRUTH_TRUE));

	return perform(seeker, ways, &ground->duties, true);
}

static struct ways ways_of_opinion(struct seeker *seeker, const struct world_rulebook *rulebook)
{
	struct context *context = seeker->context;
	struct ways before = perform(seeker, lift_prohibitions(seeker, rulebook, false),
				     &rulebook->duties, false);
	struct way_list list = {0};
	struct ways part;

	/* It applies, or may: it has an opinion. */
	if (rulebook->applies && truth_of_judged(seeker, rulebook->applies) == TRUTH_UNKNOWN) {
		part = make_judged(seeker, rulebook->applies, TRUTH_FALSE);
		ways_add(context->arena, &list, &part);
	}
	if (rulebook->not_a_transfer) {
		part = unite(seeker, lift_prohibitions(seeker, rulebook, true),
			     make_judged(seeker, rulebook->not_a_transfer, TRUTH_TRUE));
		ways_add(context->arena, &list, &part);
	}
	for (size_t i = 0; i < rulebook->ground_count; i++) {
		if (!in_force(context, rulebook->grounds[i].from, rulebook->grounds[i].until))
			continue;
		part = stand_on(seeker, before, &rulebook->grounds[i]);
		ways_add(context->arena, &list, &part);
	}
	if (rulebook->default_permitted)
		ways_add(context->arena, &list, &before);
	return ways_small(&list, &seeker->cut);
}

/* ---- The ways of a decision ---- */

/* The ways of all failing opinions, equal ones once. */
struct parts {
	struct ways *items;
	size_t count, capacity;
};

static bool is_failing(const struct opinion *opinion)
{
	return opinion->verdict == VERDICT_INDETERMINATE || opinion->verdict == VERDICT_DENIED;
}

static void add_part(struct seeker *seeker, struct parts *parts, const struct ways *part)
{
	for (size_t i = 0; i < parts->count; i++)
		if (ways_equal(&parts->items[i], part))
			return;
	list_push(seeker->context->arena, parts, *part);
}

static struct ways unite_all(struct seeker *seeker, const struct parts *parts)
{
	struct ways ways = ways_nothing();

	for (size_t i = 0; i < parts->count; i++)
		ways = unite(seeker, ways, parts->items[i]);
	return ways;
}

static void look_at(struct seeker *seeker, const struct chain *chain, const struct leg *leg,
		    const struct world_rulebook *rulebook)
{
	struct context *context = seeker->context;

	context->hop = &chain->hops[leg->hop];
	context->area = leg->area;
	context->category = leg->category;
	context->rulebook = rulebook;
}

static bool is_about_leg(const struct opinion *opinion, uint32_t leg)
{
	for (size_t i = 0; i < opinion->leg_count; i++)
		if (opinion->legs[i] == leg)
			return true;
	return false;
}

/* Marks opinions that have no way on some leg. */
static struct parts gather(struct seeker *seeker, const struct chain *chain,
			   const struct decision *decision, bool *beyond)
{
	struct parts parts = {0};

	for (uint32_t leg = 0; leg < decision->leg_count; leg++)
		for (size_t i = 0; i < decision->opinion_count; i++) {
			const struct opinion *opinion = &decision->opinions[i];
			struct ways part = {.count = 0};

			if (!is_failing(opinion) || !is_about_leg(opinion, leg))
				continue;
			if (opinion->rulebook) {
				list_push(seeker->context->arena, &seeker->failing,
					  ((struct suspect){leg, opinion->rulebook}));
				look_at(seeker, chain, &chain->legs[leg], opinion->rulebook);
				part = ways_of_opinion(seeker, opinion->rulebook);
			}
			beyond[i] |= part.count == 0;
			add_part(seeker, &parts, &part);
		}
	return parts;
}

/* ---- What is beyond remedy ---- */

struct beyond_list {
	struct beyond_remedy *items;
	size_t count, capacity;
};

static void add_beyond(struct arena *arena, struct beyond_list *list, struct beyond_remedy one)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].rulebook == one.rulebook &&
		    bytes_equal(list->items[i].decided_by, one.decided_by))
			return;
	list_push(arena, list, one);
}

static void write_beyond(struct arena *arena, const bool *beyond, struct decision *decision)
{
	struct beyond_list list = {0};

	for (size_t i = 0; i < decision->opinion_count; i++)
		if (beyond[i])
			add_beyond(arena, &list,
				   (struct beyond_remedy){decision->opinions[i].rulebook,
							  decision->opinions[i].decided_by});
	for (uint32_t leg = 0; leg < decision->leg_count; leg++)
		if (decision->legs[leg].silent)
			add_beyond(arena, &list,
				   (struct beyond_remedy){NULL, BYTES_LITERAL("no-opinion")});
	decision->beyond_remedy = list.items;
	decision->beyond_remedy_count = list.count;
}

/* ---- Trying ---- */

/* Leaves out what is not needed, until everything is. */
static struct way reduce(struct trial *trial, struct way way)
{
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; i < way.count;) {
			struct way less = way_without(trial->context->arena, &way, i);

			if (trial_permits(trial, &less)) {
				way = less;
				again = true;
			} else {
				i++;
			}
		}
	}
	return way;
}

static struct ways try_all(struct seeker *seeker, struct trial *trial, const struct ways *ways)
{
	struct way_list list = {0};

	for (size_t i = 0; i < ways->count; i++)
		if (trial_permits(trial, &ways->items[i]))
			list_push(seeker->context->arena, &list, reduce(trial, ways->items[i]));
	return ways_small(&list, &seeker->cut);
}

static struct remedy remedy_of(struct arena *arena, const struct way *way)
{
	const struct remedy_step **steps =
		arena_alloc_array(arena, way->count, sizeof(const struct remedy_step *));

	for (size_t i = 0; i < way->count; i++)
		steps[i] = &way->steps[i]->said;
	return (struct remedy){steps, way->count, way->effort};
}

static void write_remedies(struct arena *arena, const struct ways *ways, struct decision *decision)
{
	struct remedy *remedies = arena_array(arena, struct remedy, ways->count);

	for (size_t i = 0; i < ways->count; i++)
		remedies[i] = remedy_of(arena, &ways->items[i]);
	decision->remedies = remedies;
	decision->remedy_count = ways->count;
}

static void seek(struct seeker *seeker, const struct chain *chain, struct rulebooks rulebooks,
		 struct decision *decision)
{
	struct arena *arena = seeker->context->arena;
	bool *beyond = arena_array(arena, bool, decision->opinion_count);
	struct parts parts = gather(seeker, chain, decision, beyond);

	write_beyond(arena, beyond, decision);
	if (!decision->beyond_remedy_count) {
		struct trial trial = trial_begin(seeker->context, chain, rulebooks);
		struct ways ways = unite_all(seeker, &parts);

		trial.suspects = seeker->failing;
		ways = try_all(seeker, &trial, &ways);
		write_remedies(arena, &ways, decision);
	}
}

void remedy_seek(struct context *context, const struct chain *chain, struct rulebooks rulebooks,
		 struct decision *decision)
{
	struct seeker seeker = {.context = context, .cut = chain->leg_count > REMEDY_LEGS_MAX};

	seeker.known = arena_array(context->arena, struct known, KNOWN_SLOTS);
	seeker.sought = arena_alloc_array(context->arena, KNOWN_SLOTS, sizeof(struct sought *));
	seeker.offers = offers_begin(context, chain);
	context->trace = NULL;
	if (!seeker.cut)
		seek(&seeker, chain, rulebooks, decision);
	decision->remedies_cut = seeker.cut;
	context->holds_until = seeker.offers.noted;
}
