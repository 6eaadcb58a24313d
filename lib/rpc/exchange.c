#include "rpc/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "rpc/worker.h"

enum {
	SPARE_MAX = 1024,      /* exchanges kept for reuse, per loop */
	ARENA_BLOCK = 4096,    /* holds the headers of a usual call */
	KEEP_SIZE = 64 * 1024, /* larger arenas and buffers are not kept */
	FIELD_OVERHEAD = 32,   /* per field, as RFC 9113, 6.5.2 counts */
};

void exchange_pool_init(struct exchange_pool *pool)
{
	*pool = (struct exchange_pool){0};
	TAILQ_INIT(&pool->spare);
}

static void destroy(struct exchange *exchange)
{
	arena_free(exchange->arena);
	buffer_release(&exchange->out);
	buffer_release(&exchange->spare);
	free(exchange->headers);
	free(exchange);
}

void exchange_pool_release(struct exchange_pool *pool)
{
	struct exchange *exchange;

	while ((exchange = TAILQ_FIRST(&pool->spare))) {
		TAILQ_REMOVE(&pool->spare, exchange, entry);
		destroy(exchange);
	}
}

static struct exchange *take_spare(struct exchange_pool *pool)
{
	struct exchange *exchange = TAILQ_FIRST(&pool->spare);

	if (!exchange) {
		exchange = memory_new(sizeof(*exchange));
		exchange->arena = arena_new(ARENA_BLOCK);
		return exchange;
	}
	TAILQ_REMOVE(&pool->spare, exchange, entry);
	pool->spare_count--;
	return exchange;
}

struct exchange *exchange_new(struct worker *worker, struct peer *peer)
{
	struct exchange *exchange = take_spare(&worker->pool);

	worker->pool.live++;
	exchange->worker = worker;
	exchange->peer = peer_hold(peer);
	exchange->references = 1;
	exchange->began = rpc_loop_now();
	return exchange;
}

struct exchange *exchange_hold(struct exchange *exchange)
{
	exchange->references++;
	return exchange;
}

static void keep_small(struct buffer *buffer)
{
	if (buffer->capacity > KEEP_SIZE)
		buffer_release(buffer);
	buffer_clear(buffer);
}

/* Wipes all but the memory that the next exchange will need as well. */
static void wipe(struct exchange *exchange)
{
	struct exchange kept = {
		.arena = exchange->arena,
		.headers = exchange->headers,
		.header_capacity = exchange->header_capacity,
		.out = exchange->out,
		.spare = exchange->spare,
	};

	if (arena_used(kept.arena) > KEEP_SIZE) {
		arena_free(kept.arena);
		kept.arena = arena_new(ARENA_BLOCK);
	}
	arena_reset(kept.arena);
	keep_small(&kept.out);
	keep_small(&kept.spare);
	*exchange = kept;
}

void exchange_release(struct exchange *exchange)
{
	struct exchange_pool *pool = &exchange->worker->pool;

	if (--exchange->references > 0)
		return;
	if (exchange->events)
		exchange->events->freed(exchange);
	peer_release(exchange->peer);
	pool->live--;
	if (pool->spare_count == SPARE_MAX) {
		destroy(exchange);
		return;
	}
	wipe(exchange);
	TAILQ_INSERT_HEAD(&pool->spare, exchange, entry);
	pool->spare_count++;
}

void exchange_add_header(struct exchange *exchange, struct bytes name, struct bytes value,
			 size_t limit)
{
	exchange->header_bytes += name.size + value.size + FIELD_OVERHEAD;
	if (exchange->header_bytes > limit) {
		exchange->headers_too_large = true;
		return;
	}
	value = arena_copy(exchange->arena, value);
	if (bytes_equal_string(name, ":method")) {
		exchange->method = value;
	} else if (bytes_equal_string(name, ":path")) {
		exchange->path = value;
	} else {
		array_reserve(&exchange->headers, &exchange->header_capacity,
			      exchange->header_count);
		exchange->headers[exchange->header_count++] = (struct rpc_header){
			.name = arena_copy(exchange->arena, name),
			.value = value,
		};
	}
}

struct bytes exchange_header(const struct exchange *exchange, const char *name)
{
	struct bytes wanted = bytes_of_string(name);

	for (size_t i = 0; i < exchange->header_count; i++)
		if (bytes_equal(exchange->headers[i].name, wanted))
			return exchange->headers[i].value;
	return bytes_of(NULL, 0);
}

bool exchange_is_open(const struct exchange *exchange)
{
	return exchange->transport != NULL;
}

size_t exchange_waiting(const struct exchange *exchange)
{
	return exchange->out.size - exchange->sent;
}

void exchange_answer(struct exchange *exchange, const struct rpc_header *fields, size_t count,
		     bool last)
{
	if (!exchange->transport || exchange->answered)
		return;
	exchange->answered = true;
	exchange->ended = last;
	exchange->transport->answer(exchange, fields, count, last);
}

struct buffer *exchange_body(struct exchange *exchange)
{
	struct buffer *out = &exchange->out;
	size_t waiting = exchange_waiting(exchange);

	/* What has gone makes room once it is the larger part. */
	if (exchange->sent > waiting) {
		memmove(out->data, out->data + exchange->sent, waiting);
		out->size = waiting;
		exchange->sent = 0;
	}
	if (waiting == 0)
		exchange->moved = rpc_loop_now();
	return out;
}

void exchange_send(struct exchange *exchange)
{
	if (exchange->transport)
		exchange->transport->resume(exchange);
}

void exchange_end(struct exchange *exchange, const struct rpc_header *trailers, size_t count)
{
	if (!exchange->transport || exchange->ended)
		return;
	exchange->trailers = arena_array(exchange->arena, struct rpc_header, count);
	exchange->trailer_count = count;
	for (size_t i = 0; i < count; i++) {
		exchange->trailers[i].name = arena_copy(exchange->arena, trailers[i].name);
		exchange->trailers[i].value = arena_copy(exchange->arena, trailers[i].value);
	}
	exchange->ended = true;
	exchange->transport->resume(exchange);
}

void exchange_reset(struct exchange *exchange)
{
	if (exchange->transport)
		exchange->transport->reset(exchange);
}

void exchange_close(struct exchange *exchange)
{
	exchange->transport = NULL;
	exchange->connection = NULL;
	if (exchange->events)
		exchange->events->closed(exchange);
	exchange_release(exchange);
}
