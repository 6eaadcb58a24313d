#include "test.h"

#include "registry.h"
#include "registry/compile.h"

/* A world made of the small registry and some more. */
struct globe {
	struct folder *folder;
	struct problems problems;
	struct world *world;
};

static void make(struct globe *globe, const char *text)
{
	struct buffer said = {0};

	problems_init(&globe->problems);
	globe->folder = folder_with("r.yaml", text, &globe->problems);
	validate_set(folder_records(globe->folder), &globe->problems);
	compile_world(folder_records(globe->folder), &globe->world, &globe->problems);
	problems_print(&globe->problems, &said);
	assert_string_equal(buffer_string(&said), "");
	buffer_release(&said);
}

static void drop(struct globe *globe)
{
	world_free(globe->world);
	problems_release(&globe->problems);
	folder_free(globe->folder);
}

static symbol word(const struct globe *globe, const char *text)
{
	return symbols_find(world_words(globe->world), bytes_of_string(text));
}

static day day_of(const char *text)
{
	day date;

	assert_int_equal(date_parse(bytes_of_string(text), &date, NULL), 0);
	return date;
}

static const struct record *get(const struct globe *globe, enum record_kind kind, const char *id,
				const char *on)
{
	return world_get(globe->world, kind, word(globe, id), day_of(on), FOLDER_REVISION);
}

static void expect_list(const struct globe *globe, struct words list, const char *expected)
{
	struct buffer text = {0};
	size_t count;
	const symbol *words = world_list_words(globe->world, list, &count);

	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%s%.*s", i ? " " : "",
			      BYTES_PRINT(symbols_text(world_words(globe->world), words[i])));
	assert_string_equal(buffer_string(&text), expected);
	buffer_release(&text);
}

static void slices_become_rectangles(void **state)
{
	struct globe globe;
	const struct world_party *party;

	(void)state;
	make(&globe, "party: {id: a, area: KR, bound-by: none, until: 2026-01-01}\n---\n"
		     "party: {id: a, from: 2024-01-01, until: 2025-01-01, area: 'NO', bound-by: "
		     "[{rulebook: law, from: 2024-06-01}], unsettled: [area], doubt: which}\n");
	party = (const void *)get(&globe, RECORD_PARTY, "a", "2023-12-31");
	assert_int_equal(party->area, word(&globe, "KR"));
	assert_int_equal(party->bound_by.count, 0);
	assert_int_equal(party->record.unsettled, 0);
	assert_false(party->record.doubt);
	party = (const void *)get(&globe, RECORD_PARTY, "a", "2024-01-01");
	assert_int_equal(party->area, word(&globe, "NO"));
	assert_int_equal(party->bound_by.count, 1);
	assert_int_equal(party->bound_by.items[0].word, word(&globe, "law"));
	assert_true(party->record.unsettled == FIELD_BIT(FIELD_AREA));
	assert_true(party->record.doubt);
	assert_int_equal(party->record.revision, FOLDER_REVISION);
	assert_null(get(&globe, RECORD_PARTY, "a", "2025-06-01"));
	drop(&globe);
}

static void silence_in_dispute_is_no_no(void **state)
{
	struct globe globe;
	const struct world_term *term;

	(void)state;
	make(&globe, "term: {id: told, kind: fact, type: flag, by: caller, silence: no}\n---\n"
		     "term: {id: told, from: 2024-01-01, kind: fact, type: flag, by: caller, "
		     "silence: no, unsettled: [silence]}\n");
	term = (const void *)get(&globe, RECORD_TERM, "told", "2023-12-31");
	assert_true(term->silence_is_no);
	term = (const void *)get(&globe, RECORD_TERM, "told", "2024-01-01");
	assert_false(term->silence_is_no);
	drop(&globe);
}

