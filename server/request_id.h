/*
 * Requests that were asked before: the same id with the same body has the first
 * answer, with another body it is an error.  Ids are each caller's own.
 */
#ifndef CARNET_SERVER_REQUEST_ID_H
#define CARNET_SERVER_REQUEST_ID_H

#include "server/caller.h"
#include "server/store_registry.h"

enum request_id_state {
	REQUEST_ID_NEW,    /* or none was given */
	REQUEST_ID_KNOWN,  /* the same body: `out` is what came of it */
	REQUEST_ID_FAILED, /* see the failure */
};

/* The digest of a body, under the method's name. */
struct digest request_id_body(const char *method, struct bytes body);

/* Looks an id up; the answer is copied into the arena.  Any thread. */
enum request_id_state request_id_look_up(struct store *store, struct bytes who, const char *id,
					 const struct digest *body, struct arena *arena,
					 struct store_registry_request *out,
					 struct failure *failure);

#endif
