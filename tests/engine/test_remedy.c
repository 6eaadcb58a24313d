/* What would permit it, and what nothing would lift. */
#include "world_fixture.h"

/* ---- Worlds ---- */

static void add_offer(const char *id, enum term_type type, bool silence_is_no, uint8_t effort)
{
	world_add_term(world, &(struct world_term){.record = rec(id, "", ""),
						   .type = type,
						   .by_caller = true,
						   .silence_is_no = silence_is_no,
						   .offer = true,
						   .effort = effort,
						   .owner = w("legal-team")});
}

/* Of a record's word, of a fact that is no caller's. */
static void add_word(const char *id, uint8_t effort)
{
	world_add_term(world, &(struct world_term){.record = rec(id, "", ""),
						   .offer = true,
						   .effort = effort,
						   .owner = w("legal-team")});
}

static void add_instrument(const char *id, const char *sign_until, const char *importer_role)
{
	world_add_instrument(world,
			     &(struct world_instrument){
				     .record = rec(id, "", ""),
				     .kind = w("contract"),
				     .modules = (struct module[]){{w("m"), 0, w(importer_role)}},
				     .module_count = 1,
				     .laws = (struct window[]){{w("law"), on("2020-01-01"),
								until_day(sign_until), DAY_MAX}},
				     .law_count = 1});
}

static void begin_world(void)
{
	begin();
	add_area_in("KR", "");
	add_area_in("US", "");
	add_area_in("TH", "");
	add_category("user", "");
	add_purpose("support", "");
	add_party("line", "KR");
	add_party("desk", "TH");
	add_party("sub", "TH");
	add_offer("consent", TERM_FLAG, true, 6);
	add_offer("told", TERM_WORDS, true, 4);
	add_offer("age", TERM_NUMBER, false, 1);
	add_offer("subject", TERM_AREA, false, 1);
	add_term("secret", TERM_FLAG, false); /* on nobody's offer */
	add_word("contract", 7);
	add_word("dpf", 8);
	add_word("tia", 5);
	add_word("question", 9);
	add_word("notice", 3);
	add_word("access.mode", 1);
	add_word("leg.purpose", 1);
	add_word("importer.sector", 2);
	add_word("duty", 4);
	add_instrument("scc", "", "processor");
	add_instrument("old-scc", "2023-01-01", "processor");
	add_instrument("c2c", "", "controller");
	world_add_engagement(world, &(struct world_engagement){.record = rec("e", "", ""),
							       .exporter = w("line"),
							       .importer = w("desk"),
							       .importer_role = w("processor")});
}

#define ASK "exporter=line to=desk category=user"

/* ---- Answers as text: "say (consent true) 6; obtain line>desk (agreement ...) 7 | ..." ---- */

static void write_step(struct buffer *out, const struct remedy_step *step)
{
	static const char *const acts[] = {"?", "say", "record", "obtain", "perform"};
	const struct symbols *symbols = world_words(world);

	buffer_printf(out, "%s ", acts[step->act]);
	if (step->hop != REMEDY_QUESTION)
		buffer_printf(out, "%.*s>%.*s ", BYTES_PRINT(symbols_text(symbols, step->exporter)),
			      BYTES_PRINT(symbols_text(symbols, step->importer)));
	buffer_append(out, step->text);
	buffer_printf(out, " %u", step->effort);
}

static const char *remedies_in(const struct decision *decision)
{
	struct buffer text = {0};
	const char *copy;

	for (size_t i = 0; i < decision->remedy_count; i++) {
		buffer_append_string(&text, i ? " | " : "");
		for (size_t j = 0; j < decision->remedies[i].step_count; j++) {
			buffer_append_string(&text, j ? "; " : "");
			write_step(&text, decision->remedies[i].steps[j]);
		}
	}
	if (decision->remedies_cut)
		buffer_append_string(&text, " ...");
	for (size_t i = 0; i < decision->beyond_remedy_count; i++) {
		const struct beyond_remedy *beyond = &decision->beyond_remedy[i];

		buffer_append_string(&text, i ? ", " : "never: ");
		if (beyond->rulebook)
			buffer_printf(&text, "%.*s by ",
				      BYTES_PRINT(symbols_text(world_words(world),
							       beyond->rulebook->record.id)));
		buffer_append(&text, beyond->decided_by);
	}
	copy = arena_string(answers, buffer_bytes(&text));
	buffer_release(&text);
	return copy;
}

