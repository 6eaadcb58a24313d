/*
 * Cases: questions as people write them down, with what must come out.
 *
 * A case lays its `given` records over a registry, asks its question and
 * compares the answer with what it expects.  `carnet check -f` answers cases,
 * `carnet test` compares them, `expectation` records guard a registry with
 * them.
 */
#ifndef CARNET_CONTRACT_CASE_H
#define CARNET_CONTRACT_CASE_H

#include "contract/answer.h"
#include "registry/record_set.h"

/* The registry that cases are asked of; all of it outlives their answers. */
struct case_registry {
	const struct record_set *records; /* for cases with `given` */
	const struct world *world;        /* compiled from `records` */
	uint64_t revision;
	day today;
	struct answer_place place;
};

/* One thing that was expected and did not come. */
struct case_difference {
	const char *what; /* "verdict", a rulebook's id, "reasons", "duties" ... */
	const char *expected, *found;
	const char *text; /* all of it as a sentence */
	/* The opinion that says so; NULL where none does. */
	const Carnet__V1__Opinion *opinion;
};

/* What came out of one case. */
struct case_result {
	Carnet__V1__Decision *decision;            /* NULL if the case could not be asked */
	const struct case_difference *differences; /* none: as expected */
	size_t difference_count;
};

/*
 * Asks one case.  0 if there is an answer, whether or not it is the expected
 * one; ERR_INVALID if the request or a given record is wrong, ERR_LIMIT for too
 * many legs.  Everything lives in the arena.
 */
int case_run(const Carnet__V1__Case *one, const struct case_registry *registry, struct arena *arena,
	     struct case_result *out, struct error *error);

/*
 * Compares an answer with what was expected (registry.proto, Expect), adding a
 * readable sentence per difference: "verdict: expected DENIED, came out
 * PERMITTED".  Empty fields are not compared; `expect` may be NULL.
 */
void case_compare(const Carnet__V1__Expect *expect, const Carnet__V1__Decision *decision,
		  struct arena *arena, struct case_result *out);

/* The case's question with its `given` records in it, as a server is asked it.
 * Shares the case's messages.  The case must have a question. */
Carnet__V1__CheckRequest case_request(const Carnet__V1__Case *one, struct arena *arena);

/* An expectation record as a case: its id, name, question and expectation.
 * Shares the record's messages.  The record must be an expectation. */
Carnet__V1__Case *case_of_expectation(const Carnet__V1__Record *record, struct arena *arena);

#endif
