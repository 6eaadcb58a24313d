/* One rulebook on one leg: the steps in their order, duties, quality of sources. */
#include "world_fixture.h"

/* Flags said by the caller: `t:true`, `t:false`, or unknown when not said. */
static void begin_world(void)
{
	begin();
	add_area_in("KR", "");
	add_party("a", "KR");
	add_term("applies", TERM_FLAG, false);
	add_term("local", TERM_FLAG, false);
	add_term("banned", TERM_FLAG, false);
	add_term("forbidden", TERM_FLAG, false);
	add_term("ground", TERM_FLAG, false);
	add_term("when", TERM_FLAG, false);
	add_law("other", "KR", "(all)");
}

static struct world_rulebook the_law(void)
{
	return (struct world_rulebook){
		.record = rec("law", "", ""),
		.applies = condition("(applies true)"),
		.not_a_transfer = condition("(local true)"),
		PROHIBITIONS(prohibition_of("plain", "(forbidden true)", false),
			     prohibition_of("order", "(banned true)", true)),
		GROUNDS(ground_of("g", "(ground true)")),
		DUTIES(duty_of("tell", "(when true)", false), duty_of("record", NULL, true))};
}

/* T, F or - for: applies, local, banned, forbidden, ground. */
static const struct {
	const char *facts;
	enum verdict verdict;
	const char *by;
	enum reason_code code;
} steps[] = {
	{"TFFFT", VERDICT_PERMITTED, "g", REASON_GROUND},
	/* 2: an order reaches everything */
	{"TFTFT", VERDICT_DENIED, "order", REASON_PROHIBITED},
	{"TTTFT", VERDICT_DENIED, "order", REASON_PROHIBITED},
	/* 3: no transfer */
	{"TTFFF", VERDICT_NOT_A_TRANSFER, "not-a-transfer", REASON_NOT_A_TRANSFER},
	{"TTFTF", VERDICT_NOT_A_TRANSFER, "not-a-transfer", REASON_NOT_A_TRANSFER},
	{"TTF-F", VERDICT_NOT_A_TRANSFER, "not-a-transfer", REASON_NOT_A_TRANSFER},
	{"TT-FF", VERDICT_INDETERMINATE, "order", REASON_PROHIBITION_UNKNOWN},
	/* 4: another prohibition */
	{"TFFTT", VERDICT_DENIED, "plain", REASON_PROHIBITED},
	{"T-FTT", VERDICT_INDETERMINATE, "plain", REASON_TRANSFER_UNKNOWN},
	/* 5: a ground, unless a prohibition is open */
	{"T-FFT", VERDICT_PERMITTED, "g", REASON_GROUND},
	{"TFF-T", VERDICT_INDETERMINATE, "plain", REASON_PROHIBITION_UNKNOWN},
	{"TF-FT", VERDICT_INDETERMINATE, "order", REASON_PROHIBITION_UNKNOWN},
	/* 6: an open ground */
	{"TFFF-", VERDICT_INDETERMINATE, "g", REASON_GROUND_UNKNOWN},
	{"TFF--", VERDICT_INDETERMINATE, "g", REASON_PROHIBITION_UNKNOWN},
	{"TF-F-", VERDICT_INDETERMINATE, "g", REASON_PROHIBITION_UNKNOWN},
	/* 7: the default */
	{"TFFFF", VERDICT_DENIED, "default", REASON_DEFAULT_PROHIBITED},
	{"T-FFF", VERDICT_INDETERMINATE, "default", REASON_TRANSFER_UNKNOWN},
	{"TFF-F", VERDICT_DENIED, "default", REASON_DEFAULT_PROHIBITED},
	/* 8: whether it applies */
	{"-FFFF", VERDICT_INDETERMINATE, "default", REASON_APPLIES_UNKNOWN},
	{"-FTFF", VERDICT_INDETERMINATE, "order", REASON_APPLIES_UNKNOWN},
	{"-FFTF", VERDICT_INDETERMINATE, "plain", REASON_APPLIES_UNKNOWN},
	{"-FFFT", VERDICT_PERMITTED, "g", REASON_APPLIES_UNKNOWN},
	{"-TFFF", VERDICT_NOT_A_TRANSFER, "not-a-transfer", REASON_APPLIES_UNKNOWN},
};

