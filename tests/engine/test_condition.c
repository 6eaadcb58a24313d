/* Facts, tests and operators in three values. */
#include "world_fixture.h"

/* Every fact has something to show. */
static void begin_world(const char *needs)
{
	begin();
	add_area_in("KR", "cbpr");
	add_area_in("DE", "EU");
	add_area_in("EU", "EEA");
	add_area_in("EEA", "");
	add_area_in("cbpr", "");
	add_area_in("JP", "");
	add_area_in("PH", "");
	add_category("user", "");
	add_category("user.contact", "personal");
	add_category("user.contact.email", "online");
	add_purpose("support", "");
	add_purpose("support.tickets", "support");
	add_term("subject.age", TERM_NUMBER, false);
	add_term("subject.area", TERM_AREA, false);
	add_term("consent", TERM_FLAG, true);
	add_term("claim", TERM_WORD, true);
	add_term("told", TERM_WORDS, true);
	add_term("born", TERM_DATE, false);
	world_add_term(world,
		       &(struct world_term){.record = rec("secret", "", ""), .type = TERM_FLAG});
	world_add_party(
		world,
		&(struct world_party){
			.record = rec("line", "", ""),
			.area = w("KR"),
			.sector = w("telecom"),
			.public_body = ANSWER_NO,
			.is = list("carrier listed"),
			.establishments = {(struct dated[]){{w("JP"), DAY_MIN, DAY_MAX},
							    {w("PH"), on("2030-01-01"), DAY_MAX}},
					   2},
			.bound_by = {(struct dated[]){{w("gdpr"), on("2020-01-01"), DAY_MAX}}, 1}});
	world_add_party(world, &(struct world_party){.record = rec("desk", "", ""),
						     .area = w("DE"),
						     .branch_of = w("line")});
	add_party("nowhere", "");
	world_add_engagement(world, &(struct world_engagement){.record = rec("e1", "", ""),
							       .exporter = w("line"),
							       .importer = w("desk"),
							       .importer_role = w("processor"),
							       .keys_area = w("DE"),
							       .keys_shared_control = ANSWER_NO});
	world_add_data_set(world, &(struct world_data_set){.record = rec("accounts", "", ""),
							   .exporter = w("line"),
							   .categories = list("user.contact.email"),
							   .origin = list("pipa"),
							   .policies = list("promise"),
							   .key = ANSWER_YES});
	add_law("law", "KR JP", needs);
}

#define BASE "exporter=line to=desk"

