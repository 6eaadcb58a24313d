/*
 * How fields and enum values are spelt: `speaks_for` in JSON and .proto files,
 * `speaks-for` in YAML; RULEBOOK_KIND_LAW as "LAW" and as `law`.
 */
#ifndef CARNET_TEXT_NAMES_H
#define CARNET_TEXT_NAMES_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

/* speaks_for or RULEBOOK_KIND to speaks-for, rulebook-kind. */
const char *names_kebab(const char *name, struct arena *arena);

/* The field that a document calls `word`, spelt with - or with _; or NULL. */
const ProtobufCFieldDescriptor *names_field(const ProtobufCMessageDescriptor *descriptor,
					    struct bytes word);

/* A value's name without the enum's prefix: "LAW".  NULL: no such number. */
const char *names_value(const ProtobufCEnumDescriptor *descriptor, int number);

/* The value that `word` names, with or without prefix, LIKE_THIS or like-this. */
const ProtobufCEnumValue *names_find_value(const ProtobufCEnumDescriptor *descriptor,
					   struct bytes word);

#endif
