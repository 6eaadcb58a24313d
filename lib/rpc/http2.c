#include "rpc/http2.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

enum {
	/* Streams that a client opens and resets: at once, and per second after that. */
	RESETS_AT_ONCE = 1000,
	RESETS_PER_SECOND = 200,
	ACKS_WAITING = 1000, /* answers to PING and SETTINGS that a peer leaves unread */
	SETTINGS_ENTRIES = 32,
};

/* nghttp2 1.57 and newer, and Debian's 1.52, have it; others get the rest of the limits. */
extern void nghttp2_option_set_stream_reset_rate_limit(nghttp2_option *option, uint64_t burst,
						       uint64_t rate) __attribute__((weak));

static void *allocate(size_t size, void *user)
{
	(void)user;
	return memory_resize(NULL, 1, size);
}

static void release(void *memory, void *user)
{
	(void)user;
	free(memory);
}

static void *allocate_zeroed(size_t count, size_t size, void *user)
{
	size_t total;

	(void)user;
	return memory_new(__builtin_mul_overflow(count, size, &total) ? SIZE_MAX : total);
}

static void *reallocate(void *memory, size_t size, void *user)
{
	(void)user;
	return memory_resize(memory, 1, size);
}

static nghttp2_mem heap = {NULL, allocate, release, allocate_zeroed, reallocate};

static nghttp2_option *options_new(void)
{
	nghttp2_option *option;

	if (nghttp2_option_new(&option))
		abort();
	/* Closed streams are kept only for a priority scheme that nobody uses. */
	nghttp2_option_set_no_closed_streams(option, 1);
	nghttp2_option_set_max_outbound_ack(option, ACKS_WAITING);
	nghttp2_option_set_max_settings(option, SETTINGS_ENTRIES);
	if (nghttp2_option_set_stream_reset_rate_limit)
		nghttp2_option_set_stream_reset_rate_limit(option, RESETS_AT_ONCE,
							   RESETS_PER_SECOND);
	return option;
}

nghttp2_session *http2_server_new(const nghttp2_session_callbacks *callbacks, void *user)
{
	nghttp2_option *option = options_new();
	nghttp2_session *session;

	if (nghttp2_session_server_new3(&session, callbacks, user, option, &heap))
		abort();
	nghttp2_option_del(option);
	return session;
}

nghttp2_session *http2_client_new(const nghttp2_session_callbacks *callbacks, void *user)
{
	nghttp2_option *option = options_new();
	nghttp2_session *session;

	if (nghttp2_session_client_new3(&session, callbacks, user, option, &heap))
		abort();
	nghttp2_option_del(option);
	return session;
}

nghttp2_session_callbacks *http2_callbacks_new(void)
{
	nghttp2_session_callbacks *callbacks;

	if (nghttp2_session_callbacks_new(&callbacks))
		abort();
	return callbacks;
}

/* nghttp2 takes pointers to bytes that it never writes. */
static uint8_t *unconst(const uint8_t *data)
{
	union {
		const uint8_t *in;
		uint8_t *out;
	} pointer = {.in = data};

	return pointer.out;
}

void http2_fields(nghttp2_nv *out, const struct rpc_header *fields, size_t count)
{
	assert(count <= HTTP2_FIELDS_MAX);
	for (size_t i = 0; i < count; i++)
		out[i] = (nghttp2_nv){
			.name = unconst(fields[i].name.data),
			.namelen = fields[i].name.size,
			.value = unconst(fields[i].value.data),
			.valuelen = fields[i].value.size,
		};
}

int http2_input(nghttp2_session *session, struct bytes bytes, struct error *error)
{
	ssize_t result = nghttp2_session_mem_recv(session, bytes.data, bytes.size);

	if (result < 0)
		return error_set(error, ERR_INVALID, "the peer breaks HTTP/2: %s",
				 nghttp2_strerror((int)result));
	return 0;
}

int http2_output(nghttp2_session *session, struct buffer *out, size_t room, struct error *error)
{
	while (out->size < room) {
		const uint8_t *data;
		ssize_t size = nghttp2_session_mem_send(session, &data);

		if (size < 0)
			return error_set(error, ERR_INVALID, "HTTP/2 cannot go on: %s",
					 nghttp2_strerror((int)size));
		if (size == 0)
			break;
		buffer_append(out, bytes_of(data, (size_t)size));
	}
	return 0;
}

bool http2_is_finished(nghttp2_session *session)
{
	return !nghttp2_session_want_read(session) && !nghttp2_session_want_write(session);
}
