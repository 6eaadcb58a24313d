#include <stdio.h>

#include "base/json.h"
#include "client/asker.h"
#include "client/command.h"
#include "client/files.h"
#include "client/output.h"

enum { OPTION_FILE = 1, OPTION_OUTPUT, OPTION_VERBOSE };

static const struct option_row table[] = {
	ASKER_OPTIONS,
	{"file", OPTION_FILE, 'f', false},
	{"output", OPTION_OUTPUT, 'o', false},
	{"verbose", OPTION_VERBOSE, 'v', true},
	{0},
};

struct run {
	struct arena *arena;
	struct asker asker;
	struct texts files;
	enum output output;
	bool verbose;
	struct folder *cases; /* what -f holds */
	size_t asked, failed;
	enum outcome outcome;
};

/* One case and where it stands. */
struct place_of_case {
	const Carnet__V1__Case *message;
	const char *file;
	unsigned line;
};

/* ---- The command line ---- */

static int take(struct run *run, const struct option *option, struct error *error)
{
	if (asker_option(&run->asker, option))
		return 0;
	switch (option->id) {
	case OPTION_FILE:
	case OPTION_ARGUMENT:
		texts_append(&run->files, option->value);
		return 0;
	case OPTION_VERBOSE:
		run->verbose = true;
		return 0;
	default:
		return output_parse(option->value, &run->output, error);
	}
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	struct options options = options_of(table, count, arguments);
	struct option option;

	while (options_next(&options, &option))
		if (take(run, &option, error))
			return error->code;
	if (options.failed) {
		*error = options.error;
		return error->code;
	}
	if (run->output == OUTPUT_YAML)
		return error_set(error, ERR_INVALID, "--output: test prints table or json");
	if (!run->files.count && !run->asker.folders.count)
		return error_set(error, ERR_INVALID,
				 "test what? Name a file of cases, or a folder with --registry");
	return 0;
}

/* ---- One case ---- */

static int ask(struct run *run, const Carnet__V1__Case *one, struct arena *arena,
	       struct case_result *out, struct error *error)
{
	const struct offline *offline = asker_offline(&run->asker);
	Carnet__V1__CheckResponse *response;
	Carnet__V1__CheckRequest request;

	*out = (struct case_result){0};
	if (offline) {
		/* `authorises` is compared with what a server that holds these records would
		 * say.  The answer itself is never shown. */
		struct case_registry registry = *offline_registry(offline);

		registry.place.live = registry.place.confirmed = true;
		return case_run(one, &registry, arena, out, error);
	}
	if (!one->ask)
		return error_set(error, ERR_INVALID,
				 "asks nothing; write its question under `ask`");
	request = case_request(one, arena);
	request.receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
	if (asker_ask(&run->asker, &request, arena, &response, error))
		return error->code;
	out->decision = response->decision;
	case_compare(one->expect, out->decision, arena, out);
	return 0;
}

