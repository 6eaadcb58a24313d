#include "server/journal.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "contract/version.h"
#include "crypto/random.h"
#include "receipt/checkpoint.h"
#include "server/console.h"
#include "server/growth.h"
#include "server/high_water.h"
#include "server/recovery.h"
#include "server/store_log.h"

static const struct bytes leaf_vct = BYTES_LITERAL("https://carnet.example/receipt/v1");

struct queue {
	struct journal_group *first, **end;
	size_t entries, bytes;
};

struct journal {
	struct store *store;
	char *origin, *iss;
	const struct ed25519_key *key;
	struct vkey vkey;
	struct high_water mark;
	bool has_mark;
	size_t waiting_max;
	instant_ms (*clock)(void);
	struct batch_head head; /* what all leaves of this process share */

	pthread_mutex_t mutex; /* guards from here ... */
	pthread_cond_t wake;
	struct queue queue;
	bool closing;
	uint64_t size;
	struct journal_counts counts; /* ... to here */

	/* the thread's own */
	pthread_t thread;
	bool running;
	struct growth growth;
	struct batch_writer *writer;
	struct arena *scratch;
	uint64_t iat; /* of the last batch */
};

/* The groups of one batch that go to one loop, handed over in one post. */
struct delivery {
	struct journal_group *first, **end;
	struct rpc_loop *loop;
	struct buffer checkpoint;
	struct delivery *next;
};

/* ------------------------------------------------------------------------
 * Submitting */

static void queue_reset(struct queue *queue)
{
	*queue = (struct queue){.end = &queue->first};
	queue->end = &queue->first;
}

static void queue_push(struct queue *queue, struct journal_group *group)
{
	group->next = NULL;
	*queue->end = group;
	queue->end = &group->next;
	queue->entries += group->count;
	queue->bytes += group->bytes;
}

static struct journal_group *queue_pop(struct queue *queue)
{
	struct journal_group *group = queue->first;

	queue->first = group->next;
	if (!queue->first)
		queue->end = &queue->first;
	queue->entries -= group->count;
	queue->bytes -= group->bytes;
	group->next = NULL;
	return group;
}

/* What needs neither time nor place is done on the submitter's thread. */
static void prepare(struct journal *journal, struct journal_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		struct journal_entry *entry = &group->entries[i];

		entry->stored.head = journal->head;
		entry->stored.head.kind = bytes_of_string(entry->kind);
		entry->stored.head.reg = entry->reg;
		entry->stored.head.reg_rev = entry->reg_rev;
		memcpy(entry->stored.values, entry->values, sizeof(entry->values));
		random_fill(entry->stored.seed, sizeof(entry->stored.seed));
		batch_prepare(&entry->stored, group->arena, &entry->leaf);
	}
}

static int measure(struct journal_group *group, struct error *error)
{
	group->bytes = 0;
	for (size_t i = 0; i < group->count; i++)
		for (int k = 0; k < DISCLOSURE_COUNT; k++) {
			size_t size = group->entries[i].values[k].size;

			if (size > BATCH_VALUE_MAX)
				return error_set(
					error, ERR_LIMIT,
					"a disclosed value has %zu bytes, the log takes %d", size,
					BATCH_VALUE_MAX);
			group->bytes += size;
		}
	return 0;
}

static bool has_room(const struct journal *journal, const struct journal_group *group)
{
	return journal->queue.entries + group->count <= journal->waiting_max &&
	       journal->queue.bytes + group->bytes <= JOURNAL_WAITING_BYTES_MAX;
}

/* Under the mutex: shed before preparing, and look again after it. */
static int admit(struct journal *journal, struct journal_group *group, bool push,
		 struct error *error)
{
	bool room;

	pthread_mutex_lock(&journal->mutex);
	room = has_room(journal, group);
	if (room && push) {
		queue_push(&journal->queue, group);
		pthread_cond_signal(&journal->wake);
	}
	if (!room)
		journal->counts.shed++;
	pthread_mutex_unlock(&journal->mutex);
	return room ? 0
		    : error_set(error, ERR_FULL, "too many answers wait to be written; try again");
}

int journal_submit(struct journal *journal, struct journal_group *group, struct error *error)
{
	int rc = measure(group, error);

	group->code = 0;
	if (!rc)
		rc = admit(journal, group, false, error);
	if (rc)
		return rc;
	prepare(journal, group);
	return admit(journal, group, true, error);
}

struct waiter {
	pthread_mutex_t mutex;
	pthread_cond_t done;
	bool finished;
};

