/* Which records a test speaks of: findings, certificates, assessments, disclosures, orders. */
#include "world_fixture.h"

static void begin_world(void)
{
	begin();
	add_area_in("KR", "");
	add_area_in("DE", "EEA");
	add_area_in("EEA", "");
	add_area_in("US", "");
	add_category("user", "");
	add_category("user.contact", "");
	add_party("a", "KR");
	add_party("b", "DE");
	add_party("nowhere", "");
}

static struct world_finding finding(const char *id, const char *by, const char *area)
{
	return (struct world_finding){
		.record = rec(id, "", ""), .by = w(by), .area = w(area), .says = w("adequate")};
}

static void expect(const char *text, enum truth truth, enum reason_code code)
{
	const struct opinion *opinion = opinion_of(ask(text), "law");

	assert_int_equal(opinion->grounds[0].result, truth);
	if (code)
		assert_true(has_code(opinion->grounds[0].failed, code));
}

static void with_finding(struct world_finding found, const char *needs)
{
	world_add_finding(world, &found);
	add_law("law", "KR", needs);
}

static void a_finding_binds_law_and_area(void **state)
{
	(void)state;
	begin_world();
	with_finding(finding("f", "law", "EEA"), "(finding (says adequate))");
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=a", TRUTH_FALSE, REASON_NO_RECORD);
	expect("exporter=a to=nowhere storage=DE", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=nowhere storage=KR", TRUTH_FALSE, REASON_NO_RECORD);
	expect("exporter=a to=nowhere", TRUTH_UNKNOWN, REASON_RECORD_UNKNOWN);
	end();
}

static void a_finding_of_another_law_must_be_asked_for(void **state)
{
	(void)state;
	begin_world();
	with_finding(finding("f", "other", "EEA"), "(finding (says adequate))");
	expect("exporter=a to=b", TRUTH_FALSE, REASON_NO_RECORD);
	end();
	begin_world();
	with_finding(finding("f", "other", "EEA"), "(finding (by other) (says adequate))");
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	end();
}

static void a_finding_on_a_part_leaves_the_whole_open(void **state)
{
	(void)state;
	begin_world();
	with_finding(finding("f", "law", "DE"), "(finding (says adequate))");
	expect("exporter=a to=nowhere storage=EEA", TRUTH_UNKNOWN, REASON_RECORD_UNKNOWN);
	end();
}

static void the_seat_counts_unless_the_leg_is_asked_for(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	with_finding(finding("f", "law", "DE"), "(finding (says adequate))");
	decision = ask("exporter=a to=b storage=US");
	assert_int_equal(decision->legs[1].area, w("US"));
	assert_int_equal(decision->legs[1].verdict, VERDICT_PERMITTED);
	end();
	begin_world();
	with_finding(finding("f", "law", "DE"), "(finding (area is leg.area))");
	decision = ask("exporter=a to=b storage=US");
	assert_int_equal(decision->legs[0].verdict, VERDICT_PERMITTED);
	assert_int_equal(decision->legs[1].verdict, VERDICT_DENIED);
	assert_int_equal(decision->weakest_leg, 1);
	end();
	begin_world();
	with_finding(finding("f", "law", "US"), "(finding (area is importer.area))");
	decision = ask("exporter=a to=b storage=US");
	assert_int_equal(decision->legs[1].verdict, VERDICT_DENIED);
	end();
}

static void a_finding_may_have_a_scope(void **state)
{
	struct world_finding scoped;

	(void)state;
	begin_world();
	scoped = finding("f", "law", "DE");
	scoped.scope = condition("(certificate (scheme dpf))");
	world_add_certificate(world, &(struct world_certificate){.record = rec("c", "", ""),
								 .holder = w("b"),
								 .scheme = w("cbpr"),
								 .status = CERTIFICATE_ACTIVE,
								 .next_due = DAY_MAX});
	with_finding(scoped, "(finding (says adequate))");
	expect("exporter=a to=b", TRUTH_FALSE, REASON_OUT_OF_SCOPE);
	expect("exporter=a to=b", TRUTH_FALSE, REASON_NO_RECORD);
	end();
}

static void a_scope_that_asks_for_itself_ends(void **state)
{
	struct world_finding scoped;

	(void)state;
	begin_world();
	scoped = finding("f", "law", "DE");
	scoped.scope = condition("(finding (says adequate))");
	with_finding(scoped, "(finding (says adequate))");
	expect("exporter=a to=b", TRUTH_UNKNOWN, REASON_OUT_OF_SCOPE);
	end();
}

static void with_certificate(enum certificate_status status, const char *due, const char *needs)
{
	begin_world();
	world_add_certificate(world, &(struct world_certificate){.record = rec("c", "", ""),
								 .holder = w("b"),
								 .scheme = w("cbpr"),
								 .covers = list("user"),
								 .status = status,
								 .next_due = until_day(due)});
	add_law("law", "KR", needs);
}

static void a_certificate_counts_while_active_and_not_overdue(void **state)
{
	const char *needs = "(certificate (scheme cbpr))";

	(void)state;
	with_certificate(CERTIFICATE_ACTIVE, "2024-06-02", needs);
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	assert_int_equal(ask("exporter=a to=b")->holds_until, on("2024-06-02"));
	expect("exporter=a to=b on=2024-06-02", TRUTH_FALSE, REASON_OVERDUE);
	expect("exporter=b to=a", TRUTH_FALSE, REASON_NO_RECORD);
	end();
	with_certificate(CERTIFICATE_SUSPENDED, "", needs);
	expect("exporter=a to=b", TRUTH_FALSE, REASON_NOT_CERTIFIED);
	end();
	with_certificate(CERTIFICATE_UNSPECIFIED, "", needs);
	expect("exporter=a to=b", TRUTH_UNKNOWN, REASON_NOT_CERTIFIED);
	end();
	with_certificate(CERTIFICATE_SUSPENDED, "", "(certificate (status suspended))");
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	end();
}

/* `c` is held by b. */
static void who_holds_a_certificate_may_be_asked(void **state)
{
	(void)state;
	with_certificate(CERTIFICATE_ACTIVE, "", "(certificate (holder is exporter.party))");
	expect("exporter=b to=a", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=b", TRUTH_FALSE, REASON_NO_RECORD);
	end();
	with_certificate(CERTIFICATE_ACTIVE, "", "(certificate (holder is importer.party))");
	expect("exporter=b to=a", TRUTH_FALSE, REASON_NO_RECORD);
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	end();
	/* one rulebook asks for both, one after the other */
	with_certificate(
		CERTIFICATE_ACTIVE, "",
		"(any (certificate (scheme cbpr)) (certificate (scheme cbpr) (holder b)))");
	expect("exporter=b to=a", TRUTH_TRUE, REASON_NONE);
	end();
}

static void is_asks_whether_a_field_contains_the_fact(void **state)
{
	(void)state;
	with_certificate(CERTIFICATE_ACTIVE, "", "(certificate (covers is leg.category))");
	expect("exporter=a to=b category=user.contact", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=b", TRUTH_UNKNOWN, REASON_RECORD_UNKNOWN);
	end();
}

static void with_assessment(struct world_assessment assessment)
{
	assessment.kind = w("tia");
	if (!assessment.next_due)
		assessment.next_due = DAY_MAX;
	world_add_assessment(world, &assessment);
	add_law("law", "KR", "(assessment (kind tia))");
}

static void an_assessment_is_of_what_it_names(void **state)
{
	(void)state;
	begin_world();
	with_assessment((struct world_assessment){.record = rec("x", "", ""), .importer = w("b")});
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	expect("exporter=b to=a", TRUTH_FALSE, REASON_NO_RECORD);
	end();
	begin_world();
	with_assessment((struct world_assessment){
		.record = rec("x", "", ""), .importer = w("b"), .area = w("US")});
	expect("exporter=a to=b", TRUTH_FALSE, REASON_NO_RECORD);
	end();
	begin_world();
	with_assessment((struct world_assessment){.record = rec("x", "", ""), .area = w("EEA")});
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	expect("exporter=b to=a", TRUTH_FALSE, REASON_NO_RECORD);
	expect("exporter=a to=nowhere", TRUTH_UNKNOWN, REASON_RECORD_UNKNOWN);
	end();
}

static void an_assessment_has_its_days(void **state)
{
	(void)state;
	begin_world();
	with_assessment((struct world_assessment){.record = rec("x", "", ""),
						  .importer = w("b"),
						  .date = on("2024-01-01"),
						  .next_due = on("2025-01-01")});
	expect("exporter=a to=b on=2023-12-31", TRUTH_FALSE, REASON_NOT_YET_MADE);
	assert_int_equal(ask("exporter=a to=b on=2023-12-31")->holds_until, on("2024-01-01"));
	expect("exporter=a to=b on=2024-12-31", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=b on=2025-01-01", TRUTH_FALSE, REASON_OVERDUE);
	end();
}

static void a_disclosure_is_the_exporters(void **state)
{
	(void)state;
	begin_world();
	world_add_disclosure(world, &(struct world_disclosure){.record = rec("d", "", ""),
							       .exporter = w("a"),
							       .areas = list("EEA")});
	add_law("law", "KR", "(disclosure (areas is leg.area))");
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=a", TRUTH_FALSE, REASON_NO_RECORD);
	expect("exporter=b to=b", TRUTH_FALSE, REASON_NO_RECORD);
	end();
}

static void with_order(struct world_order order)
{
	order.record = rec("o", "", "");
	order.by = w("law");
	world_add_order(world, &order);
	add_law("law", "KR", "(order)");
}

static void an_order_bites_where_all_it_names_is_so(void **state)
{
	(void)state;
	begin_world();
	with_order((struct world_order){.importer = w("b"), .categories = list("user.contact")});
	expect("exporter=a to=b category=user.contact", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=b category=user", TRUTH_UNKNOWN, REASON_NONE);
	expect("exporter=a to=b", TRUTH_UNKNOWN, REASON_NONE);
	expect("exporter=a to=a category=user.contact", TRUTH_FALSE, REASON_NO_RECORD);
	end();
	begin_world();
	with_order((struct world_order){.areas = list("EEA")});
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	expect("exporter=a to=a", TRUTH_FALSE, REASON_NO_RECORD);
	end();
	begin_world();
	with_order((struct world_order){.exporter = w("a")});
	expect("exporter=a to=b", TRUTH_TRUE, REASON_NONE);
	expect("exporter=b to=b", TRUTH_FALSE, REASON_NO_RECORD);
	end();
}

static void a_stayed_order_does_not_bite(void **state)
{
	(void)state;
	begin_world();
	with_order(
		(struct world_order){.importer = w("b"),
				     .stays = (struct span[]){{on("2024-07-01"), on("2024-08-01")}},
				     .stay_count = 1});
	expect("exporter=a to=b on=2024-06-30", TRUTH_TRUE, REASON_NONE);
	assert_int_equal(ask("exporter=a to=b on=2024-06-30")->holds_until, on("2024-07-01"));
	expect("exporter=a to=b on=2024-07-01", TRUTH_FALSE, REASON_NO_RECORD);
	expect("exporter=a to=b on=2024-08-01", TRUTH_TRUE, REASON_NONE);
	end();
}

static void a_field_in_dispute_leaves_a_record_open(void **state)
{
	struct world_finding disputed;

	(void)state;
	begin_world();
	disputed = finding("f", "law", "DE");
	disputed.record.unsettled = FIELD_BIT(FIELD_SAYS);
	with_finding(disputed, "(finding (says adequate))");
	expect("exporter=a to=b", TRUTH_UNKNOWN, REASON_RECORD_UNKNOWN);
	end();
}

static void with_disputed_certificate(enum field field, const char *needs)
{
	struct world_certificate certificate;

	begin_world();
	certificate = (struct world_certificate){.record = rec("c", "", ""),
						 .holder = w("b"),
						 .scheme = w("cbpr"),
						 .status = CERTIFICATE_ACTIVE,
						 .next_due = DAY_MAX};
	certificate.record.unsettled = FIELD_BIT(field);
	world_add_certificate(world, &certificate);
	add_law("law", "KR", needs);
}

static void a_tie_in_dispute_leaves_a_record_open(void **state)
{
	(void)state;
	with_disputed_certificate(FIELD_HOLDER, "(certificate (scheme cbpr))");
	expect("exporter=a to=b", TRUTH_UNKNOWN, REASON_RECORD_UNKNOWN);
	end();
	with_disputed_certificate(FIELD_COVERS, "(certificate (covers is leg.category))");
	expect("exporter=a to=b category=user", TRUTH_UNKNOWN, REASON_RECORD_UNKNOWN);
	end();
	with_disputed_certificate(FIELD_STATUS, "(certificate (scheme cbpr))");
	expect("exporter=a to=b", TRUTH_UNKNOWN, REASON_NOT_CERTIFIED);
	end();
}

static void evidence_names_the_record_and_the_groups_on_the_way(void **state)
{
	const struct opinion *opinion;

	(void)state;
	begin_world();
	with_finding(finding("f", "law", "EEA"), "(finding (says adequate))");
	opinion = opinion_of(ask("exporter=a to=b"), "law");
	assert_int_equal(opinion->records.count, 4);
	assert_int_equal(opinion->records.items[0]->id, w("DE")); /* it is in the EEA */
	assert_int_equal(opinion->records.items[1]->id, w("b"));  /* its seat */
	assert_int_equal(opinion->records.items[2]->id, w("f"));
	assert_int_equal(opinion->records.items[3]->id, w("law"));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_binds_law_and_area),
		cmocka_unit_test(a_finding_of_another_law_must_be_asked_for),
		cmocka_unit_test(a_finding_on_a_part_leaves_the_whole_open),
		cmocka_unit_test(the_seat_counts_unless_the_leg_is_asked_for),
		cmocka_unit_test(a_finding_may_have_a_scope),
		cmocka_unit_test(a_scope_that_asks_for_itself_ends),
		cmocka_unit_test(a_certificate_counts_while_active_and_not_overdue),
		cmocka_unit_test(who_holds_a_certificate_may_be_asked),
		cmocka_unit_test(is_asks_whether_a_field_contains_the_fact),
		cmocka_unit_test(an_assessment_is_of_what_it_names),
		cmocka_unit_test(an_assessment_has_its_days),
		cmocka_unit_test(a_disclosure_is_the_exporters),
		cmocka_unit_test(an_order_bites_where_all_it_names_is_so),
		cmocka_unit_test(a_stayed_order_does_not_bite),
		cmocka_unit_test(a_field_in_dispute_leaves_a_record_open),
		cmocka_unit_test(a_tie_in_dispute_leaves_a_record_open),
		cmocka_unit_test(evidence_names_the_record_and_the_groups_on_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