static void a_dotted_id_is_narrower_than_what_stands_before_its_last_dot(void **state)
{
	struct globe globe;
	const struct world_category *category;

	(void)state;
	make(&globe, "data-category: {id: user.contact.email, broader: [essential-data]}\n---\n"
		     "data-category: {id: essential-data}\n");
	category = (const void *)get(&globe, RECORD_CATEGORY, "user.contact.email", "2024-01-01");
	expect_list(&globe, category->broader, "user.contact essential-data");
	category = (const void *)get(&globe, RECORD_CATEGORY, "user", "2024-01-01");
	expect_list(&globe, category->broader, "");
	drop(&globe);
}

static void none_is_an_empty_list_and_any_a_word(void **state)
{
	struct globe globe;
	const struct world_data_set *data_set;

	(void)state;
	make(&globe, "data-set: {id: d, exporter: line-plus, categories: user, origin: none, "
		     "policies: none, key: yes}\n");
	data_set = (const void *)get(&globe, RECORD_DATA_SET, "d", "2024-01-01");
	expect_list(&globe, data_set->origin, "");
	expect_list(&globe, data_set->policies, "");
	expect_list(&globe, data_set->categories, "user");
	assert_int_equal(data_set->key, ANSWER_YES);
	assert_int_equal(data_set->local_copy, ANSWER_UNSPECIFIED);
	drop(&globe);
}

static const char full_rulebook[] =
	"rulebook:\n"
	"  id: my-law\n"
	"  kind: law\n"
	"  from: 2020-01-01\n"
	"  speaks-for: KR\n"
	"  source: [OJ]\n"
	"  confidence: high\n"
	"  applies: {any: [{exporter.areas: {has: KR}}, {sure: [{subject.age: {lt: 13, ge: "
	"1}}]}]}\n"
	"  not-a-transfer: {leg.area: [KR, EEA]}\n"
	"  define:\n"
	"    usable: [{cond: signed}]\n"
	"    signed:\n"
	"      - agreement: {instrument: scc, signed: {ge: 2021-01-01}}\n"
	"      - not: {unsettled: open-question}\n"
	"  grounds:\n"
	"    - id: my-law/1\n"
	"      cite: Art. 1\n"
	"      needs: [{cond: usable}, {consent.given: true}]\n"
	"      duties: [encrypt, {owe: encrypt, when: {leg.area: {main: [EEA]}}, standing: true}]\n"
	"  prohibitions:\n"
	"    - {id: my-law/2, cite: Art. 2, reach: any, when: {order: {}}}\n"
	"  default: prohibited\n";

static void expect_text(const struct condition *condition, enum condition_op op, const char *text)
{
	assert_int_equal(condition->op, op);
	assert_int_equal(condition->text.size, strlen(text));
	assert_memory_equal(condition->text.data, text, strlen(text));
}

