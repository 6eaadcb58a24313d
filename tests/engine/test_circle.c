/* Chains: any depth, never in a circle; the weakest hop is named, the origin carried along. */
#include "world_fixture.h"

#include "engine/circle.h"

static void begin_world(void)
{
	begin();
	add_area_in("KR", "");
	add_area_in("DE", "");
	add_area_in("US", "");
	add_party("a", "KR");
	add_party("b", "DE");
	add_party("c", "US");
	world_add_data_set(world, &(struct world_data_set){.record = rec("calls", "", ""),
							   .exporter = w("a")});
	add_law("all", "KR DE US", "(all)");
	world_seal(world);
	sealed = true;
}

static int outcome(const char *text, struct error *error)
{
	const struct decision *decision;

	return decide(world, question(text), answers, &decision, error);
}

static void a_chain_that_comes_back_is_an_error(void **state)
{
	static const struct {
		const char *question, *field;
	} circles[] = {
		{"exporter=a to=b to=b", "recipients[1].party: "},
		{"exporter=a to=b to=c to=b", "recipients[2].party: "},
		{"exporter=a to=b to=a", "recipients[1].party: "},
		{"data=calls to=b to=a", "recipients[1].party: "},
		{"exporter=a to=x to=b to=x", "recipients[2].party: "},
		{"exporter=x to=b to=x", "recipients[1].party: "},
		{"exporter=a to=b storage=DE to=b storage=US", "recipients[1].party: "},
	};

	(void)state;
	begin_world();
	for (size_t i = 0; i < sizeof(circles) / sizeof(*circles); i++) {
		struct error error;

		assert_int_equal(outcome(circles[i].question, &error), ERR_INVALID);
		assert_memory_equal(error.text, circles[i].field, strlen(circles[i].field));
		assert_non_null(strstr(error.text, "as a question of its own"));
	}
	end();
}

static void a_way_back_of_one_hop_is_no_circle(void **state)
{
	(void)state;
	begin_world();
	assert_int_equal(outcome("exporter=b to=a", NULL), 0);
	assert_int_equal(outcome("exporter=a to=a storage=US", NULL), 0);
	assert_int_equal(outcome("exporter=a to=a to=b", NULL), 0);
	/* The data-set is a's, but it is b that lets it go. */
	assert_int_equal(outcome("exporter=b data=calls to=a to=c", NULL), 0);
	end();
}

/* ---- Depth ---- */

/* Parties p0 to pN; every one may pass it on but the one named, whose law forbids it. */
static void begin_line(size_t hops, size_t forbidding)
{
	begin();
	add_area_in("here", "");
	add_area_in("there", "");
	for (size_t i = 0; i <= hops; i++)
		add_party(arena_printf(answers, "p%zu", i), i == forbidding ? "there" : "here");
	add_law("free", "here", "(all)");
	world_add_rulebook(world, &(struct world_rulebook){
					  .record = rec("strict", "", ""),
					  .speaks_for = list("there"),
					  .applies = condition("(exporter.areas has there)")});
	world_seal(world);
	sealed = true;
}

static const struct decision *ask_line(size_t hops)
{
	struct recipient *to = arena_array(answers, struct recipient, hops);
	const struct question line = {.exporter = said("p0"),
				      .recipients = to,
				      .recipient_count = hops,
				      .as_of = on("2024-06-01"),
				      .known_at = 1};

	for (size_t i = 0; i < hops; i++)
		to[i].party = said(arena_printf(answers, "p%zu", i + 1));
	return answer_to(&line);
}

static void chains_of_any_depth_are_judged_and_their_weakest_hop_is_named(void **state)
{
	static const size_t depths[] = {1, 2, 5, 50, QUESTION_LEGS_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(depths) / sizeof(*depths); i++) {
		size_t weak = depths[i] - 1; /* the last hop's exporter */
		const struct decision *decision;

		begin_line(depths[i], SIZE_MAX);
		decision = ask_line(depths[i]);
		assert_int_equal(decision->verdict, VERDICT_PERMITTED);
		assert_int_equal(decision->leg_count, depths[i]);
		end();
		begin_line(depths[i], weak);
		decision = ask_line(depths[i]);
		assert_int_equal(decision->verdict, VERDICT_DENIED);
		assert_int_equal(decision->weakest_leg, weak);
		assert_int_equal(decision->legs[weak].hop, weak);
		for (size_t j = 0; j < weak; j++)
			assert_int_equal(decision->legs[j].verdict, VERDICT_PERMITTED);
		end();
	}
}

static void a_law_stays_with_the_data_over_fifty_hops(void **state)
{
	enum { HOPS = 50 };

	(void)state;
	for (int travels = 0; travels < 2; travels++) {
		const struct decision *decision;

		begin();
		add_area_in("here", "");
		add_area_in("there", "");
		for (size_t i = 0; i <= HOPS; i++)
			add_party(arena_printf(answers, "p%zu", i), i == 0 ? "there" : "here");
		add_law("free", "here", "(all)");
		/* It forbids the last party, if it still has a say. */
		world_add_rulebook(
			world,
			&(struct world_rulebook){
				.record = rec("first", "", ""),
				.speaks_for = list("there"),
				.applies = condition(travels ? "(any (exporter.areas has there) "
							       "(data.origin has first))"
							     : "(exporter.areas has there)"),
				GROUNDS(ground_of("g", "(not (importer.party p50))"))});
		world_seal(world);
		sealed = true;
		decision = ask_line(HOPS);
		assert_int_equal(decision->verdict, travels ? VERDICT_DENIED : VERDICT_PERMITTED);
		assert_int_equal(decision->weakest_leg, travels ? HOPS - 1 : 0);
		end();
	}
}

static void storage_and_every_access_area_are_legs(void **state)
{
	const struct decision *decision;

	(void)state;
	begin();
	add_area_in("KR", "");
	add_area_in("DE", "");
	add_area_in("US", "");
	add_area_in("PH", "");
	add_party("a", "KR");
	add_party("b", "DE");
	add_law("kr", "KR", "(not (leg.area PH))");
	decision = ask("exporter=a to=b storage=KR access=US access=PH");
	assert_int_equal(decision->leg_count, 4);
	assert_int_equal(decision->verdict, VERDICT_DENIED);
	assert_int_equal(decision->weakest_leg, 3);
	assert_int_equal(decision->legs[3].area, w("PH"));
	assert_int_equal(ask("exporter=a to=b storage=KR access=US")->verdict, VERDICT_PERMITTED);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_that_comes_back_is_an_error),
		cmocka_unit_test(a_way_back_of_one_hop_is_no_circle),
		cmocka_unit_test(chains_of_any_depth_are_judged_and_their_weakest_hop_is_named),
		cmocka_unit_test(a_law_stays_with_the_data_over_fifty_hops),
		cmocka_unit_test(storage_and_every_access_area_are_legs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
