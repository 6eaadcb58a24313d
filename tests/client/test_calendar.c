#include "test.h"

#include "client/calendar.h"
#include "registry/folder.h"

static void print(void *arg, const struct calendar_day *one)
{
	char on[DATE_TEXT_SIZE];

	buffer_printf(arg, "%s %s: %s%s%s%s\n", date_format(one->on, on), one->field, one->what,
		      one->law ? " of " : "", one->law ? one->law : "",
		      one->stays_due ? " (stays due)" : "");
}

/* The days of a record that is written as YAML; it need not be valid. */
static void expect_in(enum language language, const char *yaml, const char *expected)
{
	struct folder *folder = folder_new();
	struct arena *arena = arena_new(0);
	struct buffer out = {0};
	struct problems problems;
	size_t count;

	problems_init(&problems);
	assert_int_equal(folder_add_text(folder, "r.yaml", bytes_of_string(yaml), &problems), 0);
	calendar_each(record_set_slices(folder_records(folder), &count)[0]->record, language, arena,
		      print, &out);
	assert_int_equal(count, 1);
	assert_string_equal(buffer_string(&out), expected);
	buffer_release(&out);
	problems_release(&problems);
	arena_free(arena);
	folder_free(folder);
}

static void expect(const char *yaml, const char *expected)
{
	expect_in(LANGUAGE_ENGLISH, yaml, expected);
}

static void every_day_of_each_kind_is_found(void **state)
{
	(void)state;
	expect("party: {id: a, until: 2030-01-01, review-by: 2029-01-01,\n"
	       "  establishments: [{area: KR, until: 2028-01-01}],\n"
	       "  bound-by: [{rulebook: law, until: 2027-01-01}, other]}\n",
	       "2030-01-01 until: ends\n"
	       "2029-01-01 review-by: is due for review (stays due)\n"
	       "2028-01-01 establishments.until: is no longer established in KR\n"
	       "2027-01-01 bound-by.until: is no longer bound by law\n");
	expect("area: {id: GB, member-of: [{group: EEA, until: 2021-01-01}, G]}\n",
	       "2021-01-01 member-of.until: leaves EEA\n");
	expect("instrument: {id: scc, laws: [{rulebook: law, sign-until: 2021-09-27,\n"
	       "  rely-until: 2022-12-27}]}\n",
	       "2021-09-27 laws.sign-until: can no longer be signed for law of law\n"
	       "2022-12-27 laws.rely-until: can no longer be relied on under law of law\n");
	expect("certificate: {id: c, next-due: 2027-01-01}\n",
	       "2027-01-01 next-due: is due again; from that day it does not count (stays "
	       "due)\n");
	expect("assessment: {id: c, next-due: 2027-01-01}\n",
	       "2027-01-01 next-due: is due again; from that day it does not count (stays "
	       "due)\n");
	expect("order: {id: o, stays: [{from: 2026-01-01, until: 2026-06-01}]}\n",
	       "2026-06-01 stays.until: is no longer stayed: it bites\n");
	expect("rulebook: {id: l, grounds: [{id: g, until: 2026-01-01, review-by: 2025-01-01}],\n"
	       "  prohibitions: [{id: p, until: 2026-01-02, review-by: 2025-01-02}],\n"
	       "  duties: [{owe: d, until: 2026-01-03}]}\n",
	       "2026-01-01 grounds.until: ground g ends\n"
	       "2025-01-01 grounds.review-by: ground g is due for review (stays due)\n"
	       "2026-01-02 prohibitions.until: prohibition p ends\n"
	       "2025-01-02 prohibitions.review-by: prohibition p is due for review (stays due)\n"
	       "2026-01-03 duties.until: duty d ends\n");
	expect("person: {id: p, identities: [{uri: 'spiffe://a/b', until: 2026-01-01}],\n"
	       "  keys: [{key: k, until: 2026-01-02}]}\n",
	       "2026-01-01 identities.until: may no longer sign as spiffe://a/b\n"
	       "2026-01-02 keys.until: may no longer sign with one of the keys\n");
}

static void what_happens_is_said_in_the_language_asked_for(void **state)
{
	static const char yaml[] = "rulebook: {id: l, grounds: [{id: g, until: 2026-01-01}],\n"
				   "  until: 2026-01-02}\n";

	(void)state;
	expect_in(LANGUAGE_KOREAN, yaml,
		  "2026-01-02 until: 종료\n"
		  "2026-01-01 grounds.until: 근거 g 종료\n");
	expect_in(LANGUAGE_JAPANESE, yaml,
		  "2026-01-02 until: 終了\n"
		  "2026-01-01 grounds.until: 根拠gが終了\n");
}

static void a_sunset_is_one_end_not_two(void **state)
{
	(void)state;
	expect("finding: {id: f, until: 2031-12-28, sunset: 2031-12-28}\n",
	       "2031-12-28 sunset: ends with its own act, unless that is renewed\n");
	expect("finding: {id: f, until: 2030-01-01, sunset: 2031-12-28}\n",
	       "2030-01-01 until: ends\n"
	       "2031-12-28 sunset: ends with its own act, unless that is renewed\n");
}

static void what_has_no_end_has_no_day(void **state)
{
	(void)state;
	expect("party: {id: a, from: 2020-01-01}\n", "");
	expect("order: {id: o, stays: [{from: 2026-01-01}]}\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_of_each_kind_is_found),
		cmocka_unit_test(what_happens_is_said_in_the_language_asked_for),
		cmocka_unit_test(a_sunset_is_one_end_not_two),
		cmocka_unit_test(what_has_no_end_has_no_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
