/*
 * One call, as a service sees it.
 *
 * A handler gets a call and the bytes of its message, and answers now or
 * later, exactly once, on the thread of the call's loop: rpc_call_reply,
 * rpc_call_fail, or, for a streamed answer, rpc_call_send any number of times
 * and then rpc_call_finish or rpc_call_fail.  The answer ends the handler's
 * hold on the call; do not touch the call after it.
 *
 * A call outlives its stream: when the client cancels, the deadline passes or
 * the connection dies while the answer is being made, the call and its arena
 * stay, and the answer then goes nowhere.  So a handler need not care, but may
 * ask (rpc_call_is_open) before expensive work.
 *
 * The deadline is kept here: when it passes the client is told
 * DEADLINE_EXCEEDED, whatever the handler does later.
 *
 * Nothing here shows which transport brought the call.
 */
#ifndef CARNET_RPC_CALL_H
#define CARNET_RPC_CALL_H

#include "base/arena.h"
#include "rpc/loop.h"
#include "rpc/status.h"

struct rpc_call;

/* `message` is good until the call is answered (for a method that streams in:
 * until the handler returns). */
typedef void rpc_handler(struct rpc_call *call, struct bytes message, void *arg);

typedef void rpc_call_event(struct rpc_call *call, void *arg);

enum rpc_method_flags {
	/* The client streams: `handler` runs for each message, `end` after the last. */
	RPC_METHOD_STREAM_IN = 1,
};

struct rpc_method {
	const char *path;     /* "/carnet.v1.TransferService/Check" */
	size_t max_message;   /* bytes of one request message; 0: 4 MiB */
	rpc_handler *handler; /* runs on the thread of the call's loop */
	rpc_call_event *end;  /* with RPC_METHOD_STREAM_IN: the client sends no more */
	void *arg;
	unsigned flags;
};

/* The caller's SPIFFE URI as its certificate says; empty if that has not
 * exactly one: the service answers UNAUTHENTICATED. */
struct bytes rpc_call_identity(const struct rpc_call *call);

/* The caller's network address, "192.0.2.1:4711", for logs. */
const char *rpc_call_peer(const struct rpc_call *call);

/* First value of a request header, name in lower case; NULL data if there is
 * none.  Binary headers ("-bin") are given as they came, in base64. */
struct bytes rpc_call_metadata(const struct rpc_call *call, const char *name);

/* Milliseconds until the deadline, at least 0; INT64_MAX if there is none. */
int64_t rpc_call_remaining_ms(const struct rpc_call *call);

/* False once nobody waits for the answer any more. */
bool rpc_call_is_open(const struct rpc_call *call);

/* Lives until the call is answered; for the request and for making the answer. */
struct arena *rpc_call_arena(struct rpc_call *call);

/* The loop to post the answer to. */
struct rpc_loop *rpc_call_loop(struct rpc_call *call);

/* A place for the service to keep what belongs to this call; NULL at first. */
void **rpc_call_state(struct rpc_call *call);

/* Answers with the one message and OK.  `message` is copied. */
void rpc_call_reply(struct rpc_call *call, struct bytes message);

/* Answers with a status other than OK.  `text` is UTF-8 for people; `details`
 * are the bytes of a google.rpc.Status, or empty; above 3 KiB they are left out,
 * because stock clients refuse headers so large. */
void rpc_call_fail(struct rpc_call *call, enum rpc_code code, const char *text,
		   struct bytes details);

/*
 * Queues one message of a streamed answer; it is copied.  ERR_FULL, with
 * nothing queued, if the client reads too slowly: wait for rpc_call_on_room,
 * or fail the call.  ERR_WRONG_STATE if nobody waits any more: end it.
 */
int rpc_call_send(struct rpc_call *call, struct bytes message);

/* Ends a streamed answer with OK once what is queued has gone. */
void rpc_call_finish(struct rpc_call *call);

/* Calls back each time that the queue has emptied after rpc_call_send. */
void rpc_call_on_room(struct rpc_call *call, rpc_call_event *event, void *arg);

/* Calls back once if the client goes away or the deadline passes before the
 * answer; the handler still has to answer, perhaps right there. */
void rpc_call_on_close(struct rpc_call *call, rpc_call_event *event, void *arg);

#endif
