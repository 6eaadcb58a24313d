#include "test.h"

#include "text/suggest.h"

static const struct {
	const char *word, *best;
} cases[] = {
	{"line-plsu", "line-plus"},
	{"lineplus", "line-plus"},
	{"LINE_PLUS", "line-plus"},
	{"line-plus", "line-plus"},
	{"carier-be", "carrier-be"},
	{"KR", "kr"},
	{"k", "kr"},
	{"zzz", ""},
	{"", ""},
	{"line-corporation", ""},
	{"user.contact.phone", "user.contact.phones"},
};

static const char *const candidates[] = {"kr",         "line-plus", "carrier-kr",
					 "carrier-be", "",          "user.contact.phones"};
enum { CANDIDATES = sizeof(candidates) / sizeof(candidates[0]) };

static void the_nearest_word_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes best =
			suggest_among(bytes_of_string(cases[i].word), candidates, CANDIDATES);

		assert_int_equal(best.size, strlen(cases[i].best));
		if (best.size)
			assert_memory_equal(best.data, cases[i].best, best.size);
	}
}

static void the_order_of_candidates_does_not_matter(void **state)
{
	static const char *const forth[] = {"abd", "abe", "abf"}, *const back[] = {"abf", "abe",
										   "abd"};

	(void)state;
	assert_true(bytes_equal_string(suggest_among(BYTES_LITERAL("abc"), forth, 3), "abd"));
	assert_true(bytes_equal_string(suggest_among(BYTES_LITERAL("abc"), back, 3), "abd"));
}

static void words_of_any_length_are_safe(void **state)
{
	uint8_t word[SUGGEST_SIZE_MAX + 2];
	struct suggestion suggestion;
	char text[SUGGEST_TEXT_SIZE];

	(void)state;
	memset(word, 'a', sizeof(word));
	for (size_t i = 0; i <= sizeof(word); i++) {
		for (size_t k = 0; k <= sizeof(word); k++) {
			suggestion = suggest_for(bytes_of(word, i));
			suggest_offer(&suggestion, bytes_of(word, k));
			if (i && i == k && i <= SUGGEST_SIZE_MAX)
				assert_int_equal(suggestion.distance, 0);
		}
	}
	suggestion = suggest_for(bytes_of(word, SUGGEST_SIZE_MAX));
	suggest_offer(&suggestion, bytes_of(word, SUGGEST_SIZE_MAX));
	assert_int_equal(strlen(suggest_text(&suggestion, text)), SUGGEST_SIZE_MAX + 18);
	suggestion = suggest_for(BYTES_LITERAL("abc"));
	assert_string_equal(suggest_text(&suggestion, text), "");
	suggest_offer(&suggestion, BYTES_LITERAL("abd"));
	assert_string_equal(suggest_text(&suggestion, text), "; did you mean 'abd'?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_word_is_found),
		cmocka_unit_test(the_order_of_candidates_does_not_matter),
		cmocka_unit_test(words_of_any_length_are_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
