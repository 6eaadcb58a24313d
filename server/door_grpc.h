/*
 * The gRPC door: calls that rpc/ brings become callers and messages for the
 * services, and what they complete with becomes an answer or a status.  It
 * translates, and decides nothing.
 */
#ifndef CARNET_SERVER_DOOR_GRPC_H
#define CARNET_SERVER_DOOR_GRPC_H

#include "server/daemon.h"

enum { DOOR_GRPC_DRAIN_MS = 10000 };

struct door_grpc;

/* Binds and listens as the daemon's configuration says. */
int door_grpc_open(struct daemon *daemon, const struct config *config, struct door_grpc **out,
		   struct error *error);

uint16_t door_grpc_port(const struct door_grpc *door);

/* Serves on the calling thread (and further loops) until drained. */
void door_grpc_run(struct door_grpc *door);

/* Health says NOT_SERVING, watchers are told, clients are sent elsewhere, and
 * what is open is finished.  Any thread, and signals' functions. */
void door_grpc_drain(struct door_grpc *door);

/* The first loop: for signals. */
struct rpc_loop *door_grpc_loop(struct door_grpc *door);

/* After door_grpc_run has returned and daemon_stop was called; runs what is still
 * posted.  NULL does nothing. */
void door_grpc_close(struct door_grpc *door);

#endif
