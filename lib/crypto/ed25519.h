/*
 * Ed25519 (RFC 8032): the keys of logs and witnesses.
 *
 * A public key is trusted by its bytes, so its encoding must be the only one:
 * keys of low order, under which one signature fits every message, and
 * encodings of y >= p are refused when a key is loaded (libcrypto takes them).
 * A private key lives in memory that is wiped when it is freed.
 */
#ifndef CARNET_CRYPTO_ED25519_H
#define CARNET_CRYPTO_ED25519_H

#include "base/bytes.h"
#include "base/error.h"

enum { ED25519_PUBLIC_SIZE = 32, ED25519_SEED_SIZE = 32, ED25519_SIGNATURE_SIZE = 64 };

/* One that came through ed25519_load_public or from a private key. */
struct ed25519_public {
	uint8_t bytes[ED25519_PUBLIC_SIZE];
};

struct ed25519_signature {
	uint8_t bytes[ED25519_SIGNATURE_SIZE];
};

struct ed25519_key; /* a private key; may sign from several threads at once */

void ed25519_free(struct ed25519_key *key);

/* A new key from the system's randomness. */
struct ed25519_key *ed25519_generate(void);

/* The key of a 32-byte seed (RFC 8032's private key). */
int ed25519_load_seed(struct bytes seed, struct ed25519_key **out, struct error *error);

/*
 * Key files: PKCS#8 PEM, unencrypted, readable by their owner alone.  Reading
 * refuses a file that others may read (ERR_DENIED) and any other kind of key.
 * Writing refuses to replace a file that exists (ERR_EXISTS): a key lost is a
 * log lost.
 */
int ed25519_read(const char *path, struct ed25519_key **out, struct error *error);
int ed25519_write(const struct ed25519_key *key, const char *path, struct error *error);

const struct ed25519_public *ed25519_public_of(const struct ed25519_key *key);

/* Takes 32 bytes as a public key, or says why they may not be one. */
int ed25519_load_public(struct bytes data, struct ed25519_public *out, struct error *error);

void ed25519_sign(const struct ed25519_key *key, struct bytes message,
		  struct ed25519_signature *out);

/* True if the signature is good; `signature` of another size than 64 never is. */
bool ed25519_verify(const struct ed25519_public *key, struct bytes message, struct bytes signature);

#endif
