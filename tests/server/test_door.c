#include "server/house.h"

#include <pthread.h>

#include "carnet/v1/transfer.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "grpc/health/v1/health.pb-c.h"
#include "rpc/client.h"
#include "server/door_grpc.h"
#include "text/allocator.h"
#include "text/wire.h"

/* A door served by a thread of its own, and one client. */
struct street {
	struct house house;
	struct door_grpc *door;
	pthread_t thread;
	bool running;
	struct rpc_client *client;
};

static void *run_door(void *arg)
{
	door_grpc_run(arg);
	return NULL;
}

static struct rpc_client *connect_as(struct street *street, const char *role)
{
	struct arena *arena = street->house.arena;
	const char *run = street->house.run;
	const struct rpc_tls_files files = {
		.certificate = arena_printf(arena, "%s/%s.pem", run, role),
		.key = arena_printf(arena, "%s/%s.key", run, role),
		.ca = arena_printf(arena, "%s/ca.pem", run),
	};
	const struct rpc_endpoint endpoint = {"127.0.0.1", door_grpc_port(street->door)};
	struct rpc_client_config config = {.endpoints = &endpoint, .endpoint_count = 1};
	struct rpc_client *client;

	assert_int_equal(rpc_tls_new_client(&files, &config.tls, &street->house.error), 0);
	client = rpc_client_new(&config);
	rpc_tls_release(config.tls);
	return client;
}

static int set_up(void **state)
{
	struct street *street = test_calloc(1, sizeof(*street));

	house_build(&street->house);
	street->house.config.port = 0;
	if (door_grpc_open(street->house.daemon, &street->house.config, &street->door,
			   &street->house.error))
		fail_msg("%s", street->house.error.text);
	assert_int_equal(pthread_create(&street->thread, NULL, run_door, street->door), 0);
	street->running = true;
	street->client = connect_as(street, "checker");
	*state = street;
	return 0;
}

static void stop(struct street *street)
{
	if (!street->running)
		return;
	door_grpc_drain(street->door);
	pthread_join(street->thread, NULL);
	street->running = false;
}

static int tear_down(void **state)
{
	struct street *street = *state;

	rpc_client_free(street->client);
	stop(street);
	daemon_stop(street->house.daemon);
	door_grpc_close(street->door);
	house_release(&street->house);
	test_free(street);
	return 0;
}

static struct rpc_reply call(struct street *street, const char *path, struct bytes message)
{
	struct rpc_reply reply;

	assert_int_equal(
		rpc_client_call(street->client, path, message, 10000, &reply, &street->house.error),
		0);
	return reply;
}

static struct bytes pack(struct street *street, const ProtobufCMessage *message)
{
	struct buffer packed = {0};
	struct bytes out;

	wire_pack(message, &packed);
	out = arena_copy(street->house.arena, buffer_bytes(&packed));
	buffer_release(&packed);
	return out;
}

static struct bytes question(struct street *street)
{
	Carnet__V1__CheckRequest *request =
		allocator_message(street->house.arena, &carnet__v1__check_request__descriptor);
	Carnet__V1__Recipient *recipient =
		allocator_message(street->house.arena, &carnet__v1__recipient__descriptor);
	char party[] = "nobody", exporter[] = "seoul", purpose[] = "support", user[] = "user";
	char *categories = user;

	recipient->party = party;
	request->exporter = exporter;
	request->purpose = purpose;
	request->categories = &categories;
	request->n_categories = 1;
	request->recipients = &recipient;
	request->n_recipients = 1;
	return pack(street, &request->base);
}

/* The reason in the ErrorInfo that every error carries. */
static const char *reason_of(struct street *street, const struct rpc_reply *reply)
{
	ProtobufCMessage *message;
	const Google__Rpc__Status *status;
	const Google__Rpc__Any *info;

	assert_int_equal(wire_unpack(&google__rpc__status__descriptor, reply->details, NULL,
				     street->house.arena, &message, &street->house.error),
			 0);
	status = (const Google__Rpc__Status *)message;
	assert_int_equal(status->code, reply->code);
	assert_true(status->n_details > 0);
	info = status->details[0];
	assert_string_equal(info->type_url, "type.googleapis.com/google.rpc.ErrorInfo");
	assert_int_equal(wire_unpack(&google__rpc__error_info__descriptor,
				     bytes_of(info->value.data, info->value.len), NULL,
				     street->house.arena, &message, &street->house.error),
			 0);
	assert_string_equal(((Google__Rpc__ErrorInfo *)message)->domain, "carnet");
	return ((Google__Rpc__ErrorInfo *)message)->reason;
}

#define CHECK_PATH "/carnet.v1.TransferService/Check"