static void a_rulebook_keeps_its_words_and_its_text(void **state)
{
	struct globe globe;
	const struct world_rulebook *law;
	const struct condition *needs, *usable, *signed_, *age;

	(void)state;
	make(&globe, full_rulebook);
	law = (const void *)get(&globe, RECORD_RULEBOOK, "my-law", "2024-01-01");
	assert_false(law->policy);
	assert_false(law->default_permitted);
	expect_list(&globe, law->speaks_for, "KR");
	expect_text(law->applies, CONDITION_ANY,
		    "any: [{exporter.areas: {has: KR}}, {sure: [{subject.age: {lt: 13, ge: 1}}]}]");
	age = &law->applies->of[1].of[0];
	expect_text(age, CONDITION_FACT, "subject.age: {lt: 13, ge: 1}");
	assert_int_equal(age->fact.fact, FACT_TERM);
	assert_int_equal(age->fact.term, word(&globe, "subject.age"));
	assert_int_equal(age->test->lt->number, 13);
	assert_int_equal(age->test->lt->type, VALUE_NUMBER);
	expect_text(law->not_a_transfer, CONDITION_FACT, "leg.area: [KR, EEA]");
	assert_int_equal(law->not_a_transfer->fact.fact, FACT_LEG_AREA);
	assert_int_equal(law->not_a_transfer->test->in.count, 2);

	needs = law->grounds[0].needs;
	expect_text(needs, CONDITION_ALL, "all: [{cond: usable}, {consent.given: true}]");
	expect_text(&needs->of[0], CONDITION_COND, "cond: usable");
	usable = needs->of[0].definition->condition;
	expect_text(usable, CONDITION_COND, "cond: signed");
	signed_ = usable->definition->condition;
	expect_text(signed_, CONDITION_ALL,
		    "all: [{agreement: {instrument: scc, signed: {ge: 2021-01-01}}}, "
		    "{not: {unsettled: open-question}}]");
	assert_int_equal(signed_->of[0].record, RECORD_AGREEMENT);
	assert_int_equal(signed_->of[0].fields[1].field, FIELD_SIGNED);
	assert_int_equal(signed_->of[0].fields[1].test.ge->type, VALUE_DATE);
	assert_int_equal(signed_->of[0].fields[1].test.ge->number, 18628);
	assert_int_equal(signed_->of[1].of[0].question, word(&globe, "open-question"));

	assert_int_equal(law->grounds[0].duties.count, 2);
	assert_null(law->grounds[0].duties.items[0].when);
	assert_true(law->grounds[0].duties.items[1].standing);
	expect_text(law->grounds[0].duties.items[1].when, CONDITION_FACT, "leg.area: {main: EEA}");
	assert_true(law->prohibitions[0].reach_any);
	expect_text(law->prohibitions[0].when, CONDITION_RECORD, "order: {}");
	drop(&globe);
}

static void the_same_records_give_the_same_words(void **state)
{
	struct globe one, two;
	symbol last;

	(void)state;
	make(&one, full_rulebook);
	make(&two, full_rulebook);
	last = symbols_last(world_words(one.world));
	assert_int_equal(symbols_last(world_words(two.world)), last);
	for (symbol i = 1; i <= last; i++)
		assert_true(bytes_equal(symbols_text(world_words(one.world), i),
					symbols_text(world_words(two.world), i)));
	drop(&one);
	drop(&two);
}

static void what_is_given_speaks_on_its_own_days(void **state)
{
	struct globe globe;
	struct record_set *set;
	const struct world_party *party;
	Carnet__V1__Record *given;

	(void)state;
	make(&globe, "party: {id: a, area: KR, bound-by: none, from: 2024-01-01}\n");
	set = record_set_derive(folder_records(globe.folder));
	given = record_set_copy(
		set, record_set_latest(folder_records(globe.folder), KIND_PARTY, BYTES_LITERAL("a"))
			     ->record);
	given->from = arena_string(record_set_arena(set), BYTES_LITERAL("2023-01-01"));
	given->until = arena_string(record_set_arena(set), BYTES_LITERAL("2025-01-01"));
	given->party->area = arena_string(record_set_arena(set), BYTES_LITERAL("NO"));
	record_set_add_given(set, given);
	record_set_seal(set);
	assert_int_equal(validate_since(set, REVISION_NEWEST, &globe.problems), 0);
	world_free(globe.world);
	assert_int_equal(compile_world(set, &globe.world, &globe.problems), 0);
	record_set_free(set);

	party = (const void *)get(&globe, RECORD_PARTY, "a", "2023-06-01");
	assert_int_equal(party->area, word(&globe, "NO"));
	party = (const void *)get(&globe, RECORD_PARTY, "a", "2024-06-01");
	assert_int_equal(party->area, word(&globe, "NO"));
	party = (const void *)get(&globe, RECORD_PARTY, "a", "2025-01-01");
	assert_int_equal(party->area, word(&globe, "KR"));
	drop(&globe);
}

