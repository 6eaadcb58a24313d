#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/asker.h"
#include "client/command.h"
#include "client/coverage.h"
#include "client/files.h"
#include "client/inquiry.h"
#include "client/output.h"
#include "text/suggest.h"

enum { OPTION_FILE = 1, OPTION_CASE, OPTION_ON, OPTION_COVERAGE, OPTION_OUTPUT, OPTION_VERBOSE };

static const struct option_row table[] = {
	ASKER_OPTIONS,
	{"file", OPTION_FILE, 'f', false},
	{"case", OPTION_CASE, 0, false},
	{"on", OPTION_ON, 0, false},
	{"coverage", OPTION_COVERAGE, 0, true},
	{"output", OPTION_OUTPUT, 'o', false},
	{"verbose", OPTION_VERBOSE, 'v', true},
	{0},
};

/* The set time of a registry whose rulebooks do not say when they were reviewed. */
#define DAY_IF_NEVER_REVIEWED "2026-01-01"

struct run {
	struct arena *arena;
	struct asker asker;
	struct texts files, patterns;
	enum output output;
	bool verbose, coverage_wanted;
	const char *on; /* --on; NULL: not given */
	char set_time[DATE_TEXT_SIZE];
	day set_day;          /* the same */
	struct folder *cases; /* what -f holds */
	struct coverage *coverage;
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

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;

	if (asker_option(&run->asker, option))
		return 0;
	switch (option->id) {
	case OPTION_FILE:
	case OPTION_ARGUMENT:
		texts_append(&run->files, option->value);
		return 0;
	case OPTION_CASE:
		texts_append(&run->patterns, option->value);
		return 0;
	case OPTION_ON:
		run->on = option->value;
		if (date_parse(bytes_of_string(run->on), &run->set_day, error))
			return error_prefix(error, "--on");
		return 0;
	case OPTION_COVERAGE:
		run->coverage_wanted = true;
		return 0;
	case OPTION_VERBOSE:
		run->verbose = true;
		return 0;
	default:
		return output_parse(option->value, &run->output, error);
	}
}

static int check_combination(const struct run *run, struct error *error)
{
	if (run->output == OUTPUT_YAML)
		return error_set(error, ERR_INVALID, "--output: test prints table or json");
	if (!run->files.count && !run->asker.folders.count)
		return error_set(error, ERR_INVALID,
				 "test what? Name a file of cases, or a folder with --registry");
	if (run->coverage_wanted && !run->asker.folders.count)
		return error_set(error, ERR_INVALID,
				 "--coverage: name the records that cases should touch, with "
				 "--registry");
	return 0;
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(table, count, arguments, take, run, error))
		return error->code;
	return check_combination(run, error);
}

/* ---- The set time ---- */

/* The newest day on which any rulebook was looked at: it moves when somebody has read the law
 * again, not overnight. */
static day last_review(const struct record_set *records)
{
	size_t count;
	const struct record_slice *const *slices = record_set_kind(records, KIND_RULEBOOK, &count);
	struct error error;
	day newest, one;

	if (date_parse(BYTES_LITERAL(DAY_IF_NEVER_REVIEWED), &newest, &error))
		return DAY_MIN;
	for (size_t i = 0; i < count; i++)
		if (!date_parse(bytes_of_string(slices[i]->record->reviewed), &one, &error) &&
		    one > newest)
			newest = one;
	return newest;
}

static void set_time(struct run *run)
{
	const struct offline *offline = asker_offline(&run->asker);

	if (!run->on && !offline)
		return;
	if (!run->on)
		run->set_day = last_review(offline_registry(offline)->records);
	date_format(run->set_day, run->set_time);
}

/* ---- One case ---- */

static int ask_offline(struct run *run, const Carnet__V1__Case *one, struct arena *arena,
		       struct case_result *out, struct error *error)
{
	struct case_registry registry = *offline_registry(asker_offline(&run->asker));

	/* `authorises` is compared with what a server that holds these records would say on
	 * the set day.  The answer itself is never shown. */
	registry.place.live = registry.place.confirmed = true;
	registry.today = run->set_day;
	return case_run(one, &registry, arena, out, error);
}

