/*
 * The data folder: one LMDB environment that holds the registry and the log.
 *
 *	lock        held by the one daemon that may write
 *	data.mdb    everything
 *	lock.mdb    LMDB's own
 *
 * Only files named store_* know LMDB.  What they share stands here: opening,
 * and transactions.  A transaction remembers its first failure, so that steps
 * read straight and are checked once, at the end.
 *
 * Default sync flags: what store_environment_commit has reported as done
 * survives a crash of the machine.  Never used across fork().
 */
#ifndef CARNET_SERVER_STORE_ENVIRONMENT_H
#define CARNET_SERVER_STORE_ENVIRONMENT_H

#include "base/arena.h"
#include "base/error.h"

struct store;
struct store_transaction;
struct store_requests;

/* The format that this program writes, and the newest that it reads. */
enum { STORE_FORMAT = 1, STORE_MIB_DEFAULT = 16384, STORE_READERS_MAX = 1022 };

/* The tables. */
enum store_table {
	STORE_META,      /* name -> value: format, origin, checkpoint */
	STORE_RECORDS,   /* kind 0 id 0 revision from -> digest, record */
	STORE_REVISIONS, /* number -> header */
	STORE_CHANGES,   /* digest -> canonical change set */
	STORE_PROPOSALS, /* digest -> proposal */
	STORE_REQUESTS,  /* log index, digest of who and request id -> what came of it */
	STORE_ENTRIES,   /* index of its first entry -> one batch of the log */
	STORE_NODES,     /* level, group -> up to 32 node hashes */
	STORE_TABLE_COUNT
};

/*
 * Opens the store in an existing folder; with `create`, lays out an empty one.
 * ERR_EXISTS if another daemon holds it, ERR_WRONG_STATE if it was written by a newer
 * program (or, with `create`, if it holds a store already), ERR_NOT_FOUND if
 * there is none.  `mib` is the size it may grow to; 0 picks the default.
 */
int store_environment_open(const char *folder, uint32_t mib, bool create, struct store **out,
			   struct error *error);

/* After the last transaction has ended.  NULL does nothing. */
void store_environment_close(struct store *store);

/* A view of what is committed now.  Any thread, one transaction at a time each;
 * end it soon: pages that it can see are not used again. */
int store_environment_read(struct store *store, struct store_transaction **out,
			   struct error *error);

/* The one writer.  Belongs to the thread that began it; waits for the last. */
int store_environment_write(struct store *store, struct store_transaction **out,
			    struct error *error);

/* Ends a transaction without a trace.  NULL does nothing. */
void store_environment_abort(struct store_transaction *transaction);

/*
 * Makes it durable, and ends it.  0; or the first failure of any step, and
 * nothing happened: ERR_UNAVAILABLE if there is no room (disk or map full).
 * Any other failure of the disk is ERR_SYSTEM: what is on it is not known, and
 * the process must end without another answer.
 */
int store_environment_commit(struct store_transaction *transaction, struct error *error);

/* The first failure so far, or 0. */
int store_environment_failure(const struct store_transaction *transaction, struct error *error);

/* Steps.  Reading yields views into the map, good until the transaction ends or
 * writes.  A missing key is `false`; a failure is remembered, and also `false`. */
bool store_environment_get(struct store_transaction *transaction, enum store_table table,
			   struct bytes key, struct bytes *value);
void store_environment_put(struct store_transaction *transaction, enum store_table table,
			   struct bytes key, struct bytes value);

/* Takes a pair away, if it is there. */
void store_environment_drop(struct store_transaction *transaction, enum store_table table,
			    struct bytes key);

/* As put, for a key that lies behind all others of the table: packs pages full. */
void store_environment_append(struct store_transaction *transaction, enum store_table table,
			      struct bytes key, struct bytes value);

/* The first key at or after `key`; the last key at or before it; the last of all. */
bool store_environment_seek(struct store_transaction *transaction, enum store_table table,
			    struct bytes key, struct bytes *found, struct bytes *value);
bool store_environment_seek_back(struct store_transaction *transaction, enum store_table table,
				 struct bytes key, struct bytes *found, struct bytes *value);
bool store_environment_last(struct store_transaction *transaction, enum store_table table,
			    struct bytes *found, struct bytes *value);

/* Calls `visit` for each pair whose key begins with `prefix`, in order, from
 * `start` on (empty: from the prefix on), until it returns false.  `visit` must
 * not write. */
typedef bool store_visit(void *arg, struct bytes key, struct bytes value);
void store_environment_walk(struct store_transaction *transaction, enum store_table table,
			    struct bytes prefix, struct bytes start, store_visit *visit, void *arg);

/* The request ids used lately, for store_registry. */
struct store_requests *store_environment_requests(struct store_transaction *transaction);

/* Remembers a failure found above: a value that is not what was written. */
int store_environment_fail(struct store_transaction *transaction, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
