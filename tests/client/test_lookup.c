#include "test.h"

#include "client/lookup.h"

static void what_is_given_is_looked_up(void **state)
{
	const struct option as_of = {OPTION_AS_OF, "as-of", "2026-02-28"},
			    known_at = {OPTION_KNOWN_AT, "known-at", "7"},
			    output = {OPTION_OUTPUT, "output", "json"},
			    argument = {OPTION_ARGUMENT, NULL, "party"};
	struct asker_listing listing;
	struct lookup lookup;
	struct error error;
	day on;

	(void)state;
	lookup_init(&lookup);
	listing = lookup_listing(&lookup, "party");
	assert_string_equal(listing.as_of, "");
	assert_int_equal(listing.known_at, 0);
	assert_int_equal(lookup_option(&lookup, &as_of, &error), 1);
	assert_int_equal(lookup_option(&lookup, &known_at, &error), 1);
	assert_int_equal(lookup_option(&lookup, &output, &error), 1);
	assert_int_equal(lookup_option(&lookup, &argument, &error), 0);
	listing = lookup_listing(&lookup, "party");
	assert_string_equal(listing.kind, "party");
	assert_string_equal(listing.as_of, "2026-02-28");
	assert_int_equal(listing.known_at, 7);
	assert_int_equal(date_parse(BYTES_LITERAL("2026-02-28"), &on, &error), 0);
	assert_int_equal(lookup.on, on);
	assert_int_equal(lookup.output, OUTPUT_JSON);
	lookup_release(&lookup);
}

/* The option's name is the command's own. */
static void a_day_that_is_none_is_refused_before_anybody_is_asked(void **state)
{
	const struct option wrong = {OPTION_AS_OF, "on", "2026-02-30"},
			    empty = {OPTION_AS_OF, "as-of", ""};
	struct lookup lookup;
	struct error error;

	(void)state;
	lookup_init(&lookup);
	assert_int_equal(lookup_option(&lookup, &wrong, &error), ERR_INVALID);
	assert_string_equal(error.text, "--on: date 2026-02-30 does not exist");
	assert_int_equal(lookup_option(&lookup, &empty, &error), ERR_INVALID);
	assert_string_equal(error.text, "--as-of: '' is not a date: write YYYY-MM-DD");
	lookup_release(&lookup);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_is_looked_up),
		cmocka_unit_test(a_day_that_is_none_is_refused_before_anybody_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
