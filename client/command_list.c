#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/asker.h"
#include "client/command.h"
#include "client/output.h"
#include "client/table.h"
#include "text/allocator.h"

enum { OPTION_OUTPUT = 1 };

static const struct option_row rows[] = {
	ASKER_OPTIONS,
	{"as-of", OPTION_AS_OF, 0, false},
	{"known-at", OPTION_KNOWN_AT, 0, false},
	{"output", OPTION_OUTPUT, 'o', false},
	{0},
};

enum { PAGE_SIZE = 1000 };

struct run {
	struct arena *arena;
	struct asker asker;
	const char *kind, *as_of;
	uint64_t known_at;
	enum output output;
	struct table *table;
	size_t shown;
};

static int take(struct run *run, const struct option *option, struct error *error)
{
	if (asker_option(&run->asker, option))
		return 0;
	switch (option->id) {
	case OPTION_ARGUMENT:
		if (run->kind)
			return error_set(error, ERR_INVALID, "one kind at a time");
		run->kind = option->value;
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
	struct options options = options_of(rows, count, arguments);
	struct option option;

	while (options_next(&options, &option))
		if (take(run, &option, error))
			return error->code;
	if (options.failed) {
		*error = options.error;
		return error->code;
	}
	if (!run->kind)
		return error_set(error, ERR_INVALID,
				 "which kind? For instance party, agreement, rulebook");
	if (kind_named(bytes_of_string(run->kind)) == KIND_NONE)
		return error_set(error, ERR_INVALID, "there is no kind '%s'", run->kind);
	return 0;
}

static void show(struct run *run, const Carnet__V1__StoredRecord *stored)
{
	const Carnet__V1__Record *record = stored->record;
	char revision[sizeof("18446744073709551615")];

	if (run->output == OUTPUT_JSON) {
		output_message(OUTPUT_JSON, &stored->base, !run->shown);
	} else if (run->output == OUTPUT_YAML) {
		output_message(OUTPUT_YAML, &record->base, !run->shown);
	} else {
		const char *cells[] = {record->id, record->name, record->from, record->until,
				       revision};

		snprintf(revision, sizeof(revision), "%" PRIu64, stored->revision);
		table_add(run->table, cells);
	}
	run->shown++;
}

/* One page; `token` is that of the next, empty after the last. */
static int list_page(struct run *run, struct arena *arena, struct buffer *token,
		     struct error *error)
{
	Carnet__V1__ListRecordsRequest *request =
		allocator_message(arena, &carnet__v1__list_records_request__descriptor);
	const Carnet__V1__ListRecordsResponse *page;
	ProtobufCMessage *answer;

	request->kind = arena_string(arena, bytes_of_string(run->kind));
	request->as_of = arena_string(arena, bytes_of_string(run->as_of));
	request->known_at = run->known_at;
	request->page_size = PAGE_SIZE;
	request->page_token = arena_string(arena, buffer_bytes(token));
	if (remote_call(run->asker.remote, "/carnet.v1.RegistryService/List", &request->base,
			&carnet__v1__list_records_response__descriptor, arena, &answer, error))
		return error->code;
	page = (const Carnet__V1__ListRecordsResponse *)answer;
	for (size_t i = 0; i < page->n_records; i++)
		if (page->records[i]->record)
			show(run, page->records[i]);
	buffer_clear(token);
	buffer_append_string(token, page->next_page_token);
	return 0;
}

static int list_from_server(struct run *run, struct error *error)
{
	struct buffer token = {0};
	int result;

	do {
		struct arena *arena = arena_new(0);

		result = list_page(run, arena, &token, error);
		arena_free(arena);
	} while (!result && token.size);
	buffer_release(&token);
	return result;
}

static int list_offline(struct run *run, struct error *error)
{
	const struct case_registry *registry = offline_registry(run->asker.offline);
	uint64_t revision = run->known_at ? run->known_at : REVISION_NEWEST;
	enum kind kind = kind_named(bytes_of_string(run->kind));
	day on = registry->today;
	size_t count;
	const struct record_slice *const *slices = record_set_kind(registry->records, kind, &count);

	if (*run->as_of && date_parse(bytes_of_string(run->as_of), &on, error))
		return error->code;
	for (size_t i = 0; i < count; i++)
		if (slices[i] == record_set_speaks(registry->records, kind,
						   bytes_of_string(slices[i]->record->id), on,
						   revision))
			show(run, asker_stored(slices[i], run->arena));
	return 0;
}

static enum outcome list(struct run *run)
{
	static const char *const columns[] = {"ID", "NAME", "FROM", "UNTIL", "REVISION"};
	struct error error;
	int result;

	run->table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	result = asker_open(&run->asker, &error);
	if (!result)
		result = run->asker.offline ? list_offline(run, &error)
					    : list_from_server(run, &error);
	if (result)
		return command_failed(&error);
	if (run->output == OUTPUT_TABLE && run->shown)
		table_print(run->table);
	return OUTCOME_GOOD;
}

static enum outcome run_list(int count, char **arguments)
{
	struct run run = {.arena = arena_new(0), .as_of = ""};
	enum outcome outcome;
	struct error error;

	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_list, &error);
	else
		outcome = list(&run);
	table_free(run.table);
	asker_release(&run.asker);
	arena_free(run.arena);
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
