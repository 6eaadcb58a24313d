#include <stdio.h>

#include "client/ask.h"
#include "client/asker.h"
#include "client/command.h"
#include "client/files.h"
#include "client/keep.h"
#include "client/output.h"
#include "client/page.h"
#include "text/mapping.h"
#include "text/sink.h"
#include "text/yaml_writer.h"

enum { OPTION_FILE = 1, OPTION_GIVEN, OPTION_RECEIPT, OPTION_OUTPUT, OPTION_LANGUAGE };

static const struct option_row table[] = {
	ASK_OPTIONS,
	ASKER_OPTIONS,
	{"file", OPTION_FILE, 'f', false},
	{"given", OPTION_GIVEN, 0, false},
	{"receipt", OPTION_RECEIPT, 0, false},
	{"output", OPTION_OUTPUT, 'o', false},
	{"language", OPTION_LANGUAGE, 'l', false},
	{0},
};

struct check {
	struct arena *arena;
	struct ask ask;
	struct asker asker;
	struct texts files, given;
	const char *receipt;
	enum output output;
	enum language language;
	struct folder *cases, *records; /* what -f and --given hold */
	size_t answered, as_expected, authorised;
};

/* ---- The command line ---- */

static int take(void *arg, const struct option *option, struct error *error)
{
	struct check *check = arg;
	int taken = ask_option(&check->ask, option, error);

	if (taken)
		return taken > 0 ? 0 : taken;
	if (asker_option(&check->asker, option))
		return 0;
	switch (option->id) {
	case OPTION_FILE:
		texts_append(&check->files, option->value);
		return 0;
	case OPTION_GIVEN:
		texts_append(&check->given, option->value);
		return 0;
	case OPTION_RECEIPT:
		check->receipt = option->value;
		return 0;
	case OPTION_OUTPUT:
		return output_parse(option->value, &check->output, error);
	case OPTION_LANGUAGE:
		if (words_language(bytes_of_string(option->value), &check->language))
			return 0;
		return error_set(error, ERR_INVALID, "--language: '%s' is none of en, ko, ja",
				 option->value);
	default:
		return error_set(error, ERR_INVALID, "what is '%s'? Cases are given with -f",
				 option->value);
	}
}

static int check_combination(const struct check *check, struct error *error)
{
	if (check->files.count && check->ask.started)
		return error_set(error, ERR_INVALID,
				 "-f asks the cases of a file; leave out --to and the like");
	if (!check->files.count && !check->ask.started)
		return error_set(error, ERR_INVALID, "ask something: --to PARTY, or -f FILE");
	if (check->receipt && check->asker.folders.count)
		return error_set(error, ERR_INVALID,
				 "--receipt: there are no receipts offline; leave out --registry");
	if (check->receipt && !*check->receipt)
		return error_set(error, ERR_INVALID, "--receipt: name a file or a folder");
	return 0;
}

static int parse(struct check *check, int count, char **arguments, struct error *error)
{
	if (options_each(table, count, arguments, take, check, error))
		return error->code;
	return check_combination(check, error);
}

/* ---- Asking ---- */

/* The receipt is written first: an answer whose receipt is lost is not shown. */
static int keep(struct check *check, const Carnet__V1__CheckResponse *response, struct arena *arena,
		struct page *page, struct error *error)
{
	if (response->receipt)
		page->receipt = keep_name(response->receipt, arena);
	if (!check->receipt)
		return 0;
	return keep_receipt(response->receipt, check->receipt, arena, &page->kept, error);
}

/* Which case it was and how it came out; the members of an object that is open. */
static void write_case(const struct page *page, struct sink *sink)
{
	const Carnet__V1__Case *one = page->one->message;
	const struct case_result *result = page->result;

	sink_name(sink, "case");
	sink_begin_map(sink);
	if (*one->id) {
		sink_name(sink, "id");
		sink_text(sink, bytes_of_string(one->id));
	}
	if (*one->title) {
		sink_name(sink, "title");
		sink_text(sink, bytes_of_string(one->title));
	}
	sink_name(sink, "file");
	sink_text(sink, bytes_of_string(page->one->file));
	sink_name(sink, "line");
	sink_number(sink, page->one->line);
	if (one->expect) {
		sink_name(sink, "as_expected");
		sink_flag(sink, !result->difference_count);
	}
	if (result->difference_count) {
		sink_name(sink, "differences");
		sink_begin_list(sink, false);
		for (size_t i = 0; i < result->difference_count; i++)
			sink_text(sink, bytes_of_string(result->differences[i].text));
		sink_end_list(sink);
	}
	sink_end_map(sink);
}

