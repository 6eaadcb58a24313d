/* Open questions, and the assessments that settle them. */
#include "world_fixture.h"

static struct world_assessment answer_of(const char *id, const char *outcome)
{
	return (struct world_assessment){.record = rec(id, "", ""),
					 .kind = w("question"),
					 .exporter = w("line"),
					 .outcome = w(outcome),
					 .date = on("2024-01-01"),
					 .next_due = DAY_MAX};
}

static void begin_world(void)
{
	begin();
	add_area_in("KR", "");
	add_area_in("DE", "EU");
	add_area_in("EU", "");
	add_party("line", "KR");
	add_party("desk", "DE");
	add_party("other", "DE");
	world_add_term(world, &(struct world_term){.record = rec("question", "", "2026-01-01"),
						   .owner = w("court")});
	add_law("law", "KR", "(unsettled question)");
}

static void add(struct world_assessment assessment)
{
	world_add_assessment(world, &assessment);
}

#define ASK "exporter=line to=desk"

static void a_question_is_open_until_somebody_answers_it(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	decision = ask(ASK);
	assert_int_equal(truth_of(decision), TRUTH_UNKNOWN);
	assert_true(has_code(decision->reasons, REASON_UNSETTLED_QUESTION));
	/* No walk, no assessment: only the term that names the owner ends. */
	assert_int_equal(decision->holds_until, on("2026-01-01"));
	end();
}

static void an_assessment_that_it_holds_settles_it(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	add(answer_of("a", "holds"));
	decision = ask(ASK);
	assert_int_equal(truth_of(decision), TRUTH_TRUE);
	assert_int_equal(decision->verdict, VERDICT_PERMITTED);
	assert_int_equal(decision->records.count, 2); /* it, and the law */
	assert_int_equal(decision->records.items[0]->id, w("a"));
	end();
}

static void an_assessment_against_it_is_the_reason(void **state)
{
	const struct decision *decision;
	const struct reason *reason;

	(void)state;
	begin_world();
	add(answer_of("a", "does-not-hold"));
	decision = ask(ASK);
	assert_int_equal(truth_of(decision), TRUTH_FALSE);
	assert_int_equal(decision->verdict, VERDICT_DENIED);
	reason = &decision->opinions[0].grounds[0].failed.items[0];
	assert_int_equal(reason->code, REASON_SETTLED_OTHERWISE);
	assert_int_equal(reason->word, w("question"));
	assert_int_equal(reason->records.count, 1);
	assert_int_equal(reason->records.items[0]->id, w("a"));
	assert_int_equal(decision->absent_count, 0);
	end();
}

static void two_that_contradict_each_other_settle_nothing(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	add(answer_of("a", "holds"));
	add(answer_of("b", "does-not-hold"));
	decision = ask(ASK);
	assert_int_equal(truth_of(decision), TRUTH_UNKNOWN);
	assert_int_equal(decision->records.count, 3);
	end();
}

/* What is wrong with the one assessment there is, and what that leaves. */
static const struct {
	const char *outcome, *importer, *from, *until, *date, *next_due;
	enum field disputed;
	enum truth truth;
} table[] = {
	{"holds", "desk", "", "", "", "", 0, TRUTH_TRUE},
	{"holds", "other", "", "", "", "", 0, TRUTH_UNKNOWN},
	{"holds", "", "2024-07-01", "", "", "", 0, TRUTH_UNKNOWN},
	{"holds", "", "", "2024-05-01", "", "", 0, TRUTH_UNKNOWN},
	{"holds", "", "", "", "2024-06-02", "", 0, TRUTH_UNKNOWN},
	{"holds", "", "", "", "", "2024-06-01", 0, TRUTH_UNKNOWN},
	{"effective", "", "", "", "", "", 0, TRUTH_UNKNOWN},
	{"holds", "", "", "", "", "", FIELD_KIND, TRUTH_UNKNOWN},
	{"holds", "", "", "", "", "", FIELD_OUTCOME, TRUTH_UNKNOWN},
	{"does-not-hold", "", "", "", "", "", FIELD_EXPORTER, TRUTH_UNKNOWN},
	{"does-not-hold", "", "", "", "", "", 0, TRUTH_FALSE},
};

static void only_an_assessment_that_stands_settles_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct world_assessment assessment;

		begin_world();
		assessment = answer_of("a", table[i].outcome);
		assessment.importer = *table[i].importer ? w(table[i].importer) : SYMBOL_NONE;
		assessment.record.from = from_day(table[i].from);
		assessment.record.until = until_day(table[i].until);
		if (*table[i].date)
			assessment.date = on(table[i].date);
		assessment.next_due = until_day(table[i].next_due);
		if (table[i].disputed)
			assessment.record.unsettled = FIELD_BIT(table[i].disputed);
		add(assessment);
		if (truth_of(ask(ASK)) != table[i].truth)
			fail_msg("row %zu: %d", i, truth_of(ask(ASK)));
		end();
	}
}

/* One that may be against it leaves it open, as the question is. */
static void a_doubt_beside_an_answer_keeps_it_open(void **state)
{
	struct world_assessment doubtful;

	(void)state;
	begin_world();
	add(answer_of("a", "holds"));
	doubtful = answer_of("b", "does-not-hold");
	doubtful.record.unsettled = FIELD_BIT(FIELD_OUTCOME);
	add(doubtful);
	assert_int_equal(truth_of(ask(ASK)), TRUTH_UNKNOWN);
	end();
}

static void an_answer_holds_until_it_is_due_again(void **state)
{
	struct world_assessment assessment;
	const struct decision *decision;

	(void)state;
	begin_world();
	assessment = answer_of("a", "holds");
	assessment.next_due = on("2025-01-01");
	add(assessment);
	decision = ask(ASK);
	assert_int_equal(decision->holds_until, on("2025-01-01"));
	assert_int_equal(truth_of(ask(ASK " on=2025-01-01")), TRUTH_UNKNOWN);
	end();
}

static void what_was_not_known_yet_settled_nothing(void **state)
{
	struct world_assessment assessment;

	(void)state;
	begin_world();
	assessment = answer_of("a", "holds");
	assessment.record.known_from = 2;
	add(assessment);
	assert_int_equal(truth_of(ask(ASK " known=1")), TRUTH_UNKNOWN);
	assert_int_equal(truth_of(ask(ASK " known=2")), TRUTH_TRUE);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_is_open_until_somebody_answers_it),
		cmocka_unit_test(an_assessment_that_it_holds_settles_it),
		cmocka_unit_test(an_assessment_against_it_is_the_reason),
		cmocka_unit_test(two_that_contradict_each_other_settle_nothing),
		cmocka_unit_test(only_an_assessment_that_stands_settles_it),
		cmocka_unit_test(a_doubt_beside_an_answer_keeps_it_open),
		cmocka_unit_test(an_answer_holds_until_it_is_due_again),
		cmocka_unit_test(what_was_not_known_yet_settled_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
