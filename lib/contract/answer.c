#include "contract/answer.h"

#include <string.h>

#include "base/base64.h"
#include "contract/nearest.h"
#include "contract/words.h"
#include "engine/explain.h"
#include "text/allocator.h"

struct writing {
	const struct asked *asked;
	const struct decision *decision;
	struct arena *arena;
	struct buffer scratch;
	uint32_t effort; /* left for did-you-means */
};

/* ---- Texts: everything is copied, so that the answer outlives the world ---- */

static char *text_of(struct writing *writing, struct bytes text)
{
	return arena_string(writing->arena, text);
}

static struct bytes word_text(struct writing *writing, symbol word)
{
	return word == SYMBOL_NONE ? (struct bytes){0}
				   : symbols_text(world_words(writing->asked->world), word);
}

static char *text_of_word(struct writing *writing, symbol word)
{
	return text_of(writing, word_text(writing, word));
}

static char *text_of_digest(struct writing *writing, const uint8_t digest[DIGEST_SIZE])
{
	buffer_clear(&writing->scratch);
	base64url_append(&writing->scratch, bytes_of(digest, DIGEST_SIZE));
	return text_of(writing, buffer_bytes(&writing->scratch));
}

static char *text_of_day(struct writing *writing, day date, day silent)
{
	char text[DATE_TEXT_SIZE] = "";

	if (date != silent)
		date_format(date, text);
	return text_of(writing, bytes_of_string(text));
}

static char **texts_of_words(struct writing *writing, const symbol *words, size_t count)
{
	char **texts = arena_array(writing->arena, char *, count);

	for (size_t i = 0; i < count; i++)
		texts[i] = text_of_word(writing, words[i]);
	return texts;
}

/* An array of messages of one kind, all in their defaults. */
static void *messages(struct writing *writing, const ProtobufCMessageDescriptor *descriptor,
		      size_t count)
{
	void **items = arena_array(writing->arena, void *, count);

	for (size_t i = 0; i < count; i++)
		items[i] = allocator_message(writing->arena, descriptor);
	return items;
}

/* ---- The parts of a decision ---- */

static Carnet__V1__RecordReference **write_records(struct writing *writing, struct records records)
{
	Carnet__V1__RecordReference **out =
		messages(writing, &carnet__v1__record_reference__descriptor, records.count);

	for (size_t i = 0; i < records.count; i++) {
		const struct record *record = records.items[i];

		out[i]->kind = text_of(writing, bytes_of_string(record_kind_name(record->kind)));
		out[i]->id = text_of_word(writing, record->id);
		out[i]->from = text_of_day(writing, record->slice_from, DAY_MIN);
		out[i]->revision = record->revision;
		out[i]->digest = text_of_digest(writing, record->digest);
	}
	return out;
}

static void write_reason(struct writing *writing, const struct reason *reason,
			 Carnet__V1__Reason *out)
{
	const struct world *world = writing->asked->world;
	struct words_parts parts = {
		.word = word_text(writing, reason->word),
		.text = reason->text,
		.field = reason->field,
	};

	buffer_clear(&writing->scratch);
	explain_found(world, reason, &writing->scratch);
	out->found = text_of(writing, buffer_bytes(&writing->scratch));
	buffer_clear(&writing->scratch);
	explain_expected(world, reason, &writing->scratch);
	out->expected = text_of(writing, buffer_bytes(&writing->scratch));
	if (reason->condition)
		parts.condition = reason->condition->text;
	out->condition = text_of(writing, parts.condition);
	out->code = text_of(writing, bytes_of_string(reason_code_name(reason->code)));
	parts.found = bytes_of_string(out->found);
	parts.expected = bytes_of_string(out->expected);
	out->text = words_reason(reason->code, &parts, writing->arena);
	out->about = text_of(writing, parts.word.size ? parts.word : parts.field);
	out->owner = text_of_word(writing, reason->owner);
	out->n_records = reason->records.count;
	out->records = write_records(writing, reason->records);
}

static Carnet__V1__Reason **write_reasons(struct writing *writing, struct reasons reasons)
{
	Carnet__V1__Reason **out =
		messages(writing, &carnet__v1__reason__descriptor, reasons.count);

	for (size_t i = 0; i < reasons.count; i++)
		write_reason(writing, &reasons.items[i], out[i]);
	return out;
}

