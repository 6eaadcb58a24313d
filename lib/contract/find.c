#include "contract/find.h"

#include <string.h>

#include "contract/evidence.h"
#include "contract/overlay.h"
#include "text/allocator.h"
#include "text/mapping.h"

static char nothing[] = "";

const char *find_open_name(enum finder_open open)
{
	static const char *const names[FINDER_OPEN_COUNT] = {
		[FINDER_RECIPIENT] = "recipient", [FINDER_DESTINATION] = "destination",
		[FINDER_DATA_SET] = "data-set",   [FINDER_CATEGORY] = "category",
		[FINDER_PURPOSE] = "purpose",
	};

	return names[open];
}

/* ---- The question ---- */

/* The last recipient, to be changed without touching the sender's; NULL if there is none. */
static Carnet__V1__Recipient *own_last(Carnet__V1__CheckRequest *question, size_t at_least,
				       struct arena *arena)
{
	size_t given = question->n_recipients, count = given < at_least ? at_least : given;
	Carnet__V1__Recipient **recipients = arena_array(arena, Carnet__V1__Recipient *, count);
	Carnet__V1__Recipient *last;

	if (!count)
		return NULL;
	last = allocator_message(arena, &carnet__v1__recipient__descriptor);
	for (size_t i = 0; i < given; i++)
		recipients[i] = question->recipients[i];
	if (given)
		*last = *recipients[count - 1];
	recipients[count - 1] = last;
	question->recipients = recipients;
	question->n_recipients = count;
	return last;
}

static Carnet__V1__CheckRequest *opened(const Carnet__V1__CheckRequest *asked,
					enum finder_open open, struct arena *arena)
{
	Carnet__V1__CheckRequest *question = arena_alloc(arena, sizeof(*question));
	Carnet__V1__Recipient *last;

	*question = *asked;
	last = own_last(question, open == FINDER_RECIPIENT, arena);
	if (open == FINDER_RECIPIENT)
		last->party = nothing;
	else if (last)
		last->n_storage = 0;
	return question;
}

static int complain(struct question_violations *violations, struct error *error)
{
	if (!violations->count)
		return 0;
	return error_set(error, ERR_INVALID, "%s: %s", violations->of[0].field,
			 violations->of[0].description);
}

static int prefix(struct question_violations *violations, struct arena *arena, struct error *error)
{
	for (size_t i = 0; i < violations->count; i++)
		violations->of[i].field =
			arena_printf(arena, "question.%s", violations->of[i].field);
	return complain(violations, error);
}

int find_check(const Carnet__V1__FindRequest *request, enum finder_open open, struct arena *arena,
	       Carnet__V1__CheckRequest **question, struct question_violations *violations,
	       struct error *error)
{
	violations->count = 0;
	if (!request->question) {
		question_violate(violations, "question",
				 "missing; ask with what is known, and one place left open");
		return complain(violations, error);
	}
	*question = opened(request->question, open, arena);
	if (open == FINDER_RECIPIENT)
		question_check_open(*question, arena, violations, NULL);
	else
		question_check(*question, arena, violations, NULL);
	return prefix(violations, arena, error);
}

int find_read(const Carnet__V1__CheckRequest *question, const struct question_frame *frame,
	      struct arena *arena, struct asked *out, struct question_violations *violations,
	      struct error *error)
{
	question_read(question, frame, arena, out, violations, NULL);
	return prefix(violations, arena, error);
}

uint32_t find_page_size(const Carnet__V1__FindRequest *request)
{
	if (!request->page_size)
		return FIND_PAGE_DEFAULT;
	return request->page_size < FIND_PAGE_MAX ? request->page_size : FIND_PAGE_MAX;
}

/* ---- One page ---- */

struct find {
	const struct asked *asked;
	const struct answer_place *place;
	struct arena *arena;
	struct finder *finder;
	uint32_t limit;
	struct bytes last;
	size_t capacity; /* of the list of what was found */
	Carnet__V1__FindResponse *response;
};

