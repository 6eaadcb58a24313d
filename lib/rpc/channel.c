#include "rpc/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <openssl/err.h>

#include "rpc/secure.h"

enum {
	READ_SIZE = 16 * 1024,   /* one TLS record */
	READ_ROUNDS = 16,        /* then the other connections have their turn */
	GATHER_SIZE = 64 * 1024, /* what one SSL_write gets */
	WRITE_ROUNDS = 8,
	KEEP_SIZE = 128 * 1024, /* an output buffer that grew larger is not kept */
	LINGER_S = 1,
};

static const struct timeval at_once = {0};

static void stop_events(struct channel *channel)
{
	event_del(channel->readable);
	event_del(channel->writable);
	event_del(channel->again);
	rpc_loop_undefer(&channel->flush);
}

static void closed(struct channel *channel, const struct error *why)
{
	if (channel->state == CHANNEL_CLOSED)
		return;
	channel->state = CHANNEL_CLOSED;
	stop_events(channel);
	channel->owner->closed(channel->arg, why);
}

void channel_abort(struct channel *channel, const struct error *why)
{
	closed(channel, why);
}

/* Says what is wrong with the last operation, and closes. */
static void fail(struct channel *channel, int result)
{
	struct error error;

	secure_explain(channel->ssl, result, &error);
	closed(channel, &error);
}

static void block(struct channel *channel)
{
	if (!channel->stalled_since)
		channel->stalled_since = rpc_loop_now();
	channel->blocked = true;
	event_add(channel->writable, NULL);
}