static void expect(const char *question, const char *remedies)
{
	assert_string_equal(remedies_in(ask(question)), remedies);
}

/* ---- One law, one ground ---- */

static const struct {
	const char *needs, *question, *remedies;
} table[] = {
	/* What is permitted needs none. */
	{"(leg.area TH)", ASK, ""},
	/* What the caller may say. */
	{"(consent true)", ASK, "say (consent true) 6"},
	{"(consent true)", ASK " fact=consent:false", "never: law by default"},
	{"(secret true)", ASK, "never: law by law/1"},
	{"(age ge 14)", ASK, "say (age ge 14) 1"},
	{"(age lt 14)", ASK, "say (age lt 14) 1"},
	{"(age ge 14 lt 14)", ASK, "never: law by law/1"},
	{"(not (age lt 14))", ASK, "say not: {(age lt 14)} 1"},
	{"(not (age 14))", ASK, "say not: {(age 14)} 1"},
	{"(subject is importer.area)", ASK, "say (subject is importer.area) 1"},
	{"(not (consent false))", ASK, "say consent: true 6"},
	{"(access.mode storage)", ASK, "say line>desk (access.mode storage) 1"},
	{"(access.mode storage)", ASK " mode=transit", "never: law by default"},
	{"(leg.purpose support)", ASK, "say (leg.purpose support) 1"},
	{"(importer.sector telecom)", ASK, "record line>desk (importer.sector telecom) 2"},
	{"(exporter.sector telecom)", ASK, "never: law by law/1"},
	{"(leg.area US)", ASK, "never: law by default"},
	{"(all (consent true) (age ge 14))", ASK, "say (age ge 14) 1; say (consent true) 6"},
	{"(any (consent true) (age ge 14))", ASK, "say (age ge 14) 1 | say (consent true) 6"},
	{"(all (consent true) (any (consent true) (age ge 14)))", ASK, "say (consent true) 6"},
	{"(all (consent true) (leg.area US))", ASK, "never: law by default"},
	{"(sure (all (age ge 14) (access.mode transit)))", ASK, "never: law by default"},
	/* Two values of one fact do not go together; two words of a set do. */
	{"(all (age ge 14) (age lt 14))", ASK, "never: law by law/1"},
	{"(all (told has a) (told has b))", ASK, "say (told has a) 4; say (told has b) 4"},
	{"(all (told has a) (told b))", ASK, "never: law by default"},
	/* Records. */
	{"(agreement (instrument scc))", ASK, "obtain line>desk (agreement (instrument scc)) 7"},
	{"(agreement (instrument old-scc))", ASK, "never: law by default"},
	{"(agreement (instrument old-scc))", ASK " on=2022-06-01",
	 "obtain line>desk (agreement (instrument old-scc)) 7"},
	{"(agreement (instrument scc) (signed lt 2024-01-01))", ASK, "never: law by default"},
	{"(agreement (instrument scc) (signed ge 2024-01-01))", ASK,
	 "obtain line>desk (agreement (instrument scc) (signed ge 2024-01-01)) 7"},
	{"(assessment (kind tia) (date lt 2024-06-01))", ASK, "never: law by default"},
	{"(agreement (instrument c2c))", ASK, "never: law by default"},
	{"(agreement (instrument c2c old-scc scc))", ASK,
	 "obtain line>desk (agreement (instrument c2c old-scc scc)) 7"},
	{"(agreement (instrument scc) (module m))", ASK,
	 "obtain line>desk (agreement (instrument scc) (module m)) 7"},
	{"(agreement (instrument scc) (module n))", ASK, "never: law by default"},
	{"(agreement (safeguards a))", ASK, "never: law by default"},
	{"(not (agreement (instrument scc)))", ASK, ""},
	{"(certificate (scheme dpf))", ASK, "obtain line>desk (certificate (scheme dpf)) 8"},
	{"(certificate (scheme other))", ASK, "never: law by default"},
	{"(assessment (kind tia))", ASK, "obtain line>desk (assessment (kind tia)) 5"},
	{"(disclosure (names has notice other))", ASK,
	 "obtain line>desk (disclosure (names has notice other)) 3"},
	{"(finding (says adequate))", ASK, "never: law by default"},
	/* What answers a narrow test answers a wider one. */
	{"(all (certificate (scheme dpf)) (certificate (scheme dpf) (covers has hr)))", ASK,
	 "obtain line>desk (certificate (scheme dpf) (covers has hr)) 8"},
	{"(all (unsettled question) (assessment (kind question)))", ASK,
	 "obtain line>desk assessment: {kind: question, outcome: holds} 9"},
	/* Open questions, both ways. */
	{"(unsettled question)", ASK,
	 "obtain line>desk assessment: {kind: question, outcome: holds} 9"},
	{"(not (unsettled question))", ASK,
	 "obtain line>desk assessment: {kind: question, outcome: does-not-hold} 9"},
	{"(all (unsettled question) (not (unsettled question)))", ASK, "never: law by law/1"},
	{"(unsettled other)", ASK, "never: law by law/1"},
	/* The cheapest stand first, of equal ones the shorter; eight at most. */
	{"(any (certificate (scheme dpf)) (all (consent true) (age ge 14)) (told has a))", ASK,
	 "say (told has a) 4 | say (age ge 14) 1; say (consent true) 6 | "
	 "obtain line>desk (certificate (scheme dpf)) 8"},
	{"(any (told has a) (told has b) (told has c) (told has d) (told has e) (told has f) "
	 "(told has g) (told has h) (told has i))",
	 ASK,
	 "say (told has a) 4 | say (told has b) 4 | say (told has c) 4 | say (told has d) 4 | "
	 "say (told has e) 4 | say (told has f) 4 | say (told has g) 4 | say (told has h) 4 ..."},
};

