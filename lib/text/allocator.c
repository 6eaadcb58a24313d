#include "text/allocator.h"

static void *take(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

/* What an arena gave goes when the arena goes. */
static void keep(void *arena, void *pointer)
{
	(void)arena;
	(void)pointer;
}

ProtobufCAllocator allocator_in(struct arena *arena)
{
	return (ProtobufCAllocator){.alloc = take, .free = keep, .allocator_data = arena};
}

void *allocator_message(struct arena *arena, const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = arena_alloc(arena, descriptor->sizeof_message);

	descriptor->message_init(message);
	return message;
}
