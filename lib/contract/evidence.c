#include "contract/evidence.h"

#include "base/json.h"
#include "contract/outcome.h"
#include "text/mapping.h"

/* One value at a time: begin, write, end. */
struct drafting {
	struct arena *arena;
	struct buffer text;
	struct json_writer json;
};

static struct json_writer *begin(struct drafting *draft)
{
	buffer_clear(&draft->text);
	draft->json = (struct json_writer){.out = &draft->text};
	return &draft->json;
}

static struct bytes end(struct drafting *draft)
{
	return arena_copy(draft->arena, buffer_bytes(&draft->text));
}

static void member_if_any(struct json_writer *json, const char *name, struct bytes text)
{
	if (text.size)
		json_member_string(json, name, text);
}

static struct bytes write_message(struct drafting *draft, const ProtobufCMessage *message)
{
	mapping_write_json(message, begin(draft));
	return end(draft);
}

static struct bytes write_subject(struct drafting *draft, const struct evidence_call *call)
{
	struct json_writer *json = begin(draft);

	json_begin_object(json);
	member_if_any(json, "identity", call->identity);
	member_if_any(json, "on_behalf_of", call->on_behalf_of);
	json_member(json, BYTES_LITERAL("roles"));
	json_begin_array(json);
	for (size_t i = 0; i < call->role_count; i++)
		json_write_string(json, call->roles[i]);
	json_end_array(json);
	json_end_object(json);
	return end(draft);
}

/* What was asked, whoever asks and whenever. */
static Carnet__V1__CheckRequest bare_request(const Carnet__V1__CheckRequest *request)
{
	static char nothing[] = "";
	Carnet__V1__CheckRequest bare = *request;

	bare.n_facts = 0;
	bare.facts = NULL;
	bare.reference = nothing;
	bare.request_id = nothing;
	bare.min_revision = 0;
	bare.receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_UNSPECIFIED;
	return bare;
}

static struct bytes write_request(struct drafting *draft, const Carnet__V1__CheckRequest *request)
{
	Carnet__V1__CheckRequest bare = bare_request(request);

	return write_message(draft, &bare.base);
}

static struct bytes write_search(struct drafting *draft, const Carnet__V1__CheckRequest *request,
				 const struct evidence_search *search)
{
	Carnet__V1__CheckRequest bare = bare_request(request);
	struct json_writer *json = begin(draft);

	json_begin_object(json);
	member_if_any(json, "after", search->after);
	json_member_string(json, "open", bytes_of_string(search->open));
	json_member_integer(json, "page_size", search->page_size);
	json_member(json, BYTES_LITERAL("question"));
	mapping_write_json(&bare.base, json);
	json_end_object(json);
	return end(draft);
}

static void write_facts(struct json_writer *json, const Carnet__V1__CheckRequest *request)
{
	json_member(json, BYTES_LITERAL("facts"));
	json_begin_object(json);
	for (size_t i = 0; i < request->n_facts; i++) {
		json_member(json, bytes_of_string(request->facts[i]->name));
		mapping_write_json(&request->facts[i]->value->base, json);
	}
	json_end_object(json);
}

static struct bytes write_context(struct drafting *draft, const Carnet__V1__CheckRequest *request,
				  const struct evidence_call *call)
{
	struct json_writer *json = begin(draft);
	char instant[INSTANT_TEXT_SIZE];

	json_begin_object(json);
	member_if_any(json, "door", call->door);
	if (request->n_facts)
		write_facts(json, request);
	json_member_string(json, "instant",
			   bytes_of_string(instant_format(call->instant, instant)));
	member_if_any(json, "reference", bytes_of_string(request->reference));
	json_member_integer(json, "registry_age_ms", call->registry_age_ms);
	member_if_any(json, "request_id", bytes_of_string(request->request_id));
	member_if_any(json, "trace", call->trace);
	json_end_object(json);
	return end(draft);
}

static struct bytes write_evidence(struct drafting *draft, const struct asked *asked,
				   const struct decision *decision,
				   const Carnet__V1__Decision *answer)
{
	Carnet__V1__RecordReference **records =
		answer_records(asked, decision->records, draft->arena);
	struct json_writer *json = begin(draft);

	json_begin_object(json);
	json_member(json, BYTES_LITERAL("absent"));
	json_begin_array(json);
	for (size_t i = 0; i < answer->n_absent; i++)
		json_write_string(json, bytes_of_string(answer->absent[i]));
	json_end_array(json);
	json_member(json, BYTES_LITERAL("records"));
	json_begin_array(json);
	for (size_t i = 0; i < decision->records.count; i++)
		mapping_write_json(&records[i]->base, json);
	json_end_array(json);
	json_end_object(json);
	return end(draft);
}

void evidence_write_answer(const struct asked *asked, const struct decision *decision,
			   const Carnet__V1__Decision *answer, struct arena *arena,
			   struct evidence *out)
{
	struct drafting draft = {.arena = arena};

	out->request = write_request(&draft, asked->request);
	out->evidence = write_evidence(&draft, asked, decision, answer);
	out->outcome = outcome_write(answer, arena);
	buffer_release(&draft.text);
}

void evidence_write_call(const Carnet__V1__CheckRequest *request, const struct evidence_call *call,
			 struct arena *arena, struct evidence *out)
{
	struct drafting draft = {.arena = arena};

	out->subject = write_subject(&draft, call);
	out->context = write_context(&draft, request, call);
	buffer_release(&draft.text);
}

void evidence_write_search(const struct asked *asked, const struct evidence_search *search,
			   const struct evidence_call *call, struct arena *arena,
			   struct evidence *out)
{
	struct drafting draft = {.arena = arena};

	*out = (struct evidence){.outcome = search->outcome};
	out->subject = write_subject(&draft, call);
	out->request = write_search(&draft, asked->request, search);
	out->context = write_context(&draft, asked->request, call);
	buffer_release(&draft.text);
}

struct bytes evidence_of_body(const Carnet__V1__CheckRequest *request, struct arena *arena)
{
	static char nothing[] = "";
	struct drafting draft = {.arena = arena};
	Carnet__V1__CheckRequest body = *request;
	struct bytes text;

	body.request_id = nothing;
	text = write_message(&draft, &body.base);
	buffer_release(&draft.text);
	return text;
}
