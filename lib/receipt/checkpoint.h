/*
 * Checkpoints: a log's word on its size and root, as a signed note (C2SP
 * tlog-checkpoint, signed-note).
 *
 *	log.example/n1-2026h2
 *	70000
 *	<base64 root>
 *
 *	— log.example/n1-2026h2 <base64 of key id ‖ signature>
 *
 * The origin is the name of the log's key.  Other lines of signatures may
 * follow (witnesses, kinds of keys not known yet): readers skip those whose key
 * they do not know.  Extension lines in the body are refused: this log writes
 * none.
 */
#ifndef CARNET_RECEIPT_CHECKPOINT_H
#define CARNET_RECEIPT_CHECKPOINT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "receipt/vkey.h"

enum { CHECKPOINT_SIZE_MAX = 256 * 1024, CHECKPOINT_SIGNATURES_MAX = 64 };

struct checkpoint_signature {
	struct bytes name;
	uint8_t id[VKEY_ID_SIZE];
	struct bytes signature; /* without the id */
};

struct checkpoint {
	struct bytes origin;
	uint64_t size;
	struct digest root;
	struct bytes body; /* the signed bytes: three lines */
	struct checkpoint_signature *signatures;
	size_t signature_count; /* at least 1 */
};

/* Appends a checkpoint signed by `key`, whose vkey has the name `origin`. */
void checkpoint_write(struct bytes origin, uint64_t size, const struct digest *root,
		      const struct ed25519_key *key, struct buffer *out);

/* Reads a note; checks its grammar and no signature.  Views point into `note`
 * and the arena. */
int checkpoint_parse(struct bytes note, struct arena *arena, struct checkpoint *out,
		     struct error *error);

/* 0 if the log `key` signed it: origin and key name are equal and there is exactly
 * one line of that name and id, and it is good.  ERR_CORRUPT or ERR_NOT_FOUND. */
int checkpoint_verify(const struct checkpoint *checkpoint, const struct vkey *key,
		      struct error *error);

/* Appends a witness's line over the checkpoint, made at `time` (seconds since 1970);
 * `name` is the name of the witness's key. */
void checkpoint_cosign(const struct checkpoint *checkpoint, struct bytes name, uint64_t time,
		       const struct ed25519_key *key, struct buffer *out);

/* 0 and the time if the witness `key` cosigned it; ERR_NOT_FOUND if it has no line,
 * ERR_CORRUPT if it has a bad one or two. */
int checkpoint_verify_cosignature(const struct checkpoint *checkpoint, const struct vkey *key,
				  uint64_t *time, struct error *error);

#endif
