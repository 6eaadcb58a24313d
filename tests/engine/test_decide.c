/* All legs and rulebooks together: coverage, chains, unknown words, two clocks. */
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
	add_category("user.health", "");
	add_purpose("support", "");
	add_party("a", "KR");
	add_party("b", "DE");
	add_party("c", "US");
	add_party("nowhere", "");
}

static void the_strictest_opinion_wins(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	add_law("yes", "KR", "(all)");
	add_law("no", "KR", "(any)");
	add_law("maybe", "KR", "(unsettled q)");
	decision = ask("exporter=a to=b");
	assert_int_equal(decision->verdict, VERDICT_DENIED);
	assert_int_equal(decision->opinion_count, 3);
	assert_int_equal(decision->opinions[0].rulebook->record.id, w("maybe"));
	assert_int_equal(decision->opinions[1].rulebook->record.id, w("no"));
	assert_int_equal(decision->opinions[2].rulebook->record.id, w("yes"));
	assert_int_equal(decision->reasons.count, 1);
	assert_int_equal(decision->reasons.items[0].code, REASON_DEFAULT_PROHIBITED);
	assert_int_equal(decision->remedy_count, 0);
	end();
}

static void every_area_of_the_exporter_needs_a_law(void **state)
{
	const struct decision *decision;
	struct world_party party;

	(void)state;
	begin_world();
	party = party_in("d", "KR");
	party.establishments =
		(struct dated_words){(struct dated[]){{w("US"), DAY_MIN, on("2025-01-01")}}, 1};
	world_add_party(world, &party);
	add_law("kr", "KR", "(all)");
	decision = ask("exporter=a to=b");
	assert_int_equal(decision->verdict, VERDICT_PERMITTED);
	decision = ask("exporter=d to=b");
	assert_int_equal(decision->verdict, VERDICT_INDETERMINATE);
	assert_int_equal(decision->opinion_count, 2);
	assert_null(decision->opinions[1].rulebook);
	assert_int_equal(decision->opinions[1].reasons.items[0].code, REASON_UNMODELLED_LAW);
	assert_int_equal(decision->opinions[1].reasons.items[0].word, w("US"));
	assert_int_equal(decision->holds_until, on("2025-01-01"));
	decision = ask("exporter=d to=b on=2025-01-01");
	assert_int_equal(decision->verdict, VERDICT_PERMITTED);
	decision = ask("exporter=nowhere to=b");
	assert_int_equal(decision->opinions[1].reasons.items[0].code, REASON_UNMODELLED_LAW);
	assert_int_equal(decision->opinions[1].reasons.items[0].word, SYMBOL_NONE);
	end();
}

static void a_law_speaks_for_the_members_of_its_group(void **state)
{
	(void)state;
	begin_world();
	add_law("eu", "EEA", "(all)");
	assert_int_equal(ask("exporter=b to=c")->verdict, VERDICT_PERMITTED);
	end();
}

static void a_policy_never_covers(void **state)
{
	(void)state;
	begin_world();
	world_add_rulebook(world, &(struct world_rulebook){.record = rec("promise", "", ""),
							   .policy = true,
							   .speaks_for = list("KR"),
							   .default_permitted = true});
	assert_int_equal(ask("exporter=a to=b")->verdict, VERDICT_INDETERMINATE);
	end();
}

static void no_opinion_at_all_is_indeterminate(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	world_add_rulebook(world, &(struct world_rulebook){.record = rec("kr", "", ""),
							   .speaks_for = list("KR"),
							   .applies = condition("(any)")});
	decision = ask("exporter=a to=b");
	assert_int_equal(decision->verdict, VERDICT_INDETERMINATE);
	assert_int_equal(decision->opinion_count, 0);
	assert_true(has_code(decision->reasons, REASON_NO_OPINION));
	assert_int_equal(decision->legs[0].verdict, VERDICT_INDETERMINATE);
	end();
}

