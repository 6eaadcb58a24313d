#include "server/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "receipt/merkle.h"
#include "server/cursor.h"

enum {
	START_SIZE = 1 + 8 + 2 + 2,
	ENTRY_SIZE = 1 + LEAF_SEED_SIZE + 2 + 2 * DISCLOSURE_COUNT,
	FORM_SEED = 0,
	TEXTS_MAX = BATCH_ENTRIES_MAX * (DISCLOSURE_COUNT + 1),
	SLOTS = 16384, /* a power of two above twice TEXTS_MAX */
	KNOWN = 8192,  /* texts of earlier batches that are remembered */
	KNOWN_MIN = 48 /* bytes, below which a reference saves nothing */
};

#define REFERENCE UINT32_MAX /* in a length's place */

/* Where a text was written. */
struct known {
	struct digest digest;
	uint64_t batch;
	uint16_t number; /* 0: nothing is known here */
};

struct batch_writer {
	struct buffer hashes, entries, texts, head;
	struct arena *heads; /* of this batch */
	uint16_t count, text_count;
	struct bytes found[TEXTS_MAX + 1]; /* the caller's, until the batch is finished */
	uint16_t slots[SLOTS];             /* open addressing; numbers of texts, 0 is free */
	uint64_t first;
	struct known known[KNOWN]; /* by digest; the later takes the place */
};

struct batch_writer *batch_writer_new(void)
{
	struct batch_writer *writer = memory_new(sizeof(*writer));

	writer->heads = arena_new(0);
	return writer;
}

void batch_writer_free(struct batch_writer *writer)
{
	if (!writer)
		return;
	buffer_release(&writer->hashes);
	buffer_release(&writer->entries);
	buffer_release(&writer->texts);
	buffer_release(&writer->head);
	arena_free(writer->heads);
	free(writer);
}

void batch_writer_begin(struct batch_writer *writer, uint64_t first)
{
	buffer_clear(&writer->hashes);
	buffer_clear(&writer->entries);
	buffer_clear(&writer->texts);
	arena_reset(writer->heads);
	if (writer->text_count)
		memset(writer->slots, 0, sizeof(writer->slots));
	writer->count = 0;
	writer->text_count = 0;
	writer->first = first;
}

void batch_writer_forget(struct batch_writer *writer)
{
	memset(writer->known, 0, sizeof(writer->known));
}

