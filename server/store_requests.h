/*
 * Which request ids were used lately, and at which index of the log.
 *
 * A table in memory of the last STORE_REQUESTS_MAX ids of all callers together;
 * a new one pushes the oldest out.  It is filled from the store's table of
 * requests when the store is opened.  The store says whether it is true: what a
 * transaction added that was never committed is found here, and not there.
 *
 * The store's own; any thread.
 */
#ifndef CARNET_SERVER_STORE_REQUESTS_H
#define CARNET_SERVER_STORE_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/hash.h"

enum { STORE_REQUESTS_MAX = 65536 };

struct store_requests;

/* With room for the last `limit`. */
struct store_requests *store_requests_new(size_t limit);

/* NULL does nothing. */
void store_requests_free(struct store_requests *requests);

/* The index that the id was last added with; `key` is the digest of caller and id. */
bool store_requests_find(struct store_requests *requests, const struct digest *key,
			 uint64_t *index);

/* True if one was pushed out: then its index. */
bool store_requests_add(struct store_requests *requests, const struct digest *key, uint64_t index,
			uint64_t *gone);

#endif
