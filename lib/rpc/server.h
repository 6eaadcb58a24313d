/*
 * The listening side: gRPC over HTTP/2 over TLS 1.3.  Bytes in, bytes out.
 *
 * A server has a table of methods, and one or more loops, each with its own
 * thread and its own connections.  The first loop runs on the thread that
 * calls rpc_server_run; it also accepts, and hands connections to the others
 * in turn.  Methods are called on the loop of their connection (call.h).
 *
 * No client can make it grow without bound: connections, streams, calls not
 * yet answered, headers, messages and the bytes of requests each
 * have a limit below, and a connection that makes no progress is closed.
 */
#ifndef CARNET_RPC_SERVER_H
#define CARNET_RPC_SERVER_H

#include "base/error.h"
#include "base/buffer.h"
#include "rpc/call.h"
#include "rpc/tls.h"

struct rpc_server;

/* How one call went, told once it has its outcome, on its loop's thread. */
struct rpc_outcome {
	const struct rpc_method *method; /* NULL for a path that nobody serves */
	const struct rpc_call *call;
	enum rpc_code code;
	int64_t duration_us;
};

/* What to observe, for metrics and logs; each may be NULL. */
struct rpc_observer {
	void (*started)(void *arg, const struct rpc_method *method);
	void (*handled)(void *arg, const struct rpc_outcome *outcome);
	void *arg;
};

/* Zero means the default that stands beside it. */
struct rpc_server_config {
	const char *host;    /* an address or a name: 127.0.0.1 */
	uint16_t port;       /* 0: any free one, see rpc_server_port */
	int listen_fd;       /* a socket that listens already (then no host, no port) */
	struct rpc_tls *tls; /* the server takes its own reference */
	const struct rpc_method *methods; /* must outlive the server */
	size_t method_count;
	struct rpc_observer observer;
	/* Writes the google.rpc.Status of an error that this room itself makes (too large,
	 * unknown method ...), which knows no messages.  NULL: none is sent.  On a loop. */
	void (*describe)(enum rpc_code code, const char *text, struct buffer *out);

	unsigned loops;           /* 1 */
	unsigned max_connections; /* over all loops: 1024 */
	unsigned max_streams;     /* at a time on one connection: 100 */
	unsigned max_calls;       /* not yet answered, per loop: 16384 */
	size_t max_header_bytes;  /* of one request, as HPACK counts: 16 KiB */
	size_t max_request_bytes; /* of requests not yet answered, per loop: 256 MiB */
	unsigned handshake_ms;    /* for a TLS handshake: 5 s */
	unsigned idle_ms;         /* for a connection without streams: 5 min */
	unsigned request_ms;      /* for a request to come in whole: 60 s */
	unsigned stall_ms;        /* for a peer that reads nothing: 30 s */
};

/* What happened so far; each only grows, except `connections`. */
struct rpc_server_counts {
	uint64_t connections; /* open now */
	uint64_t accepted;
	uint64_t refused;           /* over max_connections */
	uint64_t handshakes_failed; /* also plain text and timeouts */
	uint64_t broken;            /* closed for breaking HTTP/2 or making no progress */
	uint64_t calls_shed;        /* over max_calls or max_request_bytes */
};

/* Binds and listens.  ERR_INVALID for a configuration that cannot work,
 * ERR_EXISTS if another process listens on the port. */
int rpc_server_new(const struct rpc_server_config *config, struct rpc_server **out,
		   struct error *error);

/* The port that is bound. */
uint16_t rpc_server_port(const struct rpc_server *server);

/* The loops, from 0 on; the first is the one for signals. */
unsigned rpc_server_loop_count(const struct rpc_server *server);
struct rpc_loop *rpc_server_loop(struct rpc_server *server, unsigned index);

/* Serves until drained.  When it returns, no handler runs any more. */
void rpc_server_run(struct rpc_server *server);

/*
 * Begins the end: accepts no more, tells clients to go elsewhere (GOAWAY),
 * finishes the calls that are open, and after at most `timeout_ms` closes what
 * is left.  Any thread, also from a signal's function.  A second call can only
 * shorten the time.  Streams without an end (watches) are the owner's to end.
 */
void rpc_server_drain(struct rpc_server *server, unsigned timeout_ms);

/* Connections accepted from now on use this context.  Any thread. */
void rpc_server_set_tls(struct rpc_server *server, struct rpc_tls *tls);

/* Any thread. */
struct rpc_server_counts rpc_server_counts(struct rpc_server *server);

/* After rpc_server_run has returned (or never ran).  Runs what is still posted
 * to the loops: stop the threads that post first. */
void rpc_server_free(struct rpc_server *server);

#endif
