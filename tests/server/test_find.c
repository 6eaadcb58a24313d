/* Searches as a service: pages, tokens, deadlines, edits in between. */
#include "server/house.h"

#include "base/base64.h"
#include "carnet/v1/transfer.pb-c.h"
#include "contract/find.h"
#include "contract/fixture.h"
#include "server/page_token.h"
#include "text/allocator.h"

#define CHECKER HOUSE_ROLE("checker")
#define EDITOR HOUSE_ROLE("editor")
#define APPROVER HOUSE_ROLE("approver")

/* Beside the three of the fixture. */
enum { PARTIES = 3000 };

static void write_parties(struct house *house)
{
	static const char *const seats[] = {"PH", "BE", "PH", "KR", "PH"};
	struct buffer text = {0};

	buffer_append_string(&text, fixture_registry);
	for (unsigned i = 0; i < PARTIES; i++)
		buffer_printf(&text,
			      "---\nparty: {id: p%04u, kind: organisation, area: %s, "
			      "bound-by: [none]}\n",
			      i, i < 20 ? seats[i % 5] : "PH");
	house_write_registry(house, buffer_string(&text));
	buffer_release(&text);
}

static int set_up(void **state)
{
	struct house *house = memory_new(sizeof(*house));
	struct init_result result;

	house_make(house);
	write_parties(house);
	if (house_init(house, &result) || house_open(house))
		fail_msg("%s", house->error.text);
	*state = house;
	return 0;
}

static int tear_down(void **state)
{
	struct house *house = *state;

	assert_int_equal(atomic_load(&house->daemon->searches), 0);
	house_release(house);
	free(house);
	return 0;
}

/* Who may have it?  Those in BE and KR: carrier-be, line-plus, p0001, p0003 ... p0018. */
static Carnet__V1__FindRequest *search_for(struct house *house, const char *question)
{
	Carnet__V1__FindRequest *request =
		allocator_message(house->arena, &carnet__v1__find_request__descriptor);

	request->question =
		fixture_message(house->arena, &carnet__v1__check_request__descriptor, question);
	return request;
}

static Carnet__V1__FindRequest *search(struct house *house)
{
	return search_for(house, "{data-set: accounts, recipients: [{mode: storage}]}");
}

static Carnet__V1__FindResponse *page_of(struct house *house, service_function *function,
					 const Carnet__V1__FindRequest *request)
{
	struct house_reply reply = house_ask(house, CHECKER, function, &request->base);

	if (!reply.message)
		fail_msg("%s", reply.text);
	return (Carnet__V1__FindResponse *)reply.message;
}

static struct house_reply refusal(struct house *house, const Carnet__V1__FindRequest *request)
{
	struct house_reply reply =
		house_ask(house, CHECKER, service_find_recipients, &request->base);

	assert_null(reply.message);
	return reply;
}

/* All pages: "a b c ", and how many there were. */
static const char *all_pages(struct house *house, service_function *function,
			     Carnet__V1__FindRequest *request, size_t *pages)
{
	const char *ids = "";
	Carnet__V1__FindResponse *page;

	*pages = 0;
	do {
		page = page_of(house, function, request);
		for (size_t i = 0; i < page->n_found; i++)
			ids = arena_printf(house->arena, "%s%s ", ids, page->found[i]->id);
		assert_int_equal(page->complete, !*page->next_page_token);
		assert_true(page->complete || page->n_found == request->page_size);
		request->page_token = page->next_page_token;
		++*pages;
	} while (!page->complete);
	return ids;
}

static const char ten[] = "carrier-be line-plus p0001 p0003 p0006 p0008 p0011 p0013 p0016 p0018 ";

static void pages_of_any_size_hold_the_same(void **state)
{
	static const struct {
		uint32_t size;
		size_t pages;
	} sizes[] = {{1, 11}, {2, 6}, {7, 2}, {10, 2}, {11, 1}, {0, 1}, {5000, 1}};
	struct house *house = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		Carnet__V1__FindRequest *request = search(house);
		size_t pages;

		request->page_size = sizes[i].size;
		assert_string_equal(all_pages(house, service_find_recipients, request, &pages),
				    ten);
		assert_int_equal(pages, sizes[i].pages);
	}
}

static void destinations_are_paged_too(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request =
		search_for(house, "{data-set: accounts, recipients: [carrier-be]}");
	size_t pages;

	request->page_size = 1;
	assert_string_equal(all_pages(house, service_find_destinations, request, &pages), "BE KR ");
	assert_int_equal(pages, 3);
}

