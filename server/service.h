/*
 * What the daemon offers, whatever door a call came through.
 *
 * A service function takes a caller and a request, and completes once, on the
 * caller's loop, perhaps before it returns: with an answer, which is durable if
 * it needs to be, or with a failure.  It knows no transport.  Request, caller
 * and arena live until the completion has run; the arena is the call's alone.
 */
#ifndef CARNET_SERVER_SERVICE_H
#define CARNET_SERVER_SERVICE_H

#include <protobuf-c/protobuf-c.h>

#include "server/caller.h"
#include "server/failure.h"
#include "server/daemon.h"

enum { SERVICE_MESSAGE_MAX = 4 * 1024 * 1024, SERVICE_EDIT_MAX = 64 * 1024 * 1024 };

/* Searches at a time over all loops, and how long one page may take where the caller sets no
 * deadline: a loop has other calls to answer. */
enum { SERVICE_SEARCHES_MAX = 16, SERVICE_SEARCH_MS = 60 * 1000 };

/* One of both is NULL; both are good until it returns. */
typedef void service_done(void *arg, const ProtobufCMessage *answer, const struct failure *failure);

struct completion {
	struct arena *arena;
	service_done *done;
	void *arg;
};

/* `request` is of the method's type. */
typedef void service_function(struct daemon *daemon, const struct caller *caller,
			      const ProtobufCMessage *request, const struct completion *completion);

struct service_method {
	const char *path; /* "/carnet.v1.TransferService/Check" */
	const ProtobufCMessageDescriptor *request;
	service_function *function;
	size_t max_message;
};

/* All methods that answer once.  (Health's Watch is the doors' own.) */
const struct service_method *service_methods(size_t *count);

/* Ends a call. */
void service_answer(const struct completion *completion, const ProtobufCMessage *answer);
void service_fail(const struct completion *completion, const struct failure *failure);

/* UNAVAILABLE unless `revision` has reached what the caller asks for. */
bool service_is_recent(uint64_t revision, uint64_t min_revision, struct arena *arena,
		       struct failure *failure);

/* Messages' strings in the arena. */
char *service_base64url(struct bytes data, struct arena *arena);
char *service_receipt_name(const char *origin, uint64_t index, struct arena *arena);

service_function service_unimplemented;
service_function service_transfer_check, service_transfer_batch_check;
service_function service_find_destinations, service_find_recipients;
service_function service_registry_get, service_registry_list, service_registry_history;
service_function service_edit_propose, service_edit_approve;
service_function service_receipt_get, service_receipt_get_checkpoint;
service_function service_health_check;

/* A grpc.health.v1 ServingStatus; SERVICE_UNKNOWN for a name we do not serve. */
int service_health_status(struct daemon *daemon, const char *name);

#endif
