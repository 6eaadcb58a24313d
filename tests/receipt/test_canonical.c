#include "test.h"

#include "base/json.h"
#include "receipt/canonical.h"

static int check(const char *text)
{
	return canonical_check(bytes_of_string(text), 4, NULL);
}

static void canonical_values_pass(void **state)
{
	static const char *const good[] = {
		"null",
		"true",
		"false",
		"0",
		"-1",
		"9007199254740991",
		"-9007199254740991",
		"\"\"",
		"\"a/b\x7f\xc3\xa9\xed\x95\x9c\xf0\x9f\x98\x80\"",
		"\"\\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f\"",
		"[]",
		"{}",
		"[1,\"a\",[],{},null]",
		"{\"\":1,\"a\":2,\"aa\":3,\"b\":{\"c\":[[4]]}}",
		/* The order of RFC 8785, 3.2.3: by UTF-16 units, not by bytes. */
		("{\"\\r\":1,\"1\":2,\"\xc2\x80\":3,\"\xc3\xb6\":4,\"\xe2\x82\xac\":5,"
		 "\"\xf0\x9f\x98\x80\":6,\"\xef\xac\xb3\":7}"),
		"{\"\\n\":1,\"\\u001f\":2,\" \":3}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (check(good[i]))
			fail_msg("%s", good[i]);
}

static void everything_else_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		" 1",
		"1 ",
		"1,2",
		"1]",
		"tru",
		"truee",
		"nul",
		"-",
		"-0",
		"00",
		"01",
		"+1",
		"1.0",
		"1e3",
		"9007199254740992",
		"-9007199254740992",
		"99999999999999999999999999",
		"\"",
		"\"a",
		"\"a\"b",
		"\"\t\"",
		"\"\\/\"",
		"\"\\u0041\"",
		"\"\\u0000\"",
		"\"\\u000a\"",
		"\"\\u001F\"",
		"\"\\u00\"",
		"\"\\u001",
		"\"\\x\"",
		"\"\\",
		"\"\xff\"",
		"\"\xed\xa0\x80\"",
		"\"\xc0\x80\"",
		"[",
		"[1",
		"[1,]",
		"[,1]",
		"[1 ,2]",
		"[1}",
		"{",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1",
		"{\"a\":1,}",
		"{a:1}",
		"{\"a\":1]",
		"{\"b\":1,\"a\":2}",
		"{\"a\":1,\"a\":2}",
		"{\"aa\":1,\"a\":2}",
		"{\"\xef\xac\xb3\":7,\"\xf0\x9f\x98\x80\":6}",
		"{\" \":3,\"\\n\":1}",
		"[[[[[1]]]]]",
		"{\"a\":[[[[]]]]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (check(bad[i]) != ERR_INVALID)
			fail_msg("%s", bad[i]);
	assert_int_equal(canonical_check(bytes_of("\"a\0b\"", 5), 4, NULL), ERR_INVALID);
}

static void deep_nesting_costs_no_stack(void **state)
{
	struct buffer deep = {0};
	struct error error;

	(void)state;
	for (int i = 0; i < 40000; i++)
		buffer_append_byte(&deep, '[');
	assert_int_equal(canonical_check(buffer_bytes(&deep), 32, &error), ERR_INVALID);
	assert_string_equal(error.text,
			    "the JSON is not canonical: byte 33: the JSON is nested too deeply");
	buffer_release(&deep);
}

/* Names of one to three characters from here, in every order, through both. */
static const char *const alphabet[] = {"a",
				       "\n",
				       "\"",
				       "\x1f",
				       "\xed\x9f\xbf",
				       "\xee\x80\x80",
				       "\xef\xbf\xbf",
				       "\xf0\x90\x80\x80",
				       "\xf4\x8f\xbf\xbf"};

static void what_the_writer_writes_passes_in_every_order(void **state)
{
	enum { COUNT = sizeof(alphabet) / sizeof(alphabet[0]) };

	(void)state;
	for (size_t i = 0; i < COUNT * COUNT; i++) {
		for (size_t k = 0; k < COUNT * COUNT; k++) {
			struct buffer names[2] = {{0}, {0}}, out = {0};
			struct json_writer json = {.out = &out};

			buffer_append_string(&names[0], alphabet[i % COUNT]);
			buffer_append_string(&names[0], alphabet[i / COUNT]);
			buffer_append_string(&names[1], alphabet[k % COUNT]);
			if (k / COUNT)
				buffer_append_string(&names[1], alphabet[k / COUNT]);
			if (!bytes_equal(buffer_bytes(&names[0]), buffer_bytes(&names[1]))) {
				json_begin_object(&json);
				json_member_integer(&json, buffer_string(&names[0]), 1);
				json_member_integer(&json, buffer_string(&names[1]), 2);
				json_end_object(&json);
				assert_int_equal(canonical_check(buffer_bytes(&out), 1, NULL), 0);
			}
			buffer_release(&names[0]);
			buffer_release(&names[1]);
			buffer_release(&out);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_values_pass),
		cmocka_unit_test(everything_else_is_refused),
		cmocka_unit_test(deep_nesting_costs_no_stack),
		cmocka_unit_test(what_the_writer_writes_passes_in_every_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
