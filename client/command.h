/*
 * carnet: one file per command, and what they share.
 *
 * main() finds the command in a table and runs it; what it returns is the exit
 * code.  Data goes to stdout, talk to stderr.
 */
#ifndef CARNET_CLIENT_COMMAND_H
#define CARNET_CLIENT_COMMAND_H

#include "base/error.h"
#include "client/options.h"

/* What a shell can act on, so that `carnet check ... && send` is safe. */
enum outcome {
	OUTCOME_GOOD = 0,          /* authorised, valid, nothing to report */
	OUTCOME_BAD = 1,           /* denied, invalid, found something */
	OUTCOME_USAGE = 2,         /* the command line, or what it names, is wrong */
	OUTCOME_INDETERMINATE = 3, /* a fact is missing, or the law is open */
	OUTCOME_AWAY = 4,          /* cannot reach, not allowed, cannot write */
	OUTCOME_CONDITIONAL = 5,   /* permitted, but advisory or duties not accepted */
};

struct command {
	const char *name;
	const char *summary; /* one line for the list of commands */
	const char *help;    /* an example first, then every option */
	/* `arguments` are those after the command's name. */
	enum outcome (*run)(int count, char **arguments);
};

/* `find` is command_search: command_find looks commands up. */
extern const struct command command_approve, command_check, command_expiring, command_get,
	command_list, command_propose, command_search, command_test, command_verify;

/* Every command, in the order of the list; the last has no name. */
extern const struct command *const command_table[];

/* The command of this name, or NULL. */
const struct command *command_find(const char *name);

/* The command whose name is nearest to what was typed, or NULL. */
const struct command *command_near(const char *typed);

/* Runs what the command line says: a command, `help` or `version`. */
enum outcome command_dispatch(int count, char **arguments);

/* Says what is wrong with the command line and where help is; the outcome to
 * return. */
enum outcome command_misused(const struct command *command, const struct error *error);

/* Says what went wrong; the outcome is USAGE for ERR_INVALID, ERR_LIMIT,
 * ERR_NOT_FOUND and ERR_EXISTS, else AWAY. */
enum outcome command_failed(const struct error *error);

/* The same for what a server said to an edit: BAD if it refused the edit, AWAY
 * if it could not be reached or we may not. */
enum outcome command_refused(const struct error *error);

/* Of the outcomes of many answers the one to exit with: BAD, else
 * INDETERMINATE, else CONDITIONAL, else GOOD; whatever prevented an answer
 * stands above all. */
enum outcome command_worse(enum outcome a, enum outcome b);

#endif