static void legs_are_hops_times_areas_times_categories(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	add_law("kr", "KR", "(all)");
	decision = ask("exporter=a to=b storage=US storage=DE access=KR category=user.contact "
		       "category=user.health category=user.contact to=c");
	assert_int_equal(decision->leg_count, 8);
	assert_int_equal(decision->legs[0].area, w("DE"));
	assert_int_equal(decision->legs[1].category, w("user.health"));
	assert_int_equal(decision->legs[2].area, w("US"));
	assert_int_equal(decision->legs[4].area, w("KR"));
	assert_int_equal(decision->legs[6].hop, 1);
	assert_int_equal(decision->legs[6].exporter, w("b"));
	assert_int_equal(decision->opinions[0].leg_count, 8);
	end();
}

static void equal_opinions_are_folded(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	add_law("kr", "KR", "(not (leg.category user.health))");
	decision = ask("exporter=a to=b storage=US category=user.contact category=user.health");
	assert_int_equal(decision->opinion_count, 2);
	assert_int_equal(decision->opinions[0].leg_count, 2);
	assert_int_equal(decision->opinions[0].legs[1], 2);
	assert_int_equal(decision->opinions[1].legs[0], 1);
	assert_int_equal(decision->weakest_leg, 1);
	end();
}

static void a_law_that_applied_travels_with_the_data(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	world_add_rulebook(
		world,
		&(struct world_rulebook){
			.record = rec("eu", "", ""),
			.speaks_for = list("EEA"),
			.applies = condition("(any (exporter.areas has EEA) (data.origin has eu))"),
			GROUNDS(ground_of("g", "(not (leg.area US))"))});
	add_law("kr", "KR", "(all)");
	world_add_data_set(
		world, &(struct world_data_set){.record = rec("ours", "", ""), .exporter = w("b")});
	decision = ask("data=ours to=a");
	assert_int_equal(decision->verdict, VERDICT_PERMITTED);
	decision = ask("data=ours to=a to=c");
	assert_int_equal(decision->legs[1].verdict, VERDICT_DENIED);
	assert_int_equal(opinion_of(decision, "eu")->legs[0], 0);
	assert_null(opinion_of(ask("exporter=a data=ours to=c"), "eu"));
	end();
}

static void a_policy_does_not_travel(void **state)
{
	(void)state;
	begin_world();
	world_add_rulebook(world, &(struct world_rulebook){
					  .record = rec("promise", "", ""),
					  .policy = true,
					  .default_permitted = true,
					  .applies = condition("(any (exporter.party a) "
							       "(data.origin has promise))")});
	world_add_data_set(
		world, &(struct world_data_set){.record = rec("ours", "", ""), .exporter = w("a")});
	add_law("eu", "KR EEA", "(all)");
	assert_int_equal(ask("data=ours to=b to=c")->opinion_count, 2);
	assert_int_equal(opinion_of(ask("data=ours to=b to=c"), "promise")->leg_count, 1);
	end();
}

static void a_law_that_may_have_applied_may_travel(void **state)
{
	(void)state;
	begin_world();
	add_term("subject.area", TERM_AREA, false);
	world_add_rulebook(world,
			   &(struct world_rulebook){
				   .record = rec("eu", "", ""),
				   .speaks_for = list("EEA"),
				   .applies = condition("(any (data.origin has eu) (all "
							"(leg.area KR) (subject.area EEA)))")});
	add_law("kr", "KR", "(all)");
	world_add_data_set(
		world, &(struct world_data_set){.record = rec("ours", "", ""), .exporter = w("a")});
	assert_int_equal(ask("data=ours to=a to=c fact=subject.area:DE")->legs[1].verdict,
			 VERDICT_DENIED);
	assert_int_equal(ask("data=ours to=a to=c")->legs[1].verdict, VERDICT_INDETERMINATE);
	assert_int_equal(ask("data=ours to=a to=c fact=subject.area:KR")->legs[1].verdict,
			 VERDICT_PERMITTED);
	end();
}

static void a_recipient_exports_from_where_it_stores(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	add_law("kr", "KR", "(all)");
	add_law("eu", "EEA", "(all)");
	decision = ask("exporter=a to=b storage=US to=c");
	assert_int_equal(decision->verdict, VERDICT_INDETERMINATE);
	assert_int_equal(decision->opinions[2].reasons.items[0].word, w("US"));
	assert_int_equal(decision->opinions[2].legs[0], 2);
	end();
}

