/*
 * The connecting side: calls to one server over one HTTP/2 connection.
 *
 * Two ways to use it.  A program with one question calls rpc_client_call and
 * waits.  A program with many starts them (rpc_client_start), runs the loop,
 * and gets each one's outcome called back; any number can be under way on one
 * connection, and any number of clients can share a loop.
 *
 * A client connects when first used, and again when the connection is lost;
 * calls under way then end with RPC_UNAVAILABLE and are not repeated, because
 * only the caller knows whether that is safe.  Only a call of which the server
 * says that it never began (REFUSED_STREAM, GOAWAY) is sent once more.
 *
 * One thread: that of its loop.  Looking up a host name blocks it.
 */
#ifndef CARNET_RPC_CLIENT_H
#define CARNET_RPC_CLIENT_H

#include "base/buffer.h"
#include "base/error.h"
#include "rpc/header.h"
#include "rpc/loop.h"
#include "rpc/status.h"
#include "rpc/tls.h"

struct rpc_client;
struct rpc_client_call;

struct rpc_endpoint {
	const char *host;
	uint16_t port;
};

struct rpc_client_config {
	/* Tried in order until one accepts. */
	const struct rpc_endpoint *endpoints;
	size_t endpoint_count;
	struct rpc_tls *tls;     /* the client takes its own reference */
	const char *server_name; /* what the certificate must name; NULL: the endpoint's host */
	struct rpc_loop *loop;   /* shared with others; NULL: one of its own */
	int64_t connect_ms;      /* for connecting to one endpoint; 0: 5 s */
	size_t max_message;      /* bytes of one message that comes back; 0: 64 MiB */
};

/* How a call ended.  The client owns what is in it; see where it is handed out. */
struct rpc_reply {
	enum rpc_code code;
	bool from_server;     /* the server's own word, not found out on this side */
	struct bytes message; /* for people; empty with RPC_OK */
	struct bytes details; /* google.rpc.Status; empty if the server sent none */
	struct bytes body;    /* the answer's message, with RPC_OK */
};

/* The views in `reply` are good until this returns. */
typedef void rpc_client_done(void *arg, const struct rpc_reply *reply);

/* One message of a streamed answer, good until this returns. */
typedef void rpc_client_message(void *arg, struct bytes message);

struct rpc_request {
	const char *path; /* "/carnet.v1.TransferService/Check" */
	struct bytes message;
	int64_t deadline_ms;              /* from now; 0: none */
	const struct rpc_header *headers; /* beside those that the protocol needs */
	size_t header_count;
	rpc_client_message *each; /* set for a streamed answer; then `body` stays empty */
	rpc_client_done *done;    /* called exactly once */
	void *arg;                /* for both */
};

/* Does not connect yet. */
struct rpc_client *rpc_client_new(const struct rpc_client_config *config);

/* Calls still under way end with RPC_CANCELLED.  Not from within a callback. */
void rpc_client_free(struct rpc_client *client);

/*
 * Connects now, so that a program can say early what is wrong.  0 if there is
 * a connection, or ERR_UNAVAILABLE: nobody listens, no answer in time, or one
 * side refused the other's certificate; the sentence says which.
 */
int rpc_client_connect(struct rpc_client *client, struct error *error);

/* Connections from now on use this context. */
void rpc_client_set_tls(struct rpc_client *client, struct rpc_tls *tls);

/*
 * Calls and waits.  0 whenever the server answered, whatever its code; the
 * views in `reply` are good until the client's next call.  ERR_UNAVAILABLE if
 * no server could be reached, with `reply` saying RPC_UNAVAILABLE and why.
 */
int rpc_client_call(struct rpc_client *client, const char *path, struct bytes message,
		    int64_t deadline_ms, struct rpc_reply *reply, struct error *error);

/* Starts a call; what `request` points at is copied.  Any failure, also to
 * connect, comes through `done`, never before this returns.  The result is
 * good until `done` is called. */
struct rpc_client_call *rpc_client_start(struct rpc_client *client,
					 const struct rpc_request *request);

/* Ends a call; its `done` gets RPC_CANCELLED before this returns. */
void rpc_client_cancel(struct rpc_client_call *call);

/* Calls started and not yet done. */
size_t rpc_client_pending(const struct rpc_client *client);

/* Runs the loop until `*flag` is true or `timeout_ms` is over (negative: no
 * limit); true if the flag was set. */
bool rpc_client_run_until(struct rpc_client *client, const bool *flag, int64_t timeout_ms);

struct rpc_loop *rpc_client_loop(struct rpc_client *client);

#endif
