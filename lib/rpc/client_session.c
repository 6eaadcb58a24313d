#include "rpc/client_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "rpc/channel.h"
#include "rpc/http2.h"
#include "rpc/metadata.h"
#include "rpc/secure.h"

struct client_session {
	struct channel channel;
	nghttp2_session *session; /* from the handshake on */
	struct client_calls calls;
	bool greeted, leaving;
	char *authority;
	const struct client_session_owner *owner;
	void *arg;
};

enum { TEXT_MAX = 64 * 1024 };

#define FIELD(name, text)                                \
	{                                                \
		BYTES_LITERAL(name), BYTES_LITERAL(text) \
	}

static struct rpc_client_call *call_of(nghttp2_session *session, int32_t stream)
{
	return nghttp2_session_get_stream_user_data(session, stream);
}

/* --- The end of a call --- */

/* HTTP's word where gRPC's is missing (gRPC, "HTTP to gRPC Status Code Mapping"). */
static enum rpc_code code_of_http(int status)
{
	switch (status) {
	case 400:
		return RPC_INTERNAL;
	case 401:
		return RPC_UNAUTHENTICATED;
	case 403:
		return RPC_PERMISSION_DENIED;
	case 404:
		return RPC_UNIMPLEMENTED;
	case 429:
	case 502:
	case 503:
	case 504:
		return RPC_UNAVAILABLE;
	default:
		return RPC_UNKNOWN;
	}
}

static enum rpc_code code_of_reset(uint32_t error)
{
	switch (error) {
	case NGHTTP2_REFUSED_STREAM:
		return RPC_UNAVAILABLE;
	case NGHTTP2_CANCEL:
		return RPC_CANCELLED;
	case NGHTTP2_ENHANCE_YOUR_CALM:
		return RPC_RESOURCE_EXHAUSTED;
	case NGHTTP2_INADEQUATE_SECURITY:
		return RPC_PERMISSION_DENIED;
	default:
		return RPC_INTERNAL;
	}
}

static struct rpc_reply verdict(enum rpc_code code, const char *text, bool from_server)
{
	return (struct rpc_reply){
		.code = code,
		.from_server = from_server,
		.message = bytes_of_string(text),
	};
}

static struct rpc_reply judge(struct rpc_client_call *call, uint32_t error)
{
	struct rpc_reply reply = {.from_server = true};

	if (call->grpc_status < 0) {
		if (call->http_status > 0 && (call->http_status != 200 || !call->is_grpc))
			return verdict(code_of_http(call->http_status),
				       "the answer is plain HTTP, not gRPC", true);
		return verdict(code_of_reset(error), "the server ended the call without a status",
			       true);
	}
	reply.code =
		call->grpc_status < RPC_CODE_COUNT ? (enum rpc_code)call->grpc_status : RPC_UNKNOWN;
	reply.message = buffer_bytes(&call->text);
	reply.details = buffer_bytes(&call->details);
	if (reply.code != RPC_OK)
		return reply;
	if (frame_is_open(&call->reader))
		return verdict(RPC_INTERNAL, "the answer ends in the middle of a message", false);
	if (!call->each && !call->has_body)
		return verdict(RPC_INTERNAL, "the answer holds no message", false);
	reply.body = call->body;
	return reply;
}

static void take_off(struct client_session *session, struct rpc_client_call *call)
{
	TAILQ_REMOVE(&session->calls, call, entry);
	nghttp2_session_set_stream_user_data(session->session, call->stream, NULL);
	call->session = NULL;
}

static void end_call(struct client_session *session, struct rpc_client_call *call,
		     const struct rpc_reply *reply)
{
	take_off(session, call);
	session->owner->ended(call, reply, session->arg);
}

/* Found out on this side that the answer is of no use. */
static void reject_call(struct client_session *session, struct rpc_client_call *call,
			enum rpc_code code, const char *text)
{
	const struct rpc_reply reply = verdict(code, text, false);

	nghttp2_submit_rst_stream(session->session, NGHTTP2_FLAG_NONE, call->stream,
				  NGHTTP2_CANCEL);
	end_call(session, call, &reply);
}

/* --- What nghttp2 tells --- */

static int number_of(struct bytes text)
{
	int value = 0;

	for (size_t i = 0; i < text.size; i++) {
		if (i == 3 || text.data[i] < '0' || text.data[i] > '9')
			return RPC_UNKNOWN;
		value = value * 10 + (text.data[i] - '0');
	}
	return text.size > 0 ? value : RPC_UNKNOWN;
}

