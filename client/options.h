/*
 * Reading a command line, option by option, in the order they stand.
 *
 * Options are `--name value`, `--name=value`, `--name` for switches, and `-f`
 * where a letter is given; `--` ends them.  Anything else is an argument.
 *
 *	if (options_each(table, count, arguments, take, run, error))
 *		return error->code;
 *
 * Every table knows -h and --help without naming them.  Values point into the
 * arguments, which are not copied.
 */
#ifndef CARNET_CLIENT_OPTIONS_H
#define CARNET_CLIENT_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"

/* One option of a table; a table ends with a zeroed one. */
struct option_row {
	const char *name; /* without the dashes */
	int id;           /* the command's own, above 0 */
	char letter;      /* 0: none */
	bool is_switch;   /* takes no value */
};

/* The ids that every table has. */
enum { OPTION_ARGUMENT = -1, OPTION_HELP = -2 };

struct option {
	int id;
	const char *name;  /* as the table has it; of an argument NULL */
	const char *value; /* of a switch NULL */
};

struct options {
	const struct option_row *table;
	char **arguments;
	int count, at;
	bool only_arguments; /* after `--` */
	bool failed;
	struct error error;
};

struct options options_of(const struct option_row *table, int count, char **arguments);

/* The next option or argument; false at the end and at the first mistake. */
bool options_next(struct options *options, struct option *out);

/* Takes one of them, or says what is wrong with it. */
typedef int options_take(void *arg, const struct option *option, struct error *error);

/* All of them, one after the other, up to the first mistake. */
int options_each(const struct option_row *table, int count, char **arguments, options_take *each,
		 void *arg, struct error *error);

#endif
