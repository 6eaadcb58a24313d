/*
 * Messages that text writes otherwise than as a mapping of their fields: the
 * marks [value], [pair], [list] and [short] of registry.proto, and the two
 * messages that have a shape of their own.
 */
#ifndef CARNET_TEXT_SHAPES_H
#define CARNET_TEXT_SHAPES_H

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>

enum shape {
	SHAPE_FIELDS = 0, /* a mapping of its fields */
	SHAPE_RECORD,     /* {kind: fields of Record and of the body side by side} */
	SHAPE_CONDITION,  /* {member: ...} or {fact: test}; a list is {all: list} */
	SHAPE_VALUE,      /* true, 13, KR or a list of them */
	SHAPE_PAIR,       /* {first field: second field}; repeated: one mapping of all */
	SHAPE_LIST,       /* its only field, which is repeated, stands for it */
	SHAPE_SHORT,      /* a scalar (or list) stands for its field of that name */
};

enum shape shape_of(const ProtobufCMessageDescriptor *descriptor);

/* Of SHAPE_SHORT: the field that stands for all; else NULL. */
const ProtobufCFieldDescriptor *shape_short_field(const ProtobufCMessageDescriptor *descriptor);

/* True if the element type of this field has this shape. */
bool shape_is(const ProtobufCFieldDescriptor *field, enum shape shape);

/* The member of the oneof `body` of Record, `test` of Condition or `value` of
 * Value that is set; NULL if none is. */
const ProtobufCFieldDescriptor *shape_set_member(const ProtobufCMessage *message);

#endif
