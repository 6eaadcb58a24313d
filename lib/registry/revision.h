/*
 * The digest of a revision: what a whole registry is, in 32 bytes.
 *
 * It is the root of a Merkle tree (RFC 6962, 2.1) whose entries are the 32-byte digests of
 * the newest known version of each slice, retired ones included, in the byte
 * order (kind's name, id, from).  So a single record can be proved to belong
 * to a revision.
 */
#ifndef CARNET_REGISTRY_REVISION_H
#define CARNET_REGISTRY_REVISION_H

#include "registry/record_set.h"

/* `revision` may be REVISION_NEWEST.  An empty registry has SHA-256 of nothing. */
struct digest revision_digest(const struct record_set *set, uint64_t revision);

#endif