/* A server's own day is today: another one must be asked for, and then nothing authorises. */
static const Carnet__V1__Expect *move(struct run *run, const Carnet__V1__Case *one,
				      Carnet__V1__CheckRequest *request, Carnet__V1__Expect *expect)
{
	if (!run->on || *request->as_of)
		return one->expect;
	request->as_of = run->set_time;
	if (!one->expect)
		return NULL;
	*expect = *one->expect;
	expect->authorises = CARNET__V1__ANSWER__ANSWER_UNSPECIFIED;
	return expect;
}

static int ask(struct run *run, const Carnet__V1__Case *one, struct arena *arena,
	       struct case_result *out, struct error *error)
{
	Carnet__V1__CheckResponse *response;
	Carnet__V1__CheckRequest request;
	const Carnet__V1__Expect *expect;
	Carnet__V1__Expect moved;

	*out = (struct case_result){0};
	if (asker_offline(&run->asker))
		return ask_offline(run, one, arena, out, error);
	if (!one->ask)
		return error_set(error, ERR_INVALID,
				 "asks nothing; write its question under `ask`");
	request = case_request(one, arena);
	request.receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
	expect = move(run, one, &request, &moved);
	if (asker_ask(&run->asker, &request, arena, &response, error))
		return error->code;
	out->decision = response->decision;
	case_compare(expect, out->decision, arena, out);
	return 0;
}

static void write_question(const struct place_of_case *place, const struct case_result *result,
			   struct arena *arena, struct buffer *out)
{
	Carnet__V1__CheckRequest request;

	if (!place->message->ask)
		return;
	request = case_request(place->message, arena);
	inquiry_write(&request, result->decision, out);
}

static void report_json(const struct place_of_case *place, const struct case_result *result,
			struct arena *arena)
{
	struct buffer text = {0}, question = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	json_member_string(&json, "id", bytes_of_string(place->message->id));
	json_member_string(&json, "title", bytes_of_string(place->message->title));
	json_member_string(&json, "file", bytes_of_string(place->file));
	json_member_integer(&json, "line", place->line);
	json_member_boolean(&json, "passed", !result->difference_count);
	write_question(place, result, arena, &question);
	json_member_string(&json, "question", buffer_bytes(&question));
	json_member(&json, BYTES_LITERAL("differences"));
	json_begin_array(&json);
	for (size_t i = 0; i < result->difference_count; i++)
		json_write_string(&json, bytes_of_string(result->differences[i].text));
	json_end_array(&json);
	json_member(&json, BYTES_LITERAL("details"));
	json_begin_array(&json);
	for (size_t i = 0; i < result->difference_count; i++)
		inquiry_explain_json(&result->differences[i], &json);
	json_end_array(&json);
	json_end_object(&json);
	buffer_append_byte(&text, '\n');
	output_text(buffer_bytes(&text));
	buffer_release(&text);
	buffer_release(&question);
}

/* "FAIL LO-005: Caller's name to a carrier (cases.yaml:61)" */
static void write_head(const struct place_of_case *place, bool failed, bool coloured,
		       struct buffer *out)
{
	const char *colour = failed ? "\033[31m" : "\033[32m";

	buffer_printf(out, "%s%s%s ", coloured ? colour : "", failed ? "FAIL" : "ok  ",
		      coloured ? "\033[0m" : "");
	output_append_plain(out, place->message->id);
	buffer_append_string(out, *place->message->id && *place->message->title ? ": " : "");
	output_append_plain(out, place->message->title);
	buffer_printf(out, " (%s:%u)\n", place->file, place->line);
}

static void report_text(const struct place_of_case *place, const struct case_result *result,
			struct arena *arena, bool coloured)
{
	bool failed = result->difference_count;
	struct buffer text = {0};

