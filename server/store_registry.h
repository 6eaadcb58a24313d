/*
 * The registry in the store: every version of every record, the chain of
 * revisions, change sets, proposals, and what came of request ids.
 *
 * Nothing is ever overwritten but a proposal, which moves through its states.
 */
#ifndef CARNET_SERVER_STORE_REGISTRY_H
#define CARNET_SERVER_STORE_REGISTRY_H

#include "carnet/v1/registry.pb-c.h"
#include "registry/record_set.h"
#include "server/revision_header.h"
#include "server/store_environment.h"

/* One version of a slice. */
void store_registry_put_record(struct store_transaction *transaction,
			       const struct record_slice *slice);

/* Adds every version of every slice to an open set, with the digests that are
 * stored; `verify` computes them again and refuses what differs. */
int store_registry_load(struct store_transaction *transaction, bool verify, struct record_set *set,
			struct error *error);

void store_registry_put_revision(struct store_transaction *transaction,
				 const struct revision_header *header);

/* False if there is no such revision; texts point into the map. */
bool store_registry_revision(struct store_transaction *transaction, uint64_t number,
			     struct revision_header *out);
bool store_registry_newest(struct store_transaction *transaction, struct revision_header *out);

/* Canonical JSON of a change set, under its digest. */
void store_registry_put_change_set(struct store_transaction *transaction,
				   const struct digest *digest, struct bytes json);
bool store_registry_change_set(struct store_transaction *transaction, const struct digest *digest,
			       struct bytes *json);

/* A proposal by its change set's digest. */
void store_registry_put_proposal(struct store_transaction *transaction, const struct digest *digest,
				 const Carnet__V1__Proposal *proposal);

/* The message is the caller's: carnet__v1__proposal__free_unpacked(it, NULL). */
bool store_registry_proposal(struct store_transaction *transaction, const struct digest *digest,
			     Carnet__V1__Proposal **out);

/*
 * Request ids, each caller's own: the digest of the request's body, the log
 * index of what was done, and the answer.  The last STORE_REQUESTS_MAX of all
 * callers together are kept (store_requests.h); older ones are forgotten.
 */
struct store_registry_request {
	struct digest body;
	uint64_t index;
	struct bytes answer; /* in the map */
};

enum { STORE_REGISTRY_REQUEST_ID_MAX = 128 };

/* In the order of their indexes. */
void store_registry_put_request(struct store_transaction *transaction, struct bytes who,
				struct bytes id, const struct store_registry_request *request);
bool store_registry_request(struct store_transaction *transaction, struct bytes who,
			    struct bytes id, struct store_registry_request *out);

#endif
