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
	SLOTS = 16384 /* a power of two above twice TEXTS_MAX */
};

struct batch_writer {
	struct buffer hashes, entries, texts, head;
	uint16_t count, text_count;
	struct {
		size_t offset; /* in `texts`, behind the length */
		uint32_t size;
	} found[TEXTS_MAX + 1];
	uint16_t slots[SLOTS]; /* open addressing; numbers of texts, 0 is free */
};

struct batch_writer *batch_writer_new(void)
{
	return memory_new(sizeof(struct batch_writer));
}

void batch_writer_free(struct batch_writer *writer)
{
	if (!writer)
		return;
	buffer_release(&writer->hashes);
	buffer_release(&writer->entries);
	buffer_release(&writer->texts);
	buffer_release(&writer->head);
	free(writer);
}

void batch_writer_clear(struct batch_writer *writer)
{
	buffer_clear(&writer->hashes);
	buffer_clear(&writer->entries);
	buffer_clear(&writer->texts);
	if (writer->text_count)
		memset(writer->slots, 0, sizeof(writer->slots));
	writer->count = 0;
	writer->text_count = 0;
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
	return bytes_equal(bytes_of(writer->texts.data + writer->found[number].offset,
				    writer->found[number].size),
			   text);
}

/* The number of a text, written if it is new; 0 for the empty one. */
static uint16_t refer(struct batch_writer *writer, struct bytes text)
{
	uint64_t slot = slot_of(text);

	if (text.size == 0)
		return 0;
	while (writer->slots[slot % SLOTS]) {
		if (holds(writer, writer->slots[slot % SLOTS], text))
			return writer->slots[slot % SLOTS];
		slot++;
	}
	buffer_append_u32(&writer->texts, (uint32_t)text.size);
	writer->text_count++;
	writer->found[writer->text_count].offset = writer->texts.size;
	writer->found[writer->text_count].size = (uint32_t)text.size;
	writer->slots[slot % SLOTS] = writer->text_count;
	buffer_append(&writer->texts, text);
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
	buffer_append(&writer->hashes, hash_view(&entry->hash));
	buffer_append_byte(&writer->entries, FORM_SEED);
	buffer_append(&writer->entries, bytes_of(entry->seed, sizeof(entry->seed)));
	buffer_append_u16(&writer->entries, refer(writer, write_head(&writer->head, &entry->head)));
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		buffer_append_u16(&writer->entries, refer(writer, entry->values[i]));
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

/* The text with this number, counted from 1, of those that begin at `c`. */
static struct bytes find_text(struct cursor c, uint16_t number)
{
	struct bytes text = {0};

	for (uint16_t i = 0; i < number; i++)
		text = cursor_long(&c);
	return c.failed ? (struct bytes){0} : text;
}

static bool read_value(struct cursor *entry, struct cursor texts, uint16_t count, struct bytes *out)
{
	uint16_t number = cursor_u16(entry);

	*out = find_text(texts, number);
	return number <= count;
}

static bool texts_are_whole(struct cursor c, uint16_t count)
{
	for (uint16_t i = 0; i < count; i++)
		cursor_long(&c);
	return cursor_finish(&c);
}

int batch_read(struct bytes value, uint16_t position, struct batch_entry *out, uint64_t *iat,
	       struct error *error)
{
	struct cursor c = cursor_of(value), entry, texts;
	struct bytes seed;
	struct start start;
	uint8_t form;

	if (!read_start(&c, &start))
		return damaged(error, "start");
	if (batch_hash(value, position, &out->hash, error))
		return ERR_CORRUPT;
	cursor_take(&c, (size_t)start.count * DIGEST_SIZE);
	entry = c;
	cursor_take(&entry, (size_t)position * ENTRY_SIZE);
	texts = c;
	cursor_take(&texts, (size_t)start.count * ENTRY_SIZE);
	if (!texts_are_whole(texts, start.texts))
		return damaged(error, "texts");
	form = cursor_u8(&entry);
	seed = cursor_take(&entry, LEAF_SEED_SIZE);
	if (entry.failed || texts.failed || form != FORM_SEED)
		return damaged(error, "entries");
	memcpy(out->seed, seed.data, LEAF_SEED_SIZE);
	if (!read_head(find_text(texts, cursor_u16(&entry)), &out->head))
		return damaged(error, "heads");
	for (int i = 0; i < DISCLOSURE_COUNT; i++)
		if (!read_value(&entry, texts, start.texts, &out->values[i]))
			return damaged(error, "values");
	*iat = start.iat;
	return 0;
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
