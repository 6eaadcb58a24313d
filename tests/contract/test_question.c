#include "fixture.h"

static const char well_formed[] = "{exporter: line-plus, data-set: accounts, purpose: calls,"
				  " recipients: [{party: carrier-be, mode: transmission}]}";

/* What question_check says of a request: its first violation as "field: text". */
static const char *complaint(struct fixture *fixture, const char *yaml)
{
	struct question_violations violations;
	struct error error;

	if (!question_check(fixture_request(fixture, yaml), fixture->arena, &violations, &error))
		return "";
	assert_int_equal(error.code, ERR_INVALID);
	assert_true(violations.count > 0);
	return arena_string(fixture->arena, bytes_of_string(error.text));
}

static void a_well_formed_request_passes(void **state)
{
	assert_string_equal(complaint(*state, well_formed), "");
	assert_string_equal(complaint(*state, "{data-set: accounts, recipients: [carrier-be]}"),
			    "");
	assert_string_equal(complaint(*state, "{exporter: nobody, recipients: [nobody-else]}"), "");
}

static void each_malformed_request_is_named_by_field_and_cure(void **state)
{
	static const struct {
		const char *yaml, *complaint;
	} rows[] = {
		{"{exporter: line-plus}",
		 "recipients: missing; name at least one party that gets the data"},
		{"{recipients: [carrier-be]}", "exporter: missing; name the party that lets the "
					       "data go, or a data-set of its own"},
		{"{exporter: a, recipients: [{storage: [BE]}]}",
		 "recipients[0].party: missing; name the party that gets the data"},
		{"{exporter: a, recipients: [{party: b, storage: ['']}]}",
		 "recipients[0].storage[0]: empty; name an area or leave the entry out"},
		{"{exporter: a, recipients: [b], as-of: 2025-02-30}",
		 "as_of: date 2025-02-30 does not exist"},
		{"{exporter: a, recipients: [b], as-of: yesterday}",
		 "as_of: 'yesterday' is not a date: write YYYY-MM-DD"},
		{"{exporter: a, recipients: [b], categories: [user, user]}",
		 "categories[1]: 'user' stands twice; leave one out"},
		{"{exporter: a, recipients: [b], performs: {encrypt: unsettled}}",
		 "performs[0]: neither yes nor no; say one or leave it out"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(complaint(*state, rows[i].yaml), rows[i].complaint);
}

static void a_fact_stated_twice_is_refused(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(
		fixture, "{exporter: a, recipients: [b], facts: {subject.age: 3, told: country}}");
	struct question_violations violations;
	struct error error;

	request->facts[1]->name = request->facts[0]->name;
	assert_int_equal(question_check(request, fixture->arena, &violations, &error), ERR_INVALID);
	assert_string_equal(error.text, "facts[1]: 'subject.age' is stated twice; state it once");
}

static void a_duty_answered_twice_is_refused(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(
		fixture, "{exporter: a, recipients: [b], performs: {encrypt: yes, x: no}}");
	struct question_violations violations;
	struct error error;

	request->performs[1]->duty = request->performs[0]->duty;
	assert_int_equal(question_check(request, fixture->arena, &violations, &error), ERR_INVALID);
	assert_string_equal(error.text, "performs[1]: 'encrypt' is answered twice; answer it once");
}

static void a_record_given_twice_is_refused(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(
		fixture,
		"{exporter: a, recipients: [b], given: [{party: {id: a}}, {party: {id: a, from: "
		"2026-01-01}}, {party: {id: a, from: 2026-01-01}}]}");
	struct question_violations violations;
	struct error error;

	assert_int_equal(question_check(request, fixture->arena, &violations, &error), ERR_INVALID);
	assert_string_equal(error.text,
			    "given[2]: 'a' is given twice; give one another id, or another from");
	request->n_given = 2;
	assert_int_equal(question_check(request, fixture->arena, &violations, &error), 0);
}

static void a_fact_without_a_value_is_refused(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request =
		fixture_request(fixture, "{exporter: a, recipients: [b], facts: {subject.age: 3}}");
	struct question_violations violations;

	request->facts[0]->value->value_case = CARNET__V1__VALUE__VALUE__NOT_SET;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
	request->facts[0]->value = NULL;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
	assert_string_equal(violations.of[0].field, "facts[0]");
}

static void numbers_beyond_what_json_keeps_are_refused(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request =
		fixture_request(fixture, "{exporter: a, recipients: [b], facts: {subject.age: 3}}");
	struct question_violations violations;

	request->facts[0]->value->number = (INT64_C(1) << 53) - 1;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), 0);
	request->facts[0]->value->number++;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
	request->facts[0]->value->number = INT64_MIN;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
}