static const char *asking(const char *facts, const char *more)
{
	static const char *const names[] = {"applies", "local", "banned", "forbidden", "ground"};
	static char text[512];
	int size = snprintf(text, sizeof(text), "exporter=a to=a %s", more);

	for (size_t i = 0; i < 5; i++)
		if (facts[i] != '-')
			size += snprintf(text + size, sizeof(text) - (size_t)size, " fact=%s:%s",
					 names[i], facts[i] == 'T' ? "true" : "false");
	return text;
}

static void the_steps_decide_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct world_rulebook law;
		const struct opinion *opinion;

		begin_world();
		law = the_law();
		world_add_rulebook(world, &law);
		opinion = opinion_of(ask(asking(steps[i].facts, "fact=when:false")), "law");
		if (!opinion || opinion->verdict != steps[i].verdict ||
		    !decided_by(opinion, steps[i].by) || !has_code(opinion->reasons, steps[i].code))
			fail_msg("%s: verdict %d by %.*s", steps[i].facts,
				 opinion ? opinion->verdict : 0,
				 BYTES_PRINT(opinion ? opinion->decided_by
						     : BYTES_LITERAL("nobody")));
		end();
	}
}

static void a_rulebook_that_does_not_apply_has_no_opinion(void **state)
{
	struct world_rulebook law;

	(void)state;
	begin_world();
	law = the_law();
	world_add_rulebook(world, &law);
	assert_null(opinion_of(ask(asking("FFTFT", "")), "law"));
	end();
}

static void a_rulebook_not_in_force_has_no_opinion_but_a_date(void **state)
{
	struct world_rulebook law;

	(void)state;
	begin_world();
	law = the_law();
	law.record.from = on("2025-01-01");
	world_add_rulebook(world, &law);
	assert_null(opinion_of(ask(asking("TFTFT", "")), "law"));
	assert_int_equal(ask(asking("TFTFT", ""))->holds_until, on("2025-01-01"));
	end();
}

static void a_default_may_permit(void **state)
{
	struct world_rulebook law;
	const struct opinion *opinion;

	(void)state;
	begin_world();
	law = the_law();
	law.default_permitted = true;
	world_add_rulebook(world, &law);
	opinion = opinion_of(ask(asking("TFFFF", "fact=when:false")), "law");
	assert_int_equal(opinion->verdict, VERDICT_PERMITTED);
	assert_true(has_code(opinion->reasons, REASON_DEFAULT_PERMITTED));
	opinion = opinion_of(ask(asking("TFFFF", "fact=when:true")), "law");
	assert_int_equal(opinion->verdict, VERDICT_PERMITTED_WITH_OBLIGATIONS);
	opinion = opinion_of(ask(asking("TFF-F", "fact=when:false")), "law");
	assert_int_equal(opinion->verdict, VERDICT_INDETERMINATE);
	opinion = opinion_of(ask(asking("T-FFF", "fact=when:false")), "law");
	assert_int_equal(opinion->verdict, VERDICT_PERMITTED);
	/* whatever the ground comes to, it is permitted */
	opinion = opinion_of(ask(asking("TFFF-", "fact=when:false")), "law");
	assert_int_equal(opinion->verdict, VERDICT_PERMITTED);
	assert_true(decided_by(opinion, "default"));
	end();
}

static void duties_are_owed_unless_their_condition_is_false(void **state)
{
	struct world_rulebook law;
	const struct decision *decision;

	(void)state;
	begin_world();
	law = the_law();
	world_add_rulebook(world, &law);
	decision = ask(asking("TFFFT", "fact=when:false"));
	assert_int_equal(decision->verdict, VERDICT_PERMITTED);
	assert_int_equal(decision->duty_count, 1);
	assert_true(decision->duties[0].standing);
	decision = ask(asking("TFFFT", ""));
	assert_int_equal(decision->verdict, VERDICT_PERMITTED_WITH_OBLIGATIONS);
	assert_int_equal(decision->duty_count, 2);
	assert_int_equal(decision->duties[1].duty, w("tell"));
	assert_int_equal(decision->duties[1].performs, ANSWER_UNSPECIFIED);
	decision = ask(asking("TFFFT", "does=tell"));
	assert_int_equal(decision->verdict, VERDICT_PERMITTED_WITH_OBLIGATIONS);
	assert_int_equal(decision->duties[1].performs, ANSWER_YES);
	decision = ask(asking("TFFFF", "fact=when:true"));
	assert_int_equal(decision->duty_count, 0);
	end();
}

