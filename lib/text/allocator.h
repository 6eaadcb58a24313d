/*
 * protobuf-c in arenas.
 *
 * Messages made so live as long as their arena; they are never given to
 * protobuf_c_message_free_unpacked.
 */
#ifndef CARNET_TEXT_ALLOCATOR_H
#define CARNET_TEXT_ALLOCATOR_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

/* For the unpack functions; frees nothing. */
ProtobufCAllocator allocator_in(struct arena *arena);

/* An initialised message: every field its default. */
void *allocator_message(struct arena *arena, const ProtobufCMessageDescriptor *descriptor);

#endif