/* What can be said before anything is found. */
static void introduce(struct find *find)
{
	const struct decision none = {.as_of = find->asked->question.as_of,
				      .revision = find->asked->question.known_at,
				      .holds_until = DAY_MAX};
	const Carnet__V1__Decision *words =
		answer_write(find->asked, &none, find->place, find->arena);
	Carnet__V1__FindResponse *response = find->response;

	response->advisory = true;
	response->as_of = words->as_of;
	response->revision = words->revision;
	response->revision_digest = words->revision_digest;
	response->n_ignored = words->n_ignored;
	response->ignored = words->ignored;
}

struct find *find_new(const struct asked *asked, enum finder_open open, struct bytes after,
		      uint32_t limit, const struct answer_place *place, struct arena *arena)
{
	struct find *find = arena_alloc(arena, sizeof(*find));

	find->asked = asked;
	find->place = place;
	find->arena = arena;
	find->limit = limit;
	find->last = after;
	find->finder = finder_new(asked->world, &asked->question, open, after, arena);
	find->response = allocator_message(arena, &carnet__v1__find_response__descriptor);
	introduce(find);
	return find;
}

static char **write_duties(struct find *find, const struct decision *decision)
{
	const struct symbols *words = world_words(find->asked->world);
	char **duties = arena_array(find->arena, char *, decision->duty_count);

	for (size_t i = 0; i < decision->duty_count; i++)
		duties[i] =
			arena_string(find->arena, symbols_text(words, decision->duties[i].duty));
	return duties;
}

static void make_room(struct find *find)
{
	Carnet__V1__FindResponse *response = find->response;
	Carnet__V1__Found **more;

	if (response->n_found < find->capacity)
		return;
	find->capacity = find->capacity ? find->capacity * 2 : 16;
	more = arena_array(find->arena, Carnet__V1__Found *, find->capacity);
	if (response->n_found)
		memcpy(more, response->found, response->n_found * sizeof(*more));
	response->found = more;
}

static void keep(struct find *find, const struct decision *decision)
{
	Carnet__V1__Found *found = allocator_message(find->arena, &carnet__v1__found__descriptor);

	found->id = arena_string(find->arena, finder_word(find->finder));
	found->verdict = (Carnet__V1__Verdict)decision->verdict;
	found->n_duties = decision->duty_count;
	found->duties = write_duties(find, decision);
	make_room(find);
	find->response->found[find->response->n_found++] = found;
}

/* The open word is registered; so words that are not are the question's own, and make it
 * a refusal whatever stands in the open place. */
static void tell_unregistered(struct find *find, const struct decision *decision)
{
	Carnet__V1__FindResponse *response = find->response;
	const Carnet__V1__Decision *words;

	if (!decision || decision->leg_count || response->n_reasons)
		return;
	words = answer_write(find->asked, decision, find->place, find->arena);
	response->n_reasons = words->n_reasons;
	response->reasons = words->reasons;
	response->n_did_you_mean = words->n_did_you_mean;
	response->did_you_mean = words->did_you_mean;
}

int find_step(struct find *find, struct arena *scratch, bool *ended, struct error *error)
{
	const struct decision *decision;
	int result;

	*ended = true;
	if (!finder_next(find->finder)) {
		find->response->complete = true;
		return 0;
	}
	/* There is another word to look at: so the page before it is not the last. */
	if (find->response->n_found == find->limit)
		return 0;
	*ended = false;
	result = finder_decide(find->finder, scratch, &decision, error);
	if (result)
		return result;
	find->last = finder_word(find->finder);
	if (finder_permits(decision))
		keep(find, decision);
	else
		tell_unregistered(find, decision);
	return 0;
}

Carnet__V1__FindResponse *find_response(const struct find *find)
{
	return find->response;
}

