/*
 * One HTTP request and its answer, of whatever version of HTTP.
 *
 * A transport (connection.c: HTTP/2) fills in the request and carries the
 * answer; a door (call.c: gRPC) judges the request and gives the answer.
 * Neither knows the other: they meet here, so another version or another door
 * is one more file.
 *
 * The stream holds one reference, and whoever makes the answer another; so the
 * exchange outlives its stream, and what is then answered goes nowhere.
 */
#ifndef CARNET_RPC_EXCHANGE_H
#define CARNET_RPC_EXCHANGE_H

#include <sys/queue.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "rpc/header.h"
#include "rpc/peer.h"

struct exchange;
struct worker;

/* What happens to an exchange, for the door. */
struct exchange_events {
	void (*data)(struct exchange *exchange, struct bytes bytes); /* of the request's body */
	void (*end)(struct exchange *exchange);                      /* the request is whole */
	void (*drained)(struct exchange *exchange); /* all that was written has gone */
	void (*overdue)(struct exchange *exchange); /* the request does not come to its end */
	void (*closed)(struct exchange *exchange);  /* the stream is gone */
	void (*freed)(struct exchange *exchange);   /* the last reference too */
};

/* What a door may do to a stream, for the transport. */
struct exchange_transport {
	/* Sends the status and headers; with `last`, nothing comes after them. */
	void (*answer)(struct exchange *exchange, const struct rpc_header *fields, size_t count,
		       bool last);
	void (*resume)(struct exchange *exchange); /* there is body, or its end, to send */
	void (*reset)(struct exchange *exchange);
};

struct exchange {
	/* The request, in the arena. */
	struct arena *arena;
	struct bytes method, path; /* :method, :path */
	struct rpc_header *headers;
	size_t header_count, header_capacity, header_bytes;
	bool headers_too_large;
	bool whole;    /* the request has ended */
	int64_t began; /* ms, monotonic */
	struct peer *peer;

	/* The answer's body, queued by the door. */
	struct buffer out;
	size_t sent;   /* of `out` */
	int64_t moved; /* when the peer last took some, or the queue began */
	bool answered; /* headers are on their way */
	bool ended;    /* no more body will come */
	struct rpc_header *trailers;
	size_t trailer_count;

	struct buffer spare; /* for the door; kept from one exchange to the next */
	const struct exchange_events *events;
	void *door;

	const struct exchange_transport *transport; /* NULL once the stream is gone */
	void *connection;
	int32_t stream;

	struct worker *worker;
	unsigned references;
	TAILQ_ENTRY(exchange) entry; /* of its connection, or among the spare ones */
};

TAILQ_HEAD(exchanges, exchange);

/* Spare exchanges of one loop, and how many are in use. */
struct exchange_pool {
	struct exchanges spare;
	size_t spare_count, live;
};

void exchange_pool_init(struct exchange_pool *pool);
void exchange_pool_release(struct exchange_pool *pool);

/* With one reference, for the stream. */
struct exchange *exchange_new(struct worker *worker, struct peer *peer);
struct exchange *exchange_hold(struct exchange *exchange);
void exchange_release(struct exchange *exchange);

/* Takes one field of the request, copied; those over `limit` bytes are left
 * out and set headers_too_large. */
void exchange_add_header(struct exchange *exchange, struct bytes name, struct bytes value,
			 size_t limit);

/* The first value of that name; NULL data if there is none. */
struct bytes exchange_header(const struct exchange *exchange, const char *name);

bool exchange_is_open(const struct exchange *exchange);

/* Bytes of body that wait for the peer. */
size_t exchange_waiting(const struct exchange *exchange);

/* The answer, in this order; each does nothing once the stream is gone. */
void exchange_answer(struct exchange *exchange, const struct rpc_header *fields, size_t count,
		     bool last);
struct buffer *exchange_body(struct exchange *exchange); /* to append to, then exchange_send */
void exchange_send(struct exchange *exchange);
void exchange_end(struct exchange *exchange, const struct rpc_header *trailers, size_t count);
void exchange_reset(struct exchange *exchange);

/* The transport says that the stream is gone, and gives its reference back. */
void exchange_close(struct exchange *exchange);

#endif
