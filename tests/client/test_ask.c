#include "test.h"

#include "base/json.h"
#include "client/ask.h"
#include "text/mapping.h"

static const struct option_row table[] = {ASK_OPTIONS, {0}};

enum { WORDS_MAX = 32 };

/* Takes in a command line whose words stand apart by one blank. */
static int take(struct ask *ask, const char *line, struct error *error)
{
	char *words[WORDS_MAX], *text = arena_string(ask->arena, bytes_of_string(line)), *rest;
	int count = 0;
	struct option option;
	struct options options;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	options = options_of(table, count, words);
	while (options_next(&options, &option))
		if (ask_option(ask, &option, error) < 0)
			return ERR_INVALID;
	assert_false(options.failed);
	return 0;
}

static void assert_request(void **state, const char *line, const char *json_text)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};
	struct error error;
	struct ask ask;

	ask_init(&ask, *state);
	if (take(&ask, line, &error))
		fail_msg("%s", error.text);
	mapping_write_json(&ask.request.base, &json);
	assert_string_equal(buffer_string(&text), json_text);
	buffer_release(&text);
}

static void assert_mistake(void **state, const char *line, const char *mistake)
{
	struct error error;
	struct ask ask;

	ask_init(&ask, *state);
	assert_int_equal(take(&ask, line, &error), ERR_INVALID);
	assert_string_equal(error.text, mistake);
}

static void a_chain_stands_in_its_order(void **state)
{
	assert_request(state,
		       "--data-set accounts --purpose calls --to carrier-be --storage BE"
		       " --storage NL --access PH --mode remote-access --engagement calls"
		       " --to carrier-fr",
		       "{\"data_set\":\"accounts\",\"purpose\":\"calls\",\"recipients\":["
		       "{\"access\":[\"PH\"],\"engagement\":\"calls\",\"mode\":\"REMOTE_ACCESS\","
		       "\"party\":\"carrier-be\","
		       "\"storage\":[\"BE\",\"NL\"]},\"carrier-fr\"]}");
}

static void facts_read_as_they_stand_in_yaml(void **state)
{
	assert_request(state,
		       "--to b --fact subject.age=13 --fact consent.given=true --fact"
		       " subject.area=NO --fact told=country,retention --fact code=007",
		       "{\"facts\":{\"code\":\"007\",\"consent.given\":true,\"subject.age\":13,"
		       "\"subject.area\":\"NO\",\"told\":[\"country\",\"retention\"]},"
		       "\"recipients\":[\"b\"]}");
}

static void duties_are_accepted_unless_no_is_said(void **state)
{
	assert_request(state, "--performs encrypt --performs inform=no --performs keep=yes",
		       "{\"performs\":{\"encrypt\":\"YES\",\"inform\":\"NO\",\"keep\":\"YES\"}}");
}

static void what_concerns_the_call_is_taken_in(void **state)
{
	assert_request(state,
		       "--exporter a --category x --category y --as-of 2026-01-01 --known-at 7"
		       " --reference r --request-id q --min-revision 3",
		       "{\"as_of\":\"2026-01-01\",\"categories\":[\"x\",\"y\"],\"exporter\":\"a\","
		       "\"known_at\":\"7\",\"min_revision\":\"3\",\"reference\":\"r\","
		       "\"request_id\":\"q\"}");
}

static void mistakes_are_named(void **state)
{
	assert_mistake(state, "--storage BE", "--storage: first say of whom, with --to PARTY");
	assert_mistake(state, "--to b --mode carry",
		       "--mode: 'carry' is no mode; write storage, remote-access, transmission, "
		       "transit, on-device, direct-collection or disclosure-to-authority");
	assert_mistake(state, "--to b --mode unspecified",
		       "--mode: 'unspecified' is no mode; write storage, remote-access, "
		       "transmission, transit, on-device, direct-collection or "
		       "disclosure-to-authority");
	assert_mistake(state, "--fact age", "--fact 'age': write it as name=value");
	assert_mistake(state, "--fact =3", "--fact '=3': write it as name=value");
	assert_mistake(state, "--performs encrypt=maybe",
		       "--performs 'encrypt=maybe': write it as duty, duty=yes or duty=no");
	assert_mistake(state, "--known-at soon", "--known-at: 'soon' is no number");
	assert_mistake(state, "--known-at -1", "--known-at: '-1' is no number");
	assert_mistake(state, "--exporter a --exporter b", "--exporter is there twice");
}

static int open_arena(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int close_arena(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_stands_in_its_order),
		cmocka_unit_test(facts_read_as_they_stand_in_yaml),
		cmocka_unit_test(duties_are_accepted_unless_no_is_said),
		cmocka_unit_test(what_concerns_the_call_is_taken_in),
		cmocka_unit_test(mistakes_are_named),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