static void each_page_is_one_advisory_leaf(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	uint64_t size = journal_size(house->daemon->journal);
	Carnet__V1__FindResponse *page;
	const char *leaf;
	struct buffer disclosed = {0};

	request->page_size = 2;
	page = page_of(house, service_find_recipients, request);
	assert_int_equal(journal_size(house->daemon->journal), size + 1);
	assert_int_equal(page->receipt->index, size);
	assert_true(page->advisory);
	leaf = arena_string(house->arena,
			    bytes_of(page->receipt->leaf.data, page->receipt->leaf.len));
	assert_non_null(strstr(leaf, "\"kind\":\"advisory\""));
	/* All but evidence, of which a search has none of its own. */
	assert_int_equal(page->receipt->n_disclosures, 4);
	for (size_t i = 0; i < page->receipt->n_disclosures; i++)
		assert_true(base64url_decode(&disclosed,
					     bytes_of_string(page->receipt->disclosures[i])));
	assert_non_null(
		strstr(buffer_string(&disclosed),
		       "\"request\",{\"open\":\"recipient\",\"page_size\":2,\"question\":{"));
	assert_non_null(strstr(buffer_string(&disclosed), "\"id\":\"carrier-be\""));
	assert_null(strstr(buffer_string(&disclosed), "\"id\":\"p0001\""));
	buffer_release(&disclosed);
	request->page_token = page->next_page_token;
	request->question->receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
	page = page_of(house, service_find_recipients, request);
	assert_int_equal(page->receipt->index, size + 1);
	assert_int_equal(page->receipt->leaf.len, 0);
}

/* ------------------------------------------------------------------------
 * Tokens */

static void is_no_token(struct house *house, const Carnet__V1__FindRequest *request,
			service_function *function)
{
	uint64_t size = journal_size(house->daemon->journal);
	struct house_reply reply = house_ask(house, CHECKER, function, &request->base);

	assert_null(reply.message);
	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
	assert_int_equal(reply.field_count, 1);
	assert_memory_equal(reply.text, "page_token: ", 12);
	assert_int_equal(journal_size(house->daemon->journal), size);
}

static void a_token_is_of_one_question_and_one_search(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house), *other;
	char *token;

	request->page_size = 1;
	token = page_of(house, service_find_recipients, request)->next_page_token;
	other = search_for(house, "{data-set: accounts, purpose: calls, recipients: [{mode: "
				  "storage}]}");
	other->page_token = token;
	is_no_token(house, other, service_find_recipients);
	other = search_for(house, "{data-set: accounts, recipients: [{mode: transit}]}");
	other->page_token = token;
	is_no_token(house, other, service_find_recipients);
	other = search_for(house, "{data-set: accounts, recipients: [carrier-be]}");
	other->page_token = token;
	is_no_token(house, other, service_find_destinations);
	/* What may differ from page to page. */
	request->page_token = token;
	request->page_size = 3;
	request->question->reference = arena_string(house->arena, BYTES_LITERAL("mine"));
	request->question->request_id = arena_string(house->arena, BYTES_LITERAL("second"));
	assert_int_equal(page_of(house, service_find_recipients, request)->n_found, 3);
}

static void a_token_changed_in_any_bit_is_none(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	struct buffer bytes = {0}, text = {0};

	request->page_size = 1;
	assert_true(base64url_decode(
		&bytes,
		bytes_of_string(
			page_of(house, service_find_recipients, request)->next_page_token)));
	for (size_t bit = 0; bit < bytes.size * 8; bit++) {
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		buffer_clear(&text);
		base64url_append(&text, buffer_bytes(&bytes));
		request->page_token = arena_string(house->arena, buffer_bytes(&text));
		is_no_token(house, request, service_find_recipients);
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t size = 1; size < bytes.size; size++) {
		buffer_clear(&text);
		base64url_append(&text, bytes_of(bytes.data, size));
		request->page_token = arena_string(house->arena, buffer_bytes(&text));
		is_no_token(house, request, service_find_recipients);
	}
	request->page_token = arena_string(house->arena, BYTES_LITERAL("no token at all!"));
	is_no_token(house, request, service_find_recipients);
	buffer_release(&bytes);
	buffer_release(&text);
}

static void a_token_outlives_a_restart(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	Carnet__V1__FindResponse *page;

	request->page_size = 9;
	request->page_token = page_of(house, service_find_recipients, request)->next_page_token;
	house_close(house);
	assert_int_equal(house_open(house), 0);
	page = page_of(house, service_find_recipients, request);
	assert_int_equal(page->n_found, 1);
	assert_string_equal(page->found[0]->id, "p0018");
	assert_true(page->complete);
}

