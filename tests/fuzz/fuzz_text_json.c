/*
 * JSON as a record, a question and a decision: what can be read is written,
 * and reads back as the same canonical JSON.
 */
#include <assert.h>

#include "carnet/v1/registry.pb-c.h"
#include "carnet/v1/transfer.pb-c.h"
#include "text/document.h"
#include "text/mapping.h"

static void to_json(const ProtobufCMessage *message, struct buffer *out)
{
	struct json_writer json = {.out = out};

	mapping_write_json(message, &json);
}

static void go_round(const ProtobufCMessage *message, struct arena *arena)
{
	struct buffer json = {0}, again = {0};
	struct documents documents;
	ProtobufCMessage *copy;
	int result;

	to_json(message, &json);
	result = document_read_json(buffer_bytes(&json), "a.json", arena, &documents, NULL);
	assert(!result && documents.count == 1);
	result = mapping_read(documents.items[0], message->descriptor, arena, NULL, &copy, NULL);
	assert(!result);
	to_json(copy, &again);
	assert(bytes_equal(buffer_bytes(&json), buffer_bytes(&again)));
	buffer_release(&json);
	buffer_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const ProtobufCMessageDescriptor *const types[] = {
		&carnet__v1__record__descriptor,
		&carnet__v1__check_request__descriptor,
		&carnet__v1__check_response__descriptor,
	};
	struct arena *arena = arena_new(0);
	struct documents documents = {0};
	struct error error;

	if (!document_read_json(bytes_of(data, size), "a.json", arena, &documents, &error)) {
		for (size_t i = 0; i < documents.count * 3; i++) {
			ProtobufCMessage *message;

			if (!mapping_read(documents.items[i / 3], types[i % 3], arena, NULL,
					  &message, &error))
				go_round(message, arena);
		}
	}
	arena_free(arena);
	return 0;
}
