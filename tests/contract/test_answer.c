#include "fixture.h"

#include "contract/nearest.h"

#define BELGIUM "data-set: accounts, purpose: calls, recipients: [carrier-be]"

static void duties_not_accepted_withhold_the_authority(void **state)
{
	Carnet__V1__Decision *answer = fixture_ask(*state, "{" BELGIUM "}").message;

	assert_int_equal(answer->verdict, CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS);
	assert_false(answer->advisory);
	assert_false(answer->authorises);
	assert_int_equal(answer_exit_code(answer), 5);
}

static void accepted_duties_authorise(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{" BELGIUM ", performs: {encrypt: yes}}").message;

	assert_true(answer->authorises);
	assert_int_equal(answer_exit_code(answer), 0);
	assert_string_equal(answer_leaf_kind(answer), "decision");
}

static void standing_duties_are_shown_and_need_no_acceptance(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{" BELGIUM ", performs: {encrypt: yes}}").message;

	assert_int_equal(answer->n_duties, 2);
	assert_string_equal(answer->duties[0]->duty, "encrypt");
	assert_int_equal(answer->duties[0]->performs, CARNET__V1__ANSWER__ANSWER_YES);
	assert_string_equal(answer->duties[1]->duty, "keep-records");
	assert_true(answer->duties[1]->standing);
	assert_int_equal(answer->duties[1]->performs, CARNET__V1__ANSWER__ANSWER_UNSPECIFIED);
}

static void advisory_answers_never_authorise(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{" BELGIUM ", performs: {encrypt: yes}, as-of: 2026-06-01}")
			.message;

	assert_true(answer->advisory);
	assert_false(answer->authorises);
	assert_int_equal(answer_exit_code(answer), 5);
	assert_string_equal(answer_leaf_kind(answer), "advisory");
}

static void offline_answers_are_advisory(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Decision *answer;

	fixture->registry.place.live = false;
	answer = fixture_ask(fixture, "{" BELGIUM ", performs: {encrypt: yes}}").message;
	fixture->registry.place.live = true;
	assert_true(answer->advisory);
	assert_false(answer->authorises);
}

static void a_registry_not_confirmed_does_not_authorise(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Decision *answer;

	fixture->registry.place.confirmed = false;
	answer = fixture_ask(fixture, "{" BELGIUM ", performs: {encrypt: yes}}").message;
	fixture->registry.place.confirmed = true;
	assert_false(answer->authorises);
	assert_false(answer->advisory);
}

static void no_transfer_authorises(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{data-set: accounts, recipients: [line-plus]}").message;

	assert_int_equal(answer->verdict, CARNET__V1__VERDICT__VERDICT_NOT_A_TRANSFER);
	assert_true(answer->authorises);
}

static bool rests_on(const Carnet__V1__Opinion *opinion, const char *kind, const char *id)
{
	for (size_t i = 0; i < opinion->n_records; i++)
		if (!strcmp(opinion->records[i]->kind, kind) &&
		    !strcmp(opinion->records[i]->id, id))
			return strlen(opinion->records[i]->digest) == 43;
	return false;
}

