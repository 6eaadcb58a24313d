#include "contract/case.h"

#include <string.h>

#include "contract/overlay.h"
#include "engine/decide.h"
#include "text/allocator.h"
#include "text/names.h"

/* ---- Asking ---- */

Carnet__V1__CheckRequest case_request(const Carnet__V1__Case *one, struct arena *arena)
{
	Carnet__V1__CheckRequest request = *one->ask;
	size_t count = one->n_given + one->ask->n_given;

	request.given = arena_array(arena, Carnet__V1__Record *, count);
	request.n_given = count;
	for (size_t i = 0; i < count; i++)
		request.given[i] =
			i < one->n_given ? one->given[i] : one->ask->given[i - one->n_given];
	return request;
}

static int answer(const Carnet__V1__CheckRequest *request, const struct case_registry *registry,
		  const struct world *world, struct arena *arena, struct case_result *out,
		  struct error *error)
{
	struct question_frame frame = {world, registry->today, registry->revision};
	struct question_violations violations;
	const struct decision *decision;
	struct asked asked;

	if (question_read(request, &frame, arena, &asked, &violations, error))
		return error->code;
	if (decide(world, &asked.question, arena, &decision, error))
		return error->code;
	out->decision = answer_write(&asked, decision, &registry->place, arena);
	return 0;
}

static int ask(const Carnet__V1__CheckRequest *request, const struct case_registry *registry,
	       struct arena *arena, struct case_result *out, struct error *error)
{
	struct question_violations violations;
	struct world *overlay = NULL;
	int result;

	if (question_check(request, arena, &violations, error))
		return error->code;
	if (request->n_given &&
	    overlay_compile(registry->records, request->given, request->n_given, &overlay, error))
		return error->code;
	result = answer(request, registry, overlay ? overlay : registry->world, arena, out, error);
	world_free(overlay);
	return result;
}

int case_run(const Carnet__V1__Case *one, const struct case_registry *registry, struct arena *arena,
	     struct case_result *out, struct error *error)
{
	Carnet__V1__CheckRequest request;

	*out = (struct case_result){0};
	if (!one->ask)
		return error_set(error, ERR_INVALID,
				 "asks nothing; write its question under `ask`");
	request = case_request(one, arena);
	if (ask(&request, registry, arena, out, error))
		return error->code;
	case_compare(one->expect, out->decision, arena, out);
	return 0;
}

/* ---- Comparing ---- */

struct comparison {
	const Carnet__V1__Decision *decision;
	struct arena *arena;
	struct case_result *result;
	struct case_difference *items; /* the result's, while it grows */
	size_t capacity;
};

static void differ(struct comparison *comparison, const struct case_difference *one)
{
	struct case_result *result = comparison->result;
	size_t count = result->difference_count;
	struct case_difference *more;

	if (count == comparison->capacity) {
		comparison->capacity = comparison->capacity ? comparison->capacity * 2 : 8;
		more = arena_array(comparison->arena, struct case_difference, comparison->capacity);
		if (count)
			memcpy(more, comparison->items, count * sizeof(*more));
		result->differences = comparison->items = more;
	}
	comparison->items[result->difference_count++] = *one;
}

static const char *verdict_name(Carnet__V1__Verdict verdict)
{
	const char *name = names_value(&carnet__v1__verdict__descriptor, (int)verdict);

	return name ? name : "no verdict";
}

/* "PERMITTED or PERMITTED_WITH_OBLIGATIONS" */
static const char *wanted(struct arena *arena, Carnet__V1__Verdict verdict,
			  const Carnet__V1__Verdict *also, size_t count)
{
	const char *text = verdict ? verdict_name(verdict) : NULL;

	for (size_t i = 0; i < count; i++)
		text = text ? arena_printf(arena, "%s or %s", text, verdict_name(also[i]))
			    : verdict_name(also[i]);
	return text;
}

