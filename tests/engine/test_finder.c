/* Searches: equal to asking every candidate singly, for each word that can stand open. */
#include "world_fixture.h"

#include "engine/finder.h"

static void seal(void)
{
	world_seal(world);
	sealed = true;
}

/* "b c" */
static const char *found(const char *text, enum finder_open open, const char *after)
{
	struct finder *finder =
		finder_new(world, question(text), open, bytes_of_string(after), answers);
	const struct decision *decision;
	struct buffer list = {0};
	struct error error;
	const char *result;

	while (finder_next(finder)) {
		assert_int_equal(finder_decide(finder, answers, &decision, &error), 0);
		if (finder_permits(decision))
			buffer_printf(&list, "%s%.*s", list.size ? " " : "",
				      BYTES_PRINT(finder_word(finder)));
	}
	result = arena_string(answers, buffer_bytes(&list));
	buffer_release(&list);
	return result;
}

/* Korean data may go to Germany, and to the US where it is about contacts for support. */
static void begin_world(void)
{
	struct world_party late;

	begin();
	add_area_in("KR", "");
	add_area_in("DE", "EEA");
	add_area_in("EEA", "");
	add_area_in("US", "");
	add_category("user", "");
	add_category("user.contact", "");
	add_category("user.health", "");
	add_purpose("ads", "");
	add_purpose("support", "");
	add_party("a", "KR");
	add_party("b", "DE");
	add_party("c", "US");
	add_party("d", "DE");
	late = party_in("late", "DE");
	late.record.from = on("2024-07-01");
	world_add_party(world, &late);
	add_law("kr", "KR",
		"(any (leg.area EEA KR) (all (leg.area US) (leg.category user.contact) "
		"(leg.purpose support)))");
	world_add_rulebook(
		world, &(struct world_rulebook){.record = rec("eu", "", ""),
						.speaks_for = list("EEA"),
						.applies = condition("(exporter.areas has EEA)"),
						GROUNDS(ground_of("eu/1", "(leg.area EEA)"))});
	world_add_data_set(world, &(struct world_data_set){.record = rec("calls", "", ""),
							   .exporter = w("a"),
							   .categories = list("user.contact")});
	world_add_data_set(world, &(struct world_data_set){.record = rec("ills", "", ""),
							   .exporter = w("a"),
							   .categories = list("user.health")});
	seal();
}

static void recipients_are_found_in_the_order_of_their_ids(void **state)
{
	(void)state;
	begin_world();
	assert_string_equal(found("exporter=a category=user.health", FINDER_RECIPIENT, ""),
			    "a b d");
	assert_string_equal(
		found("exporter=a category=user.contact purpose=support", FINDER_RECIPIENT, ""),
		"a b c d");
	end();
}

static void a_search_goes_on_after_a_word(void **state)
{
	(void)state;
	begin_world();
	assert_string_equal(found("exporter=a", FINDER_RECIPIENT, "a"), "b d");
	assert_string_equal(found("exporter=a", FINDER_RECIPIENT, "aa"), "b d");
	assert_string_equal(found("exporter=a", FINDER_RECIPIENT, "b"), "d");
	assert_string_equal(found("exporter=a", FINDER_RECIPIENT, "zz"), "");
	end();
}

static void what_the_question_says_in_the_open_place_counts_for_nothing(void **state)
{
	(void)state;
	begin_world();
	assert_string_equal(found("exporter=a to=nobody", FINDER_RECIPIENT, ""), "a b d");
	assert_string_equal(found("exporter=a to=b storage=US", FINDER_DESTINATION, ""),
			    found("exporter=a to=b", FINDER_DESTINATION, ""));
	assert_string_equal(found("exporter=a to=b category=nothing", FINDER_CATEGORY, ""),
			    "user user.contact user.health");
	end();
}

static void destinations_are_areas_of_storage_beside_seat_and_access(void **state)
{
	(void)state;
	begin_world();
	assert_string_equal(found("exporter=a to=b", FINDER_DESTINATION, ""), "DE EEA KR");
	assert_string_equal(found("exporter=a to=b access=US", FINDER_DESTINATION, ""), "");
	assert_string_equal(found("exporter=a to=b category=user.contact purpose=support",
				  FINDER_DESTINATION, ""),
			    "DE EEA KR US");
	assert_string_equal(found("exporter=a to=c", FINDER_DESTINATION, ""), "");
	end();
}

