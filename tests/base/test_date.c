#include "test.h"

#include "base/date.h"

static day parsed(const char *text)
{
	day date;

	assert_int_equal(date_parse(bytes_of_string(text), &date, NULL), 0);
	return date;
}

static void days_count_from_1970(void **state)
{
	(void)state;
	assert_int_equal(parsed("1970-01-01"), 0);
	assert_int_equal(parsed("1969-12-31"), -1);
	assert_int_equal(parsed("2000-03-01"), 11017);
	assert_int_equal(parsed("2021-09-07"), 18877);
	assert_int_equal(parsed("0001-01-01"), DAY_MIN);
	assert_int_equal(parsed("9999-12-31"), DAY_MAX);
}

static void every_day_reads_back(void **state)
{
	char text[DATE_TEXT_SIZE];

	(void)state;
	for (day date = DAY_MIN; date <= DAY_MAX; date += date < 0 ? 37 : date < 30000 ? 1 : 41)
		assert_int_equal(parsed(date_format(date, text)), date);
}

static void days_that_do_not_exist_are_refused(void **state)
{
	static const char *const wrong[] = {"2025-02-29",  "1900-02-29", "2025-13-01", "2025-00-10",
					    "2025-01-32",  "0000-01-01", "2025-1-1",   "20250101",
					    "2025-01-01 ", "",           "2025-01-0x"};
	struct error error;
	day date;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(date_parse(bytes_of_string(wrong[i]), &date, &error), ERR_INVALID);
	date_parse(bytes_of_string("2025-02-30"), &date, &error);
	assert_string_equal(error.text, "date 2025-02-30 does not exist");
}

static void instants_are_written_in_utc(void **state)
{
	char text[INSTANT_TEXT_SIZE];

	(void)state;
	assert_string_equal(instant_format(INT64_C(1631018096789), text),
			    "2021-09-07T12:34:56.789Z");
	assert_string_equal(instant_format(-1, text), "1969-12-31T23:59:59.999Z");
	assert_int_equal(instant_day(-1), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_count_from_1970),
		cmocka_unit_test(every_day_reads_back),
		cmocka_unit_test(days_that_do_not_exist_are_refused),
		cmocka_unit_test(instants_are_written_in_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
