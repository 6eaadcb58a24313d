/*
 * Whole HTTP/2 byte streams, the client's preface included, into the server half: a connection, its
 * streams, the gRPC door and handlers of every manner.  Each input comes twice, at once and cut
 * into small pieces with a turn of the loop between them.
 *
 * Whatever comes: every call that was begun has one outcome, and nothing is left behind.
 */
#include <assert.h>
#include <string.h>

#include "rpc/connection.h"
#include "rpc/door.h"
#include "plain_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MESSAGE_MAX = 4096, PIECE = 7, PIECES_MAX = 400 };

static size_t begun, ended;
static size_t held; /* calls that a handler has not answered */

/* --- Handlers --- */

static void answer(struct rpc_call *call, struct bytes message)
{
	held--;
	if (message.size % 2)
		rpc_call_reply(call, message);
	else
		rpc_call_fail(call, (enum rpc_code)(message.size % RPC_CODE_COUNT), "as asked",
			      message);
}

static void answer_now(struct rpc_call *call, struct bytes message, void *arg)
{
	(void)arg;
	held++;
	rpc_call_metadata(call, "traceparent");
	assert(rpc_call_remaining_ms(call) >= 0);
	answer(call, message);
}

struct later {
	struct rpc_loop_task task;
	struct rpc_call *call;
	struct bytes message;
};

static void answer_the_later(void *arg)
{
	struct later *later = arg;

	answer(later->call, later->message);
}

/* As the committer does: after the turn in which the question came, though the client be gone. */
static void answer_later(struct rpc_call *call, struct bytes message, void *arg)
{
	struct later *later = arena_alloc(rpc_call_arena(call), sizeof(*later));

	(void)arg;
	held++;
	*later = (struct later){
		.task = {.function = answer_the_later, .arg = later},
		.call = call,
		.message = message,
	};
	rpc_loop_defer(rpc_call_loop(call), &later->task);
}

/* A stream both ways, which ends when the client's does, or the client is gone. */

static void finish_stream(struct rpc_call *call)
{
	held--;
	rpc_call_finish(call);
}

static void on_stream_closed(struct rpc_call *call, void *arg)
{
	(void)arg;
	if (*rpc_call_state(call) == NULL)
		return;
	*rpc_call_state(call) = NULL;
	finish_stream(call);
}

static void on_stream_room(struct rpc_call *call, void *arg)
{
	(void)arg;
	rpc_call_send(call, BYTES_LITERAL("room"));
	rpc_call_on_room(call, NULL, NULL);
}

static void begin_stream(struct rpc_call *call)
{
	static char open;

	if (*rpc_call_state(call))
		return;
	held++;
	*rpc_call_state(call) = &open;
	rpc_call_on_close(call, on_stream_closed, NULL);
	rpc_call_on_room(call, on_stream_room, NULL);
}

static void stream_message(struct rpc_call *call, struct bytes message, void *arg)
{
	(void)arg;
	begin_stream(call);
	if (rpc_call_send(call, message) == ERR_FULL) {
		*rpc_call_state(call) = NULL;
		held--;
		rpc_call_fail(call, RPC_RESOURCE_EXHAUSTED, "read faster", (struct bytes){0});
	}
}

static void stream_end(struct rpc_call *call, void *arg)
{
	(void)arg;
	begin_stream(call);
	*rpc_call_state(call) = NULL;
	finish_stream(call);
}

static const struct rpc_method methods[] = {
	{.path = "/f/now", .max_message = MESSAGE_MAX, .handler = answer_now},
	{.path = "/f/later", .max_message = MESSAGE_MAX, .handler = answer_later},
	{.path = "/f/stream",
	 .max_message = MESSAGE_MAX,
	 .handler = stream_message,
	 .end = stream_end,
	 .flags = RPC_METHOD_STREAM_IN},
};

/* --- The house --- */

static void count_begun(void *arg, const struct rpc_method *method)
{
	(void)arg;
	(void)method;
	begun++;
}

static void count_ended(void *arg, const struct rpc_outcome *outcome)
{
	(void)arg;
	(void)outcome;
	ended++;
}

static void describe(enum rpc_code code, const char *text, struct buffer *out)
{
	buffer_printf(out, "%d %s", (int)code, text);
}

static const struct rpc_server_config config = {
	.methods = methods,
	.method_count = sizeof(methods) / sizeof(*methods),
	.observer = {.started = count_begun, .handled = count_ended},
	.describe = describe,
	.loops = 1,
	.max_connections = 1,
	.max_streams = 8,
	.max_calls = 12,
	.max_header_bytes = 2048,
	.max_request_bytes = 16384,
	.handshake_ms = 60000,
	.idle_ms = 60000,
	.request_ms = 60000,
	.stall_ms = 60000,
};

/* What was written is frames, whole ones. */
static void check_written(void)
{
	struct bytes left = buffer_bytes(&plain_written);

	while (left.size) {
		size_t payload;

		assert(left.size >= 9);
		payload = (size_t)left.data[0] << 16 | (size_t)left.data[1] << 8 | left.data[2];
		assert(payload <= 16384 && payload + 9 <= left.size);
		left = bytes_skip(left, payload + 9);
	}
}

static void visit(struct worker *worker, struct bytes input, size_t step)
{
	struct connection *connection;

	begun = ended = 0;
	worker->tally->connections++;
	connection_open(worker, -1, NULL);
	plain_ready();
	for (size_t at = 0; at < input.size; at += step) {
		size_t size = input.size - at < step ? input.size - at : step;

		plain_input(worker->loop, bytes_of(input.data + at, size));
	}
	connection = TAILQ_FIRST(&worker->connections);
	if (connection) {
		connection_tick(connection, rpc_loop_now());
		connection_drain(connection);
		rpc_loop_turn(worker->loop, 0);
	}
	if (!TAILQ_EMPTY(&worker->connections))
		connection_abort(TAILQ_FIRST(&worker->connections));
	rpc_loop_turn(worker->loop, 0);
	check_written();
	assert(begun == ended && held == 0);
	assert(!plain && TAILQ_EMPTY(&worker->connections) && worker->tally->connections == 0);
	assert(worker->pool.live == 0 && worker->request_bytes == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct worker worker;
	static struct tally tally;
	struct bytes input = bytes_of(data, size);

	if (!worker.loop)
		worker_init(&worker, &config, &tally, door_open);
	visit(&worker, input, size ? size : 1);
	visit(&worker, input, size / PIECES_MAX < PIECE ? PIECE : size / PIECES_MAX);
	return 0;
}