static void every_kind_of_word_can_stand_open(void **state)
{
	(void)state;
	begin_world();
	assert_string_equal(found("data=nothing to=c purpose=support", FINDER_DATA_SET, ""),
			    "calls");
	assert_string_equal(found("exporter=a to=c purpose=support", FINDER_CATEGORY, ""),
			    "user.contact");
	assert_string_equal(found("data=calls to=c", FINDER_PURPOSE, ""), "support");
	end();
}

static void only_the_last_recipient_is_open(void **state)
{
	(void)state;
	begin_world();
	/* Onward from Germany, where the German law has a say too. */
	assert_string_equal(found("exporter=a to=b to=x", FINDER_RECIPIENT, ""), "d");
	/* Not from the US, for which no law speaks. */
	assert_string_equal(found("data=calls purpose=support to=c to=x", FINDER_RECIPIENT, ""),
			    "");
	end();
}

static void a_word_that_makes_a_circle_is_not_found(void **state)
{
	const struct decision *decision;
	struct finder *finder;

	(void)state;
	begin_world();
	finder = finder_new(world, question("exporter=a to=b to=x"), FINDER_RECIPIENT,
			    (struct bytes){0}, answers);
	assert_true(finder_next(finder));
	assert_true(bytes_equal_string(finder_word(finder), "a"));
	assert_int_equal(finder_decide(finder, answers, &decision, NULL), 0);
	assert_null(decision);
	assert_false(finder_permits(decision));
	end();
}

static void candidates_are_those_of_the_day(void **state)
{
	(void)state;
	begin_world();
	assert_string_equal(found("exporter=a on=2024-07-01", FINDER_RECIPIENT, ""), "a b d late");
	assert_string_equal(found("exporter=a known=0", FINDER_RECIPIENT, ""), "");
	end();
}

static void an_error_names_the_word(void **state)
{
	const struct decision *decision;
	struct finder *finder;
	struct error error;

	(void)state;
	begin_world();
	finder = finder_new(world, question("exporter=a"), FINDER_DESTINATION, (struct bytes){0},
			    answers);
	assert_true(finder_next(finder));
	assert_int_equal(finder_decide(finder, answers, &decision, &error), ERR_INVALID);
	assert_memory_equal(error.text, "with 'DE': ", 11);
	end();
}

/* ---- Small worlds at random: the search is what asking singly comes to ---- */

static uint64_t dice;

static unsigned roll(unsigned below)
{
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(dice >> 33) % below;
}

enum { AREAS = 7, PARTIES = 9, NAME_SIZE = 16 };

static const char *name_of(const char *prefix, unsigned number)
{
	return arena_printf(answers, "%s%u", prefix, number);
}

static const char *any_area(void)
{
	return name_of("A", roll(AREAS));
}

static void add_random_party(unsigned number)
{
	struct world_party party = party_in(name_of("p", number), roll(4) ? any_area() : "");

	if (!roll(5))
		party.record.from = on(roll(2) ? "2024-01-01" : "2025-01-01");
	if (!roll(5))
		party.record.unsettled = FIELD_BIT(FIELD_AREA);
	if (!roll(6))
		party.record.known_from = 2;
	world_add_party(world, &party);
}

static void add_random_law(unsigned number)
{
	static const char *const facts[] = {"leg.area", "importer.areas", "exporter.areas",
					    "importer.area"};
	const char *needs = arena_printf(answers, "(any (%s %s%s %s) (importer.party %s) %s)",
					 facts[roll(4)], roll(2) ? "has " : "", any_area(),
					 any_area(), name_of("p", roll(PARTIES)),
					 roll(3) ? "(leg.category c1)" : "(unsettled q)");
	struct world_rulebook law = {.record = rec(name_of("law", number), "", ""),
				     .speaks_for = list("all"),
				     .default_permitted = roll(3) > 0,
				     GROUNDS(ground_of("g", needs)),
				     DUTIES(duty_of("tell", NULL, !roll(2)))};

	if (roll(2))
		law.applies = condition(arena_printf(
			answers, "(any (exporter.areas has %s) (data.origin has law%u))",
			any_area(), roll(3)));
	if (roll(2)) {
		law.prohibitions =
			KEEP(struct prohibition,
			     prohibition_of("x", arena_printf(answers, "(leg.area %s)", any_area()),
					    false));
		law.prohibition_count = 1;
	}
	world_add_rulebook(world, &law);
}

