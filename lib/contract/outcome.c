#include "contract/outcome.h"

#include <assert.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "contract/answer.h"
#include "crypto/hash.h"
#include "text/allocator.h"
#include "text/mapping.h"

static char nothing[] = "";

/* Shallow copies of messages: an array of new ones with the members of the old. */
#define COPY_ALL(arena, type, items, count) \
	copy_all(arena, (void *const *)(items), count, sizeof(type))

static void *copy_all(struct arena *arena, void *const *items, size_t count, size_t size)
{
	void **copies = arena_array(arena, void *, count);

	for (size_t i = 0; i < count; i++) {
		copies[i] = arena_alloc(arena, size);
		memcpy(copies[i], items[i], size);
	}
	return copies;
}

static Carnet__V1__RecordReference **trim_records(Carnet__V1__RecordReference **records,
						  size_t count, struct arena *arena)
{
	Carnet__V1__RecordReference **out =
		COPY_ALL(arena, Carnet__V1__RecordReference, records, count);

	for (size_t i = 0; i < count; i++) {
		out[i]->revision = 0;
		out[i]->digest = nothing;
	}
	return out;
}

static Carnet__V1__Reason **trim_reasons(Carnet__V1__Reason **reasons, size_t count,
					 struct arena *arena)
{
	Carnet__V1__Reason **out = COPY_ALL(arena, Carnet__V1__Reason, reasons, count);

	for (size_t i = 0; i < count; i++) {
		out[i]->text = nothing;
		out[i]->about = nothing;
		out[i]->records = trim_records(out[i]->records, out[i]->n_records, arena);
	}
	return out;
}

/* How much of the grounds is kept. */
enum detail { DETAIL_CONDITIONS, DETAIL_RESULTS, DETAIL_NONE, DETAIL_COUNT };

static void trim_failures(Carnet__V1__GroundResult *ground, enum detail detail, struct arena *arena)
{
	if (detail != DETAIL_CONDITIONS)
		ground->n_failed = 0;
	ground->failed = trim_reasons(ground->failed, ground->n_failed, arena);
	for (size_t i = 0; i < ground->n_failed; i++) {
		ground->failed[i]->n_records = 0;
		if (*ground->failed[i]->condition)
			ground->failed[i]->expected = nothing;
	}
}

static void trim_grounds(Carnet__V1__Opinion *opinion, enum detail detail, struct arena *arena)
{
	Carnet__V1__GroundResult **all =
		COPY_ALL(arena, Carnet__V1__GroundResult, opinion->grounds, opinion->n_grounds);
	size_t kept = 0;

	for (size_t i = 0; i < opinion->n_grounds && detail != DETAIL_NONE; i++) {
		if (answer_permits(opinion->verdict) &&
		    all[i]->result != CARNET__V1__TRUTH__TRUTH_TRUE)
			continue;
		trim_failures(all[i], detail, arena);
		all[kept++] = all[i];
	}
	opinion->grounds = all;
	opinion->n_grounds = kept;
}

static void trim_opinions(Carnet__V1__Decision *decision, enum detail detail, struct arena *arena)
{
	decision->opinions =
		COPY_ALL(arena, Carnet__V1__Opinion, decision->opinions, decision->n_opinions);
	for (size_t i = 0; i < decision->n_opinions; i++) {
		Carnet__V1__Opinion *opinion = decision->opinions[i];

		opinion->reasons = trim_reasons(opinion->reasons, opinion->n_reasons, arena);
		opinion->records = trim_records(opinion->records, opinion->n_records, arena);
		trim_grounds(opinion, detail, arena);
	}
}

static Carnet__V1__Decision trim(const Carnet__V1__Decision *answer, enum detail detail,
				 struct arena *arena)
{
	Carnet__V1__Decision out = *answer;

	out.n_did_you_mean = 0;
	out.ignored = COPY_ALL(arena, Carnet__V1__Ignored, answer->ignored, answer->n_ignored);
	for (size_t i = 0; i < out.n_ignored; i++)
		out.ignored[i]->did_you_mean = nothing;
	out.reasons = trim_reasons(answer->reasons, answer->n_reasons, arena);
	trim_opinions(&out, detail, arena);
	return out;
}

/* ------------------------------------------------------------------------
 * The core */

enum { CORE_ITEMS_MAX = 16, CORE_TEXT_MAX = 128 };

/* Texts that the core keeps are ids and citations: longer ones say nothing that matters here. */
static char *short_text(char *text)
{
	return strlen(text) <= CORE_TEXT_MAX ? text : nothing;
}

static size_t at_most(size_t count, size_t limit)
{
	return count < limit ? count : limit;
}

static Carnet__V1__Leg *core_leg(const Carnet__V1__Leg *leg, struct arena *arena)
{
	Carnet__V1__Leg *out = allocator_message(arena, &carnet__v1__leg__descriptor);

	out->hop = leg->hop;
	out->exporter = short_text(leg->exporter);
	out->recipient = short_text(leg->recipient);
	out->area = short_text(leg->area);
	out->category = short_text(leg->category);
	out->verdict = leg->verdict;
	return out;
}

/* The weakest leg alone, so that its index is 0. */
static void core_legs(const Carnet__V1__Decision *answer, Carnet__V1__Decision *out,
		      struct arena *arena)
{
	if (answer->weakest_leg >= answer->n_legs)
		return;
	out->legs = arena_array(arena, Carnet__V1__Leg *, 1);
	out->legs[out->n_legs++] = core_leg(answer->legs[answer->weakest_leg], arena);
}

static bool speaks_of(const Carnet__V1__Opinion *opinion, uint32_t leg)
{
	for (size_t i = 0; i < opinion->n_legs; i++)
		if (opinion->legs[i] == leg)
			return true;
	return false;
}

