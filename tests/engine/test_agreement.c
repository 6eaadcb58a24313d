/* Papers: each step's code, and of which paper and engagement a ground speaks. */
#include "world_fixture.h"

static void begin_world(void)
{
	begin();
	add_area_in("KR", "");
	add_area_in("TH", "");
	add_category("user", "");
	add_category("user.contact", "");
	add_purpose("support", "");
	add_party("line", "KR");
	add_party("desk", "TH");
	world_add_instrument(
		world,
		&(struct world_instrument){
			.record = rec("scc", "", ""),
			.modules = (struct module[]){{w("c2c"), w("controller"), w("controller")},
						     {w("c2p"), w("controller"), w("processor")}},
			.module_count = 2,
			.laws = (struct window[]){{w("law"), on("2020-01-01"), on("2024-01-01"),
						   on("2026-01-01")}},
			.law_count = 1});
	world_add_instrument(world, &(struct world_instrument){.record = rec("bare", "", "")});
}

static void add_engagement(const char *id, const char *role)
{
	world_add_engagement(world, &(struct world_engagement){.record = rec(id, "", ""),
							       .exporter = w("line"),
							       .importer = w("desk"),
							       .exporter_role = w("controller"),
							       .importer_role = w(role)});
}

/* One that holds in every step. */
static struct world_agreement good_agreement(const char *id)
{
	return (struct world_agreement){.record = rec(id, "2023-01-01", "2027-01-01"),
					.exporter = w("line"),
					.importer = w("desk"),
					.instrument = w("scc"),
					.module = w("c2p"),
					.signed_on = on("2022-12-24"),
					.categories = list("user"),
					.purposes = list("support"),
					.areas = list("TH"),
					.modes = 1u << ACCESS_REMOTE_ACCESS,
					.annexes_complete = ANSWER_YES};
}

static const char *const base =
	"exporter=line to=desk mode=remote-access category=user.contact purpose=support";

static void expect(const char *text, enum truth truth, enum reason_code code)
{
	const struct decision *decision = ask(text);
	const struct opinion *opinion = opinion_of(decision, "law");

	assert_int_equal(opinion->grounds[0].result, truth);
	if (code == REASON_NONE) {
		assert_int_equal(opinion->grounds[0].failed.count, 0);
		return;
	}
	assert_int_equal(opinion->grounds[0].failed.count, 1);
	if (opinion->grounds[0].failed.items[0].code != code)
		fail_msg("%s, not %s", reason_code_name(opinion->grounds[0].failed.items[0].code),
			 reason_code_name(code));
}

typedef void flaw(struct world_agreement *agreement);

static void expect_changed(flaw *change, enum truth truth, enum reason_code code)
{
	struct world_agreement agreement;

	begin_world();
	add_engagement("e", "processor");
	agreement = good_agreement("paper");
	change(&agreement);
	world_add_agreement(world, &agreement);
	add_law("law", "KR", "(agreement (instrument scc bare))");
	expect(base, truth, code);
	end();
}

static void change_nothing(struct world_agreement *agreement)
{
	(void)agreement;
}

static void be_unknown_to_law(struct world_agreement *agreement)
{
	agreement->instrument = w("bare");
}

static void be_unsigned(struct world_agreement *agreement)
{
	agreement->signed_on = DAY_MAX;
}

static void be_signed_disputed(struct world_agreement *agreement)
{
	agreement->record.unsettled = FIELD_BIT(FIELD_SIGNED);
}

static void be_signed_tomorrow(struct world_agreement *agreement)
{
	agreement->signed_on = on("2024-06-02");
}

static void be_signed_early(struct world_agreement *agreement)
{
	agreement->signed_on = on("2019-12-31");
}

static void be_signed_late(struct world_agreement *agreement)
{
	agreement->signed_on = on("2024-01-01");
}

static void be_over(struct world_agreement *agreement)
{
	agreement->record.until = on("2024-06-01");
}

static void lack_annexes(struct world_agreement *agreement)
{
	agreement->annexes_complete = ANSWER_NO;
}

static void hide_annexes(struct world_agreement *agreement)
{
	agreement->annexes_complete = ANSWER_UNSPECIFIED;
}

static void be_of_other_module(struct world_agreement *agreement)
{
	agreement->module = w("c2c");
}

static void be_of_no_such_module(struct world_agreement *agreement)
{
	agreement->module = w("p2p");
}

static void name_no_module(struct world_agreement *agreement)
{
	agreement->module = SYMBOL_NONE;
}

static void cover_no_category(struct world_agreement *agreement)
{
	agreement->categories = (struct words){0};
}

