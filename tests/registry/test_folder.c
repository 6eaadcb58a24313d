#include "test.h"

#include <unistd.h>

#include "base/file.h"
#include "registry.h"

/* A folder on disk, and what reading it says. */
struct shelf {
	char path[64];
	struct folder *folder;
	struct problems problems;
	struct buffer said;
	struct arena *arena;
};

static int make_shelf(void **state)
{
	struct shelf *shelf = memory_new(sizeof(*shelf));

	strcpy(shelf->path, "/tmp/carnet-folder-XXXXXX");
	assert_non_null(mkdtemp(shelf->path));
	shelf->folder = folder_new();
	shelf->arena = arena_new(0);
	problems_init(&shelf->problems);
	*state = shelf;
	return 0;
}

static int remove_file(void *arg, const char *path, struct error *error)
{
	(void)arg;
	(void)error;
	return unlink(path);
}

static int drop_shelf(void **state)
{
	struct shelf *shelf = *state;

	file_walk(shelf->path, "", remove_file, NULL, NULL);
	rmdir(arena_printf(shelf->arena, "%s/one", shelf->path));
	rmdir(arena_printf(shelf->arena, "%s/two", shelf->path));
	rmdir(shelf->path);
	folder_free(shelf->folder);
	problems_release(&shelf->problems);
	buffer_release(&shelf->said);
	arena_free(shelf->arena);
	free(shelf);
	return 0;
}

static void put(struct shelf *shelf, const char *folder, const char *name, const char *text)
{
	const char *below = arena_printf(shelf->arena, "%s/%s", shelf->path, folder);
	const char *path = arena_printf(shelf->arena, "%s/%s", below, name);

	assert_int_equal(file_make_folder(below, 0700, NULL), 0);
	assert_int_equal(file_write(path, bytes_of_string(text), 0600, NULL), 0);
}

/* Reads a folder below the shelf; what is wrong, with the shelf's own path cut out. */
static const char *read_below(struct shelf *shelf, const char *folder)
{
	const char *path = arena_printf(shelf->arena, "%s/%s", shelf->path, folder);
	struct buffer all = {0};
	const char *rest, *found;

	folder_add(shelf->folder, path, &shelf->problems);
	problems_print(&shelf->problems, &all);
	buffer_clear(&shelf->said);
	for (rest = buffer_string(&all); (found = strstr(rest, shelf->path));
	     rest = found + strlen(shelf->path) + 1)
		buffer_append(&shelf->said, bytes_of(rest, (size_t)(found - rest)));
	buffer_append_string(&shelf->said, rest);
	buffer_release(&all);
	return buffer_string(&shelf->said);
}

#define PARTY(id, more) "party: {id: " id ", bound-by: none" more "}\n"

static void a_case_without_a_question_is_told_so(void **state)
{
	struct shelf *shelf = *state;

	put(shelf, "one", "a.yaml", "id: a\ngiven: []\nexpect: {verdict: denied}\n");
	assert_string_equal(read_below(shelf, "one"),
			    "one/a.yaml:1: this case asks nothing; write its question under "
			    "`ask`\n");
}

static void files_are_read_in_the_byte_order_of_their_paths(void **state)
{
	struct shelf *shelf = *state;
	size_t count;
	const struct folder_case *cases;

	put(shelf, "one", "b.yaml", "{id: second, ask: {recipients: google}}\n");
	put(shelf, "one", "a.yml", "{id: first, ask: {recipients: google}}\n");
	put(shelf, "one", "c.json", "{\"id\": \"third\", \"ask\": {\"recipients\": [\"google\"]}}");
	put(shelf, "one", "README.md", "no: registry");
	put(shelf, "one", ".hidden.yaml", "no: registry");
	assert_string_equal(read_below(shelf, "one"), "");
	cases = folder_cases(shelf->folder, &count);
	assert_int_equal(count, 3);
	assert_string_equal(cases[0].message->id, "first");
	assert_string_equal(cases[1].message->id, "second");
	assert_string_equal(cases[2].message->id, "third");
}

