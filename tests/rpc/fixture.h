/*
 * A server on loopback in a thread of its own, with certificates made for the
 * run, and methods that answer at once, later from another thread, or only
 * when the test says so.
 */
#ifndef CARNET_TEST_RPC_FIXTURE_H
#define CARNET_TEST_RPC_FIXTURE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "crypto/cert.h"
#include "rpc/client.h"
#include "rpc/server.h"

#define CALLER "spiffe://example.org/caller"

/* --- Certificates --- */

static char folder[] = "/tmp/carnet-rpc-XXXXXX";

static inline const char *file_in_folder(const char *name, const char *suffix)
{
	static char paths[8][128];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s.%s", folder, name, suffix);
	return path;
}

static inline void issue(const char *name, const struct cert_pair *authority, const char *id,
			 bool server, struct arena *arena)
{
	static const char *const dns[] = {"localhost", NULL}, *const ip[] = {"127.0.0.1", NULL};
	const struct cert_request request = {
		.common_name = name,
		.spiffe_id = id,
		.dns_names = server ? dns : NULL,
		.ip_names = server ? ip : NULL,
		.server = server,
		.client = !server,
	};
	struct cert_pair pair;

	assert_int_equal(
		cert_issue(authority, &request, (instant_ms)time(NULL) * 1000, arena, &pair, NULL),
		0);
	assert_int_equal(
		cert_write(&pair, file_in_folder(name, "pem"), file_in_folder(name, "key"), NULL),
		0);
}

static inline void make_certificates(void)
{
	struct arena *arena = arena_new(0);
	instant_ms now = (instant_ms)time(NULL) * 1000;
	struct cert_pair ours, theirs;

	assert_non_null(mkdtemp(folder));
	assert_int_equal(cert_make_authority("ours", now, arena, &ours, NULL), 0);
	assert_int_equal(cert_make_authority("theirs", now, arena, &theirs, NULL), 0);
	cert_write(&ours, file_in_folder("ours", "pem"), file_in_folder("ours", "key"), NULL);
	cert_write(&theirs, file_in_folder("theirs", "pem"), file_in_folder("theirs", "key"), NULL);
	issue("server", &ours, "spiffe://example.org/carnetd", true, arena);
	issue("caller", &ours, CALLER, false, arena);
	issue("nameless", &ours, NULL, false, arena);
	issue("stranger", &theirs, CALLER, false, arena);
	arena_free(arena);
}

static inline void remove_certificates(void)
{
	static const char *const names[] = {"ours",   "theirs",   "server",
					    "caller", "nameless", "stranger"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		unlink(file_in_folder(names[i], "pem"));
		unlink(file_in_folder(names[i], "key"));
	}
	rmdir(folder);
}

static inline struct rpc_tls_files files_of(const char *name, const char *authority)
{
	return (struct rpc_tls_files){
		.certificate = file_in_folder(name, "pem"),
		.key = file_in_folder(name, "key"),
		.ca = file_in_folder(authority, "pem"),
	};
}

static inline struct rpc_tls *client_tls(const char *name, const char *authority)
{
	struct rpc_tls_files files = files_of(name, authority);
	struct rpc_tls *tls;
	struct error error;

	if (rpc_tls_new_client(&files, &tls, &error))
		fail_msg("%s", error.text);
	return tls;
}

static inline struct rpc_tls *server_tls(void)
{
	struct rpc_tls_files files = files_of("server", "ours");
	struct rpc_tls *tls;
	struct error error;

	if (rpc_tls_new_server(&files, &tls, &error))
		fail_msg("%s", error.text);
	return tls;
}

/* --- The house: a server, its thread, and a committer --- */

enum { PARKED_MAX = 2048 };

struct house {
	struct rpc_server *server;
	pthread_t thread, committer;
	struct rpc_tls *tls;

	/* Calls for the committer, which answers them in batches from its own thread. */
	pthread_mutex_t lock;
	pthread_cond_t arrived;
	struct rpc_call *queue[PARKED_MAX];
	size_t queued;
	bool ending;

	/* Calls that wait for the test; of the loop's thread. */
	struct rpc_call *parked[PARKED_MAX];
	size_t parked_count;
	atomic_uint parked_seen, closed_seen, handled, answered_dead, ok;
};

static inline void echo(struct rpc_call *call, struct bytes message, void *arg)
{
	(void)arg;
	rpc_call_reply(call, message);
}

static inline void who(struct rpc_call *call, struct bytes message, void *arg)
{
	(void)arg;
	(void)message;
	rpc_call_reply(call, rpc_call_identity(call));
}