static void a_token_under_another_key_is_none(void **state)
{
	struct ed25519_key *ours = ed25519_generate(), *theirs = ed25519_generate();
	const struct page_token token = {.revision = 7, .as_of = -3, .last = BYTES_LITERAL("x")};
	const struct digest question = {{1}}, other = {{2}};
	struct arena *arena = arena_new(0);
	struct page_token read;
	const char *text = page_token_write(&token, &question, ours, arena);

	(void)state;
	assert_true(page_token_read(text, &question, ours, arena, &read));
	assert_int_equal(read.revision, 7);
	assert_int_equal(read.as_of, -3);
	assert_true(bytes_equal_string(read.last, "x"));
	assert_false(page_token_read(text, &question, theirs, arena, &read));
	assert_false(page_token_read(text, &other, ours, arena, &read));
	assert_false(page_token_read("", &question, ours, arena, &read));
	ed25519_free(ours);
	ed25519_free(theirs);
	arena_free(arena);
}

/* ------------------------------------------------------------------------
 * An edit between two pages */

static void edit(struct house *house, const char *records)
{
	Carnet__V1__ProposeRequest *propose =
		allocator_message(house->arena, &carnet__v1__propose_request__descriptor);
	Carnet__V1__ApproveRequest *approve =
		allocator_message(house->arena, &carnet__v1__approve_request__descriptor);
	struct house_reply reply;

	propose->change_set =
		fixture_message(house->arena, &carnet__v1__change_set__descriptor, records);
	propose->change_set->base_revision = house->daemon->registry.newest->revision;
	reply = house_ask(house, EDITOR, service_edit_propose, &propose->base);
	if (!reply.message)
		fail_msg("%s", reply.text);
	approve->proposal = ((Carnet__V1__ProposeResponse *)reply.message)->proposal->id;
	reply = house_ask(house, APPROVER, service_edit_approve, &approve->base);
	if (!reply.message)
		fail_msg("%s", reply.text);
}

/* p0006 moves away, p0012 moves in: the search that is under way sees neither. */
static void a_search_goes_on_in_the_registry_it_began_with(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	Carnet__V1__FindResponse *first, *page;
	const char *ids = "";
	size_t pages;

	request->page_size = 3;
	first = page_of(house, service_find_recipients, request);
	assert_int_equal(first->revision, 1);
	edit(house, "{reason: moves, records: ["
		    "{party: {id: p0006, kind: organisation, area: PH, bound-by: [none]}},"
		    "{party: {id: p0012, kind: organisation, area: BE, bound-by: [none]}}]}");
	for (page = first; !page->complete;) {
		request->page_token = page->next_page_token;
		page = page_of(house, service_find_recipients, request);
		assert_int_equal(page->revision, 1);
		assert_string_equal(page->revision_digest, first->revision_digest);
		assert_string_equal(page->as_of, first->as_of);
		for (size_t i = 0; i < page->n_found; i++)
			ids = arena_printf(house->arena, "%s%s ", ids, page->found[i]->id);
	}
	assert_string_equal(ids, "p0003 p0006 p0008 p0011 p0013 p0016 p0018 ");
	request = search(house);
	request->page_size = 4;
	assert_string_equal(
		all_pages(house, service_find_recipients, request, &pages),
		"carrier-be line-plus p0001 p0003 p0008 p0011 p0012 p0013 p0016 p0018 ");
	page = page_of(house, service_find_recipients, search(house));
	assert_int_equal(page->revision, 2);
	/* As it was known before. */
	request = search_for(house, "{data-set: accounts, recipients: [{mode: storage}], "
				    "known-at: 1}");
	request->page_size = 7;
	assert_string_equal(all_pages(house, service_find_recipients, request, &pages), ten);
}

/* As if its first page had been asked before midnight. */
static void a_search_goes_on_on_the_day_it_began(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	const struct digest bound = find_digest(request->question, FINDER_RECIPIENT, house->arena);
	struct page_token token = {.revision = 1, .last = BYTES_LITERAL("p0013")};
	Carnet__V1__FindResponse *page;
	char day_before[DATE_TEXT_SIZE];

	token.as_of = instant_day(instant_now()) - 1;
	request->page_token = page_token_write(&token, &bound, house->daemon->key, house->arena);
	page = page_of(house, service_find_recipients, request);
	assert_string_equal(page->as_of, date_format(token.as_of, day_before));
	assert_int_equal(page->n_found, 2);
	assert_string_equal(page->found[0]->id, "p0016");
}