/* True once the handshake is done; else it waits, or the channel is closed. */
static bool shake_hands(struct channel *channel)
{
	int result;

	errno = 0;
	ERR_clear_error();
	result = SSL_do_handshake(channel->ssl);
	if (result == 1) {
		channel->state = CHANNEL_OPEN;
		channel->owner->ready(channel->arg);
		channel_flush(channel);
		return channel->state == CHANNEL_OPEN;
	}
	switch (SSL_get_error(channel->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		break;
	case SSL_ERROR_WANT_WRITE:
		event_add(channel->writable, NULL);
		break;
	default:
		fail(channel, result);
	}
	return false;
}

/* One record's worth for the owner: true if there may be more. */
static bool read_some(struct channel *channel)
{
	uint8_t bytes[READ_SIZE];
	struct error error;
	int result;

	errno = 0;
	ERR_clear_error();
	result = SSL_read(channel->ssl, bytes, sizeof(bytes));
	if (result > 0) {
		if (channel->owner->input(channel->arg, bytes_of(bytes, (size_t)result), &error)) {
			closed(channel, &error);
			return false;
		}
		return channel->state == CHANNEL_OPEN;
	}
	switch (SSL_get_error(channel->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		break;
	case SSL_ERROR_WANT_WRITE:
		event_add(channel->writable, NULL);
		break;
	default:
		fail(channel, result);
	}
	return false;
}

static void read_all(struct channel *channel)
{
	bool more = true;

	for (int round = 0; more && round < READ_ROUNDS; round++)
		more = read_some(channel);
	if (channel->state != CHANNEL_OPEN)
		return;
	/* Bytes that OpenSSL holds already never make the socket readable again. */
	if (more)
		event_add(channel->again, &at_once);
	channel_flush(channel);
}

/* What a peer still says after our last word is read only so that closing the
 * socket does not reset the connection under words it has not read yet. */
static void discard_input(struct channel *channel)
{
	uint8_t bytes[READ_SIZE];
	ssize_t size = recv(channel->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
		closed(channel, NULL);
}

static void end_in_good_order(struct channel *channel)
{
	const struct timeval linger = {.tv_sec = LINGER_S};

	ERR_clear_error();
	SSL_shutdown(channel->ssl);
	shutdown(channel->fd, SHUT_WR);
	channel->state = CHANNEL_LINGERING;
	event_del(channel->writable);
	event_add(channel->again, &linger);
}

static bool gather(struct channel *channel)
{
	struct error error;

	if (channel->written < channel->out.size)
		return true;
	channel->written = 0;
	if (channel->out.capacity > KEEP_SIZE)
		buffer_release(&channel->out);
	buffer_clear(&channel->out);
	if (channel->owner->output(channel->arg, &channel->out, GATHER_SIZE, &error)) {
		closed(channel, &error);
		return false;
	}
	return channel->out.size > 0;
}

/* Writes what is gathered: true if all of it went out. */
static bool write_some(struct channel *channel)
{
	int result;

	errno = 0;
	ERR_clear_error();
	result = SSL_write(channel->ssl, channel->out.data + channel->written,
			   (int)(channel->out.size - channel->written));
	if (result > 0) {
		channel->written += (size_t)result;
		channel->stalled_since = 0;
		return true;
	}
	switch (SSL_get_error(channel->ssl, result)) {
	case SSL_ERROR_WANT_WRITE:
		block(channel);
		break;
	case SSL_ERROR_WANT_READ:
		break;
	default:
		fail(channel, result);
	}
	return false;
}

static void write_all(void *arg)
{
	struct channel *channel = arg;

	/* Before the handshake there is nobody to write to, and waiting for a writable
	 * socket would spin. */
	if (channel->state != CHANNEL_OPEN || channel->blocked)
		return;
	for (int round = 0; gather(channel); round++) {
		if (round == WRITE_ROUNDS) {
			event_add(channel->writable, NULL);
			return;
		}
		if (!write_some(channel))
			return;
	}
	if (channel->state == CHANNEL_OPEN && channel->owner->finished(channel->arg))
		end_in_good_order(channel);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct channel *channel = arg;

	(void)fd;
	(void)what;
	if (channel->state == CHANNEL_LINGERING)
		discard_input(channel);
	else if (channel->state == CHANNEL_OPEN || shake_hands(channel))
		read_all(channel);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct channel *channel = arg;

	channel->blocked = false;
	if (channel->state == CHANNEL_HANDSHAKE)
		on_readable(fd, what, arg);
	else
		write_all(channel);
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
	struct channel *channel = arg;

	(void)fd;
	(void)what;
	if (channel->state == CHANNEL_LINGERING)
		closed(channel, NULL);
	else
		read_all(channel);
}

void channel_init(struct channel *channel, struct rpc_loop *loop, int fd, SSL *ssl,
		  const struct channel_owner *owner, void *arg)
{
	struct event_base *base = rpc_loop_base(loop);

	*channel = (struct channel){.loop = loop, .owner = owner, .arg = arg, .fd = fd, .ssl = ssl};
	channel->flush = (struct rpc_loop_task){.function = write_all, .arg = channel};
	channel->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, channel);
	channel->writable = event_new(base, fd, EV_WRITE, on_writable, channel);
	channel->again = event_new(base, -1, 0, on_again, channel);
	if (!channel->readable || !channel->writable || !channel->again)
		abort();
	event_add(channel->readable, NULL);
	/* A client speaks first; and a server may find that it has been spoken to. */
	event_active(channel->readable, EV_READ, 0);
}

void channel_release(struct channel *channel)
{
	if (!channel->loop)
		return;
	if (channel->state == CHANNEL_OPEN && !channel->blocked) {
		ERR_clear_error();
		SSL_shutdown(channel->ssl);
	}
	channel->state = CHANNEL_CLOSED;
	stop_events(channel);
	event_free(channel->readable);
	event_free(channel->writable);
	event_free(channel->again);
	SSL_free(channel->ssl);
	ERR_clear_error();
	close(channel->fd);
	buffer_release(&channel->out);
	*channel = (struct channel){.state = CHANNEL_CLOSED};
}

void channel_flush(struct channel *channel)
{
	if (channel->state == CHANNEL_OPEN)
		rpc_loop_defer(channel->loop, &channel->flush);
}
