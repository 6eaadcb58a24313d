#include "rpc/server.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/memory.h"
#include "rpc/address.h"
#include "rpc/door.h"
#include "rpc/worker.h"

enum { LOOPS_MAX = 64, ACCEPTS_PER_TURN = 64, RETRY_ACCEPT_MS = 100 };

struct rpc_server {
	struct rpc_server_config config;
	struct tally tally;
	struct worker *workers;
	int listen_fd;
	uint16_t port;
	struct event *acceptable, *retry;
	unsigned next_worker;

	pthread_mutex_t lock; /* guards tls */
	struct rpc_tls *tls;
};

/* What is posted to a worker; freed there. */
struct errand {
	struct worker *worker;
	struct rpc_server *server;
	struct rpc_tls *tls;
	int fd;
	int64_t until;
};

/* --- Accepting: on the first loop --- */

static struct rpc_tls *current_tls(struct rpc_server *server)
{
	struct rpc_tls *tls;

	pthread_mutex_lock(&server->lock);
	tls = rpc_tls_hold(server->tls);
	pthread_mutex_unlock(&server->lock);
	return tls;
}

static void adopt(void *arg)
{
	struct errand *errand = arg;

	worker_adopt(errand->worker, errand->fd, errand->tls);
	free(errand);
}

static void hand_out(struct rpc_server *server, int fd)
{
	struct errand *errand = memory_new(sizeof(*errand));

	address_set_no_delay(fd);
	errand->worker = &server->workers[server->next_worker];
	errand->fd = fd;
	errand->tls = current_tls(server);
	server->next_worker = (server->next_worker + 1) % server->config.loops;
	if (errand->worker == server->workers)
		adopt(errand);
	else
		rpc_loop_post(errand->worker->loop, adopt, errand);
}

