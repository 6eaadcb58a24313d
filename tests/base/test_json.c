#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

static void members_are_sorted_by_utf16_units(void **state)
{
	/* The example of RFC 8785, 3.2.3. */
	static const struct {
		const char *name, *value;
	} members[] = {
		{"\xe2\x82\xac", "Euro Sign"},
		{"\r", "Carriage Return"},
		{"\xef\xac\xb3", "Hebrew Letter Dalet With Dagesh"},
		{"1", "One"},
		{"\xf0\x9f\x98\x80", "Emoji: Grinning Face"},
		{"\xc2\x80", "Control"},
		{"\xc3\xb6", "Latin Small Letter O With Diaeresis"},
	};
	struct buffer out = {0};
	struct json_writer json = {.out = &out};

	(void)state;
	json_begin_object(&json);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		json_member_string(&json, members[i].name, bytes_of_string(members[i].value));
	json_end_object(&json);
	assert_string_equal(buffer_string(&out),
			    "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
			    "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\","
			    "\"\xe2\x82\xac\":\"Euro Sign\","
			    "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
			    "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
	buffer_release(&out);
}

/* ! " # stand in this order; the backslash that writes the quote would come last. */
static void names_that_are_escaped_are_sorted_by_what_they_say(void **state)
{
	struct buffer out = {0};
	struct json_writer json = {.out = &out};

	(void)state;
	json_begin_object(&json);
	json_member_integer(&json, "a#", 3);
	json_member(&json, BYTES_LITERAL("a\""));
	json_begin_array(&json);
	json_begin_object(&json);
	json_member_integer(&json, "z", 1);
	json_member_integer(&json, "y\n", 2);
	json_end_object(&json);
	json_end_array(&json);
	json_member_integer(&json, "a!", 1);
	json_end_object(&json);
	assert_string_equal(buffer_string(&out),
			    "{\"a!\":1,\"a\\\"\":[{\"y\\n\":2,\"z\":1}],\"a#\":3}");
	buffer_release(&out);
}

/* RFC 8785, 3.2.2.2: short where there is a short form, else \u00xx; nothing else is escaped. */
static const char *escape_of(uint8_t c, char plain[8])
{
	static const char *const forms[] = {
		['"'] = "\\\"", ['\\'] = "\\\\", ['\b'] = "\\b", ['\t'] = "\\t",
		['\n'] = "\\n", ['\f'] = "\\f",  ['\r'] = "\\r"};

	if (c < sizeof(forms) / sizeof(*forms) && forms[c])
		return forms[c];
	snprintf(plain, 8, c < 0x20 ? "\\u%04x" : "%c", c);
	return plain;
}

static void every_byte_is_escaped_that_must_be_wherever_it_stands(void **state)
{
	enum { LENGTH = 20 };

	(void)state;
	for (int c = 0; c < 256; c++)
		for (size_t at = 0; at < LENGTH; at++) {
			uint8_t text[LENGTH];
			char plain[8], expected[64];
			struct buffer out = {0};
			struct json_writer json = {.out = &out};

			memset(text, 'x', sizeof(text));
			text[at] = (uint8_t)c;
			snprintf(expected, sizeof(expected), "\"%.*s%s%.*s\"", (int)at,
				 "xxxxxxxxxxxxxxxxxxxx", escape_of((uint8_t)c, plain),
				 (int)(LENGTH - 1 - at), "xxxxxxxxxxxxxxxxxxxx");
			json_write_string(&json, bytes_of(text, sizeof(text)));
			assert_string_equal(buffer_string(&out), expected);
			buffer_release(&out);
		}
}

static void values_nest(void **state)
{
	struct buffer out = {0};
	struct json_writer json = {.out = &out};

	(void)state;
	json_begin_object(&json);
	json_member(&json, BYTES_LITERAL("z"));
	json_begin_array(&json);
	json_write_integer(&json, -1);
	json_begin_object(&json);
	json_member_boolean(&json, "b", true);
	json_member_integer(&json, "a", 9007199254740991);
	json_end_object(&json);
	json_write_null(&json);
	json_end_array(&json);
	json_member_string(&json, "a", BYTES_LITERAL("\x01\"\\\n\x7f"));
	json_end_object(&json);
	assert_string_equal(buffer_string(&out),
			    "{\"a\":\"\\u0001\\\"\\\\\\n\x7f\","
			    "\"z\":[-1,{\"a\":9007199254740991,\"b\":true},null]}");
	buffer_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_sorted_by_utf16_units),
		cmocka_unit_test(names_that_are_escaped_are_sorted_by_what_they_say),
		cmocka_unit_test(every_byte_is_escaped_that_must_be_wherever_it_stands),
		cmocka_unit_test(values_nest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
