#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/command.h"
#include "client/keep.h"
#include "client/page.h"
#include "client/questions.h"
#include "client/table.h"
#include "contract/answer.h"
#include "contract/find.h"
#include "text/allocator.h"

static const struct option_row rows[] = {QUESTIONS_OPTIONS, {0}};

enum { PAGES_MAX = 100000 };

struct run {
	struct questions questions;
	const char *what; /* "destinations" or "recipients" */
	enum finder_open open;
	size_t searched, shown; /* searches; pages or, as tables, searches with a title */
};

/* One search: all its pages, which are shown when all are there. */
struct search {
	struct run *run;
	struct arena *arena;
	const char *title;
	Carnet__V1__CheckRequest question;
	const char *request_id; /* of the first page */
	Carnet__V1__FindResponse **pages;
	size_t page_count, page_capacity, found;
};

/* ---- The command line ---- */

static int take_what(struct run *run, const char *what, struct error *error)
{
	if (run->what)
		return error_set(error, ERR_INVALID, "what is '%s'? One search at a time", what);
	if (strcmp(what, "destinations") && strcmp(what, "recipients"))
		return error_set(error, ERR_INVALID,
				 "find what? '%s' is neither destinations nor recipients", what);
	run->what = what;
	run->open = *what == 'd' ? FINDER_DESTINATION : FINDER_RECIPIENT;
	return 0;
}

static bool is_of_recipient(const struct option *option)
{
	return option->id == OPTION_STORAGE || option->id == OPTION_ACCESS ||
	       option->id == OPTION_MODE || option->id == OPTION_ENGAGEMENT;
}

/* `any` is no id, so it can stand for whoever is sought; nor need it be there. */
static int take_question(struct run *run, const struct option *option, struct error *error)
{
	const struct option anybody = {OPTION_TO, "to", ""};
	struct questions *questions = &run->questions;

	if (option->id == OPTION_TO && !strcmp(option->value, "any"))
		return questions_option(questions, &anybody, error);
	if (is_of_recipient(option) && !questions->ask.request.n_recipients &&
	    questions_option(questions, &anybody, error) < 0)
		return error->code;
	return questions_option(questions, option, error);
}

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;
	int taken = take_question(run, option, error);

	if (taken)
		return taken > 0 ? 0 : taken;
	return take_what(run, option->value, error);
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(rows, count, arguments, take, run, error))
		return error->code;
	if (!run->what)
		return error_set(error, ERR_INVALID, "find what? Say destinations or recipients");
	return questions_check(&run->questions,
			       "of what? Say --data-set ID, or --exporter PARTY, and what else is "
			       "known; or -f FILE",
			       error);
}

/* ---- Searching ---- */

static void add_page(struct search *search, Carnet__V1__FindResponse *page)
{
	Carnet__V1__FindResponse **more;

	if (search->page_count == search->page_capacity) {
		search->page_capacity = search->page_capacity ? search->page_capacity * 2 : 8;
		more = arena_array(search->arena, Carnet__V1__FindResponse *,
				   search->page_capacity);
		if (search->page_count)
			memcpy(more, search->pages, search->page_count * sizeof(*more));
		search->pages = more;
	}
	search->pages[search->page_count++] = page;
	search->found += page->n_found;
}

static int search_offline(struct search *search, const Carnet__V1__FindRequest *request,
			  struct error *error)
{
	const struct run *run = search->run;
	Carnet__V1__FindResponse *page;
	int result =
		find_run(request, run->open, offline_registry(asker_offline(&run->questions.asker)),
			 search->arena, &page, error);

	if (!result)
		add_page(search, page);
	return result;
}

/* A page whose receipt is lost is not shown. */
static int keep(struct search *search, const Carnet__V1__FindResponse *page, struct error *error)
{
	const char *path;

	if (!search->run->questions.receipt)
		return 0;
	return keep_receipt(page->receipt, search->run->questions.receipt, search->arena, &path,
			    error);
}

static int ask_page(struct search *search, const Carnet__V1__FindRequest *request,
		    Carnet__V1__FindResponse **out, struct error *error)
{
	const char *method = search->run->open == FINDER_DESTINATION
				     ? "/carnet.v1.TransferService/FindDestinations"
				     : "/carnet.v1.TransferService/FindRecipients";
	ProtobufCMessage *answer;

	if (remote_call(search->run->questions.asker.remote, method, &request->base,
			&carnet__v1__find_response__descriptor, search->arena, &answer, error))
		return error->code;
	*out = (Carnet__V1__FindResponse *)answer;
	if (!(*out)->complete == !*(*out)->next_page_token)
		return error_set(error, ERR_UNAVAILABLE,
				 "the server sent a page that does not say whether it is the last");
	return keep(search, *out, error);
}

