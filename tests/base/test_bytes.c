#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

static void text_is_well_formed_utf8_without_nul(void **state)
{
	static const char *const good[] = {
		"", "a", "\xed\x95\x9c", "\xf0\x9f\x98\x80", "\x7f", "\xf4\x8f\xbf\xbf"};
	static const struct bytes bad[] = {
		BYTES_LITERAL("a\0b"),
		BYTES_LITERAL("\xc0\x80"),
		BYTES_LITERAL("\x80"),
		BYTES_LITERAL("\xed\xa0\x80"),
		BYTES_LITERAL("\xe0\x80\x80"),
		BYTES_LITERAL("\xed\x95"),
		BYTES_LITERAL("\xf4\x90\x80\x80"),
		BYTES_LITERAL("\xff"),
		BYTES_LITERAL("\xf0\x80\x80\x80"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(bytes_are_text(bytes_of_string(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(bytes_are_text(bad[i]));
}

static void cutting_tells_an_empty_rest_from_none(void **state)
{
	struct bytes head, rest = bytes_cut(BYTES_LITERAL("a:b:"), ':', &head);

	(void)state;
	assert_true(bytes_equal_string(head, "a"));
	rest = bytes_cut(rest, ':', &head);
	assert_true(bytes_equal_string(head, "b"));
	assert_int_equal(rest.size, 0);
	assert_non_null(rest.data);
	rest = bytes_cut(BYTES_LITERAL("abc"), ':', &head);
	assert_null(rest.data);
	assert_true(bytes_equal_string(head, "abc"));
}

static void an_arena_hands_out_zeroed_memory_after_reset(void **state)
{
	struct arena *arena = arena_new(64);

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t size = 1; size < 5000; size += 97) {
			uint8_t *memory = arena_alloc(arena, size);

			for (size_t i = 0; i < size; i++)
				assert_int_equal(memory[i], 0);
			memset(memory, 0xa5, size);
		}
		assert_string_equal(arena_printf(arena, "%d-%s", round, "x") + 1, "-x");
		arena_reset(arena);
		assert_int_equal(arena_used(arena), 0);
	}
	arena_free(arena);
}

static int collect(void *arg, const char *path, struct error *error)
{
	(void)error;
	buffer_printf(arg, "%s ", strrchr(path, '/') + 1);
	return 0;
}

static void folders_are_walked_in_byte_order(void **state)
{
	char folder[] = "/tmp/carnet-test-XXXXXX";
	static const char *const names[] = {"b/z.yaml", "b/.hidden.yaml", "a.yaml", "c.txt",
					    "B.yaml"};
	struct buffer seen = {0}, path = {0};
	struct error error;

	(void)state;
	assert_non_null(mkdtemp(folder));
	buffer_printf(&path, "%s/b/deep", folder);
	assert_int_equal(file_make_folder(buffer_string(&path), 0700, &error), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		buffer_clear(&path);
		buffer_printf(&path, "%s/%s", folder, names[i]);
		assert_int_equal(file_write(buffer_string(&path), BYTES_LITERAL("x"), 0600, &error),
				 0);
	}
	assert_int_equal(file_walk(folder, ".yaml", collect, &seen, &error), 0);
	assert_string_equal(buffer_string(&seen), "B.yaml a.yaml z.yaml ");

	buffer_clear(&seen);
	assert_int_equal(file_read(buffer_string(&path), 0, &seen, &error), ERR_LIMIT);
	buffer_clear(&path);
	buffer_printf(&path, "rm -r %s", folder);
	assert_int_equal(system(buffer_string(&path)), 0);
	assert_int_equal(file_read(folder, 10, &seen, &error), ERR_NOT_FOUND);
	buffer_release(&seen);
	buffer_release(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_well_formed_utf8_without_nul),
		cmocka_unit_test(cutting_tells_an_empty_rest_from_none),
		cmocka_unit_test(an_arena_hands_out_zeroed_memory_after_reset),
		cmocka_unit_test(folders_are_walked_in_byte_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
