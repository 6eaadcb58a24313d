#include "server/house.h"

#include "carnet/v1/transfer.pb-c.h"
#include "server/store_registry.h"
#include "server/store_requests.h"
#include "text/allocator.h"
#include "text/wire.h"

/* ------------------------------------------------------------------------
 * The table in memory */

static struct digest key_of(unsigned number)
{
	return hash_of(bytes_of(&number, sizeof(number)));
}

static bool add(struct store_requests *requests, unsigned number, uint64_t index, uint64_t *gone)
{
	struct digest key = key_of(number);

	return store_requests_add(requests, &key, index, gone);
}

static bool find(struct store_requests *requests, unsigned number, uint64_t *index)
{
	struct digest key = key_of(number);

	return store_requests_find(requests, &key, index);
}

/* Against a plain model: of the ids added, the last `limit` are there, and no others. */
static void the_last_ones_are_known_and_no_others(void **state)
{
	enum { LIMIT = 100, ADDED = 1000 };
	struct store_requests *requests = store_requests_new(LIMIT);
	uint64_t index, gone;

	(void)state;
	for (unsigned i = 0; i < ADDED; i++) {
		assert_int_equal(add(requests, i, 7 * i, &gone), i >= LIMIT);
		if (i >= LIMIT)
			assert_int_equal(gone, 7 * (i - LIMIT));
		for (unsigned j = 0; j <= i + 1; j++) {
			bool known = j <= i && j + LIMIT > i;

			assert_int_equal(find(requests, j, &index), known);
			if (known)
				assert_int_equal(index, 7 * j);
		}
	}
	store_requests_free(requests);
}

static void an_id_that_is_tried_again_pushes_nobody_out(void **state)
{
	struct store_requests *requests = store_requests_new(2);
	uint64_t index, gone;

	(void)state;
	add(requests, 1, 10, &gone);
	add(requests, 2, 11, &gone);
	for (uint64_t i = 12; i < 100; i++)
		assert_false(add(requests, 2, i, &gone));
	assert_true(find(requests, 1, &index));
	assert_true(find(requests, 2, &index));
	assert_int_equal(index, 99);
	store_requests_free(requests);
}

/* ------------------------------------------------------------------------
 * With the store */

static int make_box(void **state)
{
	struct sandbox *box = test_malloc(sizeof(*box));

	sandbox_make(box);
	assert_int_equal(sandbox_open(box, true), 0);
	*state = box;
	return 0;
}

static int drop_box(void **state)
{
	sandbox_release(*state);
	test_free(*state);
	return 0;
}

static const struct bytes who = BYTES_LITERAL("spiffe://carnet.dev/svc/gateway");

static void put(struct sandbox *box, struct store_transaction *transaction, uint64_t index)
{
	const struct store_registry_request request = {.index = index,
						       .answer = BYTES_LITERAL("answer")};
	const char *id = arena_printf(box->arena, "id-%llu", (unsigned long long)index);

	store_registry_put_request(transaction, who, bytes_of_string(id), &request);
}

static bool knows(struct sandbox *box, uint64_t index)
{
	const char *id = arena_printf(box->arena, "id-%llu", (unsigned long long)index);
	struct store_registry_request found = {0};
	struct store_transaction *transaction;
	bool known;

	assert_int_equal(store_environment_read(box->store, &transaction, &box->error), 0);
	known = store_registry_request(transaction, who, bytes_of_string(id), &found);
	assert_int_equal(store_environment_failure(transaction, &box->error), 0);
	store_environment_abort(transaction);
	assert_true(!known || found.index == index);
	return known;
}

static bool count(void *arg, struct bytes key, struct bytes value)
{
	(void)key;
	(void)value;
	++*(size_t *)arg;
	return true;
}

static size_t rows(struct sandbox *box)
{
	struct store_transaction *transaction;
	size_t total = 0;

	assert_int_equal(store_environment_read(box->store, &transaction, &box->error), 0);
	store_environment_walk(transaction, STORE_REQUESTS, (struct bytes){0}, (struct bytes){0},
			       count, &total);
	store_environment_abort(transaction);
	return total;
}

