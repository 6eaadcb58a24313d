/*
 * One HTTP header field or gRPC metadata entry, as views.  Names are in lower
 * case, values as they travel.
 */
#ifndef CARNET_RPC_HEADER_H
#define CARNET_RPC_HEADER_H

#include "base/bytes.h"

struct rpc_header {
	struct bytes name, value;
};

#endif
