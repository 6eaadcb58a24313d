#include "server/deed.h"

#include "base/base64.h"
#include "base/json.h"
#include "contract/outcome.h"
#include "receipt/proof.h"

static struct bytes finish(struct buffer *text, struct arena *arena)
{
	struct bytes value = arena_copy(arena, buffer_bytes(text));

	buffer_release(text);
	return value;
}

static void member_digest(struct json_writer *json, const char *name, const struct digest *digest)
{
	static const struct digest zero;
	struct buffer text = {0};

	if (hash_equal(digest, &zero))
		return;
	base64url_append(&text, hash_view(digest));
	json_member_string(json, name, buffer_bytes(&text));
	buffer_release(&text);
}

/* 64-bit integers are texts, as everywhere in our JSON. */
static void member_number(struct json_writer *json, const char *name, uint64_t value)
{
	struct buffer text = {0};

	buffer_printf(&text, "%llu", (unsigned long long)value);
	json_member_string(json, name, buffer_bytes(&text));
	buffer_release(&text);
}

static void member_unless_empty(struct json_writer *json, const char *name, struct bytes text)
{
	if (text.size)
		json_member_string(json, name, text);
}

static void member_instant(struct json_writer *json, instant_ms instant)
{
	char text[INSTANT_TEXT_SIZE];

	json_member_string(json, "instant", bytes_of_string(instant_format(instant, text)));
}

static struct bytes write_subject(const struct deed *deed, struct arena *arena)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	json_member_string(&json, "identity", deed->caller->identity);
	json_member_string(&json, "person", deed->person);
	json_member(&json, BYTES_LITERAL("roles"));
	json_begin_array(&json);
	for (size_t i = 0; i < deed->caller->role_count; i++)
		json_write_string(&json, deed->caller->role_names[i]);
	json_end_array(&json);
	json_end_object(&json);
	return finish(&text, arena);
}

static struct bytes write_request(const Carnet__V1__Proposal *proposal, struct arena *arena)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	member_number(&json, "base_revision", proposal->change_set->base_revision);
	json_member_string(&json, "proposal", bytes_of_string(proposal->id));
	member_unless_empty(&json, "reason", bytes_of_string(proposal->change_set->reason));
	json_end_object(&json);
	return finish(&text, arena);
}

static struct bytes write_context(const struct deed *deed, struct arena *arena)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	member_unless_empty(&json, "door", deed->caller->door);
	member_instant(&json, deed->instant);
	member_unless_empty(&json, "on_behalf_of", deed->caller->on_behalf_of);
	member_unless_empty(&json, "request_id", deed->request_id);
	member_unless_empty(&json, "trace", deed->caller->trace);
	json_end_object(&json);
	return finish(&text, arena);
}

static struct bytes write_outcome(const Carnet__V1__Proposal *proposal, const char *state,
				  const struct revision_header *header, struct arena *arena)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	json_member_string(&json, "proposal", bytes_of_string(proposal->id));
	if (header) {
		member_number(&json, "revision", header->number);
		member_digest(&json, "revision_digest", &header->records);
	}
	json_member_string(&json, "state", bytes_of_string(state));
	json_end_object(&json);
	return finish(&text, arena);
}

static void write_act(const struct deed *deed, const Carnet__V1__Proposal *proposal,
		      struct arena *arena, struct bytes values[DISCLOSURE_COUNT])
{
	values[DISCLOSURE_SUBJECT] = write_subject(deed, arena);
	values[DISCLOSURE_REQUEST] = write_request(proposal, arena);
	values[DISCLOSURE_CONTEXT] = write_context(deed, arena);
	values[DISCLOSURE_EVIDENCE] = (struct bytes){0};
}

void deed_proposal(const struct deed *deed, const Carnet__V1__Proposal *proposal,
		   struct arena *arena, struct bytes values[DISCLOSURE_COUNT])
{
	write_act(deed, proposal, arena, values);
	values[DISCLOSURE_OUTCOME] = write_outcome(proposal, "OPEN", NULL, arena);
	deed_fit(values, arena);
}

void deed_approval(const struct deed *deed, const Carnet__V1__Proposal *proposal,
		   const struct revision_header *header, struct arena *arena,
		   struct bytes values[DISCLOSURE_COUNT])
{
	write_act(deed, proposal, arena, values);
	values[DISCLOSURE_OUTCOME] = write_outcome(proposal, "APPROVED", header, arena);
	deed_fit(values, arena);
}

void deed_revision(const struct revision_header *header, const char *node, struct arena *arena,
		   struct bytes values[DISCLOSURE_COUNT])
{
	struct buffer subject = {0}, outcome = {0};
	struct json_writer json = {.out = &subject};

	json_begin_object(&json);
	json_member_string(&json, "node", bytes_of_string(node));
	json_end_object(&json);
	json = (struct json_writer){.out = &outcome};
	json_begin_object(&json);
	member_digest(&json, "change_set", &header->change_set);
	member_instant(&json, header->instant);
	member_number(&json, "number", header->number);
	member_digest(&json, "previous", &header->previous);
	member_unless_empty(&json, "proposal", header->proposal);
	member_unless_empty(&json, "reason", header->reason);
	member_digest(&json, "records", &header->records);
	json_end_object(&json);
	values[DISCLOSURE_SUBJECT] = finish(&subject, arena);
	values[DISCLOSURE_OUTCOME] = finish(&outcome, arena);
	deed_fit(values, arena);
}

/* ------------------------------------------------------------------------
 * Fitting */

/* Upper bounds: a disclosure is base64 of the value, its name and salt in JSON;
 * and the leaf. */
enum { DISCLOSURE_EXTRA = 64, LEAF_EXTRA = (LEAF_SIZE_MAX + 2) / 3 * 4 + 1 };

static size_t disclosed_size(struct bytes value)
{
	return value.size ? (value.size + DISCLOSURE_EXTRA + 2) / 3 * 4 + 1 : 0;
}

static struct bytes write_stand_in(struct bytes value, struct arena *arena)
{
	struct digest digest = hash_of(value);
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	json_begin_object(&json);
	member_digest(&json, "sha256", &digest);
	member_number(&json, "size", value.size);
	json_end_object(&json);
	return finish(&text, arena);
}

/* With an outcome at its core and all else by digest there is room to spare. */
_Static_assert(LEAF_EXTRA + (OUTCOME_CORE_MAX + DISCLOSURE_COUNT * (DISCLOSURE_EXTRA + 128)) * 4 /
				       3 <
		       PROOF_EXTRA_MAX,
	       "the core of an outcome always fits");

bool deed_fits(const struct bytes values[DISCLOSURE_COUNT])
{
	size_t total = LEAF_EXTRA;

	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		total += disclosed_size(values[i]);
	return total <= PROOF_EXTRA_MAX;
}

/* The core of an outcome stays. */
static bool may_go(int name, struct bytes value)
{
	return name != DISCLOSURE_OUTCOME || value.size > OUTCOME_CORE_MAX;
}

void deed_fit(struct bytes values[DISCLOSURE_COUNT], struct arena *arena)
{
	for (int round = 0; round < DISCLOSURE_COUNT && !deed_fits(values); round++) {
		int largest = DISCLOSURE_SUBJECT;

		for (int i = 0; i < DISCLOSURE_COUNT; i++)
			if (may_go(i, values[i]) && values[i].size > values[largest].size)
				largest = i;
		values[largest] = write_stand_in(values[largest], arena);
	}
}
