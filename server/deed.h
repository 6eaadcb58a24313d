/*
 * What the receipts of edits disclose (docs/FORMATS.md): who did what to the
 * registry, as canonical JSON.  Change sets go by their digest: the registry
 * keeps them, and a receipt must stay small.
 */
#ifndef CARNET_SERVER_DEED_H
#define CARNET_SERVER_DEED_H

#include "carnet/v1/registry.pb-c.h"
#include "receipt/leaf.h"
#include "server/caller.h"
#include "server/revision_header.h"

/* Who did it, and when. */
struct deed {
	const struct caller *caller;
	struct bytes person; /* the record's id */
	instant_ms instant;
	struct bytes request_id;
};

/*
 * subject {identity, person, roles}, request {base_revision, proposal, reason},
 * context {door, instant, on_behalf_of, request_id, trace}, outcome {proposal, state}
 */
void deed_proposal(const struct deed *deed, const Carnet__V1__Proposal *proposal,
		   struct arena *arena, struct bytes values[DISCLOSURE_COUNT]);

/* The same; outcome {proposal, revision, revision_digest, state}. */
void deed_approval(const struct deed *deed, const Carnet__V1__Proposal *proposal,
		   const struct revision_header *header, struct arena *arena,
		   struct bytes values[DISCLOSURE_COUNT]);

/* subject {node}, outcome {change_set, instant, number, previous, proposal,
 * reason, records}: digests as base64url; those of zero are left out. */
void deed_revision(const struct revision_header *header, const char *node, struct arena *arena,
		   struct bytes values[DISCLOSURE_COUNT]);

/* Whether leaf and disclosures fit into a receipt file: PROOF_EXTRA_MAX bytes. */
bool deed_fits(const struct bytes values[DISCLOSURE_COUNT]);

/*
 * Of values that do not fit, the largest are replaced by {sha256, size} until
 * they do; never an outcome of at most OUTCOME_CORE_MAX bytes, which must say what was decided:
 * give one that may be larger as its core (contract/outcome.h).
 */
void deed_fit(struct bytes values[DISCLOSURE_COUNT], struct arena *arena);

#endif
