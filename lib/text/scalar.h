/*
 * Single texts of a document as values of a field.
 */
#ifndef CARNET_TEXT_SCALAR_H
#define CARNET_TEXT_SCALAR_H

#include <protobuf-c/protobuf-c.h>

#include "text/node.h"

#define SCALAR_NUMBER_MAX ((INT64_C(1) << 53) - 1) /* of a [value], either sign */

/* Reads the node into the element of a field that is no message.  Texts are
 * copied into `arena`. */
int scalar_read(const struct node *node, const ProtobufCFieldDescriptor *field, void *element,
		struct arena *arena, struct error *error);

/* "nothing stands here ..." if it is empty, ~ or null without quotes, else 0. */
int scalar_refuse_null(const struct node *node, struct error *error);

/* What a text without quotes is in a [value]. */
enum scalar_type {
	SCALAR_TEXT = 1,
	SCALAR_FLAG,
	SCALAR_NUMBER,
	SCALAR_FRACTION, /* 1.5, 1e3: refused there */
};
enum scalar_type scalar_type(const struct node *node);

/* A decimal integer, without leading zeros; false if it is none, or too large. */
bool scalar_integer(struct bytes text, int64_t *out);

#endif
