#include "rpc/call.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "rpc/call_state.h"
#include "rpc/metadata.h"
#include "rpc/worker.h"

enum {
	STREAM_QUEUE_MAX = 1024 * 1024, /* bytes of a streamed answer that may wait */
	/* Stock clients refuse more than 8 kB of trailers, and then nobody learns anything:
	 * encoded, text may take three times and details four thirds of this. */
	TEXT_MAX = 1024,
	DETAILS_MAX = 3072,
};

#define FIELD(name, text)                                \
	{                                                \
		BYTES_LITERAL(name), BYTES_LITERAL(text) \
	}

static const struct rpc_header answer_fields[] = {
	FIELD(":status", "200"),
	FIELD("content-type", "application/grpc"),
};
enum { ANSWER_FIELDS = sizeof(answer_fields) / sizeof(answer_fields[0]) };

struct bytes rpc_call_identity(const struct rpc_call *call)
{
	return buffer_bytes(&call->exchange->peer->identity);
}

const char *rpc_call_peer(const struct rpc_call *call)
{
	return call->exchange->peer->address;
}

struct bytes rpc_call_metadata(const struct rpc_call *call, const char *name)
{
	return exchange_header(call->exchange, name);
}

int64_t rpc_call_remaining_ms(const struct rpc_call *call)
{
	int64_t now;

	if (call->deadline == INT64_MAX)
		return INT64_MAX;
	now = rpc_loop_now();
	return call->deadline > now ? call->deadline - now : 0;
}

bool rpc_call_is_open(const struct rpc_call *call)
{
	return !call->told;
}

struct arena *rpc_call_arena(struct rpc_call *call)
{
	return call->exchange->arena;
}

struct rpc_loop *rpc_call_loop(struct rpc_call *call)
{
	return call->exchange->worker->loop;
}

void **rpc_call_state(struct rpc_call *call)
{
	return &call->state;
}

void rpc_call_settle(struct rpc_call *call, enum rpc_code code)
{
	const struct rpc_observer *observer = &call->exchange->worker->config->observer;
	const struct rpc_outcome outcome = {
		.method = call->method,
		.call = call,
		.code = code,
		.duration_us = rpc_loop_now_us() - call->began_us,
	};

	if (call->told)
		return;
	call->told = true;
	if (call->timed)
		event_del(&call->timer);
	call->timed = false;
	rpc_loop_undefer(&call->room);
	if (observer->handled)
		observer->handled(observer->arg, &outcome);
}

static struct bytes status_text(enum rpc_code code, struct arena *arena)
{
	return bytes_of_string(arena_printf(arena, "%u", (unsigned)code));
}

/* At most TEXT_MAX bytes of it, never half a character. */
static struct bytes cut_text(const char *text)
{
	struct bytes line = bytes_of_string(text);

	if (line.size <= TEXT_MAX)
		return line;
	line.size = TEXT_MAX;
	while (line.size > 0 && (line.data[line.size] & 0xc0) == 0x80)
		line.size--;
	return line;
}

/* A status of three fields at most; returns how many. */
static size_t status_fields(struct rpc_header *out, struct rpc_call *call, enum rpc_code code,
			    const char *text, struct bytes details)
{
	struct arena *arena = call->exchange->arena;
	struct buffer value = {0};
	struct bytes line = cut_text(text);
	size_t count = 0;

	out[count++] = (struct rpc_header){BYTES_LITERAL("grpc-status"), status_text(code, arena)};
	if (line.size > 0) {
		metadata_append_text(&value, line);
		out[count++] = (struct rpc_header){BYTES_LITERAL("grpc-message"),
						   arena_copy(arena, buffer_bytes(&value))};
	}
	if (details.size > 0 && details.size <= DETAILS_MAX) {
		buffer_clear(&value);
		metadata_append_binary(&value, details);
		out[count++] = (struct rpc_header){BYTES_LITERAL("grpc-status-details-bin"),
						   arena_copy(arena, buffer_bytes(&value))};
	}
	buffer_release(&value);
	return count;
}

void rpc_call_tell(struct rpc_call *call, enum rpc_code code, const char *text,
		   struct bytes details)
{
	struct exchange *exchange = call->exchange;
	const struct rpc_server_config *config = exchange->worker->config;
	struct rpc_header fields[ANSWER_FIELDS + 4];
	struct buffer described = {0};
	size_t count = ANSWER_FIELDS;

	if (call->told)
		return;
	if (!details.size && code != RPC_OK && config->describe) {
		config->describe(code, text ? text : "", &described);
		details = buffer_bytes(&described);
	}
	memcpy(fields, answer_fields, sizeof(answer_fields));
	count += status_fields(fields + ANSWER_FIELDS, call, code, text, details);
	buffer_release(&described);
	if (code == RPC_UNIMPLEMENTED)
		fields[count++] = (struct rpc_header)FIELD("grpc-accept-encoding", "identity");
	rpc_call_settle(call, code);
	if (!exchange->answered)
		exchange_answer(exchange, fields, count, true);
	else if (code == RPC_DEADLINE_EXCEEDED && exchange_waiting(exchange) > 0)
		/* The trailers would wait behind what the client does not read. */
		exchange_reset(exchange);
	else
		exchange_end(exchange, fields + ANSWER_FIELDS, count - ANSWER_FIELDS);
}

static void begin_answer(struct rpc_call *call)
{
	if (!call->exchange->answered)
		exchange_answer(call->exchange, answer_fields, ANSWER_FIELDS, false);
}

static void end_answer(struct rpc_call *call)
{
	static const struct rpc_header ok = FIELD("grpc-status", "0");

	begin_answer(call);
	exchange_end(call->exchange, &ok, 1);
	rpc_call_settle(call, RPC_OK);
}

/* The handler has answered: nothing of the call may be touched after this. */
static void let_go(struct rpc_call *call)
{
	assert(call->held); /* or the handler has answered twice */
	call->held = false;
	exchange_release(call->exchange);
}

void rpc_call_reply(struct rpc_call *call, struct bytes message)
{
	if (!call->told) {
		begin_answer(call);
		frame_append(exchange_body(call->exchange), message);
		end_answer(call);
	}
	let_go(call);
}

void rpc_call_fail(struct rpc_call *call, enum rpc_code code, const char *text,
		   struct bytes details)
{
	/* A failure must never read as OK. */
	rpc_call_tell(call, code == RPC_OK ? RPC_INTERNAL : code, text, details);
	let_go(call);
}

int rpc_call_send(struct rpc_call *call, struct bytes message)
{
	size_t waiting = exchange_waiting(call->exchange);

	if (call->told)
		return ERR_WRONG_STATE;
	/* A message larger than the queue still has to fit into an empty one. */
	if (waiting > 0 && waiting + message.size > STREAM_QUEUE_MAX)
		return ERR_FULL;
	begin_answer(call);
	frame_append(exchange_body(call->exchange), message);
	exchange_send(call->exchange);
	return 0;
}

void rpc_call_finish(struct rpc_call *call)
{
	if (!call->told)
		end_answer(call);
	let_go(call);
}

void rpc_call_on_room(struct rpc_call *call, rpc_call_event *event, void *arg)
{
	call->on_room = event;
	call->on_room_arg = arg;
}

void rpc_call_on_close(struct rpc_call *call, rpc_call_event *event, void *arg)
{
	call->on_close = event;
	call->on_close_arg = arg;
}
