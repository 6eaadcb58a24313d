/*
 * Answers that were given, kept to be given again.
 *
 * A decision is a pure function of snapshot, question and day, and services ask
 * the same few questions all day long.  So what depends on these alone is made
 * once: the answer's message, and the three values of its receipt that repeat.
 * Each receipt is new all the same; what differs per call is never kept.
 *
 * An answer is found by the digest of exactly what it depends on: the revision,
 * the day, and the request without what is unique to a call.  So a wrong one
 * cannot be found, and nothing has to be told when the registry changes or the
 * day ends: what is not asked for any more is forgotten, at the latest when
 * the table is full.  Any thread may ask.
 */
#ifndef CARNET_SERVER_ANSWERS_H
#define CARNET_SERVER_ANSWERS_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/date.h"
#include "carnet/v1/transfer.pb-c.h"
#include "contract/evidence.h"
#include "crypto/hash.h"

/* Immutable once kept, with counted references. */
struct kept_answer {
	const Carnet__V1__Decision *decision;
	struct evidence evidence;      /* what evidence_write_answer makes */
	struct digest revision_digest; /* of the registry it rests on */
	uint64_t revision;
	struct bytes exporter; /* whom the caller must be bound to; empty: nobody */
	/* private */
	struct arena *arena;
	struct digest key;
	atomic_uint references;
};

enum { ANSWERS_BYTES = 64 * 1024 * 1024 };

struct answers;

/* Keeps at most about so many bytes. */
struct answers *answers_new(size_t max_bytes);
void answers_free(struct answers *answers);

/* What an answer is found by.  Of requests with `given` records none is kept. */
struct digest answers_key(const Carnet__V1__CheckRequest *request, uint64_t revision, day today,
			  struct arena *scratch);

/* The answer with a reference of the caller's, or NULL. */
struct kept_answer *answers_find(struct answers *answers, const struct digest *key);

/* A blank one with one reference, to be filled in from `arena`, which it takes over. */
struct kept_answer *answers_make(struct arena *arena);

/* From now on it is found. */
void answers_keep(struct answers *answers, const struct digest *key, struct kept_answer *answer);

void answers_release(struct kept_answer *answer); /* NULL does nothing */

#endif