static void cover_any_category(struct world_agreement *agreement)
{
	agreement->categories = list("any");
}

static void cover_other_purpose(struct world_agreement *agreement)
{
	agreement->purposes = list("marketing");
}

static void cover_other_area(struct world_agreement *agreement)
{
	agreement->areas = list("KR");
}

static void cover_disputed_area(struct world_agreement *agreement)
{
	agreement->record.unsettled = FIELD_BIT(FIELD_AREAS);
}

static void cover_other_mode(struct world_agreement *agreement)
{
	agreement->modes = 1u << ACCESS_STORAGE;
}

static void be_of_disputed_instrument(struct world_agreement *agreement)
{
	be_signed_early(agreement);
	agreement->record.unsettled = FIELD_BIT(FIELD_INSTRUMENT);
}

static void each_step_has_its_code(void **state)
{
	(void)state;
	expect_changed(change_nothing, TRUTH_TRUE, REASON_NONE);
	expect_changed(be_unknown_to_law, TRUTH_FALSE, REASON_INSTRUMENT_NOT_OF_THIS_LAW);
	expect_changed(be_of_disputed_instrument, TRUTH_UNKNOWN, REASON_INSTRUMENT_NOT_OF_THIS_LAW);
	expect_changed(be_unsigned, TRUTH_FALSE, REASON_UNSIGNED_OR_UNDATED);
	expect_changed(be_signed_disputed, TRUTH_UNKNOWN, REASON_UNSIGNED_OR_UNDATED);
	expect_changed(be_signed_tomorrow, TRUTH_FALSE, REASON_NOT_YET_SIGNED);
	expect_changed(be_signed_early, TRUTH_FALSE, REASON_SIGNED_BEFORE_WINDOW);
	expect_changed(be_signed_late, TRUTH_FALSE, REASON_SIGNED_AFTER_REPEAL);
	expect_changed(be_over, TRUTH_FALSE, REASON_NOT_IN_FORCE);
	expect_changed(lack_annexes, TRUTH_FALSE, REASON_ANNEXES_INCOMPLETE);
	expect_changed(hide_annexes, TRUTH_UNKNOWN, REASON_ANNEXES_INCOMPLETE);
	expect_changed(be_of_other_module, TRUTH_FALSE, REASON_WRONG_MODULE);
	expect_changed(be_of_no_such_module, TRUTH_FALSE, REASON_WRONG_MODULE);
	expect_changed(name_no_module, TRUTH_UNKNOWN, REASON_WRONG_MODULE);
	expect_changed(cover_no_category, TRUTH_FALSE, REASON_NOT_COVERED);
	expect_changed(cover_any_category, TRUTH_TRUE, REASON_NONE);
	expect_changed(cover_other_purpose, TRUTH_FALSE, REASON_NOT_COVERED);
	expect_changed(cover_other_area, TRUTH_FALSE, REASON_NOT_COVERED);
	expect_changed(cover_disputed_area, TRUTH_UNKNOWN, REASON_NOT_COVERED);
	expect_changed(cover_other_mode, TRUTH_FALSE, REASON_NOT_COVERED);
}

static void begin_with_paper(const char *needs)
{
	struct world_agreement agreement;

	begin_world();
	add_engagement("e", "processor");
	agreement = good_agreement("paper");
	world_add_agreement(world, &agreement);
	add_law("law", "KR", needs);
}

static void an_old_paper_holds_until_its_grace_ends(void **state)
{
	char text[256];

	(void)state;
	begin_with_paper("(agreement (instrument scc))");
	snprintf(text, sizeof(text), "%s on=2025-12-31", base);
	expect(text, TRUTH_TRUE, REASON_NONE);
	assert_int_equal(ask(text)->holds_until, on("2026-01-01"));
	snprintf(text, sizeof(text), "%s on=2026-01-01", base);
	expect(text, TRUTH_FALSE, REASON_GRACE_ENDED);
	assert_int_equal(ask(text)->holds_until, on("2027-01-01"));
	end();
}

static void a_disputed_date_picks_no_window_that_has_ended(void **state)
{
	struct world_agreement agreement;

	(void)state;
	begin_world();
	add_engagement("e", "processor");
	world_add_instrument(
		world,
		&(struct world_instrument){
			.record = rec("old", "", ""),
			.laws = (struct window[]){{w("law"), on("2010-01-01"), on("2020-01-01"),
						   on("2021-01-01")},
						  {w("law"), on("2020-01-01"), DAY_MAX, DAY_MAX}},
			.law_count = 2});
	agreement = good_agreement("paper");
	agreement.instrument = w("old");
	agreement.signed_on = on("2015-01-01");
	agreement.record.unsettled = FIELD_BIT(FIELD_SIGNED);
	world_add_agreement(world, &agreement);
	add_law("law", "KR", "(agreement (instrument old))");
	expect(base, TRUTH_UNKNOWN, REASON_UNSIGNED_OR_UNDATED);
	end();
}

