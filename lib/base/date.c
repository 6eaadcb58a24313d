#include "base/date.h"

#include <stdio.h>
#include <time.h>

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days before 1 January of `year`, counted from 0001-01-01. */
static int days_before_year(int year)
{
	int past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400;
}

static int digits(const uint8_t *p, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

int date_parse(struct bytes text, day *out, struct error *error)
{
	int year, month, date, days;

	if (text.size != 10 || text.data[4] != '-' || text.data[7] != '-')
		return error_set(error, ERR_INVALID, "'%.*s' is not a date: write YYYY-MM-DD",
				 BYTES_PRINT(text));
	year = digits(text.data, 4);
	month = digits(text.data + 5, 2);
	date = digits(text.data + 8, 2);
	if (year < 0 || month < 0 || date < 0)
		return error_set(error, ERR_INVALID, "'%.*s' is not a date: write YYYY-MM-DD",
				 BYTES_PRINT(text));
	if (year < 1 || month < 1 || month > 12 || date < 1 || date > days_in_month(year, month))
		return error_set(error, ERR_INVALID, "date %.*s does not exist", BYTES_PRINT(text));
	days = days_before_year(year);
	for (int m = 1; m < month; m++)
		days += days_in_month(year, m);
	*out = DAY_MIN + days + date - 1;
	return 0;
}

const char *date_format(day date, char out[DATE_TEXT_SIZE])
{
	int days = date - DAY_MIN, year, month = 1;

	if (date < DAY_MIN || date > DAY_MAX) {
		snprintf(out, DATE_TEXT_SIZE, "%s", date < DAY_MIN ? "0001-01-01" : "9999-12-31");
		return out;
	}
	year = days / 366 + 1;
	while (days_before_year(year + 1) <= days)
		year++;
	days -= days_before_year(year);
	while (days >= days_in_month(year, month))
		days -= days_in_month(year, month++);
	snprintf(out, DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000,
		 (unsigned)month % 100, (unsigned)(days + 1) % 100);
	return out;
}

instant_ms instant_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (instant_ms)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum { MS_PER_DAY = 86400000 };

day instant_day(instant_ms instant)
{
	int64_t days = instant / MS_PER_DAY;

	return (day)(instant % MS_PER_DAY < 0 ? days - 1 : days);
}

const char *instant_format(instant_ms instant, char out[INSTANT_TEXT_SIZE])
{
	char date[DATE_TEXT_SIZE];
	day today = instant_day(instant);
	unsigned ms = (unsigned)(instant - (int64_t)today * MS_PER_DAY);

	snprintf(out, INSTANT_TEXT_SIZE, "%sT%02u:%02u:%02u.%03uZ", date_format(today, date),
		 ms / 3600000 % 24, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
	return out;
}