static inline void trace(struct rpc_call *call, struct bytes message, void *arg)
{
	(void)arg;
	(void)message;
	rpc_call_reply(call, rpc_call_metadata(call, "traceparent"));
}

static inline void refuse(struct rpc_call *call, struct bytes message, void *arg)
{
	(void)arg;
	rpc_call_fail(call, RPC_FAILED_PRECONDITION, "50 % of \xed\x95\x9c\n", message);
}

/* Answers with as many bytes as the message says in decimal. */
static inline void grow(struct rpc_call *call, struct bytes message, void *arg)
{
	size_t size = strtoul(arena_string(rpc_call_arena(call), message), NULL, 10);
	uint8_t *body = arena_alloc(rpc_call_arena(call), size);

	(void)arg;
	for (size_t i = 0; i < size; i++)
		body[i] = (uint8_t)(i * 31 >> 3);
	rpc_call_reply(call, bytes_of(body, size));
}

/* Keeps a copy of the message for later_answer. */
static inline void later(struct rpc_call *call, struct bytes message, void *arg)
{
	struct house *house = arg;
	struct bytes *copy = arena_alloc(rpc_call_arena(call), sizeof(*copy));

	*copy = message;
	*rpc_call_state(call) = copy;
	pthread_mutex_lock(&house->lock);
	assert_true(house->queued < PARKED_MAX);
	house->queue[house->queued++] = call;
	pthread_cond_signal(&house->arrived);
	pthread_mutex_unlock(&house->lock);
}

struct batch {
	size_t count;
	struct rpc_call *calls[];
};

static inline void answer_batch(void *arg)
{
	struct batch *batch = arg;

	for (size_t i = 0; i < batch->count; i++) {
		struct bytes *message = *rpc_call_state(batch->calls[i]);

		rpc_call_reply(batch->calls[i], *message);
	}
	free(batch);
}

/* One loop only: all calls of a batch belong to it. */
static inline void *commit(void *arg)
{
	struct house *house = arg;

	pthread_mutex_lock(&house->lock);
	while (!house->ending || house->queued > 0) {
		struct batch *batch;

		if (house->queued == 0) {
			pthread_cond_wait(&house->arrived, &house->lock);
			continue;
		}
		batch = memory_new(sizeof(*batch) + house->queued * sizeof(batch->calls[0]));
		batch->count = house->queued;
		memcpy(batch->calls, house->queue, house->queued * sizeof(batch->calls[0]));
		house->queued = 0;
		pthread_mutex_unlock(&house->lock);
		rpc_loop_post(rpc_call_loop(batch->calls[0]), answer_batch, batch);
		pthread_mutex_lock(&house->lock);
	}
	pthread_mutex_unlock(&house->lock);
	return NULL;
}

static inline void note_close(struct rpc_call *call, void *arg)
{
	struct house *house = arg;

	assert_false(rpc_call_is_open(call));
	house->closed_seen++;
}

static inline void park(struct rpc_call *call, struct bytes message, void *arg)
{
	struct house *house = arg;

	(void)message;
	rpc_call_on_close(call, note_close, house);
	house->parked[house->parked_count++] = call;
	house->parked_seen++;
}

/* On the loop: answers all that is parked. */
static inline void unpark(void *arg)
{
	struct house *house = arg;

	for (size_t i = 0; i < house->parked_count; i++) {
		house->answered_dead += !rpc_call_is_open(house->parked[i]);
		rpc_call_reply(house->parked[i], BYTES_LITERAL("unparked"));
	}
	house->parked_count = 0;
}

/* Streams numbers from 0 up to the one in the message, as fast as there is room. */
struct counting {
	unsigned next, end;
};

static inline void count_on(struct rpc_call *call, void *arg)
{
	struct counting *counting = *rpc_call_state(call);
	uint8_t block[1000] = {0};

	(void)arg;
	while (counting->next < counting->end) {
		int result;

		memcpy(block, &counting->next, sizeof(counting->next));
		result = rpc_call_send(call, bytes_of(block, sizeof(block)));
		if (result == ERR_FULL)
			return;
		if (result)
			break;
		counting->next++;
	}
	rpc_call_finish(call);
}

static inline void stop_counting(struct rpc_call *call, void *arg)
{
	struct house *house = arg;

	house->closed_seen++;
	rpc_call_finish(call);
}

static inline void count(struct rpc_call *call, struct bytes message, void *arg)
{
	struct counting *counting = arena_alloc(rpc_call_arena(call), sizeof(*counting));

	counting->end = (unsigned)strtoul(arena_string(rpc_call_arena(call), message), NULL, 10);
	*rpc_call_state(call) = counting;
	rpc_call_on_room(call, count_on, NULL);
	rpc_call_on_close(call, stop_counting, arg);
	count_on(call, NULL);
}

