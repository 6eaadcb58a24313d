#include "test.h"

#include "rpc/fixture.h"

static struct house house;

static int open_house(void **state)
{
	(void)state;
	house_open(&house, NULL);
	return 0;
}

static int close_house(void **state)
{
	(void)state;
	house_close(&house);
	return 0;
}

static struct rpc_reply call(struct rpc_client *client, const char *path, struct bytes message)
{
	struct rpc_reply reply;
	struct error error;

	if (rpc_client_call(client, path, message, 10000, &reply, &error))
		fail_msg("%s", error.text);
	return reply;
}

static void an_echo_comes_back(void **state)
{
	static const size_t sizes[] = {0, 1, 16384, 65536, 4 * 1024 * 1024};
	struct rpc_client *client = client_of(&house);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint8_t *body = memory_new(sizes[i]);
		struct rpc_reply reply;

		for (size_t k = 0; k < sizes[i]; k++)
			body[k] = (uint8_t)(k * 7);
		reply = call(client, "/test.Test/Echo", bytes_of(body, sizes[i]));
		assert_int_equal(reply.code, RPC_OK);
		assert_true(bytes_equal(reply.body, bytes_of(body, sizes[i])));
		free(body);
	}
	rpc_client_free(client);
}

static void the_caller_is_named_by_its_certificate(void **state)
{
	struct rpc_client *client = client_of(&house);
	struct rpc_client *nameless = client_as(&house, "nameless", "ours");

	(void)state;
	assert_true(
		bytes_equal_string(call(client, "/test.Test/Who", bytes_of(NULL, 0)).body, CALLER));
	/* Without a SPIFFE id the identity is empty, and the service judges. */
	assert_int_equal(call(nameless, "/test.Test/Who", bytes_of(NULL, 0)).body.size, 0);
	rpc_client_free(client);
	rpc_client_free(nameless);
}

static void a_failure_arrives_whole(void **state)
{
	struct rpc_client *client = client_of(&house);
	struct rpc_reply reply = call(client, "/test.Test/Refuse", bytes_of("\0\1\2\377", 4));

	(void)state;
	assert_int_equal(reply.code, RPC_FAILED_PRECONDITION);
	assert_true(reply.from_server);
	assert_true(bytes_equal_string(reply.message, "50 % of \xed\x95\x9c\n"));
	assert_true(bytes_equal(reply.details, bytes_of("\0\1\2\377", 4)));
	assert_int_equal(reply.body.size, 0);
	rpc_client_free(client);
}

static void details_too_large_for_a_header_are_left_out(void **state)
{
	static uint8_t large[100000];
	struct rpc_client *client = client_of(&house);
	struct rpc_reply reply = call(client, "/test.Test/Refuse", bytes_of(large, sizeof(large)));

	(void)state;
	assert_int_equal(reply.code, RPC_FAILED_PRECONDITION);
	assert_int_equal(reply.details.size, 0);
	rpc_client_free(client);
}

static void an_unknown_method_is_unimplemented(void **state)
{
	struct rpc_client *client = client_of(&house);

	(void)state;
	assert_int_equal(call(client, "/test.Test/Nothing", bytes_of(NULL, 0)).code,
			 RPC_UNIMPLEMENTED);
	assert_int_equal(call(client, "/", bytes_of(NULL, 0)).code, RPC_UNIMPLEMENTED);
	rpc_client_free(client);
}

static void a_message_over_the_limit_is_refused(void **state)
{
	const size_t size = 5 * 1024 * 1024;
	struct rpc_client *client = client_of(&house);
	uint8_t *body = memory_new(size);

	(void)state;
	for (int i = 0; i < 5; i++) {
		struct rpc_reply reply = call(client, "/test.Test/Echo", bytes_of(body, size));

		assert_int_equal(reply.code, RPC_RESOURCE_EXHAUSTED);
		assert_int_equal(call(client, "/test.Test/Echo", bytes_of("x", 1)).code, RPC_OK);
	}
	free(body);
	rpc_client_free(client);
}

static void a_deadline_is_told_by_either_side(void **state)
{
	struct rpc_client *client = client_of(&house);
	struct rpc_reply reply;
	unsigned closed = house.closed_seen;

	(void)state;
	assert_int_equal(
		rpc_client_call(client, "/test.Test/Park", bytes_of(NULL, 0), 50, &reply, NULL), 0);
	assert_int_equal(reply.code, RPC_DEADLINE_EXCEEDED);
	wait_for(&house.closed_seen, closed + 1);
	/* What is answered now goes nowhere. */
	rpc_loop_post(rpc_server_loop(house.server, 0), unpark, &house);
	wait_for(&house.answered_dead, 1);
	rpc_client_free(client);
}

struct traced {
	bool done, right;
};

static void trace_done(void *arg, const struct rpc_reply *reply)
{
	struct traced *traced = arg;

	traced->done = true;
	traced->right = bytes_equal_string(reply->body, "00-ab-cd-01");
}