static const struct {
	const char *needs, *question;
	enum truth truth;
} table[] = {
	/* in */
	{"(leg.area DE)", BASE, TRUTH_TRUE},
	{"(leg.area EEA)", BASE, TRUTH_TRUE},
	{"(leg.area KR JP)", BASE, TRUTH_FALSE},
	{"(leg.area DE)", BASE " storage=EEA", TRUTH_TRUE},
	{"(leg.area DE)", "exporter=line to=nowhere storage=EEA", TRUTH_UNKNOWN},
	{"(leg.area KR)", "exporter=line to=nowhere storage=EEA", TRUTH_FALSE},
	{"(leg.area KR)", "exporter=line to=nowhere", TRUTH_UNKNOWN},
	{"(leg.category user)", BASE " category=user.contact.email", TRUTH_TRUE},
	{"(leg.category user.contact.email)", BASE " category=user", TRUTH_UNKNOWN},
	{"(leg.category user)", BASE, TRUTH_UNKNOWN},
	{"(leg.purpose support)", BASE " purpose=support.tickets", TRUTH_TRUE},
	{"(leg.purpose support.tickets)", BASE " purpose=support", TRUTH_UNKNOWN},
	{"(leg.purpose support)", BASE, TRUTH_UNKNOWN},
	{"(access.mode storage transit)", BASE " mode=transit", TRUTH_TRUE},
	{"(access.mode storage)", BASE, TRUTH_UNKNOWN},
	/* sets: all, or one */
	{"(exporter.areas KR JP)", BASE, TRUTH_TRUE},
	{"(exporter.areas KR)", BASE, TRUTH_FALSE},
	{"(exporter.areas has KR)", BASE, TRUTH_TRUE},
	{"(exporter.areas has cbpr)", BASE, TRUTH_TRUE},
	{"(exporter.areas has PH)", BASE, TRUTH_FALSE},
	{"(exporter.areas has PH)", BASE " on=2030-01-01", TRUTH_TRUE},
	{"(importer.bound-by gdpr)", BASE, TRUTH_FALSE},
	{"(importer.bound-by has gdpr)", BASE, TRUTH_FALSE},
	{"(importer.is main x)", BASE, TRUTH_FALSE},
	{"(exporter.bound-by has gdpr)", BASE, TRUTH_TRUE},
	{"(exporter.bound-by has gdpr)", BASE " on=2019-12-31", TRUTH_FALSE},
	{"(exporter.is has listed)", BASE, TRUTH_TRUE},
	{"(leg.tags has personal)", BASE " category=user.contact.email", TRUTH_TRUE},
	{"(leg.tags has online)", BASE " category=user.contact", TRUTH_FALSE},
	{"(leg.tags has online)", BASE, TRUTH_UNKNOWN},
	{"(importer.areas has EEA)", BASE " storage=KR", TRUTH_TRUE},
	{"(importer.areas EEA)", BASE " storage=KR", TRUTH_FALSE},
	/* main */
	{"(leg.area main DE)", BASE, TRUTH_TRUE},
	{"(leg.area main KR)", BASE, TRUTH_UNKNOWN},
	/* numbers and dates */
	{"(subject.age lt 13)", BASE, TRUTH_UNKNOWN},
	{"(subject.age lt 13)", BASE " fact=subject.age:12", TRUTH_TRUE},
	{"(subject.age lt 13)", BASE " fact=subject.age:13", TRUTH_FALSE},
	{"(subject.age ge 13)", BASE " fact=subject.age:13", TRUTH_TRUE},
	{"(subject.age ge 13)", BASE " fact=subject.age:12", TRUTH_FALSE},
	{"(subject.age ge 13 lt 16)", BASE " fact=subject.age:15", TRUTH_TRUE},
	{"(subject.age ge 13 lt 16)", BASE " fact=subject.age:16", TRUTH_FALSE},
	{"(born lt 2000-01-01)", BASE " fact=born:1999-12-31", TRUTH_TRUE},
	{"(as-of ge 2024-06-01)", BASE, TRUTH_TRUE},
	{"(as-of lt 2024-06-01)", BASE, TRUTH_FALSE},
	/* is */
	{"(leg.area is importer.area)", BASE, TRUTH_TRUE},
	{"(leg.area is exporter.areas)", BASE, TRUTH_FALSE},
	{"(subject.area is leg.area)", BASE " fact=subject.area:DE", TRUTH_TRUE},
	{"(subject.area is leg.area)", BASE " fact=subject.area:EEA", TRUTH_UNKNOWN},
	{"(leg.area is subject.area)", BASE, TRUTH_UNKNOWN},
	{"(keys.area is importer.area)", BASE, TRUTH_TRUE},
	/* silence */
	{"(consent true)", BASE, TRUTH_FALSE},
	{"(consent false)", BASE, TRUTH_TRUE},
	{"(consent true)", BASE " fact=consent:true", TRUTH_TRUE},
	{"(claim legal)", BASE, TRUTH_FALSE},
	{"(claim main legal)", BASE, TRUTH_FALSE},
	{"(claim legal)", BASE " fact=claim:legal", TRUTH_TRUE},
	{"(told has legal)", BASE, TRUTH_FALSE},
	{"(told has legal)", BASE " fact=told:listed,legal", TRUTH_TRUE},
	{"(told legal)", BASE " fact=told:listed,legal", TRUTH_FALSE},
	{"(subject.area KR)", BASE, TRUTH_UNKNOWN},
	/* a caller never overrides: what is no term of the caller's stays unknown */
	{"(secret true)", BASE " fact=secret:true", TRUTH_UNKNOWN},
	{"(no-term-at-all true)", BASE, TRUTH_UNKNOWN},
	{"(exporter.sector telecom)", BASE " fact=exporter.sector:listed", TRUTH_TRUE},
	/* records' fields */
	{"(exporter.public-body false)", BASE, TRUTH_TRUE},
	{"(importer.public-body false)", BASE, TRUTH_UNKNOWN},
	{"(importer.sector telecom)", BASE, TRUTH_UNKNOWN},
	{"(importer.same-legal-person true)", BASE, TRUTH_TRUE},
	{"(importer.same-legal-person true)", "exporter=line to=nowhere", TRUTH_FALSE},
	{"(importer.same-legal-person true)", "exporter=line to=line", TRUTH_TRUE},
	{"(engagement.importer-role processor)", BASE, TRUTH_TRUE},
	{"(engagement.exporter-role controller)", BASE, TRUTH_UNKNOWN},
	{"(engagement.importer-role processor)", "exporter=line to=nowhere", TRUTH_UNKNOWN},
	{"(keys.shared-control false)", BASE, TRUTH_TRUE},
	{"(data.key true)", "data=accounts to=desk", TRUTH_TRUE},
	{"(data.key true)", BASE, TRUTH_UNKNOWN},
	{"(data.local-copy true)", "data=accounts to=desk", TRUTH_UNKNOWN},
	{"(data.origin has pipa)", "data=accounts to=desk", TRUTH_TRUE},
	{"(data.origin has gdpr)", "data=accounts to=desk", TRUTH_FALSE},
	/* of no named data-set: perhaps what those of the exporter say, and nothing else */
	{"(data.origin has pipa)", BASE, TRUTH_UNKNOWN},
	{"(data.origin has gdpr)", BASE, TRUTH_FALSE},
	{"(data.policies has promise)", BASE, TRUTH_UNKNOWN},
	{"(data.policies has gdpr)", BASE, TRUTH_FALSE},
	{"(data.origin has pipa)", "exporter=desk to=line", TRUTH_FALSE},
	{"(data.policies has promise)", "exporter=desk to=line", TRUTH_FALSE},
	{"(data.policies has gdpr)", "data=accounts to=desk", TRUTH_FALSE},
	{"(data.subjects has KR)", "data=accounts to=desk", TRUTH_UNKNOWN},
	{"(data.set accounts)", "data=accounts to=desk", TRUTH_TRUE},
	{"(data.categories user.contact)", "data=accounts to=desk", TRUTH_TRUE},
	{"(performs has encrypt)", BASE " does=encrypt", TRUTH_TRUE},
	{"(performs has encrypt)", BASE, TRUTH_FALSE},
	{"(exporter.party line)", BASE, TRUTH_TRUE},
	/* all, any, not, sure */
	{"(all)", BASE, TRUTH_TRUE},
	{"(any)", BASE, TRUTH_FALSE},
	{"(all (leg.area DE) (unsettled q))", BASE, TRUTH_UNKNOWN},
	{"(all (leg.area KR) (unsettled q))", BASE, TRUTH_FALSE},
	{"(any (leg.area DE) (unsettled q))", BASE, TRUTH_TRUE},
	{"(any (leg.area KR) (unsettled q))", BASE, TRUTH_UNKNOWN},
	{"(not (leg.area KR))", BASE, TRUTH_TRUE},
	{"(not (leg.area DE))", BASE, TRUTH_FALSE},
	{"(not (unsettled q))", BASE, TRUTH_UNKNOWN},
	{"(sure (leg.area DE) (unsettled q))", BASE, TRUTH_FALSE},
	{"(sure (leg.area DE))", BASE, TRUTH_TRUE},
	{"(not (sure (unsettled q)))", BASE, TRUTH_TRUE},
};

