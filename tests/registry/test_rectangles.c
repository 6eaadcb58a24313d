#include "test.h"

#include "registry/rectangles.h"
#include "text/allocator.h"

enum { DAYS = 12, REVISIONS = 8 };

/* A repeatable stream of numbers (xorshift). */
static unsigned next(unsigned *state, unsigned below)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

/* Day 0 is "since ever" or "without end". */
static char *date(struct arena *arena, unsigned on)
{
	return on ? arena_printf(arena, "2024-01-%02u", on) : arena_printf(arena, "%s", "");
}

static void add_slice(struct record_set *set, unsigned *state)
{
	struct arena *arena = record_set_arena(set);
	Carnet__V1__Record *record = allocator_message(arena, &carnet__v1__record__descriptor);
	unsigned from = next(state, DAYS), until = next(state, 3) ? 0 : from + 1 + next(state, 5);

	record->id = arena_string(arena, BYTES_LITERAL("a"));
	record->from = date(arena, from);
	record->until = date(arena, until);
	record->retired = next(state, 5) == 0;
	record->body_case = CARNET__V1__RECORD__BODY_PARTY;
	record->party = allocator_message(arena, &carnet__v1__party__descriptor);
	if (next(state, 8) == 0)
		record_set_add_given(set, record);
	else
		record_set_add(set, record, 1 + next(state, REVISIONS), NULL);
}

static struct record_set *random_set(unsigned *state)
{
	struct record_set *set = record_set_new();
	unsigned count = 1 + next(state, 10);

	for (unsigned i = 0; i < count; i++)
		add_slice(set, state);
	record_set_seal(set);
	return set;
}

static bool contains(const struct rectangle *rectangle, day on, uint64_t revision)
{
	return rectangle->from <= on && on < rectangle->until &&
	       rectangle->known_from <= revision && revision < rectangle->known_until;
}

static void compare_points(const struct record_set *set, const struct rectangles *rectangles)
{
	day first;

	assert_int_equal(date_parse(BYTES_LITERAL("2023-12-30"), &first, NULL), 0);
	for (day on = first; on < first + DAYS + 10; on++)
		for (uint64_t revision = 0; revision <= REVISIONS + 1; revision++) {
			const struct record_slice *expected = record_set_speaks(
				set, KIND_PARTY, BYTES_LITERAL("a"), on, revision);
			const struct record_slice *found = NULL;

			for (size_t i = 0; i < rectangles->count; i++)
				if (contains(&rectangles->items[i], on, revision)) {
					assert_null(found);
					found = rectangles->items[i].slice;
				}
			assert_ptr_equal(found, expected);
		}
}

static void rectangles_say_at_every_point_what_the_slices_say(void **unused)
{
	struct rectangles rectangles = {0};
	unsigned state = 2463534242;

	(void)unused;
	for (int round = 0; round < 3000; round++) {
		struct record_set *set = random_set(&state);
		size_t count;
		const struct record_slice *const *slices =
			record_set_find(set, KIND_PARTY, BYTES_LITERAL("a"), &count);

		rectangles_compute(&rectangles, slices, count);
		compare_points(set, &rectangles);
		record_set_free(set);
	}
	rectangles_release(&rectangles);
}

/* A second opinion on record_set_speaks itself, by the words of registry.proto. */
static const struct record_slice *by_the_words(const struct record_set *set, day on,
					       uint64_t revision)
{
	const struct record_slice *best[2] = {NULL, NULL};
	size_t count;
	const struct record_slice *const *slices = record_set_slices(set, &count);

	for (size_t i = 0; i < count; i++) {
		const struct record_slice *one = slices[i];
		bool superseded = one->revision > revision;

		for (size_t j = 0; j < count; j++)
			superseded |= slices[j]->given == one->given &&
				      slices[j]->from == one->from &&
				      slices[j]->revision > one->revision &&
				      slices[j]->revision <= revision;
		if (superseded || one->record->retired || one->from > on)
			continue;
		if (!best[one->given] || one->from > best[one->given]->from)
			best[one->given] = one;
	}
	if (best[1] && on < best[1]->until)
		return best[1];
	for (size_t i = 0; i < count; i++)
		if (best[0] && slices[i]->given && !slices[i]->record->retired &&
		    slices[i]->from == best[0]->from)
			best[0] = NULL; /* given anew */
	return best[0] && on < best[0]->until ? best[0] : NULL;
}

static void the_slice_with_the_latest_from_speaks(void **unused)
{
	unsigned state = 88675123;
	day first;

	(void)unused;
	assert_int_equal(date_parse(BYTES_LITERAL("2023-12-30"), &first, NULL), 0);
	for (int round = 0; round < 1000; round++) {
		struct record_set *set = random_set(&state);

		for (day on = first; on < first + DAYS + 10; on++)
			for (uint64_t revision = 0; revision <= REVISIONS + 1; revision++)
				assert_ptr_equal(record_set_speaks(set, KIND_PARTY,
								   BYTES_LITERAL("a"), on,
								   revision),
						 by_the_words(set, on, revision));
		record_set_free(set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rectangles_say_at_every_point_what_the_slices_say),
		cmocka_unit_test(the_slice_with_the_latest_from_speaks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
