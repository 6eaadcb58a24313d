#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "client/questions.h"

static const struct option_row rows[] = {QUESTIONS_OPTIONS, {0}};

enum { WORDS_MAX = 16 };

struct desk {
	struct questions questions;
	char folder[32];
};

static int open_desk(void **state)
{
	static struct desk desk;

	questions_init(&desk.questions);
	strcpy(desk.folder, "/tmp/carnet-ask-XXXXXX");
	assert_non_null(mkdtemp(desk.folder));
	*state = &desk;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *desk = *state;
	int result = system(arena_printf(desk->questions.arena, "rm -r '%s'", desk->folder));

	questions_release(&desk->questions);
	return result;
}

static const char *file_of(struct desk *desk, const char *name, const char *text)
{
	const char *path = arena_printf(desk->questions.arena, "%s/%s", desk->folder, name);

	assert_int_equal(file_write(path, bytes_of_string(text), 0600, NULL), 0);
	return path;
}

static int take(void *arg, const struct option *option, struct error *error)
{
	int taken = questions_option(arg, option, error);

	assert_int_not_equal(taken, 0);
	return taken > 0 ? 0 : taken;
}

/* A command line whose words stand apart by one blank. */
static int parse(struct questions *questions, const char *line, struct error *error)
{
	char *words[WORDS_MAX], *rest;
	char *text = arena_string(questions->arena, bytes_of_string(line));
	int count = 0;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	if (options_each(rows, count, words, take, questions, error))
		return error->code;
	return questions_check(questions, "ask!", error);
}

static void what_does_not_go_together_is_refused(void **state)
{
	static const struct {
		const char *line, *mistake;
	} rows_of[] = {
		{"--as-of 2026-01-01 -f x",
		 "-f takes the questions of a file; leave out --to and the like"},
		{"--given x", "ask!"},
		{"--to b --receipt r --registry d",
		 "--receipt: there are no receipts offline; leave out --registry"},
		{"--to b --receipt=", "--receipt: name the place to keep it"},
		{"--to b --output xml", "--output: 'xml' is none of table, json, yaml"},
		{"--storage KR", "--storage: first say of whom, with --to PARTY"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows_of) / sizeof(rows_of[0]); i++) {
		struct questions questions;
		struct error error;

		questions_init(&questions);
		assert_int_equal(parse(&questions, rows_of[i].line, &error), ERR_INVALID);
		assert_string_equal(error.text, rows_of[i].mistake);
		questions_release(&questions);
	}
}

/* Notes what is asked: case, exporter, records given; the exporter says how
 * it ends. */
static int note(void *arg, Carnet__V1__CheckRequest *request, const struct folder_case *one,
		enum outcome *outcome, struct error *error)
{
	assert_int_equal(request->receipt, CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE);
	buffer_printf(arg, "%s %s %zu\n", one ? one->message->id : "-", request->exporter,
		      request->n_given);
	if (!strcmp(request->exporter, "away"))
		return error_set(error, ERR_UNAVAILABLE, "gone");
	*outcome = strcmp(request->exporter, "bad") ? OUTCOME_CONDITIONAL : OUTCOME_BAD;
	return 0;
}

/* Offline, so that nobody need be there. */
static enum outcome ask(struct desk *desk, const char *line, const char *asked)
{
	struct questions *questions = &desk->questions;
	struct buffer out = {0};
	enum outcome outcome;
	struct error error;

	if (parse(questions, line, &error) || questions_open(questions, false, &error))
		fail_msg("%s", error.text);
	outcome = questions_each(questions, note, &out);
	assert_string_equal(buffer_string(&out), asked);
	buffer_release(&out);
	return outcome;
}

static const char a_record[] =
	"area: {id: KR, kind: country, source: [ISO 3166-1], confidence: verified}\n";
static const char three_cases[] = "id: one\n"
				  "ask: {exporter: good, recipients: [b]}\n"
				  "---\n"
				  "id: two\n"
				  "given: [party: {id: x, area: KR, bound-by: none}]\n"
				  "ask: {exporter: bad, recipients: [b]}\n"
				  "---\n"
				  "ask: {exporter: good, recipients: [b]}\n";

static void the_command_line_asks_one_question(void **state)
{
	struct desk *desk = *state;
	const char *records = file_of(desk, "records.yaml", a_record);

	assert_int_equal(ask(desk,
			     arena_printf(desk->questions.arena,
					  "--exporter good --to b --given %s --registry %s",
					  records, records),
			     "- good 1\n"),
			 OUTCOME_CONDITIONAL);
}

static void records_lie_over_every_case_and_the_worst_counts(void **state)
{
	struct desk *desk = *state;
	const char *records = file_of(desk, "records.yaml", a_record),
		   *cases = file_of(desk, "cases.yaml", three_cases);

	assert_int_equal(ask(desk,
			     arena_printf(desk->questions.arena, "-f %s --given %s --registry %s",
					  cases, records, records),
			     "one good 1\n"
			     "two bad 2\n"
			     " good 1\n"),
			 OUTCOME_BAD);
}

static void a_question_that_cannot_be_asked_stops_no_other(void **state)
{
	struct desk *desk = *state;
	const char *records = file_of(desk, "records.yaml", a_record),
		   *cases = file_of(desk, "cases.yaml",
				    "ask: {exporter: away, recipients: [b]}\n"
				    "---\n"
				    "ask: {exporter: bad, recipients: [b]}\n");

	assert_int_equal(
		ask(desk,
		    arena_printf(desk->questions.arena, "-f %s --registry %s", cases, records),
		    " away 0\n"
		    " bad 0\n"),
		OUTCOME_AWAY);
}

/* The server's names are missing, which is found last. */
static void many_receipts_are_kept_in_a_folder(void **state)
{
	struct desk *desk = *state;
	struct questions *questions = &desk->questions;
	const char *file = file_of(desk, "kept", "");
	struct error error;

	unsetenv("CARNET_SERVER");
	assert_int_equal(parse(questions,
			       arena_printf(questions->arena, "--to b --receipt %s", file), &error),
			 0);
	assert_int_equal(questions_open(questions, false, &error), ERR_EXISTS);
	assert_int_equal(questions_open(questions, true, &error), ERR_INVALID);
	assert_non_null(strstr(error.text, "CARNET_SERVER"));
	assert_string_equal(questions->receipt, arena_printf(questions->arena, "%s/", file));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_go_together_is_refused),
		TEST(the_command_line_asks_one_question),
		TEST(records_lie_over_every_case_and_the_worst_counts),
		TEST(a_question_that_cannot_be_asked_stops_no_other),
		TEST(many_receipts_are_kept_in_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