static void conditions_come_to_what_the_model_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		enum truth truth;

		begin_world(table[i].needs);
		truth = truth_of(ask(table[i].question));
		if (truth != table[i].truth)
			fail_msg("%s, asked %s: %d, not %d", table[i].needs, table[i].question,
				 truth, table[i].truth);
		end();
	}
}

static void a_definition_is_its_conditions(void **state)
{
	(void)state;
	begin();
	definition_count = 0;
	define("inner", "(leg.area DE)");
	define("outer", "(all (cond inner) (not (leg.area KR)))");
	add_area_in("DE", "");
	add_party("a", "DE");
	add_law("law", "DE", "(cond outer)");
	assert_int_equal(truth_of(ask("exporter=a to=a")), TRUTH_TRUE);
	end();
}

static void a_field_in_dispute_is_unknown(void **state)
{
	struct world_party party;

	(void)state;
	begin();
	add_area_in("KR", "");
	party = party_in("a", "KR");
	party.sector = w("telecom");
	party.record.unsettled = FIELD_BIT(FIELD_SECTOR);
	world_add_party(world, &party);
	add_law("law", "KR", "(exporter.sector bank)");
	assert_int_equal(truth_of(ask("exporter=a to=a")), TRUTH_UNKNOWN);
	end();
}

static void a_membership_in_dispute_leaves_it_open(void **state)
{
	struct world_area area;

	(void)state;
	begin();
	add_area_in("EEA", "");
	area = (struct world_area){
		.record = rec("XX", "", ""),
		.member_of = {(struct dated[]){{w("EEA"), DAY_MIN, DAY_MAX}}, 1}};
	area.record.unsettled = FIELD_BIT(FIELD_AREAS);
	world_add_area(world, &area);
	add_party("a", "XX");
	add_law("law", "XX", "(leg.area EEA)");
	assert_int_equal(truth_of(ask("exporter=a to=a")), TRUTH_UNKNOWN);
	end();
}

