/*
 * What both sides ask of nghttp2: memory that never runs out quietly, limits
 * against peers that flood, header fields from views.
 */
#ifndef CARNET_RPC_HTTP2_H
#define CARNET_RPC_HTTP2_H

#include <nghttp2/nghttp2.h>

#include "base/buffer.h"
#include "base/error.h"
#include "rpc/header.h"

enum {
	HTTP2_FIELDS_MAX = 64,                /* of one block that we send */
	HTTP2_STREAM_WINDOW = 256 * 1024,     /* what a peer may send ahead on one stream */
	HTTP2_CONNECTION_WINDOW = 1024 * 1024 /* and on all of them */
};

/* A session over `callbacks`, which stay the caller's; free with nghttp2_session_del. */
nghttp2_session *http2_server_new(const nghttp2_session_callbacks *callbacks, void *user);
nghttp2_session *http2_client_new(const nghttp2_session_callbacks *callbacks, void *user);

nghttp2_session_callbacks *http2_callbacks_new(void);

/* Views of the fields for nghttp2, which copies them. */
void http2_fields(nghttp2_nv *out, const struct rpc_header *fields, size_t count);

/* Feeds what has come.  ERR_INVALID if the peer does not speak HTTP/2. */
int http2_input(nghttp2_session *session, struct bytes bytes, struct error *error);

/* Appends what the session wants to send, until there are `room` bytes. */
int http2_output(nghttp2_session *session, struct buffer *out, size_t room, struct error *error);

/* True if the session neither expects nor has to say anything any more. */
bool http2_is_finished(nghttp2_session *session);

#endif