static void finish_wait(void *arg, struct journal_group *group)
{
	struct waiter *waiter = arg;

	group->checkpoint = arena_copy(group->arena, group->checkpoint);
	pthread_mutex_lock(&waiter->mutex);
	waiter->finished = true;
	pthread_cond_signal(&waiter->done);
	pthread_mutex_unlock(&waiter->mutex);
}

int journal_write(struct journal *journal, struct journal_group *group, struct error *error)
{
	struct waiter waiter = {.mutex = PTHREAD_MUTEX_INITIALIZER,
				.done = PTHREAD_COND_INITIALIZER};
	int rc;

	group->loop = NULL;
	group->done = finish_wait;
	group->done_arg = &waiter;
	rc = journal_submit(journal, group, error);
	if (rc)
		return rc;
	pthread_mutex_lock(&waiter.mutex);
	while (!waiter.finished)
		pthread_cond_wait(&waiter.done, &waiter.mutex);
	pthread_mutex_unlock(&waiter.mutex);
	if (group->code && error)
		*error = group->error;
	return group->code;
}

/* ------------------------------------------------------------------------
 * Handing back */

static void deliver(void *arg)
{
	struct delivery *delivery = arg;
	struct journal_group *group = delivery->first;

	while (group) {
		struct journal_group *next = group->next; /* `done` may free the group */

		group->checkpoint = buffer_bytes(&delivery->checkpoint);
		group->done(group->done_arg, group);
		group = next;
	}
	buffer_release(&delivery->checkpoint);
	free(delivery);
}

static struct delivery *delivery_for(struct delivery **list, struct rpc_loop *loop,
				     struct bytes checkpoint)
{
	struct delivery *delivery = *list;

	while (delivery && delivery->loop != loop)
		delivery = delivery->next;
	if (delivery)
		return delivery;
	delivery = memory_new(sizeof(*delivery));
	delivery->end = &delivery->first;
	delivery->loop = loop;
	buffer_append(&delivery->checkpoint, checkpoint);
	delivery->next = *list;
	*list = delivery;
	return delivery;
}

static void hand_back(struct journal_group *first, struct bytes checkpoint)
{
	struct delivery *list = NULL, *next;

	for (struct journal_group *group = first, *following; group; group = following) {
		struct delivery *delivery = delivery_for(&list, group->loop, checkpoint);

		following = group->next;
		group->next = NULL;
		*delivery->end = group;
		delivery->end = &group->next;
	}
	for (; list; list = next) {
		next = list->next; /* gone once it is posted */
		if (list->loop)
			rpc_loop_post(list->loop, deliver, list);
		else
			deliver(list);
	}
}

/* ------------------------------------------------------------------------
 * Committing */

/* Takes what waits, whole groups, up to the limits of one batch. */
static struct journal_group *take_batch(struct journal *journal)
{
	struct journal_group *first = NULL, **end = &first;
	size_t entries = 0, bytes = 0;

	pthread_mutex_lock(&journal->mutex);
	while (!journal->queue.first && !journal->closing)
		pthread_cond_wait(&journal->wake, &journal->mutex);
	while (journal->queue.first) {
		const struct journal_group *group = journal->queue.first;

		if (entries + group->count > BATCH_ENTRIES_MAX ||
		    (entries && bytes + group->bytes > BATCH_BYTES_MAX))
			break;
		entries += group->count;
		bytes += group->bytes;
		*end = queue_pop(&journal->queue);
		end = &(*end)->next;
	}
	pthread_mutex_unlock(&journal->mutex);
	return first;
}

static void append_group(struct journal *journal, struct journal_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		struct journal_entry *entry = &group->entries[i];

		entry->index = journal->growth.next.size;
		entry->iat = journal->iat;
		batch_seal(&entry->stored.head, journal->iat, group->arena, &entry->leaf);
		entry->stored.hash = entry->leaf.hash;
		growth_append(&journal->growth, &entry->leaf.hash);
		batch_writer_add(journal->writer, &entry->stored);
	}
}

/* Lets each group into the transaction; those that it cannot take stay out. */
static void apply_groups(struct journal *journal, struct journal_group *first,
			 struct store_transaction *transaction)
{
	uint64_t now = (uint64_t)(journal->clock() / 1000);

	if (now > journal->iat)
		journal->iat = now;
	for (struct journal_group *group = first; group; group = group->next) {
		if (group->apply)
			group->code = group->apply(group->arg, transaction,
						   journal->growth.next.size, &group->error);
		if (!group->code)
			append_group(journal, group);
	}
}

