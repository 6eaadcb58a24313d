#include "test.h"

#include "contract/words.h"

static const char *sentence(void **state, enum reason_code code, const struct words_parts *parts)
{
	return words_reason(code, parts, *state);
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

static void parts_take_their_places(void **state)
{
	struct words_parts parts = {
		.word = BYTES_LITERAL("leg.area"),
		.found = BYTES_LITERAL("PH"),
		.expected = BYTES_LITERAL("one of [KR, BE]"),
	};

	assert_string_equal(sentence(state, REASON_FACT_IS_OTHERWISE, &parts),
			    "leg.area is PH, not one of [KR, BE].");
}

static void a_missing_part_makes_another_sentence(void **state)
{
	struct words_parts none = {0}, area = {.word = BYTES_LITERAL("KR")};

	assert_string_equal(sentence(state, REASON_UNMODELLED_LAW, &area),
			    "No law in the registry speaks for KR.");
	assert_string_equal(sentence(state, REASON_UNMODELLED_LAW, &none),
			    "It is not known from where the data goes, so no law speaks for it.");
}

static void what_is_put_in_is_not_read_as_a_template(void **state)
{
	struct words_parts parts = {.text = BYTES_LITERAL("{word} %s")};

	assert_string_equal(sentence(state, REASON_UNKNOWN_PARTY, &parts),
			    "No party '{word} %s' is registered on that day.");
}

static void every_code_has_a_sentence(void **state)
{
	struct words_parts parts = {
		.word = BYTES_LITERAL("w"),
		.text = BYTES_LITERAL("t"),
		.field = BYTES_LITERAL("f"),
		.condition = BYTES_LITERAL("c"),
		.found = BYTES_LITERAL("found"),
		.expected = BYTES_LITERAL("expected"),
	};

	for (int code = REASON_NONE + 1; code < REASON_CODE_COUNT; code++) {
		const char *text = sentence(state, (enum reason_code)code, &parts);

		assert_string_not_equal(text, reason_code_name((enum reason_code)code));
		assert_int_equal(text[strlen(text) - 1], '.');
		assert_null(strchr(text, '{'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_take_their_places),
		cmocka_unit_test(a_missing_part_makes_another_sentence),
		cmocka_unit_test(what_is_put_in_is_not_read_as_a_template),
		cmocka_unit_test(every_code_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
