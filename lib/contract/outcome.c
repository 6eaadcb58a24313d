#include "contract/outcome.h"

#include <string.h>

#include "base/json.h"
#include "contract/answer.h"
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

struct bytes outcome_write(const Carnet__V1__Decision *answer, struct arena *arena)
{
	struct buffer text = {0};
	struct bytes result;

	for (int detail = DETAIL_CONDITIONS; detail < DETAIL_COUNT; detail++) {
		Carnet__V1__Decision outcome = trim(answer, (enum detail)detail, arena);
		struct json_writer json = {.out = &text};

		buffer_clear(&text);
		mapping_write_json(&outcome.base, &json);
		if (text.size <= OUTCOME_SIZE_MAX)
			break;
	}
	result = arena_copy(arena, buffer_bytes(&text));
	buffer_release(&text);
	return result;
}
