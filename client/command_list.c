#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/command.h"
#include "client/lookup.h"
#include "client/table.h"

static const struct option_row rows[] = {LOOKUP_OPTIONS, {0}};

struct run {
	struct lookup lookup;
	const char *kind;
	struct table *table;
	size_t shown;
};

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;
	int taken = lookup_option(&run->lookup, option, error);

	if (taken)
		return taken > 0 ? 0 : taken;
	if (run->kind)
		return error_set(error, ERR_INVALID, "one kind at a time");
	run->kind = option->value;
	return 0;
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(rows, count, arguments, take, run, error))
		return error->code;
	if (!run->kind)
		return error_set(error, ERR_INVALID,
				 "which kind? For instance party, agreement, rulebook");
	if (kind_named(bytes_of_string(run->kind)) == KIND_NONE)
		return error_set(error, ERR_INVALID, "there is no kind '%s'", run->kind);
	return 0;
}

static void show(void *arg, const Carnet__V1__StoredRecord *stored)
{
	struct run *run = arg;
	const Carnet__V1__Record *record = stored->record;
	char revision[sizeof("18446744073709551615")];

	if (run->lookup.output == OUTPUT_JSON) {
		output_message(OUTPUT_JSON, &stored->base, !run->shown);
	} else if (run->lookup.output == OUTPUT_YAML) {
		output_message(OUTPUT_YAML, &record->base, !run->shown);
	} else {
		const char *cells[] = {record->id, record->name, record->from, record->until,
				       revision};

		snprintf(revision, sizeof(revision), "%" PRIu64, stored->revision);
		table_add(run->table, cells);
	}
	run->shown++;
}

static enum outcome list(struct run *run)
{
	static const char *const columns[] = {"ID", "NAME", "FROM", "UNTIL", "REVISION"};
	struct lookup *lookup = &run->lookup;
	struct asker_listing listing = lookup_listing(lookup, run->kind);
	struct error error;

	run->table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	if (asker_open(&lookup->asker, &error) ||
	    asker_list(&lookup->asker, &listing, NULL, show, run, &error))
		return command_failed(&error);
	if (run->lookup.output == OUTPUT_TABLE && run->shown)
		table_print(run->table);
	return OUTCOME_GOOD;
}

static enum outcome run_list(int count, char **arguments)
{
	struct run run = {0};
	enum outcome outcome;
	struct error error;

	lookup_init(&run.lookup);
	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_list, &error);
	else
		outcome = list(&run);
	table_free(run.table);
	lookup_release(&run.lookup);
	return outcome;
}

const struct command command_list = {
	.name = "list",
	.summary = "the records of one kind",
	.run = run_list,
	.help = "carnet list agreement\n"
		"carnet list certificate --as-of 2027-01-01 --output json\n"
		"\n"
		"Kinds: area, data-category, purpose, party, engagement, data-set, agreement,\n"
		"instrument, certificate, finding, assessment, disclosure, order, rulebook, term,\n"
		"log, person, expectation.\n"
		"\n"
		"  --as-of DATE          those that speak on that day; today if not given\n"
		"  --known-at REVISION   as an older registry knew them\n"
		"  -o, --output FORM     table (the default), json or yaml\n"
		"\n" ASKER_HELP,
};
