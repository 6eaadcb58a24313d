/*
 * Protobuf from strangers.
 *
 * protobuf-c trusts its input too far: it descends as deep as it is told, ends
 * strings at an embedded NUL, and merges what was sent twice at quadratic
 * cost.  So each message is walked by its descriptor first, and unpacked only
 * if it is: well-formed to the last byte; not too deep, too large or too many;
 * each known field of its own wire type, and given once unless repeated; of
 * each oneof one member; strings UTF-8 without NUL.  Groups are refused;
 * unknown fields must be well-formed and are passed over.
 *
 * Whether the fields make sense is for mapping_check and for those who use them.
 */
#ifndef CARNET_TEXT_WIRE_H
#define CARNET_TEXT_WIRE_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* A field left 0 takes the default in brackets. */
struct wire_limits {
	size_t max_bytes;    /* [4 MiB] */
	size_t max_elements; /* fields and elements in all [one per 8 bytes of max_bytes] */
	unsigned max_depth;  /* messages inside each other, the outermost included [32] */
};

/* ERR_INVALID, or ERR_LIMIT for one of the limits; `limits` NULL: the defaults. */
int wire_check(const ProtobufCMessageDescriptor *descriptor, struct bytes bytes,
	       const struct wire_limits *limits, struct error *error);

/* Checks, then unpacks into `arena`.  The message does not need `bytes` any more. */
int wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct bytes bytes,
		const struct wire_limits *limits, struct arena *arena, ProtobufCMessage **out,
		struct error *error);

/* Appends the message's bytes. */
void wire_pack(const ProtobufCMessage *message, struct buffer *out);

#endif
