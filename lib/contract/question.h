/*
 * From a request on the wire to a question the engine can judge.
 *
 * Two steps, in this order.  question_check looks at the shape alone and
 * collects everything wrong with it, field by field: what it finds is an error
 * of the caller's (INVALID_ARGUMENT), not a decision.  question_read then looks
 * up every word in a world.  Words that the registry does not know stay in the
 * question as text, and the engine denies by name of the field; nothing here
 * guesses.  decide() itself refuses more than its number of legs.
 *
 * Doors and the command line call both, in one thread per arena.  What they
 * make lives in the arena, points into the request and the world, and is good
 * as long as all three.
 */
#ifndef CARNET_CONTRACT_QUESTION_H
#define CARNET_CONTRACT_QUESTION_H

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "carnet/v1/registry.pb-c.h"
#include "engine/question.h"
#include "engine/world.h"

/* Beyond these a request is malformed. */
enum {
	QUESTION_WORD_MAX = 128,                     /* bytes of an id, a fact's name, a word */
	QUESTION_REFERENCE_MAX = 256,                /* bytes of the caller's own reference */
	QUESTION_REQUEST_ID_MAX = 128,               /* bytes */
	QUESTION_RECIPIENTS_MAX = QUESTION_LEGS_MAX, /* hops of one chain */
	QUESTION_FACTS_MAX = 256,
	QUESTION_PERFORMS_MAX = 256,
	QUESTION_VALUES_MAX = 256,   /* words of one fact */
	QUESTION_AREAS_MAX = 256,    /* per recipient, storage and access together */
	QUESTION_GIVEN_MAX = 1000,   /* records */
	QUESTION_VIOLATIONS_MAX = 50 /* reported of one request */
};

/* One thing wrong with a request, as google.rpc.BadRequest has it. */
struct question_violation {
	const char *field;       /* "recipients[1].storage[0]" */
	const char *description; /* what, and the cure */
};

struct question_violations {
	struct question_violation of[QUESTION_VIOLATIONS_MAX];
	size_t count;
};

/*
 * Whether the request has a shape that can be answered: 0, or ERR_INVALID with
 * the list filled and the first of it as the error's line.  The texts live in
 * the arena.  Needs no registry.
 */
int question_check(const Carnet__V1__CheckRequest *request, struct arena *arena,
		   struct question_violations *violations, struct error *error);

/* The same for a search that leaves open who the last recipient is: nobody need be named there. */
int question_check_open(const Carnet__V1__CheckRequest *request, struct arena *arena,
			struct question_violations *violations, struct error *error);

/* The clock and the registry that a question is asked of. */
struct question_frame {
	const struct world *world; /* for a request with `given`: overlay.h made it */
	day today;
	uint64_t revision; /* the newest that the world holds */
};

/* A question, and what the answer must tell beside the decision. */
struct asked {
	const Carnet__V1__CheckRequest *request;
	const struct world *world;
	struct question question; /* for decide() */
	struct bytes exporter;    /* its id as asked, or as the data-set says; may be empty */
	bool advisory;            /* as_of, known_at or given was used */
	/* Facts that are no term of the caller's, and performances of no known duty:
	 * they count for nothing. */
	const struct bytes *ignored;
	size_t ignored_count;
};

/*
 * Makes the question of a request that question_check has passed.  ERR_INVALID,
 * with the violations, for what only a world can tell: a fact of another type
 * than its term says, a known_at beyond the newest revision, a chain that comes
 * back to the data-set's exporter.
 */
int question_read(const Carnet__V1__CheckRequest *request, const struct question_frame *frame,
		  struct arena *arena, struct asked *out, struct question_violations *violations,
		  struct error *error);

/* Adds one to the list, unless it is full.  The texts are not copied. */
void question_violate(struct question_violations *violations, const char *field,
		      const char *description);

#endif