static void a_refused_duty_of_the_rulebook_denies(void **state)
{
	struct world_rulebook law;
	const struct opinion *opinion;

	(void)state;
	begin_world();
	law = the_law();
	world_add_rulebook(world, &law);
	opinion = opinion_of(ask(asking("TFFFT", "refuses=tell")), "law");
	assert_int_equal(opinion->verdict, VERDICT_DENIED);
	assert_true(has_code(opinion->reasons, REASON_DUTY_REFUSED));
	opinion = opinion_of(ask(asking("T-FFT", "refuses=tell")), "law");
	assert_int_equal(opinion->verdict, VERDICT_INDETERMINATE);
	opinion = opinion_of(ask(asking("TTFFT", "refuses=tell")), "law");
	assert_int_equal(opinion->verdict, VERDICT_NOT_A_TRANSFER);
	opinion = opinion_of(ask(asking("TFFFT", "refuses=tell fact=when:false")), "law");
	assert_int_equal(opinion->verdict, VERDICT_PERMITTED);
	end();
}

static void add_two_grounds(void)
{
	struct ground heavy = ground_of("heavy", "(ground true)");
	struct ground light = ground_of("light", "(ground true)");
	struct ground same = ground_of("same", "(ground true)");

	heavy.duties = (struct duties){
		KEEP(struct duty, duty_of("x", NULL, false), duty_of("y", NULL, false)), 2};
	light.duties = (struct duties){
		KEEP(struct duty, duty_of("z", NULL, false), duty_of("s", NULL, true)), 2};
	same.duties = (struct duties){KEEP(struct duty, duty_of("q", NULL, false)), 1};
	world_add_rulebook(world, &(struct world_rulebook){.record = rec("law", "", ""),
							   GROUNDS(heavy, light, same)});
}

static void the_ground_with_the_fewest_duties_is_chosen(void **state)
{
	const struct opinion *opinion;

	(void)state;
	begin_world();
	add_two_grounds();
	opinion = opinion_of(ask("exporter=a to=a fact=ground:true"), "law");
	assert_true(decided_by(opinion, "light"));
	assert_int_equal(opinion->ground_count, 3);
	assert_int_equal(opinion->duty_count, 2);
	opinion = opinion_of(ask("exporter=a to=a fact=ground:true refuses=z"), "law");
	assert_true(decided_by(opinion, "same"));
	assert_true(has_code(opinion->grounds[1].failed, REASON_DUTY_REFUSED));
	opinion = opinion_of(ask("exporter=a to=a fact=ground:true refuses=z refuses=q"), "law");
	assert_true(decided_by(opinion, "heavy"));
	opinion = opinion_of(ask("exporter=a to=a fact=ground:true refuses=z refuses=q refuses=x"),
			     "law");
	assert_int_equal(opinion->verdict, VERDICT_DENIED);
	end();
}

static void rules_have_days_of_their_own(void **state)
{
	struct world_rulebook law;
	struct ground ground;

	(void)state;
	begin_world();
	law = the_law();
	law.applies = NULL;
	ground = ground_of("g", "(all)");
	ground.from = on("2024-07-01");
	law.grounds = KEEP(struct ground, ground);
	world_add_rulebook(world, &law);
	assert_int_equal(opinion_of(ask(asking("TFFFF", "")), "law")->verdict, VERDICT_DENIED);
	assert_int_equal(opinion_of(ask(asking("TFFFF", "")), "law")->ground_count, 0);
	assert_int_equal(ask(asking("TFFFF", ""))->holds_until, on("2024-07-01"));
	assert_true(decided_by(opinion_of(ask(asking("TFFFF", "on=2024-07-01")), "law"), "g"));
	end();
}

static void failed_leaves_are_named(void **state)
{
	const struct opinion *opinion;
	const struct reason *reasons;

	(void)state;
	begin_world();
	add_law("law", "KR",
		"(all (ground true) (any (local true) (banned true)) (not (when true)) "
		"(unsettled q))");
	opinion = opinion_of(ask("exporter=a to=a fact=ground:true fact=local:false "
				 "fact=when:true"),
			     "law");
	assert_int_equal(opinion->grounds[0].failed.count, 4);
	reasons = opinion->grounds[0].failed.items;
	assert_int_equal(reasons[0].code, REASON_FACT_IS_OTHERWISE);
	assert_int_equal(reasons[0].word, w("local"));
	assert_true(bytes_equal_string(reasons[0].condition->text, "(local true)"));
	assert_int_equal(reasons[1].code, REASON_FACT_UNKNOWN);
	assert_int_equal(reasons[1].owner, w("legal-team"));
	assert_int_equal(reasons[2].code, REASON_EXCEPTION_HOLDS);
	assert_int_equal(reasons[3].code, REASON_UNSETTLED_QUESTION);
	assert_int_equal(opinion->asserted_count, 3);
	end();
}