static void modules_in_dispute_are_not_known_to_be_none(void **state)
{
	struct world_agreement agreement;
	struct world_instrument instrument = {.law_count = 1};

	(void)state;
	begin_world();
	instrument.record = rec("vague", "", "");
	instrument.record.unsettled = FIELD_BIT(FIELD_MODULE);
	instrument.laws = (struct window[]){{w("law"), DAY_MIN, DAY_MAX, DAY_MAX}};
	world_add_instrument(world, &instrument);
	agreement = good_agreement("paper");
	agreement.instrument = w("vague");
	world_add_agreement(world, &agreement);
	add_law("law", "KR", "(agreement (instrument vague))");
	expect(base, TRUTH_UNKNOWN, REASON_WRONG_MODULE);
	end();
}

static void what_the_question_leaves_open_is_not_covered_for_sure(void **state)
{
	(void)state;
	begin_with_paper("(agreement (instrument scc))");
	expect("exporter=line to=desk mode=remote-access category=user", TRUTH_UNKNOWN,
	       REASON_NOT_COVERED);
	expect("exporter=line to=desk category=user purpose=support", TRUTH_UNKNOWN,
	       REASON_NOT_COVERED);
	end();
}

static void unrecorded_roles_leave_the_module_open(void **state)
{
	struct world_agreement agreement;

	(void)state;
	begin_world();
	agreement = good_agreement("paper");
	world_add_agreement(world, &agreement);
	add_law("law", "KR", "(agreement (instrument scc))");
	expect(base, TRUTH_UNKNOWN, REASON_WRONG_MODULE);
	end();
}

static void without_a_paper_there_is_none(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR", "(agreement (instrument scc))");
	expect(base, TRUTH_FALSE, REASON_NO_RECORD);
	assert_int_equal(ask(base)->absent_count, 1);
	assert_int_equal(ask(base)->absent[0].kind, RECORD_AGREEMENT);
	end();
}

static void a_policy_knows_any_instrument_it_names(void **state)
{
	struct world_agreement agreement;

	(void)state;
	begin_world();
	agreement = good_agreement("paper");
	agreement.instrument = w("bare");
	world_add_agreement(world, &agreement);
	add_law("gap", "KR", NULL);
	world_add_rulebook(
		world,
		&(struct world_rulebook){.record = rec("law", "", ""),
					 .policy = true,
					 GROUNDS(ground_of("p", "(agreement (instrument bare))"))});
	expect(base, TRUTH_TRUE, REASON_NONE);
	end();
}

static void begin_with_two_papers(const char *needs)
{
	struct world_agreement first, second;

	begin_world();
	add_engagement("e", "processor");
	first = good_agreement("a-first");
	first.addenda = list("uk");
	second = good_agreement("b-second");
	second.safeguards = list("encryption");
	world_add_agreement(world, &second);
	world_add_agreement(world, &first);
	add_law("law", "KR", needs);
}

static void all_tests_of_a_ground_speak_of_one_paper(void **state)
{
	(void)state;
	begin_with_two_papers("(all (agreement (addenda has uk)) "
			      "(agreement (safeguards has encryption)))");
	assert_int_equal(opinion_of(ask(base), "law")->grounds[0].result, TRUTH_FALSE);
	end();
	begin_with_two_papers("(all (agreement (instrument scc)) "
			      "(agreement (safeguards has encryption)))");
	expect(base, TRUTH_TRUE, REASON_NONE);
	end();
}

/* Another paper beside it takes nothing from the one that must be there. */
static void a_paper_that_must_be_there_may_be_any(void **state)
{
	(void)state;
	begin_with_two_papers("(not (agreement (addenda has uk)))");
	assert_int_equal(opinion_of(ask(base), "law")->grounds[0].result, TRUTH_FALSE);
	end();
	begin_with_two_papers("(not (agreement (safeguards has encryption)))");
	assert_int_equal(opinion_of(ask(base), "law")->grounds[0].result, TRUTH_FALSE);
	end();
	begin_with_two_papers("(not (agreement (safeguards has pins)))");
	expect(base, TRUTH_TRUE, REASON_NONE);
	end();
	/* Beside a test that a paper answers, both speak of that paper. */
	begin_with_two_papers("(all (agreement (instrument scc)) "
			      "(not (agreement (addenda has uk))))");
	expect(base, TRUTH_TRUE, REASON_NONE);
	end();
}