static void lists_within_lists_are_refused(void **state)
{
	assert_string_equal(
		complaint(*state, "{exporter: a, recipients: [b], facts: {told: [country, [x]]}}"),
		"facts[0][1]: a list within a list; write one flat list");
}

static void numbers_of_enums_that_nobody_knows_are_refused(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(fixture, well_formed);
	struct question_violations violations;

	request->recipients[0]->mode = (Carnet__V1__AccessMode)99;
	request->receipt = (Carnet__V1__ReceiptForm)-1;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
	assert_int_equal(violations.count, 2);
	assert_string_equal(violations.of[0].field, "recipients[0].mode");
	assert_string_equal(violations.of[1].field, "receipt");
}

static void all_violations_are_collected_up_to_a_limit(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(fixture, well_formed);
	char *empty[200], nothing[] = "";
	struct question_violations violations;

	for (size_t i = 0; i < 200; i++)
		empty[i] = nothing;
	request->recipients[0]->storage = empty;
	request->recipients[0]->n_storage = 200;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
	assert_int_equal(violations.count, QUESTION_VIOLATIONS_MAX);
}

static void each_length_has_its_limit(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(fixture, well_formed);
	struct question_violations violations;
	char text[QUESTION_REFERENCE_MAX + 2];

	memset(text, 'x', sizeof(text));
	text[QUESTION_REFERENCE_MAX] = 0;
	request->reference = text;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), 0);
	text[QUESTION_REFERENCE_MAX] = 'x';
	text[QUESTION_REFERENCE_MAX + 1] = 0;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
	assert_string_equal(violations.of[0].field, "reference");
	request->reference = text + sizeof(text) - 1;
	request->exporter = text;
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
	assert_string_equal(violations.of[0].field, "exporter");
}

/* p0, p1 ... */
static void make_chain(struct fixture *fixture, Carnet__V1__CheckRequest *request, size_t count)
{
	request->recipients = arena_array(fixture->arena, Carnet__V1__Recipient *, count);
	request->n_recipients = count;
	for (size_t i = 0; i < count; i++) {
		request->recipients[i] = arena_alloc(fixture->arena, sizeof(Carnet__V1__Recipient));
		carnet__v1__recipient__init(request->recipients[i]);
		request->recipients[i]->party = arena_printf(fixture->arena, "p%zu", i);
	}
}

static void too_many_recipients_are_refused(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *request = fixture_request(fixture, well_formed);
	struct question_violations violations;

	make_chain(fixture, request, QUESTION_RECIPIENTS_MAX);
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), 0);
	make_chain(fixture, request, QUESTION_RECIPIENTS_MAX + 1);
	assert_int_equal(question_check(request, fixture->arena, &violations, NULL), ERR_INVALID);
}

static void a_chain_that_comes_back_is_refused(void **state)
{
	static const struct {
		const char *request, *complaint;
	} circles[] = {
		{"{exporter: a, recipients: [b, b]}",
		 "recipients[1].party: the chain comes back to 'b', which has had the data "
		 "already; "
		 "end the chain before, and ask the way back as a question of its own"},
		{"{exporter: a, recipients: [b, c, b]}", "recipients[2].party: "},
		{"{exporter: a, recipients: [b, a]}", "recipients[1].party: "},
		{"{exporter: a, recipients: [a]}", ""},
		{"{exporter: a, recipients: [a, b]}", ""},
		{"{data-set: a, recipients: [b, a]}", ""},
	};

	for (size_t i = 0; i < sizeof(circles) / sizeof(*circles); i++) {
		const char *found = complaint(*state, circles[i].request);

		assert_memory_equal(found, circles[i].complaint, strlen(circles[i].complaint));
		assert_int_equal(*found != 0, *circles[i].complaint != 0);
	}
}

static void what_a_search_leaves_open_need_not_be_said(void **state)
{
	struct fixture *fixture = *state;
	struct question_violations violations;

	assert_int_equal(
		question_check_open(fixture_request(fixture, "{exporter: a, recipients: [b, {mode: "
							     "storage}]}"),
				    fixture->arena, &violations, NULL),
		0);
	assert_int_equal(
		question_check_open(fixture_request(fixture, "{exporter: a, recipients: [{mode: "
							     "storage}, b]}"),
				    fixture->arena, &violations, NULL),
		ERR_INVALID);
	assert_string_equal(violations.of[0].field, "recipients[0].party");
}

