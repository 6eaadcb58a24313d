#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/base64.h"
#include "carnet/v1/registry.pb-c.h"
#include "client/ask.h"
#include "client/command.h"
#include "client/edit.h"
#include "client/output.h"
#include "crypto/hash.h"

enum { OPTION_DRY_RUN = 1, OPTION_OUTPUT };

static const struct option_row table[] = {
	REMOTE_OPTIONS,
	{"dry-run", OPTION_DRY_RUN, 'n', true},
	{"request-id", OPTION_REQUEST_ID, 0, false},
	{"output", OPTION_OUTPUT, 'o', false},
	{0},
};

struct run {
	struct arena *arena;
	struct remote_names server;
	Carnet__V1__ApproveRequest request;
	enum output output;
};

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;

	if (remote_option(&run->server, option))
		return 0;
	switch (option->id) {
	case OPTION_ARGUMENT:
		if (*run->request.proposal)
			return error_set(error, ERR_INVALID, "one proposal at a time");
		run->request.proposal = arena_string(run->arena, bytes_of_string(option->value));
		return 0;
	case OPTION_DRY_RUN:
		run->request.validate_only = true;
		return 0;
	case OPTION_REQUEST_ID:
		run->request.request_id = arena_string(run->arena, bytes_of_string(option->value));
		return 0;
	default:
		return output_parse(option->value, &run->output, error);
	}
}

/* A proposal's id is a digest in base64url and may begin with a dash: such a word
 * is an id, not an option. */
static bool is_dashed_id(const char *word)
{
	struct buffer digest = {0};
	bool is_id = word[0] == '-' && base64url_decode(&digest, bytes_of_string(word)) &&
		     digest.size == DIGEST_SIZE;

	buffer_release(&digest);
	return is_id;
}

/* Takes such ids out of the arguments; the number of those that stay. */
static int take_dashed_ids(struct run *run, int count, char **arguments)
{
	int kept = 0;

	for (int i = 0; i < count; i++) {
		if (is_dashed_id(arguments[i]))
			run->request.proposal =
				arena_string(run->arena, bytes_of_string(arguments[i]));
		else
			arguments[kept++] = arguments[i];
	}
	return kept;
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(table, count, arguments, take, run, error))
		return error->code;
	if (!*run->request.proposal)
		return error_set(error, ERR_INVALID,
				 "which proposal? Give the id that propose printed");
	return 0;
}

static void show(const struct run *run, const Carnet__V1__ApproveResponse *response)
{
	struct buffer text = {0};

	if (run->output != OUTPUT_TABLE) {
		output_message(run->output, &response->base, true);
		return;
	}
	if (run->request.validate_only)
		buffer_append_string(&text, "valid; nothing was approved\n");
	else
		buffer_printf(&text, "revision %" PRIu64 " ",
			      response->proposal ? response->proposal->revision : 0);
	output_append_plain(&text, response->revision_digest);
	buffer_append_byte(&text, '\n');
	edit_show(&text, response->receipt);
}

static enum outcome approve(struct run *run)
{
	ProtobufCMessage *answer;
	enum outcome outcome;

	outcome = edit_ask(&run->server, "/carnet.v1.RegistryService/Approve", &run->request.base,
			   &carnet__v1__approve_response__descriptor, run->arena, &answer);
	if (outcome == OUTCOME_GOOD)
		show(run, (const Carnet__V1__ApproveResponse *)answer);
	return outcome;
}

static enum outcome run_approve(int count, char **arguments)
{
	struct run run = {.arena = arena_new(0)};
	enum outcome outcome;
	struct error error;

	carnet__v1__approve_request__init(&run.request);
	count = take_dashed_ids(&run, count, arguments);
	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_approve, &error);
	else
		outcome = approve(&run);
	arena_free(run.arena);
	return outcome;
}

const struct command command_approve = {
	.name = "approve",
	.summary = "let a proposal become the next revision",
	.run = run_approve,
	.help = "carnet approve 3q2-7w...\n"
		"\n"
		"Needs the role approver, and another person than the one who proposed.\n"
		"\n"
		"  -n, --dry-run         everything but the writing\n"
		"  --request-id ID       approving again with it returns the first result\n"
		"  -o, --output FORM     table (the default), json or yaml\n"
		"\n" REMOTE_HELP,
};