static void a_ground_offers_what_it_lacks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const char *found;

		begin_world();
		add_law("law", "KR", table[i].needs);
		found = remedies_in(ask(table[i].question));
		if (strcmp(found, table[i].remedies))
			fail_msg("%s: '%s', not '%s'", table[i].needs, found, table[i].remedies);
		end();
	}
}

/* ---- Rulebooks of more than one ground ---- */

static void add_rulebook(struct world_rulebook rulebook)
{
	rulebook.record = rec("law", "", "");
	rulebook.speaks_for = list("KR");
	world_add_rulebook(world, &rulebook);
}

static void a_law_that_may_apply_offers_the_fact_that_says_it_does_not(void **state)
{
	(void)state;
	begin_world();
	add_law("home", "KR", "(leg.area TH)");
	add_rulebook((struct world_rulebook){.applies = condition("(subject US)")});
	expect(ASK, "say not: {(subject US)} 1");
	end();
}

static void what_a_fact_must_not_be_goes_with_what_else_it_must_not_be(void **state)
{
	(void)state;
	begin_world();
	add_law("home", "KR", "(leg.area TH)");
	add_rulebook((struct world_rulebook){.applies = condition("(subject US)")});
	world_add_rulebook(world, &(struct world_rulebook){.record = rec("other", "", ""),
							   .applies = condition("(subject KR)")});
	expect(ASK, "say not: {(subject KR)} 1; say not: {(subject US)} 1");
	end();
}

/* Said to be in Thailand, the person is not in America; said to be in America,
 * no denial helps. */
static void what_a_fact_is_decides_what_it_is_not(void **state)
{
	(void)state;
	begin_world();
	add_law("home", "KR", "(subject TH)");
	add_rulebook((struct world_rulebook){.applies = condition("(subject US)")});
	expect(ASK, "say (subject TH) 1");
	end();
	begin_world();
	add_law("home", "KR", "(subject US)");
	add_rulebook((struct world_rulebook){.applies = condition("(subject US)")});
	expect(ASK, "");
	end();
}