static void cases_are_kept_apart_from_records(void **state)
{
	struct shelf *shelf = *state;
	size_t count;
	const struct folder_case *cases;

	put(shelf, "one", "a.yaml",
	    PARTY("a", "") "---\nid: LO-001\nask: {exporter: a, recipients: b}\n"
			   "given: [{party: {id: b, bound-by: none}}]\n---\n" PARTY("c", ""));
	assert_string_equal(read_below(shelf, "one"), "");
	cases = folder_cases(shelf->folder, &count);
	assert_int_equal(count, 1);
	assert_int_equal(cases[0].line, 3);
	assert_non_null(strstr(cases[0].file, "/one/a.yaml"));
	assert_int_equal(cases[0].message->n_given, 1);
	record_set_slices(folder_records(shelf->folder), &count);
	assert_int_equal(count, 2);
}

static void a_later_folder_lies_over_an_earlier_one(void **state)
{
	struct shelf *shelf = *state;
	const struct record_slice *slice;
	size_t count;

	put(shelf, "one", "a.yaml", PARTY("a", ", name: first") "---\n" PARTY("b", ""));
	put(shelf, "two", "a.yaml", PARTY("a", ", name: second"));
	assert_string_equal(read_below(shelf, "one"), "");
	assert_string_equal(read_below(shelf, "two"), "");
	record_set_slices(folder_records(shelf->folder), &count);
	assert_int_equal(count, 2);
	slice = record_set_latest(folder_records(shelf->folder), KIND_PARTY, BYTES_LITERAL("a"));
	assert_string_equal(slice->record->name, "second");
	assert_int_equal(slice->revision, FOLDER_REVISION);
	assert_non_null(strstr(slice->file, "/two/a.yaml"));
}

static void the_same_slice_twice_in_one_folder_names_both_places(void **state)
{
	struct shelf *shelf = *state;

	put(shelf, "one", "a.yaml", PARTY("x", "") "---\n" PARTY("a", ""));
	put(shelf, "one", "b.yaml", PARTY("a", ", from: 2024-01-01") "---\n\n" PARTY("a", ""));
	assert_string_equal(read_below(shelf, "one"),
			    "one/b.yaml:4: id: 'party/a' stands here a second time, after "
			    "one/a.yaml:3; remove one, or give it another id or `from`\n");
}

static void all_that_is_wrong_is_said_not_only_the_first(void **state)
{
	struct shelf *shelf = *state;

	put(shelf, "one", "a.yaml", "party: {id: a, aera: KR}\n---\nparty: {id: b, arae: KR}\n");
	put(shelf, "one", "b.yaml", "party: {id: c\n");
	put(shelf, "one", "c.yaml", "planet: {id: d}\n");
	put(shelf, "one", "d.json", "{\"party\": {\"id\": \"a\", \"aera\": \"KR\"}}");
	assert_string_equal(read_below(shelf, "one"),
			    "one/a.yaml:1: party.aera: unknown field; did you mean 'area'?\n"
			    "one/a.yaml:3: party.arae: unknown field; did you mean 'area'?\n"
			    "one/b.yaml:2:1: not YAML: did not find expected ',' or '}' while "
			    "parsing a flow mapping\n"
			    "one/c.yaml:1: planet: unknown kind of record; kinds are area, "
			    "data-category, purpose, party, engagement, data-set, agreement, "
			    "instrument, certificate, finding, assessment, disclosure, order, "
			    "rulebook, term, log, person, expectation\n"
			    "one/d.json: party.aera: unknown field; did you mean 'area'?\n");
}

