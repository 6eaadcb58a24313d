/* A folder of a test's own, with a log in it. */
#ifndef CARNET_TESTS_SERVER_SANDBOX_H
#define CARNET_TESTS_SERVER_SANDBOX_H

#include "test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "server/journal.h"

#define SANDBOX_ORIGIN "log.example/n1-2026h2"

struct sandbox {
	char root[64];
	char data[96], mark[96];
	struct ed25519_key *key;
	struct store *store;
	struct journal *journal;
	struct arena *arena;
	struct error error;
};

static inline int sandbox_remove_one(const char *path, const struct stat *info, int kind,
				     struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

static inline void sandbox_remove(const char *root)
{
	nftw(root, sandbox_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void sandbox_copy(const char *from, const char *to)
{
	struct buffer content = {0};
	struct error error;

	assert_int_equal(file_read(from, SIZE_MAX, &content, &error), 0);
	assert_int_equal(file_write(to, buffer_bytes(&content), 0600, &error), 0);
	buffer_release(&content);
}

/* Leaves the parts that could not be opened NULL, and says why in the error. */
static inline int sandbox_open_with(struct sandbox *box, bool create, uint32_t mib,
				    instant_ms (*clock)(void))
{
	struct journal_config config = {.origin = SANDBOX_ORIGIN,
					.key = box->key,
					.high_water = box->mark,
					.create = create,
					.clock = clock};
	int rc = store_environment_open(box->data, mib, create, &box->store, &box->error);

	if (rc)
		return rc;
	config.store = box->store;
	return journal_open(&config, &box->journal, &box->error);
}

static inline int sandbox_open(struct sandbox *box, bool create)
{
	return sandbox_open_with(box, create, 64, NULL);
}

static inline void sandbox_close(struct sandbox *box)
{
	journal_close(box->journal);
	store_environment_close(box->store);
	box->journal = NULL;
	box->store = NULL;
}

/* A folder and a key, nothing opened. */
static inline void sandbox_make(struct sandbox *box)
{
	*box = (struct sandbox){0};
	snprintf(box->root, sizeof(box->root), "/tmp/carnet-test-XXXXXX");
	assert_non_null(mkdtemp(box->root));
	snprintf(box->data, sizeof(box->data), "%s/data", box->root);
	snprintf(box->mark, sizeof(box->mark), "%s/high-water", box->root);
	assert_int_equal(mkdir(box->data, 0700), 0);
	box->key = ed25519_generate();
	box->arena = arena_new(0);
}

static inline void sandbox_release(struct sandbox *box)
{
	sandbox_close(box);
	ed25519_free(box->key);
	arena_free(box->arena);
	sandbox_remove(box->root);
}

/* An entry that can be told from others by `number`. */
static inline struct journal_entry sandbox_entry(struct sandbox *box, unsigned number)
{
	struct journal_entry entry = {.kind = "decision", .reg_rev = 7, .with_path = true};

	entry.values[DISCLOSURE_SUBJECT] = BYTES_LITERAL("{\"identity\":\"spiffe://a/b\"}");
	entry.values[DISCLOSURE_REQUEST] = BYTES_LITERAL("{\"purpose\":\"test\"}");
	entry.values[DISCLOSURE_CONTEXT] =
		bytes_of_string(arena_printf(box->arena, "{\"reference\":\"%u\"}", number));
	entry.values[DISCLOSURE_OUTCOME] = BYTES_LITERAL("{\"verdict\":\"DENIED\"}");
	return entry;
}

static inline int sandbox_write(struct sandbox *box, unsigned number, struct journal_entry *out)
{
	struct journal_group group = {.entries = out, .count = 1, .arena = box->arena};

	*out = sandbox_entry(box, number);
	return journal_write(box->journal, &group, &box->error);
}

#endif
