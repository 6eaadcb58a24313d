/*
 * Where in a document each field of a message was read from.
 *
 * mapping_read fills it; validation asks, to say file, line and field long
 * after the document was read.  Fields are named as in the .proto file.
 * `index` is that of an element of a repeated field; SOURCE_WHOLE means the
 * field as such.  Lives in the arena it was made in, and points into the
 * trees: keep their arena as long.
 */
#ifndef CARNET_TEXT_SOURCE_H
#define CARNET_TEXT_SOURCE_H

#include <protobuf-c/protobuf-c.h>

#include "text/node.h"

#define SOURCE_WHOLE SIZE_MAX

struct source_map;

struct source_map *source_map_new(struct arena *arena);

/* For mapping_read.  `field` NULL: the message itself. */
void source_add(struct source_map *map, const ProtobufCMessage *message,
		const ProtobufCFieldDescriptor *field, size_t index, const struct node *node);

/* The nearest node that is known: the element's, else the field's, else the
 * message's (also with `field` NULL); NULL if the message was not read by
 * means of this map, or if `map` is NULL. */
const struct node *source_node(const struct source_map *map, const ProtobufCMessage *message,
			       const char *field, size_t index);

/* That node's line; 0 if there is none, as in JSON. */
unsigned source_line(const struct source_map *map, const ProtobufCMessage *message,
		     const char *field, size_t index);

/* The field's path in its document's own words, also if the field is missing
 * there; without a document, the field's name alone. */
const char *source_path(const struct source_map *map, const ProtobufCMessage *message,
			const char *field, size_t index, struct arena *arena);

#endif