static void unregistered_words_are_denied(void **state)
{
	static const struct {
		const char *question;
		enum reason_code code;
		const char *field, *text;
	} words[] = {
		{"exporter=x to=b", REASON_UNKNOWN_PARTY, "exporter", "x"},
		{"to=b", REASON_UNKNOWN_PARTY, "exporter", ""},
		{"exporter=a to=x", REASON_UNKNOWN_PARTY, "recipients[0].party", "x"},
		{"exporter=a to=b storage=DE storage=XX", REASON_UNKNOWN_AREA,
		 "recipients[0].storage[1]", "XX"},
		{"exporter=a to=b to=c access=b", REASON_UNKNOWN_AREA, "recipients[1].access[0]",
		 "b"},
		{"exporter=a to=b category=user.x", REASON_UNKNOWN_CATEGORY, "categories[0]",
		 "user.x"},
		{"exporter=a to=b purpose=user", REASON_UNKNOWN_PURPOSE, "purpose", "user"},
		{"data=x to=b", REASON_UNKNOWN_DATA_SET, "data_set", "x"},
		{"exporter=a to=b fact=word:zzz", REASON_UNKNOWN_WORD, "facts[word]", "zzz"},
		{"exporter=a to=b fact=place:zzz", REASON_UNKNOWN_AREA, "facts[place]", "zzz"},
		{"exporter=a to=b fact=place:user", REASON_UNKNOWN_AREA, "facts[place]", "user"},
	};

	(void)state;
	begin_world();
	add_law("kr", "KR", "(all)");
	add_term("word", TERM_WORD, true);
	add_term("place", TERM_AREA, true);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const struct decision *decision = ask(words[i].question);

		assert_int_equal(decision->verdict, VERDICT_DENIED);
		assert_int_equal(decision->leg_count, 0);
		assert_int_equal(decision->opinion_count, 0);
		assert_int_equal(decision->reasons.count, 1);
		assert_int_equal(decision->reasons.items[0].code, words[i].code);
		assert_true(bytes_equal_string(decision->reasons.items[0].field, words[i].field));
		assert_true(bytes_equal_string(decision->reasons.items[0].text, words[i].text));
	}
	end();
}

static void a_word_is_registered_for_its_days(void **state)
{
	struct world_party party;

	(void)state;
	begin_world();
	add_law("kr", "KR", "(all)");
	party = party_in("late", "DE");
	party.record.from = on("2024-07-01");
	world_add_party(world, &party);
	assert_int_equal(ask("exporter=a to=late")->verdict, VERDICT_DENIED);
	assert_int_equal(ask("exporter=a to=late")->holds_until, on("2024-07-01"));
	assert_int_equal(ask("exporter=a to=late on=2024-07-01")->verdict, VERDICT_PERMITTED);
	end();
}

static void days_of_stated_words_and_of_terms_to_come_are_looked_at(void **state)
{
	struct world_term word = {.type = TERM_UNTYPED},
			  later = {.type = TERM_AREA, .by_caller = true};
	struct question asked;
	struct stated_fact fact;

	(void)state;
	begin_world();
	add_law("kr", "KR", "(all)");
	add_term("words", TERM_WORDS, true);
	word.record = rec("spoken", "", "2024-07-01");
	world_add_term(world, &word);
	later.record = rec("later", "2024-08-01", "");
	world_add_term(world, &later);
	assert_int_equal(ask("exporter=a to=b fact=words:spoken")->holds_until, on("2024-07-01"));
	/* A fact without a term in force is left aside, as the caller of the engine says it. */
	asked = *question("exporter=a to=b");
	fact = (struct stated_fact){.name = w("later")};
	asked.facts = &fact;
	asked.fact_count = 1;
	assert_int_equal(answer_to(&asked)->holds_until, on("2024-08-01"));
	end();
}

