#include "test.h"

#include <stdio.h>

#include "client/command.h"

static void of_many_outcomes_a_denial_counts_most(void **state)
{
	static const enum outcome rising[] = {OUTCOME_GOOD,          OUTCOME_CONDITIONAL,
					      OUTCOME_INDETERMINATE, OUTCOME_BAD,
					      OUTCOME_USAGE,         OUTCOME_AWAY};

	(void)state;
	for (size_t i = 0; i < 6; i++)
		for (size_t j = 0; j < 6; j++)
			assert_int_equal(command_worse(rising[i], rising[j]),
					 rising[i > j ? i : j]);
}

static void commands_are_found_and_guessed(void **state)
{
	(void)state;
	assert_ptr_equal(command_find("check"), &command_check);
	assert_ptr_equal(command_find("find"), &command_search);
	assert_null(command_find("chek"));
	assert_ptr_equal(command_near("chek"), &command_check);
	assert_ptr_equal(command_near("aprove"), &command_approve);
	assert_null(command_near("xyzzy"));
}

static void every_command_begins_its_help_with_an_example(void **state)
{
	char begin[64];

	(void)state;
	for (size_t i = 0; command_table[i]->name; i++) {
		snprintf(begin, sizeof(begin), "carnet %s ", command_table[i]->name);
		assert_int_equal(strncmp(command_table[i]->help, begin, strlen(begin)), 0);
		assert_non_null(command_table[i]->summary);
	}
}

static void only_errors_of_the_world_mean_away(void **state)
{
	struct error error = {.code = ERR_UNAVAILABLE};

	(void)state;
	assert_int_equal(command_failed(&error), OUTCOME_AWAY);
	error.code = ERR_DENIED;
	assert_int_equal(command_failed(&error), OUTCOME_AWAY);
	error.code = ERR_INVALID;
	assert_int_equal(command_failed(&error), OUTCOME_USAGE);
	assert_int_equal(command_refused(&error), OUTCOME_BAD);
	error.code = ERR_CONFLICT;
	assert_int_equal(command_refused(&error), OUTCOME_BAD);
	error.code = ERR_UNAUTHENTICATED;
	assert_int_equal(command_refused(&error), OUTCOME_AWAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_many_outcomes_a_denial_counts_most),
		cmocka_unit_test(commands_are_found_and_guessed),
		cmocka_unit_test(every_command_begins_its_help_with_an_example),
		cmocka_unit_test(only_errors_of_the_world_mean_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
