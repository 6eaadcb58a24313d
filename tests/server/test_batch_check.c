/*
 * BatchCheck against its single questions: batches drawn at random from a handful of questions,
 * good and bad, in any order and with duplicates.  Each item must be what its question alone gets,
 * with a leaf of its own.
 */
#include "server/house.h"

#include "carnet/v1/transfer.pb-c.h"
#include "text/allocator.h"
#include "text/wire.h"

#define CHECKER HOUSE_ROLE("checker")

enum { QUESTIONS = 9, BATCHES = 40, ITEMS_MAX = 60 };

/* What one question is answered with, alone: bytes of its decision, or its error. */
struct single {
	Carnet__V1__CheckRequest *request;
	struct bytes decision, error;
};

struct trial {
	struct house *house;
	struct single singles[QUESTIONS];
	size_t log_size;
	uint32_t chance;
};

static struct bytes packed(struct trial *trial, const ProtobufCMessage *message)
{
	struct buffer out = {0};
	struct bytes copy;

	wire_pack(message, &out);
	copy = arena_copy(trial->house->arena, buffer_bytes(&out));
	buffer_release(&out);
	return copy;
}

static char *text(struct trial *trial, const char *value)
{
	return arena_string(trial->house->arena, bytes_of_string(value));
}

static Carnet__V1__CheckRequest *question(struct trial *trial, const char *party)
{
	struct arena *arena = trial->house->arena;
	Carnet__V1__CheckRequest *request =
		allocator_message(arena, &carnet__v1__check_request__descriptor);

	request->exporter = text(trial, "seoul");
	request->purpose = text(trial, "support");
	request->categories = arena_array(arena, char *, 1);
	request->categories[request->n_categories++] = text(trial, "user");
	request->recipients = arena_array(arena, Carnet__V1__Recipient *, 1);
	request->recipients[request->n_recipients++] =
		allocator_message(arena, &carnet__v1__recipient__descriptor);
	request->recipients[0]->party = text(trial, party);
	return request;
}

static Carnet__V1__Record *some_country(struct trial *trial)
{
	struct arena *arena = trial->house->arena;
	Carnet__V1__Record *record = allocator_message(arena, &carnet__v1__record__descriptor);

	record->id = text(trial, "MN");
	record->name = text(trial, "Mongolia");
	record->source = arena_array(arena, char *, 1);
	record->source[record->n_source++] = text(trial, "test");
	record->body_case = CARNET__V1__RECORD__BODY_AREA;
	record->area = allocator_message(arena, &carnet__v1__area__descriptor);
	record->area->kind = CARNET__V1__AREA_KIND__AREA_KIND_COUNTRY;
	return record;
}

/* Good ones, live and advisory; words that nobody knows; and some that are no questions. */
static void make_questions(struct trial *trial)
{
	Carnet__V1__CheckRequest *requests[QUESTIONS];

	for (int i = 0; i < QUESTIONS; i++)
		requests[i] = question(trial, i % 2 ? "seoul" : "nobody");
	requests[2]->as_of = text(trial, "2030-01-01");
	requests[3]->as_of = text(trial, "2025-02-30");
	requests[4]->n_recipients = 0;
	requests[5]->given = arena_array(trial->house->arena, Carnet__V1__Record *, 1);
	requests[5]->given[requests[5]->n_given++] = some_country(trial);
	requests[6]->exporter = text(trial, "nobody-known");
	requests[7]->min_revision = 99;
	requests[8]->reference = text(trial, "a ticket");
	requests[8]->receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
	for (int i = 0; i < QUESTIONS; i++)
		trial->singles[i].request = requests[i];
}

static struct bytes ask_alone(struct trial *trial, const Carnet__V1__CheckRequest *request,
			      struct house_reply *reply)
{
	*reply = house_ask(trial->house, CHECKER, service_transfer_check, &request->base);
	return reply->message
		       ? packed(trial,
				&((Carnet__V1__CheckResponse *)reply->message)->decision->base)
		       : (struct bytes){0};
}

static void ask_singles(struct trial *trial)
{
	for (int i = 0; i < QUESTIONS; i++) {
		struct single *single = &trial->singles[i];
		struct house_reply reply;

		single->decision = ask_alone(trial, single->request, &reply);
		if (reply.message)
			trial->log_size++;
		else
			single->error = bytes_of_string(arena_printf(trial->house->arena, "%d %s",
								     (int)reply.code, reply.text));
	}
}