/* In memory, on disk, and after a restart: so many, and the newest. */
static void the_window_holds_across_a_restart_and_the_store_does_not_grow(void **state)
{
	enum { MORE = 10 };
	struct sandbox *box = *state;
	struct store_transaction *transaction;
	struct journal_entry entry;

	assert_int_equal(sandbox_write(box, 1, &entry), 0); /* an empty log is not opened again */
	assert_int_equal(store_environment_write(box->store, &transaction, &box->error), 0);
	for (uint64_t i = 0; i < STORE_REQUESTS_MAX + MORE; i++)
		put(box, transaction, 3 * i);
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
	for (int restarted = 0; restarted < 2; restarted++) {
		assert_int_equal(rows(box), STORE_REQUESTS_MAX);
		assert_false(knows(box, 0));
		assert_false(knows(box, 3 * (MORE - 1)));
		assert_true(knows(box, 3 * MORE));
		assert_true(knows(box, 3 * (STORE_REQUESTS_MAX + MORE - 1)));
		sandbox_close(box);
		assert_int_equal(sandbox_open(box, false), 0);
	}
}

static void what_was_never_committed_is_not_known(void **state)
{
	struct sandbox *box = *state;
	struct store_transaction *transaction;

	assert_int_equal(store_environment_write(box->store, &transaction, &box->error), 0);
	put(box, transaction, 5);
	store_environment_abort(transaction);
	assert_false(knows(box, 5));
	assert_int_equal(store_environment_write(box->store, &transaction, &box->error), 0);
	put(box, transaction, 5);
	assert_int_equal(store_environment_commit(transaction, &box->error), 0);
	assert_true(knows(box, 5));
}

/* ------------------------------------------------------------------------
 * Asked of a daemon */

static int build(void **state)
{
	struct house *house = test_malloc(sizeof(*house));

	house_build(house);
	*state = house;
	return 0;
}

static int tear_down(void **state)
{
	house_release(*state);
	test_free(*state);
	return 0;
}

#define CHECKER HOUSE_ROLE("checker")

static char *text(struct house *house, const char *value)
{
	return arena_string(house->arena, bytes_of_string(value));
}

static Carnet__V1__CheckRequest *question(struct house *house, const char *party, const char *id)
{
	Carnet__V1__CheckRequest *request =
		allocator_message(house->arena, &carnet__v1__check_request__descriptor);

	request->exporter = text(house, "seoul");
	request->purpose = text(house, "support");
	request->categories = arena_array(house->arena, char *, 1);
	request->categories[request->n_categories++] = text(house, "user");
	request->recipients = arena_array(house->arena, Carnet__V1__Recipient *, 1);
	request->recipients[request->n_recipients++] =
		allocator_message(house->arena, &carnet__v1__recipient__descriptor);
	request->recipients[0]->party = text(house, party);
	request->request_id = text(house, id);
	return request;
}

/* The answer's bytes; its receipt's as well. */
static struct bytes ask(struct house *house, const Carnet__V1__CheckRequest *request)
{
	struct house_reply reply =
		house_ask(house, CHECKER, service_transfer_check, &request->base);
	struct buffer packed = {0};
	struct bytes copy;

	if (!reply.message)
		fail_msg("%s", reply.text);
	wire_pack(reply.message, &packed);
	copy = arena_copy(house->arena, buffer_bytes(&packed));
	buffer_release(&packed);
	return copy;
}

static const Carnet__V1__CheckResponse *read_answer(struct house *house, struct bytes packed)
{
	ProtobufCMessage *message;

	assert_int_equal(wire_unpack(&carnet__v1__check_response__descriptor, packed, NULL,
				     house->arena, &message, &house->error),
			 0);
	return (const Carnet__V1__CheckResponse *)message;
}

/* The newest checkpoint may be another one; the decision, the leaf and its disclosures are not. */
static void assert_same(struct house *house, struct bytes first, struct bytes again)
{
	const Carnet__V1__CheckResponse *a = read_answer(house, first),
					*b = read_answer(house, again);
	struct buffer x = {0}, y = {0};

	wire_pack(&a->decision->base, &x);
	wire_pack(&b->decision->base, &y);
	assert_true(bytes_equal(buffer_bytes(&x), buffer_bytes(&y)));
	assert_int_equal(a->receipt->index, b->receipt->index);
	assert_true(bytes_equal(bytes_of(a->receipt->leaf.data, a->receipt->leaf.len),
				bytes_of(b->receipt->leaf.data, b->receipt->leaf.len)));
	assert_int_equal(a->receipt->n_disclosures, b->receipt->n_disclosures);
	for (size_t i = 0; i < a->receipt->n_disclosures; i++)
		assert_string_equal(a->receipt->disclosures[i], b->receipt->disclosures[i]);
	buffer_release(&x);
	buffer_release(&y);
}