static int on_header(nghttp2_session *nghttp2, const nghttp2_frame *frame, const uint8_t *name,
		     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
		     void *user)
{
	struct rpc_client_call *call = call_of(nghttp2, frame->hd.stream_id);
	struct bytes field = bytes_of(name, name_size), text = bytes_of(value, value_size);

	(void)flags;
	(void)user;
	if (!call)
		return 0;
	if (bytes_equal_string(field, ":status")) {
		call->http_status = number_of(text);
	} else if (bytes_equal_string(field, "content-type")) {
		call->is_grpc = metadata_is_grpc(text);
	} else if (bytes_equal_string(field, "grpc-status")) {
		call->grpc_status = number_of(text);
	} else if (bytes_equal_string(field, "grpc-message") && text.size < TEXT_MAX) {
		buffer_clear(&call->text);
		metadata_decode_text(&call->text, text);
	} else if (bytes_equal_string(field, "grpc-status-details-bin")) {
		buffer_clear(&call->details);
		metadata_decode_binary(&call->details, text);
	}
	return 0;
}

static int on_data(nghttp2_session *nghttp2, uint8_t flags, int32_t stream, const uint8_t *data,
		   size_t size, void *user)
{
	struct bytes bytes = bytes_of(data, size);
	struct rpc_client_call *call;

	(void)flags;
	/* Each message may make its receiver cancel the call. */
	while (bytes.size > 0 && (call = call_of(nghttp2, stream))) {
		struct error error;
		int result;

		if (call->has_body) {
			reject_call(user, call, RPC_INTERNAL,
				    "the answer holds more than one message");
			break;
		}
		result = frame_read(&call->reader, &bytes, &call->body, &error);
		if (result < 0)
			reject_call(user, call,
				    result == ERR_LIMIT ? RPC_RESOURCE_EXHAUSTED : RPC_INTERNAL,
				    error.text);
		else if (result > 0 && call->each)
			call->each(call->arg, call->body);
		else if (result > 0)
			call->has_body = true;
	}
	return 0;
}

static void greet(struct client_session *session)
{
	if (session->greeted)
		return;
	session->greeted = true;
	session->owner->ready(session, session->arg);
}

static int on_frame_received(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *user)
{
	struct client_session *session = user;
	int32_t stream = frame->hd.stream_id;

	if (frame->hd.type == NGHTTP2_SETTINGS && !(frame->hd.flags & NGHTTP2_FLAG_ACK))
		greet(session);
	if (frame->hd.type == NGHTTP2_GOAWAY && !session->leaving) {
		session->leaving = true;
		session->owner->leaving(session, session->arg);
	}
	/* The server has answered without reading all of the request. */
	if (frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) &&
	    nghttp2_session_get_stream_local_close(nghttp2, stream) == 0)
		nghttp2_submit_rst_stream(nghttp2, NGHTTP2_FLAG_NONE, stream, NGHTTP2_NO_ERROR);
	return 0;
}

static int on_stream_closed(nghttp2_session *nghttp2, int32_t stream, uint32_t error, void *user)
{
	struct client_session *session = user;
	struct rpc_client_call *call = call_of(nghttp2, stream);
	struct rpc_reply reply;

	if (!call)
		return 0;
	if (error == NGHTTP2_REFUSED_STREAM && call->http_status < 0 && !call->retried) {
		take_off(session, call);
		session->owner->refused(call, session->arg);
		return 0;
	}
	reply = judge(call, error);
	end_call(session, call, &reply);
	return 0;
}

static nghttp2_session *new_nghttp2(struct client_session *session)
{
	nghttp2_session_callbacks *callbacks = http2_callbacks_new();
	nghttp2_session *nghttp2;

	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_received);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
	nghttp2 = http2_client_new(callbacks, session);
	nghttp2_session_callbacks_del(callbacks);
	return nghttp2;
}

/* --- What the channel tells --- */