/* A signature that does not verify is a fault of this machine: nothing may leave. */
static int sign(struct journal *journal, struct buffer *note, struct error *error)
{
	struct checkpoint checkpoint;
	struct digest root = merkle_root(&journal->growth.next);
	int rc;

	checkpoint_write(bytes_of_string(journal->origin), journal->growth.next.size, &root,
			 journal->key, note);
	rc = checkpoint_parse(buffer_bytes(note), journal->scratch, &checkpoint, error);
	if (!rc)
		rc = checkpoint_verify(&checkpoint, &journal->vkey, error);
	if (rc)
		error_prefix(error, "the log's own signature");
	return rc;
}

static int write_batch(struct journal *journal, struct store_transaction *transaction,
		       struct bytes note, struct error *error)
{
	struct buffer value = {0};

	batch_writer_finish(journal->writer, journal->iat, &value);
	store_log_put_batch(transaction, journal->growth.tree.size, buffer_bytes(&value));
	buffer_release(&value);
	growth_store(&journal->growth, transaction);
	store_log_put_head(transaction, note);
	return store_environment_commit(transaction, error);
}

static void prove(struct journal *journal, struct journal_entry *entry, struct arena *arena)
{
	struct merkle_path path;
	struct digest *copy;
	struct error error;

	if (growth_prove(&journal->growth, entry->index, &path, &error)) {
		console_error("cannot prove an entry of the log", "reason", error.text, NULL);
		_exit(EXIT_FAILURE);
	}
	copy = arena_array(arena, struct digest, path.count);
	memcpy(copy, path.hashes, path.count * sizeof(*copy));
	entry->path = copy;
	entry->path_count = path.count;
}

static void publish(struct journal *journal, struct journal_group *first)
{
	struct digest root = merkle_root(&journal->growth.next);
	struct error error;

	for (struct journal_group *group = first; group; group = group->next) {
		for (size_t i = 0; !group->code && i < group->count; i++)
			if (group->entries[i].with_path)
				prove(journal, &group->entries[i], group->arena);
		if (!group->code && group->committed)
			group->committed(group->arg);
	}
	pthread_mutex_lock(&journal->mutex);
	journal->counts.entries += journal->growth.next.size - journal->growth.tree.size;
	journal->counts.batches++;
	journal->size = journal->growth.next.size;
	pthread_mutex_unlock(&journal->mutex);
	growth_keep(&journal->growth);
	if (journal->has_mark &&
	    high_water_write(&journal->mark, journal->growth.tree.size, &root, &error))
		console_error("high-water file", "reason", error.text, NULL);
}

/* Nothing of the batch happened; groups that had a fault of their own keep it. */
static void refuse(struct journal *journal, struct journal_group *first, const struct error *error)
{
	uint64_t refused = 0;

	growth_discard(&journal->growth);
	batch_writer_forget(journal->writer);
	for (struct journal_group *group = first; group; group = group->next) {
		if (group->code)
			continue;
		group->code = error->code;
		group->error = *error;
		refused++;
	}
	pthread_mutex_lock(&journal->mutex);
	journal->counts.refused += refused;
	pthread_mutex_unlock(&journal->mutex);
	console_error("a batch of the log was refused", "reason", error->text, NULL);
}

/* The disk failed in a way that leaves open what is on it: no retry, no answer. */
static void end_process(const struct error *error)
{
	console_error("the log cannot go on", "reason", error->text, NULL);
	_exit(EXIT_FAILURE);
}

static void commit_batch(struct journal *journal, struct journal_group *first)
{
	struct store_transaction *transaction;
	struct buffer note = {0};
	struct error error;
	int rc;

	batch_writer_begin(journal->writer, journal->growth.tree.size);
	arena_reset(journal->scratch);
	if (store_environment_write(journal->store, &transaction, &error))
		end_process(&error);
	apply_groups(journal, first, transaction);
	if (journal->growth.next.size == journal->growth.tree.size) {
		rc = store_environment_failure(transaction, &error);
		store_environment_abort(transaction);
	} else {
		rc = sign(journal, &note, &error);
		if (rc)
			end_process(&error);
		rc = write_batch(journal, transaction, buffer_bytes(&note), &error);
		if (!rc)
			publish(journal, first);
	}
	if (rc && rc != ERR_UNAVAILABLE)
		end_process(&error);
	if (rc)
		refuse(journal, first, &error);
	hand_back(first, buffer_bytes(&note));
	buffer_release(&note);
}

static void *run(void *arg)
{
	struct journal *journal = arg;
	struct journal_group *first;

	while ((first = take_batch(journal)) != NULL)
		commit_batch(journal, first);
	return NULL;
}

/* ------------------------------------------------------------------------
 * Opening */

