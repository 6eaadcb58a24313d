/*
 * Where revisions of the registry come from.
 *
 * One interface for whoever decides what the next revision is: the local store
 * today, a cluster tomorrow.  What is committed is decided by its bytes: a
 * revision's instant and its predecessor's digest are made once, by whoever
 * commits it, and everybody applies the same.  Committing ends in one of four
 * ways; applying, which writes a node's own records and its own `revision` leaf,
 * is apart from it (source_apply).
 *
 * The worker's thread calls, one edit at a time; nothing here may be called on
 * a loop.
 */
#ifndef CARNET_SERVER_SOURCE_H
#define CARNET_SERVER_SOURCE_H

#include "carnet/v1/registry.pb-c.h"
#include "receipt/leaf.h"
#include "server/journal.h"
#include "server/snapshot.h"

enum source_outcome {
	SOURCE_UNSPECIFIED,
	SOURCE_DONE,      /* it is durable, and applied here */
	SOURCE_LOST_RACE, /* another revision came first: look again */
	SOURCE_UNKNOWN,   /* it may have happened or not: ask again by request id */
	SOURCE_AWAY,      /* nothing happened; try again later */
};

/* One act on the registry: a proposal made, or approved. */
struct source_commit {
	/* its own leaf */
	const char *kind; /* "proposal", a literal */
	struct bytes values[DISCLOSURE_COUNT];
	struct digest reg; /* the revision it was made under */
	uint64_t reg_rev;

	/* the proposal as it stands afterwards, under its change set's digest */
	struct digest id;
	const Carnet__V1__Proposal *proposal;
	struct bytes change_set; /* canonical JSON */

	/* the caller's request id, if there is one: who, what, and the answer */
	struct bytes who, request_id;
	struct digest body;
	struct bytes answer;

	/* the revision it brings; NULL: none */
	const struct revision_header *header;
	struct snapshot *snapshot;

	/* out */
	uint64_t index; /* of its leaf, with SOURCE_DONE */
};

struct source {
	enum source_outcome (*commit)(struct source *source, struct source_commit *commit,
				      struct error *error);
	void (*free)(struct source *source);
};

/* Waits for the outcome; for every one but SOURCE_DONE the error says why. */
enum source_outcome source_commit(struct source *source, struct source_commit *commit,
				  struct error *error);
void source_free(struct source *source);

/*
 * The source that a single daemon has: its own store.  Commits in one
 * transaction of the journal, and swaps the slot before any answer leaves.
 * `node` is its name, for the leaves.
 */
struct source *source_local_new(struct journal *journal, struct snapshot_slot *slot,
				const char *node);

/* Writes what a revision brought: its records, its header, its change set. */
void source_apply(struct store_transaction *transaction, const struct snapshot *snapshot,
		  const struct revision_header *header);

/* The leaf that tells of it; its values live in the arena. */
struct journal_entry source_leaf(const struct revision_header *header, const char *node,
				 struct arena *arena);

#endif
