#include "server/store_requests.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* One id, in a chain with others of its bucket. */
struct entry {
	struct digest key;
	uint64_t index;
	size_t next; /* number of the entry; 0: none */
};

/* Entries count from 1; they are a ring, in the order in which they came. */
struct store_requests {
	pthread_mutex_t mutex;
	size_t limit, added;
	struct entry *entries;
	size_t *heads, head_count; /* a power of two */
};

struct store_requests *store_requests_new(size_t limit)
{
	struct store_requests *requests = memory_new(sizeof(*requests));

	pthread_mutex_init(&requests->mutex, NULL);
	requests->limit = limit;
	requests->entries = memory_new((limit + 1) * sizeof(*requests->entries));
	for (requests->head_count = 1; requests->head_count < limit; requests->head_count *= 2)
		;
	requests->heads = memory_new(requests->head_count * sizeof(*requests->heads));
	return requests;
}

void store_requests_free(struct store_requests *requests)
{
	if (!requests)
		return;
	pthread_mutex_destroy(&requests->mutex);
	free(requests->entries);
	free(requests->heads);
	free(requests);
}

/* Keys are digests: any bytes of them are as good as a hash. */
static size_t *head_of(const struct store_requests *requests, const struct digest *key)
{
	uint64_t hash;

	memcpy(&hash, key->bytes, sizeof(hash));
	return &requests->heads[hash & (requests->head_count - 1)];
}

/* The number of its entry; 0: there is none. */
static size_t number_of(const struct store_requests *requests, const struct digest *key)
{
	size_t number = *head_of(requests, key);

	while (number && !hash_equal(&requests->entries[number].key, key))
		number = requests->entries[number].next;
	return number;
}

bool store_requests_find(struct store_requests *requests, const struct digest *key, uint64_t *index)
{
	size_t number;

	pthread_mutex_lock(&requests->mutex);
	number = number_of(requests, key);
	if (number)
		*index = requests->entries[number].index;
	pthread_mutex_unlock(&requests->mutex);
	return number != 0;
}

static void unlink_entry(struct store_requests *requests, size_t number)
{
	size_t *at = head_of(requests, &requests->entries[number].key);

	while (*at != number)
		at = &requests->entries[*at].next;
	*at = requests->entries[number].next;
}

static bool add(struct store_requests *requests, const struct digest *key, uint64_t index,
		uint64_t *gone)
{
	bool full = requests->added >= requests->limit;
	size_t number = requests->added++ % requests->limit + 1, *head;

	if (full) {
		*gone = requests->entries[number].index;
		unlink_entry(requests, number);
	}
	head = head_of(requests, key); /* which may just have changed */
	requests->entries[number] = (struct entry){*key, index, *head};
	*head = number;
	return full;
}

bool store_requests_add(struct store_requests *requests, const struct digest *key, uint64_t index,
			uint64_t *gone)
{
	bool full = false;
	size_t again;

	pthread_mutex_lock(&requests->mutex);
	/* Tried before, by a transaction that came to nothing: it pushes nobody out. */
	again = number_of(requests, key);
	if (again)
		requests->entries[again].index = index;
	else
		full = add(requests, key, index, gone);
	pthread_mutex_unlock(&requests->mutex);
	return full;
}
