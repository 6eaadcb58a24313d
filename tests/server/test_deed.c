#include "test.h"

#include <stdlib.h>

#include "contract/outcome.h"
#include "receipt/proof.h"
#include "server/deed.h"

static struct arena *arena;

/* A JSON text of so many bytes. */
static struct bytes value_of(size_t size)
{
	char *text = arena_alloc(arena, size + 1);

	memset(text, 'x', size);
	text[0] = text[size - 1] = '"';
	return bytes_of(text, size);
}

static bool is_stand_in(struct bytes value, size_t size)
{
	char *expected = arena_printf(arena, "\"size\":\"%zu\"}", size);

	return bytes_start_with(value, "{\"sha256\":\"") &&
	       memmem(value.data, value.size, expected, strlen(expected));
}

static void what_fits_stays_as_it_is(void **state)
{
	struct bytes values[DISCLOSURE_COUNT] = {{0}};

	(void)state;
	arena = arena_new(0);
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		values[i] = value_of(5000);
	assert_true(deed_fits(values));
	deed_fit(values, arena);
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		assert_int_equal(values[i].size, 5000);
	arena_free(arena);
}

static void the_largest_go_first_and_the_outcome_never(void **state)
{
	struct bytes values[DISCLOSURE_COUNT] = {{0}};

	(void)state;
	arena = arena_new(0);
	values[DISCLOSURE_SUBJECT] = value_of(100);
	values[DISCLOSURE_REQUEST] = value_of(11000);
	values[DISCLOSURE_CONTEXT] = value_of(900);
	values[DISCLOSURE_EVIDENCE] = value_of(11500);
	values[DISCLOSURE_OUTCOME] = value_of(OUTCOME_CORE_MAX);
	assert_false(deed_fits(values));
	deed_fit(values, arena);
	assert_true(deed_fits(values));
	assert_true(is_stand_in(values[DISCLOSURE_EVIDENCE], 11500));
	assert_int_equal(values[DISCLOSURE_REQUEST].size, 11000);
	assert_int_equal(values[DISCLOSURE_SUBJECT].size, 100);
	assert_int_equal(values[DISCLOSURE_OUTCOME].size, OUTCOME_CORE_MAX);
	arena_free(arena);
}

static void everything_at_its_largest_fits_in_the_end(void **state)
{
	struct bytes values[DISCLOSURE_COUNT];

	(void)state;
	arena = arena_new(0);
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		values[i] = value_of(i == DISCLOSURE_OUTCOME ? OUTCOME_CORE_MAX : 4 << 20);
	deed_fit(values, arena);
	assert_true(deed_fits(values));
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		assert_true(i == DISCLOSURE_OUTCOME || is_stand_in(values[i], 4 << 20));
	assert_int_equal(values[DISCLOSURE_OUTCOME].size, OUTCOME_CORE_MAX);
	arena_free(arena);
}

/* What a search found is no decision, and may be long. */
static void a_large_outcome_that_is_no_core_goes_like_any_other(void **state)
{
	struct bytes values[DISCLOSURE_COUNT] = {{0}};

	(void)state;
	arena = arena_new(0);
	values[DISCLOSURE_REQUEST] = value_of(1000);
	values[DISCLOSURE_OUTCOME] = value_of(60000);
	deed_fit(values, arena);
	assert_true(deed_fits(values));
	assert_int_equal(values[DISCLOSURE_REQUEST].size, 1000);
	assert_true(is_stand_in(values[DISCLOSURE_OUTCOME], 60000));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_stays_as_it_is),
		cmocka_unit_test(the_largest_go_first_and_the_outcome_never),
		cmocka_unit_test(a_large_outcome_that_is_no_core_goes_like_any_other),
		cmocka_unit_test(everything_at_its_largest_fits_in_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
