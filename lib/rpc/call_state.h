/*
 * A call from within: door.c makes and feeds it, call.c is what its handler
 * may do with it.
 *
 * Two things end independently.  The client is told its status once, or is
 * found gone (`told`); the handler answers once (`held` until then).
 */
#ifndef CARNET_RPC_CALL_STATE_H
#define CARNET_RPC_CALL_STATE_H

#include <event2/event_struct.h>

#include "rpc/call.h"
#include "rpc/exchange.h"
#include "rpc/frame.h"

struct rpc_call {
	struct exchange *exchange; /* in whose arena it lives */
	const struct rpc_method *method;
	bool held, told;

	struct frame_reader reader;
	int64_t frame_began; /* ms: when a message began to come in */
	struct bytes message;
	bool has_message;
	size_t request_bytes; /* counted in the worker's */

	int64_t began_us, deadline; /* deadline in ms, INT64_MAX: none */
	struct event timer;
	bool timed;

	rpc_call_event *on_room, *on_close;
	void *on_room_arg, *on_close_arg;
	struct rpc_loop_task room;
	void *state;
};

/* Tells the client a status; the first one counts.  `text` may be NULL. */
void rpc_call_tell(struct rpc_call *call, enum rpc_code code, const char *text,
		   struct bytes details);

/* The client is gone, or has its status: no timer any more, and the observer knows. */
void rpc_call_settle(struct rpc_call *call, enum rpc_code code);

#endif