static void write_legs(struct writing *writing, Carnet__V1__Decision *out)
{
	const struct decision *decision = writing->decision;

	out->n_legs = decision->leg_count;
	out->legs = messages(writing, &carnet__v1__leg__descriptor, decision->leg_count);
	for (size_t i = 0; i < decision->leg_count; i++) {
		const struct leg *leg = &decision->legs[i];

		out->legs[i]->hop = leg->hop;
		out->legs[i]->exporter = text_of_word(writing, leg->exporter);
		out->legs[i]->recipient = text_of_word(writing, leg->recipient);
		out->legs[i]->area = text_of_word(writing, leg->area);
		out->legs[i]->category = text_of_word(writing, leg->category);
		out->legs[i]->verdict = (Carnet__V1__Verdict)leg->verdict;
	}
}

bool answer_permits(Carnet__V1__Verdict verdict)
{
	return verdict == CARNET__V1__VERDICT__VERDICT_NOT_A_TRANSFER ||
	       verdict == CARNET__V1__VERDICT__VERDICT_PERMITTED ||
	       verdict == CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS;
}

static void write_grounds(struct writing *writing, const struct opinion *opinion,
			  Carnet__V1__Opinion *out)
{
	out->n_grounds = opinion->ground_count;
	out->grounds =
		messages(writing, &carnet__v1__ground_result__descriptor, opinion->ground_count);
	for (size_t i = 0; i < opinion->ground_count; i++) {
		const struct ground_result *result = &opinion->grounds[i];

		out->grounds[i]->ground = text_of_word(writing, result->ground->id);
		out->grounds[i]->cite = text_of(writing, result->ground->cite);
		out->grounds[i]->result = (Carnet__V1__Truth)result->result;
		/* What the others lack explains a refusal; beside a permission it is
		 * nine tenths of the answer and explains nothing. */
		if (answer_permits(out->verdict))
			continue;
		out->grounds[i]->n_failed = result->failed.count;
		out->grounds[i]->failed = write_reasons(writing, result->failed);
	}
}

static void write_opinion(struct writing *writing, const struct opinion *opinion,
			  Carnet__V1__Opinion *out)
{
	if (opinion->rulebook) {
		out->rulebook = text_of_word(writing, opinion->rulebook->record.id);
		out->kind = opinion->rulebook->policy
				    ? CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_POLICY
				    : CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_LAW;
	}
	out->verdict = (Carnet__V1__Verdict)opinion->verdict;
	out->decided_by = text_of(writing, opinion->decided_by);
	out->cite = text_of(writing, opinion->cite);
	out->n_legs = opinion->leg_count;
	out->legs = arena_array(writing->arena, uint32_t, opinion->leg_count);
	for (size_t i = 0; i < opinion->leg_count; i++)
		out->legs[i] = opinion->legs[i];
	out->n_reasons = opinion->reasons.count;
	out->reasons = write_reasons(writing, opinion->reasons);
	write_grounds(writing, opinion, out);
	out->n_records = opinion->records.count;
	out->records = write_records(writing, opinion->records);
	out->n_asserted = opinion->asserted_count;
	out->asserted = texts_of_words(writing, opinion->asserted, opinion->asserted_count);
	out->n_duties = opinion->duty_count;
	out->duties = texts_of_words(writing, opinion->duties, opinion->duty_count);
}

static void write_duty(struct writing *writing, const struct owed_duty *duty,
		       Carnet__V1__OwedDuty *out)
{
	out->duty = text_of_word(writing, duty->duty);
	out->performs = (Carnet__V1__Answer)duty->performs;
	out->standing = duty->standing;
	out->n_rulebooks = duty->rulebook_count;
	out->rulebooks = arena_array(writing->arena, char *, duty->rulebook_count);
	for (size_t i = 0; i < duty->rulebook_count; i++)
		out->rulebooks[i] = text_of_word(writing, duty->rulebooks[i]->record.id);
	out->n_cites = duty->cite_count;
	out->cites = arena_array(writing->arena, char *, duty->cite_count);
	for (size_t i = 0; i < duty->cite_count; i++)
		out->cites[i] = text_of(writing, duty->cites[i]);
}

static void write_opinions(struct writing *writing, Carnet__V1__Decision *out)
{
	const struct decision *decision = writing->decision;

	out->n_opinions = decision->opinion_count;
	out->opinions =
		messages(writing, &carnet__v1__opinion__descriptor, decision->opinion_count);
	for (size_t i = 0; i < decision->opinion_count; i++)
		write_opinion(writing, &decision->opinions[i], out->opinions[i]);
	out->n_duties = decision->duty_count;
	out->duties = messages(writing, &carnet__v1__owed_duty__descriptor, decision->duty_count);
	for (size_t i = 0; i < decision->duty_count; i++)
		write_duty(writing, &decision->duties[i], out->duties[i]);
}