struct bytes find_last(const struct find *find)
{
	return find->last;
}

/* ---- All at once ---- */

static int take_all_steps(struct find *find, struct error *error)
{
	struct arena *scratch = arena_new(0);
	bool ended = false;
	int result = 0;

	while (!result && !ended) {
		result = find_step(find, scratch, &ended, error);
		arena_reset(scratch);
	}
	arena_free(scratch);
	return result;
}

int find_run(const Carnet__V1__FindRequest *request, enum finder_open open,
	     const struct case_registry *registry, struct arena *arena,
	     Carnet__V1__FindResponse **out, struct error *error)
{
	struct question_frame frame = {registry->world, registry->today, registry->revision};
	struct question_violations violations;
	Carnet__V1__CheckRequest *question;
	struct world *overlay = NULL;
	struct asked asked;
	struct find *find;
	int result = find_check(request, open, arena, &question, &violations, error);

	if (!result && question->n_given) {
		result = overlay_compile(registry->records, question->given, question->n_given,
					 &overlay, error);
		frame.world = overlay;
	}
	if (!result)
		result = find_read(question, &frame, arena, &asked, &violations, error);
	if (!result) {
		find = find_new(&asked, open, (struct bytes){0}, UINT32_MAX, &registry->place,
				arena);
		result = take_all_steps(find, error);
		*out = find_response(find);
	}
	world_free(overlay);
	return result;
}

/* ---- As bytes ---- */

static struct bytes write_json(const ProtobufCMessage *message, struct arena *arena)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};
	struct bytes result;

	mapping_write_json(message, &json);
	result = arena_copy(arena, buffer_bytes(&text));
	buffer_release(&text);
	return result;
}

struct digest find_digest(const Carnet__V1__CheckRequest *question, enum finder_open open,
			  struct arena *arena)
{
	Carnet__V1__CheckRequest same = *question;
	struct bytes parts[3] = {bytes_of_string(find_open_name(open)), BYTES_LITERAL("\n")};

	same.reference = nothing;
	same.receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_UNSPECIFIED;
	parts[2] = evidence_of_body(&same, arena);
	return hash_parts(parts, 3);
}

struct bytes find_body(const Carnet__V1__FindRequest *request, struct arena *arena)
{
	Carnet__V1__FindRequest body = *request;
	Carnet__V1__CheckRequest question;

	if (body.question) {
		question = *body.question;
		question.request_id = nothing;
		body.question = &question;
	}
	return write_json(&body.base, arena);
}

static Carnet__V1__Reason **trim_reasons(const Carnet__V1__FindResponse *response,
					 struct arena *arena)
{
	Carnet__V1__Reason **out = arena_array(arena, Carnet__V1__Reason *, response->n_reasons);

	for (size_t i = 0; i < response->n_reasons; i++) {
		out[i] = arena_alloc(arena, sizeof(*out[i]));
		*out[i] = *response->reasons[i];
		out[i]->text = nothing;
	}
	return out;
}

static Carnet__V1__Ignored **trim_ignored(const Carnet__V1__FindResponse *response,
					  struct arena *arena)
{
	Carnet__V1__Ignored **out = arena_array(arena, Carnet__V1__Ignored *, response->n_ignored);

	for (size_t i = 0; i < response->n_ignored; i++) {
		out[i] = arena_alloc(arena, sizeof(*out[i]));
		*out[i] = *response->ignored[i];
		out[i]->did_you_mean = nothing;
	}
	return out;
}

struct bytes find_outcome(const Carnet__V1__FindResponse *response, struct arena *arena)
{
	Carnet__V1__FindResponse outcome = *response;

	outcome.next_page_token = nothing;
	outcome.receipt = NULL;
	outcome.n_did_you_mean = 0;
	outcome.reasons = trim_reasons(response, arena);
	outcome.ignored = trim_ignored(response, arena);
	return write_json(&outcome.base, arena);
}
