/*
 * The five values that a decision's receipt discloses (docs/FORMATS.md).
 *
 * Each is canonical JSON (RFC 8785), the same bytes for the same inputs on
 * every machine.  `request`, `evidence` and `outcome` repeat from call to call
 * and are stored once: nothing that is unique to a call stands in them.  What
 * differs per call (instant, reference, facts as asserted, door, trace) stands
 * in `context`.
 */
#ifndef CARNET_CONTRACT_EVIDENCE_H
#define CARNET_CONTRACT_EVIDENCE_H

#include "base/arena.h"
#include "base/date.h"
#include "contract/answer.h"

/* Who asked, how and when; empty views are left out. */
struct evidence_call {
	struct bytes identity; /* SPIFFE URI */
	const struct bytes *roles;
	size_t role_count;
	struct bytes on_behalf_of;
	struct bytes door;       /* "grpc" */
	struct bytes trace;      /* W3C trace id */
	instant_ms instant;      /* the engine's clock; its day is the question's today */
	int64_t registry_age_ms; /* since the registry was last confirmed; a local store: 0 */
};

/* In the order of the receipt's disclosures. */
struct evidence {
	struct bytes subject; /* {identity, on_behalf_of, roles} */
	struct bytes request; /* CheckRequest without facts and what is unique to the call */
	struct bytes
		context; /* {door, facts, instant, reference, registry_age_ms, request_id, trace} */
	struct bytes evidence; /* {absent, records} */
	struct bytes outcome;  /* Decision, as outcome.h trims it */
};

/* The three that are the same for the same answer: request, evidence, outcome.  The
 * bytes live in the arena. */
void evidence_write_answer(const struct asked *asked, const struct decision *decision,
			   const Carnet__V1__Decision *answer, struct arena *arena,
			   struct evidence *out);

/* The two that are the call's own: subject, context. */
void evidence_write_call(const Carnet__V1__CheckRequest *request, const struct evidence_call *call,
			 struct arena *arena, struct evidence *out);

/* What a search was asked, beside its question. */
struct evidence_search {
	const char *open;   /* "recipient" */
	struct bytes after; /* the word it went on after; empty: from the first on */
	uint32_t page_size;
	struct bytes outcome; /* find_outcome's */
};

/*
 * The same for an answer of a search; `request` is {after, open, page_size, question}.  It
 * has no evidence of its own: what it looked at is every word of the registry that could
 * stand in the open place, and the leaf names the registry.
 */
void evidence_write_search(const struct asked *asked, const struct evidence_search *search,
			   const struct evidence_call *call, struct arena *arena,
			   struct evidence *out);

/* Canonical JSON of the request as its sender wrote it, without request_id: two
 * requests under one request_id are the same if these are. */
struct bytes evidence_of_body(const Carnet__V1__CheckRequest *request, struct arena *arena);

#endif