/* `what` begins the sentence: "verdict", "kr-pipa". */
static void compare_verdict(struct comparison *comparison, const char *what,
			    const Carnet__V1__Opinion *opinion, Carnet__V1__Verdict found,
			    Carnet__V1__Verdict verdict, const Carnet__V1__Verdict *also,
			    size_t count)
{
	struct case_difference one = {.what = what, .opinion = opinion};

	if (verdict == CARNET__V1__VERDICT__VERDICT_UNSPECIFIED && !count)
		return;
	if (verdict && found == verdict)
		return;
	for (size_t i = 0; i < count; i++)
		if (found == also[i])
			return;
	one.expected = wanted(comparison->arena, verdict, also, count);
	one.found = verdict_name(found);
	one.text = arena_printf(comparison->arena, "%s: expected %s, came out %s", what,
				one.expected, one.found);
	differ(comparison, &one);
}

static bool has_code(Carnet__V1__Reason *const *reasons, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(reasons[i]->code, code))
			return true;
	return false;
}

static bool opinion_has_code(const Carnet__V1__Opinion *opinion, const char *code)
{
	if (has_code(opinion->reasons, opinion->n_reasons, code))
		return true;
	for (size_t i = 0; i < opinion->n_grounds; i++)
		if (has_code(opinion->grounds[i]->failed, opinion->grounds[i]->n_failed, code))
			return true;
	return false;
}

static bool is_reason(const Carnet__V1__Decision *decision, const char *code)
{
	if (has_code(decision->reasons, decision->n_reasons, code))
		return true;
	for (size_t i = 0; i < decision->n_opinions; i++)
		if (opinion_has_code(decision->opinions[i], code))
			return true;
	return false;
}

static bool is_owed(const Carnet__V1__Decision *decision, const char *duty)
{
	for (size_t i = 0; i < decision->n_duties; i++)
		if (!strcmp(decision->duties[i]->duty, duty))
			return true;
	return false;
}

static bool has_duty(const Carnet__V1__Opinion *opinion, const char *duty)
{
	for (size_t i = 0; i < opinion->n_duties; i++)
		if (!strcmp(opinion->duties[i], duty))
			return true;
	return false;
}

/* A rulebook may hold different opinions of different legs: the strictest counts. */
static const Carnet__V1__Opinion *strictest(const Carnet__V1__Decision *decision,
					    const char *rulebook)
{
	const Carnet__V1__Opinion *found = NULL;

	for (size_t i = 0; i < decision->n_opinions; i++) {
		const Carnet__V1__Opinion *one = decision->opinions[i];

		if (!strcmp(one->rulebook, rulebook) && (!found || one->verdict > found->verdict))
			found = one;
	}
	return found;
}

/* Opinions as strict as the strictest may have been decided differently. */
static bool decided_by(const Carnet__V1__Decision *decision, const Carnet__V1__Opinion *strict,
		       const char *by)
{
	for (size_t i = 0; i < decision->n_opinions; i++) {
		const Carnet__V1__Opinion *one = decision->opinions[i];

		if (!strcmp(one->rulebook, strict->rulebook) && one->verdict == strict->verdict &&
		    !strcmp(one->decided_by, by))
			return true;
	}
	return false;
}

static bool rulebook_owes(const Carnet__V1__Decision *decision, const char *rulebook,
			  const char *duty)
{
	for (size_t i = 0; i < decision->n_opinions; i++)
		if (!strcmp(decision->opinions[i]->rulebook, rulebook) &&
		    has_duty(decision->opinions[i], duty))
			return true;
	return false;
}