static void every_fault_of_one_record_is_said(void **state)
{
	struct shelf *shelf = *state;
	struct buffer many = {0};

	put(shelf, "one", "a.yaml",
	    "party:\n  id: a\n  aera: KR\n  kind: law\n---\nask:\n  exportr: x\nexpect: {verdict: "
	    "yes}\n");
	buffer_append_string(&many, "party:\n  id: b\n");
	for (int i = 0; i < 30; i++)
		buffer_printf(&many, "  aera%d: KR\n", i);
	put(shelf, "one", "b.yaml", buffer_string(&many));
	assert_non_null(
		strstr(read_below(shelf, "one"),
		       "one/a.yaml:3: party.aera: unknown field; did you mean 'area'?\n"
		       "one/a.yaml:4: party.kind: 'law' is none of organisation, persons, "
		       "unnamed\n"
		       "one/a.yaml:7: ask.exportr: unknown field; did you mean 'exporter'?\n"
		       "one/a.yaml:8: expect.verdict: "));
	assert_non_null(strstr(read_below(shelf, "one"),
			       "one/b.yaml:1: there may be more in this document; mend these 20 "
			       "first\n"));
	buffer_release(&many);
}

static void a_thousand_faults_are_counted_and_fifty_shown(void **state)
{
	struct shelf *shelf = *state;
	struct buffer text = {0};
	struct error error;

	for (int i = 0; i < 1000; i++)
		buffer_printf(&text, "party: {id: p%d, aera: KR}\n---\n", i);
	put(shelf, "one", "a.yaml", buffer_string(&text));
	assert_non_null(strstr(read_below(shelf, "one"), "\nand 950 more\n"));
	assert_int_equal(shelf->problems.count, PROBLEMS_MAX);
	assert_int_equal(problems_error(&shelf->problems, &error), ERR_INVALID);
	assert_non_null(strstr(error.text, "party.aera: unknown field; did you mean 'area'? "
					   "(and 999 more)"));
	buffer_release(&text);
}

static void a_folder_without_a_registry_is_named(void **state)
{
	struct shelf *shelf = *state;

	put(shelf, "one", "README.md", "nothing");
	assert_string_equal(read_below(shelf, "one"), "one: holds no .yaml, .yml or .json file; "
						      "name the registry's folder\n");
}

static void a_path_that_is_not_there_is_named(void **state)
{
	struct shelf *shelf = *state;

	assert_string_equal(read_below(shelf, "zero"),
			    "cannot read 'zero': No such file or directory\n");
}

static void a_file_that_is_named_is_read_whatever_it_is_called(void **state)
{
	struct shelf *shelf = *state;
	size_t count;

	put(shelf, "one", "records.txt", PARTY("a", ""));
	assert_string_equal(read_below(shelf, "one/records.txt"), "");
	record_set_slices(folder_records(shelf->folder), &count);
	assert_int_equal(count, 1);
}

static void the_shipped_registry_is_valid(void **state)
{
	struct shelf *shelf = *state;

	folder_add(shelf->folder, SOURCE_ROOT "/registry-data", &shelf->problems);
	validate_set(folder_records(shelf->folder), &shelf->problems);
	problems_print(&shelf->problems, &shelf->said);
	assert_string_equal(buffer_string(&shelf->said), "");
}

#define SHELF_TEST(name) cmocka_unit_test_setup_teardown(name, make_shelf, drop_shelf)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHELF_TEST(files_are_read_in_the_byte_order_of_their_paths),
		SHELF_TEST(cases_are_kept_apart_from_records),
		SHELF_TEST(a_case_without_a_question_is_told_so),
		SHELF_TEST(a_later_folder_lies_over_an_earlier_one),
		SHELF_TEST(the_same_slice_twice_in_one_folder_names_both_places),
		SHELF_TEST(all_that_is_wrong_is_said_not_only_the_first),
		SHELF_TEST(every_fault_of_one_record_is_said),
		SHELF_TEST(a_thousand_faults_are_counted_and_fifty_shown),
		SHELF_TEST(a_folder_without_a_registry_is_named),
		SHELF_TEST(a_path_that_is_not_there_is_named),
		SHELF_TEST(a_file_that_is_named_is_read_whatever_it_is_called),
		SHELF_TEST(the_shipped_registry_is_valid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