static void a_denial_names_what_failed(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{data-set: accounts, recipients: [desk-ph]}").message;
	const Carnet__V1__Opinion *opinion;

	assert_int_equal(answer->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_int_equal(answer_exit_code(answer), 1);
	assert_int_equal(answer->n_legs, 1);
	assert_string_equal(answer->legs[0]->area, "PH");
	assert_int_equal(answer->n_opinions, 1);
	opinion = answer->opinions[0];
	assert_string_equal(opinion->rulebook, "kr-law");
	assert_int_equal(opinion->kind, CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_LAW);
	assert_int_equal(opinion->n_grounds, 3);
	assert_string_equal(opinion->grounds[0]->failed[0]->code, "FACT_IS_OTHERWISE");
	assert_string_equal(opinion->grounds[0]->failed[0]->found, "PH");
	assert_true(rests_on(opinion, "rulebook", "kr-law"));
}

static void an_unknown_fact_leaves_it_open(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{exporter: line-plus, categories: [user.name],"
				    " recipients: [desk-ph]}")
			.message;

	assert_int_equal(answer->verdict, CARNET__V1__VERDICT__VERDICT_INDETERMINATE);
	assert_int_equal(answer_exit_code(answer), 3);
}

static void an_unspecified_verdict_never_passes(void **state)
{
	Carnet__V1__Decision decision;

	(void)state;
	carnet__v1__decision__init(&decision);
	assert_int_equal(answer_exit_code(&decision), 3);
}

static void unknown_words_deny_and_near_ones_are_suggested(void **state)
{
	static const struct {
		const char *yaml, *code, *field, *near;
	} rows[] = {
		{"{data-set: accounts, recipients: [carier-be]}", "UNKNOWN_PARTY",
		 "recipients[0].party", "carrier-be"},
		{"{data-set: acounts, recipients: [carrier-be]}", "UNKNOWN_DATA_SET", "data_set",
		 "accounts"},
		{"{exporter: line-plus, categories: [user.fone], recipients: [carrier-be]}",
		 "UNKNOWN_CATEGORY", "categories[0]", "user.phone"},
		{"{data-set: accounts, purpose: cals, recipients: [carrier-be]}", "UNKNOWN_PURPOSE",
		 "purpose", "calls"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Carnet__V1__Decision *answer = fixture_ask(*state, rows[i].yaml).message;

		assert_int_equal(answer->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
		assert_string_equal(answer->reasons[0]->code, rows[i].code);
		assert_int_equal(answer->n_did_you_mean, 1);
		assert_string_equal(answer->did_you_mean[0]->field, rows[i].field);
		assert_string_equal(answer->did_you_mean[0]->did_you_mean, rows[i].near);
	}
}

static void ignored_facts_are_listed_with_the_nearest_term(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{" BELGIUM ", facts: {consent.givn: true, leg.area: KR},"
				    " performs: {encript: yes}}")
			.message;

	assert_int_equal(answer->n_ignored, 3);
	assert_string_equal(answer->ignored[0]->did_you_mean, "consent.given");
	assert_string_equal(answer->ignored[1]->name, "leg.area");
	assert_string_equal(answer->ignored[2]->did_you_mean, "encrypt");
	assert_false(answer->authorises);
}

/* A caller who makes up words by the hundred does not hold up the others. */
static void looking_for_near_words_ends(void **state)
{
	struct fixture_answer answer = fixture_ask(*state, "{" BELGIUM "}");
	uint32_t effort = 0;

	assert_int_equal(nearest_word(&answer.asked, REASON_UNKNOWN_PARTY,
				      BYTES_LITERAL("carier-be"), &effort)
				 .size,
			 0);
	effort = NEAREST_EFFORT;
	assert_true(bytes_equal_string(nearest_word(&answer.asked, REASON_UNKNOWN_PARTY,
						    BYTES_LITERAL("carier-be"), &effort),
				       "carrier-be"));
	assert_true(effort < NEAREST_EFFORT);
}

static void the_registry_is_named(void **state)
{
	Carnet__V1__Decision *answer = fixture_ask(*state, "{" BELGIUM "}").message;

	assert_int_equal(answer->revision, FOLDER_REVISION);
	assert_int_equal(strlen(answer->revision_digest), 43);
	assert_string_equal(answer->as_of, "2026-06-01");
}

static void equal_questions_have_equal_answers(void **state)
{
	struct buffer first = {0}, second = {0};
	struct json_writer a = {.out = &first}, b = {.out = &second};

	mapping_write_json(&fixture_ask(*state, "{" BELGIUM "}").message->base, &a);
	mapping_write_json(&fixture_ask(*state, "{" BELGIUM "}").message->base, &b);
	assert_true(bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
	buffer_release(&first);
	buffer_release(&second);
}

static void a_refusal_says_what_would_permit_it(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{data-set: accounts, recipients: [desk-ph]}").message;
	const Carnet__V1__RemedyStep *step;

	assert_int_equal(answer->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_int_equal(answer->n_beyond_remedy, 0);
	assert_int_equal(answer->n_remedies, 1);
	assert_int_equal(answer->remedies[0]->n_steps, 1);
	assert_int_equal(answer->remedies[0]->effort, 6);
	step = answer->remedies[0]->steps[0];
	assert_string_equal(step->act, "say");
	assert_string_equal(step->what, "consent.given: true");
	assert_string_equal(step->owner, "legal");
	assert_int_equal(step->effort, 6);
	assert_string_equal(step->importer, "");
}

static void a_refusal_that_nothing_lifts_says_which(void **state)
{
	Carnet__V1__Decision *answer =
		fixture_ask(*state, "{data-set: accounts, recipients: [desk-ph], facts: "
				    "{consent.given: false}}")
			.message;

	assert_int_equal(answer->n_remedies, 0);
	assert_int_equal(answer->n_beyond_remedy, 1);
	assert_string_equal(answer->beyond_remedy[0]->rulebook, "kr-law");
	assert_string_equal(answer->beyond_remedy[0]->decided_by, "default");
}

/* From the message alone: a client has nothing else. */
static void an_answer_can_be_said_in_another_language(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Decision *answer =
		fixture_ask(fixture, "{data-set: accounts, recipients: [desk-ph]}").message;
	const Carnet__V1__GroundResult *ground = answer->opinions[0]->grounds[0];

	answer_reword(answer, LANGUAGE_ENGLISH, fixture->arena);
	assert_string_equal(ground->failed[0]->text, "leg.area is PH, not BE.");
	answer_reword(answer, LANGUAGE_JAPANESE, fixture->arena);
	assert_string_equal(ground->failed[0]->text,
			    "leg.areaはPHであり、要件（BE）を満たさない。");
	assert_string_equal(ground->failed[0]->code, "FACT_IS_OTHERWISE");
	answer = fixture_ask(fixture, "{data-set: accounts, recipients: [nobody]}").message;
	answer_reword(answer, LANGUAGE_KOREAN, fixture->arena);
	assert_string_equal(answer->reasons[0]->text,
			    "해당 일자에 등록된 당사자 중 'nobody'에 해당하는 것이 없다.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duties_not_accepted_withhold_the_authority),
		cmocka_unit_test(accepted_duties_authorise),
		cmocka_unit_test(standing_duties_are_shown_and_need_no_acceptance),
		cmocka_unit_test(advisory_answers_never_authorise),
		cmocka_unit_test(offline_answers_are_advisory),
		cmocka_unit_test(a_registry_not_confirmed_does_not_authorise),
		cmocka_unit_test(no_transfer_authorises),
		cmocka_unit_test(a_denial_names_what_failed),
		cmocka_unit_test(an_unknown_fact_leaves_it_open),
		cmocka_unit_test(an_unspecified_verdict_never_passes),
		cmocka_unit_test(unknown_words_deny_and_near_ones_are_suggested),
		cmocka_unit_test(ignored_facts_are_listed_with_the_nearest_term),
		cmocka_unit_test(looking_for_near_words_ends),
		cmocka_unit_test(the_registry_is_named),
		cmocka_unit_test(equal_questions_have_equal_answers),
		cmocka_unit_test(a_refusal_says_what_would_permit_it),
		cmocka_unit_test(a_refusal_that_nothing_lifts_says_which),
		cmocka_unit_test(an_answer_can_be_said_in_another_language),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
