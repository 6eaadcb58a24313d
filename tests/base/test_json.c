#include "test.h"

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
		cmocka_unit_test(values_nest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
