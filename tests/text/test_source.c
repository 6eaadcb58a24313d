#include "text/reading.h"

static const char yaml[] = "rulebook:\n"
			   "  id: r\n"
			   "  speaks-for:\n"
			   "    - KR\n"
			   "    - JP\n"
			   "  define:\n"
			   "    holds:\n"
			   "      - cond: a\n"
			   "  grounds:\n"
			   "    - id: g\n"
			   "      needs:\n"
			   "        - exporter.areas: {has: EEA}\n"
			   "      duties: [tia]\n";

static struct source_map *map;

static Carnet__V1__Record *read_record(const char *name, struct bytes text)
{
	map = source_map_new(arena);
	return (Carnet__V1__Record *)read_named(name, text, RECORD, map);
}

static void fields_are_found_where_they_were_read(void **state)
{
	Carnet__V1__Record *record = read_record("a.yaml", bytes_of_string(yaml));
	Carnet__V1__Rulebook *rulebook;
	Carnet__V1__Ground *ground;
	Carnet__V1__Condition *need;

	(void)state;
	assert_non_null(record);
	rulebook = record->rulebook;
	ground = rulebook->grounds[0];
	need = ground->needs[0];
	assert_int_equal(source_line(map, &record->base, "id", SOURCE_WHOLE), 2);
	assert_int_equal(source_line(map, &record->base, NULL, SOURCE_WHOLE), 1);
	assert_int_equal(source_line(map, &rulebook->base, "speaks_for", SOURCE_WHOLE), 3);
	assert_int_equal(source_line(map, &rulebook->base, "speaks-for", 1), 5);
	assert_int_equal(source_line(map, &rulebook->base, "speaks_for", 9), 3);
	assert_int_equal(source_line(map, &rulebook->base, "owner", SOURCE_WHOLE), 1);
	assert_int_equal(source_line(map, &rulebook->define[0]->base, "name", SOURCE_WHOLE), 7);
	assert_int_equal(source_line(map, &rulebook->define[0]->conditions->of[0]->base, "cond",
				     SOURCE_WHOLE),
			 8);
	assert_int_equal(source_line(map, &ground->base, "cite", SOURCE_WHOLE), 10);
	assert_int_equal(source_line(map, &need->fact->base, "fact", SOURCE_WHOLE), 12);
	assert_int_equal(source_line(map, &ground->duties[0]->base, "owe", SOURCE_WHOLE), 13);
	assert_string_equal(source_path(map, &need->fact->test->base, "has", 0, arena),
			    "rulebook.grounds[0].needs[0].exporter.areas.has");
	assert_string_equal(source_path(map, &ground->base, "review_by", SOURCE_WHOLE, arena),
			    "rulebook.grounds[0].review-by");
	assert_string_equal(
		source_path(map, &rulebook->define[0]->base, "name", SOURCE_WHOLE, arena),
		"rulebook.define.holds");
	assert_string_equal(source_path(map, &ground->duties[0]->base, "owe", SOURCE_WHOLE, arena),
			    "rulebook.grounds[0].duties[0]");
}

static void json_has_paths_but_no_lines(void **state)
{
	Carnet__V1__Record *record = read_record(
		"a.json", BYTES_LITERAL("{\"data_set\":{\"categories\":[\"a\",\"b\"]}}"));

	(void)state;
	assert_non_null(record);
	assert_int_equal(source_line(map, &record->data_set->base, "categories", 1), 0);
	assert_string_equal(source_path(map, &record->data_set->base, "categories", 1, arena),
			    "data_set.categories[1]");
	assert_string_equal(
		source_path(map, &record->data_set->base, "local_copy", SOURCE_WHOLE, arena),
		"data_set.local_copy");
}

static void messages_from_elsewhere_have_no_place(void **state)
{
	Carnet__V1__Party party;

	(void)state;
	carnet__v1__party__init(&party);
	map = source_map_new(arena);
	assert_null(source_node(map, &party.base, "area", SOURCE_WHOLE));
	assert_null(source_node(NULL, &party.base, "area", SOURCE_WHOLE));
	assert_int_equal(source_line(NULL, NULL, NULL, SOURCE_WHOLE), 0);
	assert_string_equal(source_path(NULL, &party.base, "area", 0, arena), "area");
	assert_string_equal(source_path(map, NULL, NULL, SOURCE_WHOLE, arena), "");
}

static void thousands_of_fields_are_kept_apart(void **state)
{
	struct buffer text = {0};
	Carnet__V1__Record *record;

	(void)state;
	buffer_append_string(&text, "party:\n  is:\n");
	for (int i = 0; i < 20000; i++)
		buffer_printf(&text, "    - a%d\n", i);
	record = read_record("a.yaml", buffer_bytes(&text));
	assert_non_null(record);
	for (unsigned i = 0; i < 20000; i++)
		assert_int_equal(source_line(map, &record->party->base, "is", i), i + 3);
	buffer_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(fields_are_found_where_they_were_read),
		test_of(json_has_paths_but_no_lines),
		test_of(messages_from_elsewhere_have_no_place),
		test_of(thousands_of_fields_are_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