	write_head(place, failed, coloured, &text);
	if (failed) {
		buffer_append_string(&text, "     asked: ");
		write_question(place, result, arena, &text);
		buffer_append_byte(&text, '\n');
	}
	for (size_t i = 0; i < result->difference_count; i++)
		inquiry_explain(&result->differences[i], "     ", &text);
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

/* A fact that no rule can read changes nothing, and would do so unseen. */
static void warn_of_ignored(const struct place_of_case *place, const Carnet__V1__Decision *decision)
{
	struct buffer text = {0};

	for (size_t i = 0; i < decision->n_ignored; i++) {
		const Carnet__V1__Ignored *one = decision->ignored[i];

		buffer_printf(&text, "%s:%u: '", place->file, place->line);
		output_append_plain(&text, one->name);
		buffer_append_string(&text, "' is nothing that a caller states: it was ignored");
		buffer_append_string(&text, *one->did_you_mean ? "; did you mean '" : "");
		output_append_plain(&text, one->did_you_mean);
		buffer_append_string(&text, *one->did_you_mean ? "'?\n" : "\n");
	}
	if (text.size)
		fwrite(text.data, 1, text.size, stderr);
	buffer_release(&text);
}

/* False if nothing can be asked any more. */
static bool test(struct run *run, const struct place_of_case *place)
{
	struct arena *arena = arena_new(0);
	struct case_result result;
	struct case_difference refusal = {.what = "error", .expected = "an answer", .found = ""};
	struct error error;
	bool go_on = true;

	run->asked++;
	if (ask(run, place->message, arena, &result, &error)) {
		go_on = error.code == ERR_INVALID || error.code == ERR_LIMIT;
		refusal.text = error.text;
		result.differences = &refusal;
		result.difference_count = 1;
	}
	if (result.decision)
		warn_of_ignored(place, result.decision);
	if (run->coverage && result.decision)
		coverage_note(run->coverage, result.decision);
	if (result.difference_count) {
		run->failed++;
		run->outcome = command_worse(run->outcome, go_on ? OUTCOME_BAD : OUTCOME_AWAY);
	}
	if (run->output == OUTPUT_JSON)
		report_json(place, &result, arena);
	else if (result.difference_count || run->verbose)
		report_text(place, &result, arena, output_is_coloured(stdout));
	arena_free(arena);
	return go_on;
}

/* ---- All of them ---- */

/* Everything there is to ask, in order. */
struct places {
	struct place_of_case *items;
	size_t count, capacity;
};

static void add(struct places *places, const struct place_of_case *one)
{
	array_reserve(&places->items, &places->capacity, places->count);
	places->items[places->count++] = *one;
}

static void add_cases(struct places *places, const struct folder_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(places,
		    &(struct place_of_case){cases[i].message, cases[i].file, cases[i].line});
}

static void add_expectations(struct run *run, struct places *places,
			     const struct record_set *records)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_kind(records, KIND_EXPECTATION, &count);

	for (size_t i = 0; i < count; i++) {
		const struct record_slice *slice = slices[i];
		struct place_of_case place = {NULL, slice->file ? slice->file : "", slice->line};

		if (slice != record_set_speaks(records, slice->kind,
					       bytes_of_string(slice->record->id), run->set_day,
					       REVISION_NEWEST))
			continue;
		place.message = case_of_expectation(slice->record, run->arena);
		add(places, &place);
	}
}

static void collect(struct run *run, struct places *places)
{
	const struct offline *offline = asker_offline(&run->asker);
	const struct folder_case *cases;
	size_t count;

	if (run->cases) {
		cases = folder_cases(run->cases, &count);
		add_cases(places, cases, count);
		return;
	}
	cases = offline_cases(offline, &count);
	add_cases(places, cases, count);
	add_expectations(run, places, offline_registry(offline)->records);
}

static size_t mark_matching(const char *pattern, const struct places *all, bool *wanted)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (fnmatch(pattern, all->items[i].message->id, 0))
			continue;
		wanted[i] = true;
		count++;
	}
	return count;
}

static int no_such_case(const char *pattern, const struct places *all, struct error *error)
{
	struct suggestion near = suggest_for(bytes_of_string(pattern));
	char text[SUGGEST_TEXT_SIZE];

	for (size_t i = 0; i < all->count; i++)
		suggest_offer(&near, bytes_of_string(all->items[i].message->id));
	return error_set(error, ERR_INVALID, "--case: there is no case '%s'%s", pattern,
			 suggest_text(&near, text));
}

