#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "client/calendar.h"
#include "client/command.h"
#include "client/lookup.h"
#include "client/table.h"
#include "text/allocator.h"
#include "text/sink.h"
#include "text/yaml_writer.h"

enum { OPTION_WITHIN = 1 };

static const struct option_row rows[] = {
	ASKER_OPTIONS,
	{"within", OPTION_WITHIN, 0, false},
	{"on", OPTION_AS_OF, 0, false},
	{"output", OPTION_OUTPUT, 'o', false},
	{"language", OPTION_LANGUAGE, 'l', false},
	{0},
};

/* A quarter of a year, and more than anybody lives. */
enum { WITHIN_DEFAULT = 90, WITHIN_MAX = 100000 };

/* One line of the answer. */
struct entry {
	const Carnet__V1__Record *record;
	enum kind kind;
	struct calendar_day day;
	const char *owner;
	bool overdue, ends, followed; /* followed: another slice goes on where this one ends */
};

struct run {
	struct lookup lookup;
	uint64_t within;
	char on_text[DATE_TEXT_SIZE];
	const Carnet__V1__Record **records; /* all that speak on the day */
	size_t record_count, record_capacity;
	const Carnet__V1__Record *current; /* while its days are read */
	struct entry *entries;
	size_t count, capacity;
};

/* ---- The command line ---- */

static int take(void *arg, const struct option *option, struct error *error)
{
	struct run *run = arg;
	int taken = lookup_option(&run->lookup, option, error);

	if (taken)
		return taken > 0 ? 0 : taken;
	if (option->id == OPTION_ARGUMENT)
		return error_set(error, ERR_INVALID,
				 "what is '%s'? Write --within DAYS or --on DATE", option->value);
	if (ask_parse_number(option->name, option->value, &run->within, error))
		return error->code;
	if (run->within > WITHIN_MAX)
		return error_set(error, ERR_INVALID, "--within: at most %d days", WITHIN_MAX);
	return 0;
}

static int parse(struct run *run, int count, char **arguments, struct error *error)
{
	if (options_each(rows, count, arguments, take, run, error))
		return error->code;
	run->lookup.as_of = date_format(run->lookup.on, run->on_text);
	return 0;
}

static const char *say(const struct run *run, enum phrase phrase, const char *const *parts)
{
	return phrase_text(run->lookup.language, phrase, parts, run->lookup.arena);
}

/* ---- What speaks on the day ---- */

static void keep(void *arg, const Carnet__V1__StoredRecord *stored)
{
	struct run *run = arg;

	array_reserve(&run->records, &run->record_capacity, run->record_count);
	run->records[run->record_count++] = stored->record;
}

/* Kind by kind, so that the list is in the order of kinds, then ids. */
static int list_all(struct run *run, struct error *error)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		struct asker_listing listing =
			lookup_listing(&run->lookup, kind_name((enum kind)kind));

		if (asker_list(&run->lookup.asker, &listing, run->lookup.arena, keep, run, error))
			return error->code;
	}
	return 0;
}

static int compare_key(enum kind kind, const char *id, const Carnet__V1__Record *record)
{
	int difference = (int)kind - (int)kind_of(record);

	return difference ? difference : strcmp(id, record->id);
}

static const Carnet__V1__Record *find(const struct run *run, enum kind kind, const char *id)
{
	size_t first = 0, last = run->record_count;

	while (first < last) {
		size_t middle = first + (last - first) / 2;
		int difference = compare_key(kind, id, run->records[middle]);

		if (!difference)
			return run->records[middle];
		if (difference > 0)
			first = middle + 1;
		else
			last = middle;
	}
	return NULL;
}

/* ---- Who looks after it ---- */

static const char *owner_of_law(const struct run *run, const char *law)
{
	const Carnet__V1__Record *record = find(run, KIND_RULEBOOK, law);

	return record ? record->rulebook->owner : "";
}

static const char *owner_of_term(const struct run *run, const char *term)
{
	const Carnet__V1__Record *record = find(run, KIND_TERM, term);

	return record ? record->term->owner : "";
}