/* ---- Reading in a world ---- */

static struct asked read_question(struct fixture *fixture, const char *yaml)
{
	struct question_frame frame = {fixture->world, FIXTURE_TODAY, FOLDER_REVISION};
	struct question_violations violations;
	struct asked asked;
	struct error error;

	if (question_read(fixture_request(fixture, yaml), &frame, fixture->arena, &asked,
			  &violations, &error))
		fail_msg("%s", error.text);
	return asked;
}

static const char *read_complaint(struct fixture *fixture, const char *yaml)
{
	struct question_frame frame = {fixture->world, FIXTURE_TODAY, FOLDER_REVISION};
	struct question_violations violations;
	struct asked asked;
	struct error error;

	if (!question_read(fixture_request(fixture, yaml), &frame, fixture->arena, &asked,
			   &violations, &error))
		return "";
	return arena_string(fixture->arena, bytes_of_string(error.text));
}

static void a_question_about_now_is_live(void **state)
{
	struct asked asked = read_question(*state, well_formed);

	assert_false(asked.advisory);
	assert_int_equal(asked.question.as_of, FIXTURE_TODAY);
	assert_int_equal(asked.question.known_at, FOLDER_REVISION);
}

static void another_day_or_revision_or_given_records_are_advisory(void **state)
{
	static const char *const rows[] = {
		"{exporter: a, recipients: [b], as-of: 2026-06-01}", /* even today's */
		"{exporter: a, recipients: [b], known-at: 1}",
		"{exporter: a, recipients: [b], given: [{area: {id: XX, kind: country}}]}",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(read_question(*state, rows[i]).advisory);
}

static void the_exporter_is_the_data_sets_if_none_is_said(void **state)
{
	struct asked asked =
		read_question(*state, "{data-set: accounts, recipients: [carrier-be]}");

	assert_true(bytes_equal_string(asked.exporter, "line-plus"));
	asked = read_question(*state, "{data-set: acounts, recipients: [carrier-be]}");
	assert_int_equal(asked.exporter.size, 0);
	asked = read_question(*state, "{exporter: desk-ph, data-set: accounts, recipients: [a]}");
	assert_true(bytes_equal_string(asked.exporter, "desk-ph"));
}

static void unknown_words_keep_their_text(void **state)
{
	struct asked asked = read_question(
		*state, "{exporter: line-plus, categories: [user.fone], recipients: [nobody]}");

	assert_int_equal(asked.question.recipients[0].party.id, SYMBOL_NONE);
	assert_true(bytes_equal_string(asked.question.recipients[0].party.text, "nobody"));
	assert_int_equal(asked.question.categories[0].id, SYMBOL_NONE);
}

static void facts_are_typed_by_their_terms(void **state)
{
	struct asked asked = read_question(
		*state,
		"{exporter: a, recipients: [b], facts: {subject.age: 13, consent.given: true,"
		" consent.date: 2026-01-02, told: [country, retention], subject.area: BE}}");

	assert_int_equal(asked.question.fact_count, 5);
	assert_int_equal(asked.ignored_count, 0);
	assert_int_equal(asked.question.facts[0].values.items[0].type, VALUE_NUMBER);
	assert_int_equal(asked.question.facts[0].values.items[0].number, 13);
	assert_int_equal(asked.question.facts[1].values.items[0].type, VALUE_FLAG);
	assert_int_equal(asked.question.facts[2].values.items[0].type, VALUE_DATE);
	assert_int_equal(asked.question.facts[3].values.count, 2);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(asked.question.facts[i].unresolved.size, 0);
}

static void facts_of_another_type_are_refused(void **state)
{
	static const struct {
		const char *facts, *complaint;
	} rows[] = {
		{"{subject.age: thirteen}", "facts[0]: 'subject.age' takes a whole number"},
		{"{subject.age: [13, 14]}", "facts[0]: 'subject.age' takes a whole number"},
		{"{consent.given: 'true'}", "facts[0]: 'consent.given' takes true or false"},
		{"{consent.date: 2026-02-30}", "facts[0]: 'consent.date' takes a date, YYYY-MM-DD"},
		{"{subject.area: [BE, KR]}", "facts[0]: 'subject.area' takes one word"},
		{"{told: [country, 5]}", "facts[0]: 'told' takes a word or a list of words"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
			read_complaint(fixture, arena_printf(fixture->arena,
							     "{exporter: a, recipients: [b],"
							     " facts: %s}",
							     rows[i].facts)),
			rows[i].complaint);
}

static void words_of_another_sort_stay_unresolved(void **state)
{
	struct asked asked = read_question(
		*state, "{exporter: a, recipients: [b], facts: {subject.area: line-plus,"
			" told: [country, KR]}}");

	assert_true(bytes_equal_string(asked.question.facts[0].unresolved, "line-plus"));
	assert_true(bytes_equal_string(asked.question.facts[1].unresolved, "KR"));
}

static void what_no_caller_states_is_ignored_and_listed(void **state)
{
	struct asked asked = read_question(
		*state, "{exporter: a, recipients: [b], performs: {encript: yes, encrypt: yes},"
			" facts: {leg.area: KR, importer.public-body: true, consent.givn: true}}");

	assert_int_equal(asked.question.fact_count, 0);
	assert_int_equal(asked.question.perform_count, 1);
	assert_int_equal(asked.ignored_count, 4);
	assert_true(bytes_equal_string(asked.ignored[0], "leg.area"));
	assert_true(bytes_equal_string(asked.ignored[3], "encript"));
}

static void what_is_no_word_on_that_day_is_passed_on_all_the_same(void **state)
{
	struct asked asked = read_question(
		*state, "{exporter: a, recipients: [b], as-of: 1999-12-31, facts: {later: true},"
			" performs: {later-duty: no}}");

	assert_int_equal(asked.ignored_count, 2);
	assert_int_equal(asked.question.fact_count, 1);
	assert_int_equal(asked.question.facts[0].values.count, 0);
	assert_int_equal(asked.question.perform_count, 1);
	assert_false(asked.question.performs[0].yes);
}

static void a_revision_that_is_not_known_yet_is_refused(void **state)
{
	assert_string_equal(read_complaint(*state, "{exporter: a, recipients: [b], known-at: 2}"),
			    "known_at: revision 2 is not known yet; the newest is 1");
}

static void a_chain_back_to_the_data_sets_exporter_is_refused(void **state)
{
	const char *found =
		read_complaint(*state, "{data-set: accounts, recipients: [carrier-be, line-plus]}");

	assert_memory_equal(found, "recipients[1].party: the chain comes back to 'line-plus'", 56);
	assert_string_equal(read_complaint(*state, "{exporter: carrier-be, data-set: accounts, "
						   "recipients: [line-plus, desk-ph]}"),
			    "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_well_formed_request_passes),
		cmocka_unit_test(each_malformed_request_is_named_by_field_and_cure),
		cmocka_unit_test(a_fact_stated_twice_is_refused),
		cmocka_unit_test(a_duty_answered_twice_is_refused),
		cmocka_unit_test(a_record_given_twice_is_refused),
		cmocka_unit_test(a_fact_without_a_value_is_refused),
		cmocka_unit_test(numbers_beyond_what_json_keeps_are_refused),
		cmocka_unit_test(lists_within_lists_are_refused),
		cmocka_unit_test(numbers_of_enums_that_nobody_knows_are_refused),
		cmocka_unit_test(all_violations_are_collected_up_to_a_limit),
		cmocka_unit_test(each_length_has_its_limit),
		cmocka_unit_test(too_many_recipients_are_refused),
		cmocka_unit_test(a_chain_that_comes_back_is_refused),
		cmocka_unit_test(what_a_search_leaves_open_need_not_be_said),
		cmocka_unit_test(a_question_about_now_is_live),
		cmocka_unit_test(another_day_or_revision_or_given_records_are_advisory),
		cmocka_unit_test(the_exporter_is_the_data_sets_if_none_is_said),
		cmocka_unit_test(unknown_words_keep_their_text),
		cmocka_unit_test(facts_are_typed_by_their_terms),
		cmocka_unit_test(facts_of_another_type_are_refused),
		cmocka_unit_test(words_of_another_sort_stay_unresolved),
		cmocka_unit_test(what_no_caller_states_is_ignored_and_listed),
		cmocka_unit_test(what_is_no_word_on_that_day_is_passed_on_all_the_same),
		cmocka_unit_test(a_revision_that_is_not_known_yet_is_refused),
		cmocka_unit_test(a_chain_back_to_the_data_sets_exporter_is_refused),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
