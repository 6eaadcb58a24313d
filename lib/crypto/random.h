/*
 * Unpredictable bytes, from libcrypto's generator through a pool per thread:
 * a small request costs a copy.  Bytes handed out are wiped from the pool, and
 * a process never hands out bytes that its parent drew before fork().
 *
 * Nothing here can fail: without randomness the process ends.
 */
#ifndef CARNET_CRYPTO_RANDOM_H
#define CARNET_CRYPTO_RANDOM_H

#include <stddef.h>

void random_fill(void *out, size_t size);

/* 128 bits as 32 lower-case hexadecimal digits and a NUL. */
enum { RANDOM_ID_SIZE = 33 };
const char *random_id(char out[RANDOM_ID_SIZE]);

#endif
