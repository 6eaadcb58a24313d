#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "client/ask.h"
#include "client/command.h"
#include "client/edit.h"
#include "client/files.h"
#include "client/output.h"
#include "client/texts.h"
#include "text/allocator.h"

enum {
	OPTION_FILE = 1,
	OPTION_REASON,
	OPTION_RETIRE,
	OPTION_DRY_RUN,
	OPTION_BASE,
	OPTION_OUTPUT,
};

static const struct option_row table[] = {
	REMOTE_OPTIONS,
	{"file", OPTION_FILE, 'f', false},
	{"reason", OPTION_REASON, 0, false},
	{"retire", OPTION_RETIRE, 0, false},
	{"dry-run", OPTION_DRY_RUN, 'n', true},
	{"base", OPTION_BASE, 0, false},
	{"request-id", OPTION_REQUEST_ID, 0, false},
	{"output", OPTION_OUTPUT, 'o', false},
	{0},
};

struct run {
	struct arena *arena;
	struct remote_names server;
	struct texts files, retire;
	struct folder *records;
	Carnet__V1__ChangeSet change_set;
	Carnet__V1__ProposeRequest request;
	enum output output;
};

static char *copy(struct run *run, const char *text)
{
	return arena_string(run->arena, bytes_of_string(text));
}

/* ---- The command line ---- */

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;

	if (remote_option(&run->server, option))
		return 0;
	switch (option->id) {
	case OPTION_FILE:
		texts_append(&run->files, option->value);
		return 0;
	case OPTION_REASON:
		run->change_set.reason = copy(run, option->value);
		return 0;
	case OPTION_RETIRE:
		texts_append(&run->retire, option->value);
		return 0;
	case OPTION_DRY_RUN:
		run->request.validate_only = true;
		return 0;
	case OPTION_BASE:
		return ask_parse_number(option->name, option->value, &run->change_set.base_revision,
					error);
	case OPTION_REQUEST_ID:
		run->request.request_id = copy(run, option->value);
		return 0;
	case OPTION_OUTPUT:
		return output_parse(option->value, &run->output, error);
	default:
		return error_set(error, ERR_INVALID, "what is '%s'? Records are given with -f",
				 option->value);
	}
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(table, count, arguments, take, run, error))
		return error->code;
	if (!run->files.count && !run->retire.count)
		return error_set(error, ERR_INVALID,
				 "propose what? Name files of records with -f, or --retire");
	if (!*run->change_set.reason)
		return error_set(error, ERR_INVALID, "say why, with --reason");
	return 0;
}

/* ---- The change set ---- */

/* "party/line-plus@2024-01-01"; without a date the slice that has no `from`. */
static int read_key(struct run *run, const char *text, Carnet__V1__RecordKey **out,
		    struct error *error)
{
	struct bytes kind, id, from;
	day date;

	*out = allocator_message(run->arena, &carnet__v1__record_key__descriptor);
	from = bytes_cut(bytes_cut(bytes_of_string(text), '/', &kind), '@', &id);
	if (!kind.size || !id.size || kind_named(kind) == KIND_NONE)
		return error_set(
			error, ERR_INVALID,
			"--retire '%s': write it as kind/id@from, party/line-plus@2024-01-01",
			text);
	if (from.data && date_parse(from, &date, error))
		return error_prefix(error, "--retire '%s'", text);
	(*out)->kind = arena_string(run->arena, kind);
	(*out)->id = arena_string(run->arena, id);
	(*out)->from = arena_string(run->arena, from);
	return 0;
}

static int add_retired(struct run *run, struct error *error)
{
	Carnet__V1__ChangeSet *set = &run->change_set;

	set->retire = arena_array(run->arena, Carnet__V1__RecordKey *, run->retire.count);
	for (size_t i = 0; i < run->retire.count; i++)
		if (read_key(run, run->retire.items[i], &set->retire[set->n_retire++], error))
			return error->code;
	return 0;
}

static int add_records(struct run *run, struct error *error)
{
	struct ask given; /* a list of records grows there the same way */
	const struct record_slice *const *slices;
	size_t count;

	if (!run->files.count)
		return 0;
	if (files_read_records(run->files.items, run->files.count, &run->records, error))
		return error->code;
	slices = record_set_slices(folder_records(run->records), &count);
	ask_init(&given, run->arena);
	for (size_t i = 0; i < count; i++)
		ask_give(&given, (Carnet__V1__Record *)(uintptr_t)slices[i]->record);
	run->change_set.n_records = given.request.n_given;
	run->change_set.records = given.request.given;
	return 0;
}

/* ---- The proposal ---- */

static void show(const struct run *run, const Carnet__V1__ProposeResponse *response)
{
	struct buffer text = {0};

	if (run->output != OUTPUT_TABLE) {
		output_message(run->output, &response->base, true);
		return;
	}
	if (run->request.validate_only)
		buffer_append_string(&text, "valid; nothing was proposed\n");
	buffer_append_string(&text, "proposal ");
	output_append_plain(&text, response->proposal ? response->proposal->id : "?");
	buffer_append_byte(&text, '\n');
	edit_show(&text, response->receipt);
}

static enum outcome propose(struct run *run)
{
	ProtobufCMessage *answer;
	enum outcome outcome;

	run->request.change_set = &run->change_set;
	outcome = edit_ask(&run->server, "/carnet.v1.RegistryService/Propose", &run->request.base,
			   &carnet__v1__propose_response__descriptor, run->arena, &answer);
	if (outcome == OUTCOME_GOOD)
		show(run, (const Carnet__V1__ProposeResponse *)answer);
	return outcome;
}

static enum outcome run_propose(int count, char **arguments)
{
	struct run run = {.arena = arena_new(0)};
	enum outcome outcome;
	struct error error;

	carnet__v1__change_set__init(&run.change_set);
	carnet__v1__propose_request__init(&run.request);
	if (parse(&run, count, arguments, &error) || add_retired(&run, &error))
		outcome = command_misused(&command_propose, &error);
	else if (add_records(&run, &error))
		outcome = command_failed(&error);
	else
		outcome = propose(&run);
	folder_free(run.records);
	texts_release(&run.files);
	texts_release(&run.retire);
	arena_free(run.arena);
	return outcome;
}

const struct command command_propose = {
	.name = "propose",
	.summary = "offer a change of the registry; another person approves it",
	.run = run_propose,
	.help = "carnet propose -f new-agreement.yaml --reason 'SCC with the desk in Manila'\n"
		"carnet propose --retire agreement/desk-manila@2024-01-01 --reason ended -n\n"
		"\n"
		"Prints the proposal's id, for `carnet approve`.\n"
		"\n"
		"  -f, --file FILE       records as YAML or JSON; may be there many times\n"
		"                        (- is stdin)\n"
		"  --retire KIND/ID@FROM a slice that no longer holds; @FROM as the slice has it\n"
		"  --reason TEXT         why; it stays in the registry's history\n"
		"  -n, --dry-run         everything but the writing\n"
		"  --base REVISION       refuse if the registry has moved on since\n"
		"  --request-id ID       proposing again with it returns the first result\n"
		"  -o, --output FORM     table (the default), json or yaml\n"
		"\n" REMOTE_HELP,
};
