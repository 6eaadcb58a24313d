#include "rpc/connection.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "rpc/channel.h"
#include "rpc/http2.h"
#include "rpc/secure.h"

struct connection {
	TAILQ_ENTRY(connection) entry;
	struct worker *worker;
	struct peer *peer;
	struct channel channel;
	nghttp2_session *session; /* from the handshake on */
	struct exchanges exchanges;
	size_t stream_count;
	int64_t began, idle_since; /* ms */
	int64_t leaving_since;     /* we have said that we go; 0: not yet */
	int64_t notice_since;      /* and before that, that we soon shall */
	bool greeted;              /* the client's SETTINGS have come */
	bool blamed;               /* counted as broken already */
	struct rpc_loop_task burial;
};

enum { NOTICE_MS = 500 }; /* for a client to answer the notice of a drain */

/* Marks our PING of a drain: its answer tells that the client knows. */
static const uint8_t drain_mark[8] = "drained";

static void blame(struct connection *connection)
{
	if (!connection->blamed)
		connection->worker->tally->broken++;
	connection->blamed = true;
}

/* The last GOAWAY: streams that come after it were never begun. */
static void say_goodbye(struct connection *connection)
{
	nghttp2_session *session = connection->session;

	if (!connection->notice_since)
		return;
	connection->notice_since = 0;
	nghttp2_submit_goaway(session, NGHTTP2_FLAG_NONE,
			      nghttp2_session_get_last_proc_stream_id(session), NGHTTP2_NO_ERROR,
			      NULL, 0);
	channel_flush(&connection->channel);
}

/* --- The transport of an exchange --- */

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *out, size_t room,
			 uint32_t *flags, nghttp2_data_source *source, void *user)
{
	struct exchange *exchange = source->ptr;
	size_t size = exchange_waiting(exchange);

	(void)user;
	if (size == 0 && !exchange->ended) {
		exchange->events->drained(exchange);
		return NGHTTP2_ERR_DEFERRED;
	}
	/* The window or the frame may have less room than one answer needs. */
	if (size > room)
		size = room;
	if (size > 0) {
		memcpy(out, exchange->out.data + exchange->sent, size);
		exchange->sent += size;
		exchange->moved = rpc_loop_now();
	}
	if (exchange->ended && exchange_waiting(exchange) == 0) {
		nghttp2_nv fields[HTTP2_FIELDS_MAX];

		*flags |= NGHTTP2_DATA_FLAG_EOF;
		if (exchange->trailer_count > 0) {
			*flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
			http2_fields(fields, exchange->trailers, exchange->trailer_count);
			nghttp2_submit_trailer(session, stream, fields, exchange->trailer_count);
		}
	}
	return (ssize_t)size;
}

static void transport_answer(struct exchange *exchange, const struct rpc_header *fields,
			     size_t count, bool last)
{
	struct connection *connection = exchange->connection;
	nghttp2_data_provider body = {.source.ptr = exchange, .read_callback = read_body};
	nghttp2_nv nv[HTTP2_FIELDS_MAX];

	http2_fields(nv, fields, count);
	nghttp2_submit_response(connection->session, exchange->stream, nv, count,
				last ? NULL : &body);
	channel_flush(&connection->channel);
}

static void transport_resume(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;

	/* Refused unless it is deferred, and then it is not needed. */
	nghttp2_session_resume_data(connection->session, exchange->stream);
	channel_flush(&connection->channel);
}

static void transport_reset(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;

	nghttp2_submit_rst_stream(connection->session, NGHTTP2_FLAG_NONE, exchange->stream,
				  NGHTTP2_CANCEL);
	channel_flush(&connection->channel);
}

static const struct exchange_transport transport = {
	transport_answer,
	transport_resume,
	transport_reset,
};