static void report_json(const struct place_of_case *place, const struct case_result *result)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	json_member_string(&json, "id", bytes_of_string(place->message->id));
	json_member_string(&json, "file", bytes_of_string(place->file));
	json_member_integer(&json, "line", place->line);
	json_member_boolean(&json, "passed", !result->difference_count);
	json_member(&json, BYTES_LITERAL("differences"));
	json_begin_array(&json);
	for (size_t i = 0; i < result->difference_count; i++)
		json_write_string(&json, bytes_of_string(result->differences[i]));
	json_end_array(&json);
	json_end_object(&json);
	buffer_append_byte(&text, '\n');
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static void report_text(const struct place_of_case *place, const struct case_result *result,
			bool coloured)
{
	bool failed = result->difference_count;
	struct buffer text = {0};

	buffer_printf(&text, "%s%s%s ",
		      !coloured ? ""
		      : failed  ? "\033[31m"
				: "\033[32m",
		      failed ? "FAIL" : "ok  ", coloured ? "\033[0m" : "");
	output_append_plain(&text, place->message->id);
	buffer_append_string(&text, *place->message->id && *place->message->title ? ": " : "");
	output_append_plain(&text, place->message->title);
	buffer_printf(&text, " (%s:%u)\n", place->file, place->line);
	for (size_t i = 0; i < result->difference_count; i++) {
		buffer_append_string(&text, "     ");
		output_append_plain(&text, result->differences[i]);
		buffer_append_byte(&text, '\n');
	}
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

/* False if nothing can be asked any more. */
static bool test(struct run *run, const struct place_of_case *place)
{
	struct arena *arena = arena_new(0);
	struct case_result result;
	struct error error;
	const char *sentence = error.text;
	bool go_on = true;

	run->asked++;
	if (ask(run, place->message, arena, &result, &error)) {
		go_on = error.code == ERR_INVALID || error.code == ERR_LIMIT;
		result.differences = &sentence;
		result.difference_count = 1;
	}
	if (result.difference_count) {
		run->failed++;
		run->outcome = command_worse(run->outcome, go_on ? OUTCOME_BAD : OUTCOME_AWAY);
	}
	if (run->output == OUTPUT_JSON)
		report_json(place, &result);
	else if (result.difference_count || run->verbose)
		report_text(place, &result, output_is_coloured(stdout));
	arena_free(arena);
	return go_on;
}

/* ---- All of them ---- */

static bool test_cases(struct run *run, const struct folder_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!test(run,
			  &(struct place_of_case){cases[i].message, cases[i].file, cases[i].line}))
			return false;
	return true;
}

static bool test_expectations(struct run *run, const struct record_set *records, day today)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_kind(records, KIND_EXPECTATION, &count);

	for (size_t i = 0; i < count; i++) {
		const struct record_slice *slice = slices[i];
		struct place_of_case place = {NULL, slice->file ? slice->file : "", slice->line};

		if (slice != record_set_speaks(records, slice->kind,
					       bytes_of_string(slice->record->id), today,
					       REVISION_NEWEST))
			continue;
		place.message = case_of_expectation(slice->record, run->arena);
		if (!test(run, &place))
			return false;
	}
	return true;
}

static enum outcome test_all(struct run *run)
{
	const struct offline *offline = asker_offline(&run->asker);
	const struct folder_case *cases;
	size_t count;

	if (run->cases) {
		cases = folder_cases(run->cases, &count);
		test_cases(run, cases, count);
	} else {
		const struct case_registry *registry = offline_registry(offline);

		cases = offline_cases(offline, &count);
		if (test_cases(run, cases, count))
			test_expectations(run, registry->records, registry->today);
	}
	fflush(stdout);
	fprintf(stderr, "%zu case%s: %zu as expected, %zu not\n", run->asked,
		run->asked == 1 ? "" : "s", run->asked - run->failed, run->failed);
	return run->outcome;
}

static int open_all(struct run *run, struct error *error)
{
	if (run->files.count &&
	    files_read_cases(run->files.items, run->files.count, &run->cases, error))
		return error->code;
	return asker_open(&run->asker, error);
}

static enum outcome run_test(int count, char **arguments)
{
	struct run run = {.arena = arena_new(0)};
	enum outcome outcome;
	struct error error;

	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_test, &error);
	else if (open_all(&run, &error))
		outcome = command_failed(&error);
	else
		outcome = test_all(&run);
	folder_free(run.cases);
	asker_release(&run.asker);
	texts_release(&run.files);
	arena_free(run.arena);
	return outcome;
}

const struct command command_test = {
	.name = "test",
	.summary = "do cases come out as they expect?",
	.run = run_test,
	.help = "carnet test --registry registry-data\n"
		"carnet test --registry registry-data -f my-cases.yaml\n"
		"\n"
		"Asks cases and compares the answers with what they expect.  Exits with 1 if any\n"
		"comes out otherwise.\n"
		"\n"
		"  -f, --file FILE       a file of cases (- is stdin); without it, the cases and\n"
		"                        expectations in the folders of --registry\n"
		"  -v, --verbose         show those that come out as expected, too\n"
		"  -o, --output FORM     table (the default) or json, one case a line\n"
		"\n" ASKER_HELP,
};