static Carnet__V1__Opinion *core_opinion(const Carnet__V1__Opinion *opinion, struct arena *arena)
{
	Carnet__V1__Opinion *out = allocator_message(arena, &carnet__v1__opinion__descriptor);

	out->rulebook = short_text(opinion->rulebook);
	out->kind = opinion->kind;
	out->verdict = opinion->verdict;
	out->decided_by = short_text(opinion->decided_by);
	out->cite = short_text(opinion->cite);
	out->legs = arena_array(arena, uint32_t, 1);
	out->n_legs = 1; /* leg 0, the one that is there */
	return out;
}

/* What decided: the opinions on the weakest leg that have the decision's verdict. */
static void core_opinions(const Carnet__V1__Decision *answer, size_t limit,
			  Carnet__V1__Decision *out, struct arena *arena)
{
	out->opinions = arena_array(arena, Carnet__V1__Opinion *, limit);
	for (size_t i = 0; i < answer->n_opinions && out->n_opinions < limit; i++)
		if (answer->opinions[i]->verdict == answer->verdict &&
		    speaks_of(answer->opinions[i], answer->weakest_leg))
			out->opinions[out->n_opinions++] = core_opinion(answer->opinions[i], arena);
}

static void core_duties(const Carnet__V1__Decision *answer, size_t limit, Carnet__V1__Decision *out,
			struct arena *arena)
{
	out->n_duties = at_most(answer->n_duties, limit);
	out->duties = COPY_ALL(arena, Carnet__V1__OwedDuty, answer->duties, out->n_duties);
	for (size_t i = 0; i < out->n_duties; i++) {
		out->duties[i]->duty = short_text(out->duties[i]->duty);
		out->duties[i]->n_rulebooks = 0;
		out->duties[i]->n_cites = 0;
	}
}

static void core_reasons(const Carnet__V1__Decision *answer, size_t limit,
			 Carnet__V1__Decision *out, struct arena *arena)
{
	out->n_reasons = at_most(answer->n_reasons, limit);
	out->reasons = COPY_ALL(arena, Carnet__V1__Reason, answer->reasons, out->n_reasons);
	for (size_t i = 0; i < out->n_reasons; i++) {
		Carnet__V1__Reason *reason = out->reasons[i];

		reason->condition = short_text(reason->condition);
		reason->found = short_text(reason->found);
		reason->expected = nothing;
		reason->text = nothing;
		reason->owner = short_text(reason->owner);
		reason->n_records = 0;
	}
}

static Carnet__V1__Trimmed *write_trimmed(struct bytes whole, struct arena *arena)
{
	Carnet__V1__Trimmed *out = allocator_message(arena, &carnet__v1__trimmed__descriptor);
	struct digest digest = hash_of(whole);
	struct buffer text = {0};

	base64url_append(&text, hash_view(&digest));
	out->sha256 = arena_string(arena, buffer_bytes(&text));
	out->size = whole.size;
	buffer_release(&text);
	return out;
}

static Carnet__V1__Decision *core_of(const Carnet__V1__Decision *answer, size_t limit,
				     struct arena *arena)
{
	Carnet__V1__Decision *out = allocator_message(arena, &carnet__v1__decision__descriptor);

	out->verdict = answer->verdict;
	out->authorises = answer->authorises;
	out->advisory = answer->advisory;
	out->holds_until = answer->holds_until;
	out->revision = answer->revision;
	out->revision_digest = answer->revision_digest;
	out->as_of = answer->as_of;
	core_legs(answer, out, arena);
	core_opinions(answer, limit, out, arena);
	core_duties(answer, limit, out, arena);
	core_reasons(answer, limit, out, arena);
	return out;
}

/* ------------------------------------------------------------------------
 * Writing */

static void write_text(const Carnet__V1__Decision *outcome, struct buffer *text)
{
	struct json_writer json = {.out = text};

	buffer_clear(text);
	mapping_write_json(&outcome->base, &json);
}

static void write_detail(const Carnet__V1__Decision *answer, enum detail detail,
			 struct arena *arena, struct buffer *text)
{
	Carnet__V1__Decision outcome = trim(answer, detail, arena);

	write_text(&outcome, text);
}

struct bytes outcome_write_core(const Carnet__V1__Decision *answer, struct arena *arena)
{
	Carnet__V1__Trimmed *trimmed;
	struct buffer text = {0};
	struct bytes result;

	write_detail(answer, DETAIL_CONDITIONS, arena, &text);
	trimmed = write_trimmed(buffer_bytes(&text), arena);
	/* With one of each it fits, whatever the texts need to be written as JSON. */
	for (size_t limit = CORE_ITEMS_MAX; limit; limit /= 2) {
		Carnet__V1__Decision *core = core_of(answer, limit, arena);

		core->trimmed = trimmed;
		write_text(core, &text);
		if (text.size <= OUTCOME_CORE_MAX)
			break;
	}
	assert(text.size <= OUTCOME_CORE_MAX);
	result = arena_copy(arena, buffer_bytes(&text));
	buffer_release(&text);
	return result;
}

struct bytes outcome_write(const Carnet__V1__Decision *answer, struct arena *arena)
{
	struct buffer text = {0};
	struct bytes result;

	for (int detail = DETAIL_CONDITIONS; detail < DETAIL_COUNT; detail++) {
		write_detail(answer, (enum detail)detail, arena, &text);
		if (text.size <= OUTCOME_SIZE_MAX)
			break;
	}
	result = text.size <= OUTCOME_SIZE_MAX ? arena_copy(arena, buffer_bytes(&text))
					       : outcome_write_core(answer, arena);
	buffer_release(&text);
	return result;
}
