/* Tables, lists, indices; the cost of many agreements. */
#include "world_fixture.h"

#include <time.h>

static void equal_lists_are_stored_once(void **state)
{
	size_t count;

	(void)state;
	begin();
	assert_int_equal(list("a b c").at, list("a b c").at);
	assert_int_not_equal(list("a b c").at, list("a b").at);
	assert_int_equal(list("").at, 0);
	for (int i = 0; i < 1000; i++) {
		char text[32];

		snprintf(text, sizeof(text), "w%d w%d", i, i + 1);
		list(text);
	}
	assert_int_equal(world_list_words(world, list("w7 w8"), &count)[1], w("w8"));
	assert_int_equal(count, 2);
	end();
}

static void the_record_in_force_speaks(void **state)
{
	(void)state;
	begin();
	world_add_party(world, &(struct world_party){.record = rec("p", "2020-01-01", "2021-01-01"),
						     .area = w("A")});
	world_add_party(
		world, &(struct world_party){.record = rec("p", "2021-01-01", ""), .area = w("B")});
	world_seal(world);
	sealed = true;
	assert_null(world_get(world, RECORD_PARTY, w("p"), on("2019-12-31"), 1));
	assert_int_equal(((const struct world_party *)(const void *)world_get(
				  world, RECORD_PARTY, w("p"), on("2020-12-31"), 1))
				 ->area,
			 w("A"));
	assert_int_equal(((const struct world_party *)(const void *)world_get(
				  world, RECORD_PARTY, w("p"), on("2021-01-01"), 1))
				 ->area,
			 w("B"));
	assert_null(world_get(world, RECORD_PARTY, w("p"), on("2021-01-01"), 0));
	assert_null(world_get(world, RECORD_PARTY, SYMBOL_NONE, on("2021-01-01"), 1));
	assert_null(world_get(world, RECORD_AGREEMENT, w("p"), on("2021-01-01"), 1));
	end();
}

static void names_are_found_and_shaped(void **state)
{
	(void)state;
	for (int fact = FACT_AS_OF; fact < FACT_COUNT; fact++)
		assert_int_equal(fact_find(bytes_of_string(fact_shape((enum fact)fact)->name)),
				 fact);
	assert_int_equal(fact_find(BYTES_LITERAL("leg.are")), FACT_NONE);
	assert_int_equal(field_find(RECORD_AGREEMENT, BYTES_LITERAL("addenda")), FIELD_ADDENDA);
	assert_int_equal(field_find(RECORD_FINDING, BYTES_LITERAL("addenda")), FIELD_NONE);
	assert_null(field_shape(RECORD_FINDING, FIELD_ADDENDA));
	for (int kind = 1; kind < RECORD_KIND_COUNT; kind++)
		assert_true(record_kind_name((enum record_kind)kind)[0]);
	for (int code = 1; code < REASON_CODE_COUNT; code++)
		assert_true(reason_code_name((enum reason_code)code)[0]);
}

static void add_pairs(int count)
{
	char id[48];

	for (int i = 0; i < count; i++) {
		struct world_agreement agreement = {.exporter = w("a"), .instrument = w("scc")};

		snprintf(id, sizeof(id), "party-%d", i);
		agreement.importer = w(id);
		snprintf(id, sizeof(id), "agreement-%d", i);
		agreement.record = rec(id, "", "");
		agreement.categories = list("any");
		world_add_agreement(world, &agreement);
	}
}

static double seconds_of(int agreements)
{
	struct timespec from, to;

	begin();
	add_area_in("KR", "");
	add_party("a", "KR");
	add_party("party-7", "KR");
	add_pairs(agreements);
	add_law("law", "KR", "(agreement (instrument scc))");
	ask("exporter=a to=party-7");
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 2000; i++) {
		arena_reset(answers);
		assert_int_equal(ask("exporter=a to=party-7")->records.count, 2);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	end();
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* A linear search would make it three hundred times as slow; noise does not. */
static void a_decision_costs_the_same_among_many_agreements(void **state)
{
	double few, many;

	(void)state;
	few = seconds_of(100);
	many = seconds_of(30000);
	assert_true(many < few * 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_lists_are_stored_once),
		cmocka_unit_test(the_record_in_force_speaks),
		cmocka_unit_test(names_are_found_and_shaped),
		cmocka_unit_test(a_decision_costs_the_same_among_many_agreements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