/* A crash may have come between a commit and its mark: it is caught up on. */
static int recover(struct journal *journal, struct error *error)
{
	const struct recovery recovery = {
		.store = journal->store,
		.key = &journal->vkey,
		.mark = journal->has_mark ? &journal->mark : NULL,
	};
	struct digest root;
	int rc = recovery_check(&recovery, &journal->growth, &journal->iat, error);

	if (rc || !journal->has_mark)
		return rc;
	root = merkle_root(&journal->growth.tree);
	return high_water_write(&journal->mark, journal->growth.tree.size, &root, error);
}

static int lay_out(struct journal *journal, struct error *error)
{
	struct store_transaction *transaction;
	int rc;

	if (journal->has_mark && journal->mark.size)
		return error_set(error, ERR_WRONG_STATE,
				 "the high-water file remembers %llu entries of '%s': a new log "
				 "needs a new origin",
				 (unsigned long long)journal->mark.size, journal->origin);
	rc = store_environment_write(journal->store, &transaction, error);
	if (rc)
		return rc;
	store_log_put_origin(transaction, bytes_of_string(journal->origin));
	return store_environment_commit(transaction, error);
}

static struct journal *make(const struct journal_config *config)
{
	struct journal *journal = memory_new(sizeof(*journal));
	struct buffer iss = {0};

	buffer_printf(&iss, "https://%s", config->origin);
	journal->store = config->store;
	journal->origin = memory_copy_string(config->origin);
	journal->iss = memory_copy_string(buffer_string(&iss));
	journal->key = config->key;
	journal->waiting_max = config->waiting ? config->waiting : JOURNAL_WAITING_DEFAULT;
	journal->clock = config->clock ? config->clock : instant_now;
	journal->mark.file = -1;
	vkey_make(bytes_of_string(journal->origin), VKEY_NOTE, ed25519_public_of(config->key),
		  &journal->vkey);
	journal->head = (struct batch_head){.iss = bytes_of_string(journal->iss),
					    .vct = leaf_vct,
					    .eng = bytes_of_string(version_name()),
					    .eng_dig = version_engine()};
	pthread_mutex_init(&journal->mutex, NULL);
	pthread_cond_init(&journal->wake, NULL);
	queue_reset(&journal->queue);
	journal->writer = batch_writer_new();
	journal->scratch = arena_new(0);
	buffer_release(&iss);
	return journal;
}

static int start(struct journal *journal, struct error *error)
{
	int rc = pthread_create(&journal->thread, NULL, run, journal);

	if (rc)
		return error_set(error, ERR_SYSTEM, "cannot start the journal's thread: %s",
				 strerror(rc));
	journal->running = true;
	return 0;
}

int journal_open(const struct journal_config *config, struct journal **out, struct error *error)
{
	struct journal *journal;
	int rc = 0;

	if (!vkey_name_is_valid(bytes_of_string(config->origin)) ||
	    !leaf_text_is_valid(bytes_of_string(config->origin)))
		return error_set(error, ERR_INVALID, "'%s' cannot be the origin of a log",
				 config->origin);
	journal = make(config);
	if (config->high_water) {
		rc = high_water_open(config->high_water, config->origin, &journal->mark, error);
		journal->has_mark = true;
	}
	if (!rc)
		rc = config->create ? lay_out(journal, error) : recover(journal, error);
	journal->size = journal->growth.tree.size;
	if (!rc)
		rc = start(journal, error);
	if (rc) {
		journal_close(journal);
		return rc;
	}
	*out = journal;
	return 0;
}

void journal_stop(struct journal *journal)
{
	if (!journal->running)
		return;
	pthread_mutex_lock(&journal->mutex);
	journal->closing = true;
	pthread_cond_signal(&journal->wake);
	pthread_mutex_unlock(&journal->mutex);
	pthread_join(journal->thread, NULL);
	journal->running = false;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	journal_stop(journal);
	high_water_close(&journal->mark);
	growth_release(&journal->growth);
	batch_writer_free(journal->writer);
	arena_free(journal->scratch);
	pthread_cond_destroy(&journal->wake);
	pthread_mutex_destroy(&journal->mutex);
	free(journal->origin);
	free(journal->iss);
	free(journal);
}

const char *journal_origin(const struct journal *journal)
{
	return journal->origin;
}

const struct ed25519_public *journal_key(const struct journal *journal)
{
	return ed25519_public_of(journal->key);
}

uint64_t journal_size(struct journal *journal)
{
	uint64_t size;

	pthread_mutex_lock(&journal->mutex);
	size = journal->size;
	pthread_mutex_unlock(&journal->mutex);
	return size;
}

struct journal_counts journal_counts(struct journal *journal)
{
	struct journal_counts counts;

	pthread_mutex_lock(&journal->mutex);
	counts = journal->counts;
	pthread_mutex_unlock(&journal->mutex);
	return counts;
}
