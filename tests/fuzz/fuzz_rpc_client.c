/*
 * Whole HTTP/2 byte streams as a server would send them, into the client half: a session with calls
 * under way, one of each manner.  Each input comes twice, at once and cut into small pieces.
 *
 * Whatever comes, each call ends once, and never well without an answer; or it is still there when
 * the connection goes.
 */
#include <assert.h>
#include <string.h>

#include "rpc/client_session.h"
#include "plain_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CALLS = 4, MESSAGE_MAX = 4096, PIECE = 7, PIECES_MAX = 400 };

/* One connection, and who waits on it. */
struct asking {
	struct rpc_client_call calls[CALLS];
	int outcomes[CALLS];
	bool greeted, gone;
};

static void take(void *arg, struct bytes message)
{
	assert(message.size <= MESSAGE_MAX);
	(void)arg;
}

static void on_ready(struct client_session *session, void *arg)
{
	struct asking *asking = arg;

	assert(!asking->greeted);
	asking->greeted = true;
	for (int i = 0; i < CALLS; i++)
		if (client_session_submit(session, &asking->calls[i]))
			asking->outcomes[i]++;
}

static void on_leaving(struct client_session *session, void *arg)
{
	(void)session;
	(void)arg;
}

static void on_gone(struct client_session *session, const struct error *why, void *arg)
{
	struct asking *asking = arg;

	(void)session;
	assert(why && *why->text && !asking->gone);
	asking->gone = true;
}

static void on_ended(struct rpc_client_call *call, const struct rpc_reply *reply, void *arg)
{
	struct asking *asking = arg;

	assert((unsigned)reply->code < RPC_CODE_COUNT);
	assert(reply->code != RPC_OK || call->each || call->has_body);
	assert(reply->body.size <= MESSAGE_MAX);
	asking->outcomes[call - asking->calls]++;
}

static void on_refused(struct rpc_client_call *call, void *arg)
{
	struct asking *asking = arg;

	asking->outcomes[call - asking->calls]++;
}

static const struct client_session_owner owner = {
	on_ready, on_leaving, on_gone, on_ended, on_refused,
};

static void begin(struct asking *asking, struct arena *arena)
{
	*asking = (struct asking){0};
	for (int i = 0; i < CALLS; i++) {
		struct rpc_client_call *call = &asking->calls[i];

		call->path = "/f/now";
		call->arena = arena;
		call->deadline = INT64_MAX;
		call->reader.limit = MESSAGE_MAX;
		call->http_status = call->grpc_status = -1;
		call->each = i % 2 ? take : NULL;
		call->retried = i >= 2;
		frame_append(&call->out, BYTES_LITERAL("a question"));
	}
}

static void end(struct asking *asking, struct client_session *session)
{
	struct rpc_client_call *call;

	if (!asking->gone)
		client_session_abort(session, NULL);
	assert(asking->gone);
	while ((call = TAILQ_FIRST(client_session_calls(session)))) {
		assert(asking->outcomes[call - asking->calls] == 0);
		asking->outcomes[call - asking->calls]++;
		client_session_cancel(session, call);
	}
	for (int i = 0; i < CALLS; i++) {
		assert(asking->outcomes[i] == asking->greeted);
		frame_reader_release(&asking->calls[i].reader);
		buffer_release(&asking->calls[i].out);
		buffer_release(&asking->calls[i].text);
		buffer_release(&asking->calls[i].details);
	}
	client_session_free(session);
	assert(!plain);
}

static void visit(struct rpc_loop *loop, struct bytes input, size_t step)
{
	struct arena *arena = arena_new(0);
	struct asking asking;
	struct client_session *session =
		client_session_new(loop, -1, NULL, "log.example", &owner, &asking);

	begin(&asking, arena);
	plain_ready();
	for (size_t at = 0; at < input.size; at += step) {
		size_t size = input.size - at < step ? input.size - at : step;

		plain_input(loop, bytes_of(input.data + at, size));
	}
	end(&asking, session);
	rpc_loop_turn(loop, 0);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rpc_loop *loop;
	struct bytes input = bytes_of(data, size);

	if (!loop)
		loop = rpc_loop_new();
	visit(loop, input, size ? size : 1);
	visit(loop, input, size / PIECES_MAX < PIECE ? PIECE : size / PIECES_MAX);
	return 0;
}
