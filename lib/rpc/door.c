#include "rpc/door.h"

#include <event2/event.h>

#include "rpc/call_state.h"
#include "rpc/metadata.h"
#include "rpc/worker.h"

enum { MESSAGE_MAX_DEFAULT = 4 * 1024 * 1024 };

#define FIELD(name, text)                                \
	{                                                \
		BYTES_LITERAL(name), BYTES_LITERAL(text) \
	}

static const struct bytes no_details;

/* Tells the client, and a handler that is still at work. */
static void fail(struct rpc_call *call, enum rpc_code code, const char *text)
{
	if (call->told)
		return;
	rpc_call_tell(call, code, text, no_details);
	if (call->held && call->on_close)
		call->on_close(call, call->on_close_arg);
}

static void hold(struct rpc_call *call)
{
	if (call->held)
		return;
	call->held = true;
	exchange_hold(call->exchange);
}

static void hand_over(struct rpc_call *call)
{
	hold(call);
	call->method->handler(call, call->message, call->method->arg);
}

/* --- The request --- */

static enum rpc_code code_of_frame_error(int error)
{
	switch (error) {
	case ERR_LIMIT:
		return RPC_RESOURCE_EXHAUSTED;
	case ERR_WRONG_STATE:
		return RPC_UNIMPLEMENTED;
	default:
		return RPC_INTERNAL;
	}
}

static bool streams_in(const struct rpc_call *call)
{
	return call->method->flags & RPC_METHOD_STREAM_IN;
}

/* One message is whole. */
static void take_message(struct rpc_call *call)
{
	if (!streams_in(call)) {
		call->has_message = true;
		return;
	}
	hand_over(call);
	/* The next one may take its room. */
	call->exchange->worker->request_bytes -= call->request_bytes;
	call->request_bytes = 0;
}

/* Counts what the request holds in memory until it is answered. */
static bool fits(struct rpc_call *call, size_t size)
{
	struct worker *worker = call->exchange->worker;

	if (worker->request_bytes + size > worker->config->max_request_bytes) {
		worker->tally->calls_shed++;
		fail(call, RPC_RESOURCE_EXHAUSTED, "the server holds too many requests; retry");
		return false;
	}
	worker->request_bytes += size;
	call->request_bytes += size;
	return true;
}

static void on_data(struct exchange *exchange, struct bytes bytes)
{
	struct rpc_call *call = exchange->door;

	if (call->told || !fits(call, bytes.size))
		return;
	if (!frame_is_open(&call->reader))
		call->frame_began = rpc_loop_now();
	while (bytes.size > 0 && !call->told) {
		struct error error;
		int result;

		if (call->has_message) {
			fail(call, RPC_UNIMPLEMENTED,
			     "the method takes one message; more came: ask with a call for each");
			return;
		}
		result = frame_read(&call->reader, &bytes, &call->message, &error);
		if (result < 0)
			fail(call, code_of_frame_error(result), error.text);
		else if (result > 0)
			take_message(call);
	}
}

static void on_end(struct exchange *exchange)
{
	struct rpc_call *call = exchange->door;

	if (call->told)
		return;
	if (frame_is_open(&call->reader)) {
		fail(call, RPC_INTERNAL,
		     "the request ends in the middle of a message; send five bytes of prefix and "
		     "as many as they say");
	} else if (streams_in(call)) {
		hold(call);
		if (call->method->end)
			call->method->end(call, call->method->arg);
	} else if (!call->has_message) {
		fail(call, RPC_UNIMPLEMENTED,
		     "the method takes one message; none came: send one, even if it is empty");
	} else {
		hand_over(call);
	}
}

static void on_overdue(struct exchange *exchange)
{
	struct rpc_call *call = exchange->door;

	/* A stream may rest between two messages, not within one. */
	if (call->method && streams_in(call) && call->held) {
		int64_t limit = exchange->worker->config->request_ms;

		if (!frame_is_open(&call->reader) || rpc_loop_now() - call->frame_began <= limit)
			return;
	}
	fail(call, RPC_DEADLINE_EXCEEDED, "the request did not come in whole in time");
}

/* --- The answer --- */

static void tell_room(void *arg)
{
	struct rpc_call *call = arg;

	if (call->held && !call->told && call->on_room)
		call->on_room(call, call->on_room_arg);
}

static void on_drained(struct exchange *exchange)
{
	struct rpc_call *call = exchange->door;

	/* Later: the transport is in the middle of writing. */
	if (call->on_room && !call->told)
		rpc_loop_defer(exchange->worker->loop, &call->room);
}

