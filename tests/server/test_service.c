#include "server/house.h"

#include "base/base64.h"
#include "carnet/v1/transfer.pb-c.h"
#include "grpc/health/v1/health.pb-c.h"
#include "receipt/receipt.h"
#include "text/allocator.h"

#define CHECKER HOUSE_ROLE("checker")
#define EDITOR HOUSE_ROLE("editor")
#define APPROVER HOUSE_ROLE("approver")
#define AUDITOR HOUSE_ROLE("auditor")

static int set_up(void **state)
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

static char *text(struct house *house, const char *value)
{
	return arena_string(house->arena, bytes_of_string(value));
}

/* ------------------------------------------------------------------------
 * Check */

static Carnet__V1__CheckRequest *question(struct house *house)
{
	Carnet__V1__CheckRequest *request =
		allocator_message(house->arena, &carnet__v1__check_request__descriptor);
	Carnet__V1__Recipient *recipient =
		allocator_message(house->arena, &carnet__v1__recipient__descriptor);

	recipient->party = text(house, "nobody");
	request->exporter = text(house, "seoul");
	request->purpose = text(house, "support");
	request->categories = arena_array(house->arena, char *, 1);
	request->categories[0] = text(house, "user");
	request->n_categories = 1;
	request->recipients = arena_array(house->arena, Carnet__V1__Recipient *, 1);
	request->recipients[0] = recipient;
	request->n_recipients = 1;
	return request;
}

static Carnet__V1__CheckResponse *check(struct house *house,
					const Carnet__V1__CheckRequest *request)
{
	struct house_reply reply =
		house_ask(house, CHECKER, service_transfer_check, &request->base);

	if (!reply.message)
		fail_msg("%s", reply.text);
	return (Carnet__V1__CheckResponse *)reply.message;
}

/* As an auditor with the policy that init wrote. */
static void verify(struct house *house, const Carnet__V1__Receipt *receipt, const char *kind)
{
	struct buffer policy_text = {0}, file = {0};
	struct digest path[MERKLE_PATH_MAX];
	struct bytes disclosures[DISCLOSURE_COUNT];
	struct policy *policy;
	struct receipt verified;
	struct receipt_parts parts = {
		.entry = bytes_of(receipt->leaf.data, receipt->leaf.len),
		.disclosures = disclosures,
		.disclosure_count = receipt->n_disclosures,
		.index = receipt->index,
		.path = path,
		.path_count = receipt->n_path,
		.checkpoint = bytes_of_string(receipt->checkpoint),
	};

	for (size_t i = 0; i < receipt->n_path; i++)
		assert_true(
			hash_read(bytes_of(receipt->path[i].data, receipt->path[i].len), &path[i]));
	for (size_t i = 0; i < receipt->n_disclosures; i++)
		disclosures[i] = bytes_of_string(receipt->disclosures[i]);
	assert_int_equal(file_read(arena_printf(house->arena, "%s/policy", house->run), 4096,
				   &policy_text, &house->error),
			 0);
	assert_int_equal(
		policy_parse(buffer_bytes(&policy_text), house->arena, &policy, &house->error), 0);
	assert_int_equal(receipt_write(&parts, &file, &house->error), 0);
	if (receipt_verify(buffer_bytes(&file), policy, house->arena, &verified, &house->error))
		fail_msg("%s", house->error.text);
	assert_true(bytes_equal_string(verified.leaf.kind, kind));
	buffer_release(&policy_text);
	buffer_release(&file);
}

