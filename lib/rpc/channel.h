/*
 * Bytes over TLS on one socket, without waiting.
 *
 * The half of a connection that is the same for both sides: the handshake,
 * reading until there is no more, gathering what is to be written and writing
 * it once per turn of the loop, and an end that does not cut off last words.
 * OpenSSL works directly on libevent's readiness events.
 *
 * Its owner embeds it, and is told through `struct channel_owner`; `closed`
 * comes exactly once, and in it the owner may release the channel, but must
 * keep its memory until the turn is over (rpc_loop_defer).
 */
#ifndef CARNET_RPC_CHANNEL_H
#define CARNET_RPC_CHANNEL_H

#include <openssl/ssl.h>

#include "base/buffer.h"
#include "base/error.h"
#include "rpc/loop.h"

struct event;

struct channel_owner {
	/* The handshake is done; reading and writing begin. */
	void (*ready)(void *arg);

	/* Decrypted bytes have come.  A negative ERR_* closes the channel. */
	int (*input)(void *arg, struct bytes bytes, struct error *error);

	/* Appends what is to be sent, about `room` bytes, or nothing.  A negative
	 * ERR_* closes the channel. */
	int (*output)(void *arg, struct buffer *out, size_t room, struct error *error);

	/* True if, with all output written, nothing more will be said. */
	bool (*finished)(void *arg);

	/* The channel is dead; `why` is NULL for an end in good order. */
	void (*closed)(void *arg, const struct error *why);
};

enum channel_state {
	CHANNEL_HANDSHAKE,
	CHANNEL_OPEN,
	CHANNEL_LINGERING, /* our last word is said; the peer may still talk */
	CHANNEL_CLOSED,
};

struct channel {
	enum channel_state state;
	int64_t stalled_since; /* the peer takes nothing since then; 0: it does */

	struct rpc_loop *loop;
	const struct channel_owner *owner;
	void *arg;
	int fd;
	SSL *ssl;
	struct event *readable, *writable, *again;
	struct rpc_loop_task flush;
	struct buffer out; /* gathered, to be written from `written` on */
	size_t written;
	bool blocked; /* until the socket is writable */
};

/* Starts the handshake; takes the socket and the session over. */
void channel_init(struct channel *channel, struct rpc_loop *loop, int fd, SSL *ssl,
		  const struct channel_owner *owner, void *arg);

/* Closes the socket, with a word if it can be said at once; never calls `closed`. */
void channel_release(struct channel *channel);

/* There is output: has it gathered and written at the end of this turn. */
void channel_flush(struct channel *channel);

/* Gives up on the peer: `closed` is called before this returns. */
void channel_abort(struct channel *channel, const struct error *why);

#endif
