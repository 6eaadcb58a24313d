#include "client/inquiry.h"

#include <string.h>

#include "client/output.h"
#include "client/page.h"
#include "text/mapping.h"
#include "text/names.h"

/* ---- The question ---- */

static void list(struct buffer *out, const char *before, char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buffer_append_string(out, i ? ", " : before);
		output_append_plain(out, words[i]);
	}
}

static void write_data(const Carnet__V1__CheckRequest *request, struct buffer *out)
{
	output_append_plain(out, *request->exporter ? request->exporter : request->data_set);
	if (*request->exporter && *request->data_set) {
		buffer_append_string(out, ", ");
		output_append_plain(out, request->data_set);
	}
	list(out, " [", request->categories, request->n_categories);
	buffer_append_string(out, request->n_categories ? "]" : "");
}

/* "carrier-be (transmission, storage BE)" */
static void write_recipient(const Carnet__V1__Recipient *recipient, struct buffer *out)
{
	const char *mode = names_value(&carnet__v1__access_mode__descriptor, (int)recipient->mode);
	const char *before = " (";

	output_append_plain(out, *recipient->party ? recipient->party : "nobody named");
	if (recipient->mode && mode) {
		buffer_append_string(out, before);
		for (; *mode; mode++) /* as YAML writes it */
			buffer_append_byte(out, *mode == '_' ? '-' : (uint8_t)(*mode | 0x20));
		before = ", ";
	}
	if (recipient->n_storage) {
		buffer_append_string(out, before);
		list(out, "storage ", recipient->storage, recipient->n_storage);
		before = ", ";
	}
	if (recipient->n_access) {
		buffer_append_string(out, before);
		list(out, "access ", recipient->access, recipient->n_access);
		before = ", ";
	}
	if (*recipient->engagement) {
		buffer_append_string(out, before);
		buffer_append_string(out, "engagement ");
		output_append_plain(out, recipient->engagement);
		before = ", ";
	}
	buffer_append_string(out, *before == ',' ? ")" : "");
}

static void write_value(const Carnet__V1__Value *value, struct buffer *out)
{
	switch (value->value_case) {
	case CARNET__V1__VALUE__VALUE_FLAG:
		buffer_append_string(out, value->flag ? "true" : "false");
		return;
	case CARNET__V1__VALUE__VALUE_NUMBER:
		buffer_printf(out, "%lld", (long long)value->number);
		return;
	case CARNET__V1__VALUE__VALUE_TEXT:
		output_append_plain(out, value->text);
		return;
	case CARNET__V1__VALUE__VALUE_LIST:
		for (size_t i = 0; i < value->list->n_of; i++) {
			buffer_append_string(out, i ? "," : "");
			write_value(value->list->of[i], out);
		}
		return;
	default:
		return;
	}
}

static void write_facts(const Carnet__V1__CheckRequest *request, struct buffer *out)
{
	for (size_t i = 0; i < request->n_facts; i++) {
		const Carnet__V1__Fact *fact = request->facts[i];

		buffer_append_string(out, i ? ", " : "; says ");
		output_append_plain(out, fact->name);
		buffer_append_byte(out, '=');
		if (fact->value)
			write_value(fact->value, out);
	}
	for (size_t i = 0; i < request->n_performs; i++) {
		const Carnet__V1__Performance *one = request->performs[i];
		bool no = one->answer == CARNET__V1__ANSWER__ANSWER_NO;

		buffer_append_string(out, i ? ", " : "; performs ");
		output_append_plain(out, one->duty);
		buffer_append_string(out, no ? "=no" : "");
	}
}

void inquiry_write(const Carnet__V1__CheckRequest *request, const Carnet__V1__Decision *decision,
		   struct buffer *out)
{
	const char *on = *request->as_of ? request->as_of : decision ? decision->as_of : "";

	write_data(request, out);
	for (size_t i = 0; i < request->n_recipients; i++) {
		buffer_append_string(out, i ? ", then " : " to ");
		write_recipient(request->recipients[i], out);
	}
	if (*request->purpose) {
		buffer_append_string(out, ", for ");
		output_append_plain(out, request->purpose);
	}
	if (*on) {
		buffer_append_string(out, ", on ");
		output_append_plain(out, on);
	}
	write_facts(request, out);
	if (request->n_given)
		buffer_printf(out, "; %zu record%s given", request->n_given,
			      request->n_given == 1 ? "" : "s");
}

/* ---- Why it came out otherwise ---- */

/* Words and places are on the record of every answer; what decided is not among them. */
static bool tells(const Carnet__V1__RecordReference *record)
{
	static const char *const quiet[] = {"area", "data-category", "purpose", "term"};

	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		if (!strcmp(record->kind, quiet[i]))
			return false;
	return true;
}

