#include "engine/recall.h"

#include "world_fixture.h"

/* A world in which every part of a question, and the day, makes a difference. */
static void begin_telling(void)
{
	begin();
	add_area_in("KR", "");
	add_area_in("US", "");
	add_category("c", "");
	add_category("d", "");
	add_purpose("use", "");
	add_purpose("sell", "");
	for (int i = 0; i < 4; i++)
		add_party((const char *[]){"a", "b", "e", "f"}[i], i % 2 ? "US" : "KR");
	world_add_data_set(world, &(struct world_data_set){.record = rec("set", "", ""),
							   .exporter = w("a"),
							   .categories = list("c")});
	add_term("flag", TERM_FLAG, false);
	add_term("place", TERM_AREA, false);
	add_term("owe", TERM_FLAG, false);
	world_add_rulebook(
		world,
		&(struct world_rulebook){
			.record = rec("law", "", ""),
			.speaks_for = list("KR"),
			GROUNDS(ground_of("law/1", "(all (as-of ge 2024-07-01) (leg.purpose use)"
						   " (leg.category c) (flag true) (place KR)"
						   " (access.mode storage) (exporter.party a)"
						   " (importer.party b) (data.set set)"
						   " (importer.areas has KR))")),
			DUTIES(duty_of("owe", NULL, false))});
}

static const char *const questions[] = {
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=flag:true",
	"data=set category=c purpose=use to=b mode=storage fact=flag:true",
	"exporter=e data=set category=c purpose=use to=b mode=storage fact=flag:true",
	"exporter=a category=c purpose=use to=b mode=storage fact=flag:true",
	"exporter=a data=set purpose=use to=b mode=storage fact=flag:true",
	"exporter=a data=set category=d purpose=use to=b mode=storage fact=flag:true",
	"exporter=a data=set category=c category=d purpose=use to=b mode=storage fact=flag:true",
	"exporter=a data=set category=c purpose=sell to=b mode=storage fact=flag:true",
	"exporter=a data=set category=c to=b mode=storage fact=flag:true",
	"exporter=a data=set category=c purpose=use to=f mode=storage fact=flag:true",
	"exporter=a data=set category=c purpose=use to=b to=f mode=storage fact=flag:true",
	"exporter=a data=set category=c purpose=use to=b mode=transit fact=flag:true",
	"exporter=a data=set category=c purpose=use to=b fact=flag:true",
	"exporter=a data=set category=c purpose=use to=b storage=KR mode=storage fact=flag:true",
	"exporter=a data=set category=c purpose=use to=b access=KR mode=storage fact=flag:true",
	"exporter=a data=set category=c purpose=use to=b storage=US mode=storage fact=flag:true",
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=flag:false",
	"exporter=a data=set category=c purpose=use to=b mode=storage",
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=place:KR",
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=place:US",
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=place:KR,US",
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=place:XX",
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=place:XY",
	"exporter=a data=set category=c purpose=use to=b mode=storage fact=place:XYZAB",
	"exporter=a data=set category=c purpose=use to=b mode=storage does=owe",
	"exporter=a data=set category=c purpose=use to=b mode=storage refuses=owe",
	"exporter=a data=set category=c purpose=use to=nobody mode=storage",
	"exporter=a data=set category=c purpose=use to=nobodx mode=storage",
	"exporter=a data=set category=c purpose=use to=b mode=storage known=2",
};

enum { QUESTIONS = sizeof(questions) / sizeof(*questions) };

static const struct decision *recalled(struct recall *recall, const struct question *q)
{
	const struct decision *decision;
	struct error error;

	assert_int_equal(recall_decide(recall, world, q, answers, &decision, &error), 0);
	return decision;
}

static void write_all(struct buffer *out, const struct decision *decision)
{
	buffer_clear(out);
	write_decision(out, decision);
	for (size_t i = 0; i < decision->reasons.count; i++)
		buffer_append(out, decision->reasons.items[i].field);
	buffer_printf(out, "%d %d %llu\n", decision->as_of, decision->holds_until,
		      (unsigned long long)decision->revision);
}

static void assert_as_decided(struct recall *recall, const struct question *q)
{
	struct buffer decided = {0}, given = {0};

	write_all(&decided, answer_to(q));
	write_all(&given, recalled(recall, q));
	assert_string_equal(buffer_string(&given), buffer_string(&decided));
	buffer_release(&decided);
	buffer_release(&given);
}

static void each_part_of_a_question_makes_it_another(void **state)
{
	struct recall *recall = recall_new(64 << 20);

	(void)state;
	begin_telling();
	world_seal(world);
	sealed = true;
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < QUESTIONS; i++) {
			struct question q = *question(questions[i]);

			assert_as_decided(recall, &q);
			/* Through the day that changes it, and back. */
			for (int ahead = 25; ahead <= 35; ahead += 5) {
				q.as_of = on("2024-06-01") + ahead;
				assert_as_decided(recall, &q);
			}
		}
	assert_true(recall_figures(recall).given_again > 2 * QUESTIONS);
	assert_int_equal(recall_figures(recall).forgotten, 0);
	recall_free(recall);
	end();
}