/* ------------------------------------------------------------------------
 * Time */

/* A call that is made but not waited for. */
struct pending {
	struct house_call call;
	struct caller caller;
	struct completion completion;
	int asked; /* how often it was asked whether anybody waits */
	int gone_at;
	struct house *house;
	bool overtaken; /* another call was served while it ran */
};

static bool waits(void *arg)
{
	struct pending *pending = arg;

	return ++pending->asked != pending->gone_at;
}

static void begin_call(struct pending *pending, struct house *house)
{
	pending->house = pending->call.house = house;
	pending->caller = house_caller(house, CHECKER);
	pending->caller.waits = waits;
	pending->caller.door_call = pending;
	pending->completion = (struct completion){
		.arena = house->arena, .done = house_done, .arg = &pending->call};
}

static struct house_reply finish_call(struct pending *pending,
				      const Carnet__V1__FindRequest *request)
{
	service_find_recipients(pending->house->daemon, &pending->caller, &request->base,
				&pending->completion);
	while (!pending->call.reply.done)
		rpc_loop_turn(pending->house->loop, 1000);
	return pending->call.reply;
}

static void overtake(void *arg)
{
	struct pending *pending = arg;

	pending->overtaken = !pending->call.reply.done && pending->asked == 1;
}

static void a_long_search_lets_other_calls_pass(void **state)
{
	struct house *house = *state;
	struct pending pending = {0};
	Carnet__V1__FindResponse *page;

	begin_call(&pending, house);
	rpc_loop_post(house->loop, overtake, &pending);
	page = (Carnet__V1__FindResponse *)finish_call(&pending, search(house)).message;
	assert_non_null(page);
	assert_int_equal(page->n_found, 10);
	assert_true(pending.overtaken);
	assert_true(pending.asked > 2);
}

static void a_search_that_is_late_is_an_error_and_leaves_nothing(void **state)
{
	struct house *house = *state;
	uint64_t size = journal_size(house->daemon->journal);
	struct pending pending = {0};
	struct house_reply reply;

	begin_call(&pending, house);
	pending.caller.deadline = rpc_loop_now();
	reply = finish_call(&pending, search(house));
	assert_int_equal(reply.code, RPC_DEADLINE_EXCEEDED);
	assert_string_equal(reply.reason, "DEADLINE_EXCEEDED");
	/* Half way, with ten found already. */
	pending = (struct pending){.gone_at = 2};
	begin_call(&pending, house);
	reply = finish_call(&pending, search(house));
	assert_null(reply.message);
	assert_int_equal(reply.code, RPC_DEADLINE_EXCEEDED);
	assert_int_equal(journal_size(house->daemon->journal), size);
}

static void stop_serving(void *arg)
{
	struct house *house = arg;

	atomic_store(&house->daemon->serving, false);
}

static void a_search_ends_when_the_server_does(void **state)
{
	struct house *house = *state;
	struct pending pending = {0};
	struct house_reply reply;

	begin_call(&pending, house);
	rpc_loop_post(house->loop, stop_serving, house);
	reply = finish_call(&pending, search(house));
	assert_int_equal(reply.code, RPC_UNAVAILABLE);
	assert_string_equal(reply.reason, "NOT_SERVING");
}

static void too_many_searches_at_a_time_are_refused(void **state)
{
	struct house *house = *state;
	struct house_reply reply;

	atomic_store(&house->daemon->searches, SERVICE_SEARCHES_MAX);
	reply = refusal(house, search(house));
	assert_int_equal(reply.code, RPC_RESOURCE_EXHAUSTED);
	assert_string_equal(reply.reason, "BUSY");
	atomic_store(&house->daemon->searches, SERVICE_SEARCHES_MAX - 1);
	page_of(house, service_find_recipients, search(house));
	assert_int_equal(atomic_load(&house->daemon->searches), SERVICE_SEARCHES_MAX - 1);
	atomic_store(&house->daemon->searches, 0);
}

/* ------------------------------------------------------------------------
 * As for Check */

