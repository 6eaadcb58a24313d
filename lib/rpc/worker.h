/*
 * One loop of a server and what lives on it: its connections, the calls not
 * yet answered, and a clock that ticks to find those that make no progress.
 * Everything here is touched by the loop's thread only, but the tally.
 */
#ifndef CARNET_RPC_WORKER_H
#define CARNET_RPC_WORKER_H

#include <stdatomic.h>
#include <sys/queue.h>

#include <nghttp2/nghttp2.h>

#include "rpc/exchange.h"
#include "rpc/server.h"

struct connection;
TAILQ_HEAD(connections, connection);

/* Shared by the loops of a server. */
struct tally {
	atomic_uint_fast64_t connections, accepted, refused;
	atomic_uint_fast64_t handshakes_failed, broken, calls_shed;
};

struct worker {
	const struct rpc_server_config *config; /* defaults filled in */
	struct tally *tally;
	struct rpc_loop *loop;
	nghttp2_session_callbacks *callbacks; /* connection.c's */

	/* The door that a new exchange is shown to. */
	void (*door)(struct exchange *exchange);

	struct connections connections;
	struct exchange_pool pool;
	size_t request_bytes; /* of requests not yet answered */
	struct event *tick;

	bool draining;
	int64_t drain_until;
};

void worker_init(struct worker *worker, const struct rpc_server_config *config, struct tally *tally,
		 void (*door)(struct exchange *exchange));

/* Frees the loop, running what is posted to it, and what is left on it. */
void worker_release(struct worker *worker);

/* Takes over an accepted socket and a reference to the context. */
void worker_adopt(struct worker *worker, int fd, struct rpc_tls *tls);

/* Sends its clients away, and stops the loop when all is done or time is up. */
void worker_drain(struct worker *worker, int64_t until);

#endif
