#include "crypto/hash.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/memory.h"

struct hash {
	EVP_MD_CTX *context;
};

static EVP_MD *sha256;
static pthread_key_t per_thread;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

/* The key's destructor frees it; this is the fast way to the same pointer. */
static _Thread_local struct hash *own;

static void must(int good)
{
	if (good)
		return;
	fprintf(stderr, "libcrypto has no working SHA-256\n");
	abort();
}

static void free_own(void *hash)
{
	hash_free(hash);
}

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(sha256 != NULL);
	must(pthread_key_create(&per_thread, free_own) == 0);
}

static void begin(struct hash *hash)
{
	must(EVP_DigestInit_ex2(hash->context, sha256, NULL));
}

struct hash *hash_new(void)
{
	struct hash *hash = memory_new(sizeof(*hash));

	pthread_once(&fetched, fetch);
	hash->context = EVP_MD_CTX_new();
	must(hash->context != NULL);
	begin(hash);
	return hash;
}

void hash_free(struct hash *hash)
{
	if (!hash)
		return;
	EVP_MD_CTX_free(hash->context);
	free(hash);
}

void hash_add(struct hash *hash, struct bytes data)
{
	must(EVP_DigestUpdate(hash->context, data.data, data.size));
}

static struct digest finish(struct hash *hash)
{
	struct digest digest;
	unsigned size = 0;

	must(EVP_DigestFinal_ex(hash->context, digest.bytes, &size) && size == DIGEST_SIZE);
	return digest;
}

struct digest hash_end(struct hash *hash)
{
	struct digest digest = finish(hash);

	begin(hash);
	return digest;
}

static struct hash *own_hash(void)
{
	if (!own) {
		own = hash_new();
		must(pthread_setspecific(per_thread, own) == 0);
	}
	return own;
}

struct digest hash_parts(const struct bytes *parts, size_t count)
{
	struct hash *hash = own_hash();

	begin(hash);
	for (size_t i = 0; i < count; i++)
		hash_add(hash, parts[i]);
	return finish(hash);
}

struct digest hash_of(struct bytes data)
{
	return hash_parts(&data, 1);
}

bool hash_equal(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

int hash_compare(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE);
}

struct bytes hash_view(const struct digest *digest)
{
	return bytes_of(digest->bytes, DIGEST_SIZE);
}

bool hash_read(struct bytes data, struct digest *out)
{
	if (data.size != DIGEST_SIZE)
		return false;
	memcpy(out->bytes, data.data, DIGEST_SIZE);
	return true;
}