/* Of a paper the owner of its sort: its instrument's kind, its scheme, the kind of the check. */
static const char *owner_of(const struct run *run, const Carnet__V1__Record *record)
{
	const Carnet__V1__Record *instrument;

	switch (record->body_case) {
	case CARNET__V1__RECORD__BODY_RULEBOOK:
		return record->rulebook->owner;
	case CARNET__V1__RECORD__BODY_TERM:
		return record->term->owner;
	case CARNET__V1__RECORD__BODY_FINDING:
		return owner_of_law(run, record->finding->by);
	case CARNET__V1__RECORD__BODY_ORDER:
		return owner_of_law(run, record->order->by);
	case CARNET__V1__RECORD__BODY_INSTRUMENT:
		return owner_of_term(run, record->instrument->kind);
	case CARNET__V1__RECORD__BODY_CERTIFICATE:
		return owner_of_term(run, record->certificate->scheme);
	case CARNET__V1__RECORD__BODY_ASSESSMENT:
		return owner_of_term(run, record->assessment->kind);
	case CARNET__V1__RECORD__BODY_AGREEMENT:
		instrument = find(run, KIND_INSTRUMENT, record->agreement->instrument);
		return instrument ? owner_of_term(run, instrument->instrument->kind) : "";
	default:
		return "";
	}
}

/* ---- The days ---- */

static void add_entry(struct run *run, const struct calendar_day *one,
		      const Carnet__V1__Record *record, const char *owner)
{
	array_reserve(&run->entries, &run->capacity, run->count);
	run->entries[run->count++] = (struct entry){
		.record = record,
		.kind = kind_of(record),
		.day = *one,
		.owner = owner,
		.overdue = one->stays_due && one->on < run->lookup.on,
	};
}

static bool is_in_sight(const struct run *run, const struct calendar_day *one)
{
	if (one->on < run->lookup.on)
		return one->stays_due;
	return (int64_t)one->on - run->lookup.on <= (int64_t)run->within;
}

/* Papers under an instrument that can no longer be relied on fall with it. */
static void add_agreements(struct run *run, const struct calendar_day *one)
{
	for (size_t i = 0; i < run->record_count; i++) {
		const Carnet__V1__Record *record = run->records[i];
		struct calendar_day falls = *one;

		if (record->body_case != CARNET__V1__RECORD__BODY_AGREEMENT ||
		    strcmp(record->agreement->instrument, run->current->id) != 0)
			continue;
		falls.what =
			say(run, PHRASE_FALLS_WITH_INSTRUMENT, PARTS(one->law, run->current->id));
		falls.field = "instrument";
		add_entry(run, &falls, record, owner_of(run, record));
	}
}

static void look_at(void *arg, const struct calendar_day *one)
{
	struct run *run = arg;
	const char *owner;

	if (!is_in_sight(run, one))
		return;
	owner = one->law ? owner_of_law(run, one->law) : "";
	add_entry(run, one, run->current, *owner ? owner : owner_of(run, run->current));
	if (!strcmp(one->field, "laws.rely-until"))
		add_agreements(run, one);
}

static int by_day(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->day.on != b->day.on)
		return a->day.on < b->day.on ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (strcmp(a->record->id, b->record->id) != 0)
		return strcmp(a->record->id, b->record->id);
	return strcmp(a->day.what, b->day.what);
}

/* ---- Whether another slice goes on ---- */

static int find_next(struct run *run, struct entry *entry, struct error *error)
{
	char on[DATE_TEXT_SIZE];
	struct asker_listing then = {kind_name(entry->kind), date_format(entry->day.on, on), 0};
	Carnet__V1__StoredRecord *next;
	int result;

	if (strcmp(entry->day.field, "until") != 0 && strcmp(entry->day.field, "sunset") != 0)
		return 0;
	result = asker_get(&run->lookup.asker, &then, entry->record->id, run->lookup.arena, &next,
			   error);
	if (result && result != ERR_NOT_FOUND)
		return result;
	entry->ends = true;
	entry->followed = !result;
	return 0;
}

/* ---- Showing ---- */

static const char *happens(struct run *run, const struct entry *entry)
{
	const char *what = entry->day.what;

	if (entry->overdue)
		what = say(run, PHRASE_DAY_OVERDUE, PARTS(what));
	if (entry->ends)
		what = say(run, entry->followed ? PHRASE_DAY_FOLLOWED : PHRASE_DAY_NOT_FOLLOWED,
			   PARTS(what));
	return what;
}

static const char *plain(struct run *run, const char *text)
{
	struct buffer out = {0};
	const char *copy;

	output_append_plain(&out, text);
	copy = arena_string(run->lookup.arena, buffer_bytes(&out));
	buffer_release(&out);
	return copy;
}

static void print_table(struct run *run)
{
	const char *const columns[] = {
		say(run, PHRASE_COLUMN_DAY, NULL), say(run, PHRASE_COLUMN_KIND, NULL),
		say(run, PHRASE_COLUMN_ID, NULL), say(run, PHRASE_COLUMN_HAPPENS, NULL),
		say(run, PHRASE_COLUMN_OWNER, NULL)};
	struct table *table = table_new(columns, sizeof(columns) / sizeof(columns[0]));

	for (size_t i = 0; i < run->count; i++) {
		const struct entry *entry = &run->entries[i];
		char on[DATE_TEXT_SIZE];
		const char *cells[] = {date_format(entry->day.on, on), kind_name(entry->kind),
				       plain(run, entry->record->id),
				       plain(run, happens(run, entry)), plain(run, entry->owner)};

		table_add(table, cells);
	}
	table_print(table);
	table_free(table);
}

