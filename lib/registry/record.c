#include "registry/record.h"

#include <string.h>

#include "base/json.h"
#include "text/mapping.h"

const ProtobufCMessage *record_body(const Carnet__V1__Record *record)
{
	/* The members of the union are all pointers to messages. */
	return kind_of(record) == KIND_NONE ? NULL : &record->area->base;
}

static bool is_letter_or_digit(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool record_id_is_valid(struct bytes id)
{
	if (id.size == 0 || id.size > RECORD_ID_MAX || !is_letter_or_digit(id.data[0]))
		return false;
	for (size_t i = 1; i < id.size; i++)
		if (!is_letter_or_digit(id.data[i]) && !memchr("._:-", id.data[i], 4))
			return false;
	return !bytes_equal_string(id, "any") && !bytes_equal_string(id, "none");
}

struct record_key record_key_of(const Carnet__V1__Record *record)
{
	return (struct record_key){
		.kind = kind_of(record),
		.id = bytes_of_string(record->id),
		.from = bytes_of_string(record->from),
	};
}

int record_key_compare(const struct record_key *a, const struct record_key *b)
{
	int order;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	order = bytes_compare(a->id, b->id);
	return order ? order : bytes_compare(a->from, b->from);
}

void record_key_print(const struct record_key *key, struct buffer *out)
{
	buffer_printf(out, "%s/%.*s", kind_name(key->kind), BYTES_PRINT(key->id));
	if (key->from.size)
		buffer_printf(out, "@%.*s", BYTES_PRINT(key->from));
}

void record_json(const Carnet__V1__Record *record, struct buffer *out)
{
	struct json_writer json = {.out = out};

	mapping_write_json(&record->base, &json);
}

struct digest record_digest(const Carnet__V1__Record *record)
{
	struct buffer json = {0};
	struct digest digest;

	record_json(record, &json);
	digest = hash_of(buffer_bytes(&json));
	buffer_release(&json);
	return digest;
}
