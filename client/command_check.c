#include <stdio.h>

#include "client/command.h"
#include "client/keep.h"
#include "client/page.h"
#include "client/questions.h"
#include "text/mapping.h"
#include "text/sink.h"
#include "text/yaml_writer.h"

static const struct option_row rows[] = {QUESTIONS_OPTIONS, {0}};

struct check {
	struct questions questions;
	size_t answered, as_expected, authorised;
};

/* ---- The command line ---- */

static int take(void *arg, const struct option *option, struct error *error)
{
	struct check *check = arg;
	int taken = questions_option(&check->questions, option, error);

	if (taken)
		return taken > 0 ? 0 : taken;
	return error_set(error, ERR_INVALID, "what is '%s'? Cases are given with -f",
			 option->value);
}

static int parse(struct check *check, int count, char **arguments, struct error *error)
{
	if (options_each(rows, count, arguments, take, check, error))
		return error->code;
	return questions_check(&check->questions, "ask something: --to PARTY, or -f FILE", error);
}

/* ---- Asking ---- */

/* The receipt is written first: an answer whose receipt is lost is not shown. */
static int keep(struct check *check, const Carnet__V1__CheckResponse *response, struct arena *arena,
		struct page *page, struct error *error)
{
	if (response->receipt)
		page->receipt = keep_name(response->receipt, arena);
	if (!check->questions.receipt)
		return 0;
	return keep_receipt(response->receipt, check->questions.receipt, arena, &page->kept, error);
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
	if (check->questions.output == OUTPUT_TABLE)
		show_page(check, page);
	else if (!page->one)
		output_message(check->questions.output, &response->base, true);
	else if (check->questions.output == OUTPUT_JSON)
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

static int ask(void *arg, Carnet__V1__CheckRequest *request, const struct folder_case *one,
	       enum outcome *outcome, struct error *error)
{
	struct check *check = arg;
	struct arena *arena = arena_new(0);
	struct case_result compared = {0};
	struct page page = {.one = one,
			    .result = &compared,
			    .language = check->questions.language,
			    .coloured = output_is_coloured(stdout)};
	Carnet__V1__CheckResponse *response;
	int result;

	result = asker_ask(&check->questions.asker, request, arena, &response, error);
	if (!result)
		result = keep(check, response, arena, &page, error);
	if (!result) {
		if (check->questions.language != LANGUAGE_ENGLISH)
			answer_reword(response->decision, check->questions.language, arena);
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

static void tell_counts(const struct check *check)
{
	struct arena *arena = check->questions.arena;
	const char *asked = arena_printf(arena, "%zu", check->answered),
		   *expected = arena_printf(arena, "%zu", check->as_expected),
		   *authorised = arena_printf(arena, "%zu", check->authorised);

	fflush(stdout);
	fprintf(stderr, "%s\n",
		phrase_text(check->questions.language, PHRASE_ASKED,
			    PARTS(asked, expected, authorised), arena));
}

static enum outcome ask_all(struct check *check)
{
	enum outcome all = questions_each(&check->questions, ask, check);

	if (!check->questions.cases)
		return all;
	tell_counts(check);
	return all;
}

static enum outcome run(int count, char **arguments)
{
	struct check check = {0};
	enum outcome outcome;
	struct error error;

	questions_init(&check.questions);
	if (parse(&check, count, arguments, &error))
		outcome = command_misused(&command_check, &error);
	else if (questions_open(&check.questions, false, &error))
		outcome = command_failed(&error);
	else
		outcome = ask_all(&check);
	questions_release(&check.questions);
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
		"\n" QUESTIONS_HELP_DATA QUESTIONS_HELP_RECIPIENT
		"  -f, --file FILE       instead of all these: the cases of a file (- is stdin);\n"
		"                        each answer begins with its case, where it stands, and\n"
		"                        whether it came out as expected\n"
		"\n"
		"Another world (the answer is advisory):\n" QUESTIONS_HELP_WORLD "\n"
		"  --receipt PATH        keep the receipt in a file, or in a folder\n"
		"  --reference TEXT      your own reference; it stays in a salted disclosure\n"
		"  --request-id ID       asking again with it returns the first answer\n"
		"  --min-revision N      only from a registry at least this new\n"
		"  -o, --output FORM     table (the default), json or yaml\n"
		"  -l, --language NAME   en (the default), ko or ja\n"
		"\n" ASKER_HELP,
};
