#include <inttypes.h>
#include <stdio.h>

#include "client/command.h"
#include "client/lookup.h"

static const struct option_row rows[] = {LOOKUP_OPTIONS, {0}};

struct run {
	struct lookup lookup;
	struct texts arguments;
};

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;
	int taken = lookup_option(&run->lookup, option, error);

	if (taken)
		return taken > 0 ? 0 : taken;
	texts_append(&run->arguments, option->value);
	return 0;
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(rows, count, arguments, take, run, error))
		return error->code;
	if (run->arguments.count != 2)
		return error_set(error, ERR_INVALID,
				 "which record? Name its kind and its id: party line-plus");
	return 0;
}

static void show(struct run *run, const Carnet__V1__StoredRecord *stored)
{
	if (run->lookup.output == OUTPUT_JSON) {
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
	struct lookup *lookup = &run->lookup;
	struct asker_listing where = lookup_listing(lookup, names[0]);
	Carnet__V1__StoredRecord *stored = NULL;
	struct error error;
	int result;

	result = asker_open(&lookup->asker, &error);
	if (!result)
		result =
			asker_get(&lookup->asker, &where, names[1], lookup->arena, &stored, &error);
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
	struct run run = {0};
	enum outcome outcome;
	struct error error;

	lookup_init(&run.lookup);
	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_get, &error);
	else
		outcome = get(&run);
	texts_release(&run.arguments);
	lookup_release(&run.lookup);
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
