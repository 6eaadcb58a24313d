/*
 * Verifier keys of signed notes (C2SP signed-note): a name, a kind of signature
 * and an Ed25519 public key, written `<name>+<key id>+<base64 of kind and key>`.
 *
 * The key id is the first four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ key): a hint
 * for finding the key, never a proof of which key it is.
 */
#ifndef CARNET_RECEIPT_VKEY_H
#define CARNET_RECEIPT_VKEY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "crypto/ed25519.h"

enum { VKEY_ID_SIZE = 4, VKEY_NAME_MAX = 255 };

enum vkey_kind {
	VKEY_NOTE = 0x01,        /* a log signs its note */
	VKEY_COSIGNATURE = 0x04, /* a witness signs it with a time (C2SP tlog-cosignature) */
};

struct vkey {
	struct bytes name; /* for a log: its origin */
	enum vkey_kind kind;
	uint8_t id[VKEY_ID_SIZE];
	struct ed25519_public public;
};

/* True for 1 to VKEY_NAME_MAX bytes of UTF-8 without Unicode spaces, control
 * characters and plus signs. */
bool vkey_name_is_valid(struct bytes name);

/* Fills in `out`, with the id computed; `name` must be valid and outlive it. */
void vkey_make(struct bytes name, enum vkey_kind kind, const struct ed25519_public *public,
	       struct vkey *out);

/* Reads one of either kind; the name points into `text`.  Keys of low order and
 * ids that do not belong to the key are refused. */
int vkey_parse(struct bytes text, struct vkey *out, struct error *error);

void vkey_format(const struct vkey *key, struct buffer *out);

#endif
