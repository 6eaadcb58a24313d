#include "fixture.h"

#include "contract/evidence.h"

static const char full[] =
	"{data-set: accounts, purpose: calls, recipients: [{party: carrier-be, mode: "
	"transmission}],"
	" facts: {subject.age: 30, consent.given: true}, performs: {encrypt: yes},"
	" request-id: r-1, reference: 'ticket \"7\"', min-revision: 1, receipt: handle}";

static const struct bytes roles[] = {{(const uint8_t *)"checker", 7}};

static struct evidence write_evidence(struct fixture *fixture, const char *yaml,
				      const struct evidence_call *call)
{
	struct fixture_answer answer = fixture_ask(fixture, yaml);
	struct evidence evidence;

	evidence_write_answer(&answer.asked, answer.decision, answer.message, fixture->arena,
			      &evidence);
	evidence_write_call(answer.asked.request, call, fixture->arena, &evidence);
	return evidence;
}

static struct evidence_call some_call(void)
{
	return (struct evidence_call){
		.identity = BYTES_LITERAL("spiffe://carnet.dev/checker"),
		.roles = roles,
		.role_count = 1,
		.door = BYTES_LITERAL("grpc"),
		.instant = INT64_C(1790000069123),
	};
}

static void assert_bytes(struct bytes found, const char *expected)
{
	if (!bytes_equal_string(found, expected))
		fail_msg("%.*s", BYTES_PRINT(found));
}

static void the_subject_is_who_asked(void **state)
{
	struct evidence_call call = some_call();

	assert_bytes(write_evidence(*state, full, &call).subject,
		     "{\"identity\":\"spiffe://carnet.dev/checker\",\"roles\":[\"checker\"]}");
}

static void the_request_holds_nothing_of_the_call(void **state)
{
	struct evidence_call call = some_call();

	assert_bytes(write_evidence(*state, full, &call).request,
		     "{\"data_set\":\"accounts\",\"performs\":{\"encrypt\":\"YES\"},"
		     "\"purpose\":\"calls\",\"recipients\":[{\"mode\":\"TRANSMISSION\","
		     "\"party\":\"carrier-be\"}]}");
}

static void the_context_holds_what_differs_per_call(void **state)
{
	struct evidence_call call = some_call();

	assert_bytes(write_evidence(*state, full, &call).context,
		     "{\"door\":\"grpc\",\"facts\":{\"consent.given\":true,\"subject.age\":30},"
		     "\"instant\":\"2026-09-21T14:14:29.123Z\",\"reference\":\"ticket \\\"7\\\"\","
		     "\"registry_age_ms\":0,\"request_id\":\"r-1\"}");
}

static void the_evidence_names_records_by_digest(void **state)
{
	struct evidence_call call = some_call();
	struct evidence evidence = write_evidence(*state, full, &call);

	assert_true(bytes_start_with(evidence.evidence, "{\"absent\":["));
	assert_non_null(memmem(evidence.evidence.data, evidence.evidence.size,
			       "\"id\":\"kr-law\",\"kind\":\"rulebook\",\"revision\":\"1\"", 44));
}

static void all_but_the_context_is_equal_for_equal_questions(void **state)
{
	static const char other[] =
		"{data-set: accounts, purpose: calls, recipients: [{party: carrier-be,"
		" mode: transmission}], facts: {consent.given: true, subject.age: 30},"
		" performs: {encrypt: yes}, request-id: r-2, reference: other}";
	struct evidence_call call = some_call(), later = some_call();
	struct evidence first, second;

	later.instant++;
	later.trace = BYTES_LITERAL("0af7651916cd43dd8448eb211c80319c");
	first = write_evidence(*state, full, &call);
	second = write_evidence(*state, other, &later);
	assert_true(bytes_equal(first.request, second.request));
	assert_true(bytes_equal(first.evidence, second.evidence));
	assert_true(bytes_equal(first.outcome, second.outcome));
	assert_false(bytes_equal(first.context, second.context));
}

static void a_body_is_the_same_under_another_request_id(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(fixture, full);
	struct bytes first = evidence_of_body(request, fixture->arena), second;
	char other_id[] = "r-2", other_reference[] = "another";

	request->request_id = other_id;
	second = evidence_of_body(request, fixture->arena);
	assert_true(bytes_equal(first, second));
	request->reference = other_reference;
	assert_false(bytes_equal(first, evidence_of_body(request, fixture->arena)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_subject_is_who_asked),
		cmocka_unit_test(the_request_holds_nothing_of_the_call),
		cmocka_unit_test(the_context_holds_what_differs_per_call),
		cmocka_unit_test(the_evidence_names_records_by_digest),
		cmocka_unit_test(all_but_the_context_is_equal_for_equal_questions),
		cmocka_unit_test(a_body_is_the_same_under_another_request_id),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
