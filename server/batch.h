/*
 * One commit of the log as it lies on disk: what is needed to rebuild its
 * leaves, byte for byte.
 *
 *	version	 u8, 1
 *	iat	 u64, one for all
 *	count	 u16
 *	values	 u16, how many texts follow the entries
 *	hashes	 count times 32: the leaf hashes, by which all else is checked
 *	entries	 count times: form u8 (0), seed 32, head u16, five values u16
 *	texts	 values times: length u32, bytes; or u32 2^32 - 1, the first index of
 *		 an earlier batch u64, and the number u16 of the text there
 *
 * A text that entries share (a question asked again, its evidence, its answer)
 * is written once, where it was first seen, and found there by later batches.
 * References count from 1; 0 is an absent value.  The head is what a leaf says
 * beside its disclosures; it is one of the texts.
 */
#ifndef CARNET_SERVER_BATCH_H
#define CARNET_SERVER_BATCH_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "receipt/leaf.h"

enum {
	BATCH_VERSION = 1,
	BATCH_ENTRIES_MAX = 1024,
	BATCH_BYTES_MAX = 16 * 1024 * 1024, /* of texts, beyond which a batch takes no more */
	BATCH_VALUE_MAX = 64 * 1024 * 1024  /* of one text */
};

/* The leaf members that many entries share; iat, jti and sd are the entry's own. */
struct batch_head {
	struct bytes iss, vct, eng, kind;
	struct digest eng_dig, reg;
	uint64_t reg_rev;
};

/* What one receipt is made from. */
struct batch_entry {
	struct batch_head head;
	uint8_t seed[LEAF_SEED_SIZE];
	struct bytes values[DISCLOSURE_COUNT]; /* canonical JSON; empty: absent */
	struct digest hash;                    /* of the leaf */
};

/* A leaf with its disclosures; everything in an arena. */
struct batch_leaf {
	struct bytes entry; /* E */
	uint8_t jti[LEAF_JTI_SIZE];
	struct leaf_disclosures disclosures;
	struct digest hash;
};

/* Collects the entries of one commit, and remembers where texts were written lately. */
struct batch_writer;

struct batch_writer *batch_writer_new(void);
void batch_writer_free(struct batch_writer *writer);

/* Begins a batch whose first entry will have this index. */
void batch_writer_begin(struct batch_writer *writer, uint64_t first);

/* The batch that was begun did not become durable: nothing may refer to it. */
void batch_writer_forget(struct batch_writer *writer);

/* What the entry's values view must stay until the batch is finished. */
void batch_writer_add(struct batch_writer *writer, const struct batch_entry *entry);

/* Appends the value of all that were added since it was begun. */
void batch_writer_finish(struct batch_writer *writer, uint64_t iat, struct buffer *out);

/* Number of entries in a value; 0 if it is none of ours. */
uint16_t batch_count(struct bytes value);

/* The leaf hash at a position below batch_count. */
int batch_hash(struct bytes value, uint16_t position, struct digest *out, struct error *error);

/* Their time; 0 likewise. */
uint64_t batch_iat(struct bytes value);

/* Yields the value of the earlier batch that begins at `first`; false if there is none. */
typedef bool batch_fetch(void *arg, uint64_t first, struct bytes *value);

/* One entry; the views point into `value` and what was fetched. */
int batch_read(struct bytes value, uint16_t position, batch_fetch *fetch, void *arg,
	       struct batch_entry *out, struct error *error);

/* Makes the disclosures and the jti: what needs no `iat`, for any thread. */
void batch_prepare(const struct batch_entry *entry, struct arena *arena, struct batch_leaf *out);

/* Ends what batch_prepare began: the leaf into `out->entry`, and its hash. */
void batch_seal(const struct batch_head *head, uint64_t iat, struct arena *arena,
		struct batch_leaf *out);

#endif