static void a_request_id_returns_the_first_page(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	Carnet__V1__FindResponse *first, *again;
	struct house_reply reply;

	request->page_size = 2;
	request->question->request_id = arena_string(house->arena, BYTES_LITERAL("s-1"));
	first = page_of(house, service_find_recipients, request);
	edit(house, "{reason: moves, records: ["
		    "{party: {id: p0000, kind: organisation, area: KR, bound-by: [none]}},"
		    "{party: {id: line-plus, kind: organisation, area: PH, bound-by: [none]}}]}");
	again = page_of(house, service_find_recipients, request);
	assert_int_equal(first->receipt->index, again->receipt->index);
	assert_int_equal(again->n_found, 2);
	assert_string_equal(again->found[1]->id, "line-plus");
	assert_string_equal(again->next_page_token, first->next_page_token);
	request->page_size = 3;
	assert_int_equal(refusal(house, request).code, RPC_ALREADY_EXISTS);
	request->page_size = 2;
	request->question->recipients[0]->party =
		arena_string(house->arena, BYTES_LITERAL("carrier-be"));
	reply = house_ask(house, CHECKER, service_find_destinations, &request->base);
	assert_int_equal(reply.code, RPC_ALREADY_EXISTS);
}

static void who_may_not_search_is_told_why(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	struct pending pending = {0};
	const char *others[] = {"carrier-be"};
	struct house_reply reply =
		house_ask(house, HOUSE_ROLE("auditor"), service_find_recipients, &request->base);

	assert_int_equal(reply.code, RPC_PERMISSION_DENIED);
	reply = house_ask(house, "", service_find_recipients, &request->base);
	assert_int_equal(reply.code, RPC_UNAUTHENTICATED);
	/* The exporter is the data-set's. */
	begin_call(&pending, house);
	pending.caller.grant.any_exporter = false;
	pending.caller.grant.exporters = others;
	pending.caller.grant.exporter_count = 1;
	reply = finish_call(&pending, request);
	assert_int_equal(reply.code, RPC_PERMISSION_DENIED);
	assert_string_equal(reply.reason, "EXPORTER_NOT_BOUND");
}

static void what_is_wrong_is_told_by_field(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request = search(house);
	struct house_reply reply;

	request->question->min_revision = 2;
	reply = refusal(house, request);
	assert_int_equal(reply.code, RPC_UNAVAILABLE);
	request->question = NULL;
	reply = refusal(house, request);
	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
	assert_memory_equal(reply.text, "question: ", 10);
	reply = house_ask(house, CHECKER, service_find_destinations,
			  &search_for(house, "{data-set: accounts, recipients: [carrier-be, "
					     "line-plus]}")
				   ->base);
	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
	assert_memory_equal(reply.text, "question.recipients[1].party: ", 30);
	reply = refusal(house, search_for(house, "{data-set: accounts, known-at: 9}"));
	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
}

static void given_records_are_searched_too(void **state)
{
	struct house *house = *state;
	Carnet__V1__FindRequest *request =
		search_for(house, "{data-set: accounts, given: [{party: {id: bruges, kind: "
				  "organisation, area: BE, bound-by: [none]}}]}");
	Carnet__V1__FindResponse *page;

	request->page_size = 1;
	page = page_of(house, service_find_recipients, request);
	assert_string_equal(page->found[0]->id, "bruges");
	request->page_token = page->next_page_token;
	page = page_of(house, service_find_recipients, request);
	assert_string_equal(page->found[0]->id, "carrier-be");
}

static void a_chain_that_comes_back_is_refused_by_check(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request =
		fixture_message(house->arena, &carnet__v1__check_request__descriptor,
				"{data-set: accounts, recipients: [carrier-be, line-plus]}");
	struct house_reply reply =
		house_ask(house, CHECKER, service_transfer_check, &request->base);

	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
	assert_int_equal(reply.field_count, 1);
	assert_memory_equal(reply.text, "recipients[1].party: the chain comes back", 41);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_of_any_size_hold_the_same),
		TEST(destinations_are_paged_too),
		TEST(each_page_is_one_advisory_leaf),
		TEST(a_token_is_of_one_question_and_one_search),
		TEST(a_token_changed_in_any_bit_is_none),
		TEST(a_token_outlives_a_restart),
		cmocka_unit_test(a_token_under_another_key_is_none),
		TEST(a_search_goes_on_in_the_registry_it_began_with),
		TEST(a_search_goes_on_on_the_day_it_began),
		TEST(a_long_search_lets_other_calls_pass),
		TEST(a_search_that_is_late_is_an_error_and_leaves_nothing),
		TEST(a_search_ends_when_the_server_does),
		TEST(too_many_searches_at_a_time_are_refused),
		TEST(a_request_id_returns_the_first_page),
		TEST(who_may_not_search_is_told_why),
		TEST(what_is_wrong_is_told_by_field),
		TEST(given_records_are_searched_too),
		TEST(a_chain_that_comes_back_is_refused_by_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
