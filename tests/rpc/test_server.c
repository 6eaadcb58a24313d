#include "test.h"

#include <signal.h>

#include "rpc/fixture.h"

struct answer {
	bool done;
	enum rpc_code code;
};

static void on_answer(void *arg, const struct rpc_reply *reply)
{
	struct answer *answer = arg;

	answer->done = true;
	answer->code = reply->code;
}

static void start(struct rpc_client *client, const char *path, struct answer *answer)
{
	const struct rpc_request request = {
		.path = path,
		.message = BYTES_LITERAL("100000000"),
		.done = on_answer,
		.arg = answer,
	};

	*answer = (struct answer){0};
	rpc_client_start(client, &request);
}

static void turn_until_parked(struct rpc_client *client, const struct house *house, unsigned seen)
{
	for (int i = 0; i < 5000 && house->parked_seen < seen; i++)
		rpc_loop_turn(rpc_client_loop(client), 1);
	assert_int_equal(house->parked_seen, seen);
}

static void draining_answers_what_is_open_and_takes_no_more(void **state)
{
	struct rpc_client *client, *late;
	struct answer answers[20];
	static struct house house;

	(void)state;
	house_open(&house, NULL);
	client = client_of(&house);
	late = client_of(&house);
	for (size_t i = 0; i < 20; i++)
		start(client, "/test.Test/Park", &answers[i]);
	turn_until_parked(client, &house, 20);
	rpc_server_drain(house.server, 10000);
	/* The client hears of it, and its open calls go on. */
	for (int i = 0; i < 100; i++)
		rpc_loop_turn(rpc_client_loop(client), 1);
	assert_int_equal(rpc_client_pending(client), 20);
	assert_int_equal(rpc_client_connect(late, NULL), ERR_UNAVAILABLE);
	rpc_loop_post(rpc_server_loop(house.server, 0), unpark, &house);
	for (size_t i = 0; i < 20; i++) {
		assert_true(rpc_client_run_until(client, &answers[i].done, 5000));
		assert_int_equal(answers[i].code, RPC_OK);
	}
	house_close(&house);
	rpc_client_free(client);
	rpc_client_free(late);
}

static void draining_loses_no_request_that_is_on_its_way(void **state)
{
	enum { CALLS = 200 };
	static struct answer answers[CALLS];
	static struct house house;
	struct rpc_client *client;
	unsigned answered = 0;

	(void)state;
	house_open(&house, NULL);
	client = client_of(&house);
	assert_int_equal(rpc_client_connect(client, NULL), 0);
	for (size_t i = 0; i < CALLS; i++) {
		start(client, "/test.Test/Later", &answers[i]);
		if (i == CALLS / 2)
			rpc_server_drain(house.server, 5000);
		if (i % 10 == 0)
			rpc_loop_turn(rpc_client_loop(client), 1);
	}
	for (size_t i = 0; i < CALLS; i++) {
		assert_true(rpc_client_run_until(client, &answers[i].done, 5000));
		/* Answered, or never begun: nothing in between. */
		if (answers[i].code == RPC_OK)
			answered++;
		else
			assert_int_equal(answers[i].code, RPC_UNAVAILABLE);
	}
	assert_true(answered > 0);
	assert_int_equal(answered, house.ok);
	assert_int_equal(house.handled, house.ok);
	house_close(&house);
	rpc_client_free(client);
}

static void draining_ends_when_its_time_is_up(void **state)
{
	static struct house house;
	struct rpc_client *client;
	struct answer parked, endless;
	int64_t began;

	(void)state;
	house_open(&house, NULL);
	client = client_of(&house);
	start(client, "/test.Test/Park", &parked);
	turn_until_parked(client, &house, 1);
	start(client, "/test.Test/Count", &endless);
	began = rpc_loop_now();
	rpc_server_drain(house.server, 200);
	assert_true(rpc_client_run_until(client, &parked.done, 5000));
	assert_int_equal(parked.code, RPC_UNAVAILABLE);
	pthread_join(house.thread, NULL);
	assert_in_range(rpc_loop_now() - began, 190, 3000);
	pthread_create(&house.thread, NULL, serve, house.server);
	house_close(&house);
	rpc_client_free(client);
}

static void several_loops_share_the_connections(void **state)
{
	const struct rpc_server_config limits = {.loops = 3};
	struct rpc_client *clients[6];
	struct answer answers[6];
	static struct house house;

	(void)state;
	house_open(&house, &limits);
	assert_int_equal(rpc_server_loop_count(house.server), 3);
	for (size_t i = 0; i < 6; i++) {
		clients[i] = client_of(&house);
		for (size_t k = 0; k < 50; k++) {
			start(clients[i], "/test.Test/Echo", &answers[i]);
			assert_true(rpc_client_run_until(clients[i], &answers[i].done, 5000));
			assert_int_equal(answers[i].code, RPC_OK);
		}
	}
	assert_int_equal(rpc_server_counts(house.server).connections, 6);
	for (size_t i = 0; i < 6; i++)
		rpc_client_free(clients[i]);
	house_close(&house);
	assert_int_equal(house.handled, 300);
}

