/*
 * The leaf of the receipt log and its disclosures.
 *
 * A leaf is one line of canonical JSON (RFC 8785), shaped as an SD-JWT payload
 * (RFC 9901).  It shows who logged, when, under which engine and registry; what
 * was asked and answered stands in five disclosures of which the leaf holds
 * salted digests only.  A leaf therefore can be public, and a disclosure can be
 * erased, while the tree and every receipt still verify.
 *
 *	D      = base64url(["<salt>","<name>",<value>])	 canonical JSON, 16 bytes of salt
 *	digest = SHA-256(D as ASCII), written in the leaf as base64url, sorted
 *
 * An absent disclosure leaves a decoy digest, so every leaf has five.  There is
 * one text per leaf: what parses is what leaf_encode writes, byte for byte.
 *
 * The event loops make disclosures; the committer stamps `iat` and encodes;
 * verifiers parse and open.
 */
#ifndef CARNET_RECEIPT_LEAF_H
#define CARNET_RECEIPT_LEAF_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "crypto/hash.h"

enum disclosure {
	DISCLOSURE_SUBJECT,  /* who asked */
	DISCLOSURE_REQUEST,  /* what was asked */
	DISCLOSURE_CONTEXT,  /* the instant used, asserted facts, what differs per call */
	DISCLOSURE_EVIDENCE, /* records found, and records looked for in vain */
	DISCLOSURE_OUTCOME,  /* the whole decision */
	DISCLOSURE_COUNT
};

/* "subject", "request" ... */
const char *leaf_disclosure_name(enum disclosure which);

enum {
	LEAF_SEED_SIZE = 32,
	LEAF_JTI_SIZE = 16,
	LEAF_SALT_SIZE = 16,
	LEAF_TEXT_MAX = 256,      /* bytes of each of iss, eng, kind and vct */
	LEAF_SIZE_MAX = 2048,     /* bytes of an encoded leaf */
	LEAF_VALUE_DEPTH_MAX = 32 /* nesting of a disclosed value */
};

/*
 * The secrets of one leaf, all from one random seed of its own:
 *
 *	block(k) = SHA-256(seed ‖ "carnet/receipt/v1" ‖ k), k one byte, 0 to 2
 *	jti, and the salts of subject, request, context, evidence, outcome =
 *	the six halves of block(0), block(1), block(2), in that order
 *
 * Storage keeps the seed alone.  To erase one disclosure for good it keeps this
 * struct after leaf_erase in the seed's place: jti, the other salts, and the
 * erased one's digest; the salt that is gone cannot be had from them.
 */
struct leaf_secrets {
	uint8_t jti[LEAF_JTI_SIZE];
	struct leaf_secret {
		bool erased;
		uint8_t salt[LEAF_SALT_SIZE]; /* zero if erased */
		struct digest digest;         /* set if erased */
	} of[DISCLOSURE_COUNT];
};

void leaf_derive(const uint8_t seed[LEAF_SEED_SIZE], struct leaf_secrets *out);

/* Forgets the salt of one disclosure, whose digest leaf_disclose once gave. */
void leaf_erase(struct leaf_secrets *secrets, enum disclosure which, const struct digest *digest);

/* What leaf_disclose makes: each text (empty if absent or erased) and digest. */
struct leaf_disclosures {
	struct bytes texts[DISCLOSURE_COUNT];
	struct digest digests[DISCLOSURE_COUNT];
};

/* Makes the disclosures of five values, canonical JSON each, taken as they are.
 * An empty view is an absent value.  The texts live in the arena. */
void leaf_disclose(const struct leaf_secrets *secrets, const struct bytes values[DISCLOSURE_COUNT],
		   struct arena *arena, struct leaf_disclosures *out);

/* The leaf's own members. */
struct leaf {
	struct bytes iss;  /* "https://" and the log's origin */
	struct bytes vct;  /* names the shape: "https://carnet.example/receipt/v1" */
	struct bytes eng;  /* "carnet/0.4.0" */
	struct bytes kind; /* "decision", "revision" ...; an unknown one still verifies */
	struct digest eng_dig;
	struct digest reg;
	uint64_t reg_rev;
	uint64_t iat; /* seconds since 1970, below 2^53 */
	uint8_t jti[LEAF_JTI_SIZE];
	struct digest sd[DISCLOSURE_COUNT]; /* in any order; written sorted */
};

/* True for what a leaf's text members may hold: 1 to LEAF_TEXT_MAX printable
 * ASCII characters without quotes and backslashes.  Check configuration with it. */
bool leaf_text_is_valid(struct bytes text);

/* Appends the leaf E.  Its texts must be valid: this is not for untrusted input. */
void leaf_encode(const struct leaf *leaf, struct buffer *out);

/* Reads a leaf E; the views in `out` point into `entry`. */
int leaf_parse(struct bytes entry, struct leaf *out, struct error *error);

/* A disclosure opened: the views live in the arena. */
struct leaf_opened {
	enum disclosure which;
	struct bytes value; /* canonical JSON */
};

/* Reads the disclosure text D and finds its digest in the leaf: ERR_INVALID if it
 * is not well-formed and canonical, ERR_CORRUPT if the leaf does not hold it. */
int leaf_open(const struct leaf *leaf, struct bytes text, struct arena *arena,
	      struct leaf_opened *out, struct error *error);

#endif