static void memberships_are_dated_and_groups_nest(void **state)
{
	(void)state;
	begin();
	world_add_area(world, &(struct world_area){
				      .record = rec("GB", "", ""),
				      .member_of = {(struct dated[]){{w("EU"), on("1973-01-01"),
								      on("2020-02-01")}},
						    1}});
	add_area_in("EU", "EEA");
	add_area_in("EEA", "");
	add_party("a", "GB");
	add_law("law", "GB", "(leg.area EEA)");
	assert_int_equal(truth_of(ask("exporter=a to=a on=2020-01-31")), TRUTH_TRUE);
	assert_int_equal(ask("exporter=a to=a on=2020-01-31")->holds_until, on("2020-02-01"));
	assert_int_equal(truth_of(ask("exporter=a to=a on=2020-02-01")), TRUTH_FALSE);
	assert_int_equal(ask("exporter=a to=a on=1970-01-01")->holds_until, on("1973-01-01"));
	end();
}

static void areas_lie_in_areas(void **state)
{
	(void)state;
	begin();
	add_area_in("AE", "");
	world_add_area(world,
		       &(struct world_area){.record = rec("AE-DIFC", "", ""), .part_of = w("AE")});
	add_party("zone", "AE-DIFC");
	add_party("country", "AE");
	add_law("law", "AE", "(leg.area AE-DIFC)");
	assert_int_equal(truth_of(ask("exporter=zone to=zone")), TRUTH_TRUE);
	assert_int_equal(truth_of(ask("exporter=zone to=country")), TRUTH_UNKNOWN);
	end();
}

static void a_part_known_later_divides_nothing_earlier(void **state)
{
	struct world_area area;

	(void)state;
	begin();
	add_area_in("AE", "");
	area = (struct world_area){.record = rec("AE-DIFC", "", ""), .part_of = w("AE")};
	area.record.known_from = 2;
	area.record.until = on("2030-01-01");
	world_add_area(world, &area);
	area.record.known_from = 1;
	area.record.known_until = 2;
	area.part_of = SYMBOL_NONE;
	world_add_area(world, &area);
	add_party("country", "AE");
	add_law("law", "AE", "(leg.area AE-DIFC)");
	assert_int_equal(truth_of(ask("exporter=country to=country known=2")), TRUTH_UNKNOWN);
	assert_int_equal(ask("exporter=country to=country known=2")->holds_until, on("2030-01-01"));
	assert_int_equal(truth_of(ask("exporter=country to=country known=1")), TRUTH_FALSE);
	assert_int_equal(ask("exporter=country to=country known=1")->holds_until, DAY_MAX);
	end();
}

static void kin_in_dispute_is_unknown(void **state)
{
	struct world_party branch;

	(void)state;
	begin();
	add_area_in("KR", "");
	add_party("head", "KR");
	branch = party_in("branch", "KR");
	branch.branch_of = w("head");
	branch.record.unsettled = FIELD_BIT(FIELD_BRANCH_OF);
	world_add_party(world, &branch);
	branch = party_in("sister", "KR");
	branch.branch_of = w("head");
	world_add_party(world, &branch);
	branch = party_in("clerk", "KR");
	branch.employee_of = w("sister");
	world_add_party(world, &branch);
	add_law("law", "KR", "(importer.same-legal-person true)");
	assert_int_equal(truth_of(ask("exporter=head to=branch")), TRUTH_UNKNOWN);
	assert_int_equal(truth_of(ask("exporter=head to=clerk")), TRUTH_TRUE);
	assert_int_equal(truth_of(ask("exporter=clerk to=sister")), TRUTH_TRUE);
	end();
}

static void circles_of_groups_end(void **state)
{
	(void)state;
	begin();
	add_area_in("A", "B");
	add_area_in("B", "A");
	add_party("a", "A");
	add_law("law", "A", "(leg.area B)");
	assert_int_equal(truth_of(ask("exporter=a to=a")), TRUTH_TRUE);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_come_to_what_the_model_says),
		cmocka_unit_test(a_definition_is_its_conditions),
		cmocka_unit_test(a_field_in_dispute_is_unknown),
		cmocka_unit_test(a_membership_in_dispute_leaves_it_open),
		cmocka_unit_test(memberships_are_dated_and_groups_nest),
		cmocka_unit_test(areas_lie_in_areas),
		cmocka_unit_test(a_part_known_later_divides_nothing_earlier),
		cmocka_unit_test(kin_in_dispute_is_unknown),
		cmocka_unit_test(circles_of_groups_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
