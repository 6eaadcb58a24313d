#include "text/mapping.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/memory.h"
#include "carnet/v1/registry.pb-c.h"
#include "text/field.h"
#include "text/names.h"
#include "text/scalar.h"
#include "text/shapes.h"
#include "text/sink.h"

typedef ProtobufCMessageDescriptor descriptor;
typedef ProtobufCFieldDescriptor field_descriptor;

enum { FLOW_SIZE_MAX = 60 }; /* characters of a list that YAML writes on one line */

static void write_message(struct sink *sink, const ProtobufCMessage *message);
static void write_field(struct sink *sink, const ProtobufCMessage *message,
			const field_descriptor *field);

static void write_enum(struct sink *sink, const ProtobufCEnumDescriptor *type, int number)
{
	const char *name = names_value(type, number);
	char digits[16];

	if (name) {
		sink_word(sink, name);
		return;
	}
	snprintf(digits, sizeof(digits), "%d", number);
	sink_text(sink, bytes_of_string(digits));
}

static void write_bytes(struct sink *sink, struct bytes data)
{
	struct buffer text = {0};

	base64_append(&text, data);
	sink_text(sink, buffer_bytes(&text));
	buffer_release(&text);
}

static void write_integer(struct sink *sink, const field_descriptor *field, const void *element)
{
	int64_t number = field_integer(field, element);

	if (!field_is_64bit(field))
		sink_number(sink, number);
	else if (field_is_unsigned(field))
		sink_unsigned(sink, (uint64_t)number);
	else
		sink_signed(sink, number);
}

static void write_element(struct sink *sink, const field_descriptor *field, const void *element)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_MESSAGE:
		write_message(sink, field_message(element));
		break;
	case PROTOBUF_C_TYPE_STRING:
		sink_text(sink, field_string(element));
		break;
	case PROTOBUF_C_TYPE_BOOL:
		sink_flag(sink, field_flag(element));
		break;
	case PROTOBUF_C_TYPE_ENUM:
		write_enum(sink, field->descriptor, field_enum(element));
		break;
	case PROTOBUF_C_TYPE_BYTES:
		write_bytes(sink, field_bytes(element));
		break;
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		sink_null(sink); /* no message of ours has fractions */
		break;
	default:
		write_integer(sink, field, element);
	}
}

static const void *pair_value(const ProtobufCMessage *pair)
{
	return field_member(pair, &pair->descriptor->fields[1]);
}

static void write_pair(struct sink *sink, const ProtobufCMessage *pair)
{
	const field_descriptor *fields = pair->descriptor->fields;

	sink_key(sink, field_string(field_member(pair, &fields[0])));
	if (field_is_repeated(&fields[1]))
		write_field(sink, pair, &fields[1]);
	else
		write_element(sink, &fields[1], pair_value(pair));
}

static int compare_names(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static bool names_differ(const ProtobufCMessage *message, const field_descriptor *field)
{
	size_t count = field_count(message, field);
	struct bytes *names;
	bool differ = true;

	if (count < 2)
		return true;
	names = memory_resize(NULL, count, sizeof(*names));
	for (size_t i = 0; i < count; i++) {
		const ProtobufCMessage *pair = field_message(field_element(message, field, i));

		names[i] = field_string(field_member(pair, &pair->descriptor->fields[0]));
	}
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count && differ; i++)
		differ = !bytes_equal(names[i - 1], names[i]);
	free(names);
	return differ;
}

static void write_pairs(struct sink *sink, const ProtobufCMessage *message,
			const field_descriptor *field)
{
	sink_begin_map(sink);
	for (size_t i = 0; i < field_count(message, field); i++)
		write_pair(sink, field_message(field_element(message, field, i)));
	sink_end_map(sink);
}

/* The text that a value, or whatever else, takes on one line; FLOW_SIZE_MAX
 * if it does not belong there. */
static size_t width(const field_descriptor *field, const void *element)
{
	const Carnet__V1__Value *value;

	if (field->type == PROTOBUF_C_TYPE_STRING)
		return field_string(element).size + 2;
	if (field->type == PROTOBUF_C_TYPE_ENUM)
		return 10;
	if (!shape_is(field, SHAPE_VALUE))
		return FLOW_SIZE_MAX;
	value = (const Carnet__V1__Value *)field_message(element);
	if (value->value_case == CARNET__V1__VALUE__VALUE_LIST)
		return FLOW_SIZE_MAX;
	return value->value_case == CARNET__V1__VALUE__VALUE_TEXT
		       ? bytes_of_string(value->text).size + 2
		       : 8;
}

static bool fits_one_line(const ProtobufCMessage *message, const field_descriptor *field)
{
	size_t sum = 0;

	for (size_t i = 0; i < field_count(message, field) && sum < FLOW_SIZE_MAX; i++)
		sum += width(field, field_element(message, field, i));
	return sum < FLOW_SIZE_MAX;
}

static void write_list(struct sink *sink, const ProtobufCMessage *message,
		       const field_descriptor *field)
{
	size_t count = field_count(message, field);

	sink_begin_list(sink, sink->yaml && count && fits_one_line(message, field));
	for (size_t i = 0; i < count; i++)
		write_element(sink, field, field_element(message, field, i));
	sink_end_list(sink);
}

