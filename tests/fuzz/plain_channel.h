/*
 * A channel without TLS and without a socket, for whoever speaks to one side of rpc byte by byte.
 *
 * It stands in the place of lib/rpc/channel.c and secure.c: a target that includes it brings their
 * functions along, so the linker never takes the real ones from the room's library, and the code
 * on both sides of them is what the daemon runs.  Nothing here waits, and there is one at a time.
 */
#ifndef CARNET_TESTS_FUZZ_PLAIN_CHANNEL_H
#define CARNET_TESTS_FUZZ_PLAIN_CHANNEL_H

#include <assert.h>

#include "rpc/channel.h"
#include "rpc/secure.h"

static struct channel *plain;       /* the one that is there */
static struct buffer plain_written; /* what its owner has sent so far */

static void plain_close(const struct error *why)
{
	struct channel *channel = plain;

	if (!channel || channel->state == CHANNEL_CLOSED)
		return;
	channel->state = CHANNEL_CLOSED;
	rpc_loop_undefer(&channel->flush);
	channel->owner->closed(channel->arg, why);
}

static void plain_write(void *arg)
{
	struct channel *channel = arg;
	size_t before;
	struct error error;

	do {
		before = plain_written.size;
		if (channel->state != CHANNEL_OPEN)
			return;
		if (channel->owner->output(channel->arg, &plain_written, before + 65536, &error)) {
			plain_close(&error);
			return;
		}
	} while (plain_written.size > before);
	if (channel->owner->finished(channel->arg))
		plain_close(NULL);
}

/* The handshake is done. */
static void plain_ready(void)
{
	plain->state = CHANNEL_OPEN;
	plain->owner->ready(plain->arg);
	channel_flush(plain);
}

/* These bytes have come, and the turn of the loop ends. */
static void plain_input(struct rpc_loop *loop, struct bytes bytes)
{
	struct error error;

	if (plain && plain->state == CHANNEL_OPEN) {
		if (plain->owner->input(plain->arg, bytes, &error))
			plain_close(&error);
		else
			channel_flush(plain);
	}
	rpc_loop_turn(loop, 0);
}

/* --- In the place of channel.c --- */

void channel_init(struct channel *channel, struct rpc_loop *loop, int fd, SSL *ssl,
		  const struct channel_owner *owner, void *arg)
{
	assert(!plain);
	plain = channel;
	buffer_clear(&plain_written);
	*channel = (struct channel){.loop = loop, .owner = owner, .arg = arg, .fd = fd, .ssl = ssl};
	channel->flush = (struct rpc_loop_task){.function = plain_write, .arg = channel};
}

void channel_release(struct channel *channel)
{
	if (!channel->loop)
		return;
	assert(channel == plain);
	rpc_loop_undefer(&channel->flush);
	*channel = (struct channel){.state = CHANNEL_CLOSED};
	plain = NULL;
}

void channel_flush(struct channel *channel)
{
	if (channel->state == CHANNEL_OPEN)
		rpc_loop_defer(channel->loop, &channel->flush);
}

void channel_abort(struct channel *channel, const struct error *why)
{
	assert(channel == plain);
	plain_close(why);
}

/* --- In the place of secure.c --- */

/* Nobody looks into it. */
static SSL *no_session(void)
{
	static char nothing;

	return (SSL *)(void *)&nothing;
}

SSL *secure_accepting(struct rpc_tls *tls, int fd)
{
	(void)tls;
	(void)fd;
	return no_session();
}

SSL *secure_connecting(struct rpc_tls *tls, int fd, const char *name)
{
	(void)tls;
	(void)fd;
	(void)name;
	return no_session();
}

bool secure_is_h2(const SSL *ssl)
{
	(void)ssl;
	return true;
}

struct bytes secure_identity(const SSL *ssl, struct arena *arena)
{
	(void)ssl;
	(void)arena;
	return BYTES_LITERAL("spiffe://log.example/fuzz");
}

int secure_explain(const SSL *ssl, int result, struct error *error)
{
	(void)ssl;
	(void)result;
	return error_set(error, ERR_UNAVAILABLE, "there is no TLS here");
}

#endif