static void a_prohibition_stands_before_every_ground(void **state)
{
	(void)state;
	begin_world();
	add_rulebook(
		(struct world_rulebook){PROHIBITIONS(prohibition_of("law/p", "(age lt 14)", false)),
					GROUNDS(ground_of("law/1", "(consent true)"))});
	expect(ASK, "say (consent true) 6; say not: {(age lt 14)} 1");
	expect(ASK " fact=age:20", "say (consent true) 6");
	expect(ASK " fact=age:10", "never: law by law/p");
	expect(ASK " fact=consent:true", "say not: {(age lt 14)} 1");
	end();
}

static void only_prohibitions_with_any_reach_stand_before_no_transfer(void **state)
{
	(void)state;
	begin_world();
	add_rulebook((struct world_rulebook){
		.not_a_transfer = condition("(access.mode transit)"),
		PROHIBITIONS(prohibition_of("law/p", "(age lt 14)", true),
			     prohibition_of("law/q", "(leg.area TH)", false)),
		GROUNDS(ground_of("law/1", "(consent true)"))});
	expect(ASK, "say not: {(age lt 14)} 1; say line>desk (access.mode transit) 1");
	end();
}

static void an_order_is_beyond_remedy(void **state)
{
	(void)state;
	begin_world();
	world_add_order(world, &(struct world_order){.record = rec("o", "", ""),
						     .by = w("law"),
						     .importer = w("desk")});
	add_rulebook(
		(struct world_rulebook){PROHIBITIONS(prohibition_of("law/order", "(order)", false)),
					GROUNDS(ground_of("law/1", "(consent true)"))});
	expect(ASK, "never: law by law/order");
	end();
}

static void a_refused_duty_is_to_be_performed(void **state)
{
	struct ground ground;

	(void)state;
	begin_world();
	ground = ground_of("law/1", "(leg.area TH)");
	ground.duties.items = KEEP(struct duty, duty_of("duty", NULL, false));
	ground.duties.count = 1;
	add_rulebook((struct world_rulebook){
		.grounds = KEEP(struct ground, ground),
		.ground_count = 1,
		DUTIES(duty_of("duty", NULL, false), duty_of("not-offered", NULL, false))});
	expect(ASK, "");
	expect(ASK " refuses=duty", "perform duty 4");
	expect(ASK " refuses=not-offered", "never: law by not-offered");
	end();
}

static void a_default_that_permits_needs_only_its_prohibitions_lifted(void **state)
{
	(void)state;
	begin_world();
	add_rulebook((struct world_rulebook){
		.default_permitted = true,
		PROHIBITIONS(prohibition_of("law/p", "(not (told has a))", false))});
	expect(ASK, "say (told has a) 4");
	end();
}

static void a_certificate_brings_into_the_scope_of_a_finding(void **state)
{
	(void)state;
	begin_world();
	world_add_finding(
		world, &(struct world_finding){.record = rec("f", "", ""),
					       .by = w("law"),
					       .area = w("TH"),
					       .says = w("adequate"),
					       .scope = condition("(all (certificate (scheme dpf)) "
								  "(not (age lt 14)))")});
	add_law("law", "KR", "(finding (says adequate))");
	expect(ASK, "say not: {(age lt 14)} 1; obtain line>desk (certificate (scheme dpf)) 8");
	expect(ASK " fact=age:10", "never: law by default");
	end();
}

static void a_finding_that_may_be_of_another_area_brings_nothing_into_scope(void **state)
{
	struct world_finding finding;

	(void)state;
	begin_world();
	finding = (struct world_finding){.record = rec("f", "", ""),
					 .by = w("law"),
					 .area = w("TH"),
					 .says = w("adequate"),
					 .scope = condition("(consent true)")};
	finding.record.unsettled = FIELD_BIT(FIELD_AREA);
	world_add_finding(world, &finding);
	add_law("law", "KR", "(finding (says adequate))");
	expect(ASK, "never: law by default");
	end();
}

/* ---- Legs, hops, rulebooks ---- */

static void what_is_said_once_serves_all_what_is_obtained_its_hop(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR TH", "(all (consent true) (certificate (scheme dpf)))");
	expect(ASK " to=sub", "say (consent true) 6; obtain line>desk (certificate (scheme dpf)) 8;"
			      " obtain desk>sub (certificate (scheme dpf)) 8");
	end();
}