static void compare_opinion(struct comparison *comparison,
			    const Carnet__V1__ExpectedOpinion *expected)
{
	const Carnet__V1__Opinion *found = strictest(comparison->decision, expected->rulebook);
	struct case_difference one = {.what = expected->rulebook, .opinion = found};
	struct arena *arena = comparison->arena;

	if (!found) {
		one.expected = expected->verdict ? verdict_name(expected->verdict) : "an opinion";
		one.found = "no opinion";
		one.text = arena_printf(arena, "%s: expected %s, gave no opinion", one.what,
					one.expected);
		differ(comparison, &one);
		return;
	}
	compare_verdict(comparison, expected->rulebook, found, found->verdict, expected->verdict,
			expected->also_accept, expected->n_also_accept);
	if (*expected->decided_by &&
	    !decided_by(comparison->decision, found, expected->decided_by)) {
		one.expected = expected->decided_by;
		one.found = found->decided_by;
		one.text = arena_printf(arena, "%s: expected %s to decide, %s did", one.what,
					one.expected, one.found);
		differ(comparison, &one);
	}
	for (size_t i = 0; i < expected->n_duties; i++) {
		if (rulebook_owes(comparison->decision, expected->rulebook, expected->duties[i]))
			continue;
		one.expected = expected->duties[i];
		one.found = "";
		one.text = arena_printf(arena, "%s: expected the duty %s", one.what, one.expected);
		differ(comparison, &one);
	}
}

static void compare_lists(struct comparison *comparison, const Carnet__V1__Expect *expect)
{
	struct case_difference one = {.found = ""};

	for (size_t i = 0; i < expect->n_reasons; i++) {
		if (is_reason(comparison->decision, expect->reasons[i]))
			continue;
		one.what = "reasons";
		one.expected = expect->reasons[i];
		one.text = arena_printf(comparison->arena, "reasons: expected %s among them",
					one.expected);
		differ(comparison, &one);
	}
	for (size_t i = 0; i < expect->n_duties; i++) {
		if (is_owed(comparison->decision, expect->duties[i]))
			continue;
		one.what = "duties";
		one.expected = expect->duties[i];
		one.text = arena_printf(comparison->arena, "duties: expected %s to be owed",
					one.expected);
		differ(comparison, &one);
	}
}

static void compare_scalars(struct comparison *comparison, const Carnet__V1__Expect *expect)
{
	const Carnet__V1__Decision *decision = comparison->decision;
	bool yes = expect->authorises == CARNET__V1__ANSWER__ANSWER_YES;
	struct case_difference one = {.what = "holds until", .expected = expect->holds_until};

	if (*expect->holds_until && strcmp(expect->holds_until, decision->holds_until)) {
		one.found = *decision->holds_until ? decision->holds_until : "without end";
		one.text = arena_printf(comparison->arena, "holds until: expected %s, came out %s",
					one.expected, one.found);
		differ(comparison, &one);
	}
	if (expect->authorises == CARNET__V1__ANSWER__ANSWER_UNSPECIFIED ||
	    yes == (bool)decision->authorises)
		return;
	one = (struct case_difference){
		.what = "authorises",
		.expected = yes ? "yes" : "no",
		.found = yes ? "no" : "yes",
		.text = yes ? "authorises: expected yes, came out no"
			    : "authorises: expected no, came out yes",
	};
	differ(comparison, &one);
}

/* The first opinion that made the verdict what it is. */
static const Carnet__V1__Opinion *weightiest(const Carnet__V1__Decision *decision)
{
	for (size_t i = 0; i < decision->n_opinions; i++)
		if (decision->opinions[i]->verdict == decision->verdict)
			return decision->opinions[i];
	return NULL;
}

void case_compare(const Carnet__V1__Expect *expect, const Carnet__V1__Decision *decision,
		  struct arena *arena, struct case_result *out)
{
	struct comparison comparison = {.decision = decision, .arena = arena, .result = out};

	out->differences = NULL;
	out->difference_count = 0;
	if (!expect)
		return;
	compare_verdict(&comparison, "verdict", weightiest(decision), decision->verdict,
			expect->verdict, expect->also_accept, expect->n_also_accept);
	for (size_t i = 0; i < expect->n_opinions; i++)
		compare_opinion(&comparison, expect->opinions[i]);
	compare_lists(&comparison, expect);
	compare_scalars(&comparison, expect);
}

Carnet__V1__Case *case_of_expectation(const Carnet__V1__Record *record, struct arena *arena)
{
	Carnet__V1__Case *one = allocator_message(arena, &carnet__v1__case__descriptor);

	one->id = record->id;
	one->title = record->name;
	one->note = record->note;
	one->ask = record->expectation->ask;
	one->expect = record->expectation->expect;
	return one;
}