static void begin_random_world(unsigned seed)
{
	begin();
	dice = seed;
	add_area_in("all", "");
	for (unsigned i = 0; i < AREAS; i++)
		add_area_in(name_of("A", i), roll(8) ? "all" : "");
	add_category("c1", "");
	add_category("c2", "");
	for (unsigned i = 0; i < PARTIES; i++)
		add_random_party(i);
	for (unsigned i = 0; i < 3; i++)
		add_random_law(i);
	seal();
}

/* With the word left open written as `?`; the exporter is p0, which is always there. */
static const char *random_question(enum finder_open open)
{
	const char *party = open == FINDER_RECIPIENT ? "?" : name_of("p", roll(PARTIES));
	const char *storage = open == FINDER_DESTINATION ? " storage=?"
			      : roll(2)                  ? ""
					: arena_printf(answers, " storage=%s", any_area());

	return arena_printf(
		answers, "exporter=%s%s category=c%u%s to=%s%s%s known=%u",
		name_of("p", roll(PARTIES)), roll(2) ? " does=tell" : " refuses=tell", roll(2) + 1,
		roll(2) ? "" : arena_printf(answers, " to=%s", name_of("p", roll(PARTIES))), party,
		storage, roll(2) ? "" : " access=A1", roll(2) + 1);
}

static const char *with(const char *text, const char *word)
{
	const char *mark = strchr(text, '?');

	return arena_printf(answers, "%.*s%s%s", (int)(mark - text), text, word, mark + 1);
}

/* Every candidate as a question of its own, in the order of ids; what is refused as a
 * question permits nothing. */
static const char *asked_singly(const char *text, enum finder_open open)
{
	struct buffer list = {0};
	const char *result;

	for (unsigned i = 0; i < (open == FINDER_RECIPIENT ? PARTIES : AREAS + 1); i++) {
		const char *word = open == FINDER_RECIPIENT ? name_of("p", i)
				   : i < AREAS              ? name_of("A", i)
							    : "all";
		const struct decision *decision;

		if (decide(world, question(with(text, word)), answers, &decision, NULL) ||
		    decision->verdict > VERDICT_PERMITTED_WITH_OBLIGATIONS)
			continue;
		buffer_printf(&list, "%s%s", list.size ? " " : "", word);
	}
	result = arena_string(answers, buffer_bytes(&list));
	buffer_release(&list);
	return result;
}

static void a_search_equals_asking_every_candidate_singly(void **state)
{
	size_t nothing = 0, something = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 400; seed++) {
		begin_random_world(seed);
		for (unsigned i = 0; i < 10; i++) {
			enum finder_open open = i % 2 ? FINDER_RECIPIENT : FINDER_DESTINATION;
			const char *text = random_question(open);
			const char *singly = asked_singly(text, open);

			assert_string_equal(found(text, open, ""), singly);
			nothing += !*singly;
			something += *singly != 0;
		}
		end();
	}
	/* A property of empty lists would prove nothing. */
	assert_true(nothing > 200);
	assert_true(something > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recipients_are_found_in_the_order_of_their_ids),
		cmocka_unit_test(a_search_goes_on_after_a_word),
		cmocka_unit_test(what_the_question_says_in_the_open_place_counts_for_nothing),
		cmocka_unit_test(destinations_are_areas_of_storage_beside_seat_and_access),
		cmocka_unit_test(every_kind_of_word_can_stand_open),
		cmocka_unit_test(only_the_last_recipient_is_open),
		cmocka_unit_test(a_word_that_makes_a_circle_is_not_found),
		cmocka_unit_test(candidates_are_those_of_the_day),
		cmocka_unit_test(an_error_names_the_word),
		cmocka_unit_test(a_search_equals_asking_every_candidate_singly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
