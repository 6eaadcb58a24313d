#include "client/command.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "client/output.h"
#include "contract/version.h"
#include "text/suggest.h"

const struct command *const command_table[] = {
	&command_check,   &command_test,
	&command_search,  &command_expiring,
	&command_get,     &command_list,
	&command_propose, &command_approve,
	&command_verify,  &(const struct command){0},
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; command_table[i]->name; i++)
		if (!strcmp(command_table[i]->name, name))
			return command_table[i];
	return NULL;
}

const struct command *command_near(const char *typed)
{
	struct suggestion near = suggest_for(bytes_of_string(typed));

	for (size_t i = 0; command_table[i]->name; i++)
		suggest_offer(&near, bytes_of_string(command_table[i]->name));
	for (size_t i = 0; command_table[i]->name && near.best.size; i++)
		if (bytes_equal_string(near.best, command_table[i]->name))
			return command_table[i];
	return NULL;
}

static void print_commands(FILE *to)
{
	fputs("carnet check --data-set line-out-accounts --to carrier-be\n\n"
	      "May this recipient get this data, there, for this purpose, today?\n\n"
	      "Usage: carnet COMMAND [OPTION...]\n\n",
	      to);
	for (size_t i = 0; command_table[i]->name; i++)
		fprintf(to, "  %-10s %s\n", command_table[i]->name, command_table[i]->summary);
	fputs("  help       this, or the help of a command\n"
	      "  version    which carnet this is\n\n"
	      "Exit codes: 0 authorised, valid, nothing to report; 1 denied, invalid, found\n"
	      "something; 2 usage; 3 indeterminate; 4 cannot reach or not allowed; 5 permitted,\n"
	      "but advisory or with duties not accepted.  Of many answers: 1 if any, else 3,\n"
	      "else 5.  So `carnet check ... && send` is safe.\n",
	      to);
}

static enum outcome unknown(const char *typed)
{
	const struct command *near = command_near(typed);

	fprintf(stderr, "carnet: no command '%s'", typed);
	if (near)
		fprintf(stderr, "; did you mean '%s'?", near->name);
	fputs("\nTry: carnet help\n", stderr);
	return OUTCOME_USAGE;
}

static enum outcome help(const char *about)
{
	const struct command *command;

	if (!about) {
		print_commands(stdout);
		return OUTCOME_GOOD;
	}
	command = command_find(about);
	if (!command)
		return unknown(about);
	fputs(command->help, stdout);
	return OUTCOME_GOOD;
}

static enum outcome version(void)
{
	struct digest digest = version_engine();
	struct buffer text = {0};

	base64url_append(&text, hash_view(&digest));
	printf("%s\nengine %s\n", version_name(), buffer_string(&text));
	buffer_release(&text);
	return OUTCOME_GOOD;
}

static bool asks_for_help(int count, char **arguments)
{
	for (int i = 0; i < count && strcmp(arguments[i], "--"); i++)
		if (!strcmp(arguments[i], "-h") || !strcmp(arguments[i], "--help"))
			return true;
	return false;
}

/* An answer that did not arrive whole is none. */
static enum outcome finish(enum outcome outcome)
{
	struct error error;

	return output_finish(&error) ? command_failed(&error) : outcome;
}

enum outcome command_dispatch(int count, char **arguments)
{
	const struct command *command;

	if (!count) {
		print_commands(stderr);
		return OUTCOME_USAGE;
	}
	if (!strcmp(arguments[0], "help") || !strcmp(arguments[0], "-h") ||
	    !strcmp(arguments[0], "--help"))
		return finish(help(count > 1 ? arguments[1] : NULL));
	if (!strcmp(arguments[0], "version") || !strcmp(arguments[0], "--version")) {
		return finish(version());
	}
	command = command_find(arguments[0]);
	if (!command)
		return unknown(arguments[0]);
	if (asks_for_help(count - 1, arguments + 1))
		return finish(help(command->name));
	return finish(command->run(count - 1, arguments + 1));
}

enum outcome command_misused(const struct command *command, const struct error *error)
{
	fprintf(stderr, "carnet %s: %s\nTry: carnet help %s\n", command->name, error->text,
		command->name);
	return OUTCOME_USAGE;
}

enum outcome command_failed(const struct error *error)
{
	struct buffer plain = {0};

	/* It may be a server's sentence. */
	output_append_plain(&plain, error->text);
	fprintf(stderr, "carnet: %s\n", buffer_string(&plain));
	buffer_release(&plain);
	switch (error->code) {
	case ERR_INVALID:
	case ERR_LIMIT:
	case ERR_NOT_FOUND:
	case ERR_EXISTS:
		return OUTCOME_USAGE;
	default:
		return OUTCOME_AWAY;
	}
}

enum outcome command_refused(const struct error *error)
{
	command_failed(error);
	switch (error->code) {
	case ERR_INVALID:
	case ERR_LIMIT:
	case ERR_NOT_FOUND:
	case ERR_EXISTS:
	case ERR_CONFLICT:
	case ERR_WRONG_STATE:
		return OUTCOME_BAD;
	default:
		return OUTCOME_AWAY;
	}
}

enum outcome command_worse(enum outcome a, enum outcome b)
{
	static const int weight[] = {
		[OUTCOME_GOOD] = 0, [OUTCOME_CONDITIONAL] = 1, [OUTCOME_INDETERMINATE] = 2,
		[OUTCOME_BAD] = 3,  [OUTCOME_USAGE] = 4,       [OUTCOME_AWAY] = 5,
	};

	return weight[b] > weight[a] ? b : a;
}