/* Each page is a request of its own, and has a request id of its own. */
static void turn_page(struct search *search, Carnet__V1__FindRequest *request,
		      const Carnet__V1__FindResponse *page)
{
	request->page_token = page->next_page_token;
	if (*search->request_id)
		request->question->request_id = arena_printf(
			search->arena, "%s/%zu", search->request_id, search->page_count + 1);
}

static int search_server(struct search *search, Carnet__V1__FindRequest *request,
			 struct error *error)
{
	Carnet__V1__FindResponse *page = NULL;

	request->page_size = FIND_PAGE_MAX;
	do {
		if (search->page_count == PAGES_MAX)
			return error_set(error, ERR_LIMIT, "the server does not come to an end");
		if (ask_page(search, request, &page, error))
			return error->code;
		add_page(search, page);
		turn_page(search, request, page);
	} while (!page->complete);
	return 0;
}

static int search_all(struct search *search, struct error *error)
{
	Carnet__V1__FindRequest request;

	search->request_id = search->question.request_id;
	carnet__v1__find_request__init(&request);
	request.question = &search->question;
	return asker_offline(&search->run->questions.asker)
		       ? search_offline(search, &request, error)
		       : search_server(search, &request, error);
}

/* ---- Showing ---- */

static const char *duties_of(const Carnet__V1__Found *found, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < found->n_duties; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", found->duties[i]);
	return text;
}

/* Of many searches, whose answer begins here. */
static void print_title(const struct search *search)
{
	struct buffer text = {0};

	if (!search->title)
		return;
	if (search->run->shown++)
		buffer_append_byte(&text, '\n');
	output_append_plain(&text, search->title);
	buffer_append_byte(&text, '\n');
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static void print_table(const struct search *search)
{
	enum language language = search->run->questions.language;
	struct arena *arena = search->arena;
	const char *const columns[] = {phrase_text(language,
						   search->run->open == FINDER_DESTINATION
							   ? PHRASE_COLUMN_DESTINATION
							   : PHRASE_COLUMN_RECIPIENT,
						   NULL, arena),
				       phrase_text(language, PHRASE_COLUMN_VERDICT, NULL, arena),
				       phrase_text(language, PHRASE_COLUMN_DUTIES, NULL, arena)};
	struct table *table = table_new(columns, sizeof(columns) / sizeof(*columns));

	for (size_t i = 0; i < search->page_count; i++)
		for (size_t j = 0; j < search->pages[i]->n_found; j++) {
			const Carnet__V1__Found *found = search->pages[i]->found[j];
			enum phrase verdict = phrase_of_verdict(found->verdict);
			const char *cells[] = {found->id,
					       phrase_text(language, verdict, NULL, arena),
					       duties_of(found, arena)};

			table_add(table, cells);
		}
	print_title(search);
	if (search->found)
		table_print(table);
	table_free(table);
}

static void tell_line(const struct search *search, enum phrase phrase, const char *const *parts,
		      struct buffer *out)
{
	phrase_append(search->run->questions.language, phrase, parts, out);
	buffer_append_byte(out, '\n');
}

static void tell_words(const struct search *search, const Carnet__V1__FindResponse *page,
		       struct buffer *out)
{
	enum language language = search->run->questions.language;

	for (size_t i = 0; i < page->n_reasons; i++)
		tell_line(search, PHRASE_SEARCH_IN_VAIN, PARTS(page->reasons[i]->text), out);
	page_write_suggestions(page->did_you_mean, page->n_did_you_mean, "", language, out);
	page_write_ignored(page->ignored, page->n_ignored, language, out);
}

static void tell_receipts(const struct search *search, struct buffer *out)
{
	const struct questions *questions = &search->run->questions;

	for (size_t i = 0; i < search->page_count; i++)
		if (search->pages[i]->receipt)
			page_write_receipt(keep_name(search->pages[i]->receipt, search->arena),
					   questions->receipt, questions->language, out);
}

/* The last page has seen it all, also which words nobody registered. */
static void tell(const struct search *search)
{
	const Carnet__V1__FindResponse *last = search->pages[search->page_count - 1];
	const char *found = arena_printf(search->arena, "%zu", search->found),
		   *revision = arena_printf(search->arena, "%" PRIu64, last->revision);
	struct buffer text = {0};

	fflush(stdout);
	tell_words(search, last, &text);
	if (search->title) {
		output_append_plain(&text, search->title);
		buffer_append_string(&text, ": ");
	}
	tell_line(search, PHRASE_SEARCH_FOUND, PARTS(found, last->as_of, revision), &text);
	if (!search->found && !last->n_reasons)
		tell_line(search, PHRASE_SEARCH_WHY_NOT, NULL, &text);
	tell_receipts(search, &text);
	fputs(buffer_string(&text), stderr);
	buffer_release(&text);
}

/* Its reasons in the language that was asked for; a page has no other sentences. */
static void reword(const struct search *search, Carnet__V1__FindResponse *page)
{
	Carnet__V1__Decision holder;

	carnet__v1__decision__init(&holder);
	holder.n_reasons = page->n_reasons;
	holder.reasons = page->reasons;
	if (search->run->questions.language != LANGUAGE_ENGLISH)
		answer_reword(&holder, search->run->questions.language, search->arena);
}

static void show(const struct search *search)
{
	struct run *run = search->run;

	for (size_t i = 0; i < search->page_count; i++)
		reword(search, search->pages[i]);
	if (run->questions.output == OUTPUT_TABLE)
		print_table(search);
	else
		for (size_t i = 0; i < search->page_count; i++)
			output_message(run->questions.output, &search->pages[i]->base,
				       !run->shown++);
	tell(search);
}

static const char *title_of(const struct folder_case *one)
{
	if (!one)
		return NULL;
	return *one->message->id ? one->message->id : one->message->title;
}

/* What is found is permitted, but advisory; nothing found is denied everywhere. */
static int find_one(void *arg, Carnet__V1__CheckRequest *question, const struct folder_case *one,
		    enum outcome *outcome, struct error *error)
{
	struct run *run = arg;
	struct search search = {
		.run = run, .arena = arena_new(0), .title = title_of(one), .question = *question};
	int result = search_all(&search, error);

	if (!result) {
		show(&search);
		run->searched++;
		*outcome = search.found ? OUTCOME_CONDITIONAL : OUTCOME_BAD;
	}
	arena_free(search.arena);
	return result;
}

static enum outcome find(struct run *run)
{
	enum outcome outcome = questions_each(&run->questions, find_one, run);

	if (run->searched)
		fprintf(stderr, "%s\n",
			phrase_text(run->questions.language, PHRASE_SEARCH_ADVISORY, NULL,
				    run->questions.arena));
	return outcome;
}

static enum outcome run_find(int count, char **arguments)
{
	struct run run = {0};
	enum outcome outcome;
	struct error error;

	questions_init(&run.questions);
	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_search, &error);
	else if (questions_open(&run.questions, true, &error))
		outcome = command_failed(&error);
	else
		outcome = find(&run);
	questions_release(&run.questions);
	return outcome;
}

