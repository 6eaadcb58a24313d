#include "registry/validate.h"

#include "registry/check.h"
#include "registry/circles.h"
#include "registry/conditions.h"
#include "registry/fields.h"
#include "registry/particulars.h"
#include "registry/silence.h"
#include "text/mapping.h"

/* What no text could have said, only a message can bring: numbers for which an
 * enum has no name, pairs of which a half is missing. */
static bool can_be_said(const struct check *check)
{
	struct error error;

	if (check->slice->file || mapping_check(&check->slice->record->base, &error) == 0)
		return true;
	check_problem(check, &check->slice->record->base, NULL, SOURCE_WHOLE, "%s", error.text);
	return false;
}

static void check_slice(struct check check)
{
	if (check.slice->kind == KIND_NONE) {
		check_problem(&check, &check.slice->record->base, NULL, SOURCE_WHOLE,
			      "says no kind; write the record under its kind");
		return;
	}
	if (!can_be_said(&check))
		return;
	if (check.slice->kind == KIND_EXPECTATION && check.slice->record->expectation->ask) {
		check.given = check.slice->record->expectation->ask->given;
		check.given_count = check.slice->record->expectation->ask->n_given;
	}
	particulars_check(&check);
	fields_check(&check);
	conditions_check(&check);
	if (check.slice->kind == KIND_RULEBOOK) {
		circles_check_definitions(&check);
		silence_check(&check);
	}
}

/* Retired slices no longer need what they name. */
static bool is_checked(const struct record_set *set, const struct record_slice *slice,
		       uint64_t since)
{
	return (slice->given || slice->revision >= since) && !slice->record->retired &&
	       record_set_is_newest(set, slice);
}

static void check_slices(const struct record_set *set, uint64_t since, struct check *check)
{
	size_t count;
	const struct record_slice *const *slices = record_set_slices(set, &count);

	for (size_t i = 0; i < count; i++) {
		if (!is_checked(set, slices[i], since))
			continue;
		check->slice = slices[i];
		check_slice(*check);
		arena_reset(check->arena);
	}
}

/* Others rest on what these kinds say, not only on their being there. */
static bool is_rested_on(const struct record_slice *slice)
{
	switch (slice->kind) {
	case KIND_AREA:
	case KIND_DATA_CATEGORY:
	case KIND_INSTRUMENT:
	case KIND_PURPOSE:
	case KIND_RULEBOOK:
	case KIND_TERM:
		return true;
	case KIND_FINDING:
		return slice->record->finding->scope != NULL;
	default:
		return slice->record->retired;
	}
}

/* A slice that is new, whose id nobody could have named yet, breaks nothing. */
static bool is_first_of_its_id(const struct record_set *set, const struct record_slice *slice,
			       uint64_t since)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_find(set, slice->kind, bytes_of_string(slice->record->id), &count);

	for (size_t i = 0; i < count; i++)
		if (!slices[i]->given && slices[i]->revision < since)
			return false;
	return true;
}

static bool touches_others(const struct record_set *set, uint64_t since)
{
	size_t count;
	const struct record_slice *const *slices = record_set_slices(set, &count);

	for (size_t i = 0; i < count; i++) {
		if (slices[i]->revision < since || !is_rested_on(slices[i]))
			continue;
		/* A finding needs no naming: rulebooks meet it by its area. */
		if (slices[i]->kind == KIND_FINDING || !is_first_of_its_id(set, slices[i], since))
			return true;
	}
	return false;
}

int validate_since(const struct record_set *set, uint64_t since, struct problems *problems)
{
	size_t before = problems->total;
	struct check check = {.set = set, .problems = problems, .arena = arena_new(0)};

	if (since != REVISION_NEWEST && touches_others(set, since))
		since = 0;
	check_slices(set, since, &check);
	circles_check_records(&check);
	arena_free(check.arena);
	return problems->total > before ? ERR_INVALID : 0;
}

int validate_set(const struct record_set *set, struct problems *problems)
{
	return validate_since(set, 0, problems);
}
