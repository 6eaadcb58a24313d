/*
 * gRPC's door: what it does with a new exchange, for the server.
 *
 * It checks the request as gRPC over HTTP/2 asks, gathers the message, and
 * makes the rpc_call that a handler gets (call.h).  The worker's configuration
 * holds the table of methods.
 */
#ifndef CARNET_RPC_DOOR_H
#define CARNET_RPC_DOOR_H

#include "rpc/call.h"
#include "rpc/exchange.h"
#include "rpc/server.h"

/* Takes a new exchange, whose headers are in. */
void door_open(struct exchange *exchange);

#endif