/* The step is of the first hop; at the second nothing like it is on file. */
static void a_remedy_of_one_hop_is_tried_at_that_hop(void **state)
{
	(void)state;
	begin_world();
	add_party("us", "US");
	add_law("law", "KR TH", "(any (leg.area US) (certificate (scheme dpf)))");
	expect(ASK " to=us", "obtain line>desk (certificate (scheme dpf)) 8");
	end();
}

static void each_rulebook_must_be_content(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR", "(any (consent true) (told has a))");
	add_law("promise", "", "(any (consent true) (age ge 14))");
	expect(ASK, "say (age ge 14) 1; say (told has a) 4 | say (consent true) 6");
	end();
}

static void two_rulebooks_that_want_different_values_leave_none(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR", "(age ge 20)");
	add_law("promise", "", "(age lt 14)");
	expect(ASK, "");
	assert_false(ask(ASK)->remedies_cut);
	end();
}

/* The step that makes one ground true makes a prohibition true. */
static void what_would_break_another_rulebook_is_not_offered(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR", "(any (consent true) (told has a))");
	world_add_rulebook(
		world, &(struct world_rulebook){
			       .record = rec("promise", "", ""),
			       .policy = true,
			       .default_permitted = true,
			       PROHIBITIONS(prohibition_of("promise/p", "(consent true)", false))});
	expect(ASK, "say (told has a) 4");
	end();
}

/* What one step brings makes another of the same set needless. */
static void no_step_is_offered_that_is_not_needed(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR", "(subject is importer.area)");
	add_law("promise", "", "(any (subject TH) (secret true))");
	/* Both are about the subject's area, but in different words. */
	expect(ASK, "");
	end();
}

static void add_policy(const char *id, const char *needs)
{
	struct world_rulebook policy = {
		.record = rec(id, "", ""), .policy = true, GROUNDS(ground_of("g", needs))};

	world_add_rulebook(world, &policy);
}

/* Both ask for one paper: the second in fewer words, or with more beside it. */
static void one_paper_serves_whoever_asks_for_no_more(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR", "(agreement (instrument c2c scc))");
	add_policy("other", "(agreement (instrument scc) (module m))");
	expect(ASK, "obtain line>desk (agreement (instrument scc) (module m)) 7");
	end();
	begin_world();
	add_law("law", "KR", "(agreement (instrument c2c scc) (module m))");
	add_policy("other", "(agreement (instrument scc))");
	expect(ASK, "obtain line>desk (agreement (instrument c2c scc) (module m)) 7; "
		    "obtain line>desk (agreement (instrument scc)) 7");
	end();
}

static void an_unmodelled_law_and_a_silent_leg_are_beyond_remedy(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "TH", "(consent true)");
	expect(ASK, "never: coverage");
	end();
	begin_world();
	add_rulebook((struct world_rulebook){.applies = condition("(leg.area US)")});
	expect(ASK, "never: no-opinion");
	end();
	begin_world();
	add_law("law", "KR", "(consent true)");
	expect(ASK " category=nobody-knows", "");
	end();
}

static void beyond_remedy_is_said_of_each_once_and_nothing_is_offered(void **state)
{
	(void)state;
	begin_world();
	add_law("law", "KR", "(leg.area US)");
	add_law("other", "", "(consent true)");
	expect(ASK " storage=KR", "never: law by default");
	end();
}

static void a_question_of_many_legs_gets_none_and_says_so(void **state)
{
	struct buffer text = {0};

	(void)state;
	begin_world();
	for (int i = 0; i < 65; i++) {
		char name[16];

		snprintf(name, sizeof(name), "a%d", i);
		add_area_in(name, "");
	}
	add_law("law", "KR", "(consent true)");
	buffer_append_string(&text, ASK);
	for (int i = 0; i < 63; i++)
		buffer_printf(&text, " storage=a%d", i);
	expect(buffer_string(&text), "say (consent true) 6");
	buffer_append_string(&text, " storage=a63");
	expect(buffer_string(&text), " ...");
	buffer_release(&text);
	end();
}