/* --- What nghttp2 tells --- */

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct connection *connection = user;
	struct worker *worker = connection->worker;
	struct exchange *exchange;

	if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	if (worker->pool.live >= worker->config->max_calls) {
		worker->tally->calls_shed++;
		/* gRPC reads this as RESOURCE_EXHAUSTED. */
		return nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
						 NGHTTP2_ENHANCE_YOUR_CALM);
	}
	exchange = exchange_new(worker, connection->peer);
	exchange->transport = &transport;
	exchange->connection = connection;
	exchange->stream = frame->hd.stream_id;
	TAILQ_INSERT_TAIL(&connection->exchanges, exchange, entry);
	connection->stream_count++;
	return nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, exchange);
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
		     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
		     void *user)
{
	struct connection *connection = user;
	struct exchange *exchange =
		nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	(void)flags;
	/* Trailers of a request mean nothing to any door. */
	if (exchange && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		exchange_add_header(exchange, bytes_of(name, name_size),
				    bytes_of(value, value_size),
				    connection->worker->config->max_header_bytes);
	return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *data,
		   size_t size, void *user)
{
	struct exchange *exchange = nghttp2_session_get_stream_user_data(session, stream);

	(void)flags;
	(void)user;
	if (exchange && exchange->events)
		exchange->events->data(exchange, bytes_of(data, size));
	return 0;
}

static void on_request_frame(struct connection *connection, const nghttp2_frame *frame)
{
	struct exchange *exchange =
		nghttp2_session_get_stream_user_data(connection->session, frame->hd.stream_id);

	if (!exchange)
		return;
	if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		connection->worker->door(exchange);
	if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) {
		exchange->whole = true;
		exchange->events->end(exchange);
	}
}

static int on_frame_received(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct connection *connection = user;

	(void)session;
	switch (frame->hd.type) {
	case NGHTTP2_HEADERS:
	case NGHTTP2_DATA:
		on_request_frame(connection, frame);
		break;
	case NGHTTP2_SETTINGS:
		connection->greeted = true;
		break;
	case NGHTTP2_PING:
		/* The client has read our notice: what it sent before has come. */
		if ((frame->hd.flags & NGHTTP2_FLAG_ACK) &&
		    memcmp(frame->ping.opaque_data, drain_mark, sizeof(drain_mark)) == 0)
			say_goodbye(connection);
		break;
	default:
		break;
	}
	return 0;
}

static int on_frame_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	int32_t stream = frame->hd.stream_id;

	if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR)
		blame(user);
	/* An answer before the end of the request: the rest of it is not wanted (RFC 9113, 8.1). */
	if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
	    (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) &&
	    nghttp2_session_get_stream_remote_close(session, stream) == 0)
		nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_NO_ERROR);
	return 0;
}

static void drop_exchange(struct connection *connection, struct exchange *exchange)
{
	TAILQ_REMOVE(&connection->exchanges, exchange, entry);
	connection->stream_count--;
	if (connection->stream_count == 0)
		connection->idle_since = rpc_loop_now();
	exchange_close(exchange);
}

static int on_stream_closed(nghttp2_session *session, int32_t stream, uint32_t code, void *user)
{
	struct exchange *exchange = nghttp2_session_get_stream_user_data(session, stream);

	(void)code;
	if (exchange)
		drop_exchange(user, exchange);
	return 0;
}

nghttp2_session_callbacks *connection_callbacks_new(void)
{
	nghttp2_session_callbacks *callbacks = http2_callbacks_new();

	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_received);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
	return callbacks;
}

/* --- What the channel tells --- */

static void begin_session(struct connection *connection)
{
	const struct rpc_server_config *config = connection->worker->config;
	const nghttp2_settings_entry settings[] = {
		{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, config->max_streams},
		{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, HTTP2_STREAM_WINDOW},
		{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, (uint32_t)config->max_header_bytes},
	};

	connection->session = http2_server_new(connection->worker->callbacks, connection);
	nghttp2_submit_settings(connection->session, NGHTTP2_FLAG_NONE, settings,
				sizeof(settings) / sizeof(settings[0]));
	nghttp2_session_set_local_window_size(connection->session, NGHTTP2_FLAG_NONE, 0,
					      HTTP2_CONNECTION_WINDOW);
}

static void on_ready(void *arg)
{
	struct connection *connection = arg;
	struct arena *arena;

	if (!secure_is_h2(connection->channel.ssl)) {
		channel_abort(&connection->channel, NULL);
		return;
	}
	arena = arena_new(0);
	buffer_append(&connection->peer->identity, secure_identity(connection->channel.ssl, arena));
	arena_free(arena);
	begin_session(connection);
}

static int on_input(void *arg, struct bytes bytes, struct error *error)
{
	struct connection *connection = arg;
	int result = http2_input(connection->session, bytes, error);

	if (result)
		blame(connection);
	return result;
}

static int on_output(void *arg, struct buffer *out, size_t room, struct error *error)
{
	struct connection *connection = arg;

	return http2_output(connection->session, out, room, error);
}

static bool on_finished(void *arg)
{
	struct connection *connection = arg;

	return http2_is_finished(connection->session);
}