static void a_recipient_whose_seat_is_in_dispute_may_be_anywhere(void **state)
{
	struct world_party party;
	const struct decision *decision;

	(void)state;
	begin_world();
	add_law("kr", "KR", "(all)");
	add_law("eu", "EEA", "(all)");
	party = party_in("vague", "");
	party.record.unsettled = FIELD_BIT(FIELD_AREA);
	world_add_party(world, &party);
	decision = ask("exporter=a to=vague storage=DE to=c");
	assert_int_equal(decision->legs[1].verdict, VERDICT_INDETERMINATE);
	assert_true(has_code(decision->reasons, REASON_UNMODELLED_LAW));
	end();
}

static void a_law_that_may_not_apply_permits_nothing_alone(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	add_term("fits", TERM_FLAG, false);
	world_add_rulebook(world, &(struct world_rulebook){.record = rec("kr", "", ""),
							   .speaks_for = list("KR"),
							   .applies = condition("(fits true)"),
							   GROUNDS(ground_of("all", "(all)"))});
	decision = ask("exporter=a to=b");
	assert_int_equal(decision->opinions[0].verdict, VERDICT_PERMITTED);
	assert_int_equal(decision->verdict, VERDICT_INDETERMINATE);
	assert_true(has_code(decision->reasons, REASON_NO_OPINION));
	assert_int_equal(ask("exporter=a to=b fact=fits:true")->verdict, VERDICT_PERMITTED);
	end();
}

static void what_is_perhaps_so_may_be_nothing(void **state)
{
	struct world_data_set held = {.exporter = SYMBOL_NONE};

	(void)state;
	begin_world();
	held.record = rec("held", "", "");
	held.exporter = w("a");
	held.policies = list("promise");
	world_add_data_set(world, &held);
	add_law("kr", "KR", "(data.policies promise)");
	assert_int_equal(opinion_of(ask("exporter=a to=b"), "kr")->grounds[0].result,
			 TRUTH_UNKNOWN);
	assert_int_equal(opinion_of(ask("data=held to=b"), "kr")->grounds[0].result, TRUTH_TRUE);
	end();
}

static void what_stands_in_two_places_is_said_once(void **state)
{
	const struct opinion *opinion;
	size_t said = 0;

	(void)state;
	begin_world();
	add_law("kr", "KR", "(any (unsettled q) (unsettled q))");
	opinion = opinion_of(ask("exporter=a to=b"), "kr");
	for (size_t i = 0; i < opinion->reasons.count; i++)
		said += opinion->reasons.items[i].code == REASON_UNSETTLED_QUESTION;
	assert_int_equal(said, 1);
	end();
}

static void what_was_known_then_is_answered_as_then(void **state)
{
	struct world_finding finding;

	(void)state;
	begin_world();
	finding = (struct world_finding){
		.record = rec("f", "2024-01-01", ""), .by = w("kr"), .area = w("EEA")};
	finding.record.known_from = 5;
	finding.record.known_until = 9;
	world_add_finding(world, &finding);
	add_law("kr", "KR", "(finding)");
	assert_int_equal(ask("exporter=a to=b known=4")->verdict, VERDICT_DENIED);
	assert_int_equal(ask("exporter=a to=b known=5")->verdict, VERDICT_PERMITTED);
	assert_int_equal(ask("exporter=a to=b known=8")->verdict, VERDICT_PERMITTED);
	assert_int_equal(ask("exporter=a to=b known=9")->verdict, VERDICT_DENIED);
	assert_int_equal(ask("exporter=a to=b known=5 on=2023-12-31")->verdict, VERDICT_DENIED);
	assert_int_equal(ask("exporter=a to=b known=5 on=2023-12-31")->holds_until,
			 on("2024-01-01"));
	assert_int_equal(ask("exporter=a to=b known=4 on=2023-12-31")->holds_until, DAY_MAX);
	end();
}