/* Sends each message back as it comes. */
static inline void chat(struct rpc_call *call, struct bytes message, void *arg)
{
	(void)arg;
	rpc_call_send(call, message);
}

static inline void chat_end(struct rpc_call *call, void *arg)
{
	(void)arg;
	rpc_call_finish(call);
}

static inline void observe(void *arg, const struct rpc_outcome *outcome)
{
	struct house *house = arg;

	house->handled++;
	house->ok += outcome->code == RPC_OK;
}

static inline void *serve(void *arg)
{
	rpc_server_run(arg);
	return NULL;
}

enum { METHOD_COUNT = 9 };

static inline void house_open(struct house *house, const struct rpc_server_config *limits)
{
	static struct rpc_method methods[METHOD_COUNT];
	const struct rpc_method table[METHOD_COUNT] = {
		{.path = "/test.Test/Echo", .handler = echo},
		{.path = "/test.Test/Who", .handler = who},
		{.path = "/test.Test/Trace", .handler = trace},
		{.path = "/test.Test/Refuse", .handler = refuse},
		{.path = "/test.Test/Grow", .handler = grow},
		{.path = "/test.Test/Later", .handler = later, .arg = house},
		{.path = "/test.Test/Park", .handler = park, .arg = house},
		{.path = "/test.Test/Count", .handler = count, .arg = house},
		{.path = "/test.Test/Chat",
		 .handler = chat,
		 .end = chat_end,
		 .flags = RPC_METHOD_STREAM_IN},
	};
	struct rpc_server_config config = limits ? *limits : (struct rpc_server_config){0};
	struct error error;

	memset(house, 0, sizeof(*house));
	memcpy(methods, table, sizeof(methods));
	pthread_mutex_init(&house->lock, NULL);
	pthread_cond_init(&house->arrived, NULL);
	house->tls = server_tls();
	config.tls = house->tls;
	config.methods = methods;
	config.method_count = METHOD_COUNT;
	config.observer = (struct rpc_observer){.handled = observe, .arg = house};
	if (rpc_server_new(&config, &house->server, &error))
		fail_msg("%s", error.text);
	pthread_create(&house->thread, NULL, serve, house->server);
	pthread_create(&house->committer, NULL, commit, house);
}

/* Drains; what is parked is answered after the clients are gone. */
static inline void house_close(struct house *house)
{
	rpc_loop_post(rpc_server_loop(house->server, 0), unpark, house);
	rpc_server_drain(house->server, 2000);
	pthread_join(house->thread, NULL);
	pthread_mutex_lock(&house->lock);
	house->ending = true;
	pthread_cond_signal(&house->arrived);
	pthread_mutex_unlock(&house->lock);
	pthread_join(house->committer, NULL);
	unpark(house);
	rpc_server_free(house->server);
	rpc_tls_release(house->tls);
	pthread_cond_destroy(&house->arrived);
	pthread_mutex_destroy(&house->lock);
}

static inline struct rpc_client *client_as(const struct house *house, const char *name,
					   const char *authority)
{
	const struct rpc_endpoint endpoint = {"127.0.0.1", rpc_server_port(house->server)};
	struct rpc_tls *tls = client_tls(name, authority);
	const struct rpc_client_config config = {
		.endpoints = &endpoint,
		.endpoint_count = 1,
		.tls = tls,
	};
	struct rpc_client *client = rpc_client_new(&config);

	rpc_tls_release(tls);
	return client;
}

static inline struct rpc_client *client_of(const struct house *house)
{
	return client_as(house, "caller", "ours");
}

/* Waits, at most five seconds, until a counter of the other thread is there. */
static inline void wait_for(const atomic_uint *counter, unsigned value)
{
	for (int i = 0; i < 5000 && *counter < value; i++)
		usleep(1000);
	assert_true(*counter >= value);
}

/* A bystander's call succeeds. */
static inline void assert_serves(const struct house *house)
{
	struct rpc_client *client = client_of(house);
	struct rpc_reply reply;
	struct error error;

	if (rpc_client_call(client, "/test.Test/Echo", BYTES_LITERAL("bystander"), 3000, &reply,
			    &error))
		fail_msg("%s", error.text);
	assert_int_equal(reply.code, RPC_OK);
	assert_true(bytes_equal_string(reply.body, "bystander"));
	rpc_client_free(client);
}

static inline int set_up(void **state)
{
	(void)state;
	make_certificates();
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	remove_certificates();
	return 0;
}

#endif