const struct command command_search = {
	.name = "find",
	.summary = "where may it be stored, who may have it?",
	.run = run_find,
	.help = "carnet find destinations --data-set line-out-calls --to carrier-be \\\n"
		"  --purpose essential.service --mode storage\n"
		"carnet find recipients --data-set line-out-calls --mode transmission\n"
		"carnet find recipients --data-set line-out-calls --to carrier-be --to any\n"
		"\n"
		"Puts every registered word into the one place that is left open, asks as carnet\n"
		"check would, and lists those that would be permitted, with their verdicts and\n"
		"the duties that come along: all of them, or an error.\n"
		"\n"
		"  destinations          the areas where the last recipient may store it, as its\n"
		"                        one storage area; its seat and --access stay as they are\n"
		"  recipients            the parties that may be the last recipient, storing and\n"
		"                        looking where, and how, the question says\n"
		"\n"
		"What the question says in the open place counts for nothing.\n"
		"\n" QUESTIONS_HELP_DATA
		"                        (`any`: whoever is sought)\n" QUESTIONS_HELP_RECIPIENT
		"  -f, --file FILE       instead of all these: the questions of the cases in a\n"
		"                        file (- is stdin)\n" QUESTIONS_HELP_WORLD "\n"
		"  --receipt FOLDER      keep the receipts there, one for each 1,000 found\n"
		"  --reference TEXT      your own reference; it stays in a salted disclosure\n"
		"  --request-id ID       asking again with it returns the first answer; further\n"
		"                        pages take ID/2, ID/3 ...\n"
		"  --min-revision N      only from a registry at least this new\n"
		"  -o, --output FORM     table (the default), json or yaml, one document a page\n"
		"  -l, --language NAME   en (the default), ko or ja\n"
		"\n"
		"Exit code 5: something is found, and permitted, but a search is advisory and\n"
		"never authorises; 1: nothing is, in one search of many.  It is never 0.\n"
		"\n" ASKER_HELP,
};
