/*
 * Where answers become permanent: the one writer of the log.
 *
 * Services submit groups of entries from their loops.  One thread takes all
 * that wait, extends the tree, signs one checkpoint for them, and writes
 * everything in one synced LMDB transaction; only then does it hand the groups
 * back, each to its loop.  So nobody ever holds a receipt that a crash could take
 * back.  Batches form by themselves while the one before is being synced.
 *
 * A full disk or a full map refuses the batch (ERR_UNAVAILABLE) and the log goes on when there is
 * room again.  Any other failure of the disk ends the process: what lies on it is not
 * known, and no answer may follow.
 *
 * At start the stored tree must have the root that its checkpoint signs, under our
 * key, and must contain the size and root that the high-water file remembers; else
 * the journal refuses to open: two histories under one origin are worse than none.
 */
#ifndef CARNET_SERVER_JOURNAL_H
#define CARNET_SERVER_JOURNAL_H

#include "base/date.h"
#include "crypto/ed25519.h"
#include "receipt/merkle.h"
#include "rpc/loop.h"
#include "server/batch.h"
#include "server/store_environment.h"

enum {
	JOURNAL_WAITING_DEFAULT = 8192,                /* entries */
	JOURNAL_WAITING_BYTES_MAX = 512 * 1024 * 1024, /* of their values */
	JOURNAL_GROUP_MAX = 16                         /* entries of one group */
};

struct journal;

struct journal_config {
	struct store *store;
	const char *origin;
	const struct ed25519_key *key; /* outlives the journal */
	const char *high_water;        /* a file outside the data folder; NULL: none */
	unsigned waiting;              /* entries that may wait; 0 picks the default */
	bool create;                   /* the log is new: there is no checkpoint yet */
	instant_ms (*clock)(void);     /* NULL: instant_now */
};

/* One receipt on its way. */
struct journal_entry {
	/* in */
	const char *kind; /* "decision", a literal */
	struct digest reg;
	uint64_t reg_rev;
	struct bytes values[DISCLOSURE_COUNT]; /* canonical JSON, alive until done */
	bool with_path;                        /* wants its inclusion path */

	/* out, set when the group is done with code 0 */
	uint64_t index;
	uint64_t iat; /* seconds since 1970 */
	struct batch_leaf leaf;
	const struct digest *path; /* in the group's arena */
	size_t path_count;

	/* private */
	struct batch_entry stored;
};

struct journal_group;

/* Runs on the journal's thread, within the transaction, before the group's
 * entries join the tree, the first of them at `first`.  Returns other than 0
 * to leave the group out, before it has written anything. */
typedef int journal_apply(void *arg, struct store_transaction *transaction, uint64_t first,
			  struct error *error);

/* Runs on the journal's thread when the group is durable, before any answer leaves. */
typedef void journal_committed(void *arg);

/* Runs once, on the group's loop (without one: on the journal's thread). */
typedef void journal_done(void *arg, struct journal_group *group);

/* Entries that become durable together, next to each other, or not at all.
 * The submitter's until submitted, again when done; its arena too. */
struct journal_group {
	struct journal_entry *entries;
	size_t count; /* 1 to JOURNAL_GROUP_MAX */
	struct arena *arena;
	journal_apply *apply;         /* may be NULL */
	journal_committed *committed; /* may be NULL */
	journal_done *done;
	void *arg;      /* for `apply` and `committed` */
	void *done_arg; /* for `done` */
	struct rpc_loop *loop;

	/* out */
	int code;                /* 0: durable; ERR_UNAVAILABLE: no room; what `apply` said */
	struct error error;      /* set if code is not 0 */
	struct bytes checkpoint; /* the note that signs it, good while `done` runs */

	/* private */
	struct journal_group *next;
	size_t bytes;
};

int journal_open(const struct journal_config *config, struct journal **out, struct error *error);

/* Writes what waits, then ends the thread.  Nobody may submit any more. */
void journal_stop(struct journal *journal);

/* Stops it if that was not done; all groups must have been done. */
void journal_close(struct journal *journal);

/*
 * Prepares the entries on the calling thread and queues the group.  ERR_FULL if
 * too much waits: retry later; ERR_LIMIT if a value is too large.  `done` is
 * called exactly if this returns 0, never before it returned when there is a loop.
 */
int journal_submit(struct journal *journal, struct journal_group *group, struct error *error);

/* Submits and waits for a group without loop and `done`; returns its code.  For
 * starting up and for tests, never on a loop. */
int journal_write(struct journal *journal, struct journal_group *group, struct error *error);

const char *journal_origin(const struct journal *journal);
const struct ed25519_public *journal_key(const struct journal *journal);

/* Entries that are durable. */
uint64_t journal_size(struct journal *journal);

/* For metrics; each only grows. */
struct journal_counts {
	uint64_t entries, batches;
	uint64_t shed;    /* groups refused because too much waited */
	uint64_t refused; /* groups refused because there was no room on disk */
};
struct journal_counts journal_counts(struct journal *journal);

#endif
