#include "server/answers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/*
 * Two generations.  New answers go into the young one; an old one that is asked
 * for moves there.  When the young one is full, it becomes the old one, and what nobody
 * asked for since is forgotten: no clocks, no lists, each step of constant cost.
 */
struct generation {
	struct kept_answer **slots; /* by key, open addressing, at most half full */
	size_t slot_count, count, bytes;
};

struct answers {
	pthread_mutex_t mutex;
	size_t max_bytes; /* of one generation */
	struct generation young, old;
};

enum { SLOTS = 1 << 14 };

static struct generation generation_new(void)
{
	return (struct generation){.slots = memory_new(SLOTS * sizeof(struct kept_answer *)),
				   .slot_count = SLOTS};
}

static void generation_release(struct generation *generation)
{
	for (size_t i = 0; i < generation->slot_count; i++)
		answers_release(generation->slots[i]);
	free(generation->slots);
}

struct answers *answers_new(size_t max_bytes)
{
	struct answers *answers = memory_new(sizeof(*answers));

	pthread_mutex_init(&answers->mutex, NULL);
	answers->max_bytes = max_bytes / 2;
	answers->young = generation_new();
	answers->old = generation_new();
	return answers;
}

void answers_free(struct answers *answers)
{
	if (!answers)
		return;
	generation_release(&answers->young);
	generation_release(&answers->old);
	pthread_mutex_destroy(&answers->mutex);
	free(answers);
}

struct digest answers_key(const Carnet__V1__CheckRequest *request, uint64_t revision, day today,
			  struct arena *scratch)
{
	static char nothing[] = "";
	Carnet__V1__CheckRequest bare = *request;
	struct bytes parts[3];
	uint8_t *packed;

	bare.reference = nothing;
	bare.request_id = nothing;
	bare.min_revision = 0;
	bare.receipt = CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_UNSPECIFIED;
	packed = arena_alloc(scratch, protobuf_c_message_get_packed_size(&bare.base) + 1);
	parts[0] = bytes_of(&revision, sizeof(revision));
	parts[1] = bytes_of(&today, sizeof(today));
	parts[2] = bytes_of(packed, protobuf_c_message_pack(&bare.base, packed));
	return hash_parts(parts, 3);
}

/* The slot that holds the key, or the free one where it goes. */
static struct kept_answer **slot_of(const struct generation *generation, const struct digest *key)
{
	size_t mask = generation->slot_count - 1, at;

	memcpy(&at, key->bytes, sizeof(at));
	for (at &= mask; generation->slots[at]; at = (at + 1) & mask)
		if (hash_equal(&generation->slots[at]->key, key))
			break;
	return &generation->slots[at];
}

static struct kept_answer *hold(struct kept_answer *answer)
{
	atomic_fetch_add_explicit(&answer->references, 1, memory_order_relaxed);
	return answer;
}

static bool is_full(const struct answers *answers, size_t more)
{
	const struct generation *young = &answers->young;

	return young->count * 2 >= young->slot_count || young->bytes + more > answers->max_bytes;
}

/* Takes over a reference. */
static void put(struct answers *answers, struct kept_answer *answer)
{
	size_t bytes = arena_size(answer->arena);
	struct kept_answer **slot;

	if (is_full(answers, bytes)) {
		generation_release(&answers->old);
		answers->old = answers->young;
		answers->young = generation_new();
	}
	slot = slot_of(&answers->young, &answer->key);
	if (*slot) { /* two asked it at the same time */
		answers_release(answer);
		return;
	}
	*slot = answer;
	answers->young.count++;
	answers->young.bytes += bytes;
}

static struct kept_answer *find(struct answers *answers, const struct digest *key)
{
	struct kept_answer *answer = *slot_of(&answers->young, key);

	if (answer)
		return hold(answer);
	answer = *slot_of(&answers->old, key);
	if (!answer)
		return NULL;
	hold(answer); /* before the old generation may be let go */
	put(answers, hold(answer));
	return answer;
}

struct kept_answer *answers_find(struct answers *answers, const struct digest *key)
{
	struct kept_answer *answer;

	pthread_mutex_lock(&answers->mutex);
	answer = find(answers, key);
	pthread_mutex_unlock(&answers->mutex);
	return answer;
}

struct kept_answer *answers_make(struct arena *arena)
{
	struct kept_answer *answer = arena_alloc(arena, sizeof(*answer));

	answer->arena = arena;
	atomic_init(&answer->references, 1);
	return answer;
}

void answers_keep(struct answers *answers, const struct digest *key, struct kept_answer *answer)
{
	answer->key = *key;
	pthread_mutex_lock(&answers->mutex);
	put(answers, hold(answer));
	pthread_mutex_unlock(&answers->mutex);
}

void answers_release(struct kept_answer *answer)
{
	if (answer && atomic_fetch_sub_explicit(&answer->references, 1, memory_order_acq_rel) == 1)
		arena_free(answer->arena);
}
