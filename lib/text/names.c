#include "text/names.h"

#include <string.h>

enum { NAME_SIZE_MAX = 64 }; /* longer words are no field and no value */

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

const char *names_kebab(const char *name, struct arena *arena)
{
	char *copy = arena_string(arena, bytes_of_string(name));

	for (char *c = copy; *c; c++)
		*c = *c == '_' ? '-' : (char)lower((uint8_t)*c);
	return copy;
}

const ProtobufCFieldDescriptor *names_field(const ProtobufCMessageDescriptor *descriptor,
					    struct bytes word)
{
	char name[NAME_SIZE_MAX + 1];

	if (word.size > NAME_SIZE_MAX)
		return NULL;
	for (size_t i = 0; i < word.size; i++)
		name[i] = word.data[i] == '-' ? '_' : (char)word.data[i];
	name[word.size] = 0;
	return protobuf_c_message_descriptor_get_field_by_name(descriptor, name);
}

/* Values are prefixed with their enum's name in capitals, which the first
 * value shows: ANSWER_UNSPECIFIED.  An enum without that value has no prefix. */
static size_t prefix_size(const ProtobufCEnumDescriptor *descriptor)
{
	static const char zero[] = "UNSPECIFIED";
	size_t size = strlen(descriptor->values[0].name);

	if (size < sizeof(zero) - 1)
		return 0;
	size -= sizeof(zero) - 1;
	return strcmp(descriptor->values[0].name + size, zero) ? 0 : size;
}

const char *names_value(const ProtobufCEnumDescriptor *descriptor, int number)
{
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(descriptor, number);

	return value ? value->name + prefix_size(descriptor) : NULL;
}

static bool is_spelt(struct bytes word, const char *name)
{
	if (word.size != strlen(name))
		return false;
	for (size_t i = 0; i < word.size; i++) {
		uint8_t c = word.data[i] == '-' ? '_' : word.data[i];

		if (lower(c) != lower((uint8_t)name[i]))
			return false;
	}
	return true;
}

const ProtobufCEnumValue *names_find_value(const ProtobufCEnumDescriptor *descriptor,
					   struct bytes word)
{
	size_t prefix = prefix_size(descriptor);

	for (unsigned i = 0; i < descriptor->n_values; i++) {
		const ProtobufCEnumValue *value = &descriptor->values[i];

		if (is_spelt(word, value->name + prefix) || is_spelt(word, value->name))
			return value;
	}
	return NULL;
}
