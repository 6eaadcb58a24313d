#include "text/wire.h"

#include <assert.h>

#include "text/allocator.h"
#include "text/field.h"

enum {
	DEPTH_MAX = 32,
	FIELDS_MAX = 256, /* of one message type */
	NUMBER_MAX = (1 << 29) - 1,
	BYTES_PER_ELEMENT = 8,
};

#define BYTES_MAX ((size_t)4 << 20)

enum wire_type {
	WIRE_VARINT = 0,
	WIRE_64BIT = 1,
	WIRE_BYTES = 2,
	WIRE_GROUP = 3,
	WIRE_GROUP_END = 4,
	WIRE_32BIT = 5,
};

/* Which single fields and oneofs of one message have been seen. */
struct seen {
	uint8_t fields[FIELDS_MAX / 8];
};

struct walk {
	struct error *error;
	size_t elements; /* left */
	unsigned depth;  /* left */
};

static int check_message(struct walk *walk, const ProtobufCMessageDescriptor *type,
			 struct bytes bytes);

static int malformed(struct walk *walk, const ProtobufCMessageDescriptor *type, const char *what)
{
	return error_set(walk->error, ERR_INVALID, "%s is malformed: %s", type->short_name, what);
}

static int refuse(struct walk *walk, const ProtobufCMessageDescriptor *type,
		  const ProtobufCFieldDescriptor *field, const char *what)
{
	return error_set(walk->error, ERR_INVALID, "%s.%s %s", type->short_name, field->name, what);
}

/* At most ten bytes; the tenth holds one bit. */
static bool take_varint(struct bytes *bytes, uint64_t *value)
{
	*value = 0;
	for (unsigned i = 0; i < 10 && i < bytes->size; i++) {
		uint8_t byte = bytes->data[i];

		*value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		*bytes = bytes_skip(*bytes, i + 1);
		return i < 9 || byte < 2;
	}
	return false;
}

static bool take(struct bytes *bytes, uint64_t size, struct bytes *out)
{
	if (size > bytes->size)
		return false;
	*out = bytes_of(bytes->data, (size_t)size);
	*bytes = bytes_skip(*bytes, (size_t)size);
	return true;
}

/* The value that follows its tag; of WIRE_BYTES, without the length before it. */
static bool take_value(struct bytes *bytes, enum wire_type wire, struct bytes *out)
{
	uint64_t number;

	switch (wire) {
	case WIRE_VARINT:
		return take_varint(bytes, &number);
	case WIRE_64BIT:
		return take(bytes, 8, out);
	case WIRE_32BIT:
		return take(bytes, 4, out);
	case WIRE_BYTES:
		return take_varint(bytes, &number) && take(bytes, number, out);
	default:
		return false;
	}
}

static enum wire_type wire_of(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE:
		return WIRE_BYTES;
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
		return WIRE_32BIT;
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return WIRE_64BIT;
	default:
		return WIRE_VARINT;
	}
}

static int count_element(struct walk *walk)
{
	if (!walk->elements)
		return error_set(walk->error, ERR_LIMIT,
				 "too many fields and elements; send fewer at a time");
	walk->elements--;
	return 0;
}

static int check_packed(struct walk *walk, const ProtobufCMessageDescriptor *type,
			const ProtobufCFieldDescriptor *field, struct bytes bytes)
{
	struct bytes ignored;
	int result = 0;

	while (bytes.size && !result) {
		if (!take_value(&bytes, wire_of(field), &ignored))
			return malformed(walk, type, "a packed list is cut off");
		result = count_element(walk);
	}
	return result;
}

static int check_value(struct walk *walk, const ProtobufCMessageDescriptor *type,
		       const ProtobufCFieldDescriptor *field, struct bytes value)
{
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return check_message(walk, field->descriptor, value);
	if (field->type == PROTOBUF_C_TYPE_STRING && !bytes_are_text(value))
		return refuse(walk, type, field, "is not UTF-8 text without NUL");
	return 0;
}

/* protobuf-c merges messages given twice at quadratic cost, and readers differ
 * on which of two scalars counts: what is single comes once. */
