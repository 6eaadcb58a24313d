/*
 * The canonical gRPC status codes, and how our own errors map to them.
 *
 * The numbers are the protocol's (google.rpc.Code).  Zero is OK here because
 * the wire says so; nothing in this room takes a missing status for OK.
 */
#ifndef CARNET_RPC_STATUS_H
#define CARNET_RPC_STATUS_H

enum rpc_code {
	RPC_OK = 0,
	RPC_CANCELLED = 1,
	RPC_UNKNOWN = 2,
	RPC_INVALID_ARGUMENT = 3,
	RPC_DEADLINE_EXCEEDED = 4,
	RPC_NOT_FOUND = 5,
	RPC_ALREADY_EXISTS = 6,
	RPC_PERMISSION_DENIED = 7,
	RPC_RESOURCE_EXHAUSTED = 8,
	RPC_FAILED_PRECONDITION = 9,
	RPC_ABORTED = 10,
	RPC_OUT_OF_RANGE = 11,
	RPC_UNIMPLEMENTED = 12,
	RPC_INTERNAL = 13,
	RPC_UNAVAILABLE = 14,
	RPC_DATA_LOSS = 15,
	RPC_UNAUTHENTICATED = 16,
};

enum { RPC_CODE_COUNT = 17 };

/* "NOT_FOUND"; a number outside the list reads as "UNKNOWN". */
const char *rpc_status_name(enum rpc_code code);

/* The code that tells a caller about one of our ERR_* (base/error.h). */
enum rpc_code rpc_status_of_error(int error);

/* The ERR_* that tells a program about a code that came back; 0 for RPC_OK. */
int rpc_status_to_error(enum rpc_code code);

#endif
