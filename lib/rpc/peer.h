/*
 * Who is at the other end of a connection.  Counted, because a call outlives
 * the connection that brought it; of one loop, so counted without locks.
 */
#ifndef CARNET_RPC_PEER_H
#define CARNET_RPC_PEER_H

#include "base/buffer.h"

struct peer {
	unsigned references;
	struct buffer identity; /* SPIFFE URI; empty if there is none */
	char address[64];       /* "192.0.2.1:4711" */
};

/* Of the socket's other end, with one reference and no identity yet. */
struct peer *peer_new(int fd);
struct peer *peer_hold(struct peer *peer);
void peer_release(struct peer *peer);

#endif