/* False if there is nothing to accept now. */
static bool accept_one(struct rpc_server *server)
{
	const struct timeval later = {.tv_usec = RETRY_ACCEPT_MS * 1000};
	int fd = accept4(server->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		/* Without descriptors the socket stays readable: waiting on it would spin. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			event_del(server->acceptable);
			event_add(server->retry, &later);
			return false;
		}
		return errno != EAGAIN;
	}
	if (server->tally.connections >= server->config.max_connections) {
		server->tally.refused++;
		close(fd);
		return true;
	}
	server->tally.accepted++;
	server->tally.connections++;
	hand_out(server, fd);
	return true;
}

static void on_acceptable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	for (int i = 0; i < ACCEPTS_PER_TURN && accept_one(arg); i++)
		;
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct rpc_server *server = arg;

	(void)fd;
	(void)what;
	event_add(server->acceptable, NULL);
}

static void stop_accepting(struct rpc_server *server)
{
	if (server->listen_fd < 0)
		return;
	event_free(server->acceptable);
	event_free(server->retry);
	close(server->listen_fd);
	server->listen_fd = -1;
}

/* --- Making --- */

static int check(const struct rpc_server_config *config, struct error *error)
{
	if (!config->tls)
		return error_set(error, ERR_INVALID, "a server needs a TLS context");
	if (config->loops > LOOPS_MAX)
		return error_set(error, ERR_INVALID, "%u loops are too many; at most %u",
				 config->loops, (unsigned)LOOPS_MAX);
	for (size_t i = 0; i < config->method_count; i++) {
		const struct rpc_method *method = &config->methods[i];

		if (!method->path || method->path[0] != '/' || !method->handler)
			return error_set(error, ERR_INVALID, "method %zu has no path or no handler",
					 i);
		for (size_t k = 0; k < i; k++)
			if (strcmp(method->path, config->methods[k].path) == 0)
				return error_set(error, ERR_INVALID, "method %s stands twice",
						 method->path);
	}
	return 0;
}

static void fill_unsigned(unsigned *value, unsigned otherwise)
{
	if (*value == 0)
		*value = otherwise;
}

static struct rpc_server_config filled_in(const struct rpc_server_config *config)
{
	struct rpc_server_config filled = *config;

	if (!filled.host)
		filled.host = "127.0.0.1";
	fill_unsigned(&filled.loops, 1);
	fill_unsigned(&filled.max_connections, 1024);
	fill_unsigned(&filled.max_streams, 100);
	fill_unsigned(&filled.max_calls, 16384);
	fill_unsigned(&filled.handshake_ms, 5000);
	fill_unsigned(&filled.idle_ms, 5 * 60 * 1000);
	fill_unsigned(&filled.request_ms, 60 * 1000);
	fill_unsigned(&filled.stall_ms, 30 * 1000);
	if (filled.max_header_bytes == 0)
		filled.max_header_bytes = 16 * 1024;
	if (filled.max_request_bytes == 0)
		filled.max_request_bytes = 256 * 1024 * 1024;
	return filled;
}

static void start_accepting(struct rpc_server *server)
{
	struct event_base *base = rpc_loop_base(server->workers[0].loop);

	server->port = address_port(server->listen_fd);
	server->acceptable =
		event_new(base, server->listen_fd, EV_READ | EV_PERSIST, on_acceptable, server);
	server->retry = event_new(base, -1, 0, on_retry, server);
	if (!server->acceptable || !server->retry)
		abort();
	event_add(server->acceptable, NULL);
}

int rpc_server_new(const struct rpc_server_config *config, struct rpc_server **out,
		   struct error *error)
{
	struct rpc_server *server;
	struct error unheard;
	int fd = config->listen_fd;
	int result;

	*out = NULL;
	if (!error)
		error = &unheard;
	result = check(config, error);
	if (result)
		return result;
	server = memory_new(sizeof(*server));
	server->config = filled_in(config);
	if (fd == 0)
		result = address_listen(server->config.host, server->config.port, &fd, error);
	else if (evutil_make_socket_nonblocking(fd))
		result = error_set(error, ERR_INVALID, "descriptor %d is no socket", fd);
	if (result) {
		free(server);
		return result;
	}
	server->listen_fd = fd;
	pthread_mutex_init(&server->lock, NULL);
	server->tls = rpc_tls_hold(config->tls);
	server->workers = memory_new(server->config.loops * sizeof(*server->workers));
	for (unsigned i = 0; i < server->config.loops; i++)
		worker_init(&server->workers[i], &server->config, &server->tally, door_open);
	start_accepting(server);
	*out = server;
	return 0;
}

uint16_t rpc_server_port(const struct rpc_server *server)
{
	return server->port;
}

unsigned rpc_server_loop_count(const struct rpc_server *server)
{
	return server->config.loops;
}

struct rpc_loop *rpc_server_loop(struct rpc_server *server, unsigned index)
{
	return server->workers[index].loop;
}

/* --- Running and ending --- */

static void *run_worker(void *arg)
{
	struct worker *worker = arg;

	rpc_loop_run(worker->loop);
	return NULL;
}

void rpc_server_run(struct rpc_server *server)
{
	pthread_t threads[LOOPS_MAX];

	for (unsigned i = 1; i < server->config.loops; i++)
		if (pthread_create(&threads[i], NULL, run_worker, &server->workers[i]))
			abort();
	run_worker(&server->workers[0]);
	for (unsigned i = 1; i < server->config.loops; i++)
		pthread_join(threads[i], NULL);
}

static void drain(void *arg)
{
	struct errand *errand = arg;

	if (errand->server)
		stop_accepting(errand->server);
	worker_drain(errand->worker, errand->until);
	free(errand);
}

void rpc_server_drain(struct rpc_server *server, unsigned timeout_ms)
{
	int64_t until = rpc_loop_now() + timeout_ms;

	for (unsigned i = 0; i < server->config.loops; i++) {
		struct errand *errand = memory_new(sizeof(*errand));

		errand->worker = &server->workers[i];
		errand->server = i == 0 ? server : NULL;
		errand->until = until;
		rpc_loop_post(errand->worker->loop, drain, errand);
	}
}

void rpc_server_set_tls(struct rpc_server *server, struct rpc_tls *tls)
{
	struct rpc_tls *old;

	rpc_tls_hold(tls);
	pthread_mutex_lock(&server->lock);
	old = server->tls;
	server->tls = tls;
	pthread_mutex_unlock(&server->lock);
	rpc_tls_release(old);
}

struct rpc_server_counts rpc_server_counts(struct rpc_server *server)
{
	return (struct rpc_server_counts){
		.connections = server->tally.connections,
		.accepted = server->tally.accepted,
		.refused = server->tally.refused,
		.handshakes_failed = server->tally.handshakes_failed,
		.broken = server->tally.broken,
		.calls_shed = server->tally.calls_shed,
	};
}

void rpc_server_free(struct rpc_server *server)
{
	if (!server)
		return;
	stop_accepting(server);
	for (unsigned i = 0; i < server->config.loops; i++)
		worker_release(&server->workers[i]);
	rpc_tls_release(server->tls);
	pthread_mutex_destroy(&server->lock);
	free(server->workers);
	free(server);
}
