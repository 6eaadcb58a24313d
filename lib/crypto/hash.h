/*
 * SHA-256 (FIPS 180-4).
 *
 * The algorithm is fetched once per process and each thread keeps one context,
 * so a short input costs little more than its compression.  Nothing here can
 * fail: a libcrypto without SHA-256 ends the process at the first call.
 * Every function may be called from any thread.
 */
#ifndef CARNET_CRYPTO_HASH_H
#define CARNET_CRYPTO_HASH_H

#include "base/bytes.h"

enum { DIGEST_SIZE = 32 };

struct digest {
	uint8_t bytes[DIGEST_SIZE];
};

struct digest hash_of(struct bytes data);

/* The digest of several pieces laid end to end. */
struct digest hash_parts(const struct bytes *parts, size_t count);

bool hash_equal(const struct digest *a, const struct digest *b);

/* memcmp order. */
int hash_compare(const struct digest *a, const struct digest *b);

/* A view of a digest; lives as long as the digest does. */
struct bytes hash_view(const struct digest *digest);

/* False unless `data` has exactly DIGEST_SIZE bytes. */
bool hash_read(struct bytes data, struct digest *out);

/* For input that comes in pieces over time.  hash_end yields the digest and
 * makes the object ready for the next input.  One thread at a time. */
struct hash;

struct hash *hash_new(void);
void hash_free(struct hash *hash);
void hash_add(struct hash *hash, struct bytes data);
struct digest hash_end(struct hash *hash);

#endif
