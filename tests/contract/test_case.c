#include "fixture.h"

static struct case_result run_case(struct fixture *fixture, const char *yaml)
{
	const Carnet__V1__Case *one =
		fixture_message(fixture->arena, &carnet__v1__case__descriptor, yaml);
	struct case_result result;
	struct error error;

	if (case_run(one, &fixture->registry, fixture->arena, &result, &error))
		fail_msg("%s", error.text);
	return result;
}

static const char *run_wrong_case(struct fixture *fixture, const char *yaml)
{
	const Carnet__V1__Case *one =
		fixture_message(fixture->arena, &carnet__v1__case__descriptor, yaml);
	struct case_result result;
	struct error error;

	assert_int_equal(case_run(one, &fixture->registry, fixture->arena, &result, &error),
			 ERR_INVALID);
	assert_null(result.decision);
	return arena_string(fixture->arena, bytes_of_string(error.text));
}

#define TO_BELGIUM "ask: {data-set: accounts, recipients: [carrier-be]}"
#define TO_MANILA "ask: {data-set: accounts, recipients: [desk-ph]}"

static void what_was_expected_makes_no_difference(void **state)
{
	static const char *const rows[] = {
		"{" TO_BELGIUM "}",
		"{" TO_BELGIUM ", expect: {verdict: permitted-with-obligations}}",
		"{" TO_BELGIUM ", expect: {verdict: permitted,"
		" also-accept: [permitted-with-obligations]}}",
		"{" TO_BELGIUM ", expect: {duties: [encrypt], authorises: no}}",
		"{" TO_MANILA ", expect: {verdict: denied, reasons: [FACT_IS_OTHERWISE]}}",
		"{" TO_MANILA ", expect: {opinions: [{rulebook: kr-law, verdict: denied}]}}",
		"{" TO_BELGIUM ", expect: {opinions: [{rulebook: kr-law,"
		" verdict: permitted-with-obligations, decided-by: kr-law/recognised,"
		" duties: [encrypt, keep-records]}]}}",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct case_result result = run_case(*state, rows[i]);

		if (result.difference_count)
			fail_msg("%s: %s", rows[i], result.differences[0].text);
	}
}