static void duties_of_all_rulebooks_are_united(void **state)
{
	const struct decision *decision;

	(void)state;
	begin_world();
	world_add_rulebook(world, &(struct world_rulebook){.record = rec("kr", "", ""),
							   .speaks_for = list("KR"),
							   .default_permitted = true,
							   DUTIES(duty_of("tell", NULL, false),
								  duty_of("encrypt", NULL, true))});
	world_add_rulebook(world,
			   &(struct world_rulebook){.record = rec("promise", "", ""),
						    .policy = true,
						    .default_permitted = true,
						    DUTIES(duty_of("encrypt", NULL, false))});
	decision = ask("exporter=a to=b does=encrypt");
	assert_int_equal(decision->verdict, VERDICT_PERMITTED_WITH_OBLIGATIONS);
	assert_int_equal(decision->duty_count, 2);
	assert_int_equal(decision->duties[0].duty, w("encrypt"));
	assert_int_equal(decision->duties[0].rulebook_count, 2);
	assert_int_equal(decision->duties[0].cite_count, 1);
	assert_false(decision->duties[0].standing);
	assert_int_equal(decision->duties[0].performs, ANSWER_YES);
	assert_int_equal(decision->duties[1].duty, w("tell"));
	end();
}

/* 64 areas: with 16 categories as many legs as are judged, with 17 too many. */
static int ask_grid(size_t areas, size_t categories)
{
	struct word *words = arena_array(answers, struct word, areas + categories);
	struct recipient to = {.party = said("nowhere"), .storage = words};
	struct question q = {.exporter = said("a"),
			     .recipients = &to,
			     .recipient_count = 1,
			     .categories = words + areas,
			     .as_of = on("2024-06-01"),
			     .known_at = 1};
	const struct decision *decision;
	struct error error;
	char name[16];

	for (size_t i = 0; i < areas + categories; i++) {
		snprintf(name, sizeof(name), "x%zu", i < areas ? i : i - areas);
		words[i] = said(name);
	}
	to.storage_count = areas;
	q.category_count = categories;
	return decide(world, &q, answers, &decision, &error);
}

static void too_many_legs_are_an_error(void **state)
{
	char name[16];

	(void)state;
	begin_world();
	for (size_t i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "x%zu", i);
		add_area_in(name, "");
		add_category(name, "");
	}
	add_law("kr", "KR", "(all)");
	ask("exporter=a to=b");
	assert_int_equal(ask_grid(64, 16), 0);
	assert_int_equal(ask_grid(64, 17), ERR_LIMIT);
	assert_int_equal(ask_grid(1025, 1), ERR_LIMIT);
	assert_int_equal(ask_grid(1, 1025), ERR_LIMIT);
	end();
}

static void a_question_without_recipients_is_an_error(void **state)
{
	const struct decision *decision;
	struct error error;

	(void)state;
	begin_world();
	world_seal(world);
	sealed = true;
	assert_int_equal(decide(world, question("exporter=a"), answers, &decision, &error),
			 ERR_INVALID);
	assert_null(decision);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_strictest_opinion_wins),
		cmocka_unit_test(every_area_of_the_exporter_needs_a_law),
		cmocka_unit_test(a_law_speaks_for_the_members_of_its_group),
		cmocka_unit_test(a_policy_never_covers),
		cmocka_unit_test(no_opinion_at_all_is_indeterminate),
		cmocka_unit_test(legs_are_hops_times_areas_times_categories),
		cmocka_unit_test(equal_opinions_are_folded),
		cmocka_unit_test(a_law_that_applied_travels_with_the_data),
		cmocka_unit_test(a_policy_does_not_travel),
		cmocka_unit_test(a_law_that_may_have_applied_may_travel),
		cmocka_unit_test(a_recipient_exports_from_where_it_stores),
		cmocka_unit_test(unregistered_words_are_denied),
		cmocka_unit_test(a_word_is_registered_for_its_days),
		cmocka_unit_test(days_of_stated_words_and_of_terms_to_come_are_looked_at),
		cmocka_unit_test(a_recipient_whose_seat_is_in_dispute_may_be_anywhere),
		cmocka_unit_test(a_law_that_may_not_apply_permits_nothing_alone),
		cmocka_unit_test(what_is_perhaps_so_may_be_nothing),
		cmocka_unit_test(what_stands_in_two_places_is_said_once),
		cmocka_unit_test(what_was_known_then_is_answered_as_then),
		cmocka_unit_test(duties_of_all_rulebooks_are_united),
		cmocka_unit_test(too_many_legs_are_an_error),
		cmocka_unit_test(a_question_without_recipients_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
