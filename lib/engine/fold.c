#include "engine/fold.h"

#include <stdlib.h>

#include "engine/sources.h"

struct leg_list {
	uint32_t *items;
	size_t count, capacity;
};

struct group {
	struct judgement judgement;
	struct leg_list legs;
};

struct group_list {
	struct group *items;
	size_t count, capacity;
};

struct fold {
	struct context *context;
	struct group_list *places;
	size_t place_count;
	size_t group_count;
};

struct fold *fold_new(struct context *context, size_t rulebook_count)
{
	struct fold *fold = arena_alloc(context->arena, sizeof(*fold));

	fold->context = context;
	fold->place_count = rulebook_count + 1;
	fold->places = arena_array(context->arena, struct group_list, fold->place_count);
	return fold;
}

/* ---- What is the same ---- */

static bool equal_words(const symbol *a, size_t a_count, const symbol *b, size_t b_count)
{
	return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof(symbol)) == 0);
}

static bool equal_records(struct records a, struct records b)
{
	return a.count == b.count &&
	       (a.count == 0 ||
		memcmp(a.items, b.items, a.count * sizeof(const struct record *)) == 0);
}

static bool equal_grounds(const struct opinion *a, const struct opinion *b)
{
	if (a->ground_count != b->ground_count)
		return false;
	for (size_t i = 0; i < a->ground_count; i++)
		if (a->grounds[i].ground != b->grounds[i].ground ||
		    a->grounds[i].result != b->grounds[i].result ||
		    !sources_equal_reasons(a->grounds[i].failed, b->grounds[i].failed))
			return false;
	return true;
}

static bool equal_owed(const struct owed_list *a, const struct owed_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->items[i].duty != b->items[i].duty ||
		    a->items[i].standing != b->items[i].standing ||
		    !bytes_equal(a->items[i].cite, b->items[i].cite))
			return false;
	return true;
}

static bool equal_judgements(const struct judgement *left, const struct judgement *right)
{
	const struct opinion *a = &left->opinion, *b = &right->opinion;

	return a->verdict == b->verdict && bytes_equal(a->decided_by, b->decided_by) &&
	       equal_records(a->records, b->records) &&
	       equal_words(a->asserted, a->asserted_count, b->asserted, b->asserted_count) &&
	       equal_owed(&left->owed, &right->owed) &&
	       sources_equal_reasons(a->reasons, b->reasons) && equal_grounds(a, b);
}

void fold_add(struct fold *fold, size_t place, const struct judgement *judgement, uint32_t leg)
{
	struct arena *arena = fold->context->arena;
	struct group_list *groups = &fold->places[place];
	struct group group = {.judgement = *judgement};

	for (size_t i = 0; i < groups->count; i++)
		if (equal_judgements(&groups->items[i].judgement, judgement)) {
			list_push(arena, &groups->items[i].legs, leg);
			return;
		}
	list_push(arena, &group.legs, leg);
	list_push(arena, groups, group);
	fold->group_count++;
}

/* ---- Opinions ---- */

static void write_opinions(struct fold *fold, struct decision *decision)
{
	struct opinion *opinions =
		arena_array(fold->context->arena, struct opinion, fold->group_count);

	for (size_t i = 0; i < fold->place_count; i++)
		for (size_t j = 0; j < fold->places[i].count; j++) {
			const struct group *group = &fold->places[i].items[j];
			struct opinion *opinion = &opinions[decision->opinion_count++];

			*opinion = group->judgement.opinion;
			opinion->legs = group->legs.items;
			opinion->leg_count = group->legs.count;
		}
	decision->opinions = opinions;
}

/* ---- Duties ---- */

/* One rulebook owes one duty. */
struct claim {
	struct owed owed;
	const struct world_rulebook *rulebook;
	size_t order;
};

struct claim_list {
	struct claim *items;
	size_t count, capacity;
};

