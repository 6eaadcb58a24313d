/*
 * Fields of messages by their descriptors: the memory behind protobuf-c's
 * offsets, in one place.
 */
#ifndef CARNET_TEXT_FIELD_H
#define CARNET_TEXT_FIELD_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

static inline bool field_in_oneof(const ProtobufCFieldDescriptor *field)
{
	return field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
}

static inline bool field_is_repeated(const ProtobufCFieldDescriptor *field)
{
	return field->label == PROTOBUF_C_LABEL_REPEATED;
}

/* Bytes of one element in memory. */
size_t field_element_size(const ProtobufCFieldDescriptor *field);

/* The member itself; of a repeated field, the pointer to its elements. */
const void *field_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* How many elements a repeated field has. */
size_t field_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* Where the element stands: of a repeated field, number `index`; else the member. */
const void *field_element(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
			  size_t index);

/* What stands there. */
const ProtobufCMessage *field_message(const void *element);
struct bytes field_string(const void *element);
struct bytes field_bytes(const void *element);
int field_enum(const void *element);
bool field_flag(const void *element);
bool field_is_unsigned(const ProtobufCFieldDescriptor *field);
bool field_is_64bit(const ProtobufCFieldDescriptor *field);
int64_t field_integer(const ProtobufCFieldDescriptor *field, const void *element);

/* True if it differs from its default; of a oneof: if it is the member that is set. */
bool field_is_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* Where to write: the member, with its oneof switched to it. */
void *field_begin(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* Room for `count` elements, in the arena; returns the first. */
void *field_begin_repeated(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
			   size_t count, struct arena *arena);

/* True if the number fits the field's type; then writes it. */
bool field_put_integer(const ProtobufCFieldDescriptor *field, void *element, int64_t value);

#endif