/* "agreement/acme.globex@2024-01-01" */
static void write_record(const Carnet__V1__RecordReference *record, struct buffer *out)
{
	output_append_plain(out, record->kind);
	buffer_append_byte(out, '/');
	output_append_plain(out, record->id);
	buffer_append_string(out, *record->from ? "@" : "");
	output_append_plain(out, record->from);
}

static void write_records(const Carnet__V1__Opinion *opinion, const char *indent,
			  struct buffer *out)
{
	bool any = false;

	for (size_t i = 0; i < opinion->n_records; i++) {
		if (!tells(opinion->records[i]))
			continue;
		buffer_printf(out, "%s%s", any ? ", " : indent, any ? "" : "  on: ");
		write_record(opinion->records[i], out);
		any = true;
	}
	buffer_append_string(out, any ? "\n" : "");
}

static void write_sentences(Carnet__V1__Reason *const *reasons, size_t count, const char *indent,
			    struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		buffer_printf(out, "%s  - ", indent);
		output_append_plain(out, reasons[i]->text);
		buffer_append_string(out, " (");
		output_append_plain(out, reasons[i]->code);
		buffer_append_string(out, ")\n");
	}
}

/* The ground that was expected to decide, if the rulebook looked at one of that name. */
static const Carnet__V1__GroundResult *expected_ground(const struct case_difference *difference)
{
	const Carnet__V1__Opinion *opinion = difference->opinion;

	for (size_t i = 0; opinion && i < opinion->n_grounds; i++)
		if (!strcmp(opinion->grounds[i]->ground, difference->expected))
			return opinion->grounds[i];
	return NULL;
}

static void write_opinion(const Carnet__V1__Opinion *opinion, const char *indent,
			  struct buffer *out)
{
	buffer_printf(out, "%s  ", indent);
	output_append_plain(out, *opinion->rulebook ? opinion->rulebook : "(no rulebook)");
	buffer_printf(out, " says %s by ", page_verdict(opinion->verdict));
	output_append_plain(out, opinion->decided_by);
	buffer_append_string(out, *opinion->cite ? ", " : "");
	output_append_plain(out, opinion->cite);
	buffer_append_byte(out, '\n');
	write_sentences(opinion->reasons, opinion->n_reasons, indent, out);
	write_records(opinion, indent, out);
}

void inquiry_explain(const struct case_difference *difference, const char *indent,
		     struct buffer *out)
{
	const Carnet__V1__GroundResult *ground = expected_ground(difference);

	buffer_append_string(out, indent);
	output_append_plain(out, difference->text);
	buffer_append_byte(out, '\n');
	if (ground && ground->n_failed) {
		buffer_printf(out, "%s  %s does not hold:\n", indent, ground->ground);
		write_sentences(ground->failed, ground->n_failed, indent, out);
	}
	if (difference->opinion)
		write_opinion(difference->opinion, indent, out);
}

/* ---- The same for programs ---- */

static void reasons_json(const char *name, Carnet__V1__Reason *const *reasons, size_t count,
			 struct json_writer *json)
{
	json_member(json, bytes_of_string(name));
	json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		mapping_write_json(&reasons[i]->base, json);
	json_end_array(json);
}

static void opinion_json(const Carnet__V1__Opinion *opinion, struct json_writer *json)
{
	json_member_string(json, "rulebook", bytes_of_string(opinion->rulebook));
	json_member_string(json, "decided_by", bytes_of_string(opinion->decided_by));
	json_member_string(json, "cite", bytes_of_string(opinion->cite));
	reasons_json("reasons", opinion->reasons, opinion->n_reasons, json);
	json_member(json, BYTES_LITERAL("records"));
	json_begin_array(json);
	for (size_t i = 0; i < opinion->n_records; i++)
		if (tells(opinion->records[i]))
			mapping_write_json(&opinion->records[i]->base, json);
	json_end_array(json);
}

void inquiry_explain_json(const struct case_difference *difference, struct json_writer *json)
{
	const Carnet__V1__GroundResult *ground = expected_ground(difference);

	json_begin_object(json);
	json_member_string(json, "what", bytes_of_string(difference->what));
	json_member_string(json, "expected", bytes_of_string(difference->expected));
	json_member_string(json, "found", bytes_of_string(difference->found));
	json_member_string(json, "text", bytes_of_string(difference->text));
	if (ground)
		reasons_json("failed", ground->failed, ground->n_failed, json);
	if (difference->opinion)
		opinion_json(difference->opinion, json);
	json_end_object(json);
}