static void on_ready(void *arg)
{
	static const struct error no_h2 = {ERR_UNAVAILABLE, "the other side does not speak HTTP/2"};
	const nghttp2_settings_entry settings[] = {
		{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
		{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, HTTP2_STREAM_WINDOW},
	};
	struct client_session *session = arg;

	if (!secure_is_h2(session->channel.ssl)) {
		channel_abort(&session->channel, &no_h2);
		return;
	}
	session->session = new_nghttp2(session);
	nghttp2_submit_settings(session->session, NGHTTP2_FLAG_NONE, settings,
				sizeof(settings) / sizeof(settings[0]));
	nghttp2_session_set_local_window_size(session->session, NGHTTP2_FLAG_NONE, 0,
					      HTTP2_CONNECTION_WINDOW);
}

static int on_input(void *arg, struct bytes bytes, struct error *error)
{
	struct client_session *session = arg;

	return http2_input(session->session, bytes, error);
}

static int on_output(void *arg, struct buffer *out, size_t room, struct error *error)
{
	struct client_session *session = arg;

	return http2_output(session->session, out, room, error);
}

static bool on_finished(void *arg)
{
	struct client_session *session = arg;

	return http2_is_finished(session->session);
}

static void on_closed(void *arg, const struct error *why)
{
	static const struct error in_order = {ERR_UNAVAILABLE, "the connection was closed"};
	struct client_session *session = arg;

	session->owner->gone(session, why ? why : &in_order, session->arg);
}

static const struct channel_owner channel_owner = {
	on_ready, on_input, on_output, on_finished, on_closed,
};

struct client_session *client_session_new(struct rpc_loop *loop, int fd, struct rpc_tls *tls,
					  const char *server_name,
					  const struct client_session_owner *owner, void *arg)
{
	SSL *ssl = secure_connecting(tls, fd, server_name);
	struct client_session *session;

	if (!ssl)
		return NULL;
	session = memory_new(sizeof(*session));
	session->authority = memory_copy_string(server_name);
	session->owner = owner;
	session->arg = arg;
	TAILQ_INIT(&session->calls);
	channel_init(&session->channel, loop, fd, ssl, &channel_owner, session);
	return session;
}

void client_session_free(struct client_session *session)
{
	channel_release(&session->channel);
	nghttp2_session_del(session->session);
	free(session->authority);
	free(session);
}

void client_session_abort(struct client_session *session, const struct error *why)
{
	channel_abort(&session->channel, why);
}

struct client_calls *client_session_calls(struct client_session *session)
{
	return &session->calls;
}

/* --- Calls --- */

static ssize_t read_request(nghttp2_session *nghttp2, int32_t stream, uint8_t *out, size_t room,
			    uint32_t *flags, nghttp2_data_source *source, void *user)
{
	/* The call may have ended here while its last frames still wait. */
	struct rpc_client_call *call = call_of(nghttp2, stream);
	size_t size;

	(void)source;
	(void)user;
	if (!call)
		return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
	size = call->out.size - call->sent;
	if (size > room)
		size = room;
	memcpy(out, call->out.data + call->sent, size);
	call->sent += size;
	if (call->sent == call->out.size)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)size;
}

static size_t request_fields(struct rpc_header *out, const struct client_session *session,
			     const struct rpc_client_call *call,
			     char timeout[METADATA_TIMEOUT_SIZE])
{
	const struct rpc_header fixed[] = {
		FIELD(":method", "POST"),
		FIELD(":scheme", "https"),
		{BYTES_LITERAL(":authority"), bytes_of_string(session->authority)},
		{BYTES_LITERAL(":path"), bytes_of_string(call->path)},
		FIELD("te", "trailers"),
		FIELD("content-type", "application/grpc"),
		FIELD("user-agent", "carnet"),
	};
	size_t count = sizeof(fixed) / sizeof(fixed[0]);

	memcpy(out, fixed, sizeof(fixed));
	if (call->deadline != INT64_MAX) {
		metadata_format_timeout(call->deadline - rpc_loop_now(), timeout);
		out[count++] = (struct rpc_header){BYTES_LITERAL("grpc-timeout"),
						   bytes_of_string(timeout)};
	}
	for (size_t i = 0; i < call->header_count && count < HTTP2_FIELDS_MAX; i++)
		out[count++] = call->headers[i];
	return count;
}

int client_session_submit(struct client_session *session, struct rpc_client_call *call)
{
	const nghttp2_data_provider body = {.read_callback = read_request};
	struct rpc_header fields[HTTP2_FIELDS_MAX];
	char timeout[METADATA_TIMEOUT_SIZE];
	nghttp2_nv nv[HTTP2_FIELDS_MAX];
	size_t count = request_fields(fields, session, call, timeout);

	if (session->leaving || !session->greeted)
		return ERR_UNAVAILABLE;
	http2_fields(nv, fields, count);
	call->stream = nghttp2_submit_request(session->session, NULL, nv, count, &body, call);
	if (call->stream < 0)
		return ERR_UNAVAILABLE;
	call->session = session;
	TAILQ_INSERT_TAIL(&session->calls, call, entry);
	channel_flush(&session->channel);
	return 0;
}

void client_session_cancel(struct client_session *session, struct rpc_client_call *call)
{
	nghttp2_submit_rst_stream(session->session, NGHTTP2_FLAG_NONE, call->stream,
				  NGHTTP2_CANCEL);
	take_off(session, call);
	channel_flush(&session->channel);
}