static void headers_travel(void **state)
{
	const struct rpc_header header = {BYTES_LITERAL("traceparent"),
					  BYTES_LITERAL("00-ab-cd-01")};
	struct rpc_client *client = client_of(&house);
	struct traced traced = {0};
	const struct rpc_request request = {
		.path = "/test.Test/Trace",
		.headers = &header,
		.header_count = 1,
		.done = trace_done,
		.arg = &traced,
	};

	(void)state;
	rpc_client_start(client, &request);
	assert_true(rpc_client_run_until(client, &traced.done, 5000));
	assert_true(traced.right);
	rpc_client_free(client);
}

/* --- Many calls at once --- */

struct many {
	struct rpc_client *client;
	unsigned wanted, started, done;
	bool all_done;
	bool failed;
};

struct one {
	struct many *many;
	uint32_t number;
};

static void start_one(struct many *many);

static void one_done(void *arg, const struct rpc_reply *reply)
{
	struct one *one = arg;
	struct many *many = one->many;

	if (reply->code != RPC_OK ||
	    !bytes_equal(reply->body, bytes_of(&one->number, sizeof(one->number))))
		many->failed = true;
	free(one);
	many->done++;
	if (many->started < many->wanted)
		start_one(many);
	many->all_done = many->done == many->wanted;
}

static void start_one(struct many *many)
{
	struct one *one = memory_new(sizeof(*one));
	const struct rpc_request request = {
		.path = many->started % 2 ? "/test.Test/Echo" : "/test.Test/Later",
		.message = bytes_of(&one->number, sizeof(one->number)),
		.deadline_ms = 20000,
		.done = one_done,
		.arg = one,
	};

	one->many = many;
	one->number = many->started++;
	rpc_client_start(many->client, &request);
}

static void run_many(struct rpc_client *client, unsigned wanted, unsigned at_once)
{
	struct many many = {.client = client, .wanted = wanted};

	while (many.started < at_once)
		start_one(&many);
	assert_int_equal(rpc_client_pending(client), at_once);
	assert_true(rpc_client_run_until(client, &many.all_done, 20000));
	assert_false(many.failed);
	assert_int_equal(rpc_client_pending(client), 0);
}

static void a_thousand_calls_interleave_on_one_connection(void **state)
{
	struct rpc_client *client = client_of(&house);
	uint64_t accepted = rpc_server_counts(house.server).accepted;

	(void)state;
	run_many(client, 1000, 100);
	/* More than the server takes at a time wait their turn on this side. */
	run_many(client, 1000, 1000);
	assert_int_equal(rpc_server_counts(house.server).accepted, accepted + 1);
	rpc_client_free(client);
}

static void clients_can_share_a_loop(void **state)
{
	struct rpc_loop *loop = rpc_loop_new();
	const struct rpc_endpoint endpoint = {"127.0.0.1", rpc_server_port(house.server)};
	struct rpc_tls *tls = client_tls("caller", "ours");
	const struct rpc_client_config config = {
		.endpoints = &endpoint, .endpoint_count = 1, .tls = tls, .loop = loop};
	struct many many[8] = {0};

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		many[i] = (struct many){.client = rpc_client_new(&config), .wanted = 100};
		while (many[i].started < 20)
			start_one(&many[i]);
	}
	for (size_t i = 0; i < 8; i++) {
		assert_true(rpc_client_run_until(many[i].client, &many[i].all_done, 20000));
		assert_false(many[i].failed);
	}
	for (size_t i = 0; i < 8; i++)
		rpc_client_free(many[i].client);
	rpc_tls_release(tls);
	rpc_loop_free(loop);
}

/* --- Calls whose caller goes away --- */

static void ignore(void *arg, const struct rpc_reply *reply)
{
	unsigned *ended = arg;

	assert_int_not_equal(reply->code, RPC_OK);
	++*ended;
}

static struct rpc_client_call *start_parked(struct rpc_client *client, unsigned *ended)
{
	const struct rpc_request request = {
		.path = "/test.Test/Park", .done = ignore, .arg = ended};

	return rpc_client_start(client, &request);
}

static void run_until_parked(struct rpc_client *client, unsigned seen)
{
	for (int i = 0; i < 5000 && house.parked_seen < seen; i++)
		rpc_loop_turn(rpc_client_loop(client), 1);
	assert_int_equal(house.parked_seen, seen);
}

static void a_stream_may_be_reset_while_its_answer_is_pending(void **state)
{
	struct rpc_client *client = client_of(&house);
	unsigned seen = house.parked_seen, closed = house.closed_seen, ended = 0;
	unsigned dead = house.answered_dead;
	struct rpc_client_call *calls[10];

	(void)state;
	for (size_t i = 0; i < 10; i++)
		calls[i] = start_parked(client, &ended);
	run_until_parked(client, seen + 10);
	for (size_t i = 0; i < 10; i++)
		rpc_client_cancel(calls[i]);
	assert_int_equal(ended, 10);
	/* The connection goes on, and the calls find out. */
	assert_int_equal(call(client, "/test.Test/Echo", bytes_of("x", 1)).code, RPC_OK);
	wait_for(&house.closed_seen, closed + 10);
	rpc_loop_post(rpc_server_loop(house.server, 0), unpark, &house);
	wait_for(&house.answered_dead, dead + 10);
	assert_int_equal(call(client, "/test.Test/Echo", bytes_of("x", 1)).code, RPC_OK);
	rpc_client_free(client);
}

