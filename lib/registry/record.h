/*
 * One record: its key and its canonical form.
 *
 * A record is a Carnet__V1__Record, read by text/ or unpacked from the wire;
 * nothing here owns one.
 */
#ifndef CARNET_REGISTRY_RECORD_H
#define CARNET_REGISTRY_RECORD_H

#include "base/buffer.h"
#include "base/date.h"
#include "crypto/hash.h"
#include "registry/kind.h"

enum { RECORD_ID_MAX = 128 };

/* What tells one slice from another.  Views into the record (or wherever the
 * caller has the texts). */
struct record_key {
	enum kind kind;
	struct bytes id;
	struct bytes from; /* YYYY-MM-DD; empty: since ever */
};

/* The message of its kind's own fields; NULL if it has none. */
const ProtobufCMessage *record_body(const Carnet__V1__Record *record);

/* Ids: 1 to 128 bytes of a-z A-Z 0-9 . _ : - , beginning with a letter or digit;
 * not `any` or `none`. */
bool record_id_is_valid(struct bytes id);

struct record_key record_key_of(const Carnet__V1__Record *record);

/* By kind, then id, then from, as bytes: the order of a revision's tree. */
int record_key_compare(const struct record_key *a, const struct record_key *b);

/* Appends `party/line-plus`, or `party/line-plus@2024-01-01` if it has a from. */
void record_key_print(const struct record_key *key, struct buffer *out);

/* Appends the canonical JSON (RFC 8785) of the record under its kind's name,
 * {"party":{...}}: the text mapping's form, defaults left out. */
void record_json(const Carnet__V1__Record *record, struct buffer *out);

/* SHA-256 of that.  Base64url of it is the record's etag. */
struct digest record_digest(const Carnet__V1__Record *record);

#endif
