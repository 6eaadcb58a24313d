#include "rpc/status.h"

#include "base/error.h"

static const struct {
	const char *name;
	int error;
} codes[RPC_CODE_COUNT] = {
	[RPC_OK] = {"OK", 0},
	[RPC_CANCELLED] = {"CANCELLED", ERR_WRONG_STATE},
	[RPC_UNKNOWN] = {"UNKNOWN", ERR_SYSTEM},
	[RPC_INVALID_ARGUMENT] = {"INVALID_ARGUMENT", ERR_INVALID},
	[RPC_DEADLINE_EXCEEDED] = {"DEADLINE_EXCEEDED", ERR_TIMEOUT},
	[RPC_NOT_FOUND] = {"NOT_FOUND", ERR_NOT_FOUND},
	[RPC_ALREADY_EXISTS] = {"ALREADY_EXISTS", ERR_EXISTS},
	[RPC_PERMISSION_DENIED] = {"PERMISSION_DENIED", ERR_DENIED},
	[RPC_RESOURCE_EXHAUSTED] = {"RESOURCE_EXHAUSTED", ERR_FULL},
	[RPC_FAILED_PRECONDITION] = {"FAILED_PRECONDITION", ERR_WRONG_STATE},
	[RPC_ABORTED] = {"ABORTED", ERR_CONFLICT},
	[RPC_OUT_OF_RANGE] = {"OUT_OF_RANGE", ERR_INVALID},
	[RPC_UNIMPLEMENTED] = {"UNIMPLEMENTED", ERR_WRONG_STATE},
	[RPC_INTERNAL] = {"INTERNAL", ERR_SYSTEM},
	[RPC_UNAVAILABLE] = {"UNAVAILABLE", ERR_UNAVAILABLE},
	[RPC_DATA_LOSS] = {"DATA_LOSS", ERR_CORRUPT},
	[RPC_UNAUTHENTICATED] = {"UNAUTHENTICATED", ERR_UNAUTHENTICATED},
};

static int is_code(enum rpc_code code)
{
	return (unsigned)code < RPC_CODE_COUNT;
}

const char *rpc_status_name(enum rpc_code code)
{
	return codes[is_code(code) ? code : RPC_UNKNOWN].name;
}

enum rpc_code rpc_status_of_error(int error)
{
	switch (error) {
	case 0:
		return RPC_OK;
	case ERR_LIMIT:
		return RPC_RESOURCE_EXHAUSTED;
	case ERR_WRONG_STATE:
		return RPC_FAILED_PRECONDITION;
	case ERR_SYSTEM:
		return RPC_INTERNAL;
	case ERR_INVALID:
		return RPC_INVALID_ARGUMENT;
	default:
		break;
	}
	for (int code = 1; code < RPC_CODE_COUNT; code++)
		if (codes[code].error == error)
			return (enum rpc_code)code;
	return RPC_UNKNOWN;
}

int rpc_status_to_error(enum rpc_code code)
{
	return codes[is_code(code) ? code : RPC_UNKNOWN].error;
}
