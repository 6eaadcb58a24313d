#include "fixture.h"

#include "base/base64.h"
#include "contract/outcome.h"
#include "crypto/hash.h"
#include "text/allocator.h"
#include "text/document.h"
#include "text/mapping.h"

/* The JSON of what a receipt would keep of the answer. */
static const char *kept(struct fixture *fixture, const char *yaml)
{
	struct bytes text = outcome_write(fixture_ask(fixture, yaml).message, fixture->arena);

	return arena_string(fixture->arena, text);
}

static void nothing_that_words_the_answer_is_kept(void **state)
{
	const char *text = kept(*state, "{data-set: acounts, recipients: [desk-ph],"
					" facts: {consent.givn: true}}");

	assert_null(strstr(text, "did_you_mean"));
	assert_null(strstr(text, "\"text\""));
	assert_non_null(strstr(text, "\"code\":\"UNKNOWN_DATA_SET\""));
	assert_non_null(strstr(text, "\"ignored\":[{\"name\":\"consent.givn\"}]"));
}

static void a_refusal_keeps_every_condition_that_failed(void **state)
{
	const char *text = kept(*state, "{data-set: accounts, recipients: [desk-ph]}");

	assert_non_null(strstr(text, "\"condition\":\"leg.area: BE\",\"found\":\"PH\""));
	assert_non_null(strstr(text, "\"ground\":\"kr-law/adults\""));
	assert_null(strstr(text, "\"digest\""));
}

static void a_permission_keeps_the_grounds_that_hold(void **state)
{
	const char *text = kept(*state, "{data-set: accounts, recipients: [carrier-be]}");

	assert_non_null(strstr(text, "\"ground\":\"kr-law/recognised\",\"result\":\"TRUE\""));
	assert_null(strstr(text, "kr-law/consent"));
}

static void the_answer_itself_stays_whole(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Decision *answer =
		fixture_ask(fixture, "{data-set: acounts, recipients: [desk-ph]}").message;

	outcome_write(answer, fixture->arena);
	assert_int_equal(answer->n_did_you_mean, 1);
	assert_string_not_equal(answer->reasons[0]->text, "");
}

/* A refusal by as many opinions. */
static struct bytes kept_of_many(struct fixture *fixture, size_t count)
{
	Carnet__V1__Decision *answer =
		fixture_ask(fixture, "{data-set: accounts, recipients: [desk-ph]}").message;
	Carnet__V1__Opinion **opinions = arena_array(fixture->arena, Carnet__V1__Opinion *, count);

	for (size_t i = 0; i < count; i++)
		opinions[i] = answer->opinions[0];
	answer->opinions = opinions;
	answer->n_opinions = count;
	return outcome_write(answer, fixture->arena);
}

static void what_is_too_large_loses_conditions_first_and_never_the_verdict(void **state)
{
	struct bytes whole = kept_of_many(*state, 2), results = kept_of_many(*state, 25),
		     none = kept_of_many(*state, 50);

	assert_non_null(memmem(whole.data, whole.size, "leg.area: BE", 12));
	assert_null(memmem(results.data, results.size, "leg.area: BE", 12));
	assert_non_null(memmem(results.data, results.size, "\"ground\"", 8));
	assert_null(memmem(none.data, none.size, "\"ground\"", 8));
	assert_non_null(memmem(none.data, none.size, "\"verdict\":\"DENIED\"", 18));
	assert_true(results.size <= OUTCOME_SIZE_MAX && none.size <= OUTCOME_SIZE_MAX);
}

/* ---- The core ---- */

enum { MANY = 1024 };

/* Texts as long as any, of which each character needs six in JSON. */
static char *worst_text(struct fixture *fixture)
{
	char *text = arena_alloc(fixture->arena, 129);

	return memset(text, 1, 128);
}

static Carnet__V1__Leg *some_leg(struct fixture *fixture, size_t number, char *text)
{
	Carnet__V1__Leg *leg = allocator_message(fixture->arena, &carnet__v1__leg__descriptor);

	leg->hop = (uint32_t)number;
	leg->exporter = leg->recipient = leg->area = leg->category = text;
	leg->verdict = number == MANY - 1 ? CARNET__V1__VERDICT__VERDICT_DENIED
					  : CARNET__V1__VERDICT__VERDICT_INDETERMINATE;
	return leg;
}

/* Of every second one the matter is the last leg, which is the weakest. */
static Carnet__V1__Opinion *some_opinion(struct fixture *fixture, size_t number, char *text)
{
	Carnet__V1__Opinion *opinion =
		allocator_message(fixture->arena, &carnet__v1__opinion__descriptor);

	opinion->rulebook = number % 2 ? text : arena_printf(fixture->arena, "law-%zu", number);
	opinion->verdict = CARNET__V1__VERDICT__VERDICT_DENIED;
	opinion->decided_by = opinion->cite = text;
	opinion->legs = arena_array(fixture->arena, uint32_t, 1);
	opinion->legs[opinion->n_legs++] = number % 2 ? MANY - 1 : 0;
	return opinion;
}

static Carnet__V1__Reason *some_reason(struct fixture *fixture, char *text)
{
	Carnet__V1__Reason *reason =
		allocator_message(fixture->arena, &carnet__v1__reason__descriptor);

	reason->code = arena_string(fixture->arena, BYTES_LITERAL("SIGNED_AFTER_REPEAL"));
	reason->condition = reason->found = reason->expected = reason->text = reason->owner = text;
	return reason;
}

static Carnet__V1__OwedDuty *some_duty(struct fixture *fixture, char *text)
{
	Carnet__V1__OwedDuty *duty =
		allocator_message(fixture->arena, &carnet__v1__owed_duty__descriptor);

	duty->duty = text;
	duty->performs = CARNET__V1__ANSWER__ANSWER_NO;
	return duty;
}

