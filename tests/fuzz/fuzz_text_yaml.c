/*
 * A stream of YAML documents, each a record or a case: what can be read is
 * written, as YAML and as JSON, and must read back as the same message.
 */
#include <assert.h>

#include "carnet/v1/registry.pb-c.h"
#include "text/document.h"
#include "text/mapping.h"

static void to_json(const ProtobufCMessage *message, struct buffer *out)
{
	struct json_writer json = {.out = out};

	buffer_clear(out);
	mapping_write_json(message, &json);
}

static ProtobufCMessage *read_again(const char *name, const struct buffer *text,
				    const ProtobufCMessageDescriptor *type, struct arena *arena)
{
	struct documents documents;
	ProtobufCMessage *message;
	struct error error;
	int result = document_read(buffer_bytes(text), name, arena, &documents, &error);

	assert(!result && documents.count == 1);
	result = mapping_read(documents.items[0], type, arena, NULL, &message, &error);
	assert(!result);
	return message;
}

static void go_round(const ProtobufCMessage *message, struct arena *arena)
{
	struct buffer json = {0}, again = {0}, yaml = {0};
	int checked = mapping_check(message, NULL);

	assert(!checked);
	to_json(message, &json);
	to_json(read_again("a.json", &json, message->descriptor, arena), &again);
	assert(bytes_equal(buffer_bytes(&json), buffer_bytes(&again)));
	mapping_write_yaml(message, &yaml);
	to_json(read_again("a.yaml", &yaml, message->descriptor, arena), &again);
	assert(bytes_equal(buffer_bytes(&json), buffer_bytes(&again)));
	buffer_release(&json);
	buffer_release(&again);
	buffer_release(&yaml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(0);
	struct source_map *map = source_map_new(arena);
	struct documents documents = {0};
	struct error error;

	if (!document_read_yaml(bytes_of(data, size), "a.yaml", arena, &documents, &error)) {
		for (size_t i = 0; i < documents.count; i++) {
			bool is_case = node_item(documents.items[i], "ask");
			ProtobufCMessage *message;

			if (!mapping_read(documents.items[i],
					  is_case ? &carnet__v1__case__descriptor
						  : &carnet__v1__record__descriptor,
					  arena, map, &message, &error))
				go_round(message, arena);
		}
	}
	arena_free(arena);
	return 0;
}