/* FNV-1a by eight bytes: who chooses texts that collide slows one commit down. */
static uint64_t slot_of(struct bytes text)
{
	uint64_t hash = 0xcbf29ce484222325u ^ text.size, word;

	for (; text.size >= 8; text = bytes_skip(text, 8)) {
		memcpy(&word, text.data, 8);
		hash = (hash ^ word) * 0x100000001b3u;
		hash ^= hash >> 32;
	}
	for (size_t i = 0; i < text.size; i++)
		hash = (hash ^ text.data[i]) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

static bool holds(const struct batch_writer *writer, uint16_t number, struct bytes text)
{
	struct bytes found = writer->found[number];

	return bytes_equal(found, text);
}

static void write_reference(struct batch_writer *writer, const struct known *known)
{
	buffer_append_u32(&writer->texts, REFERENCE);
	buffer_append_u64(&writer->texts, known->batch);
	buffer_append_u16(&writer->texts, known->number);
}

static void write_text(struct batch_writer *writer, struct bytes text)
{
	buffer_append_u32(&writer->texts, (uint32_t)text.size);
	buffer_append(&writer->texts, text);
}

/* Writes a text that is new to this batch: as a reference if an earlier one has it. */
static void write_new(struct batch_writer *writer, struct bytes text, uint16_t number)
{
	struct digest digest = hash_of(text);
	struct known *known = &writer->known[(digest.bytes[0] << 8 | digest.bytes[1]) % KNOWN];

	if (known->number && hash_equal(&known->digest, &digest)) {
		write_reference(writer, known);
		return;
	}
	write_text(writer, text);
	*known = (struct known){digest, writer->first, number};
}

/* The number of a text in this batch, written if it is new; 0 for the empty one.
 * The text must stay until the batch is finished. */
static uint16_t refer(struct batch_writer *writer, struct bytes text, bool repeats)
{
	uint64_t slot = slot_of(text);

	if (text.size == 0)
		return 0;
	while (writer->slots[slot % SLOTS]) {
		if (holds(writer, writer->slots[slot % SLOTS], text))
			return writer->slots[slot % SLOTS];
		slot++;
	}
	writer->text_count++;
	writer->found[writer->text_count] = text;
	writer->slots[slot % SLOTS] = writer->text_count;
	if (repeats && text.size >= KNOWN_MIN)
		write_new(writer, text, writer->text_count);
	else
		write_text(writer, text);
	return writer->text_count;
}

/* The head, written and read. */

static void append_short(struct buffer *out, struct bytes text)
{
	buffer_append_u16(out, (uint16_t)text.size);
	buffer_append(out, text);
}

static struct bytes write_head(struct buffer *out, const struct batch_head *head)
{
	buffer_clear(out);
	append_short(out, head->iss);
	append_short(out, head->vct);
	append_short(out, head->eng);
	append_short(out, head->kind);
	buffer_append(out, hash_view(&head->eng_dig));
	buffer_append(out, hash_view(&head->reg));
	buffer_append_u64(out, head->reg_rev);
	return buffer_bytes(out);
}

static bool read_head(struct bytes text, struct batch_head *out)
{
	struct cursor c = cursor_of(text);

	out->iss = cursor_short(&c);
	out->vct = cursor_short(&c);
	out->eng = cursor_short(&c);
	out->kind = cursor_short(&c);
	out->eng_dig = cursor_digest(&c);
	out->reg = cursor_digest(&c);
	out->reg_rev = cursor_u64(&c);
	return cursor_finish(&c) && leaf_text_is_valid(out->iss) && leaf_text_is_valid(out->vct) &&
	       leaf_text_is_valid(out->eng) && leaf_text_is_valid(out->kind);
}

void batch_writer_add(struct batch_writer *writer, const struct batch_entry *entry)
{
	struct bytes head = arena_copy(writer->heads, write_head(&writer->head, &entry->head));

	buffer_append(&writer->hashes, hash_view(&entry->hash));
	buffer_append_byte(&writer->entries, FORM_SEED);
	buffer_append(&writer->entries, bytes_of(entry->seed, sizeof(entry->seed)));
	buffer_append_u16(&writer->entries, refer(writer, head, true));
	for (int i = 0; i < DISCLOSURE_COUNT; i++) /* contexts are each call's own */
		buffer_append_u16(&writer->entries,
				  refer(writer, entry->values[i], i != DISCLOSURE_CONTEXT));
	writer->count++;
}

void batch_writer_finish(struct batch_writer *writer, uint64_t iat, struct buffer *out)
{
	buffer_append_byte(out, BATCH_VERSION);
	buffer_append_u64(out, iat);
	buffer_append_u16(out, writer->count);
	buffer_append_u16(out, writer->text_count);
	buffer_append(out, buffer_bytes(&writer->hashes));
	buffer_append(out, buffer_bytes(&writer->entries));
	buffer_append(out, buffer_bytes(&writer->texts));
}

/* ------------------------------------------------------------------------
 * Reading */

struct start {
	uint64_t iat;
	uint16_t count, texts;
};

static bool read_start(struct cursor *c, struct start *out)
{
	uint8_t version = cursor_u8(c);

	out->iat = cursor_u64(c);
	out->count = cursor_u16(c);
	out->texts = cursor_u16(c);
	return !c->failed && version == BATCH_VERSION && out->count > 0 &&
	       out->count <= BATCH_ENTRIES_MAX && out->iat < (uint64_t)1 << 53;
}

uint16_t batch_count(struct bytes value)
{
	struct cursor c = cursor_of(value);
	struct start start;

	return read_start(&c, &start) ? start.count : 0;
}

static int damaged(struct error *error, const char *part)
{
	return error_set(error, ERR_CORRUPT, "a stored batch of the log is damaged in its %s",
			 part);
}

int batch_hash(struct bytes value, uint16_t position, struct digest *out, struct error *error)
{
	struct cursor c = cursor_of(value);
	struct start start;

	if (!read_start(&c, &start) || position >= start.count)
		return damaged(error, "start");
	cursor_take(&c, (size_t)position * DIGEST_SIZE);
	*out = cursor_digest(&c);
	return c.failed ? damaged(error, "hashes") : 0;
}

uint64_t batch_iat(struct bytes value)
{
	struct cursor c = cursor_of(value);
	struct start start;

	return read_start(&c, &start) ? start.iat : 0;
}

/* A batch taken apart. */
struct parts {
	uint16_t count, texts;
	struct cursor entries, first_text;
};

/* A text as it stands in its batch. */
struct text {
	struct bytes bytes;
	bool elsewhere; /* then: */
	uint64_t batch;
	uint16_t number;
};

static struct text read_text(struct cursor *c)
{
	struct text text = {0};
	uint32_t size = cursor_u32(c);

	text.elsewhere = size == REFERENCE;
	if (text.elsewhere) {
		text.batch = cursor_u64(c);
		text.number = cursor_u16(c);
	} else {
		text.bytes = cursor_take(c, size);
	}
	return text;
}

/* False unless everything is where it should be, to the last byte. */
static bool take_apart(struct bytes value, struct parts *out)
{
	struct cursor c = cursor_of(value);
	struct start start;

	if (!read_start(&c, &start))
		return false;
	cursor_take(&c, (size_t)start.count * DIGEST_SIZE);
	out->count = start.count;
	out->texts = start.texts;
	out->entries = c;
	cursor_take(&c, (size_t)start.count * ENTRY_SIZE);
	out->first_text = c;
	for (uint16_t i = 0; i < start.texts; i++)
		read_text(&c);
	return cursor_finish(&c);
}

/* The text with this number, counted from 1; false if there is none. */
static bool find_text(const struct parts *parts, uint16_t number, struct text *out)
{
	struct cursor c = parts->first_text;

	if (number == 0 || number > parts->texts)
		return false;
	for (uint16_t i = 0; i < number; i++)
		*out = read_text(&c);
	return true;
}

/* Where batches lie. */
struct shelf {
	batch_fetch *fetch;
	void *arg;
};

/* A reference leads to a text, never to another reference. */
static bool resolve(const struct parts *parts, uint16_t number, const struct shelf *shelf,
		    struct bytes *out)
{
	struct parts earlier;
	struct bytes value;
	struct text text;

	if (!find_text(parts, number, &text))
		return false;
	if (text.elsewhere &&
	    (!shelf->fetch(shelf->arg, text.batch, &value) || !take_apart(value, &earlier) ||
	     !find_text(&earlier, text.number, &text) || text.elsewhere))
		return false;
	*out = text.bytes;
	return true;
}

static bool read_values(const struct parts *parts, struct cursor *entry, const struct shelf *shelf,
			struct bytes values[DISCLOSURE_COUNT])
{
	for (int i = 0; i < DISCLOSURE_COUNT; i++) {
		uint16_t number = cursor_u16(entry);

		values[i] = (struct bytes){0};
		if (number && !resolve(parts, number, shelf, &values[i]))
			return false;
	}
	return true;
}

int batch_read(struct bytes value, uint16_t position, batch_fetch *fetch, void *arg,
	       struct batch_entry *out, struct error *error)
{
	const struct shelf shelf = {fetch, arg};
	struct bytes seed, head;
	struct parts parts;
	struct cursor entry;

	if (!take_apart(value, &parts) || batch_hash(value, position, &out->hash, error))
		return damaged(error, "layout");
	entry = parts.entries;
	cursor_take(&entry, (size_t)position * ENTRY_SIZE);
	if (cursor_u8(&entry) != FORM_SEED)
		return damaged(error, "entries");
	seed = cursor_take(&entry, LEAF_SEED_SIZE);
	memcpy(out->seed, seed.data, LEAF_SEED_SIZE);
	if (!resolve(&parts, cursor_u16(&entry), &shelf, &head) || !read_head(head, &out->head))
		return damaged(error, "heads");
	return read_values(&parts, &entry, &shelf, out->values) ? 0 : damaged(error, "values");
}

/* ------------------------------------------------------------------------
 * Leaves */

void batch_prepare(const struct batch_entry *entry, struct arena *arena, struct batch_leaf *out)
{
	struct leaf_secrets secrets;

	leaf_derive(entry->seed, &secrets);
	memcpy(out->jti, secrets.jti, sizeof(out->jti));
	leaf_disclose(&secrets, entry->values, arena, &out->disclosures);
}

void batch_seal(const struct batch_head *head, uint64_t iat, struct arena *arena,
		struct batch_leaf *out)
{
	struct buffer text = {0};
	struct leaf leaf = {
		.iss = head->iss,
		.vct = head->vct,
		.eng = head->eng,
		.kind = head->kind,
		.eng_dig = head->eng_dig,
		.reg = head->reg,
		.reg_rev = head->reg_rev,
		.iat = iat,
	};

	memcpy(leaf.jti, out->jti, sizeof(leaf.jti));
	memcpy(leaf.sd, out->disclosures.digests, sizeof(leaf.sd));
	leaf_encode(&leaf, &text);
	out->entry = arena_copy(arena, buffer_bytes(&text));
	out->hash = merkle_leaf(out->entry);
	buffer_release(&text);
}
