#include "rpc/client.h"

#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/memory.h"
#include "rpc/address.h"
#include "rpc/client_session.h"

enum {
	CONNECT_MS_DEFAULT = 5000,
	MESSAGE_MAX_DEFAULT = 64 * 1024 * 1024,
	CALL_ARENA = 512,
};

/* Sessions of a client: the one that takes calls, those that finish theirs, and
 * those that are dead until the turn is over. */
struct member {
	TAILQ_ENTRY(member) entry;
	struct client_session *session;
	struct rpc_client *client;
	struct rpc_loop_task burial;
};
TAILQ_HEAD(members, member);

struct rpc_client {
	struct rpc_loop *loop;
	bool owns_loop;
	struct rpc_tls *tls;
	struct rpc_endpoint *endpoints; /* hosts copied */
	size_t endpoint_count, max_message;
	char *server_name; /* NULL: the endpoint's host */
	int64_t connect_ms;

	struct members members;
	struct member *current;      /* ready; NULL: none */
	struct client_calls waiting; /* for a connection */
	size_t pending;

	/* Connecting: one address after the other. */
	bool connecting;
	struct rpc_loop_task start;
	size_t endpoint;                 /* the one being tried */
	struct addrinfo *list, *address; /* of it */
	int fd;                          /* until a session owns it */
	struct event *connected;         /* the socket is writable, or time is up */
	struct event *timeout;           /* of the handshake */
	struct member *candidate;
	struct error trouble; /* with the last address tried */

	/* Of the last rpc_client_call. */
	struct rpc_reply reply;
	struct buffer text, details, body;
};

static void try_address(struct rpc_client *client);

/* --- Calls --- */

static void free_call(struct rpc_client_call *call)
{
	frame_reader_release(&call->reader);
	buffer_release(&call->out);
	buffer_release(&call->text);
	buffer_release(&call->details);
	arena_free(call->arena);
	free(call);
}

/* The call is on no list any more. */
static void end_call(struct rpc_client_call *call, const struct rpc_reply *reply)
{
	event_del(&call->timer);
	call->client->pending--;
	call->done(call->arg, reply);
	free_call(call);
}

static void take_off(struct rpc_client_call *call)
{
	if (call->session)
		client_session_cancel(call->session, call);
	else
		TAILQ_REMOVE(&call->client->waiting, call, entry);
}

static void end_here(struct rpc_client_call *call, enum rpc_code code, const char *text)
{
	const struct rpc_reply reply = {.code = code, .message = bytes_of_string(text)};

	take_off(call);
	end_call(call, &reply);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	end_here(arg, RPC_DEADLINE_EXCEEDED, "the deadline has passed");
}

/* --- Connecting --- */

static void stop_trying(struct rpc_client *client)
{
	event_del(client->timeout);
	if (client->connected)
		event_free(client->connected);
	client->connected = NULL;
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	if (client->list)
		freeaddrinfo(client->list);
	client->list = client->address = NULL;
	client->candidate = NULL;
	client->connecting = false;
}

static void give_up(struct rpc_client *client)
{
	/* Those that are started from `done` are for the next attempt. */
	struct client_calls failed = TAILQ_HEAD_INITIALIZER(failed);
	struct rpc_client_call *call;
	struct error why = client->trouble;

	stop_trying(client);
	TAILQ_CONCAT(&failed, &client->waiting, entry);
	while ((call = TAILQ_FIRST(&failed))) {
		const struct rpc_reply reply = {
			.code = RPC_UNAVAILABLE,
			.message = bytes_of_string(why.text),
		};

		TAILQ_REMOVE(&failed, call, entry);
		end_call(call, &reply);
	}
}

/* Notes what is wrong with this address, and goes on to the next. */
static void next_address(struct rpc_client *client, const struct error *why)
{
	const struct rpc_endpoint *endpoint = &client->endpoints[client->endpoint];

	client->trouble = *why;
	error_prefix(&client->trouble, "cannot connect to %s:%u", endpoint->host, endpoint->port);
	event_del(client->timeout);
	if (client->connected)
		event_free(client->connected);
	client->connected = NULL;
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	client->candidate = NULL;
	if (client->address)
		client->address = client->address->ai_next;
	try_address(client);
}

