#include "fixture.h"

#include "contract/outcome.h"

/* The JSON of what a receipt would keep of the answer. */
static const char *kept(struct fixture *fixture, const char *yaml)
{
	struct bytes text = outcome_write(fixture_ask(fixture, yaml).message, fixture->arena);

	return arena_string(fixture->arena, text);
}

static void nothing_that_words_the_answer_is_kept(void **state)
{
	const char *text = kept(*state, "{data-set: acounts, recipients: [desk-ph],"
					" facts: {consent.givn: true}}");

	assert_null(strstr(text, "did_you_mean"));
	assert_null(strstr(text, "\"text\""));
	assert_non_null(strstr(text, "\"code\":\"UNKNOWN_DATA_SET\""));
	assert_non_null(strstr(text, "\"ignored\":[{\"name\":\"consent.givn\"}]"));
}

static void a_refusal_keeps_every_condition_that_failed(void **state)
{
	const char *text = kept(*state, "{data-set: accounts, recipients: [desk-ph]}");

	assert_non_null(strstr(text, "\"condition\":\"leg.area: BE\",\"found\":\"PH\""));
	assert_non_null(strstr(text, "\"ground\":\"kr-law/adults\""));
	assert_null(strstr(text, "\"digest\""));
}

static void a_permission_keeps_the_grounds_that_hold(void **state)
{
	const char *text = kept(*state, "{data-set: accounts, recipients: [carrier-be]}");

	assert_non_null(strstr(text, "\"ground\":\"kr-law/recognised\",\"result\":\"TRUE\""));
	assert_null(strstr(text, "kr-law/consent"));
}

static void the_answer_itself_stays_whole(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Decision *answer =
		fixture_ask(fixture, "{data-set: acounts, recipients: [desk-ph]}").message;

	outcome_write(answer, fixture->arena);
	assert_int_equal(answer->n_did_you_mean, 1);
	assert_string_not_equal(answer->reasons[0]->text, "");
}

/* A refusal by as many opinions. */
static struct bytes kept_of_many(struct fixture *fixture, size_t count)
{
	Carnet__V1__Decision *answer =
		fixture_ask(fixture, "{data-set: accounts, recipients: [desk-ph]}").message;
	Carnet__V1__Opinion **opinions = arena_array(fixture->arena, Carnet__V1__Opinion *, count);

	for (size_t i = 0; i < count; i++)
		opinions[i] = answer->opinions[0];
	answer->opinions = opinions;
	answer->n_opinions = count;
	return outcome_write(answer, fixture->arena);
}

static void what_is_too_large_loses_conditions_first_and_never_the_verdict(void **state)
{
	struct bytes whole = kept_of_many(*state, 2), results = kept_of_many(*state, 25),
		     none = kept_of_many(*state, 50);

	assert_non_null(memmem(whole.data, whole.size, "leg.area: BE", 12));
	assert_null(memmem(results.data, results.size, "leg.area: BE", 12));
	assert_non_null(memmem(results.data, results.size, "\"ground\"", 8));
	assert_null(memmem(none.data, none.size, "\"ground\"", 8));
	assert_non_null(memmem(none.data, none.size, "\"verdict\":\"DENIED\"", 18));
	assert_true(results.size <= OUTCOME_SIZE_MAX && none.size <= OUTCOME_SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_words_the_answer_is_kept),
		cmocka_unit_test(a_refusal_keeps_every_condition_that_failed),
		cmocka_unit_test(a_permission_keeps_the_grounds_that_hold),
		cmocka_unit_test(the_answer_itself_stays_whole),
		cmocka_unit_test(what_is_too_large_loses_conditions_first_and_never_the_verdict),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
