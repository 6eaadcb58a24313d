#include "test.h"

#include "base/file.h"
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

/* ---- Other languages ---- */

/* The parts that a sentence speaks of, a bit each. */
static unsigned parts_of(struct bytes sentence)
{
	static const char *const names[] = {"word",      "text",  "field",
					    "condition", "found", "expected"};
	struct bytes head, name;
	unsigned parts = 0;

	while (sentence.data) {
		sentence = bytes_cut(sentence, '{', &head);
		if (!sentence.data)
			break;
		sentence = bytes_cut(sentence, '}', &name);
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (bytes_equal_string(name, names[i]))
				parts |= 1u << i;
	}
	return parts;
}

static void every_language_says_every_code_of_the_same_parts(void **state)
{
	(void)state;
	for (int code = REASON_NONE + 1; code < REASON_CODE_COUNT; code++)
		for (int language = 0; language < LANGUAGE_COUNT; language++)
			for (int without = 0; without < 2; without++) {
				enum reason_code of = (enum reason_code)code;
				struct bytes english =
					words_sentence(LANGUAGE_ENGLISH, of, without);
				struct bytes other =
					words_sentence((enum language)language, of, without);

				if (!english.size == !other.size && bytes_are_text(other) &&
				    parts_of(english) == parts_of(other))
					continue;
				fail_msg("%s: language %d: '%.*s' is no '%.*s'",
					 reason_code_name(of), language, BYTES_PRINT(other),
					 BYTES_PRINT(english));
			}
}

static void a_sentence_is_said_in_the_language_asked_for(void **state)
{
	struct words_parts parts = {
		.word = BYTES_LITERAL("leg.area"),
		.found = BYTES_LITERAL("CA"),
		.expected = BYTES_LITERAL("CA-QC"),
	};
	enum language language;

	assert_true(words_language(BYTES_LITERAL("ko"), &language));
	assert_string_equal(words_reason_in(language, REASON_FACT_UNKNOWN, &parts, *state),
			    "leg.area 값(CA)으로는 CA-QC 요건에 맞는지 알 수 없다.");
	assert_true(words_language(BYTES_LITERAL("ja"), &language));
	assert_string_equal(words_reason_in(language, REASON_FACT_UNKNOWN, &parts, *state),
			    "leg.areaの値（CA）では要件（CA-QC）を満たすか不明である。");
	assert_string_equal(
		words_reason_in(language, REASON_FACT_UNKNOWN, &(struct words_parts){0}, *state),
		"不明な事実がある。");
	assert_false(words_language(BYTES_LITERAL("fr"), &language));
}

/* ---- The document ---- */

static bool is_code_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '_';
}

/* Takes the next `CODE` of the text; false: there is none. */
static bool next_code(const char **text, char *code, size_t size)
{
	while ((*text = strchr(*text, '`'))) {
		size_t length = 0;

		for ((*text)++; is_code_byte((*text)[length]) && length + 1 < size; length++)
			code[length] = (*text)[length];
		code[length] = '\0';
		*text += length;
		if (length && **text == '`') {
			(*text)++;
			return true;
		}
	}
	return false;
}

/* Section 10 lists the codes that there are, each once, and no others. */
static void the_document_lists_the_codes(void **state)
{
	bool listed[REASON_CODE_COUNT] = {true};
	struct buffer page = {0};
	struct error error;
	const char *at;
	char *end, code[64];

	(void)state;
	assert_int_equal(file_read(SOURCE_ROOT "/docs/DECISIONS.md", 1 << 20, &page, &error), 0);
	at = strstr(buffer_string(&page), "\n## 10. Codes\n");
	assert_non_null(at);
	end = strstr(at, "\n## 11.");
	assert_non_null(end);
	*end = '\0';
	while (next_code(&at, code, sizeof(code))) {
		int found = REASON_NONE + 1;

		while (found < REASON_CODE_COUNT &&
		       strcmp(reason_code_name((enum reason_code)found), code))
			found++;
		if (found == REASON_CODE_COUNT || listed[found])
			fail_msg("%s is no code, or listed twice", code);
		listed[found] = true;
	}
	for (int i = 0; i < REASON_CODE_COUNT; i++)
		if (!listed[i])
			fail_msg("%s is not listed", reason_code_name((enum reason_code)i));
	buffer_release(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_take_their_places),
		cmocka_unit_test(a_missing_part_makes_another_sentence),
		cmocka_unit_test(what_is_put_in_is_not_read_as_a_template),
		cmocka_unit_test(every_code_has_a_sentence),
		cmocka_unit_test(every_language_says_every_code_of_the_same_parts),
		cmocka_unit_test(a_sentence_is_said_in_the_language_asked_for),
		cmocka_unit_test(the_document_lists_the_codes),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
