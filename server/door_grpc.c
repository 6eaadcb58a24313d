#include "server/door_grpc.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "grpc/health/v1/health.pb-c.h"
#include "rpc/server.h"
#include "server/service.h"
#include "text/wire.h"

enum { ARENA_BLOCK = 32 * 1024, ARENA_KEEP = 256 * 1024, POOL_MAX = 512 };

/* One method of ours, as rpc/ calls it. */
struct binding {
	struct door_grpc *door;
	const struct service_method *method;
};

/* Somebody who watches our health; touched on its loop's thread only. */
struct watch {
	struct rpc_call *call;
	struct rpc_loop *loop;
	char *service;
	int status; /* the last that was told */
	struct watch *next;
};

struct door_grpc {
	struct daemon *daemon;
	struct rpc_server *server;
	struct binding *bindings;
	struct rpc_method *methods;

	pthread_mutex_t mutex; /* guards the rest */
	struct arena *pool[POOL_MAX];
	size_t pooled;
	struct watch *watches;
};

/* One call; lives in an arena of its own, because other threads build the answer
 * there while rpc/ may be using the call's. */
struct visit {
	struct door_grpc *door;
	struct rpc_call *call;
	struct arena *arena;
	struct caller caller;
	struct completion completion;
};

/* ------------------------------------------------------------------------
 * Arenas */

static struct arena *take_arena(struct door_grpc *door)
{
	struct arena *arena = NULL;

	pthread_mutex_lock(&door->mutex);
	if (door->pooled)
		arena = door->pool[--door->pooled];
	pthread_mutex_unlock(&door->mutex);
	return arena ? arena : arena_new(ARENA_BLOCK);
}

static void give_arena(struct door_grpc *door, struct arena *arena)
{
	if (arena_used(arena) <= ARENA_KEEP) {
		arena_reset(arena);
		pthread_mutex_lock(&door->mutex);
		if (door->pooled < POOL_MAX) {
			door->pool[door->pooled++] = arena;
			arena = NULL;
		}
		pthread_mutex_unlock(&door->mutex);
	}
	arena_free(arena);
}

/* ------------------------------------------------------------------------
 * Answers */

static void reply(struct visit *visit, const ProtobufCMessage *answer)
{
	size_t size = protobuf_c_message_get_packed_size(answer);
	uint8_t *packed = arena_alloc(visit->arena, size + 1);

	protobuf_c_message_pack(answer, packed);
	rpc_call_reply(visit->call, bytes_of(packed, size));
}

static void fail(struct rpc_call *call, const struct failure *failure, struct arena *arena)
{
	struct buffer details = {0};

	failure_status(failure, arena, &details);
	rpc_call_fail(call, failure->code, failure->text, buffer_bytes(&details));
	buffer_release(&details);
}

static void complete(void *arg, const ProtobufCMessage *answer, const struct failure *failure)
{
	struct visit *visit = arg;

	if (answer)
		reply(visit, answer);
	else
		fail(visit->call, failure, visit->arena);
	give_arena(visit->door, visit->arena);
}

/* ------------------------------------------------------------------------
 * Calls */

static bool somebody_waits(void *call)
{
	return rpc_call_is_open(call);
}

static int64_t deadline_of(const struct rpc_call *call)
{
	int64_t left = rpc_call_remaining_ms(call);

	return left == INT64_MAX ? 0 : rpc_loop_now() + left;
}

static void meet(struct visit *visit)
{
	struct caller *caller = &visit->caller;
	struct rpc_call *call = visit->call;

	caller->identity = arena_copy(visit->arena, rpc_call_identity(call));
	caller->door = BYTES_LITERAL("grpc");
	caller->trace =
		arena_copy(visit->arena, caller_trace(rpc_call_metadata(call, "traceparent")));
	caller->on_behalf_of = arena_copy(
		visit->arena, caller_on_behalf_of(rpc_call_metadata(call, "carnet-on-behalf-of")));
	caller->loop = rpc_call_loop(call);
	caller->deadline = deadline_of(call);
	caller->waits = somebody_waits;
	caller->door_call = call;
	caller_grant(caller, visit->door->daemon->config, visit->arena);
}

