#include "client/coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/memory.h"
#include "client/output.h"
#include "client/table.h"

/* What is known of one slice; the lists are a rulebook's. */
struct mark {
	bool touched;
	bool *grounds, *prohibitions;
};

struct coverage {
	const struct record_set *records;
	const struct record_slice *const *slices;
	size_t count;
	struct mark *marks; /* one per slice */
};

/* Columns of a rulebook beside its own parts: kinds that belong to a law. */
static const enum kind of_laws[] = {KIND_FINDING, KIND_INSTRUMENT, KIND_ORDER};
enum { OF_LAWS = sizeof(of_laws) / sizeof(of_laws[0]) };

/* ---- Taking answers in ---- */

struct coverage *coverage_new(const struct record_set *records)
{
	struct coverage *coverage = memory_new(sizeof(*coverage));

	coverage->records = records;
	coverage->slices = record_set_slices(records, &coverage->count);
	coverage->marks = memory_new((coverage->count + 1) * sizeof(*coverage->marks));
	for (size_t i = 0; i < coverage->count; i++) {
		const Carnet__V1__Record *record = coverage->slices[i]->record;

		if (coverage->slices[i]->kind != KIND_RULEBOOK)
			continue;
		coverage->marks[i].grounds = memory_new(record->rulebook->n_grounds + 1);
		coverage->marks[i].prohibitions = memory_new(record->rulebook->n_prohibitions + 1);
	}
	return coverage;
}

void coverage_free(struct coverage *coverage)
{
	if (!coverage)
		return;
	for (size_t i = 0; i < coverage->count; i++) {
		free(coverage->marks[i].grounds);
		free(coverage->marks[i].prohibitions);
	}
	free(coverage->marks);
	free(coverage);
}

/* By its digest: a record that a case gave has the id, but not the bytes.  NULL if none. */
static struct mark *mark_of(struct coverage *coverage, const Carnet__V1__RecordReference *record)
{
	struct buffer digest = {0};
	struct mark *found = NULL;
	size_t count;
	const struct record_slice *const *slices =
		record_set_find(coverage->records, kind_named(bytes_of_string(record->kind)),
				bytes_of_string(record->id), &count);

	for (size_t i = 0; i < count && !found; i++) {
		buffer_clear(&digest);
		base64url_append(&digest, hash_view(&slices[i]->digest));
		if (bytes_equal_string(buffer_bytes(&digest), record->digest))
			found = &coverage->marks[slices + i - coverage->slices];
	}
	buffer_release(&digest);
	return found;
}

static void note_parts(struct coverage *coverage, struct mark *mark,
		       const Carnet__V1__Opinion *opinion)
{
	const Carnet__V1__Rulebook *rulebook =
		coverage->slices[mark - coverage->marks]->record->rulebook;

	for (size_t i = 0; i < rulebook->n_grounds; i++)
		for (size_t j = 0; j < opinion->n_grounds; j++)
			if (!strcmp(rulebook->grounds[i]->id, opinion->grounds[j]->ground) &&
			    opinion->grounds[j]->result == CARNET__V1__TRUTH__TRUTH_TRUE)
				mark->grounds[i] = true;
	for (size_t i = 0; i < rulebook->n_prohibitions; i++)
		if (!strcmp(rulebook->prohibitions[i]->id, opinion->decided_by))
			mark->prohibitions[i] = true;
}

void coverage_note(struct coverage *coverage, const Carnet__V1__Decision *decision)
{
	for (size_t i = 0; i < decision->n_opinions; i++) {
		const Carnet__V1__Opinion *opinion = decision->opinions[i];

		for (size_t j = 0; j < opinion->n_records; j++) {
			struct mark *mark = mark_of(coverage, opinion->records[j]);

			if (!mark)
				continue;
			mark->touched = true;
			if (mark->grounds)
				note_parts(coverage, mark, opinion);
		}
	}
}

/* ---- Counting ---- */

struct tally {
	size_t touched, of;
};

static void tally_add(struct tally *tally, bool touched)
{
	tally->touched += touched;
	tally->of++;
}

/* Whether the record belongs to this law: a finding's `by`, an instrument's `laws`. */
static bool is_of(const Carnet__V1__Record *record, const char *law)
{
	if (record->body_case == CARNET__V1__RECORD__BODY_FINDING)
		return !strcmp(record->finding->by, law);
	if (record->body_case == CARNET__V1__RECORD__BODY_ORDER)
		return !strcmp(record->order->by, law);
	for (size_t i = 0; i < record->instrument->n_laws; i++)
		if (!strcmp(record->instrument->laws[i]->rulebook, law))
			return true;
	return false;
}