static void a_question_over_the_wire_is_answered(void **state)
{
	struct street *street = *state;
	struct rpc_reply reply = call(street, CHECK_PATH, question(street));
	const Carnet__V1__CheckResponse *response;
	ProtobufCMessage *message;

	assert_int_equal(reply.code, RPC_OK);
	assert_int_equal(wire_unpack(&carnet__v1__check_response__descriptor, reply.body, NULL,
				     street->house.arena, &message, &street->house.error),
			 0);
	response = (const Carnet__V1__CheckResponse *)message;
	assert_int_equal(response->decision->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_int_equal(response->receipt->index, 1);
	assert_int_equal(response->receipt->n_disclosures, 5);
}

static void garbage_is_refused_by_name(void **state)
{
	struct street *street = *state;
	struct rpc_reply reply = call(street, CHECK_PATH, BYTES_LITERAL("\xff\xff\xff"));

	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
	assert_string_equal(reason_of(street, &reply), "INVALID_REQUEST");
}

static void a_missing_role_is_refused_by_name(void **state)
{
	struct street *street = *state;
	struct rpc_reply reply;

	rpc_client_free(street->client);
	street->client = connect_as(street, "auditor");
	reply = call(street, CHECK_PATH, question(street));
	assert_int_equal(reply.code, RPC_PERMISSION_DENIED);
	assert_string_equal(reason_of(street, &reply), "ROLE_MISSING");
}

static void what_is_not_offered_says_so(void **state)
{
	struct street *street = *state;
	struct rpc_reply reply =
		call(street, "/carnet.v1.ReceiptService/ExportTiles", (struct bytes){0});

	assert_int_equal(reply.code, RPC_UNIMPLEMENTED);
	assert_string_equal(reason_of(street, &reply), "NOT_IMPLEMENTED");
}

/* ------------------------------------------------------------------------
 * Many at once */

enum { CALLS = 500 };

static void count_ok(void *arg, const struct rpc_reply *reply)
{
	if (reply->code == RPC_OK)
		++*(unsigned *)arg;
}

static void many_questions_share_commits(void **state)
{
	struct street *street = *state;
	struct rpc_request request = {.path = CHECK_PATH, .done = count_ok};
	struct journal_counts counts;
	unsigned answered = 0;

	request.message = question(street);
	request.arg = &answered;
	assert_int_equal(rpc_client_connect(street->client, &street->house.error), 0);
	for (unsigned i = 0; i < CALLS; i++)
		rpc_client_start(street->client, &request);
	while (rpc_client_pending(street->client))
		rpc_loop_turn(rpc_client_loop(street->client), 1000);
	assert_int_equal(answered, CALLS);
	counts = journal_counts(street->house.daemon->journal);
	assert_int_equal(counts.entries, CALLS);
	/* How many share one depends on the disk and the machine; that some do does not. */
	assert_true(counts.batches < CALLS);
}

/* ------------------------------------------------------------------------
 * Health, and the end */

struct watcher {
	int statuses[4];
	size_t count;
	bool ended;
	enum rpc_code code;
};

static void saw_status(void *arg, struct bytes message)
{
	struct watcher *watcher = arg;
	Grpc__Health__V1__HealthCheckResponse *response =
		grpc__health__v1__health_check_response__unpack(NULL, message.size, message.data);

	assert_non_null(response);
	assert_true(watcher->count < 4);
	watcher->statuses[watcher->count++] = (int)response->status;
	grpc__health__v1__health_check_response__free_unpacked(response, NULL);
}

static void saw_end(void *arg, const struct rpc_reply *reply)
{
	struct watcher *watcher = arg;

	watcher->ended = true;
	watcher->code = reply->code;
}

static void who_watches_health_is_told_of_the_end(void **state)
{
	struct street *street = *state;
	struct watcher watcher = {0};
	const struct rpc_request request = {.path = "/grpc.health.v1.Health/Watch",
					    .each = saw_status,
					    .done = saw_end,
					    .arg = &watcher};

	rpc_client_start(street->client, &request);
	while (!watcher.count && !watcher.ended)
		rpc_loop_turn(rpc_client_loop(street->client), 1000);
	door_grpc_drain(street->door);
	assert_true(rpc_client_run_until(street->client, &watcher.ended, 10000));
	assert_int_equal(watcher.code, RPC_OK);
	assert_int_equal(watcher.count, 2);
	assert_int_equal(watcher.statuses[0], 1);
	assert_int_equal(watcher.statuses[1], 2);
	stop(street);
}

static void a_watcher_that_leaves_is_forgotten(void **state)
{
	struct street *street = *state;
	struct watcher watcher = {0};
	const struct rpc_request request = {.path = "/grpc.health.v1.Health/Watch",
					    .each = saw_status,
					    .done = saw_end,
					    .arg = &watcher};
	struct rpc_client_call *watch = rpc_client_start(street->client, &request);

	while (!watcher.count)
		rpc_loop_turn(rpc_client_loop(street->client), 1000);
	rpc_client_cancel(watch);
	assert_int_equal(call(street, CHECK_PATH, question(street)).code, RPC_OK);
}

static void calls_under_way_are_answered_when_it_drains(void **state)
{
	struct street *street = *state;
	struct rpc_request request = {.path = CHECK_PATH, .done = count_ok};
	unsigned answered = 0;

	request.message = question(street);
	request.arg = &answered;
	assert_int_equal(call(street, CHECK_PATH, question(street)).code, RPC_OK);
	for (unsigned i = 0; i < 50; i++)
		rpc_client_start(street->client, &request);
	rpc_loop_turn(rpc_client_loop(street->client), 0); /* they leave in one write */
	while (answered < 1)
		rpc_loop_turn(rpc_client_loop(street->client), 1000);
	door_grpc_drain(street->door);
	while (rpc_client_pending(street->client))
		rpc_loop_turn(rpc_client_loop(street->client), 1000);
	assert_int_equal(answered, 50);
	stop(street);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_question_over_the_wire_is_answered),
		TEST(garbage_is_refused_by_name),
		TEST(a_missing_role_is_refused_by_name),
		TEST(what_is_not_offered_says_so),
		TEST(many_questions_share_commits),
		TEST(who_watches_health_is_told_of_the_end),
		TEST(a_watcher_that_leaves_is_forgotten),
		TEST(calls_under_way_are_answered_when_it_drains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