static void handle(struct rpc_call *call, struct bytes message, void *arg)
{
	const struct binding *binding = arg;
	const struct wire_limits limits = {.max_bytes = binding->method->max_message};
	struct arena *arena = take_arena(binding->door);
	struct visit *visit = arena_alloc(arena, sizeof(*visit));
	ProtobufCMessage *request;
	struct failure failure;
	struct error error;

	visit->door = binding->door;
	visit->call = call;
	visit->arena = arena;
	visit->completion = (struct completion){.arena = arena, .done = complete, .arg = visit};
	meet(visit);
	if (wire_unpack(binding->method->request, message, &limits, arena, &request, &error)) {
		failure = failure_of_error(&error, arena);
		complete(visit, NULL, &failure);
		return;
	}
	binding->method->function(visit->door->daemon, &visit->caller, request, &visit->completion);
}

/* ------------------------------------------------------------------------
 * Health's Watch: the status now, and again at each change. */

static int tell(struct watch *watch, int status)
{
	Grpc__Health__V1__HealthCheckResponse response;
	struct buffer packed = {0};
	int rc;

	grpc__health__v1__health_check_response__init(&response);
	response.status = status;
	watch->status = status;
	wire_pack(&response.base, &packed);
	rc = rpc_call_send(watch->call, buffer_bytes(&packed));
	buffer_release(&packed);
	return rc;
}

/* Takes it out of the list; false if it was not there any more. */
static bool unlink_watch(struct door_grpc *door, const struct watch *watch)
{
	struct watch **at;
	bool found;

	pthread_mutex_lock(&door->mutex);
	for (at = &door->watches; *at && *at != watch; at = &(*at)->next)
		;
	found = *at != NULL;
	if (found)
		*at = watch->next;
	pthread_mutex_unlock(&door->mutex);
	return found;
}

static void end_watch(struct watch *watch)
{
	struct rpc_call *call = watch->call;

	free(watch->service);
	free(watch);
	rpc_call_finish(call);
}

static void watch_closed(struct rpc_call *call, void *arg)
{
	struct watch *watch = *rpc_call_state(call);

	if (watch && unlink_watch(arg, watch))
		end_watch(watch);
}

static void refuse_watch(struct rpc_call *call, const struct error *error)
{
	struct arena *arena = arena_new(0);
	struct failure failure = failure_of_error(error, arena);

	fail(call, &failure, arena);
	arena_free(arena);
}

static void watch_health(struct rpc_call *call, struct bytes message, void *arg)
{
	struct door_grpc *door = arg;
	struct watch *watch;
	ProtobufCMessage *request;
	struct error error;

	if (wire_unpack(&grpc__health__v1__health_check_request__descriptor, message, NULL,
			rpc_call_arena(call), &request, &error)) {
		refuse_watch(call, &error);
		return;
	}
	watch = memory_new(sizeof(*watch));
	watch->call = call;
	watch->loop = rpc_call_loop(call);
	watch->service =
		memory_copy_string(((Grpc__Health__V1__HealthCheckRequest *)request)->service);
	*rpc_call_state(call) = watch;
	pthread_mutex_lock(&door->mutex);
	watch->next = door->watches;
	door->watches = watch;
	pthread_mutex_unlock(&door->mutex);
	rpc_call_on_close(call, watch_closed, door);
	tell(watch, service_health_status(door->daemon, watch->service));
}

struct farewell {
	struct door_grpc *door;
	struct rpc_loop *loop;
};

static struct watch *take_watch_of(struct door_grpc *door, const struct rpc_loop *loop)
{
	struct watch **at, *found;

	pthread_mutex_lock(&door->mutex);
	for (at = &door->watches; *at && (*at)->loop != loop; at = &(*at)->next)
		;
	found = *at;
	if (found)
		*at = found->next;
	pthread_mutex_unlock(&door->mutex);
	return found;
}

/* On its loop: the last word to all who watch there. */
static void end_watches(void *arg)
{
	struct farewell *farewell = arg;
	struct watch *watch;

	while ((watch = take_watch_of(farewell->door, farewell->loop)) != NULL) {
		int status = service_health_status(farewell->door->daemon, watch->service);

		if (status != watch->status)
			tell(watch, status);
		*rpc_call_state(watch->call) = NULL;
		end_watch(watch);
	}
	free(farewell);
}

/* ------------------------------------------------------------------------
 * Opening */