static bool rests_on(const struct opinion *opinion, const char *id)
{
	for (size_t i = 0; i < opinion->records.count; i++)
		if (opinion->records.items[i]->id == w(id))
			return true;
	return false;
}

static void of_equal_papers_the_first_is_named(void **state)
{
	(void)state;
	begin_with_two_papers("(agreement (instrument scc))");
	assert_true(rests_on(opinion_of(ask(base), "law"), "a-first"));
	assert_false(rests_on(opinion_of(ask(base), "law"), "b-second"));
	end();
}

/* What the two do for each other besides: another role, another capacity. */
static void with_two_engagements(void)
{
	struct world_engagement other;
	struct world_agreement agreement;

	begin_world();
	add_engagement("a-processor", "processor");
	other = (struct world_engagement){.record = rec("b-carrier", "", ""),
					  .exporter = w("line"),
					  .importer = w("desk"),
					  .exporter_role = w("controller"),
					  .importer_role = w("controller"),
					  .capacity = w("carrier")};
	world_add_engagement(world, &other);
	agreement = good_agreement("paper");
	world_add_agreement(world, &agreement);
	world_add_rulebook(
		world, &(struct world_rulebook){
			       .record = rec("law", "", ""),
			       .speaks_for = list("KR"),
			       GROUNDS(ground_of("both", "(engagement.exporter-role controller)"),
				       ground_of("one", "(engagement.capacity carrier)"),
				       ground_of("module", "(agreement (instrument scc))"))});
}

static enum truth result_of(const char *question, size_t ground)
{
	return opinion_of(ask(question), "law")->grounds[ground].result;
}

static void what_engagements_do_not_say_alike_is_unknown(void **state)
{
	(void)state;
	with_two_engagements();
	assert_int_equal(result_of(base, 0), TRUTH_TRUE);
	assert_int_equal(result_of(base, 1), TRUTH_UNKNOWN);
	assert_int_equal(result_of(base, 2), TRUTH_UNKNOWN);
	end();
}

static const char *under(const char *engagement)
{
	static char text[512];

	snprintf(text, sizeof(text), "%s engagement=%s", base, engagement);
	return text;
}

static void a_question_may_name_the_engagement(void **state)
{
	const struct decision *decision;

	(void)state;
	with_two_engagements();
	assert_int_equal(result_of(under("a-processor"), 1), TRUTH_UNKNOWN);
	assert_int_equal(result_of(under("a-processor"), 2), TRUTH_TRUE);
	assert_int_equal(result_of(under("b-carrier"), 1), TRUTH_TRUE);
	assert_int_equal(result_of(under("b-carrier"), 2), TRUTH_FALSE);
	decision = ask(under("c-other"));
	assert_int_equal(decision->verdict, VERDICT_DENIED);
	assert_int_equal(decision->reasons.items[0].code, REASON_UNKNOWN_WORD);
	assert_true(
		bytes_equal_string(decision->reasons.items[0].field, "recipients[0].engagement"));
	end();
}

static void a_future_slice_is_seen_in_holds_until(void **state)
{
	struct world_agreement agreement;

	(void)state;
	begin_world();
	add_engagement("e", "processor");
	agreement = good_agreement("paper");
	agreement.record.from = on("2024-09-01");
	world_add_agreement(world, &agreement);
	add_law("law", "KR", "(agreement (instrument scc))");
	expect(base, TRUTH_FALSE, REASON_NOT_IN_FORCE);
	assert_int_equal(ask(base)->holds_until, on("2024-09-01"));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_has_its_code),
		cmocka_unit_test(an_old_paper_holds_until_its_grace_ends),
		cmocka_unit_test(a_disputed_date_picks_no_window_that_has_ended),
		cmocka_unit_test(modules_in_dispute_are_not_known_to_be_none),
		cmocka_unit_test(what_the_question_leaves_open_is_not_covered_for_sure),
		cmocka_unit_test(unrecorded_roles_leave_the_module_open),
		cmocka_unit_test(without_a_paper_there_is_none),
		cmocka_unit_test(a_policy_knows_any_instrument_it_names),
		cmocka_unit_test(all_tests_of_a_ground_speak_of_one_paper),
		cmocka_unit_test(a_paper_that_must_be_there_may_be_any),
		cmocka_unit_test(of_equal_papers_the_first_is_named),
		cmocka_unit_test(what_engagements_do_not_say_alike_is_unknown),
		cmocka_unit_test(a_question_may_name_the_engagement),
		cmocka_unit_test(a_future_slice_is_seen_in_holds_until),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