static void on_session_ready(struct client_session *session, void *arg)
{
	struct member *member = arg;
	struct rpc_client *client = member->client;
	struct rpc_client_call *call;

	stop_trying(client);
	client->current = member;
	while ((call = TAILQ_FIRST(&client->waiting))) {
		TAILQ_REMOVE(&client->waiting, call, entry);
		if (client_session_submit(session, call)) {
			TAILQ_INSERT_HEAD(&client->waiting, call, entry);
			break;
		}
	}
}

static void start_connecting(struct rpc_client *client)
{
	if (client->connecting)
		return;
	client->connecting = true;
	rpc_loop_defer(client->loop, &client->start);
}

static void on_session_leaving(struct client_session *session, void *arg)
{
	struct member *member = arg;

	(void)session;
	if (member->client->current == member)
		member->client->current = NULL;
}

static void bury(void *arg)
{
	struct member *member = arg;

	TAILQ_REMOVE(&member->client->members, member, entry);
	client_session_free(member->session);
	free(member);
}

static void on_session_gone(struct client_session *session, const struct error *why, void *arg)
{
	struct member *member = arg;
	struct rpc_client *client = member->client;
	struct client_calls *calls = client_session_calls(session);
	struct rpc_client_call *call;

	rpc_loop_defer(client->loop, &member->burial);
	if (client->current == member)
		client->current = NULL;
	while ((call = TAILQ_FIRST(calls))) {
		const struct rpc_reply reply = {
			.code = RPC_UNAVAILABLE,
			.message = bytes_of_string(why->text),
		};

		TAILQ_REMOVE(calls, call, entry);
		call->session = NULL;
		end_call(call, &reply);
	}
	if (client->candidate == member)
		next_address(client, why);
}

static void on_call_ended(struct rpc_client_call *call, const struct rpc_reply *reply, void *arg)
{
	(void)arg;
	end_call(call, reply);
}

static void wait_for_connection(struct rpc_client_call *call)
{
	TAILQ_INSERT_TAIL(&call->client->waiting, call, entry);
	start_connecting(call->client);
}

static void on_call_refused(struct rpc_client_call *call, void *arg)
{
	struct member *member = arg;

	call->retried = true;
	call->sent = 0;
	/* A server that refuses one stream but stays can be asked again at once. */
	if (member->client->current != member || client_session_submit(member->session, call))
		wait_for_connection(call);
}

static const struct client_session_owner session_owner = {
	on_session_ready, on_session_leaving, on_session_gone, on_call_ended, on_call_refused,
};

static const char *server_name(const struct rpc_client *client)
{
	return client->server_name ? client->server_name : client->endpoints[client->endpoint].host;
}

static void set_timer(struct event *timer, int64_t ms)
{
	const struct timeval timeout = {ms / 1000, ms % 1000 * 1000};

	event_add(timer, &timeout);
}

static void begin_session(struct rpc_client *client)
{
	static const struct error no_name = {ERR_UNAVAILABLE,
					     "no certificate can bear that server name"};
	struct member *member = memory_new(sizeof(*member));

	member->client = client;
	member->burial = (struct rpc_loop_task){.function = bury, .arg = member};
	address_set_no_delay(client->fd);
	member->session = client_session_new(client->loop, client->fd, client->tls,
					     server_name(client), &session_owner, member);
	if (!member->session) {
		free(member);
		next_address(client, &no_name);
		return;
	}
	client->fd = -1;
	client->candidate = member;
	TAILQ_INSERT_TAIL(&client->members, member, entry);
	set_timer(client->timeout, client->connect_ms);
}

static const struct error no_answer = {ERR_UNAVAILABLE, "no answer in time"};

static void on_connected(evutil_socket_t fd, short what, void *arg)
{
	struct rpc_client *client = arg;
	struct error error;

	if (what & EV_TIMEOUT)
		next_address(client, &no_answer);
	else if (address_connected(fd, &error))
		next_address(client, &error);
	else
		begin_session(client);
}

static void on_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct rpc_client *client = arg;

	(void)fd;
	(void)what;
	if (client->candidate)
		client_session_abort(client->candidate->session, &no_answer);
}