static void bury(void *arg)
{
	struct connection *connection = arg;

	nghttp2_session_del(connection->session);
	peer_release(connection->peer);
	free(connection);
}

static void on_closed(void *arg, const struct error *why)
{
	struct connection *connection = arg;
	struct worker *worker = connection->worker;
	struct exchange *exchange;

	(void)why;
	if (!connection->session)
		worker->tally->handshakes_failed++;
	while ((exchange = TAILQ_FIRST(&connection->exchanges)))
		drop_exchange(connection, exchange);
	channel_release(&connection->channel);
	TAILQ_REMOVE(&worker->connections, connection, entry);
	worker->tally->connections--;
	/* The session may be the one that has called us. */
	rpc_loop_defer(worker->loop, &connection->burial);
}

static const struct channel_owner owner = {
	on_ready, on_input, on_output, on_finished, on_closed,
};

void connection_open(struct worker *worker, int fd, struct rpc_tls *tls)
{
	struct connection *connection = memory_new(sizeof(*connection));

	connection->worker = worker;
	connection->peer = peer_new(fd);
	connection->began = rpc_loop_now();
	connection->idle_since = connection->began;
	connection->burial = (struct rpc_loop_task){.function = bury, .arg = connection};
	TAILQ_INIT(&connection->exchanges);
	TAILQ_INSERT_TAIL(&worker->connections, connection, entry);
	channel_init(&connection->channel, worker->loop, fd, secure_accepting(tls, fd), &owner,
		     connection);
}

/* --- What takes too long --- */

static void leave(struct connection *connection, int64_t now)
{
	if (connection->leaving_since)
		return;
	connection->leaving_since = now;
	nghttp2_session_terminate_session(connection->session, NGHTTP2_NO_ERROR);
	channel_flush(&connection->channel);
}

/* False if the connection did not survive it. */
static bool tick_exchanges(struct connection *connection, int64_t now)
{
	const struct rpc_server_config *config = connection->worker->config;
	struct exchange *exchange, *next;

	for (exchange = TAILQ_FIRST(&connection->exchanges); exchange; exchange = next) {
		next = TAILQ_NEXT(exchange, entry);
		if (!exchange->whole && now - exchange->began > config->request_ms) {
			/* Headers that never end cannot be answered at all. */
			if (!exchange->events)
				return false;
			exchange->events->overdue(exchange);
		}
		if (exchange_waiting(exchange) > 0 && now - exchange->moved > config->stall_ms) {
			blame(connection);
			exchange_reset(exchange);
		}
	}
	return true;
}

static bool is_overdue(const struct connection *connection, int64_t now)
{
	const struct rpc_server_config *config = connection->worker->config;
	const struct channel *channel = &connection->channel;

	if (channel->state == CHANNEL_HANDSHAKE || !connection->greeted)
		return now - connection->began > config->handshake_ms;
	if (channel->stalled_since && now - channel->stalled_since > config->stall_ms)
		return true;
	return connection->leaving_since && now - connection->leaving_since > config->stall_ms;
}

void connection_tick(struct connection *connection, int64_t now)
{
	const struct rpc_server_config *config = connection->worker->config;

	if (connection->channel.state == CHANNEL_LINGERING)
		return;
	if (is_overdue(connection, now) || !tick_exchanges(connection, now)) {
		if (connection->session)
			blame(connection);
		channel_abort(&connection->channel, NULL);
		return;
	}
	/* Some clients read nothing while they have no call. */
	if (connection->notice_since && now - connection->notice_since > NOTICE_MS)
		say_goodbye(connection);
	if (connection->session && connection->stream_count == 0 &&
	    now - connection->idle_since > config->idle_ms)
		leave(connection, now);
}

void connection_drain(struct connection *connection)
{
	if (connection->channel.state == CHANNEL_LINGERING)
		return;
	if (!connection->session) {
		channel_abort(&connection->channel, NULL);
		return;
	}
	/* First the notice, then, once the client has seen it, the real GOAWAY: so no stream
	 * that is already on its way gets lost (RFC 9113, 6.8). */
	connection->notice_since = rpc_loop_now();
	nghttp2_submit_shutdown_notice(connection->session);
	nghttp2_submit_ping(connection->session, NGHTTP2_FLAG_NONE, drain_mark);
	channel_flush(&connection->channel);
}

void connection_abort(struct connection *connection)
{
	channel_abort(&connection->channel, NULL);
}

struct connection *connection_next(struct connection *connection)
{
	return TAILQ_NEXT(connection, entry);
}
