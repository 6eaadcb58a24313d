#include "crypto/random.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

enum { POOL_SIZE = 4096 };

struct pool {
	uint8_t bytes[POOL_SIZE];
	size_t used;         /* how many of them are gone */
	unsigned generation; /* of the process that drew them */
};

static _Thread_local struct pool pool;
static atomic_uint generation; /* 0 until the first use, then one more per fork */
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void next_generation(void)
{
	atomic_fetch_add(&generation, 1);
}

static void prepare(void)
{
	next_generation();
	if (pthread_atfork(NULL, NULL, next_generation)) {
		fprintf(stderr, "cannot watch for fork()\n");
		abort();
	}
}

static void draw(void *out, size_t size)
{
	if (RAND_bytes(out, (int)size) == 1)
		return;
	fprintf(stderr, "the system has no randomness\n");
	abort();
}

static void refill(unsigned now)
{
	draw(pool.bytes, POOL_SIZE);
	pool.used = 0;
	pool.generation = now;
}

static void take(uint8_t *out, size_t size)
{
	unsigned now;

	pthread_once(&prepared, prepare);
	now = atomic_load(&generation);
	if (pool.generation != now || POOL_SIZE - pool.used < size)
		refill(now);
	memcpy(out, pool.bytes + pool.used, size);
	OPENSSL_cleanse(pool.bytes + pool.used, size);
	pool.used += size;
}

void random_fill(void *out, size_t size)
{
	uint8_t *at = out;

	while (size) {
		size_t step = size < POOL_SIZE ? size : POOL_SIZE;

		take(at, step);
		at += step;
		size -= step;
	}
}

const char *random_id(char out[RANDOM_ID_SIZE])
{
	uint8_t bytes[(RANDOM_ID_SIZE - 1) / 2];

	random_fill(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return out;
}
