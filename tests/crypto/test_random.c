#include "test.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/random.h"

static void ids_do_not_repeat(void **state)
{
	enum { COUNT = 2000 };
	static char ids[COUNT][RANDOM_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(strlen(random_id(ids[i])), 32);
		assert_int_equal(strspn(ids[i], "0123456789abcdef"), 32);
	}
	qsort(ids, COUNT, sizeof(ids[0]), (int (*)(const void *, const void *))(void *)strcmp);
	for (size_t i = 1; i < COUNT; i++)
		assert_string_not_equal(ids[i - 1], ids[i]);
}

static void any_size_is_filled_whole(void **state)
{
	static const size_t sizes[] = {1, 31, 4095, 4096, 4097, 10000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint8_t *seen = calloc(1, sizes[i] + 1), *data = calloc(1, sizes[i] + 1);

		/* A byte that was not filled would stay zero through all the rounds. */
		for (int round = 0; round < 16; round++) {
			random_fill(data, sizes[i]);
			for (size_t k = 0; k <= sizes[i]; k++)
				seen[k] |= data[k];
		}
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_not_equal(seen[k], 0);
		assert_int_equal(seen[sizes[i]], 0);
		free(seen);
		free(data);
	}
}

static void a_child_draws_other_bytes_than_its_parent(void **state)
{
	uint8_t first[16], mine[16], theirs[16];
	int ends[2];
	pid_t child;

	(void)state;
	random_fill(first, sizeof(first)); /* the pool is full now */
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		random_fill(theirs, sizeof(theirs));
		_exit(write(ends[1], theirs, sizeof(theirs)) != sizeof(theirs));
	}
	random_fill(mine, sizeof(mine));
	assert_int_equal(read(ends[0], theirs, sizeof(theirs)), sizeof(theirs));
	waitpid(child, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	assert_memory_not_equal(mine, theirs, sizeof(mine));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_do_not_repeat),
		cmocka_unit_test(any_size_is_filled_whole),
		cmocka_unit_test(a_child_draws_other_bytes_than_its_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