static struct tally tally_kind(const struct coverage *coverage, enum kind kind, const char *law)
{
	struct tally tally = {0};
	size_t count;
	const struct record_slice *const *slices = record_set_kind(coverage->records, kind, &count);

	for (size_t i = 0; i < count; i++)
		if (!law || is_of(slices[i]->record, law))
			tally_add(&tally, coverage->marks[slices + i - coverage->slices].touched);
	return tally;
}

struct row {
	struct tally slices, grounds, prohibitions, kinds[OF_LAWS];
};

/* All slices of one law. */
static struct row row_of(const struct coverage *coverage, const char *law)
{
	struct row row = {0};

	for (size_t i = 0; i < coverage->count; i++) {
		const struct record_slice *slice = coverage->slices[i];
		const struct mark *mark = &coverage->marks[i];

		if (slice->kind != KIND_RULEBOOK || strcmp(slice->record->id, law))
			continue;
		tally_add(&row.slices, mark->touched);
		for (size_t j = 0; j < slice->record->rulebook->n_grounds; j++)
			tally_add(&row.grounds, mark->grounds[j]);
		for (size_t j = 0; j < slice->record->rulebook->n_prohibitions; j++)
			tally_add(&row.prohibitions, mark->prohibitions[j]);
	}
	for (size_t i = 0; i < OF_LAWS; i++)
		row.kinds[i] = tally_kind(coverage, of_laws[i], law);
	return row;
}

/* The next law after `law`, in the order of ids; NULL: the first, and none. */
static const char *next_law(const struct coverage *coverage, const char *law)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_kind(coverage->records, KIND_RULEBOOK, &count);

	for (size_t i = 0; i < count; i++)
		if (!law || strcmp(slices[i]->record->id, law) > 0)
			return slices[i]->record->id;
	return NULL;
}

/* Kinds that no answer can rest on. */
static bool is_judged(enum kind kind)
{
	return kind != KIND_EXPECTATION && kind != KIND_LOG && kind != KIND_PERSON;
}

/* Kinds of which there are so many words that only their number is worth a line. */
static bool is_word(enum kind kind)
{
	return kind == KIND_AREA || kind == KIND_DATA_CATEGORY || kind == KIND_PURPOSE ||
	       kind == KIND_TERM;
}

/* ---- For people ---- */

enum { TALLY_SIZE = 48 };

static const char *tally_text(struct tally tally, char text[TALLY_SIZE])
{
	snprintf(text, TALLY_SIZE, tally.of ? "%zu/%zu" : "-", tally.touched, tally.of);
	return text;
}

static void print_laws(const struct coverage *coverage)
{
	static const char *const columns[] = {"RULEBOOK", "SLICES",      "GROUNDS", "PROHIBITIONS",
					      "FINDINGS", "INSTRUMENTS", "ORDERS"};
	struct table *table = table_new(columns, sizeof(columns) / sizeof(columns[0]));

	for (const char *law = next_law(coverage, NULL); law; law = next_law(coverage, law)) {
		struct row row = row_of(coverage, law);
		char texts[3 + OF_LAWS][TALLY_SIZE];
		const char *cells[1 + 3 + OF_LAWS] = {law, tally_text(row.slices, texts[0]),
						      tally_text(row.grounds, texts[1]),
						      tally_text(row.prohibitions, texts[2])};

		for (size_t i = 0; i < OF_LAWS; i++)
			cells[4 + i] = tally_text(row.kinds[i], texts[3 + i]);
		table_add(table, cells);
	}
	table_print(table);
	table_free(table);
}

static void print_kinds(const struct coverage *coverage)
{
	static const char *const columns[] = {"KIND", "TOUCHED"};
	struct table *table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	char text[TALLY_SIZE];

	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		struct tally tally = tally_kind(coverage, (enum kind)kind, NULL);
		const char *cells[] = {kind_name((enum kind)kind), tally_text(tally, text)};

		if (tally.of && is_judged((enum kind)kind))
			table_add(table, cells);
	}
	table_print(table);
	table_free(table);
}

static void begin_line(const struct record_slice *slice, struct buffer *out)
{
	buffer_printf(out, "  %s/", kind_name(slice->kind));
	output_append_plain(out, slice->record->id);
	buffer_append_string(out, *slice->record->from ? "@" : "");
	output_append_plain(out, slice->record->from);
}

static void append_parts(const struct record_slice *slice, const struct mark *mark,
			 struct buffer *out)
{
	const Carnet__V1__Rulebook *rulebook = slice->record->rulebook;