static int check_once(struct walk *walk, const ProtobufCMessageDescriptor *type,
		      const ProtobufCFieldDescriptor *field, struct seen *seen)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *other = &type->fields[i];
		bool same =
			other == field || (field_in_oneof(field) && field_in_oneof(other) &&
					   other->quantifier_offset == field->quantifier_offset);

		if (same && (seen->fields[i / 8] >> (i % 8) & 1))
			return refuse(walk, type, field,
				      other == field ? "is given twice"
						     : "is given beside another "
						       "of its oneof");
	}
	seen->fields[(field - type->fields) / 8] |= (uint8_t)(1u << ((field - type->fields) % 8));
	return 0;
}

static int check_field(struct walk *walk, const ProtobufCMessageDescriptor *type,
		       const ProtobufCFieldDescriptor *field, enum wire_type wire,
		       struct bytes value, struct seen *seen)
{
	int result;

	if (field_is_repeated(field) && wire == WIRE_BYTES && wire_of(field) != WIRE_BYTES)
		return check_packed(walk, type, field, value);
	if (wire != wire_of(field))
		return refuse(walk, type, field, "has another wire type than its own");
	result = field_is_repeated(field) ? 0 : check_once(walk, type, field, seen);
	return result ? result : check_value(walk, type, field, value);
}

static int check_next(struct walk *walk, const ProtobufCMessageDescriptor *type,
		      struct bytes *bytes, struct seen *seen)
{
	const ProtobufCFieldDescriptor *field;
	struct bytes value = {0};
	uint64_t tag;
	int result = count_element(walk);

	if (result)
		return result;
	if (!take_varint(bytes, &tag) || tag >> 3 < 1 || tag >> 3 > NUMBER_MAX)
		return malformed(walk, type, "a field's tag is none");
	if ((tag & 7) == WIRE_GROUP || (tag & 7) == WIRE_GROUP_END)
		return malformed(walk, type, "groups are refused");
	if (!take_value(bytes, (enum wire_type)(tag & 7), &value))
		return malformed(walk, type, "a value is cut off or has no type");
	field = protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
	if (!field)
		return 0;
	return check_field(walk, type, field, (enum wire_type)(tag & 7), value, seen);
}

static int check_message(struct walk *walk, const ProtobufCMessageDescriptor *type,
			 struct bytes bytes)
{
	struct seen seen = {{0}};
	int result = 0;

	assert(type->n_fields <= FIELDS_MAX);
	if (!walk->depth)
		return error_set(walk->error, ERR_LIMIT,
				 "more messages inside each other than allowed; send it flatter");
	walk->depth--;
	while (bytes.size && !result)
		result = check_next(walk, type, &bytes, &seen);
	walk->depth++;
	return result;
}

int wire_check(const ProtobufCMessageDescriptor *type, struct bytes bytes,
	       const struct wire_limits *limits, struct error *error)
{
	struct wire_limits l = limits ? *limits : (struct wire_limits){0};
	struct walk walk = {.error = error, .depth = l.max_depth ? l.max_depth : DEPTH_MAX};

	if (!l.max_bytes)
		l.max_bytes = BYTES_MAX;
	if (bytes.size > l.max_bytes)
		return error_set(error, ERR_LIMIT, "a message of %zu bytes; %zu are allowed",
				 bytes.size, l.max_bytes);
	walk.elements = l.max_elements ? l.max_elements : l.max_bytes / BYTES_PER_ELEMENT;
	return check_message(&walk, type, bytes);
}

int wire_unpack(const ProtobufCMessageDescriptor *type, struct bytes bytes,
		const struct wire_limits *limits, struct arena *arena, ProtobufCMessage **out,
		struct error *error)
{
	ProtobufCAllocator allocator = allocator_in(arena);
	int result = wire_check(type, bytes, limits, error);

	if (result)
		return result;
	*out = protobuf_c_message_unpack(type, &allocator, bytes.size, bytes.data);
	if (!*out)
		return error_set(error, ERR_INVALID, "%s cannot be unpacked", type->short_name);
	return 0;
}

void wire_pack(const ProtobufCMessage *message, struct buffer *out)
{
	size_t size = protobuf_c_message_get_packed_size(message);

	if (size)
		protobuf_c_message_pack(message, buffer_extend(out, size));
}