static void on_closed(struct exchange *exchange)
{
	struct rpc_call *call = exchange->door;

	if (call->told)
		return;
	rpc_call_settle(call, RPC_CANCELLED);
	if (call->held && call->on_close)
		call->on_close(call, call->on_close_arg);
}

static void on_freed(struct exchange *exchange)
{
	struct rpc_call *call = exchange->door;

	exchange->worker->request_bytes -= call->request_bytes;
	exchange->spare = call->reader.message;
}

static const struct exchange_events events = {
	on_data, on_end, on_drained, on_overdue, on_closed, on_freed,
};

/* --- The beginning --- */

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct rpc_call *call = arg;

	(void)fd;
	(void)what;
	call->timed = false;
	fail(call, RPC_DEADLINE_EXCEEDED, "the deadline has passed; allow more in grpc-timeout");
}

static void set_deadline(struct rpc_call *call, int64_t timeout_ms)
{
	struct timeval timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
	/* A clock that cannot count so far means for ever. */
	const int64_t longest_ms = INT64_C(365) * 24 * 3600 * 1000;

	if (timeout_ms > longest_ms)
		return;
	call->deadline = rpc_loop_now() + timeout_ms;
	event_assign(&call->timer, rpc_loop_base(call->exchange->worker->loop), -1, 0, on_deadline,
		     call);
	event_add(&call->timer, &timeout);
	call->timed = true;
}

static const struct rpc_method *find_method(const struct rpc_server_config *config,
					    struct bytes path)
{
	for (size_t i = 0; i < config->method_count; i++)
		if (bytes_equal_string(path, config->methods[i].path))
			return &config->methods[i];
	return NULL;
}

static struct rpc_call *call_new(struct exchange *exchange)
{
	const struct rpc_server_config *config = exchange->worker->config;
	struct rpc_call *call = arena_alloc(exchange->arena, sizeof(*call));

	call->exchange = exchange;
	call->method = find_method(config, exchange->path);
	call->began_us = rpc_loop_now_us();
	call->deadline = INT64_MAX;
	call->room = (struct rpc_loop_task){.function = tell_room, .arg = call};
	call->reader.message = exchange->spare;
	exchange->spare = (struct buffer){0};
	if (call->method && call->method->max_message)
		call->reader.limit = call->method->max_message;
	else
		call->reader.limit = MESSAGE_MAX_DEFAULT;
	exchange->door = call;
	exchange->events = &events;
	if (config->observer.started)
		config->observer.started(config->observer.arg, call->method);
	return call;
}

/* What is no gRPC gets an answer of plain HTTP. */
static bool refuse_http(struct rpc_call *call)
{
	static const struct rpc_header not_grpc[] = {FIELD(":status", "415")};
	static const struct rpc_header not_post[] = {FIELD(":status", "405"),
						     FIELD("allow", "POST")};
	struct exchange *exchange = call->exchange;

	if (!bytes_equal_string(exchange->method, "POST"))
		exchange_answer(exchange, not_post, 2, true);
	else if (!metadata_is_grpc(exchange_header(exchange, "content-type")))
		exchange_answer(exchange, not_grpc, 1, true);
	else
		return false;
	rpc_call_settle(call, RPC_INVALID_ARGUMENT);
	return true;
}

static bool is_compressed(const struct exchange *exchange)
{
	struct bytes encoding = exchange_header(exchange, "grpc-encoding");

	return encoding.data && !bytes_equal_string(encoding, "identity");
}

void door_open(struct exchange *exchange)
{
	struct rpc_call *call = call_new(exchange);
	struct bytes timeout = exchange_header(exchange, "grpc-timeout");
	int64_t timeout_ms;

	if (exchange->headers_too_large)
		fail(call, RPC_RESOURCE_EXHAUSTED,
		     "the request's headers are too large; send fewer or shorter ones");
	else if (refuse_http(call))
		return;
	else if (!call->method)
		fail(call, RPC_UNIMPLEMENTED,
		     arena_printf(exchange->arena, "there is no method %.*s",
				  BYTES_PRINT(exchange->path)));
	else if (is_compressed(exchange))
		fail(call, RPC_UNIMPLEMENTED,
		     "grpc-encoding: messages must not be compressed; send them with identity");
	else if (timeout.data && !metadata_parse_timeout(timeout, &timeout_ms))
		fail(call, RPC_INVALID_ARGUMENT,
		     "grpc-timeout: malformed; write one to eight digits and a unit, H, M, S, m, u "
		     "or n");
	else if (timeout.data && timeout_ms <= 0)
		fail(call, RPC_DEADLINE_EXCEEDED,
		     "the deadline has passed; allow more in grpc-timeout");
	else if (timeout.data)
		set_deadline(call, timeout_ms);
}
