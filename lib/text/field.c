#include "text/field.h"

#include <string.h>

size_t field_element_size(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return sizeof(uint64_t);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_STRING:
		return sizeof(char *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(ProtobufCMessage *);
	default:
		return sizeof(uint32_t);
	}
}

const void *field_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return (const uint8_t *)message + field->offset;
}

size_t field_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	size_t count;

	memcpy(&count, (const uint8_t *)message + field->quantifier_offset, sizeof(count));
	return count;
}

const void *field_element(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
			  size_t index)
{
	const void *member = field_member(message, field);

	if (!field_is_repeated(field))
		return member;
	return *(const uint8_t *const *)member + index * field_element_size(field);
}

const ProtobufCMessage *field_message(const void *element)
{
	return *(const ProtobufCMessage *const *)element;
}

struct bytes field_string(const void *element)
{
	return bytes_of_string(*(const char *const *)element);
}

struct bytes field_bytes(const void *element)
{
	const ProtobufCBinaryData *data = element;

	return bytes_of(data->data, data->len);
}

int field_enum(const void *element)
{
	return *(const int *)element;
}

bool field_flag(const void *element)
{
	return *(const protobuf_c_boolean *)element;
}

bool field_is_unsigned(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return true;
	default:
		return false;
	}
}

bool field_is_64bit(const ProtobufCFieldDescriptor *field)
{
	return field_element_size(field) == sizeof(uint64_t);
}

int64_t field_integer(const ProtobufCFieldDescriptor *field, const void *element)
{
	if (field_is_64bit(field))
		return *(const int64_t *)element;
	return field_is_unsigned(field) ? (int64_t) * (const uint32_t *)element
					: *(const int32_t *)element;
}

static bool is_not_default(const ProtobufCFieldDescriptor *field, const void *member)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_MESSAGE:
		return field_message(member);
	case PROTOBUF_C_TYPE_STRING:
		return field_string(member).size;
	case PROTOBUF_C_TYPE_BYTES:
		return field_bytes(member).size;
	case PROTOBUF_C_TYPE_BOOL:
		return field_flag(member);
	default:
		return field_integer(field, member);
	}
}

bool field_is_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	if (field_is_repeated(field))
		return field_count(message, field);
	if (field_in_oneof(field))
		return *(const uint32_t *)(const void *)((const uint8_t *)message +
							 field->quantifier_offset) == field->id;
	return is_not_default(field, field_member(message, field));
}

void *field_begin(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	uint8_t *base = (uint8_t *)message;

	if (field_in_oneof(field))
		*(uint32_t *)(void *)(base + field->quantifier_offset) = field->id;
	return base + field->offset;
}

void *field_begin_repeated(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
			   size_t count, struct arena *arena)
{
	uint8_t *base = (uint8_t *)message;
	void *elements = arena_alloc_array(arena, count, field_element_size(field));

	memcpy(base + field->quantifier_offset, &count, sizeof(count));
	memcpy(base + field->offset, &elements, sizeof(elements));
	return elements;
}

bool field_put_integer(const ProtobufCFieldDescriptor *field, void *element, int64_t value)
{
	if (field_is_64bit(field)) {
		*(int64_t *)element = value;
	} else if (field_is_unsigned(field)) {
		if (value < 0 || value > UINT32_MAX)
			return false;
		*(uint32_t *)element = (uint32_t)value;
	} else {
		if (value < INT32_MIN || value > INT32_MAX)
			return false;
		*(int32_t *)element = (int32_t)value;
	}
	return true;
}