/* {"case":...,"decision":...,"receipt":...} */
static void show_json(const Carnet__V1__CheckResponse *response, const struct page *page)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	write_case(page, &(struct sink){.json = &json});
	json_member(&json, BYTES_LITERAL("decision"));
	mapping_write_json(&response->decision->base, &json);
	if (response->receipt) {
		json_member(&json, BYTES_LITERAL("receipt"));
		mapping_write_json(&response->receipt->base, &json);
	}
	json_end_object(&json);
	buffer_append_byte(&text, '\n');
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

/* The same: both are mappings in block style, so one goes on where the other ends. */
static void show_yaml(struct check *check, const Carnet__V1__CheckResponse *response,
		      const struct page *page)
{
	struct buffer text = {0};
	struct yaml_writer yaml = {.out = &text};

	buffer_append_string(&text, check->answered ? "---\n" : "");
	yaml_begin_map(&yaml);
	write_case(page, &(struct sink){.yaml = &yaml});
	yaml_end_map(&yaml);
	yaml_finish(&yaml);
	mapping_write_yaml(&response->base, &text);
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static void show_page(struct check *check, const struct page *page)
{
	struct buffer text = {0};

	if (check->answered)
		buffer_append_string(&text, "\n\n");
	page_write(page, &text);
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static void show(struct check *check, const Carnet__V1__CheckResponse *response,
		 const struct page *page)
{
	if (check->output == OUTPUT_TABLE)
		show_page(check, page);
	else if (!page->one)
		output_message(check->output, &response->base, true);
	else if (check->output == OUTPUT_JSON)
		show_json(response, page);
	else
		show_yaml(check, response, page);
}

/* For the line at the end: how the answers were. */
static void count(struct check *check, const struct page *page)
{
	check->answered++;
	check->as_expected +=
		page->one && page->one->message->expect && !page->result->difference_count;
	check->authorised += page->decision->authorises;
}

/* `one` is where the question comes from; NULL: the command line. */
static int ask_one(struct check *check, Carnet__V1__CheckRequest *request,
		   const struct folder_case *one, enum outcome *outcome, struct error *error)
{
	struct arena *arena = arena_new(0);
	struct case_result compared = {0};
	struct page page = {
		.one = one, .result = &compared, .coloured = output_is_coloured(stdout)};
	Carnet__V1__CheckResponse *response;
	int result;

	request->receipt = check->receipt ? CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_FULL
					  : CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
	result = asker_ask(&check->asker, request, arena, &response, error);
	if (!result)
		result = keep(check, response, arena, &page, error);
	if (!result) {
		if (check->language != LANGUAGE_ENGLISH)
			answer_reword(response->decision, check->language, arena);
		page.decision = response->decision;
		case_compare(one ? one->message->expect : NULL, response->decision, arena,
			     &compared);
		show(check, response, &page);
		count(check, &page);
		*outcome = (enum outcome)answer_exit_code(response->decision);
	}
	arena_free(arena);
	return result;
}

/* Lays the records of --given over a question. */
static void give(struct check *check, Carnet__V1__CheckRequest *request)
{
	size_t count;
	const struct record_slice *const *slices;
	struct ask ask = {.arena = check->arena, .request = *request};

	if (!check->records)
		return;
	slices = record_set_slices(folder_records(check->records), &count);
	for (size_t i = 0; i < count; i++)
		ask_give(&ask, (Carnet__V1__Record *)(uintptr_t)slices[i]->record);
	*request = ask.request;
}

static enum outcome ask_cases(struct check *check)
{
	size_t count;
	const struct folder_case *cases = folder_cases(check->cases, &count);
	enum outcome all = OUTCOME_GOOD, outcome;
	struct error error;

	for (size_t i = 0; i < count; i++) {
		Carnet__V1__CheckRequest request = case_request(cases[i].message, check->arena);

		give(check, &request);
		if (ask_one(check, &request, &cases[i], &outcome, &error)) {
			error_prefix(&error, "%s:%u: %s", cases[i].file, cases[i].line,
				     *cases[i].message->id ? cases[i].message->id : "this case");
			outcome = command_failed(&error);
		}
		all = command_worse(all, outcome);
	}
	fflush(stdout);
	fprintf(stderr, "asked %zu, as expected %zu, authorised %zu\n", check->answered,
		check->as_expected, check->authorised);
	return all;
}

static enum outcome ask_single(struct check *check)
{
	Carnet__V1__CheckRequest request = check->ask.request;
	enum outcome outcome;
	struct error error;

	give(check, &request);
	if (ask_one(check, &request, NULL, &outcome, &error))
		return command_failed(&error);
	return outcome;
}

static int open_all(struct check *check, struct error *error)
{
	if (check->files.count &&
	    files_read_cases(check->files.items, check->files.count, &check->cases, error))
		return error->code;
	if (check->given.count &&
	    files_read_records(check->given.items, check->given.count, &check->records, error))
		return error->code;
	/* Many receipts need a folder, of which the path need not say that it is one. */
	if (check->receipt && check->files.count)
		check->receipt = arena_printf(check->arena, "%s/", check->receipt);
	if (check->receipt && keep_check(check->receipt, error))
		return error->code;
	return asker_open(&check->asker, error);
}

static void release(struct check *check)
{
	folder_free(check->cases);
	folder_free(check->records);
	asker_release(&check->asker);
	texts_release(&check->files);
	texts_release(&check->given);
	arena_free(check->arena);
}

static enum outcome run(int count, char **arguments)
{
	struct check check = {.arena = arena_new(0)};
	enum outcome outcome;
	struct error error;

	ask_init(&check.ask, check.arena);
	if (parse(&check, count, arguments, &error))
		outcome = command_misused(&command_check, &error);
	else if (open_all(&check, &error))
		outcome = command_failed(&error);
	else
		outcome = check.cases ? ask_cases(&check) : ask_single(&check);
	release(&check);
	return outcome;
}

const struct command command_check = {
	.name = "check",
	.summary = "may this recipient get this data?",
	.run = run,
	.help = "carnet check --data-set line-out-accounts --purpose essential.service \\\n"
		"  --to carrier-be --storage BE --access PH --mode transmission && send\n"
		"carnet check -f questions.yaml --registry registry-data\n"
		"\n"
		"Asks whether data may go, and why.\n"
		"\n"
		"The question:\n"
		"  --exporter PARTY      who lets it go; without it the data-set's exporter\n"
		"  --data-set ID         what the exporter holds\n"
		"  --category ID         of it only this; may be there many times\n"
		"  --purpose ID          what for\n"
		"  --to PARTY            who gets it; each further --to is the next in the chain\n"
		"    --storage AREA        where that recipient stores it, besides its seat\n"
		"    --access AREA         from where it looks\n"
		"    --mode MODE           storage, remote-access, transmission, transit,\n"
		"                          on-device, direct-collection,\n"
		"                          disclosure-to-authority\n"
		"  --fact NAME=VALUE     what you state: subject.age=34, a list as a,b,c\n"
		"  --performs DUTY[=no]  a duty you carry out, or will not\n"
		"  -f, --file FILE       instead of all these: the cases of a file (- is stdin);\n"
		"                        each answer begins with its case, where it stands, and\n"
		"                        whether it came out as expected\n"
		"\n"
		"Another world (the answer is advisory):\n"
		"  --as-of DATE          another day than today\n"
		"  --known-at REVISION   an older registry\n"
		"  --given FILE          records that exist for this question only\n"
		"\n"
		"  --receipt PATH        keep the receipt in a file, or in a folder\n"
		"  --reference TEXT      your own reference; it stays in a salted disclosure\n"
		"  --request-id ID       asking again with it returns the first answer\n"
		"  --min-revision N      only from a registry at least this new\n"
		"  -o, --output FORM     table (the default), json or yaml\n"
		"  -l, --language NAME   of the reasons: en (the default), ko or ja\n"
		"\n" ASKER_HELP,
};
