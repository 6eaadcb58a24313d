#include "crypto/ed25519.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "crypto/random.h"

enum { KEY_FILE_MAX = 16 * 1024 };

struct ed25519_key {
	EVP_PKEY *pkey;
	struct ed25519_public public;
};

static void must(bool good)
{
	if (good)
		return;
	fprintf(stderr, "libcrypto has no working Ed25519\n");
	abort();
}

void ed25519_free(struct ed25519_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey); /* wipes it */
	free(key);
}

/* Takes over `pkey`. */
static struct ed25519_key *key_of(EVP_PKEY *pkey)
{
	struct ed25519_key *key = memory_new(sizeof(*key));
	size_t size = sizeof(key->public.bytes);

	must(pkey && EVP_PKEY_get_raw_public_key(pkey, key->public.bytes, &size) &&
	     size == ED25519_PUBLIC_SIZE);
	key->pkey = pkey;
	return key;
}

static struct ed25519_key *key_of_seed(const uint8_t seed[ED25519_SEED_SIZE])
{
	return key_of(
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED25519_SEED_SIZE));
}

struct ed25519_key *ed25519_generate(void)
{
	uint8_t seed[ED25519_SEED_SIZE];
	struct ed25519_key *key;

	random_fill(seed, sizeof(seed));
	key = key_of_seed(seed);
	OPENSSL_cleanse(seed, sizeof(seed));
	return key;
}

int ed25519_load_seed(struct bytes seed, struct ed25519_key **out, struct error *error)
{
	if (seed.size != ED25519_SEED_SIZE)
		return error_set(error, ERR_INVALID, "an Ed25519 seed has 32 bytes, this has %zu",
				 seed.size);
	*out = key_of_seed(seed.data);
	return 0;
}

static int cannot(struct error *error, const char *doing, const char *path)
{
	return error_set(error,
			 errno == ENOENT   ? ERR_NOT_FOUND
			 : errno == EEXIST ? ERR_EXISTS
					   : ERR_SYSTEM,
			 "cannot %s the key file '%s': %s", doing, path, strerror(errno));
}

static int check_mode(int fd, const char *path, struct error *error)
{
	struct stat status;

	if (fstat(fd, &status))
		return cannot(error, "read", path);
	if (!S_ISREG(status.st_mode))
		return error_set(error, ERR_INVALID, "the key file '%s' is not a file", path);
	if (status.st_mode & 077)
		return error_set(error, ERR_DENIED,
				 "the key file '%s' is open to others (mode %03o): chmod 600 it",
				 path, (unsigned)status.st_mode & 0777);
	return 0;
}

static int no_password(char *buffer, int size, int writing, void *arg)
{
	(void)buffer, (void)size, (void)writing, (void)arg;
	return -1; /* or libcrypto would ask on the terminal */
}

static int parse_pem(const uint8_t *pem, size_t size, const char *path, struct ed25519_key **out,
		     struct error *error)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)size);
	EVP_PKEY *pkey;

	ERR_set_mark();
	pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
	ERR_pop_to_mark();
	BIO_free(bio);
	if (!pkey)
		return error_set(error, ERR_INVALID,
				 "'%s' holds no unencrypted private key in PKCS#8 PEM", path);
	if (EVP_PKEY_get_id(pkey) != EVP_PKEY_ED25519) {
		EVP_PKEY_free(pkey);
		return error_set(error, ERR_INVALID, "the key in '%s' is not an Ed25519 key", path);
	}
	*out = key_of(pkey);
	return 0;
}

int ed25519_read(const char *path, struct ed25519_key **out, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), result;
	uint8_t pem[KEY_FILE_MAX];
	ssize_t size;

	if (fd < 0)
		return cannot(error, "read", path);
	result = check_mode(fd, path, error);
	if (!result) {
		size = read(fd, pem, sizeof(pem));
		if (size < 0)
			result = cannot(error, "read", path);
		else
			result = parse_pem(pem, (size_t)size, path, out, error);
		OPENSSL_cleanse(pem, sizeof(pem));
	}
	close(fd);
	return result;
}

