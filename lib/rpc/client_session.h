/*
 * One HTTP/2 connection of a client, and the calls that are under way on it.
 *
 * It becomes ready once the server has greeted it (SETTINGS): until then a
 * server may still refuse our certificate, since TLS 1.3 lets a client finish
 * the handshake before the server has looked at it.
 */
#ifndef CARNET_RPC_CLIENT_SESSION_H
#define CARNET_RPC_CLIENT_SESSION_H

#include <sys/queue.h>

#include <event2/event_struct.h>

#include "base/arena.h"
#include "rpc/client.h"
#include "rpc/frame.h"

struct client_session;

/* A call of a client: waiting for a connection, or on one. */
struct rpc_client_call {
	TAILQ_ENTRY(rpc_client_call) entry;
	struct rpc_client *client;
	struct client_session *session; /* NULL while it waits */
	int32_t stream;

	/* The request. */
	struct arena *arena; /* of path and headers */
	const char *path;
	const struct rpc_header *headers;
	size_t header_count;
	struct buffer out; /* framed */
	size_t sent;
	int64_t deadline; /* ms, monotonic; INT64_MAX: none */
	struct event timer;
	bool retried;

	/* The answer, as far as it has come. */
	struct frame_reader reader;
	bool has_body, is_grpc;
	struct bytes body;
	int http_status, grpc_status; /* -1: not seen */
	struct buffer text, details;

	rpc_client_message *each;
	rpc_client_done *done;
	void *arg;
};

TAILQ_HEAD(client_calls, rpc_client_call);

struct client_session_owner {
	/* Calls can be submitted. */
	void (*ready)(struct client_session *session, void *arg);

	/* No call can be submitted any more; those under way go on. */
	void (*leaving)(struct client_session *session, void *arg);

	/* The connection is gone, its calls still on it; free the session once the
	 * turn is over. */
	void (*gone)(struct client_session *session, const struct error *why, void *arg);

	/* A call has come to its end, and is on no session any more. */
	void (*ended)(struct rpc_client_call *call, const struct rpc_reply *reply, void *arg);

	/* The server never began this call; it is on no session any more. */
	void (*refused)(struct rpc_client_call *call, void *arg);
};

/* Takes a connected socket over and shakes hands.  NULL, with the socket left to
 * the caller, for a name that no certificate can bear. */
struct client_session *client_session_new(struct rpc_loop *loop, int fd, struct rpc_tls *tls,
					  const char *server_name,
					  const struct client_session_owner *owner, void *arg);

/* Its calls must be gone.  Not from within one of its own callbacks. */
void client_session_free(struct client_session *session);

/* Ends it: `gone` is called before this returns. */
void client_session_abort(struct client_session *session, const struct error *why);

/* ERR_UNAVAILABLE if the connection takes no more calls. */
int client_session_submit(struct client_session *session, struct rpc_client_call *call);

/* Tells the server that nobody waits, and forgets the call; `ended` is not called. */
void client_session_cancel(struct client_session *session, struct rpc_client_call *call);

/* The calls under way. */
struct client_calls *client_session_calls(struct client_session *session);

#endif