static void only_what_is_open_is_named_under_not(void **state)
{
	const struct opinion *opinion;

	(void)state;
	begin_world();
	add_law("law", "KR", "(not (any (ground true) (local true)))");
	opinion = opinion_of(ask("exporter=a to=a fact=ground:false"), "law");
	assert_int_equal(opinion->verdict, VERDICT_INDETERMINATE);
	assert_int_equal(opinion->grounds[0].failed.count, 1);
	assert_int_equal(opinion->grounds[0].failed.items[0].word, w("local"));
	end();
}

static void expect_text(void (*explain)(const struct world *, const struct reason *,
					struct buffer *),
			const struct reason *reason, const char *text)
{
	struct buffer out = {0};

	explain(world, reason, &out);
	assert_string_equal(buffer_string(&out), text);
	buffer_release(&out);
}

static void reasons_are_written_out(void **state)
{
	const struct reason *failed;
	const struct decision *decision;
	struct buffer out = {0};

	(void)state;
	begin_world();
	add_term("age", TERM_NUMBER, false);
	add_law("law", "KR",
		"(all (leg.area US JP) (age ge 13 lt 16) (exporter.is has x) (finding) "
		"(as-of lt 2020-01-01))");
	decision = ask("exporter=a to=a fact=age:12");
	failed = opinion_of(decision, "law")->grounds[0].failed.items;
	expect_text(explain_found, &failed[0], "KR");
	expect_text(explain_expected, &failed[0], "one of [US, JP]");
	expect_text(explain_found, &failed[1], "12");
	expect_text(explain_expected, &failed[1], "below 16, at least 13");
	expect_text(explain_found, &failed[2], "none");
	expect_text(explain_expected, &failed[2], "has x");
	expect_text(explain_found, &failed[3], "none");
	expect_text(explain_expected, &failed[3], "(finding)");
	expect_text(explain_found, &failed[4], "the day of the question");
	expect_text(explain_expected, &failed[4], "below 2020-01-01");
	explain_absence(&decision->absent[0], &out);
	assert_string_equal(buffer_string(&out), "finding: (finding)");
	buffer_release(&out);
	end();
}

static void weak_sources_are_told_and_change_nothing(void **state)
{
	struct world_rulebook law;
	const struct decision *decision;
	const struct opinion *opinion;

	(void)state;
	begin_world();
	law = the_law();
	law.record.confidence = CONFIDENCE_LOW;
	law.record.doubt = true;
	law.record.review_by = on("2024-08-01");
	world_add_rulebook(world, &law);
	decision = ask(asking("TFFFT", "fact=when:false"));
	opinion = opinion_of(decision, "law");
	assert_int_equal(opinion->verdict, VERDICT_PERMITTED);
	assert_true(has_code(opinion->reasons, REASON_LOW_CONFIDENCE));
	assert_true(has_code(opinion->reasons, REASON_DOUBT));
	assert_false(has_code(opinion->reasons, REASON_REVIEW_OVERDUE));
	assert_int_equal(decision->holds_until, on("2024-08-01"));
	decision = ask(asking("TFFFT", "fact=when:false on=2024-08-01"));
	assert_true(has_code(opinion_of(decision, "law")->reasons, REASON_REVIEW_OVERDUE));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_steps_decide_in_their_order),
		cmocka_unit_test(a_rulebook_that_does_not_apply_has_no_opinion),
		cmocka_unit_test(a_rulebook_not_in_force_has_no_opinion_but_a_date),
		cmocka_unit_test(a_default_may_permit),
		cmocka_unit_test(duties_are_owed_unless_their_condition_is_false),
		cmocka_unit_test(a_refused_duty_of_the_rulebook_denies),
		cmocka_unit_test(the_ground_with_the_fewest_duties_is_chosen),
		cmocka_unit_test(rules_have_days_of_their_own),
		cmocka_unit_test(failed_leaves_are_named),
		cmocka_unit_test(only_what_is_open_is_named_under_not),
		cmocka_unit_test(reasons_are_written_out),
		cmocka_unit_test(weak_sources_are_told_and_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
