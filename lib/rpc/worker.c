#include "rpc/worker.h"

#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "rpc/connection.h"

enum { TICK_LONGEST_MS = 1000, TICK_SHORTEST_MS = 5, TICKS_PER_LIMIT = 4 };

/* Done when the last connection is gone and the last call answered. */
static void end_if_drained(struct worker *worker, int64_t now)
{
	struct connection *connection;

	if (!worker->draining)
		return;
	if (now >= worker->drain_until) {
		while ((connection = TAILQ_FIRST(&worker->connections)))
			connection_abort(connection);
		rpc_loop_stop(worker->loop);
	} else if (TAILQ_EMPTY(&worker->connections) && worker->pool.live == 0) {
		rpc_loop_stop(worker->loop);
	}
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct worker *worker = arg;
	struct connection *connection, *next;
	int64_t now = rpc_loop_now();

	(void)fd;
	(void)what;
	for (connection = TAILQ_FIRST(&worker->connections); connection; connection = next) {
		next = connection_next(connection);
		connection_tick(connection, now);
	}
	end_if_drained(worker, now);
}

/* Limits are kept to a quarter of the shortest one. */
static unsigned tick_ms(const struct rpc_server_config *config)
{
	const unsigned limits[] = {config->handshake_ms, config->idle_ms, config->request_ms,
				   config->stall_ms};
	unsigned shortest = TICK_LONGEST_MS;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (limits[i] / TICKS_PER_LIMIT < shortest)
			shortest = limits[i] / TICKS_PER_LIMIT;
	return shortest < TICK_SHORTEST_MS ? TICK_SHORTEST_MS : shortest;
}

static void set_tick(struct worker *worker, unsigned ms)
{
	const struct timeval period = {ms / 1000, ms % 1000 * 1000};

	event_add(worker->tick, &period);
}

void worker_init(struct worker *worker, const struct rpc_server_config *config, struct tally *tally,
		 void (*door)(struct exchange *exchange))
{
	*worker = (struct worker){.config = config, .tally = tally, .door = door};
	worker->loop = rpc_loop_new();
	worker->callbacks = connection_callbacks_new();
	TAILQ_INIT(&worker->connections);
	exchange_pool_init(&worker->pool);
	worker->tick = event_new(rpc_loop_base(worker->loop), -1, EV_PERSIST, on_tick, worker);
	if (!worker->tick)
		abort();
	set_tick(worker, tick_ms(config));
}

void worker_release(struct worker *worker)
{
	struct connection *connection;

	if (!worker->loop)
		return;
	worker->draining = true; /* what is still posted finds the house closed */
	while ((connection = TAILQ_FIRST(&worker->connections)))
		connection_abort(connection);
	event_free(worker->tick);
	rpc_loop_free(worker->loop);
	exchange_pool_release(&worker->pool);
	nghttp2_session_callbacks_del(worker->callbacks);
	worker->loop = NULL;
}

void worker_adopt(struct worker *worker, int fd, struct rpc_tls *tls)
{
	if (worker->draining) {
		close(fd);
		worker->tally->connections--;
	} else {
		connection_open(worker, fd, tls);
	}
	rpc_tls_release(tls);
}

void worker_drain(struct worker *worker, int64_t until)
{
	struct connection *connection, *next;

	if (worker->draining) {
		if (until < worker->drain_until)
			worker->drain_until = until;
		return;
	}
	worker->draining = true;
	worker->drain_until = until;
	for (connection = TAILQ_FIRST(&worker->connections); connection; connection = next) {
		next = connection_next(connection);
		connection_drain(connection);
	}
	/* From here on it is the tick that sees the end come. */
	set_tick(worker, TICK_SHORTEST_MS);
}