static void assert_refused(struct house *house, const Carnet__V1__CheckRequest *request)
{
	struct house_reply reply =
		house_ask(house, CHECKER, service_transfer_check, &request->base);

	assert_null(reply.message);
	assert_int_equal(reply.code, RPC_ALREADY_EXISTS);
	assert_string_equal(reply.reason, "REQUEST_ID_REUSED");
	assert_non_null(strstr(reply.text, "'r-1' was used with another request"));
}

static void the_first_answer_stands_also_after_restarts(void **state)
{
	struct house *house = *state;
	struct bytes first = ask(house, question(house, "nobody", "r-1"));
	struct bytes other = ask(house, question(house, "tokyo", "r-2"));

	for (int restart = 0; restart < 3; restart++) {
		assert_same(house, first, ask(house, question(house, "nobody", "r-1")));
		assert_same(house, other, ask(house, question(house, "tokyo", "r-2")));
		assert_refused(house, question(house, "tokyo", "r-1"));
		house_close(house);
		assert_int_equal(house_open(house), 0);
	}
}

static const Carnet__V1__BatchCheckResponse *
ask_batch(struct house *house, Carnet__V1__CheckRequest **items, size_t item_count)
{
	Carnet__V1__BatchCheckRequest *batch =
		allocator_message(house->arena, &carnet__v1__batch_check_request__descriptor);
	struct house_reply reply;
	ProtobufCMessage *copy;
	struct buffer packed = {0};

	batch->items = items;
	batch->n_items = item_count;
	reply = house_ask(house, CHECKER, service_transfer_batch_check, &batch->base);
	if (!reply.message)
		fail_msg("%s", reply.text);
	wire_pack(reply.message, &packed);
	assert_int_equal(wire_unpack(&carnet__v1__batch_check_response__descriptor,
				     arena_copy(house->arena, buffer_bytes(&packed)), NULL,
				     house->arena, &copy, &house->error),
			 0);
	buffer_release(&packed);
	return (const Carnet__V1__BatchCheckResponse *)copy;
}

static void the_items_of_a_batch_have_request_ids_as_well(void **state)
{
	struct house *house = *state;
	struct bytes first = ask(house, question(house, "nobody", "r-1"));
	uint64_t index = read_answer(house, first)->receipt->index;
	Carnet__V1__CheckRequest *items[] = {
		question(house, "nobody", "r-1"), question(house, "tokyo", "r-1"),
		question(house, "tokyo", "r-3"),  question(house, "tokyo", "r-3"),
		question(house, "nobody", "r-3"), question(house, "tokyo", ""),
	};
	const Carnet__V1__BatchCheckResponse *answer = ask_batch(house, items, 6);

	assert_int_equal(answer->n_items, 6);
	assert_int_equal(answer->items[0]->response->receipt->index, index);
	assert_int_equal(answer->items[1]->error->code, RPC_ALREADY_EXISTS);
	assert_int_equal(answer->items[2]->response->receipt->index,
			 answer->items[3]->response->receipt->index);
	assert_int_equal(answer->items[4]->error->code, RPC_ALREADY_EXISTS);
	assert_int_equal(answer->items[5]->result_case,
			 CARNET__V1__BATCH_CHECK_ITEM__RESULT_RESPONSE);
	/* And an item's id is that of a single question. */
	assert_int_equal(
		read_answer(house, ask(house, question(house, "tokyo", "r-3")))->receipt->index,
		answer->items[2]->response->receipt->index);
	house_close(house);
	assert_int_equal(house_open(house), 0);
	answer = ask_batch(house, items, 2);
	assert_int_equal(answer->items[0]->response->receipt->index, index);
	assert_int_equal(answer->items[1]->error->code, RPC_ALREADY_EXISTS);
}

#define BOX_TEST(name) cmocka_unit_test_setup_teardown(name, make_box, drop_box)
#define HOUSE_TEST(name) cmocka_unit_test_setup_teardown(name, build, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_ones_are_known_and_no_others),
		cmocka_unit_test(an_id_that_is_tried_again_pushes_nobody_out),
		BOX_TEST(the_window_holds_across_a_restart_and_the_store_does_not_grow),
		BOX_TEST(what_was_never_committed_is_not_known),
		HOUSE_TEST(the_first_answer_stands_also_after_restarts),
		HOUSE_TEST(the_items_of_a_batch_have_request_ids_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
