/*
 * Protobuf bytes as every message that a door, a client or the store takes: what passes the check
 * is unpacked and written, and what mapping_check accepts comes back from its JSON with the same
 * bytes.
 */
#include <assert.h>

#include "carnet/v1/receipt.pb-c.h"
#include "carnet/v1/registry.pb-c.h"
#include "carnet/v1/transfer.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "text/document.h"
#include "text/mapping.h"
#include "text/wire.h"

static void come_back(const ProtobufCMessage *message, struct bytes json, struct arena *arena)
{
	struct buffer before = {0}, after = {0};
	struct json_writer writer = {.out = &after};
	struct documents documents;
	ProtobufCMessage *copy;
	struct error error;
	int result = document_read_json(json, "a.json", arena, &documents, &error);

	assert(!result && documents.count == 1);
	result = mapping_read(documents.items[0], message->descriptor, arena, NULL, &copy, &error);
	/* The wire goes four messages deeper than texts do. */
	assert(!result || result == ERR_LIMIT);
	if (!result) {
		mapping_write_json(copy, &writer);
		assert(bytes_equal(buffer_bytes(&after), json));
		wire_pack(copy, &before);
		result = wire_check(message->descriptor, buffer_bytes(&before), NULL, &error);
		assert(!result);
	}
	buffer_release(&before);
	buffer_release(&after);
}

static void try(const ProtobufCMessageDescriptor *type, struct bytes bytes)
{
	struct arena *arena = arena_new(0);
	struct buffer json = {0}, yaml = {0};
	struct json_writer writer = {.out = &json};
	ProtobufCMessage *message;
	struct error error;

	if (!wire_unpack(type, bytes, NULL, arena, &message, &error)) {
		mapping_write_json(message, &writer);
		mapping_write_yaml(message, &yaml);
		if (!mapping_check(message, &error))
			come_back(message, buffer_bytes(&json), arena);
	}
	buffer_release(&json);
	buffer_release(&yaml);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const ProtobufCMessageDescriptor *const types[] = {
		/* asked */
		&carnet__v1__check_request__descriptor,
		&carnet__v1__batch_check_request__descriptor,
		&carnet__v1__propose_request__descriptor,
		&carnet__v1__list_records_request__descriptor,
		/* answered */
		&carnet__v1__check_response__descriptor,
		&carnet__v1__get_receipt_response__descriptor,
		&google__rpc__status__descriptor,
		&google__rpc__bad_request__descriptor,
		/* stored */
		&carnet__v1__record__descriptor,
		&carnet__v1__proposal__descriptor,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		try(types[i], bytes_of(data, size));
	return 0;
}