/* Leaves those that --case names.  One that names none is a mistake: no test that was asked for
 * may go missing without a word. */
static int select_cases(const struct run *run, struct places *places, struct error *error)
{
	bool *wanted = arena_array(run->arena, bool, places->count);
	size_t kept = 0;

	if (!run->patterns.count)
		return 0;
	for (size_t i = 0; i < run->patterns.count; i++)
		if (!mark_matching(run->patterns.items[i], places, wanted))
			return no_such_case(run->patterns.items[i], places, error);
	for (size_t i = 0; i < places->count; i++)
		if (wanted[i])
			places->items[kept++] = places->items[i];
	places->count = kept;
	return 0;
}

static void report_coverage(const struct run *run)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	if (run->output != OUTPUT_JSON) {
		coverage_print(run->coverage);
		return;
	}
	json_begin_object(&json);
	json_member(&json, BYTES_LITERAL("coverage"));
	coverage_json(run->coverage, &json);
	json_end_object(&json);
	buffer_append_byte(&text, '\n');
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static enum outcome test_all(struct run *run)
{
	const struct offline *offline = asker_offline(&run->asker);
	struct places places = {0};
	struct error error;

	collect(run, &places);
	if (select_cases(run, &places, &error)) {
		free(places.items);
		return command_failed(&error);
	}
	if (run->coverage_wanted)
		run->coverage = coverage_new(offline_registry(offline)->records);
	for (size_t i = 0; i < places.count && test(run, &places.items[i]); i++)
		;
	free(places.items);
	if (run->coverage)
		report_coverage(run);
	fflush(stdout);
	if (*run->set_time)
		fprintf(stderr, "judged for %s where a case has no as-of%s\n", run->set_time,
			run->on ? "" : ", the last review of the law (--on DATE for another day)");
	fprintf(stderr, "%zu case%s: %zu as expected, %zu not\n", run->asked,
		run->asked == 1 ? "" : "s", run->asked - run->failed, run->failed);
	return run->outcome;
}

static int open_all(struct run *run, struct error *error)
{
	if (run->files.count &&
	    files_read_cases(run->files.items, run->files.count, &run->cases, error))
		return error->code;
	if (asker_open(&run->asker, error))
		return error->code;
	set_time(run);
	return 0;
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
	coverage_free(run.coverage);
	folder_free(run.cases);
	asker_release(&run.asker);
	texts_release(&run.files);
	texts_release(&run.patterns);
	arena_free(run.arena);
	return outcome;
}

const struct command command_test = {
	.name = "test",
	.summary = "do cases come out as they expect?",
	.run = run_test,
	.help = "carnet test --registry registry-data\n"
		"carnet test --registry registry-data --registry ours -f my-cases.yaml --coverage\n"
		"\n"
		"Asks cases and compares the answers with what they expect.  Of one that comes\n"
		"out otherwise it shows the question, what was expected and what came, which\n"
		"opinion says so, by what and on which records.  Exits with 1 if there is one,\n"
		"else 0.\n"
		"\n"
		"  -f, --file FILE       a file of cases (- is stdin); without it, the cases and\n"
		"                        expectations in the folders of --registry\n"
		"  --case ID             of them only this one; may be there many times, and\n"
		"                        'LO-0*' stands for all that begin so\n"
		"  --on DATE             the day for cases without as-of.  Without it, offline,\n"
		"                        the newest `reviewed` of any rulebook (else\n"
		"                        " DAY_IF_NEVER_REVIEWED
		"): a test does not change overnight.  A\n"
		"                        server judges today; asked with --on its answers are\n"
		"                        advisory, and `authorises` is not compared\n"
		"  --coverage            then list the rules and records that no case touches\n"
		"                        (with --registry; does not change the exit code)\n"
		"  -v, --verbose         show those that come out as expected, too\n"
		"  -o, --output FORM     table (the default) or json, one case a line, the\n"
		"                        coverage in the last\n"
		"\n" ASKER_HELP,
};