static void a_check_is_answered_with_a_receipt_that_verifies(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckResponse *response = check(house, question(house));

	assert_int_equal(response->decision->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_false(response->decision->authorises);
	assert_false(response->decision->advisory);
	assert_int_equal(response->decision->revision, 1);
	assert_int_equal(response->receipt->index, 1);
	verify(house, response->receipt, "decision");
}

static void a_handle_is_short_and_names_the_same_receipt(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	Carnet__V1__GetReceiptRequest *get =
		allocator_message(house->arena, &carnet__v1__get_receipt_request__descriptor);
	Carnet__V1__CheckResponse *response;
	struct house_reply reply;

	request->receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
	response = check(house, request);
	assert_int_equal(response->receipt->leaf.len, 0);
	assert_string_equal(response->receipt->origin, SANDBOX_ORIGIN);
	get->index = response->receipt->index;
	get->jti = response->receipt->jti;
	reply = house_ask(house, AUDITOR, service_receipt_get, &get->base);
	assert_non_null(reply.message);
	verify(house, ((Carnet__V1__GetReceiptResponse *)reply.message)->receipt, "decision");
}

static void asked_again_the_answer_is_the_same_and_the_receipt_new(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	Carnet__V1__CheckResponse *first = check(house, request), *again = check(house, request);

	assert_int_equal(protobuf_c_message_get_packed_size(&first->decision->base),
			 protobuf_c_message_get_packed_size(&again->decision->base));
	assert_int_equal(again->receipt->index, first->receipt->index + 1);
	assert_string_not_equal(again->receipt->jti, first->receipt->jti);
	verify(house, again->receipt, "decision");
	request->recipients[0]->party = text(house, "seoul");
	assert_true(check(house, request)->decision->n_reasons < again->decision->n_reasons);
}

/* Answers are kept for all; who may have them is asked each time. */
static void a_kept_answer_is_not_for_callers_of_another_exporter(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	struct caller other = house_caller(house, CHECKER);
	struct house_reply reply;

	check(house, request);
	other.grant.any_exporter = false;
	other.grant.exporter_count = 0;
	reply = house_ask_as(house, &other, service_transfer_check, &request->base);
	assert_int_equal(reply.code, RPC_PERMISSION_DENIED);
	assert_string_equal(reply.reason, "EXPORTER_NOT_BOUND");
}

static void a_receipt_is_for_its_caller_and_for_auditors(void **state)
{
	struct house *house = *state;
	Carnet__V1__GetReceiptRequest *get =
		allocator_message(house->arena, &carnet__v1__get_receipt_request__descriptor);

	get->index = check(house, question(house))->receipt->index;
	assert_non_null(house_ask(house, CHECKER, service_receipt_get, &get->base).message);
	assert_int_equal(house_ask(house, EDITOR, service_receipt_get, &get->base).code,
			 RPC_PERMISSION_DENIED);
	get->index = 99;
	assert_int_equal(house_ask(house, AUDITOR, service_receipt_get, &get->base).code,
			 RPC_NOT_FOUND);
}

/* The JSON behind the disclosure of this name. */
static const char *disclosed(struct house *house, const Carnet__V1__Receipt *receipt,
			     const char *name)
{
	const char *needle = arena_printf(house->arena, "\",\"%s\",", name);

	for (size_t i = 0; i < receipt->n_disclosures; i++) {
		struct buffer text = {0};
		const char *json;

		assert_true(base64url_decode(&text, bytes_of_string(receipt->disclosures[i])));
		json = arena_string(house->arena, buffer_bytes(&text));
		buffer_release(&text);
		if (strstr(json, needle))
			return strstr(json, needle) + strlen(needle);
	}
	return NULL;
}

static void the_largest_answer_has_its_verdict_in_its_receipt(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	Carnet__V1__CheckResponse *response;
	const char *outcome;

	/* Long words, none of them known: a long request, and a reason for each. */
	request->n_categories = 1000;
	request->categories = arena_array(house->arena, char *, 1000);
	for (int i = 0; i < 1000; i++)
		request->categories[i] = arena_printf(house->arena, "user.%0100d", i);
	response = check(house, request);
	verify(house, response->receipt, "decision");
	outcome = disclosed(house, response->receipt, "outcome");
	assert_non_null(outcome);
	assert_non_null(strstr(outcome, "\"verdict\":\"DENIED\""));
	assert_non_null(strstr(outcome, "\"code\":\"UNKNOWN_CATEGORY\""));
	assert_non_null(strstr(outcome, "\"as_of\":"));
	assert_non_null(strstr(outcome, "\"trimmed\":{\"sha256\":"));
	assert_true(strncmp(disclosed(house, response->receipt, "request"), "{\"sha256\":", 10) ==
		    0);
}

static void as_of_makes_an_answer_advisory(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	Carnet__V1__CheckResponse *response;

	request->as_of = text(house, "2030-01-01");
	response = check(house, request);
	assert_true(response->decision->advisory);
	verify(house, response->receipt, "advisory");
}

static void given_records_are_judged_aside_and_advisory(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	Carnet__V1__Record *record =
		allocator_message(house->arena, &carnet__v1__record__descriptor);
	Carnet__V1__Area *area = allocator_message(house->arena, &carnet__v1__area__descriptor);
	Carnet__V1__CheckResponse *response;
	char *source = text(house, "test");

	area->kind = CARNET__V1__AREA_KIND__AREA_KIND_COUNTRY;
	record->id = text(house, "MN");
	record->name = text(house, "Mongolia");
	record->source = &source;
	record->n_source = 1;
	record->body_case = CARNET__V1__RECORD__BODY_AREA;
	record->area = area;
	request->given = &record;
	request->n_given = 1;
	response = check(house, request);
	assert_true(response->decision->advisory);
	verify(house, response->receipt, "advisory");
	record->id = text(house, "not an id");
	assert_int_equal(house_ask(house, CHECKER, service_transfer_check, &request->base).code,
			 RPC_INVALID_ARGUMENT);
}

static void a_request_id_returns_the_first_answer(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	Carnet__V1__CheckResponse *first, *again;
	struct house_reply reply;

	request->request_id = text(house, "r-1");
	first = check(house, request);
	again = check(house, request);
	assert_int_equal(first->receipt->index, again->receipt->index);
	assert_string_equal(first->receipt->jti, again->receipt->jti);
	assert_int_equal(again->decision->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	verify(house, again->receipt, "decision");
	request->purpose = text(house, "advertising");
	reply = house_ask(house, CHECKER, service_transfer_check, &request->base);
	assert_int_equal(reply.code, RPC_ALREADY_EXISTS);
	assert_string_equal(reply.reason, "REQUEST_ID_REUSED");
}

static void who_may_not_ask_is_told_why(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	struct house_reply reply = house_ask(house, EDITOR, service_transfer_check, &request->base);

	assert_int_equal(reply.code, RPC_PERMISSION_DENIED);
	assert_string_equal(reply.reason, "ROLE_MISSING");
	reply = house_ask(house, "spiffe://carnet.dev/stranger", service_transfer_check,
			  &request->base);
	assert_int_equal(reply.code, RPC_PERMISSION_DENIED);
	reply = house_ask(house, "", service_transfer_check, &request->base);
	assert_int_equal(reply.code, RPC_UNAUTHENTICATED);
}

static void a_malformed_question_names_its_field(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);
	struct house_reply reply;

	request->n_recipients = 0;
	reply = house_ask(house, CHECKER, service_transfer_check, &request->base);
	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
	assert_true(reply.field_count > 0);
}

static void a_revision_not_reached_is_unavailable(void **state)
{
	struct house *house = *state;
	Carnet__V1__CheckRequest *request = question(house);

	request->min_revision = 2;
	assert_int_equal(house_ask(house, CHECKER, service_transfer_check, &request->base).code,
			 RPC_UNAVAILABLE);
}

static void a_batch_equals_its_singles(void **state)
{
	struct house *house = *state;
	Carnet__V1__BatchCheckRequest *batch =
		allocator_message(house->arena, &carnet__v1__batch_check_request__descriptor);
	Carnet__V1__CheckRequest *items[3] = {question(house), question(house), question(house)};
	const Carnet__V1__BatchCheckResponse *response;

	items[1]->n_recipients = 0;
	batch->items = items;
	batch->n_items = 3;
	response = (const Carnet__V1__BatchCheckResponse *)house_ask(
			   house, CHECKER, service_transfer_batch_check, &batch->base)
			   .message;
	assert_non_null(response);
	assert_int_equal(response->n_items, 3);
	assert_int_equal(response->items[0]->result_case,
			 CARNET__V1__BATCH_CHECK_ITEM__RESULT_RESPONSE);
	assert_int_equal(response->items[1]->result_case,
			 CARNET__V1__BATCH_CHECK_ITEM__RESULT_ERROR);
	assert_int_equal(response->items[1]->error->code, RPC_INVALID_ARGUMENT);
	verify(house, response->items[0]->response->receipt, "decision");
	verify(house, response->items[2]->response->receipt, "decision");
	assert_int_not_equal(response->items[0]->response->receipt->index,
			     response->items[2]->response->receipt->index);
}

/* ------------------------------------------------------------------------
 * Edits */

static Carnet__V1__ProposeRequest *proposal(struct house *house, const char *id)
{
	Carnet__V1__ProposeRequest *request =
		allocator_message(house->arena, &carnet__v1__propose_request__descriptor);
	Carnet__V1__Record *record =
		allocator_message(house->arena, &carnet__v1__record__descriptor);
	Carnet__V1__Area *area = allocator_message(house->arena, &carnet__v1__area__descriptor);
	char *source = text(house, "test");

	area->kind = CARNET__V1__AREA_KIND__AREA_KIND_COUNTRY;
	record->id = text(house, id);
	record->name = text(house, "A country");
	record->source = arena_array(house->arena, char *, 1);
	record->source[0] = source;
	record->n_source = 1;
	record->body_case = CARNET__V1__RECORD__BODY_AREA;
	record->area = area;
	request->change_set = allocator_message(house->arena, &carnet__v1__change_set__descriptor);
	request->change_set->base_revision = house->daemon->registry.newest->revision;
	request->change_set->reason = text(house, "a test");
	request->change_set->records = arena_array(house->arena, Carnet__V1__Record *, 1);
	request->change_set->records[0] = record;
	request->change_set->n_records = 1;
	return request;
}

static const char *propose(struct house *house, const char *id)
{
	Carnet__V1__ProposeRequest *request = proposal(house, id);
	struct house_reply reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	const Carnet__V1__ProposeResponse *response;

	if (!reply.message)
		fail_msg("%s", reply.text);
	response = (const Carnet__V1__ProposeResponse *)reply.message;
	assert_string_equal(response->proposal->proposed->person, "dev-editor");
	return response->proposal->id;
}

static struct house_reply approve(struct house *house, const char *identity, const char *id)
{
	Carnet__V1__ApproveRequest *request =
		allocator_message(house->arena, &carnet__v1__approve_request__descriptor);

	request->proposal = text(house, id);
	return house_ask(house, identity, service_edit_approve, &request->base);
}

static bool knows(struct house *house, const char *id)
{
	Carnet__V1__GetRecordRequest *request =
		allocator_message(house->arena, &carnet__v1__get_record_request__descriptor);

	request->kind = text(house, "area");
	request->id = text(house, id);
	return house_ask(house, CHECKER, service_registry_get, &request->base).message != NULL;
}

static void a_proposal_approved_is_the_next_revision(void **state)
{
	struct house *house = *state;
	const char *id = propose(house, "TH");
	const Carnet__V1__ApproveResponse *response;
	struct house_reply reply;

	assert_false(knows(house, "TH"));
	reply = approve(house, APPROVER, id);
	if (!reply.message)
		fail_msg("%s", reply.text);
	response = (const Carnet__V1__ApproveResponse *)reply.message;
	assert_int_equal(response->proposal->revision, 2);
	assert_string_equal(response->receipt, SANDBOX_ORIGIN "#2");
	assert_string_equal(response->proposal->approved[0]->person, "dev-approver");
	assert_true(knows(house, "TH"));
	assert_int_equal(journal_size(house->daemon->journal), 4);
	assert_int_equal(check(house, question(house))->decision->revision, 2);
}

static void a_revision_survives_a_restart(void **state)
{
	struct house *house = *state;
	struct digest digest;

	approve(house, APPROVER, propose(house, "TH"));
	digest = house->daemon->registry.newest->digest;
	house_close(house);
	if (house_open(house))
		fail_msg("%s", house->error.text);
	assert_int_equal(house->daemon->registry.newest->revision, 2);
	assert_true(hash_equal(&digest, &house->daemon->registry.newest->digest));
	assert_true(knows(house, "TH"));
}

static void a_proposal_survives_a_restart(void **state)
{
	struct house *house = *state;
	const char *id = propose(house, "TH");

	house_close(house);
	assert_int_equal(house_open(house), 0);
	assert_non_null(approve(house, APPROVER, id).message);
	assert_true(knows(house, "TH"));
}

static void nobody_approves_twice_and_nothing_is_proposed_twice(void **state)
{
	struct house *house = *state;
	const char *id = propose(house, "TH");
	Carnet__V1__ProposeRequest *same = proposal(house, "TH");
	struct house_reply reply;

	reply = house_ask(house, EDITOR, service_edit_propose, &same->base);
	assert_int_equal(reply.code, RPC_ALREADY_EXISTS);
	assert_non_null(approve(house, APPROVER, id).message);
	reply = approve(house, APPROVER, id);
	assert_int_equal(reply.code, RPC_FAILED_PRECONDITION);
	assert_int_equal(house->daemon->registry.newest->revision, 2);
}

static void a_base_that_moved_is_aborted(void **state)
{
	struct house *house = *state;
	const char *first = propose(house, "TH"), *second = propose(house, "VN");
	struct house_reply reply;

	assert_non_null(approve(house, APPROVER, first).message);
	reply = approve(house, APPROVER, second);
	assert_int_equal(reply.code, RPC_ABORTED);
	assert_false(knows(house, "VN"));
}

static void an_editor_cannot_approve_and_a_stranger_cannot_propose(void **state)
{
	struct house *house = *state;
	const char *id = propose(house, "TH");
	Carnet__V1__ProposeRequest *request = proposal(house, "VN");

	assert_int_equal(approve(house, EDITOR, id).code, RPC_PERMISSION_DENIED);
	assert_int_equal(house_ask(house, CHECKER, service_edit_propose, &request->base).code,
			 RPC_PERMISSION_DENIED);
}

/* The same person under a certificate with the other role. */
static void four_eyes_are_two_persons_not_two_certificates(void **state)
{
	struct house *house = *state;
	Carnet__V1__ProposeRequest *request = proposal(house, "TH");
	Carnet__V1__Record *person =
		allocator_message(house->arena, &carnet__v1__record__descriptor);
	Carnet__V1__Identity *list[2];
	Carnet__V1__Record *approver =
		allocator_message(house->arena, &carnet__v1__record__descriptor);
	struct house_reply reply;
	char *source = text(house, "test");

	/* dev-editor gets the approver's certificate too; dev-approver another. */
	person->id = text(house, "dev-editor");
	person->source = approver->source = &source;
	person->n_source = approver->n_source = 1;
	person->body_case = approver->body_case = CARNET__V1__RECORD__BODY_PERSON;
	person->person = allocator_message(house->arena, &carnet__v1__person__descriptor);
	for (int i = 0; i < 2; i++)
		list[i] = allocator_message(house->arena, &carnet__v1__identity__descriptor);
	list[0]->uri = text(house, EDITOR);
	list[1]->uri = text(house, APPROVER);
	person->person->identities = list;
	person->person->n_identities = 2;
	approver->id = text(house, "dev-approver");
	approver->person = allocator_message(house->arena, &carnet__v1__person__descriptor);
	approver->person->identities = arena_array(house->arena, Carnet__V1__Identity *, 1);
	approver->person->identities[0] =
		allocator_message(house->arena, &carnet__v1__identity__descriptor);
	approver->person->identities[0]->uri = text(house, "spiffe://carnet.dev/elsewhere");
	approver->person->n_identities = 1;
	request->change_set->records = arena_array(house->arena, Carnet__V1__Record *, 2);
	request->change_set->records[0] = person;
	request->change_set->records[1] = approver;
	request->change_set->n_records = 2;
	reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	if (!reply.message)
		fail_msg("%s", reply.text);
	reply = approve(house, APPROVER,
			((Carnet__V1__ProposeResponse *)reply.message)->proposal->id);
	assert_non_null(reply.message);
	reply = approve(house, APPROVER, propose(house, "TH"));
	assert_int_equal(reply.code, RPC_PERMISSION_DENIED);
	assert_string_equal(reply.reason, "OWN_PROPOSAL");
	assert_false(knows(house, "TH"));
}

static void an_edits_request_id_returns_the_first_result(void **state)
{
	struct house *house = *state;
	Carnet__V1__ProposeRequest *request = proposal(house, "TH");
	const Carnet__V1__ProposeResponse *first, *again;
	struct house_reply reply;

	request->request_id = text(house, "edit-1");
	reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	first = (const Carnet__V1__ProposeResponse *)reply.message;
	reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	again = (const Carnet__V1__ProposeResponse *)reply.message;
	assert_non_null(again);
	assert_string_equal(first->receipt, again->receipt);
	assert_string_equal(first->proposal->id, again->proposal->id);
	request = proposal(house, "VN");
	request->request_id = text(house, "edit-1");
	reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	assert_int_equal(reply.code, RPC_ALREADY_EXISTS);
}

static void validate_only_writes_nothing(void **state)
{
	struct house *house = *state;
	Carnet__V1__ProposeRequest *request = proposal(house, "TH");
	uint64_t size = journal_size(house->daemon->journal);
	struct house_reply reply;

	request->validate_only = true;
	reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	assert_non_null(reply.message);
	assert_string_equal(((Carnet__V1__ProposeResponse *)reply.message)->receipt, "");
	assert_int_equal(journal_size(house->daemon->journal), size);
	request->change_set->records[0]->id = text(house, "no id");
	reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	assert_int_equal(reply.code, RPC_INVALID_ARGUMENT);
	assert_true(reply.field_count > 0);
}

static void the_log_cannot_be_unlisted_by_an_edit(void **state)
{
	struct house *house = *state;
	Carnet__V1__ProposeRequest *request = proposal(house, "TH");
	Carnet__V1__RecordKey *key =
		allocator_message(house->arena, &carnet__v1__record_key__descriptor);
	struct house_reply reply;

	key->kind = text(house, "log");
	key->id = text(house, "log.example:n1-2026h2");
	request->change_set->retire = &key;
	request->change_set->n_retire = 1;
	reply = house_ask(house, EDITOR, service_edit_propose, &request->base);
	assert_int_equal(reply.code, RPC_FAILED_PRECONDITION);
}

/* ------------------------------------------------------------------------
 * Reading, health */

static void a_list_is_paged_and_complete(void **state)
{
	struct house *house = *state;
	Carnet__V1__ListRecordsRequest *request =
		allocator_message(house->arena, &carnet__v1__list_records_request__descriptor);
	const Carnet__V1__ListRecordsResponse *page;
	size_t total = 0, pages = 0;

	request->kind = text(house, "area");
	request->page_size = 1;
	do {
		page = (const Carnet__V1__ListRecordsResponse *)house_ask(
			       house, AUDITOR, service_registry_list, &request->base)
			       .message;
		assert_non_null(page);
		total += page->n_records;
		pages++;
		request->page_token = page->next_page_token;
	} while (*request->page_token);
	assert_int_equal(total, 2);
	assert_int_equal(pages, 2);
	request->page_token = text(house, "nonsense!");
	assert_int_equal(house_ask(house, AUDITOR, service_registry_list, &request->base).code,
			 RPC_INVALID_ARGUMENT);
}

static void the_past_stays_answerable(void **state)
{
	struct house *house = *state;
	Carnet__V1__GetRecordRequest *request =
		allocator_message(house->arena, &carnet__v1__get_record_request__descriptor);
	Carnet__V1__CheckRequest *old = question(house);
	Carnet__V1__CheckResponse *response;

	approve(house, APPROVER, propose(house, "TH"));
	request->kind = text(house, "area");
	request->id = text(house, "TH");
	request->known_at = 1;
	assert_int_equal(house_ask(house, AUDITOR, service_registry_get, &request->base).code,
			 RPC_NOT_FOUND);
	old->known_at = 1;
	response = check(house, old);
	assert_int_equal(response->decision->revision, 1);
	assert_true(response->decision->advisory);
	verify(house, response->receipt, "advisory");
}

static void health_follows_serving(void **state)
{
	struct house *house = *state;
	Grpc__Health__V1__HealthCheckRequest *request = allocator_message(
		house->arena, &grpc__health__v1__health_check_request__descriptor);
	struct house_reply reply = house_ask(house, "", service_health_check, &request->base);

	assert_int_equal(((Grpc__Health__V1__HealthCheckResponse *)reply.message)->status, 1);
	atomic_store(&house->daemon->serving, false);
	reply = house_ask(house, "", service_health_check, &request->base);
	assert_int_equal(((Grpc__Health__V1__HealthCheckResponse *)reply.message)->status, 2);
	request->service = text(house, "no.such.Service");
	assert_int_equal(house_ask(house, "", service_health_check, &request->base).code,
			 RPC_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_check_is_answered_with_a_receipt_that_verifies),
		TEST(a_handle_is_short_and_names_the_same_receipt),
		TEST(asked_again_the_answer_is_the_same_and_the_receipt_new),
		TEST(a_kept_answer_is_not_for_callers_of_another_exporter),
		TEST(a_receipt_is_for_its_caller_and_for_auditors),
		TEST(the_largest_answer_has_its_verdict_in_its_receipt),
		TEST(as_of_makes_an_answer_advisory),
		TEST(given_records_are_judged_aside_and_advisory),
		TEST(a_request_id_returns_the_first_answer),
		TEST(who_may_not_ask_is_told_why),
		TEST(a_malformed_question_names_its_field),
		TEST(a_revision_not_reached_is_unavailable),
		TEST(a_batch_equals_its_singles),
		TEST(a_proposal_approved_is_the_next_revision),
		TEST(a_revision_survives_a_restart),
		TEST(a_proposal_survives_a_restart),
		TEST(nobody_approves_twice_and_nothing_is_proposed_twice),
		TEST(a_base_that_moved_is_aborted),
		TEST(an_editor_cannot_approve_and_a_stranger_cannot_propose),
		TEST(four_eyes_are_two_persons_not_two_certificates),
		TEST(an_edits_request_id_returns_the_first_result),
		TEST(validate_only_writes_nothing),
		TEST(the_log_cannot_be_unlisted_by_an_edit),
		TEST(a_list_is_paged_and_complete),
		TEST(the_past_stays_answerable),
		TEST(health_follows_serving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