static int write_synced(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t put = write(fd, data, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		data += put;
		size -= (size_t)put;
	}
	return fsync(fd);
}

static int write_new(const char *path, const char *data, size_t size, struct error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), result = 0;

	if (fd < 0)
		return cannot(error, "write", path);
	if (write_synced(fd, data, size))
		result = cannot(error, "write", path);
	if (close(fd) && !result)
		result = cannot(error, "write", path);
	if (result)
		unlink(path);
	return result;
}

int ed25519_write(const struct ed25519_key *key, const char *path, struct error *error)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *pem;
	long size;
	int result;

	must(bio && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL));
	size = BIO_get_mem_data(bio, &pem);
	result = write_new(path, pem, (size_t)size, error);
	BIO_free(bio);
	return result;
}

const struct ed25519_public *ed25519_public_of(const struct ed25519_key *key)
{
	return &key->public;
}

/* y as 32 little-endian bytes, the sign of x (the top bit) cleared; true if y >= p. */
static bool is_not_reduced(const uint8_t y[ED25519_PUBLIC_SIZE])
{
	/* p = 2^255 - 19 is ed ff .. ff 7f. */
	for (size_t i = 1; i < 31; i++)
		if (y[i] != 0xff)
			return false;
	return y[31] == 0x7f && y[0] >= 0xed;
}

static bool is_low_order(const uint8_t y[ED25519_PUBLIC_SIZE])
{
	/* The five y of the eight points whose order divides 8: of order 1, 2, 4, 8, 8. */
	static const uint8_t low[][ED25519_PUBLIC_SIZE] = {
		{0x01},
		{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		{0x00},
		{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
		 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
		 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
		{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
		 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
		 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
	};

	for (size_t i = 0; i < sizeof(low) / sizeof(low[0]); i++)
		if (memcmp(y, low[i], ED25519_PUBLIC_SIZE) == 0)
			return true;
	return false;
}

int ed25519_load_public(struct bytes data, struct ed25519_public *out, struct error *error)
{
	uint8_t y[ED25519_PUBLIC_SIZE];

	if (data.size != ED25519_PUBLIC_SIZE)
		return error_set(error, ERR_INVALID,
				 "an Ed25519 public key has 32 bytes, this has %zu", data.size);
	memcpy(y, data.data, sizeof(y));
	y[31] &= 0x7f;
	if (is_not_reduced(y))
		return error_set(error, ERR_INVALID,
				 "the Ed25519 public key is not written in its canonical form");
	if (is_low_order(y))
		return error_set(error, ERR_INVALID,
				 "the Ed25519 public key is weak: its point has low order");
	memcpy(out->bytes, data.data, sizeof(out->bytes));
	return 0;
}

void ed25519_sign(const struct ed25519_key *key, struct bytes message,
		  struct ed25519_signature *out)
{
	/* A context of its own: one used for signing fails as a digest's, silently. */
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = sizeof(out->bytes);

	must(context && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
	     EVP_DigestSign(context, out->bytes, &size, message.data, message.size) == 1 &&
	     size == ED25519_SIGNATURE_SIZE);
	EVP_MD_CTX_free(context);
}

bool ed25519_verify(const struct ed25519_public *key, struct bytes message, struct bytes signature)
{
	EVP_MD_CTX *context;
	EVP_PKEY *pkey;
	bool good;

	if (signature.size != ED25519_SIGNATURE_SIZE)
		return false;
	/* A refusal must not stay in the thread's error queue, where TLS would find it. */
	ERR_set_mark();
	pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, sizeof(key->bytes));
	context = EVP_MD_CTX_new();
	good = pkey && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
	       EVP_DigestVerify(context, signature.data, signature.size, message.data,
				message.size) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pkey);
	ERR_pop_to_mark();
	return good;
}