/* An annulled decision must not come back on the day on which it ends. */
static void what_is_given_anew_does_not_fall_back(void **state)
{
	struct globe globe;
	struct record_set *set;
	const struct world_party *party;
	Carnet__V1__Record *given;

	(void)state;
	make(&globe,
	     "party: {id: a, area: KR, bound-by: none, from: 2023-01-01, until: 2026-01-01}\n"
	     "---\nparty: {id: a, area: NO, bound-by: none, from: 2024-01-01}\n");
	set = record_set_derive(folder_records(globe.folder));
	given = record_set_copy(
		set, record_set_latest(folder_records(globe.folder), KIND_PARTY, BYTES_LITERAL("a"))
			     ->record);
	given->until = arena_string(record_set_arena(set), BYTES_LITERAL("2025-01-01"));
	record_set_add_given(set, given);
	record_set_seal(set);
	assert_int_equal(validate_since(set, REVISION_NEWEST, &globe.problems), 0);
	assert_non_null(record_set_speaks(set, KIND_PARTY, BYTES_LITERAL("a"), day_of("2024-12-31"),
					  REVISION_NEWEST));
	assert_null(record_set_speaks(set, KIND_PARTY, BYTES_LITERAL("a"), day_of("2025-01-01"),
				      REVISION_NEWEST));
	world_free(globe.world);
	assert_int_equal(compile_world(set, &globe.world, &globe.problems), 0);
	record_set_free(set);

	party = (const void *)get(&globe, RECORD_PARTY, "a", "2023-06-01");
	assert_int_equal(party->area, word(&globe, "KR"));
	party = (const void *)get(&globe, RECORD_PARTY, "a", "2024-06-01");
	assert_int_equal(party->area, word(&globe, "NO"));
	assert_null(get(&globe, RECORD_PARTY, "a", "2025-01-01"));
	drop(&globe);
}

/* Compile is not validation, but must not make a world that decides nonsense. */
static void what_cannot_be_compiled_is_a_problem(void **state)
{
	static const char *const needs[] = {
		"cond: nowhere",         "no.fact: 1", "finding: {say: adequate}",
		"subject.age: thirteen", "cond: turn",
	};
	struct folder *folder;
	struct problems problems;
	struct world *world;

	(void)state;
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		struct buffer text = {0};

		buffer_printf(&text,
			      "rulebook: {id: r, kind: law, define: {turn: [{cond: turn}]}, "
			      "grounds: [{id: g, needs: [{%s}]}]}\n",
			      needs[i]);
		problems_init(&problems);
		folder = folder_with("r.yaml", buffer_string(&text), &problems);
		assert_int_equal(problems.total, 0);
		assert_int_equal(compile_world(folder_records(folder), &world, &problems),
				 ERR_INVALID);
		assert_null(world);
		problems_release(&problems);
		folder_free(folder);
		buffer_release(&text);
	}
}

static void the_shipped_registry_compiles(void **state)
{
	struct folder *folder = folder_new();
	struct problems problems;
	struct world *world;

	(void)state;
	problems_init(&problems);
	folder_add(folder, SOURCE_ROOT "/registry-data", &problems);
	assert_int_equal(compile_world(folder_records(folder), &world, &problems), 0);
	world_free(world);
	problems_release(&problems);
	folder_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_become_rectangles),
		cmocka_unit_test(silence_in_dispute_is_no_no),
		cmocka_unit_test(a_dotted_id_is_narrower_than_what_stands_before_its_last_dot),
		cmocka_unit_test(none_is_an_empty_list_and_any_a_word),
		cmocka_unit_test(a_rulebook_keeps_its_words_and_its_text),
		cmocka_unit_test(the_same_records_give_the_same_words),
		cmocka_unit_test(what_is_given_speaks_on_its_own_days),
		cmocka_unit_test(what_is_given_anew_does_not_fall_back),
		cmocka_unit_test(what_cannot_be_compiled_is_a_problem),
		cmocka_unit_test(the_shipped_registry_compiles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
