/*
 * One client's HTTP/2 connection, as the server sees it: each stream becomes an
 * exchange, which the worker's door answers.
 */
#ifndef CARNET_RPC_CONNECTION_H
#define CARNET_RPC_CONNECTION_H

#include "rpc/worker.h"

/* What all connections of a loop share. */
nghttp2_session_callbacks *connection_callbacks_new(void);

/* Takes over the socket; adds itself to the worker's list, and leaves it and
 * frees itself when it ends.  The context is only borrowed. */
void connection_open(struct worker *worker, int fd, struct rpc_tls *tls);

/* Looks for what takes too long. */
void connection_tick(struct connection *connection, int64_t now);

/* GOAWAY; ends by itself once its streams have. */
void connection_drain(struct connection *connection);

/* Ends now. */
void connection_abort(struct connection *connection);

struct connection *connection_next(struct connection *connection);

#endif