static void a_connection_may_close_while_answers_are_pending(void **state)
{
	struct rpc_client *client = client_of(&house);
	unsigned seen = house.parked_seen, closed = house.closed_seen, ended = 0;
	unsigned dead = house.answered_dead;

	(void)state;
	for (size_t i = 0; i < 10; i++)
		start_parked(client, &ended);
	run_until_parked(client, seen + 10);
	rpc_client_free(client);
	assert_int_equal(ended, 10);
	wait_for(&house.closed_seen, closed + 10);
	rpc_loop_post(rpc_server_loop(house.server, 0), unpark, &house);
	wait_for(&house.answered_dead, dead + 10);
	assert_serves(&house);
}

static void a_call_can_be_cancelled_before_it_has_left(void **state)
{
	struct rpc_client *client = client_of(&house);
	unsigned ended = 0;

	(void)state;
	rpc_client_cancel(start_parked(client, &ended));
	assert_int_equal(rpc_client_connect(client, NULL), 0);
	rpc_client_cancel(start_parked(client, &ended));
	assert_int_equal(call(client, "/test.Test/Echo", bytes_of("x", 1)).code, RPC_OK);
	assert_int_equal(ended, 2);
	rpc_client_free(client);
}

/* --- Streams --- */

struct stream {
	unsigned next;
	unsigned stop_at; /* cancels there; 0: never */
	struct rpc_client_call *call;
	enum rpc_code code;
	bool done;
};

static void take_number(void *arg, struct bytes message)
{
	struct stream *stream = arg;
	unsigned number;

	assert_int_equal(message.size, 1000);
	memcpy(&number, message.data, sizeof(number));
	assert_int_equal(number, stream->next);
	stream->next++;
	if (stream->next == stream->stop_at)
		rpc_client_cancel(stream->call);
}

static void stream_done(void *arg, const struct rpc_reply *reply)
{
	struct stream *stream = arg;

	stream->code = reply->code;
	stream->done = true;
}

static void run_stream(struct rpc_client *client, const char *count_to, struct stream *stream)
{
	const struct rpc_request request = {
		.path = "/test.Test/Count",
		.message = bytes_of_string(count_to),
		.each = take_number,
		.done = stream_done,
		.arg = stream,
	};

	stream->call = rpc_client_start(client, &request);
	assert_true(rpc_client_run_until(client, &stream->done, 20000));
}

static void a_streamed_answer_comes_in_order_and_whole(void **state)
{
	static const struct {
		const char *text;
		unsigned count;
	} lengths[] = {{"0", 0}, {"1", 1}, {"20000", 20000}};
	struct rpc_client *client = client_of(&house);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct stream stream = {0};

		run_stream(client, lengths[i].text, &stream);
		assert_int_equal(stream.code, RPC_OK);
		assert_int_equal(stream.next, lengths[i].count);
	}
	rpc_client_free(client);
}

static void a_streamed_answer_can_be_cancelled(void **state)
{
	struct rpc_client *client = client_of(&house);
	struct stream stream = {.stop_at = 10};
	unsigned closed = house.closed_seen;

	(void)state;
	run_stream(client, "100000000", &stream);
	assert_int_equal(stream.code, RPC_CANCELLED);
	assert_int_equal(stream.next, 10);
	assert_int_equal(call(client, "/test.Test/Echo", bytes_of("x", 1)).code, RPC_OK);
	wait_for(&house.closed_seen, closed + 1);
	rpc_client_free(client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_echo_comes_back),
		cmocka_unit_test(the_caller_is_named_by_its_certificate),
		cmocka_unit_test(a_failure_arrives_whole),
		cmocka_unit_test(details_too_large_for_a_header_are_left_out),
		cmocka_unit_test(an_unknown_method_is_unimplemented),
		cmocka_unit_test(a_message_over_the_limit_is_refused),
		cmocka_unit_test(a_deadline_is_told_by_either_side),
		cmocka_unit_test(headers_travel),
		cmocka_unit_test(a_thousand_calls_interleave_on_one_connection),
		cmocka_unit_test(clients_can_share_a_loop),
		cmocka_unit_test(a_stream_may_be_reset_while_its_answer_is_pending),
		cmocka_unit_test(a_connection_may_close_while_answers_are_pending),
		cmocka_unit_test(a_call_can_be_cancelled_before_it_has_left),
		cmocka_unit_test(a_streamed_answer_comes_in_order_and_whole),
		cmocka_unit_test(a_streamed_answer_can_be_cancelled),
	};
	int failed;

	set_up(NULL);
	failed = cmocka_run_group_tests(tests, open_house, close_house);
	tear_down(NULL);
	return failed;
}