static void bind_methods(struct door_grpc *door, size_t *total)
{
	size_t count;
	const struct service_method *methods = service_methods(&count);

	door->bindings = memory_resize(NULL, count, sizeof(*door->bindings));
	door->methods = memory_new((count + 1) * sizeof(*door->methods));
	for (size_t i = 0; i < count; i++) {
		door->bindings[i] = (struct binding){door, &methods[i]};
		door->methods[i] = (struct rpc_method){.path = methods[i].path,
						       .max_message = methods[i].max_message,
						       .handler = handle,
						       .arg = &door->bindings[i]};
	}
	door->methods[count] = (struct rpc_method){.path = "/grpc.health.v1.Health/Watch",
						   .max_message = SERVICE_MESSAGE_MAX,
						   .handler = watch_health,
						   .arg = door};
	*total = count + 1;
}

/* What rpc refuses before any service sees it. */
static const char *reason_of(enum rpc_code code)
{
	switch (code) {
	case RPC_UNIMPLEMENTED:
		return "NOT_IMPLEMENTED";
	case RPC_RESOURCE_EXHAUSTED:
		return "TOO_LARGE";
	case RPC_DEADLINE_EXCEEDED:
		return "DEADLINE_EXCEEDED";
	case RPC_UNAVAILABLE:
		return "NOT_SERVING";
	case RPC_INVALID_ARGUMENT:
		return "INVALID_REQUEST";
	default:
		return "PROTOCOL";
	}
}

static void describe(enum rpc_code code, const char *text, struct buffer *out)
{
	struct arena *arena = arena_new(0);
	struct failure failure = failure_make(code, reason_of(code), text);

	failure.retry_ms = code == RPC_UNAVAILABLE ? failure.retry_ms : 0;
	failure_status(&failure, arena, out);
	arena_free(arena);
}

static int open_tls(const Carnet__V1__TlsFiles *files, struct rpc_tls **out, struct error *error)
{
	const struct rpc_tls_files paths = {
		.certificate = files->certificate, .key = files->key, .ca = files->client_ca};

	return rpc_tls_new_server(&paths, out, error);
}

int door_grpc_open(struct daemon *daemon, const struct config *config, struct door_grpc **out,
		   struct error *error)
{
	const Carnet__V1__ServerConfig *message = config->message;
	struct rpc_server_config server = {.host = config->host,
					   .describe = describe,
					   .port = config->port,
					   .loops = message->loops,
					   .max_connections = message->limits->connections,
					   .max_streams = message->limits->streams_per_connection};
	struct door_grpc *door;
	int rc = open_tls(message->tls, &server.tls, error);

	if (rc)
		return rc;
	door = memory_new(sizeof(*door));
	door->daemon = daemon;
	pthread_mutex_init(&door->mutex, NULL);
	bind_methods(door, &server.method_count);
	server.methods = door->methods;
	rc = rpc_server_new(&server, &door->server, error);
	rpc_tls_release(server.tls);
	if (rc) {
		door_grpc_close(door);
		return rc;
	}
	*out = door;
	return 0;
}

uint16_t door_grpc_port(const struct door_grpc *door)
{
	return rpc_server_port(door->server);
}

void door_grpc_run(struct door_grpc *door)
{
	rpc_server_run(door->server);
}

struct rpc_loop *door_grpc_loop(struct door_grpc *door)
{
	return rpc_server_loop(door->server, 0);
}

void door_grpc_drain(struct door_grpc *door)
{
	atomic_store(&door->daemon->serving, false);
	for (unsigned i = 0; i < rpc_server_loop_count(door->server); i++) {
		struct farewell *farewell = memory_new(sizeof(*farewell));

		farewell->door = door;
		farewell->loop = rpc_server_loop(door->server, i);
		rpc_loop_post(farewell->loop, end_watches, farewell);
	}
	rpc_server_drain(door->server, DOOR_GRPC_DRAIN_MS);
}

void door_grpc_close(struct door_grpc *door)
{
	if (!door)
		return;
	if (door->server)
		rpc_server_free(door->server);
	while (door->pooled)
		arena_free(door->pool[--door->pooled]);
	pthread_mutex_destroy(&door->mutex);
	free(door->bindings);
	free(door->methods);
	free(door);
}