static void each_difference_is_a_sentence(void **state)
{
	static const struct {
		const char *yaml, *difference;
	} rows[] = {
		{"{" TO_MANILA ", expect: {verdict: permitted,"
		 " also-accept: [permitted-with-obligations]}}",
		 "verdict: expected PERMITTED or PERMITTED_WITH_OBLIGATIONS, came out DENIED"},
		{"{" TO_MANILA ", expect: {also-accept: [permitted]}}",
		 "verdict: expected PERMITTED, came out DENIED"},
		{"{" TO_MANILA ", expect: {reasons: [WRONG_MODULE]}}",
		 "reasons: expected WRONG_MODULE among them"},
		{"{" TO_BELGIUM ", expect: {duties: [keep-quiet]}}",
		 "duties: expected keep-quiet to be owed"},
		{"{" TO_BELGIUM ", expect: {holds-until: 2027-01-01}}",
		 "holds until: expected 2027-01-01, came out without end"},
		{"{" TO_BELGIUM ", expect: {authorises: yes}}",
		 "authorises: expected yes, came out no"},
		{"{" TO_BELGIUM ", expect: {opinions: [{rulebook: eu-gdpr, verdict: denied}]}}",
		 "eu-gdpr: expected DENIED, gave no opinion"},
		{"{" TO_BELGIUM ", expect: {opinions: [{rulebook: kr-law, verdict: denied}]}}",
		 "kr-law: expected DENIED, came out PERMITTED_WITH_OBLIGATIONS"},
		{"{" TO_BELGIUM ", expect: {opinions: [{rulebook: kr-law,"
		 " decided-by: kr-law/consent}]}}",
		 "kr-law: expected kr-law/consent to decide, kr-law/recognised did"},
		{"{" TO_BELGIUM ", expect: {opinions: [{rulebook: kr-law, duties: [inform]}]}}",
		 "kr-law: expected the duty inform"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct case_result result = run_case(*state, rows[i].yaml);

		assert_int_equal(result.difference_count, 1);
		assert_string_equal(result.differences[0].text, rows[i].difference);
	}
}

static void all_differences_are_listed(void **state)
{
	struct case_result result =
		run_case(*state, "{" TO_MANILA ", expect: {verdict: permitted, authorises: yes,"
				 " reasons: [A, B, C, D], duties: [e, f, g, h]}}");

	assert_int_equal(result.difference_count, 10);
	assert_string_equal(result.differences[9].text, "authorises: expected yes, came out no");
}

/* The two that decide differently: Belgium is permitted, Manila denied. */
static void of_a_rulebooks_opinions_the_strictest_counts(void **state)
{
	struct case_result result =
		run_case(*state, "{ask: {data-set: accounts, recipients: [{party: carrier-be,"
				 " access: [PH]}]}, expect: {opinions: [{rulebook: kr-law,"
				 " verdict: permitted}]}}");

	assert_int_equal(result.difference_count, 1);
	assert_string_equal(result.differences[0].text,
			    "kr-law: expected PERMITTED, came out DENIED");
}

static void given_records_count_for_their_case_only(void **state)
{
	static const char given[] =
		"{given: [{party: {id: desk-ph, kind: organisation, area: BE, bound-by: [none]}}],"
		" " TO_MANILA "}";
	struct case_result result = run_case(*state, given);

	assert_int_equal(result.decision->verdict,
			 CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS);
	assert_true(result.decision->advisory);
	result = run_case(*state, "{" TO_MANILA "}");
	assert_int_equal(result.decision->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_false(result.decision->advisory);
}

static void records_given_in_the_question_count_too(void **state)
{
	struct case_result result = run_case(
		*state, "{ask: {data-set: accounts, recipients: [newcomer], given: [{party:"
			" {id: newcomer, kind: organisation, area: BE, bound-by: [none]}}]}}");

	assert_int_equal(result.decision->verdict,
			 CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS);
}

static void wrong_given_records_are_named(void **state)
{
	const char *text =
		run_wrong_case(*state, "{given: [{party: {id: x, kind: organisation, area: XX,"
				       " bound-by: [none]}}], " TO_MANILA "}");

	assert_true(bytes_start_with(bytes_of_string(text), "given: "));
	assert_non_null(strstr(text, "XX"));
}

static void a_case_without_a_question_is_wrong(void **state)
{
	assert_string_equal(run_wrong_case(*state, "{id: empty}"),
			    "asks nothing; write its question under `ask`");
	assert_string_equal(run_wrong_case(*state, "{ask: {exporter: line-plus}}"),
			    "recipients: missing; name at least one party that gets the data");
}

static void an_expectation_record_is_a_case(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Record *record = fixture_message(
		fixture->arena, &carnet__v1__record__descriptor,
		"expectation: {id: never-manila, name: Nothing goes to Manila, " TO_MANILA
		", expect: {verdict: permitted}}");
	struct case_result result;

	assert_int_equal(case_run(case_of_expectation(record, fixture->arena), &fixture->registry,
				  fixture->arena, &result, NULL),
			 0);
	assert_int_equal(result.difference_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_expected_makes_no_difference),
		cmocka_unit_test(each_difference_is_a_sentence),
		cmocka_unit_test(all_differences_are_listed),
		cmocka_unit_test(of_a_rulebooks_opinions_the_strictest_counts),
		cmocka_unit_test(given_records_count_for_their_case_only),
		cmocka_unit_test(records_given_in_the_question_count_too),
		cmocka_unit_test(wrong_given_records_are_named),
		cmocka_unit_test(a_case_without_a_question_is_wrong),
		cmocka_unit_test(an_expectation_record_is_a_case),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
