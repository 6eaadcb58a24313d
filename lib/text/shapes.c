#include "text/shapes.h"

#include <stddef.h>

#include "carnet/v1/registry.pb-c.h"
#include "text/field.h"

struct row {
	const ProtobufCMessageDescriptor *descriptor;
	enum shape shape;
	unsigned field; /* of SHAPE_SHORT: its number */
};

static const struct row rows[] = {
	{&carnet__v1__record__descriptor, SHAPE_RECORD, 0},
	{&carnet__v1__condition__descriptor, SHAPE_CONDITION, 0},
	{&carnet__v1__value__descriptor, SHAPE_VALUE, 0},

	{&carnet__v1__definition__descriptor, SHAPE_PAIR, 0},
	{&carnet__v1__fact_test__descriptor, SHAPE_PAIR, 0},
	{&carnet__v1__field_test__descriptor, SHAPE_PAIR, 0},
	{&carnet__v1__fact__descriptor, SHAPE_PAIR, 0},
	{&carnet__v1__performance__descriptor, SHAPE_PAIR, 0},

	{&carnet__v1__conditions__descriptor, SHAPE_LIST, 0},
	{&carnet__v1__record_test__descriptor, SHAPE_LIST, 0},
	{&carnet__v1__values__descriptor, SHAPE_LIST, 0},

	{&carnet__v1__membership__descriptor, SHAPE_SHORT, 1},    /* group */
	{&carnet__v1__establishment__descriptor, SHAPE_SHORT, 1}, /* area */
	{&carnet__v1__bound_by__descriptor, SHAPE_SHORT, 1},      /* rulebook */
	{&carnet__v1__duty__descriptor, SHAPE_SHORT, 1},          /* owe */
	{&carnet__v1__test__descriptor, SHAPE_SHORT, 1},          /* in */
	{&carnet__v1__identity__descriptor, SHAPE_SHORT, 1},      /* uri */
	{&carnet__v1__signing_key__descriptor, SHAPE_SHORT, 1},   /* key */
	{&carnet__v1__recipient__descriptor, SHAPE_SHORT, 1},     /* party */
};

static const struct row *row_of(const ProtobufCMessageDescriptor *descriptor)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].descriptor == descriptor)
			return &rows[i];
	return NULL;
}

enum shape shape_of(const ProtobufCMessageDescriptor *descriptor)
{
	const struct row *row = row_of(descriptor);

	return row ? row->shape : SHAPE_FIELDS;
}

const ProtobufCFieldDescriptor *shape_short_field(const ProtobufCMessageDescriptor *descriptor)
{
	const struct row *row = row_of(descriptor);

	return row && row->shape == SHAPE_SHORT
		       ? protobuf_c_message_descriptor_get_field(descriptor, row->field)
		       : NULL;
}

bool shape_is(const ProtobufCFieldDescriptor *field, enum shape shape)
{
	return field->type == PROTOBUF_C_TYPE_MESSAGE && shape_of(field->descriptor) == shape;
}

const ProtobufCFieldDescriptor *shape_set_member(const ProtobufCMessage *message)
{
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];

		if (field_in_oneof(field) && field_is_set(message, field))
			return field;
	}
	return NULL;
}
