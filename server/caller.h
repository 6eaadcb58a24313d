/*
 * Who asks, through which door, until when.
 *
 * A door makes one per call, from what its transport has proved; services
 * believe it.  Lives as long as the call.
 */
#ifndef CARNET_SERVER_CALLER_H
#define CARNET_SERVER_CALLER_H

#include "contract/evidence.h"
#include "rpc/loop.h"
#include "server/access.h"
#include "server/failure.h"

struct caller {
	struct bytes identity; /* SPIFFE URI; empty: nobody proved one */
	struct access_grant grant;
	struct bytes role_names[ROLE_COUNT]; /* of the grant */
	size_t role_count;
	struct bytes on_behalf_of; /* as the caller says; may be empty */
	struct bytes door;         /* "grpc" */
	struct bytes trace;        /* W3C trace id; may be empty */
	struct rpc_loop *loop;     /* where its answers go */
	int64_t deadline;          /* on rpc_loop_now's clock; 0: none */
	/* False once nobody waits for the answer any more: long work may stop.  For
	 * `loop`'s thread; NULL: somebody does. */
	bool (*waits)(void *door_call);
	void *door_call;
};

/* The trace id of a W3C traceparent, 00-<32 digits>-<16 digits>-<2 digits>; empty if it is none. */
struct bytes caller_trace(struct bytes header);

/* What a caller says of itself, kept only as text that a receipt can hold; else empty. */
struct bytes caller_on_behalf_of(struct bytes header);

/* Fills in grant and role names from the identity that is set. */
void caller_grant(struct caller *caller, const Carnet__V1__ServerConfig *config,
		  struct arena *arena);

/* True if the caller has one of the roles (bits); else the failure says which
 * are needed: UNAUTHENTICATED without an identity, PERMISSION_DENIED with one. */
bool caller_may(const struct caller *caller, unsigned roles, struct arena *arena,
		struct failure *failure);

/* True if a checker may ask for this exporter. */
bool caller_may_export(const struct caller *caller, struct bytes exporter, struct arena *arena,
		       struct failure *failure);

/* What a receipt says of the call. */
struct evidence_call caller_evidence(const struct caller *caller, instant_ms instant);

#endif