static void a_client_finds_its_server_again(void **state)
{
	static struct house house;
	struct rpc_server_config again = {0};
	struct rpc_client *client;
	struct rpc_reply reply;

	(void)state;
	house_open(&house, NULL);
	client = client_of(&house);
	again.port = rpc_server_port(house.server);
	assert_int_equal(
		rpc_client_call(client, "/test.Test/Echo", BYTES_LITERAL("a"), 3000, &reply, NULL),
		0);
	house_close(&house);
	assert_int_equal(
		rpc_client_call(client, "/test.Test/Echo", BYTES_LITERAL("b"), 3000, &reply, NULL),
		ERR_UNAVAILABLE);
	house_open(&house, &again);
	assert_int_equal(
		rpc_client_call(client, "/test.Test/Echo", BYTES_LITERAL("c"), 3000, &reply, NULL),
		0);
	assert_true(bytes_equal_string(reply.body, "c"));
	rpc_client_free(client);
	house_close(&house);
}

static void a_configuration_that_cannot_work_is_refused(void **state)
{
	static const struct rpc_method twice[] = {{.path = "/a/B", .handler = echo},
						  {.path = "/a/B", .handler = echo}};
	static const struct rpc_method no_handler[] = {{.path = "/a/B"}};
	struct rpc_tls *tls = server_tls();
	const struct rpc_server_config wrong[] = {
		{0},
		{.tls = tls, .loops = 1000},
		{.tls = tls, .methods = twice, .method_count = 2},
		{.tls = tls, .methods = no_handler, .method_count = 1},
		{.tls = tls, .host = "no-such-host.invalid"},
	};
	struct rpc_server *server;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(rpc_server_new(&wrong[i], &server, NULL), ERR_INVALID);
	rpc_tls_release(tls);
}

/* --- The loop --- */

enum { POSTERS = 4, POSTS = 1000 };

struct posting {
	struct rpc_loop *loop;
	unsigned next, ran;
	bool in_order;
};

struct numbered {
	struct posting *posting;
	unsigned number;
};

static void take(void *arg)
{
	struct numbered *numbered = arg;
	struct posting *posting = numbered->posting;

	posting->in_order = posting->in_order && numbered->number == posting->next;
	posting->next++;
	posting->ran++;
	free(numbered);
}

static void *post_many(void *arg)
{
	struct posting *posting = arg;

	for (unsigned i = 0; i < POSTS; i++) {
		struct numbered *numbered = memory_new(sizeof(*numbered));

		*numbered = (struct numbered){posting, i};
		rpc_loop_post(posting->loop, take, numbered);
	}
	return NULL;
}

static void posts_run_once_each_and_in_the_order_of_their_thread(void **state)
{
	struct rpc_loop *loop = rpc_loop_new();
	struct posting postings[POSTERS];
	pthread_t threads[POSTERS];
	unsigned ran = 0;

	(void)state;
	for (size_t i = 0; i < POSTERS; i++) {
		postings[i] = (struct posting){.loop = loop, .in_order = true};
		pthread_create(&threads[i], NULL, post_many, &postings[i]);
	}
	for (int turns = 0; ran < POSTERS * POSTS && turns < 100000; turns++) {
		rpc_loop_turn(loop, 1000);
		ran = 0;
		for (size_t i = 0; i < POSTERS; i++)
			ran += postings[i].ran;
	}
	for (size_t i = 0; i < POSTERS; i++) {
		pthread_join(threads[i], NULL);
		assert_true(postings[i].in_order);
		assert_int_equal(postings[i].ran, POSTS);
	}
	rpc_loop_free(loop);
}

static void stop(void *arg)
{
	rpc_loop_stop(arg);
}

static void a_signal_reaches_the_loop(void **state)
{
	struct rpc_loop *loop = rpc_loop_new();

	(void)state;
	rpc_loop_on_signal(loop, SIGTERM, stop, loop);
	raise(SIGTERM);
	rpc_loop_run(loop);
	rpc_loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draining_answers_what_is_open_and_takes_no_more),
		cmocka_unit_test(draining_loses_no_request_that_is_on_its_way),
		cmocka_unit_test(draining_ends_when_its_time_is_up),
		cmocka_unit_test(several_loops_share_the_connections),
		cmocka_unit_test(a_client_finds_its_server_again),
		cmocka_unit_test(a_configuration_that_cannot_work_is_refused),
		cmocka_unit_test(posts_run_once_each_and_in_the_order_of_their_thread),
		cmocka_unit_test(a_signal_reaches_the_loop),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