static void a_decision_is_given_again_while_it_holds(void **state)
{
	struct recall *recall = recall_new(1 << 20);
	struct question q;

	(void)state;
	begin_telling();
	world_seal(world);
	sealed = true;
	q = *question(questions[0]);
	assert_int_equal(recalled(recall, &q)->holds_until, on("2024-07-01"));
	q.as_of = on("2024-06-30");
	assert_int_equal(recalled(recall, &q)->as_of, q.as_of);
	assert_int_equal(recall_figures(recall).given_again, 1);
	q.as_of = on("2024-07-01"); /* no longer */
	recalled(recall, &q);
	q.as_of = on("2024-05-31"); /* not yet */
	recalled(recall, &q);
	assert_int_equal(recall_figures(recall).given_again, 1);
	assert_int_equal(recall_figures(recall).decided, 3);
	recall_free(recall);
	end();
}

static void it_does_not_point_into_the_question(void **state)
{
	struct recall *recall = recall_new(1 << 20);
	struct buffer before = {0}, after = {0};
	char name[] = "nobody", fact[] = "XX";
	struct question q;
	struct recipient to;
	struct stated_fact place;

	(void)state;
	begin_telling();
	world_seal(world);
	sealed = true;
	q = *question("exporter=a to=b fact=place:XX");
	to = q.recipients[0];
	to.party = (struct word){SYMBOL_NONE, bytes_of_string(name)};
	place = q.facts[0];
	place.unresolved = bytes_of_string(fact);
	q.recipients = &to;
	q.facts = &place;
	write_all(&before, recalled(recall, &q));
	memset(name, 'z', sizeof(name) - 1);
	memset(fact, 'z', sizeof(fact) - 1);
	to.party.text = BYTES_LITERAL("nobody");
	place.unresolved = BYTES_LITERAL("XX");
	write_all(&after, recalled(recall, &q));
	assert_int_equal(recall_figures(recall).given_again, 1);
	assert_string_equal(buffer_string(&after), buffer_string(&before));
	buffer_release(&before);
	buffer_release(&after);
	recall_free(recall);
	end();
}

/* A world may come to lie where another was. */
static void another_world_is_not_mistaken_for_the_last(void **state)
{
	struct recall *recall = recall_new(1 << 20);

	(void)state;
	for (int i = 0; i < 20; i++) {
		const struct decision *decision;

		begin();
		add_area_in("KR", "");
		add_party("a", "KR");
		add_party("b", "KR");
		add_law("law", "KR", i % 2 ? "(exporter.party a)" : "(exporter.party b)");
		world_seal(world);
		sealed = true;
		decision = recalled(recall, question("exporter=a to=b"));
		assert_int_equal(decision->verdict, i % 2 ? VERDICT_PERMITTED : VERDICT_DENIED);
		end();
	}
	assert_int_equal(recall_figures(recall).given_again, 0);
	recall_free(recall);
}

static void it_forgets_rather_than_grow(void **state)
{
	enum { MOST = 256 * 1024, ONE = 128 * 1024 };
	struct recall *recall = recall_new(MOST);

	(void)state;
	begin_telling();
	world_seal(world);
	sealed = true;
	for (int i = 0; i < 200; i++) {
		struct question q = *question(questions[i % QUESTIONS]);

		q.as_of -= i * 40;
		assert_as_decided(recall, &q);
		assert_true(recall_figures(recall).bytes <= MOST + ONE);
	}
	assert_true(recall_figures(recall).forgotten > 100);
	recall_free(recall);
	end();
}

static void an_error_is_not_kept(void **state)
{
	struct recall *recall = recall_new(1 << 20);
	const struct decision *decision;
	struct error error;

	(void)state;
	begin_telling();
	world_seal(world);
	sealed = true;
	for (int i = 0; i < 2; i++)
		assert_int_equal(recall_decide(recall, world, question("exporter=a"), answers,
					       &decision, &error),
				 ERR_INVALID);
	assert_int_equal(recall_figures(recall).decisions, 0);
	assert_int_equal(
		recall_decide(NULL, world, question("exporter=a to=b"), answers, &decision, &error),
		0);
	recall_free(recall);
	recall_free(NULL);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_of_a_question_makes_it_another),
		cmocka_unit_test(a_decision_is_given_again_while_it_holds),
		cmocka_unit_test(it_does_not_point_into_the_question),
		cmocka_unit_test(another_world_is_not_mistaken_for_the_last),
		cmocka_unit_test(it_forgets_rather_than_grow),
		cmocka_unit_test(an_error_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