/* Looks up endpoints until one has an address; false if there is none left. */
static bool find_address(struct rpc_client *client)
{
	while (!client->address) {
		const struct rpc_endpoint *endpoint;

		if (client->list) {
			freeaddrinfo(client->list);
			client->list = NULL;
			client->endpoint++;
		}
		if (client->endpoint == client->endpoint_count)
			return false;
		endpoint = &client->endpoints[client->endpoint];
		if (address_resolve(endpoint->host, endpoint->port, &client->list,
				    &client->trouble))
			client->endpoint++;
		else
			client->address = client->list;
	}
	return true;
}

static void try_address(struct rpc_client *client)
{
	const struct timeval limit = {client->connect_ms / 1000, client->connect_ms % 1000 * 1000};
	struct error error;

	if (!find_address(client)) {
		give_up(client);
		return;
	}
	if (address_connect(client->address, &client->fd, &error)) {
		next_address(client, &error);
		return;
	}
	client->connected =
		event_new(rpc_loop_base(client->loop), client->fd, EV_WRITE, on_connected, client);
	if (!client->connected)
		abort();
	event_add(client->connected, &limit);
}

static void connect_first(void *arg)
{
	struct rpc_client *client = arg;

	client->endpoint = 0;
	error_set(&client->trouble, ERR_UNAVAILABLE, "no endpoint is given");
	try_address(client);
}

/* --- The client --- */

struct rpc_client *rpc_client_new(const struct rpc_client_config *config)
{
	struct rpc_client *client = memory_new(sizeof(*client));

	client->owns_loop = !config->loop;
	client->loop = config->loop ? config->loop : rpc_loop_new();
	client->tls = rpc_tls_hold(config->tls);
	client->endpoint_count = config->endpoint_count;
	client->endpoints = memory_new(config->endpoint_count * sizeof(*client->endpoints));
	for (size_t i = 0; i < config->endpoint_count; i++)
		client->endpoints[i] = (struct rpc_endpoint){
			.host = memory_copy_string(config->endpoints[i].host),
			.port = config->endpoints[i].port,
		};
	if (config->server_name)
		client->server_name = memory_copy_string(config->server_name);
	client->connect_ms = config->connect_ms ? config->connect_ms : CONNECT_MS_DEFAULT;
	client->max_message = config->max_message ? config->max_message : MESSAGE_MAX_DEFAULT;
	TAILQ_INIT(&client->members);
	TAILQ_INIT(&client->waiting);
	client->start = (struct rpc_loop_task){.function = connect_first, .arg = client};
	client->fd = -1;
	client->timeout = event_new(rpc_loop_base(client->loop), -1, 0, on_timeout, client);
	if (!client->timeout)
		abort();
	return client;
}

static void cancel_all(struct rpc_client *client)
{
	struct rpc_client_call *call;
	struct member *member;

	while ((call = TAILQ_FIRST(&client->waiting)))
		rpc_client_cancel(call);
	TAILQ_FOREACH(member, &client->members, entry)
	while ((call = TAILQ_FIRST(client_session_calls(member->session))))
		rpc_client_cancel(call);
}

static void free_string(const char *text)
{
	union {
		const char *in;
		char *out;
	} pointer = {.in = text};

	free(pointer.out);
}

void rpc_client_free(struct rpc_client *client)
{
	struct member *member;

	if (!client)
		return;
	cancel_all(client);
	stop_trying(client);
	rpc_loop_undefer(&client->start);
	while ((member = TAILQ_FIRST(&client->members))) {
		rpc_loop_undefer(&member->burial);
		bury(member);
	}
	event_free(client->timeout);
	for (size_t i = 0; i < client->endpoint_count; i++)
		free_string(client->endpoints[i].host);
	free(client->endpoints);
	free(client->server_name);
	rpc_tls_release(client->tls);
	buffer_release(&client->text);
	buffer_release(&client->details);
	buffer_release(&client->body);
	if (client->owns_loop)
		rpc_loop_free(client->loop);
	free(client);
}

void rpc_client_set_tls(struct rpc_client *client, struct rpc_tls *tls)
{
	rpc_tls_hold(tls);
	rpc_tls_release(client->tls);
	client->tls = tls;
}