static void write_text(struct sink *sink, const char *name, const char *text)
{
	sink_name(sink, name);
	sink_text(sink, bytes_of_string(text));
}

static void write_entry(struct run *run, const struct entry *entry, struct sink *sink)
{
	char on[DATE_TEXT_SIZE];

	sink_begin_map(sink);
	write_text(sink, "day", date_format(entry->day.on, on));
	write_text(sink, "kind", kind_name(entry->kind));
	write_text(sink, "id", entry->record->id);
	write_text(sink, "from", entry->record->from);
	write_text(sink, "name", entry->record->name);
	write_text(sink, "field", entry->day.field);
	write_text(sink, "what", happens(run, entry));
	write_text(sink, "owner", entry->owner);
	sink_name(sink, "overdue");
	sink_flag(sink, entry->overdue);
	sink_end_map(sink);
}

static void print_entry(struct run *run, const struct entry *entry, bool first)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};
	struct yaml_writer yaml = {.out = &text};

	if (run->lookup.output == OUTPUT_JSON) {
		write_entry(run, entry, &(struct sink){.json = &json});
		buffer_append_byte(&text, '\n');
	} else {
		buffer_append_string(&text, first ? "" : "---\n");
		write_entry(run, entry, &(struct sink){.yaml = &yaml});
		yaml_finish(&yaml);
	}
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

static void tell_count(struct run *run)
{
	const char *count = arena_printf(run->lookup.arena, "%zu", run->count),
		   *within = arena_printf(run->lookup.arena, "%" PRIu64, run->within);

	fflush(stdout);
	fprintf(stderr, "%s\n", say(run, PHRASE_DAYS, PARTS(count, run->on_text, within)));
}

static void print_all(struct run *run)
{
	if (run->lookup.output == OUTPUT_TABLE && run->count)
		print_table(run);
	for (size_t i = 0; run->lookup.output != OUTPUT_TABLE && i < run->count; i++)
		print_entry(run, &run->entries[i], !i);
	tell_count(run);
}

static int gather(struct run *run, struct error *error)
{
	if (asker_open(&run->lookup.asker, error) || list_all(run, error))
		return error->code;
	for (size_t i = 0; i < run->record_count; i++) {
		run->current = run->records[i];
		calendar_each(run->current, run->lookup.language, run->lookup.arena, look_at, run);
	}
	if (run->count)
		qsort(run->entries, run->count, sizeof(*run->entries), by_day);
	for (size_t i = 0; i < run->count; i++)
		if (find_next(run, &run->entries[i], error))
			return error->code;
	return 0;
}

static enum outcome expiring(struct run *run)
{
	struct error error;

	if (gather(run, &error))
		return command_failed(&error);
	print_all(run);
	return run->count ? OUTCOME_BAD : OUTCOME_GOOD;
}

static enum outcome run_expiring(int count, char **arguments)
{
	struct run run = {.within = WITHIN_DEFAULT};
	enum outcome outcome;
	struct error error;

	lookup_init(&run.lookup);
	if (parse(&run, count, arguments, &error))
		outcome = command_misused(&command_expiring, &error);
	else
		outcome = expiring(&run);
	free(run.entries);
	free(run.records);
	lookup_release(&run.lookup);
	return outcome;
}

const struct command command_expiring = {
	.name = "expiring",
	.summary = "what ends, or is due for review, and who looks after it",
	.run = run_expiring,
	.help = "carnet expiring --within 180\n"
		"carnet expiring --registry registry-data --on 2031-10-01 --output json\n"
		"\n"
		"Lists by day what changes by itself in the records that speak on a day: the\n"
		"end of a record, a sunset of a finding, the last day to sign or to rely on a\n"
		"contract, a certificate or check that is due again, a stay, a membership, a\n"
		"ground, and what is to be reviewed.  Reviews and checks whose day has passed\n"
		"are OVERDUE.  Exits with 1 if there is anything, 0 if not.\n"
		"\n"
		"  --within DAYS         how far to look; 90 if not given\n"
		"  --on DATE             from another day than today\n"
		"  -o, --output FORM     table (the default), json or yaml\n"
		"  -l, --language NAME   en (the default), ko or ja\n"
		"\n" ASKER_HELP,
};
