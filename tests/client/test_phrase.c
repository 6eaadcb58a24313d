#include "test.h"

#include <stdlib.h>

#include "base/file.h"
#include "client/page.h"
#include "client/phrase.h"

/* The parts that a phrase speaks of, a bit each. */
static unsigned parts_of(struct bytes sentence)
{
	struct bytes head, name;
	unsigned parts = 0;

	while (sentence.data) {
		sentence = bytes_cut(sentence, '{', &head);
		if (!sentence.data)
			break;
		sentence = bytes_cut(sentence, '}', &name);
		if (name.size != 1 || name.data[0] < '1' || name.data[0] > '0' + PHRASE_PARTS_MAX)
			fail_msg("{%.*s} is no part", BYTES_PRINT(name));
		parts |= 1u << (name.data[0] - '1');
	}
	return parts;
}

static void every_language_says_every_phrase_of_the_same_parts(void **state)
{
	(void)state;
	for (int i = 0; i < PHRASE_COUNT; i++)
		for (int language = 0; language < LANGUAGE_COUNT; language++) {
			enum phrase phrase = (enum phrase)i;
			struct bytes english = phrase_sentence(LANGUAGE_ENGLISH, phrase),
				     other = phrase_sentence((enum language)language, phrase);

			assert_non_null(phrase_key(phrase));
			if (other.size && bytes_are_text(other) &&
			    parts_of(english) == parts_of(other))
				continue;
			fail_msg("%s: language %d: '%.*s' is no '%.*s'", phrase_key(phrase),
				 language, BYTES_PRINT(other), BYTES_PRINT(english));
		}
}

static bool is_key(const char *word)
{
	for (int i = 0; i < PHRASE_COUNT; i++)
		if (!strcmp(phrase_key((enum phrase)i), word))
			return true;
	for (int i = REASON_NONE + 1; i < REASON_CODE_COUNT; i++)
		if (!strcmp(reason_code_name((enum reason_code)i), word))
			return true;
	return false;
}

/* A key that nothing reads is a translator's work in vain; one that stands twice hides a line. */
static void no_table_has_a_key_in_vain(void **state)
{
	static const char *const files[] = {SOURCE_ROOT "/lib/contract/words.ko.txt",
					    SOURCE_ROOT "/lib/contract/words.ja.txt"};
	size_t keys = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buffer text = {0};
		struct error error;
		char *line, *rest;

		assert_int_equal(file_read(files[i], 1 << 20, &text, &error), 0);
		line = strtok_r((char *)(uintptr_t)buffer_string(&text), "\n", &rest);
		for (; line; line = strtok_r(NULL, "\n", &rest)) {
			if (*line == '#' || *line == '\t')
				continue;
			if (!is_key(line))
				fail_msg("%s: '%s' is no key", files[i], line);
			keys++;
		}
		buffer_release(&text);
	}
	assert_int_equal(keys, 2 * (PHRASE_COUNT + REASON_CODE_COUNT - 1));
}

static void keys_differ(void **state)
{
	(void)state;
	for (int i = 0; i < PHRASE_COUNT; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(phrase_key((enum phrase)i),
						phrase_key((enum phrase)j));
}

static void verdicts_are_named_as_the_contract_names_them(void **state)
{
	(void)state;
	for (int i = 0; i <= (int)CARNET__V1__VERDICT__VERDICT_DENIED; i++) {
		Carnet__V1__Verdict verdict = (Carnet__V1__Verdict)i;
		struct bytes name = phrase_sentence(LANGUAGE_ENGLISH, phrase_of_verdict(verdict));

		if (!bytes_equal_string(name, page_verdict(verdict)))
			fail_msg("%.*s is not %s", BYTES_PRINT(name), page_verdict(verdict));
	}
	assert_int_equal(phrase_of_verdict((Carnet__V1__Verdict)77), PHRASE_UNSPECIFIED);
	assert_int_equal(phrase_of_verdict((Carnet__V1__Verdict)-1), PHRASE_UNSPECIFIED);
}

static void parts_stand_in_the_order_of_the_language_and_steer_nothing(void **state)
{
	static const struct {
		enum language language;
		const char *text;
	} rows[] = {
		{LANGUAGE_ENGLISH, "{3} from a?b on, within 90 days"},
		{LANGUAGE_KOREAN, "a?b부터 90일 이내 {3}건"},
		{LANGUAGE_JAPANESE, "a?bから90日以内に{3}件"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buffer out = {0};

		phrase_append(rows[i].language, PHRASE_DAYS, PARTS("{3}", "a\033b", "90"), &out);
		assert_string_equal(buffer_string(&out), rows[i].text);
		buffer_release(&out);
	}
}

static void a_language_that_is_none_is_refused(void **state)
{
	enum language language = LANGUAGE_ENGLISH;
	struct error error;

	(void)state;
	assert_int_equal(phrase_language("ja", &language, &error), 0);
	assert_int_equal(language, LANGUAGE_JAPANESE);
	assert_int_equal(phrase_language("fr", &language, &error), ERR_INVALID);
	assert_string_equal(error.text, "--language: 'fr' is none of en, ko, ja");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_language_says_every_phrase_of_the_same_parts),
		cmocka_unit_test(no_table_has_a_key_in_vain),
		cmocka_unit_test(keys_differ),
		cmocka_unit_test(verdicts_are_named_as_the_contract_names_them),
		cmocka_unit_test(parts_stand_in_the_order_of_the_language_and_steer_nothing),
		cmocka_unit_test(a_language_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