	for (size_t i = 0; i < rulebook->n_grounds; i++) {
		if (mark->grounds[i])
			continue;
		begin_line(slice, out);
		buffer_append_string(out, " ground ");
		output_append_plain(out, rulebook->grounds[i]->id);
		buffer_append_byte(out, '\n');
	}
	for (size_t i = 0; i < rulebook->n_prohibitions; i++) {
		if (mark->prohibitions[i])
			continue;
		begin_line(slice, out);
		buffer_append_string(out, " prohibition ");
		output_append_plain(out, rulebook->prohibitions[i]->id);
		buffer_append_byte(out, '\n');
	}
}

void coverage_print(const struct coverage *coverage)
{
	struct buffer text = {0};

	printf("What the cases touch\n\n");
	print_laws(coverage);
	printf("\n");
	print_kinds(coverage);
	for (size_t i = 0; i < coverage->count; i++) {
		const struct record_slice *slice = coverage->slices[i];
		const struct mark *mark = &coverage->marks[i];

		if (is_judged(slice->kind) && !is_word(slice->kind) && !mark->touched) {
			begin_line(slice, &text);
			buffer_append_byte(&text, '\n');
		} else if (mark->grounds) {
			append_parts(slice, mark, &text);
		}
	}
	printf(text.size ? "\nNo case touches\n" : "\nEvery rule and every record is touched\n");
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

/* ---- For programs ---- */

static void tally_json(const char *name, struct tally tally, struct json_writer *json)
{
	json_member(json, bytes_of_string(name));
	json_begin_object(json);
	json_member_integer(json, "of", (int64_t)tally.of);
	json_member_integer(json, "touched", (int64_t)tally.touched);
	json_end_object(json);
}

static void laws_json(const struct coverage *coverage, struct json_writer *json)
{
	static const char *const names[OF_LAWS] = {"findings", "instruments", "orders"};

	json_member(json, BYTES_LITERAL("rulebooks"));
	json_begin_array(json);
	for (const char *law = next_law(coverage, NULL); law; law = next_law(coverage, law)) {
		struct row row = row_of(coverage, law);

		json_begin_object(json);
		json_member_string(json, "rulebook", bytes_of_string(law));
		tally_json("slices", row.slices, json);
		tally_json("grounds", row.grounds, json);
		tally_json("prohibitions", row.prohibitions, json);
		for (size_t i = 0; i < OF_LAWS; i++)
			tally_json(names[i], row.kinds[i], json);
		json_end_object(json);
	}
	json_end_array(json);
}

static void kinds_json(const struct coverage *coverage, struct json_writer *json)
{
	json_member(json, BYTES_LITERAL("kinds"));
	json_begin_object(json);
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (is_judged((enum kind)kind))
			tally_json(kind_name((enum kind)kind),
				   tally_kind(coverage, (enum kind)kind, NULL), json);
	json_end_object(json);
}

/* `part`, with the name of the member that holds its id; NULL: the record as a whole. */
static void untouched_json(const struct record_slice *slice, const char *part, const char *id,
			   struct json_writer *json)
{
	json_begin_object(json);
	json_member_string(json, "kind", bytes_of_string(kind_name(slice->kind)));
	json_member_string(json, "id", bytes_of_string(slice->record->id));
	json_member_string(json, "from", bytes_of_string(slice->record->from));
	if (part)
		json_member_string(json, part, bytes_of_string(id));
	json_end_object(json);
}

static void parts_json(const struct record_slice *slice, const struct mark *mark,
		       struct json_writer *json)
{
	const Carnet__V1__Rulebook *rulebook = slice->record->rulebook;

	for (size_t i = 0; i < rulebook->n_grounds; i++)
		if (!mark->grounds[i])
			untouched_json(slice, "ground", rulebook->grounds[i]->id, json);
	for (size_t i = 0; i < rulebook->n_prohibitions; i++)
		if (!mark->prohibitions[i])
			untouched_json(slice, "prohibition", rulebook->prohibitions[i]->id, json);
}

void coverage_json(const struct coverage *coverage, struct json_writer *json)
{
	json_begin_object(json);
	laws_json(coverage, json);
	kinds_json(coverage, json);
	json_member(json, BYTES_LITERAL("untouched"));
	json_begin_array(json);
	for (size_t i = 0; i < coverage->count; i++) {
		const struct record_slice *slice = coverage->slices[i];
		const struct mark *mark = &coverage->marks[i];

		if (is_judged(slice->kind) && !is_word(slice->kind) && !mark->touched)
			untouched_json(slice, NULL, NULL, json);
		else if (mark->grounds)
			parts_json(slice, mark, json);
	}
	json_end_array(json);
	json_end_object(json);
}