static void a_set_of_many_steps_is_left_out(void **state)
{
	struct buffer needs = {0};

	(void)state;
	begin_world();
	buffer_append_string(&needs, "(all (all");
	for (int i = 0; i < 16; i++) {
		char name[16];

		snprintf(name, sizeof(name), "t%02d", i);
		add_offer(name, TERM_FLAG, true, 1);
		buffer_printf(&needs, " (%s true)", name);
	}
	buffer_append_string(&needs, ") (any (t00 true) (age ge 14)))");
	add_law("law", "KR", buffer_string(&needs));
	assert_int_equal(ask(ASK)->remedy_count, 1);
	assert_int_equal(ask(ASK)->remedies[0].step_count, 16);
	assert_true(ask(ASK)->remedies_cut); /* with the age there are 17 */
	buffer_release(&needs);
	end();
}

static void whoever_wants_none_gets_none(void **state)
{
	struct question plain;

	(void)state;
	begin_world();
	add_law("law", "KR", "(consent true)");
	expect(ASK, "say (consent true) 6");
	plain = *question(ASK);
	plain.without_remedies = true;
	assert_string_equal(remedies_in(answer_to(&plain)), "");
	assert_int_equal(answer_to(&plain)->verdict, VERDICT_DENIED);
	end();
}

/* ---- Days ---- */

static void an_offer_that_ends_ends_the_answer(void **state)
{
	(void)state;
	begin_world();
	world_add_term(world, &(struct world_term){.record = rec("notice2", "", "2024-08-01"),
						   .offer = true});
	add_law("law", "KR", "(disclosure (names has notice2))");
	assert_int_equal(ask(ASK)->holds_until, on("2024-08-01"));
	expect(ASK, "obtain line>desk (disclosure (names has notice2)) 9");
	expect(ASK " on=2024-08-01", "never: law by default");
	end();
	begin_world();
	add_instrument("new-scc", "2025-01-01", "processor");
	add_law("law", "KR", "(agreement (instrument new-scc))");
	assert_int_equal(ask(ASK)->holds_until, on("2025-01-01"));
	end();
	begin_world();
	add_law("law", "KR", "(agreement (instrument scc) (signed lt 2024-09-01))");
	assert_int_equal(ask(ASK)->holds_until, on("2024-09-01"));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ground_offers_what_it_lacks),
		cmocka_unit_test(a_law_that_may_apply_offers_the_fact_that_says_it_does_not),
		cmocka_unit_test(what_a_fact_must_not_be_goes_with_what_else_it_must_not_be),
		cmocka_unit_test(what_a_fact_is_decides_what_it_is_not),
		cmocka_unit_test(a_prohibition_stands_before_every_ground),
		cmocka_unit_test(only_prohibitions_with_any_reach_stand_before_no_transfer),
		cmocka_unit_test(an_order_is_beyond_remedy),
		cmocka_unit_test(a_refused_duty_is_to_be_performed),
		cmocka_unit_test(a_default_that_permits_needs_only_its_prohibitions_lifted),
		cmocka_unit_test(a_certificate_brings_into_the_scope_of_a_finding),
		cmocka_unit_test(a_finding_that_may_be_of_another_area_brings_nothing_into_scope),
		cmocka_unit_test(what_is_said_once_serves_all_what_is_obtained_its_hop),
		cmocka_unit_test(a_remedy_of_one_hop_is_tried_at_that_hop),
		cmocka_unit_test(each_rulebook_must_be_content),
		cmocka_unit_test(two_rulebooks_that_want_different_values_leave_none),
		cmocka_unit_test(what_would_break_another_rulebook_is_not_offered),
		cmocka_unit_test(no_step_is_offered_that_is_not_needed),
		cmocka_unit_test(one_paper_serves_whoever_asks_for_no_more),
		cmocka_unit_test(an_unmodelled_law_and_a_silent_leg_are_beyond_remedy),
		cmocka_unit_test(beyond_remedy_is_said_of_each_once_and_nothing_is_offered),
		cmocka_unit_test(a_question_of_many_legs_gets_none_and_says_so),
		cmocka_unit_test(a_set_of_many_steps_is_left_out),
		cmocka_unit_test(whoever_wants_none_gets_none),
		cmocka_unit_test(an_offer_that_ends_ends_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
