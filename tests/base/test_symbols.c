#include "test.h"

#include <stdio.h>

#include "base/symbols.h"

static void equal_words_are_one_symbol(void **state)
{
	struct symbols *symbols = symbols_new();
	symbol korea = symbols_add(symbols, BYTES_LITERAL("KR"));

	(void)state;
	assert_int_equal(korea, 1);
	assert_int_equal(symbols_add(symbols, BYTES_LITERAL("KR")), korea);
	assert_int_equal(symbols_find(symbols, BYTES_LITERAL("KR")), korea);
	assert_int_equal(symbols_find(symbols, BYTES_LITERAL("K")), SYMBOL_NONE);
	assert_int_equal(symbols_add(symbols, BYTES_LITERAL("")), SYMBOL_NONE);
	assert_int_equal(symbols_find(symbols, BYTES_LITERAL("")), SYMBOL_NONE);
	assert_true(bytes_equal_string(symbols_text(symbols, korea), "KR"));
	assert_int_equal(symbols_text(symbols, SYMBOL_NONE).size, 0);
	symbols_free(symbols);
}

static void a_hundred_thousand_words_stay_apart(void **state)
{
	struct symbols *symbols = symbols_new();
	char word[16];

	(void)state;
	for (unsigned i = 1; i <= 100000; i++) {
		snprintf(word, sizeof(word), "w%u", i);
		assert_int_equal(symbols_add(symbols, bytes_of_string(word)), i);
	}
	for (unsigned i = 1; i <= 100000; i++) {
		snprintf(word, sizeof(word), "w%u", i);
		assert_int_equal(symbols_find(symbols, bytes_of_string(word)), i);
		assert_true(bytes_equal_string(symbols_text(symbols, i), word));
	}
	assert_int_equal(symbols_last(symbols), 100000);
	symbols_free(symbols);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_words_are_one_symbol),
		cmocka_unit_test(a_hundred_thousand_words_stay_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