static void write_step(struct writing *writing, const struct remedy_step *step,
		       Carnet__V1__RemedyStep *out)
{
	static const char *const acts[] = {[REMEDY_SAY] = "say",
					   [REMEDY_RECORD] = "record",
					   [REMEDY_OBTAIN] = "obtain",
					   [REMEDY_PERFORM] = "perform"};

	out->act = text_of(writing, bytes_of_string(acts[step->act]));
	out->what = text_of(writing, step->text);
	out->owner = text_of_word(writing, step->owner);
	out->effort = step->effort;
	out->exporter = text_of_word(writing, step->exporter);
	out->importer = text_of_word(writing, step->importer);
}

static void write_remedy(struct writing *writing, const struct remedy *remedy,
			 Carnet__V1__Remedy *out)
{
	out->effort = remedy->effort;
	out->n_steps = remedy->step_count;
	out->steps = messages(writing, &carnet__v1__remedy_step__descriptor, remedy->step_count);
	for (size_t i = 0; i < remedy->step_count; i++)
		write_step(writing, remedy->steps[i], out->steps[i]);
}

static void write_remedies(struct writing *writing, Carnet__V1__Decision *out)
{
	const struct decision *decision = writing->decision;

	out->n_remedies = decision->remedy_count;
	out->remedies = messages(writing, &carnet__v1__remedy__descriptor, decision->remedy_count);
	out->remedies_cut = decision->remedies_cut;
	for (size_t i = 0; i < decision->remedy_count; i++)
		write_remedy(writing, &decision->remedies[i], out->remedies[i]);
	out->n_beyond_remedy = decision->beyond_remedy_count;
	out->beyond_remedy = messages(writing, &carnet__v1__beyond_remedy__descriptor,
				      decision->beyond_remedy_count);
	for (size_t i = 0; i < decision->beyond_remedy_count; i++) {
		const struct beyond_remedy *beyond = &decision->beyond_remedy[i];

		if (beyond->rulebook)
			out->beyond_remedy[i]->rulebook =
				text_of_word(writing, beyond->rulebook->record.id);
		out->beyond_remedy[i]->decided_by = text_of(writing, beyond->decided_by);
	}
}

static void write_absent(struct writing *writing, Carnet__V1__Decision *out)
{
	const struct decision *decision = writing->decision;

	out->n_absent = decision->absent_count;
	out->absent = arena_array(writing->arena, char *, decision->absent_count);
	for (size_t i = 0; i < decision->absent_count; i++) {
		buffer_clear(&writing->scratch);
		explain_absence(&decision->absent[i], &writing->scratch);
		out->absent[i] = text_of(writing, buffer_bytes(&writing->scratch));
	}
}

static void write_ignored(struct writing *writing, Carnet__V1__Decision *out)
{
	const struct asked *asked = writing->asked;

	out->n_ignored = asked->ignored_count;
	out->ignored = messages(writing, &carnet__v1__ignored__descriptor, asked->ignored_count);
	for (size_t i = 0; i < asked->ignored_count; i++) {
		struct bytes name = asked->ignored[i];
		struct bytes near = nearest_word(asked, REASON_NONE, name, &writing->effort);

		out->ignored[i]->name = text_of(writing, name);
		/* A fact of records is registered, and still not for the caller to state. */
		out->ignored[i]->did_you_mean =
			text_of(writing, bytes_equal(near, name) ? (struct bytes){0} : near);
	}
}

/* One for each word of the question that nothing is registered under and something
 * is near to. */
static void write_suggestions(struct writing *writing, Carnet__V1__Decision *out)
{
	const struct reasons *reasons = &writing->decision->reasons;
	Carnet__V1__Suggestion **all =
		messages(writing, &carnet__v1__suggestion__descriptor, reasons->count);

	for (size_t i = 0; i < reasons->count; i++) {
		const struct reason *reason = &reasons->items[i];
		Carnet__V1__Suggestion *one = all[out->n_did_you_mean];
		struct bytes near;

		if (!reason->text.size)
			continue;
		near = nearest_word(writing->asked, reason->code, reason->text, &writing->effort);
		if (!near.size)
			continue;
		one->field = text_of(writing, reason->field);
		one->given = text_of(writing, reason->text);
		one->did_you_mean = text_of(writing, near);
		out->n_did_you_mean++;
	}
	out->did_you_mean = all;
}