static uint32_t draw(struct trial *trial, uint32_t below)
{
	trial->chance = trial->chance * 1664525 + 1013904223;
	return (trial->chance >> 8) % below;
}

static void check_item(struct trial *trial, const Carnet__V1__BatchCheckItem *item,
		       const struct single *single, bool *seen)
{
	const Carnet__V1__Receipt *receipt;

	if (!single->decision.size) {
		const char *error;

		assert_int_equal(item->result_case, CARNET__V1__BATCH_CHECK_ITEM__RESULT_ERROR);
		error = arena_printf(trial->house->arena, "%d %s", item->error->code,
				     item->error->message);
		assert_true(bytes_equal_string(single->error, error));
		assert_true(item->error->n_details > 0);
		return;
	}
	assert_int_equal(item->result_case, CARNET__V1__BATCH_CHECK_ITEM__RESULT_RESPONSE);
	assert_true(bytes_equal(packed(trial, &item->response->decision->base), single->decision));
	receipt = item->response->receipt;
	assert_true(receipt->index >= trial->log_size);
	assert_false(seen[receipt->index - trial->log_size]); /* one leaf an item */
	seen[receipt->index - trial->log_size] = true;
	assert_int_equal(receipt->leaf.len == 0,
			 single->request->receipt == CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE);
}

static void ask_batch(struct trial *trial, const struct single **drawn, size_t count)
{
	struct arena *arena = trial->house->arena;
	Carnet__V1__BatchCheckRequest *batch =
		allocator_message(arena, &carnet__v1__batch_check_request__descriptor);
	const Carnet__V1__BatchCheckResponse *answer;
	struct house_reply reply;
	bool seen[ITEMS_MAX] = {0};
	size_t leaves = 0;

	batch->items = arena_array(arena, Carnet__V1__CheckRequest *, count + 1);
	for (size_t i = 0; i < count; i++) {
		batch->items[batch->n_items++] = drawn[i]->request;
		leaves += drawn[i]->decision.size > 0;
	}
	reply = house_ask(trial->house, CHECKER, service_transfer_batch_check, &batch->base);
	if (!reply.message)
		fail_msg("%s", reply.text);
	answer = (const Carnet__V1__BatchCheckResponse *)reply.message;
	assert_int_equal(answer->n_items, count);
	for (size_t i = 0; i < count; i++)
		check_item(trial, answer->items[i], drawn[i], seen);
	for (size_t i = 0; i < leaves; i++)
		assert_true(seen[i]); /* and no other leaves */
	trial->log_size += leaves;
}

static void a_batch_is_its_singles_in_any_order_with_duplicates(void **state)
{
	struct trial *trial = *state;

	ask_singles(trial);
	for (int i = 0; i < BATCHES; i++) {
		const struct single *drawn[ITEMS_MAX];
		size_t count = draw(trial, ITEMS_MAX + 1);

		for (size_t j = 0; j < count; j++)
			drawn[j] = &trial->singles[draw(trial, QUESTIONS)];
		ask_batch(trial, drawn, count);
	}
	/* The same bytes alone as before all that. */
	for (int i = 0; i < QUESTIONS; i++) {
		struct house_reply reply;

		assert_true(bytes_equal(ask_alone(trial, trial->singles[i].request, &reply),
					trial->singles[i].decision));
	}
}

static void every_item_may_be_bad(void **state)
{
	struct trial *trial = *state;
	const struct single *drawn[] = {&trial->singles[3], &trial->singles[4], &trial->singles[7]};

	ask_singles(trial);
	ask_batch(trial, drawn, 3);
}

static int set_up(void **state)
{
	struct trial *trial = test_malloc(sizeof(*trial));

	*trial = (struct trial){.house = test_malloc(sizeof(*trial->house)),
				.log_size = 1, /* the revision's leaf */
				.chance = 7};
	house_build(trial->house);
	make_questions(trial);
	*state = trial;
	return 0;
}

static int tear_down(void **state)
{
	struct trial *trial = *state;

	house_release(trial->house);
	test_free(trial->house);
	test_free(trial);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_batch_is_its_singles_in_any_order_with_duplicates,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_item_may_be_bad, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
