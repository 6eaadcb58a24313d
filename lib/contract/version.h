/*
 * Which engine judged: what every receipt names.
 */
#ifndef CARNET_CONTRACT_VERSION_H
#define CARNET_CONTRACT_VERSION_H

#include "crypto/hash.h"

/* "carnet/0.1.0" */
const char *version_name(void);

/* SHA-256 over the sorted SHA-256 digests of the sources of lib/base and
 * lib/engine, made when they were built. */
struct digest version_engine(void);

#endif
