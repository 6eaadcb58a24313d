#include "test.h"

#include <pthread.h>
#include <stdio.h>

#include "crypto/hash.h"

static void assert_digest(struct digest digest, const char *hex)
{
	char text[2 * DIGEST_SIZE + 1];

	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", digest.bytes[i]);
	assert_string_equal(text, hex);
}

#define OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void digests_are_those_of_fips_180(void **state)
{
	(void)state;
	assert_digest(hash_of(BYTES_LITERAL("")), OF_NOTHING);
	assert_digest(hash_of(bytes_of(NULL, 0)), OF_NOTHING);
	assert_digest(hash_of(BYTES_LITERAL("abc")), OF_ABC);
	assert_digest(hash_of(BYTES_LITERAL("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmno"
					    "mnopnopq")),
		      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void pieces_hash_like_the_whole(void **state)
{
	struct bytes parts[] = {BYTES_LITERAL("a"), {NULL, 0}, BYTES_LITERAL("bc")};
	struct hash *hash = hash_new();

	(void)state;
	assert_digest(hash_parts(parts, 3), OF_ABC);
	for (int round = 0; round < 2; round++) {
		hash_add(hash, parts[0]);
		hash_of(BYTES_LITERAL("another input in between"));
		hash_add(hash, parts[2]);
		assert_digest(hash_end(hash), OF_ABC);
	}
	assert_digest(hash_end(hash), OF_NOTHING);
	hash_free(hash);
	hash_free(NULL);
}

static void *hash_in_thread(void *out)
{
	for (int i = 0; i < 1000; i++)
		*(struct digest *)out = hash_of(BYTES_LITERAL("abc"));
	return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
	pthread_t threads[4];
	struct digest digests[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_in_thread, &digests[i]), 0);
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_digest(digests[i], OF_ABC);
	}
}

static void digests_are_read_and_compared(void **state)
{
	struct digest a = hash_of(BYTES_LITERAL("a")), b;

	(void)state;
	assert_true(hash_read(hash_view(&a), &b));
	assert_true(hash_equal(&a, &b));
	b.bytes[31] ^= 1;
	assert_false(hash_equal(&a, &b));
	assert_int_not_equal(hash_compare(&a, &b), 0);
	assert_false(hash_read(bytes_of(a.bytes, 31), &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_fips_180),
		cmocka_unit_test(pieces_hash_like_the_whole),
		cmocka_unit_test(threads_do_not_disturb_each_other),
		cmocka_unit_test(digests_are_read_and_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