/* As large as an answer can become, and larger. */
static Carnet__V1__Decision *huge_answer(struct fixture *fixture, char *text)
{
	Carnet__V1__Decision *answer =
		fixture_ask(fixture, "{data-set: accounts, recipients: [desk-ph]}").message;

	answer->legs = arena_array(fixture->arena, Carnet__V1__Leg *, MANY);
	answer->opinions = arena_array(fixture->arena, Carnet__V1__Opinion *, MANY);
	answer->reasons = arena_array(fixture->arena, Carnet__V1__Reason *, MANY);
	answer->duties = arena_array(fixture->arena, Carnet__V1__OwedDuty *, MANY);
	answer->n_legs = answer->n_opinions = answer->n_reasons = answer->n_duties = MANY;
	for (size_t i = 0; i < MANY; i++) {
		answer->legs[i] = some_leg(fixture, i, text);
		answer->opinions[i] = some_opinion(fixture, i, text);
		answer->reasons[i] = some_reason(fixture, text);
		answer->duties[i] = some_duty(fixture, text);
	}
	answer->weakest_leg = MANY - 1;
	answer->advisory = true;
	answer->holds_until = arena_string(fixture->arena, BYTES_LITERAL("2031-05-06"));
	return answer;
}

/* What `carnet verify` reads out of a receipt. */
static const Carnet__V1__Decision *read_back(struct fixture *fixture, struct bytes text)
{
	struct documents documents;
	ProtobufCMessage *message = NULL;
	struct error error;

	if (document_read_json(text, "outcome", fixture->arena, &documents, &error) ||
	    mapping_read(documents.items[0], &carnet__v1__decision__descriptor, fixture->arena,
			 NULL, &message, &error))
		fail_msg("%s", error.text);
	return (const Carnet__V1__Decision *)message;
}

static void the_largest_answer_still_says_what_was_decided_on_which_leg(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Decision *answer =
		huge_answer(fixture, arena_string(fixture->arena, BYTES_LITERAL("a-word")));
	struct bytes text = outcome_write(answer, fixture->arena);
	const Carnet__V1__Decision *core = read_back(fixture, text);

	assert_true(text.size <= OUTCOME_CORE_MAX);
	assert_int_equal(core->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_true(core->advisory);
	assert_false(core->authorises);
	assert_string_equal(core->holds_until, "2031-05-06");
	assert_string_equal(core->as_of, answer->as_of);
	assert_int_equal(core->revision, answer->revision);
	assert_string_equal(core->revision_digest, answer->revision_digest);
	assert_int_equal(core->n_legs, 1);
	assert_int_equal(core->weakest_leg, 0);
	assert_int_equal(core->legs[0]->hop, MANY - 1);
	assert_string_equal(core->legs[0]->recipient, "a-word");
	assert_int_equal(core->n_opinions, 16);
	for (size_t i = 0; i < core->n_opinions; i++) {
		assert_string_equal(core->opinions[i]->rulebook, "a-word");
		assert_string_equal(core->opinions[i]->decided_by, "a-word");
		assert_int_equal(core->opinions[i]->n_legs, 1);
		assert_int_equal(core->opinions[i]->legs[0], 0);
	}
	assert_string_equal(core->reasons[0]->code, "SIGNED_AFTER_REPEAL");
	assert_int_equal(core->duties[0]->performs, CARNET__V1__ANSWER__ANSWER_NO);
	assert_true(core->trimmed->size > OUTCOME_SIZE_MAX);
	assert_int_equal(strlen(core->trimmed->sha256), 43);
}

static void the_core_fits_however_long_its_texts(void **state)
{
	struct fixture *fixture = *state;
	struct bytes text =
		outcome_write(huge_answer(fixture, worst_text(fixture)), fixture->arena);
	const Carnet__V1__Decision *core = read_back(fixture, text);

	assert_true(text.size <= OUTCOME_CORE_MAX);
	assert_int_equal(core->verdict, CARNET__V1__VERDICT__VERDICT_DENIED);
	assert_int_equal(core->n_legs, 1);
	assert_true(core->n_opinions >= 1);
	assert_int_equal(strlen(core->opinions[0]->decided_by), 128);
}

/* The digest is that of the outcome with all its conditions: what judging again gives. */
static void the_core_names_the_whole_outcome_by_its_digest(void **state)
{
	struct fixture *fixture = *state;
	Carnet__V1__Decision *answer =
		fixture_ask(fixture, "{data-set: accounts, recipients: [desk-ph]}").message;
	struct bytes whole = outcome_write(answer, fixture->arena);
	const Carnet__V1__Decision *core =
		read_back(fixture, outcome_write_core(answer, fixture->arena));
	struct digest digest = hash_of(whole);
	struct buffer expected = {0};

	base64url_append(&expected, hash_view(&digest));
	assert_string_equal(core->trimmed->sha256, buffer_string(&expected));
	assert_int_equal(core->trimmed->size, whole.size);
	assert_null(read_back(fixture, whole)->trimmed);
	buffer_release(&expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_words_the_answer_is_kept),
		cmocka_unit_test(a_refusal_keeps_every_condition_that_failed),
		cmocka_unit_test(a_permission_keeps_the_grounds_that_hold),
		cmocka_unit_test(the_answer_itself_stays_whole),
		cmocka_unit_test(what_is_too_large_loses_conditions_first_and_never_the_verdict),
		cmocka_unit_test(the_largest_answer_still_says_what_was_decided_on_which_leg),
		cmocka_unit_test(the_core_fits_however_long_its_texts),
		cmocka_unit_test(the_core_names_the_whole_outcome_by_its_digest),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