int rpc_client_connect(struct rpc_client *client, struct error *error)
{
	/* An old connection may have ended unseen since the loop last ran. */
	rpc_loop_turn(client->loop, 0);
	if (!client->current)
		start_connecting(client);
	while (client->connecting)
		rpc_loop_turn(client->loop, -1);
	if (!client->current)
		return error_set(error, ERR_UNAVAILABLE, "%s", client->trouble.text);
	return 0;
}

static void copy_request(struct rpc_client_call *call, const struct rpc_request *request)
{
	struct rpc_header *headers;

	call->path = arena_string(call->arena, bytes_of_string(request->path));
	headers = arena_array(call->arena, struct rpc_header, request->header_count);
	for (size_t i = 0; i < request->header_count; i++) {
		headers[i].name = arena_copy(call->arena, request->headers[i].name);
		headers[i].value = arena_copy(call->arena, request->headers[i].value);
	}
	call->headers = headers;
	call->header_count = request->header_count;
	frame_append(&call->out, request->message);
}

struct rpc_client_call *rpc_client_start(struct rpc_client *client,
					 const struct rpc_request *request)
{
	struct rpc_client_call *call = memory_new(sizeof(*call));

	call->client = client;
	client->pending++;
	call->arena = arena_new(CALL_ARENA);
	copy_request(call, request);
	call->reader.limit = client->max_message;
	call->http_status = call->grpc_status = -1;
	call->each = request->each;
	call->done = request->done;
	call->arg = request->arg;
	call->deadline = INT64_MAX;
	event_assign(&call->timer, rpc_loop_base(client->loop), -1, 0, on_deadline, call);
	if (request->deadline_ms > 0) {
		call->deadline = rpc_loop_now() + request->deadline_ms;
		set_timer(&call->timer, request->deadline_ms);
	}
	if (!client->current || client_session_submit(client->current->session, call))
		wait_for_connection(call);
	return call;
}

void rpc_client_cancel(struct rpc_client_call *call)
{
	end_here(call, RPC_CANCELLED, "cancelled here");
}

size_t rpc_client_pending(const struct rpc_client *client)
{
	return client->pending;
}

bool rpc_client_run_until(struct rpc_client *client, const bool *flag, int64_t timeout_ms)
{
	int64_t end = timeout_ms < 0 ? INT64_MAX : rpc_loop_now() + timeout_ms;

	while (!*flag) {
		int64_t left = timeout_ms < 0 ? -1 : end - rpc_loop_now();

		if (timeout_ms >= 0 && left <= 0)
			break;
		rpc_loop_turn(client->loop, left);
	}
	return *flag;
}

struct rpc_loop *rpc_client_loop(struct rpc_client *client)
{
	return client->loop;
}

/* --- One call, waited for --- */

struct wait {
	struct rpc_client *client;
	bool done;
};

static struct bytes keep(struct buffer *buffer, struct bytes bytes)
{
	buffer_clear(buffer);
	buffer_append(buffer, bytes);
	return buffer_bytes(buffer);
}

static void on_answer(void *arg, const struct rpc_reply *reply)
{
	struct wait *wait = arg;
	struct rpc_client *client = wait->client;

	client->reply = *reply;
	client->reply.message = keep(&client->text, reply->message);
	client->reply.details = keep(&client->details, reply->details);
	client->reply.body = keep(&client->body, reply->body);
	wait->done = true;
}

int rpc_client_call(struct rpc_client *client, const char *path, struct bytes message,
		    int64_t deadline_ms, struct rpc_reply *reply, struct error *error)
{
	struct wait wait = {.client = client};
	const struct rpc_request request = {
		.path = path,
		.message = message,
		.deadline_ms = deadline_ms,
		.done = on_answer,
		.arg = &wait,
	};

	rpc_loop_turn(client->loop, 0);
	rpc_client_start(client, &request);
	rpc_client_run_until(client, &wait.done, -1);
	*reply = client->reply;
	if (reply->code == RPC_UNAVAILABLE && !reply->from_server)
		return error_set(error, ERR_UNAVAILABLE, "%.*s", BYTES_PRINT(reply->message));
	return 0;
}
