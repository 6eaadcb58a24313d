#include <inttypes.h>
#include <stdio.h>

#include "client/ask.h"
#include "client/asker.h"
#include "client/command.h"
#include "client/output.h"

enum { OPTION_OUTPUT = 1 };

static const struct option_row table[] = {
	ASKER_OPTIONS,
	{"as-of", OPTION_AS_OF, 0, false},
	{"known-at", OPTION_KNOWN_AT, 0, false},
	{"output", OPTION_OUTPUT, 'o', false},
	{0},
};

struct run {
	struct arena *arena;
	struct asker asker;
	struct texts arguments;
	const char *as_of;
	uint64_t known_at;
	enum output output;
};

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;

	if (asker_option(&run->asker, option))
		return 0;
	switch (option->id) {
	case OPTION_ARGUMENT:
		texts_append(&run->arguments, option->value);
		return 0;
	case OPTION_AS_OF:
		run->as_of = option->value;
		return 0;
	case OPTION_KNOWN_AT:
		return ask_parse_number(option->name, option->value, &run->known_at, error);
	default:
		return output_parse(option->value, &run->output, error);
	}
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(table, count, arguments, take, run, error))
		return error->code;
	if (run->arguments.count != 2)
		return error_set(error, ERR_INVALID,
				 "which record? Name its kind and its id: party line-plus");
	return 0;
}

static void show(struct run *run, const Carnet__V1__StoredRecord *stored)
{
	if (run->output == OUTPUT_JSON) {
		output_message(OUTPUT_JSON, &stored->base, true);
		return;
	}
	/* The record alone, so that it can be edited and proposed again. */
	fprintf(stderr, "revision %" PRIu64 ", etag %s\n", stored->revision, stored->digest);
	output_message(OUTPUT_YAML, &stored->record->base, true);
}

static enum outcome get(struct run *run)
{
	const char *const *names = run->arguments.items;
	struct asker_listing where = {names[0], run->as_of, run->known_at};
	Carnet__V1__StoredRecord *stored = NULL;
	struct error error;
	int result;

	result = asker_open(&run->asker, &error);
	if (!result)
		result = asker_get(&run->asker, &where, names[1], run->arena, &stored, &error);
	if (result == ERR_NOT_FOUND) {
		command_failed(&error);
		return OUTCOME_BAD;
	}
	if (result)
		return command_failed(&error);
	show(run, stored);
	return OUTCOME_GOOD;
}

static enum outcome run_get(int count, char **arguments)
{
	struct run run = {.arena = arena_new(0), .as_of = ""};
	enum outcome outcome;
	struct error error;

	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_get, &error);
	else
		outcome = get(&run);
	asker_release(&run.asker);
	texts_release(&run.arguments);
	arena_free(run.arena);
	return outcome;
}

const struct command command_get = {
	.name = "get",
	.summary = "one record, as YAML to read or to edit",
	.run = run_get,
	.help = "carnet get party line-plus\n"
		"carnet get rulebook kr-pipa --as-of 2025-06-01 --known-at 12\n"
		"\n"
		"  --as-of DATE          the slice that speaks on that day; today if not given\n"
		"  --known-at REVISION   as an older registry knew it\n"
		"  -o, --output FORM     table and yaml give the record, json also its revision\n"
		"\n" ASKER_HELP,
};
