#include "client/questions.h"

#include "client/files.h"
#include "client/keep.h"
#include "contract/case.h"

void questions_init(struct questions *questions)
{
	*questions = (struct questions){.arena = arena_new(0)};
	ask_init(&questions->ask, questions->arena);
}

void questions_release(struct questions *questions)
{
	folder_free(questions->cases);
	folder_free(questions->records);
	asker_release(&questions->asker);
	texts_release(&questions->files);
	texts_release(&questions->given);
	arena_free(questions->arena);
}

/* ---- The command line ---- */

static int take(struct questions *questions, const struct option *option, struct error *error)
{
	switch (option->id) {
	case OPTION_FILE:
		texts_append(&questions->files, option->value);
		return 1;
	case OPTION_GIVEN:
		texts_append(&questions->given, option->value);
		return 1;
	case OPTION_RECEIPT:
		questions->receipt = option->value;
		return 1;
	case OPTION_OUTPUT:
		return output_parse(option->value, &questions->output, error) ? ERR_INVALID : 1;
	case OPTION_LANGUAGE:
		return phrase_language(option->value, &questions->language, error) ? ERR_INVALID
										   : 1;
	default:
		return 0;
	}
}

int questions_option(struct questions *questions, const struct option *option, struct error *error)
{
	int taken = ask_option(&questions->ask, option, error);

	if (taken)
		return taken;
	if (asker_option(&questions->asker, option))
		return 1;
	return take(questions, option, error);
}

int questions_check(const struct questions *questions, const char *how, struct error *error)
{
	if (questions->files.count && questions->ask.started)
		return error_set(error, ERR_INVALID,
				 "-f takes the questions of a file; leave out --to and the like");
	if (!questions->files.count && !questions->ask.started)
		return error_set(error, ERR_INVALID, "%s", how);
	if (questions->receipt && questions->asker.folders.count)
		return error_set(error, ERR_INVALID,
				 "--receipt: there are no receipts offline; leave out --registry");
	if (questions->receipt && !*questions->receipt)
		return error_set(error, ERR_INVALID, "--receipt: name the place to keep it");
	return 0;
}

/* ---- Asking ---- */

int questions_open(struct questions *questions, bool many, struct error *error)
{
	const struct texts *files = &questions->files, *given = &questions->given;

	if (files->count && files_read_cases(files->items, files->count, &questions->cases, error))
		return error->code;
	if (given->count &&
	    files_read_records(given->items, given->count, &questions->records, error))
		return error->code;
	if (questions->receipt && (many || files->count))
		questions->receipt = arena_printf(questions->arena, "%s/", questions->receipt);
	if (questions->receipt && keep_check(questions->receipt, error))
		return error->code;
	return asker_open(&questions->asker, error);
}

static void complete(const struct questions *questions, Carnet__V1__CheckRequest *request)
{
	size_t count = 0;
	const struct record_slice *const *slices = NULL;
	struct ask ask = {.arena = questions->arena, .request = *request};

	if (questions->records)
		slices = record_set_slices(folder_records(questions->records), &count);
	for (size_t i = 0; i < count; i++)
		ask_give(&ask, (Carnet__V1__Record *)(uintptr_t)slices[i]->record);
	*request = ask.request;
	request->receipt = questions->receipt ? CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_FULL
					      : CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
}

static enum outcome ask_single(const struct questions *questions, questions_ask *ask, void *arg)
{
	Carnet__V1__CheckRequest request = questions->ask.request;
	enum outcome outcome;
	struct error error;

	complete(questions, &request);
	return ask(arg, &request, NULL, &outcome, &error) ? command_failed(&error) : outcome;
}

static enum outcome ask_case(const struct questions *questions, const struct folder_case *one,
			     questions_ask *ask, void *arg)
{
	Carnet__V1__CheckRequest request = case_request(one->message, questions->arena);
	enum outcome outcome;
	struct error error;

	complete(questions, &request);
	if (!ask(arg, &request, one, &outcome, &error))
		return outcome;
	error_prefix(&error, "%s:%u: %s", one->file, one->line,
		     *one->message->id ? one->message->id : "this case");
	return command_failed(&error);
}

enum outcome questions_each(const struct questions *questions, questions_ask *ask, void *arg)
{
	enum outcome all = OUTCOME_GOOD;
	const struct folder_case *cases;
	size_t count;

	if (!questions->cases)
		return ask_single(questions, ask, arg);
	cases = folder_cases(questions->cases, &count);
	for (size_t i = 0; i < count; i++)
		all = command_worse(all, ask_case(questions, &cases[i], ask, arg));
	return all;
}