static bool duties_are_accepted(const Carnet__V1__Decision *decision)
{
	for (size_t i = 0; i < decision->n_duties; i++)
		if (!decision->duties[i]->standing &&
		    decision->duties[i]->performs != CARNET__V1__ANSWER__ANSWER_YES)
			return false;
	return true;
}

static void write_authority(struct writing *writing, const struct answer_place *place,
			    Carnet__V1__Decision *out)
{
	static const struct digest none;

	out->revision = writing->decision->revision;
	if (!hash_equal(&place->revision_digest, &none))
		out->revision_digest = text_of_digest(writing, place->revision_digest.bytes);
	out->advisory = writing->asked->advisory || !place->live;
	out->authorises = !out->advisory && place->confirmed && answer_permits(out->verdict) &&
			  duties_are_accepted(out);
}

Carnet__V1__Decision *answer_write(const struct asked *asked, const struct decision *decision,
				   const struct answer_place *place, struct arena *arena)
{
	struct writing writing = {
		.asked = asked, .decision = decision, .arena = arena, .effort = NEAREST_EFFORT};
	Carnet__V1__Decision *out = allocator_message(arena, &carnet__v1__decision__descriptor);

	out->verdict = (Carnet__V1__Verdict)decision->verdict;
	out->weakest_leg = decision->weakest_leg;
	write_legs(&writing, out);
	write_opinions(&writing, out);
	out->n_reasons = decision->reasons.count;
	out->reasons = write_reasons(&writing, decision->reasons);
	write_remedies(&writing, out);
	out->holds_until = text_of_day(&writing, decision->holds_until, DAY_MAX);
	out->as_of = text_of_day(&writing, decision->as_of, DAY_MIN);
	write_absent(&writing, out);
	write_ignored(&writing, out);
	write_suggestions(&writing, out);
	write_authority(&writing, place, out);
	buffer_release(&writing.scratch);
	return out;
}

Carnet__V1__RecordReference **answer_records(const struct asked *asked, struct records records,
					     struct arena *arena)
{
	struct writing writing = {.asked = asked, .arena = arena};
	Carnet__V1__RecordReference **out = write_records(&writing, records);

	buffer_release(&writing.scratch);
	return out;
}

static enum reason_code code_named(const char *name)
{
	for (int code = REASON_NONE + 1; code < REASON_CODE_COUNT; code++)
		if (strcmp(reason_code_name((enum reason_code)code), name) == 0)
			return (enum reason_code)code;
	return REASON_NONE;
}

/* A code that is newer than this program keeps its sentence. */
static void reword_reasons(Carnet__V1__Reason **reasons, size_t count, enum language language,
			   struct arena *arena)
{
	for (size_t i = 0; i < count; i++) {
		Carnet__V1__Reason *reason = reasons[i];
		enum reason_code code = code_named(reason->code);
		struct words_parts parts = {
			.word = bytes_of_string(reason->about),
			.text = bytes_of_string(reason->found),
			.field = bytes_of_string(reason->about),
			.condition = bytes_of_string(reason->condition),
			.found = bytes_of_string(reason->found),
			.expected = bytes_of_string(reason->expected),
		};

		if (code)
			reason->text = words_reason_in(language, code, &parts, arena);
	}
}

void answer_reword(Carnet__V1__Decision *decision, enum language language, struct arena *arena)
{
	reword_reasons(decision->reasons, decision->n_reasons, language, arena);
	for (size_t i = 0; i < decision->n_opinions; i++) {
		Carnet__V1__Opinion *opinion = decision->opinions[i];

		reword_reasons(opinion->reasons, opinion->n_reasons, language, arena);
		for (size_t j = 0; j < opinion->n_grounds; j++)
			reword_reasons(opinion->grounds[j]->failed, opinion->grounds[j]->n_failed,
				       language, arena);
	}
}

const char *answer_leaf_kind(const Carnet__V1__Decision *decision)
{
	return decision->advisory ? "advisory" : "decision";
}

int answer_exit_code(const Carnet__V1__Decision *decision)
{
	if (decision->authorises)
		return 0;
	if (decision->verdict == CARNET__V1__VERDICT__VERDICT_DENIED)
		return 1;
	return answer_permits(decision->verdict) ? 5 : 3;
}
