#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "client/files.h"
#include "client/offline.h"

struct desk {
	struct arena *arena;
	char folder[32];
};

static int open_desk(void **state)
{
	static struct desk desk;

	desk.arena = arena_new(0);
	strcpy(desk.folder, "/tmp/carnet-files-XXXXXX");
	assert_non_null(mkdtemp(desk.folder));
	*state = &desk;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *desk = *state;
	int result = system(arena_printf(desk->arena, "rm -r '%s'", desk->folder));

	arena_free(desk->arena);
	return result;
}

static const char *file_of(struct desk *desk, const char *name, const char *text)
{
	const char *path = arena_printf(desk->arena, "%s/%s", desk->folder, name);

	assert_int_equal(file_write(path, bytes_of_string(text), 0600, NULL), 0);
	return path;
}

static const char a_case[] = "ask: {exporter: a, recipients: [b]}\n";
static const char a_record[] =
	"area: {id: KR, kind: country, source: [ISO 3166-1], confidence: verified}\n";

static void cases_and_records_are_told_apart(void **state)
{
	const char *cases = file_of(*state, "cases.yaml", a_case),
		   *records = file_of(*state, "records.yaml", a_record);
	struct folder *folder;
	struct error error;
	size_t count;

	assert_int_equal(files_read_cases(&cases, 1, &folder, &error), 0);
	folder_cases(folder, &count);
	assert_int_equal(count, 1);
	folder_free(folder);
	assert_int_equal(files_read_records(&records, 1, &folder, &error), 0);
	folder_free(folder);
	assert_int_equal(files_read_records(&cases, 1, &folder, &error), ERR_INVALID);
	assert_null(folder);
	assert_int_equal(files_read_cases(&records, 1, &folder, &error), ERR_INVALID);
	assert_null(folder);
}

static void files_that_hold_nothing_are_refused(void **state)
{
	const char *empty = file_of(*state, "empty.yaml", "");
	struct folder *folder;
	struct error error;

	assert_int_equal(files_read_cases(&empty, 1, &folder, &error), ERR_INVALID);
	assert_string_equal(error.text, "there is no case; a case is a document with `ask`");
	assert_int_equal(files_read_records(&empty, 1, &folder, &error), ERR_INVALID);
	assert_string_equal(error.text, "there is no record; write one under its kind");
}

static void a_file_that_is_not_there_is_a_problem(void **state)
{
	const char *missing = "/nowhere/at/all.yaml";
	struct folder *folder;
	struct error error;

	(void)state;
	assert_int_equal(files_read_cases(&missing, 1, &folder, &error), ERR_INVALID);
	assert_string_equal(error.text, "1 problem, see above");
}

static void a_folder_becomes_a_registry(void **state)
{
	struct desk *desk = *state;
	const char *folder = desk->folder;
	const struct case_registry *registry;
	struct offline *offline;
	size_t count;

	file_of(desk, "records.yaml", a_record);
	file_of(desk, "cases.yaml", a_case);
	assert_int_equal(offline_open(&folder, 1, &offline, NULL), 0);
	registry = offline_registry(offline);
	assert_false(registry->place.live);
	assert_int_equal(registry->revision, FOLDER_REVISION);
	assert_non_null(record_set_speaks(registry->records, KIND_AREA, BYTES_LITERAL("KR"),
					  registry->today, REVISION_NEWEST));
	offline_cases(offline, &count);
	assert_int_equal(count, 1);
	offline_close(offline);
}

static void a_registry_with_dangling_ids_does_not_open(void **state)
{
	struct desk *desk = *state;
	const char *folder = desk->folder;
	struct offline *offline;
	struct error error;

	file_of(desk, "records.yaml", "area: {id: KR, kind: country, part-of: ASIA}\n");
	assert_int_equal(offline_open(&folder, 1, &offline, &error), ERR_INVALID);
	assert_null(offline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cases_and_records_are_told_apart, open_desk,
						close_desk),
		cmocka_unit_test_setup_teardown(files_that_hold_nothing_are_refused, open_desk,
						close_desk),
		cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_a_problem, open_desk,
						close_desk),
		cmocka_unit_test_setup_teardown(a_folder_becomes_a_registry, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_registry_with_dangling_ids_does_not_open,
						open_desk, close_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