static int compare_claims(const void *left, const void *right, void *symbols)
{
	const struct claim *a = left, *b = right;
	int order = a->owed.duty == b->owed.duty
			    ? 0
			    : bytes_compare(symbols_text(symbols, a->owed.duty),
					    symbols_text(symbols, b->owed.duty));

	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static struct claim_list gather_claims(const struct fold *fold)
{
	struct claim_list claims = {0};

	for (size_t i = 0; i < fold->place_count; i++)
		for (size_t j = 0; j < fold->places[i].count; j++) {
			const struct judgement *judgement = &fold->places[i].items[j].judgement;

			for (size_t k = 0; k < judgement->owed.count; k++)
				list_push(fold->context->arena, &claims,
					  ((struct claim){judgement->owed.items[k],
							  judgement->opinion.rulebook,
							  claims.count}));
		}
	if (claims.count > 1)
		qsort_r(claims.items, claims.count, sizeof(*claims.items), compare_claims,
			fold->context->world->symbols);
	return claims;
}

static void add_cite(struct owed_duty *duty, struct bytes *cites, struct bytes cite)
{
	if (cite.size == 0)
		return;
	for (size_t i = 0; i < duty->cite_count; i++)
		if (bytes_equal(cites[i], cite))
			return;
	cites[duty->cite_count++] = cite;
}

static void add_rulebook(struct owed_duty *duty, const struct world_rulebook **rulebooks,
			 const struct world_rulebook *rulebook)
{
	for (size_t i = 0; i < duty->rulebook_count; i++)
		if (rulebooks[i] == rulebook)
			return;
	rulebooks[duty->rulebook_count++] = rulebook;
}

static enum answer performance_of(const struct question *question, symbol duty)
{
	for (size_t i = 0; i < question->perform_count; i++)
		if (question->performs[i].duty == duty)
			return question->performs[i].yes ? ANSWER_YES : ANSWER_NO;
	return ANSWER_UNSPECIFIED;
}

/* The claims of one duty become one owed duty. */
static struct owed_duty unite(const struct fold *fold, const struct claim *claims, size_t count)
{
	struct arena *arena = fold->context->arena;
	const struct world_rulebook **rulebooks =
		arena_alloc_array(arena, count, sizeof(const struct world_rulebook *));
	struct bytes *cites = arena_array(arena, struct bytes, count);
	struct owed_duty duty = {.duty = claims[0].owed.duty,
				 .rulebooks = rulebooks,
				 .cites = cites,
				 .standing = true};

	duty.performs = performance_of(fold->context->question, duty.duty);
	for (size_t i = 0; i < count; i++) {
		add_rulebook(&duty, rulebooks, claims[i].rulebook);
		add_cite(&duty, cites, claims[i].owed.cite);
		duty.standing &= claims[i].owed.standing;
	}
	return duty;
}

static void write_duties(struct fold *fold, struct decision *decision)
{
	struct claim_list claims = gather_claims(fold);
	struct owed_duty *duties =
		arena_array(fold->context->arena, struct owed_duty, claims.count);

	for (size_t i = 0, next; i < claims.count; i = next) {
		for (next = i + 1; next < claims.count; next++)
			if (claims.items[next].owed.duty != claims.items[i].owed.duty)
				break;
		duties[decision->duty_count++] = unite(fold, claims.items + i, next - i);
	}
	decision->duties = duties;
}

/* ---- Reasons, records ---- */

static bool is_about_sources(const struct reason *reason)
{
	return reason->code >= REASON_LOW_CONFIDENCE;
}

static void add_reasons(struct context *context, struct reason_list *list, struct reasons reasons)
{
	for (size_t i = 0; i < reasons.count; i++)
		if (!is_about_sources(&reasons.items[i]) &&
		    !sources_has_reason(list->items, list->count, &reasons.items[i]))
			list_push(context->arena, list, reasons.items[i]);
}

/* Those of the opinions that made the verdict. */
static void write_reasons(struct fold *fold, bool has_silent_leg, struct decision *decision)
{
	struct reason_list list = {0};

	for (size_t i = 0; i < decision->opinion_count; i++)
		if (decision->opinions[i].verdict == decision->verdict)
			add_reasons(fold->context, &list, decision->opinions[i].reasons);
	if (has_silent_leg && decision->verdict == VERDICT_INDETERMINATE)
		list_push(fold->context->arena, &list,
			  ((struct reason){.code = REASON_NO_OPINION}));
	decision->reasons = (struct reasons){list.items, list.count};
}

static void write_records(struct fold *fold, struct decision *decision)
{
	for (size_t i = 0; i < decision->opinion_count; i++)
		decision->records = sources_merge_records(fold->context->arena, decision->records,
							  decision->opinions[i].records);
}

void fold_write(struct fold *fold, bool has_silent_leg, struct decision *decision)
{
	write_opinions(fold, decision);
	write_duties(fold, decision);
	write_reasons(fold, has_silent_leg, decision);
	write_records(fold, decision);
}
