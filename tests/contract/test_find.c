/* Searches as the wire has them; and equal to asking singly over the shipped registry. */
#include "fixture.h"

#include "contract/find.h"
#include "contract/overlay.h"
#include "text/allocator.h"

static Carnet__V1__FindRequest *search_for(struct fixture *fixture, const char *question)
{
	Carnet__V1__FindRequest *request =
		allocator_message(fixture->arena, &carnet__v1__find_request__descriptor);

	request->question = fixture_request(fixture, question);
	return request;
}

static Carnet__V1__FindResponse *run(struct fixture *fixture, enum finder_open open,
				     const char *question)
{
	Carnet__V1__FindResponse *response;
	struct error error;

	if (find_run(search_for(fixture, question), open, &fixture->registry, fixture->arena,
		     &response, &error))
		fail_msg("%s", error.text);
	return response;
}

static const char *complaint(struct fixture *fixture, enum finder_open open, const char *question)
{
	Carnet__V1__FindResponse *response;
	struct error error;

	assert_int_equal(find_run(search_for(fixture, question), open, &fixture->registry,
				  fixture->arena, &response, &error),
			 ERR_INVALID);
	return arena_string(fixture->arena, bytes_of_string(error.text));
}

/* "a b c" */
static const char *ids_of(struct arena *arena, const Carnet__V1__FindResponse *response)
{
	const char *text = "";

	for (size_t i = 0; i < response->n_found; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", response->found[i]->id);
	return text;
}

static void what_is_found_comes_with_verdict_and_duties(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__FindResponse *found =
		run(fixture, FINDER_RECIPIENT, "{data-set: accounts, recipients: [{party: x}]}");

	assert_string_equal(ids_of(fixture->arena, found), "carrier-be line-plus");
	assert_int_equal(found->found[0]->verdict,
			 CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS);
	assert_int_equal(found->found[0]->n_duties, 2);
	assert_string_equal(found->found[0]->duties[0], "encrypt");
	assert_string_equal(found->found[0]->duties[1], "keep-records");
	assert_int_equal(found->found[1]->verdict, CARNET__V1__VERDICT__VERDICT_NOT_A_TRANSFER);
	assert_true(found->complete);
	assert_true(found->advisory);
	assert_string_equal(found->as_of, "2026-06-01");
	assert_int_equal(found->revision, FOLDER_REVISION);
	assert_null(found->receipt);
}

static void nobody_need_be_named_when_recipients_are_sought(void **state)
{
	struct fixture *fixture = *state;
	const char *all = "carrier-be line-plus";

	assert_string_equal(
		ids_of(fixture->arena, run(fixture, FINDER_RECIPIENT, "{data-set: accounts}")),
		all);
	assert_string_equal(
		ids_of(fixture->arena, run(fixture, FINDER_RECIPIENT,
					   "{data-set: accounts, recipients: [{mode: storage}]}")),
		all);
	/* Stored in Korea it is no transfer there, but the Philippines stay its seat. */
	assert_string_equal(
		ids_of(fixture->arena, run(fixture, FINDER_RECIPIENT,
					   "{data-set: accounts, recipients: [{storage: [PH]}]}")),
		"");
	assert_string_equal(
		complaint(fixture, FINDER_DESTINATION, "{data-set: accounts}"),
		"question.recipients: missing; name at least one party that gets the data");
	assert_string_equal(complaint(fixture, FINDER_RECIPIENT,
				      "{data-set: accounts, recipients: [{mode: storage}, a]}"),
			    "question.recipients[0].party: missing; name the party that gets the "
			    "data");
}

static void storage_already_named_is_what_is_sought(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(
		ids_of(fixture->arena, run(fixture, FINDER_DESTINATION,
					   "{data-set: accounts, recipients: [{party: carrier-be, "
					   "storage: [PH, PH]}]}")),
		"BE KR");
	assert_string_equal(
		ids_of(fixture->arena, run(fixture, FINDER_DESTINATION,
					   "{data-set: accounts, recipients: [{party: carrier-be, "
					   "access: [PH]}]}")),
		"");
}

static void the_senders_question_is_left_as_it_was(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__FindRequest *request = search_for(
		fixture, "{data-set: accounts, recipients: [{party: carrier-be, storage: [PH]}]}");
	struct question_violations violations;
	Carnet__V1__CheckRequest *question;

	assert_int_equal(find_check(request, FINDER_DESTINATION, fixture->arena, &question,
				    &violations, NULL),
			 0);
	assert_int_equal(question->recipients[0]->n_storage, 0);
	assert_int_equal(request->question->recipients[0]->n_storage, 1);
	assert_int_equal(
		find_check(request, FINDER_RECIPIENT, fixture->arena, &question, &violations, NULL),
		0);
	assert_string_equal(question->recipients[0]->party, "");
	assert_string_equal(request->question->recipients[0]->party, "carrier-be");
}

static void fields_that_are_wrong_are_named(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__FindRequest bare;
	Carnet__V1__FindResponse *response;
	struct error error;

	carnet__v1__find_request__init(&bare);
	assert_int_equal(find_run(&bare, FINDER_RECIPIENT, &fixture->registry, fixture->arena,
				  &response, &error),
			 ERR_INVALID);
	assert_memory_equal(error.text, "question: missing", 17);
	assert_memory_equal(complaint(fixture, FINDER_RECIPIENT, "{recipients: [a]}"),
			    "question.exporter: missing", 26);
	assert_memory_equal(complaint(fixture, FINDER_RECIPIENT,
				      "{data-set: accounts, facts: {subject.age: old}}"),
			    "question.facts[0]: ", 19);
	assert_memory_equal(
		complaint(fixture, FINDER_DESTINATION, "{exporter: a, recipients: [b, c, b]}"),
		"question.recipients[2].party: the chain comes back to 'b'", 57);
	assert_memory_equal(complaint(fixture, FINDER_DESTINATION,
				      "{data-set: accounts, recipients: [carrier-be, line-plus]}"),
			    "question.recipients[1].party: the chain comes back to 'line-plus'",
			    65);
}

static void words_that_nobody_registered_are_told(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__FindResponse *found =
		run(fixture, FINDER_RECIPIENT, "{data-set: acounts, facts: {consent.givn: true}}");

	assert_int_equal(found->n_found, 0);
	assert_true(found->complete);
	assert_int_equal(found->n_reasons, 1);
	assert_string_equal(found->reasons[0]->code, "UNKNOWN_DATA_SET");
	assert_int_equal(found->n_did_you_mean, 1);
	assert_string_equal(found->did_you_mean[0]->did_you_mean, "accounts");
	assert_int_equal(found->n_ignored, 1);
	assert_string_equal(found->ignored[0]->did_you_mean, "consent.given");
	/* A mere refusal has nothing of the kind. */
	found = run(fixture, FINDER_DESTINATION, "{data-set: accounts, recipients: [desk-ph]}");
	assert_int_equal(found->n_found, 0);
	assert_int_equal(found->n_reasons, 0);
}

static void a_word_of_another_day_is_no_candidate(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__FindResponse *found = run(
		fixture, FINDER_RECIPIENT,
		"{data-set: accounts, recipients: [{storage: [PH]}], given: [{party: {id: a-later, "
		"kind: organisation, area: BE, bound-by: [none], from: 2026-06-02}}]}");

	assert_int_equal(found->n_found, 0);
	assert_int_equal(found->n_reasons, 0);
}

/* What fills the page was the last candidate: nobody need ask for an empty one. */
static void a_page_that_ends_with_the_last_candidate_is_complete(void **state)
{
	struct fixture *fixture = *state;
	struct question_frame frame = {fixture->world, FIXTURE_TODAY, FOLDER_REVISION};
	struct question_violations violations;
	Carnet__V1__CheckRequest *question;
	struct asked asked;
	struct find *find;
	bool ended;

	assert_int_equal(find_check(search_for(fixture, "{data-set: accounts}"), FINDER_RECIPIENT,
				    fixture->arena, &question, &violations, NULL),
			 0);
	assert_int_equal(find_read(question, &frame, fixture->arena, &asked, &violations, NULL), 0);
	find = find_new(&asked, FINDER_RECIPIENT, (struct bytes){0}, 2, &fixture->registry.place,
			fixture->arena);
	do
		assert_int_equal(find_step(find, fixture->arena, &ended, NULL), 0);
	while (!ended);
	assert_string_equal(ids_of(fixture->arena, find_response(find)), "carrier-be line-plus");
	assert_true(find_response(find)->complete);
}

static void given_records_can_be_found(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__FindResponse *found = run(
		fixture, FINDER_RECIPIENT,
		"{data-set: accounts, given: [{party: {id: bruges, kind: organisation, area: BE, "
		"bound-by: [none]}}]}");

	assert_string_equal(ids_of(fixture->arena, found), "bruges carrier-be line-plus");
}

static void pages_are_bound_to_their_question_and_to_nothing_else(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__CheckRequest *one = fixture_request(
		fixture, "{data-set: accounts, recipients: [carrier-be], facts: {subject.age: 3}}");
	Carnet__V1__CheckRequest other = *one;
	struct digest bound = find_digest(one, FINDER_RECIPIENT, fixture->arena), another;
	char text[] = "x";

	other.request_id = other.reference = text;
	other.receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
	another = find_digest(&other, FINDER_RECIPIENT, fixture->arena);
	assert_true(hash_equal(&bound, &another));
	another = find_digest(one, FINDER_DESTINATION, fixture->arena);
	assert_false(hash_equal(&bound, &another));
	other = *one;
	other.n_facts = 0;
	another = find_digest(&other, FINDER_RECIPIENT, fixture->arena);
	assert_false(hash_equal(&bound, &another));
	other = *one;
	other.purpose = text;
	another = find_digest(&other, FINDER_RECIPIENT, fixture->arena);
	assert_false(hash_equal(&bound, &another));
}

static void a_receipt_keeps_what_was_found_and_no_sentence(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__FindResponse *found = run(fixture, FINDER_RECIPIENT, "{data-set: accounts}");
	char token[] = "token";
	const char *text;

	found->next_page_token = token;
	text = arena_string(fixture->arena, find_outcome(found, fixture->arena));
	assert_non_null(strstr(text, "\"advisory\":true"));
	assert_non_null(strstr(text,
			       "{\"duties\":[\"encrypt\",\"keep-records\"],\"id\":\"carrier-be\","
			       "\"verdict\":\"PERMITTED_WITH_OBLIGATIONS\"}"));
	assert_null(strstr(text, "token"));
	found = run(fixture, FINDER_RECIPIENT, "{data-set: acounts}");
	text = arena_string(fixture->arena, find_outcome(found, fixture->arena));
	assert_non_null(strstr(text, "\"code\":\"UNKNOWN_DATA_SET\""));
	assert_null(strstr(text, "\"text\""));
	assert_null(strstr(text, "did_you_mean"));
}

/* ---- Every page size, against every candidate asked singly ---- */

struct trial {
	const struct case_registry *registry;
	const struct world *world; /* the registry's, or with `given` over it */
	struct arena *arena;
	day on;
};

static int compare_ids(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* All words that are registered so, looked up one by one. */
static char **list_candidates(const struct trial *trial, enum record_kind kind, size_t *count)
{
	const struct symbols *words = world_words(trial->world);
	char **ids = arena_array(trial->arena, char *, symbols_last(words));

	*count = 0;
	for (symbol word = 1; word <= symbols_last(words); word++)
		if (world_get(trial->world, kind, word, trial->on, FOLDER_REVISION))
			ids[(*count)++] = arena_string(trial->arena, symbols_text(words, word));
	qsort(ids, *count, sizeof(*ids), compare_ids);
	return ids;
}

/* "id verdict duty duty;" of a question by itself, nothing if that permits nothing. */
static void ask_singly(const struct trial *trial, const Carnet__V1__CheckRequest *question,
		       const char *id, struct buffer *out)
{
	struct question_frame frame = {trial->world, trial->registry->today, FOLDER_REVISION};
	struct arena *arena = arena_new(0);
	struct question_violations violations;
	const struct decision *decision;
	Carnet__V1__Decision *answer;
	struct asked asked;

	if (!question_check(question, arena, &violations, NULL) &&
	    !question_read(question, &frame, arena, &asked, &violations, NULL) &&
	    !decide(trial->world, &asked.question, arena, &decision, NULL)) {
		answer = answer_write(&asked, decision, &trial->registry->place, arena);
		if (answer_permits(answer->verdict)) {
			buffer_printf(out, "%s %d", id, answer->verdict);
			for (size_t i = 0; i < answer->n_duties; i++)
				buffer_printf(out, " %s", answer->duties[i]->duty);
			buffer_append_string(out, ";");
		}
	}
	arena_free(arena);
}

static void ask_all_singly(const struct trial *trial, const Carnet__V1__CheckRequest *asked,
			   enum finder_open open, struct buffer *out)
{
	enum record_kind kind = open == FINDER_RECIPIENT ? RECORD_PARTY : RECORD_AREA;
	Carnet__V1__CheckRequest question = *asked;
	Carnet__V1__Recipient last = *asked->recipients[asked->n_recipients - 1];
	Carnet__V1__Recipient *recipients[4];
	size_t count;
	char **ids = list_candidates(trial, kind, &count);

	assert_in_range(asked->n_recipients, 1, 4);
	memcpy(recipients, asked->recipients, asked->n_recipients * sizeof(*recipients));
	recipients[asked->n_recipients - 1] = &last;
	question.recipients = recipients;
	for (size_t i = 0; i < count; i++) {
		if (open == FINDER_RECIPIENT) {
			last.party = ids[i];
		} else {
			last.storage = &ids[i];
			last.n_storage = 1;
		}
		ask_singly(trial, &question, ids[i], out);
	}
}

static void write_page(const Carnet__V1__FindResponse *page, struct buffer *out)
{
	for (size_t i = 0; i < page->n_found; i++) {
		buffer_printf(out, "%s %d", page->found[i]->id, page->found[i]->verdict);
		for (size_t j = 0; j < page->found[i]->n_duties; j++)
			buffer_printf(out, " %s", page->found[i]->duties[j]);
		buffer_append_string(out, ";");
	}
}

/* The pages of a search, laid end to end. */
static void ask_in_pages(const struct trial *trial, const Carnet__V1__FindRequest *request,
			 enum finder_open open, uint32_t limit, struct buffer *out)
{
	struct question_frame frame = {trial->world, trial->registry->today, FOLDER_REVISION};
	struct arena *scratch = arena_new(0);
	struct question_violations violations;
	Carnet__V1__CheckRequest *question;
	Carnet__V1__FindResponse *page;
	struct bytes after = {0};
	struct asked asked;

	assert_int_equal(find_check(request, open, trial->arena, &question, &violations, NULL), 0);
	assert_int_equal(find_read(question, &frame, trial->arena, &asked, &violations, NULL), 0);
	do {
		struct find *find =
			find_new(&asked, open, after, limit, &trial->registry->place, trial->arena);
		bool ended;

		do {
			assert_int_equal(find_step(find, scratch, &ended, NULL), 0);
			arena_reset(scratch);
		} while (!ended);
		page = find_response(find);
		after = find_last(find);
		assert_true(page->complete || page->n_found == limit);
		write_page(page, out);
	} while (!page->complete);
	arena_free(scratch);
}

/* True if something was found. */
static bool try_search(const struct trial *trial, Carnet__V1__CheckRequest *question,
		       enum finder_open open)
{
	static const uint32_t limits[] = {1, 2, 7, UINT32_MAX};
	struct buffer singly = {0}, paged = {0};
	Carnet__V1__FindRequest request;
	bool found;

	carnet__v1__find_request__init(&request);
	request.question = question;
	ask_all_singly(trial, question, open, &singly);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		buffer_clear(&paged);
		ask_in_pages(trial, &request, open, limits[i], &paged);
		assert_string_equal(buffer_string(&paged), buffer_string(&singly));
	}
	found = singly.size > 0;
	buffer_release(&singly);
	buffer_release(&paged);
	return found;
}

/* With its `given` laid over the registry; both searches of one case. */
static size_t try_case(const struct case_registry *registry, const Carnet__V1__Case *one)
{
	struct trial trial = {.registry = registry,
			      .world = registry->world,
			      .arena = arena_new(0),
			      .on = registry->today};
	Carnet__V1__CheckRequest question = case_request(one, trial.arena);
	struct world *overlay = NULL;
	size_t found;

	if (question.n_given) {
		assert_int_equal(overlay_compile(registry->records, question.given,
						 question.n_given, &overlay, NULL),
				 0);
		trial.world = overlay;
	}
	if (*question.as_of)
		date_parse(bytes_of_string(question.as_of), &trial.on, NULL);
	found = try_search(&trial, &question, FINDER_DESTINATION);
	found += try_search(&trial, &question, FINDER_RECIPIENT);
	world_free(overlay);
	arena_free(trial.arena);
	return found;
}

static void open_shipped(struct folder *folder, struct world **world,
			 struct case_registry *registry)
{
	struct problems problems;

	problems_init(&problems);
	folder_add(folder, SOURCE_ROOT "/registry-data", &problems);
	*registry = (struct case_registry){.records = folder_records(folder),
					   .revision = FOLDER_REVISION,
					   .today = FIXTURE_TODAY};
	if (problems.total || compile_world(registry->records, world, &problems))
		fixture_fail(&problems);
	problems_release(&problems);
	registry->world = *world;
}

/* Some shipped cases about the shipped parties, and some of those that bring their own. */
static void pages_of_any_size_equal_asking_singly_over_the_shipped_registry(void **state)
{
	enum { PARTS = 30 }; /* cases that bring their own parties take so many times as long */
	size_t share = test_fewer("of each 240 shipped cases are searched in pages", 40, 6),
	       every = 240 / share;
	struct folder *folder = folder_new();
	struct case_registry registry;
	const struct folder_case *cases;
	size_t count, searches = 0, found = 0;
	struct world *world;

	(void)state;
	open_shipped(folder, &world, &registry);
	cases = folder_cases(folder, &count);
	for (size_t i = 0; i < count; i++) {
		if (i % (cases[i].message->n_given ? PARTS * every : every))
			continue;
		found += try_case(&registry, cases[i].message);
		searches += 2;
	}
	print_message("%zu searches, %zu found something\n", searches, found);
	assert_true(searches > 30 * share / 40);
	assert_true(found > searches / 10);
	assert_true(found < searches);
	world_free(world);
	folder_free(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_found_comes_with_verdict_and_duties),
		TEST(nobody_need_be_named_when_recipients_are_sought),
		TEST(storage_already_named_is_what_is_sought),
		TEST(the_senders_question_is_left_as_it_was),
		TEST(fields_that_are_wrong_are_named),
		TEST(words_that_nobody_registered_are_told),
		TEST(a_word_of_another_day_is_no_candidate),
		TEST(a_page_that_ends_with_the_last_candidate_is_complete),
		TEST(given_records_can_be_found),
		TEST(pages_are_bound_to_their_question_and_to_nothing_else),
		TEST(a_receipt_keeps_what_was_found_and_no_sentence),
		TEST(pages_of_any_size_equal_asking_singly_over_the_shipped_registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