/* A test's one value stands without brackets, unless it is a list itself. */
static bool stands_alone(const ProtobufCMessage *message, const field_descriptor *field)
{
	const Carnet__V1__Value *value;

	if (!shape_is(field, SHAPE_VALUE) || shape_of(message->descriptor) == SHAPE_LIST ||
	    field_count(message, field) != 1)
		return false;
	value = (const Carnet__V1__Value *)field_message(field_element(message, field, 0));
	return value->value_case != CARNET__V1__VALUE__VALUE_LIST;
}

static void write_field(struct sink *sink, const ProtobufCMessage *message,
			const field_descriptor *field)
{
	if (!field_is_repeated(field))
		write_element(sink, field, field_member(message, field));
	else if (shape_is(field, SHAPE_PAIR) && names_differ(message, field))
		write_pairs(sink, message, field);
	else if (stands_alone(message, field))
		write_element(sink, field, field_element(message, field, 0));
	else
		write_list(sink, message, field);
}

/* JSON's members are sorted in the end: in this order there is nothing to move. */
static const field_descriptor *nth_field(const struct sink *sink, const descriptor *type,
					 unsigned index)
{
	return &type->fields[sink->json ? type->fields_sorted_by_name[index] : index];
}

static void write_fields(struct sink *sink, const ProtobufCMessage *message,
			 const field_descriptor *except)
{
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const field_descriptor *field = nth_field(sink, message->descriptor, i);

		if (field == except || !field_is_set(message, field))
			continue;
		sink_name(sink, field->name);
		write_field(sink, message, field);
	}
}

static void write_map(struct sink *sink, const ProtobufCMessage *message)
{
	sink_begin_map(sink);
	write_fields(sink, message, NULL);
	sink_end_map(sink);
}

static void write_record(struct sink *sink, const ProtobufCMessage *record)
{
	const field_descriptor *kind = shape_set_member(record);
	const ProtobufCMessage *body = kind ? field_message(field_member(record, kind)) : NULL;

	if (!body) {
		sink_null(sink);
		return;
	}
	sink_begin_map(sink);
	sink_name(sink, kind->name);
	sink_begin_map(sink);
	write_fields(sink, record, kind);
	write_fields(sink, body, NULL);
	sink_end_map(sink);
	sink_end_map(sink);
}

static void write_condition(struct sink *sink, const ProtobufCMessage *condition)
{
	const field_descriptor *member = shape_set_member(condition);
	const ProtobufCMessage *pair;

	if (!member) {
		sink_null(sink);
		return;
	}
	sink_begin_map(sink);
	pair = shape_is(member, SHAPE_PAIR) ? field_message(field_member(condition, member)) : NULL;
	/* A fact that is called like a member is written {fact: {order: ...}}. */
	if (pair && !names_field(condition->descriptor,
				 field_string(field_member(pair, &pair->descriptor->fields[0])))) {
		write_pair(sink, pair);
	} else {
		sink_name(sink, member->name);
		write_field(sink, condition, member);
	}
	sink_end_map(sink);
}

static void write_value(struct sink *sink, const Carnet__V1__Value *value)
{
	switch (value->value_case) {
	case CARNET__V1__VALUE__VALUE_FLAG:
		sink_flag(sink, value->flag);
		break;
	case CARNET__V1__VALUE__VALUE_NUMBER:
		if (value->number > SCALAR_NUMBER_MAX || value->number < -SCALAR_NUMBER_MAX)
			sink_null(sink);
		else
			sink_number(sink, value->number);
		break;
	case CARNET__V1__VALUE__VALUE_TEXT:
		sink_text(sink, bytes_of_string(value->text));
		break;
	case CARNET__V1__VALUE__VALUE_LIST:
		write_message(sink, (const ProtobufCMessage *)value->list);
		break;
	default:
		sink_null(sink);
	}
}

/* True if the field that can stand for the whole message is its only one. */
static bool is_short(const ProtobufCMessage *message, const field_descriptor *field)
{
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const field_descriptor *other = &message->descriptor->fields[i];

		if (field_is_set(message, other) != (other == field))
			return false;
	}
	return true;
}

static void write_message(struct sink *sink, const ProtobufCMessage *message)
{
	const field_descriptor *field;

	if (!message) {
		sink_null(sink);
		return;
	}
	switch (shape_of(message->descriptor)) {
	case SHAPE_RECORD:
		write_record(sink, message);
		return;
	case SHAPE_CONDITION:
		write_condition(sink, message);
		return;
	case SHAPE_VALUE:
		write_value(sink, (const Carnet__V1__Value *)message);
		return;
	case SHAPE_PAIR:
		sink_begin_map(sink);
		write_pair(sink, message);
		sink_end_map(sink);
		return;
	case SHAPE_LIST:
		write_field(sink, message, &message->descriptor->fields[0]);
		return;
	case SHAPE_SHORT:
		field = shape_short_field(message->descriptor);
		if (is_short(message, field)) {
			write_field(sink, message, field);
			return;
		}
		break;
	case SHAPE_FIELDS:
		break;
	}
	write_map(sink, message);
}

void mapping_write_json(const ProtobufCMessage *message, struct json_writer *json)
{
	struct sink sink = {.json = json};

	write_message(&sink, message);
}

void mapping_write_yaml(const ProtobufCMessage *message, struct buffer *out)
{
	struct yaml_writer yaml = {.out = out};
	struct sink sink = {.yaml = &yaml};

	write_message(&sink, message);
	yaml_finish(&yaml);
}
