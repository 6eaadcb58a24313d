#include "test.h"

#include "client/options.h"

enum { TO = 1, FILE_OPTION, DRY_RUN };

static const struct option_row table[] = {
	{"to", TO, 0, false},
	{"file", FILE_OPTION, 'f', false},
	{"dry-run", DRY_RUN, 'n', true},
	{0},
};

#define COMMAND_LINE(...) (char *[]){__VA_ARGS__}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)

static char to[] = "--to", file[] = "-f", value[] = "carrier-be", joined[] = "--to=carrier-be",
	    letter[] = "-fcarrier-be", dry[] = "--dry-run", dry_value[] = "--dry-run=yes",
	    dashes[] = "--", dash[] = "-", misspelt[] = "--dry-runn", bad_letter[] = "-x",
	    help[] = "--help", empty[] = "--to=";

static struct option only(char **arguments, size_t count)
{
	struct options options = options_of(table, (int)count, arguments);
	struct option option;

	assert_true(options_next(&options, &option));
	assert_false(options_next(&options, &(struct option){0}));
	assert_false(options.failed);
	return option;
}

static const char *mistake(char **arguments, size_t count)
{
	static struct options options;
	struct option option;

	options = options_of(table, (int)count, arguments);
	while (options_next(&options, &option))
		;
	assert_true(options.failed);
	assert_int_equal(options.error.code, ERR_INVALID);
	return options.error.text;
}

static void values_stand_apart_or_joined(void **state)
{
	(void)state;
	assert_string_equal(only(COMMAND_LINE(to, value)).value, "carrier-be");
	assert_string_equal(only(COMMAND_LINE(joined)).value, "carrier-be");
	assert_string_equal(only(COMMAND_LINE(file, value)).value, "carrier-be");
	assert_string_equal(only(COMMAND_LINE(letter)).value, "carrier-be");
	assert_string_equal(only(COMMAND_LINE(empty)).value, "");
	assert_int_equal(only(COMMAND_LINE(file, value)).id, FILE_OPTION);
}

static void an_option_takes_what_looks_like_one(void **state)
{
	(void)state;
	assert_string_equal(only(COMMAND_LINE(to, dry)).value, "--dry-run");
}

static void switches_take_no_value(void **state)
{
	(void)state;
	assert_int_equal(only(COMMAND_LINE(dry)).id, DRY_RUN);
	assert_string_equal(mistake(COMMAND_LINE(dry_value)), "--dry-run takes no value");
}

static void what_is_no_option_is_an_argument(void **state)
{
	struct options options = options_of(table, 3, (char *[]){value, dashes, joined});
	struct option option;

	(void)state;
	assert_true(options_next(&options, &option));
	assert_int_equal(option.id, OPTION_ARGUMENT);
	assert_true(options_next(&options, &option));
	assert_int_equal(option.id, OPTION_ARGUMENT);
	assert_string_equal(option.value, "--to=carrier-be");
	assert_false(options_next(&options, &option));
	assert_int_equal(only(COMMAND_LINE(dash)).id, OPTION_ARGUMENT);
}

static void mistakes_are_named_with_their_cure(void **state)
{
	(void)state;
	assert_string_equal(mistake(COMMAND_LINE(misspelt)),
			    "no option --dry-runn; did you mean 'dry-run'?");
	assert_string_equal(mistake(COMMAND_LINE(to)), "--to needs a value");
	assert_string_equal(mistake(COMMAND_LINE(bad_letter)), "no option -x");
}

static void every_table_knows_help(void **state)
{
	(void)state;
	assert_int_equal(only(COMMAND_LINE(help)).id, OPTION_HELP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_stand_apart_or_joined),
		cmocka_unit_test(an_option_takes_what_looks_like_one),
		cmocka_unit_test(switches_take_no_value),
		cmocka_unit_test(what_is_no_option_is_an_argument),
		cmocka_unit_test(mistakes_are_named_with_their_cure),
		cmocka_unit_test(every_table_knows_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
