/* What falls under what is walked once and kept: for its days, and for all threads. */
#include <pthread.h>

#include "world_fixture.h"

/* X is a part of G until 2020, of H from 2022 on. */
static void begin_world(void)
{
	struct dated of_x[] = {{0, DAY_MIN, 0}, {0, 0, DAY_MAX}};
	struct world_area x;

	begin();
	of_x[0] = (struct dated){w("G"), DAY_MIN, on("2020-01-01")};
	of_x[1] = (struct dated){w("H"), on("2022-01-01"), DAY_MAX};
	x = (struct world_area){.record = rec("X", "", ""), .member_of = {of_x, 2}};
	add_area_in("KR", "");
	add_area_in("G", "");
	add_area_in("H", "");
	world_add_area(world, &x);
	add_party("a", "KR");
	add_party("b", "X");
	add_law("in-g", "KR", "(leg.area G)");
	add_law("in-h", "KR", "(leg.area H)");
}

static enum verdict verdict_of(const struct decision *decision, const char *law)
{
	return opinion_of(decision, law)->verdict;
}

struct expected {
	const char *question, *holds_until; /* "": for ever */
	enum verdict in_g, in_h;
};

static const struct expected days[] = {
	{"exporter=a to=b on=2019-06-01", "2020-01-01", VERDICT_PERMITTED, VERDICT_DENIED},
	{"exporter=a to=b on=2021-06-01", "2022-01-01", VERDICT_DENIED, VERDICT_DENIED},
	{"exporter=a to=b on=2021-06-02", "2022-01-01", VERDICT_DENIED, VERDICT_DENIED},
	{"exporter=a to=b on=2022-01-01", "", VERDICT_DENIED, VERDICT_PERMITTED},
	{"exporter=a to=b on=2023-06-01", "", VERDICT_DENIED, VERDICT_PERMITTED},
};

enum { DAYS = sizeof(days) / sizeof(*days) };

static bool is_expected(const struct decision *decision, const struct expected *expected)
{
	return verdict_of(decision, "in-g") == expected->in_g &&
	       verdict_of(decision, "in-h") == expected->in_h &&
	       decision->holds_until == until_day(expected->holds_until);
}

static void ask_forwards(void)
{
	for (size_t i = 0; i < DAYS; i++)
		assert_true(is_expected(ask(days[i].question), &days[i]));
}

static void ask_backwards(void)
{
	for (size_t i = DAYS; i-- > 0;)
		assert_true(is_expected(ask(days[i].question), &days[i]));
}

static void a_day_is_judged_by_what_holds_on_it_whatever_was_asked_before(void **state)
{
	(void)state;
	begin_world();
	ask_forwards();
	ask_backwards();
	end();
	begin_world();
	ask_backwards();
	ask_forwards();
	end();
}

enum { REVISIONS = 64, THREADS = 4 };

struct asker {
	const struct question *questions;
	size_t wrong;
};

/* As many revisions of each day, so that they find no place any more. */
static void *ask_all(void *arg)
{
	struct asker *asker = arg;
	struct arena *arena = arena_new(0);

	for (size_t i = 0; i < (size_t)DAYS * REVISIONS; i++) {
		struct question asked = asker->questions[i % DAYS];
		const struct decision *decision;

		asked.known_at = 1 + i / DAYS;
		arena_reset(arena);
		if (decide(world, &asked, arena, &decision, NULL) ||
		    !is_expected(decision, &days[i % DAYS]))
			asker->wrong++;
	}
	arena_free(arena);
	return NULL;
}

static void threads_that_ask_at_once_are_answered_as_one_is(void **state)
{
	struct question questions[DAYS];
	struct asker askers[THREADS];
	pthread_t threads[THREADS];

	(void)state;
	begin_world();
	ask(days[0].question); /* seals */
	for (size_t i = 0; i < DAYS; i++)
		questions[i] = *question(days[i].question);
	for (size_t i = 0; i < THREADS; i++) {
		askers[i] = (struct asker){.questions = questions};
		assert_int_equal(pthread_create(&threads[i], NULL, ask_all, &askers[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(askers[i].wrong, 0);
	}
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_judged_by_what_holds_on_it_whatever_was_asked_before),
		cmocka_unit_test(threads_that_ask_at_once_are_answered_as_one_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
