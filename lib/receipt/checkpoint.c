#include "receipt/checkpoint.h"

#include <string.h>

#include "base/base64.h"
#include "receipt/merkle.h"
#include "receipt/reader.h"

/* An em dash and a space begin each line of a signature. */
#define DASH "\xe2\x80\x94 "

enum { COSIGNATURE_SIZE = 8 + ED25519_SIGNATURE_SIZE }; /* the time, then the signature */

static void append_body(struct bytes origin, uint64_t size, const struct digest *root,
			struct buffer *out)
{
	buffer_append(out, origin);
	buffer_printf(out, "\n%llu\n", (unsigned long long)size);
	base64_append(out, hash_view(root));
	buffer_append_byte(out, '\n');
}

static void append_line(const struct vkey *key, struct bytes signature, struct buffer *out)
{
	struct buffer raw = {0};

	buffer_append(&raw, bytes_of(key->id, VKEY_ID_SIZE));
	buffer_append(&raw, signature);
	buffer_append_string(out, DASH);
	buffer_append(out, key->name);
	buffer_append_byte(out, ' ');
	base64_append(out, buffer_bytes(&raw));
	buffer_append_byte(out, '\n');
	buffer_release(&raw);
}

void checkpoint_write(struct bytes origin, uint64_t size, const struct digest *root,
		      const struct ed25519_key *key, struct buffer *out)
{
	size_t start = out->size;
	struct ed25519_signature signature;
	struct vkey vkey;

	vkey_make(origin, VKEY_NOTE, ed25519_public_of(key), &vkey);
	append_body(origin, size, root, out);
	ed25519_sign(key, bytes_skip(buffer_bytes(out), start), &signature);
	buffer_append_byte(out, '\n');
	append_line(&vkey, bytes_of(signature.bytes, sizeof(signature.bytes)), out);
}

/* What a witness signs: the time, then the log's own words (C2SP tlog-cosignature). */
static void append_cosigned(struct bytes body, uint64_t time, struct buffer *out)
{
	buffer_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
	buffer_append(out, body);
}

void checkpoint_cosign(const struct checkpoint *checkpoint, struct bytes name, uint64_t time,
		       const struct ed25519_key *key, struct buffer *out)
{
	struct buffer message = {0}, raw = {0};
	struct ed25519_signature signature;
	struct vkey vkey;

	vkey_make(name, VKEY_COSIGNATURE, ed25519_public_of(key), &vkey);
	append_cosigned(checkpoint->body, time, &message);
	ed25519_sign(key, buffer_bytes(&message), &signature);
	buffer_append_u64(&raw, time);
	buffer_append(&raw, bytes_of(signature.bytes, sizeof(signature.bytes)));
	append_line(&vkey, buffer_bytes(&raw), out);
	buffer_release(&raw);
	buffer_release(&message);
}

/* Limits first, so that what follows is short work whatever the input. */
static int check_text(struct bytes note, size_t *lines, struct error *error)
{
	*lines = 0;
	if (note.size > CHECKPOINT_SIZE_MAX)
		return error_set(error, ERR_LIMIT, "the checkpoint is larger than %d bytes",
				 CHECKPOINT_SIZE_MAX);
	if (!bytes_are_text(note))
		return error_set(error, ERR_INVALID, "the checkpoint is not valid UTF-8");
	for (size_t i = 0; i < note.size; i++) {
		*lines += note.data[i] == '\n';
		if (note.data[i] < ' ' && note.data[i] != '\n')
			return error_set(error, ERR_INVALID,
					 "the checkpoint has a control character at byte %zu", i);
	}
	if (*lines > CHECKPOINT_SIGNATURES_MAX + 4)
		return error_set(error, ERR_LIMIT, "the checkpoint has more than %d signatures",
				 CHECKPOINT_SIGNATURES_MAX);
	return 0;
}

static void read_signature(struct reader *r, struct arena *arena, struct checkpoint_signature *out)
{
	struct buffer raw = {0};
	struct bytes text;

	reader_literal(r, DASH, "a line of a signature");
	out->name = reader_until(r, ' ', "the key name of a signature");
	text = reader_until(r, '\n', "the base64 of a signature");
	if (!vkey_name_is_valid(out->name))
		reader_fail(r, "the key name of a signature");
	if (!base64_decode(&raw, text) || raw.size <= VKEY_ID_SIZE)
		reader_fail(r, "the base64 of a signature");
	if (!r->failed) {
		memcpy(out->id, raw.data, VKEY_ID_SIZE);
		out->signature = arena_copy(arena, bytes_skip(buffer_bytes(&raw), VKEY_ID_SIZE));
	}
	buffer_release(&raw);
}

int checkpoint_parse(struct bytes note, struct arena *arena, struct checkpoint *out,
		     struct error *error)
{
	struct reader r = reader_of(note);
	size_t lines;
	int result = check_text(note, &lines, error);

	if (result)
		return result;
	*out = (struct checkpoint){0};
	out->origin = reader_until(&r, '\n', "the origin");
	if (!vkey_name_is_valid(out->origin))
		reader_fail(&r, "the origin");
	out->size = reader_decimal(&r, MERKLE_SIZE_MAX, "the tree size");
	reader_literal(&r, "\n", "the end of the tree size");
	out->root = reader_base64_digest(&r, "the root hash");
	reader_literal(&r, "\n", "the end of the root hash");
	out->body = bytes_of(note.data, note.size - r.left.size);
	reader_literal(&r, "\n", "the empty line before the signatures");

	out->signatures = arena_array(arena, struct checkpoint_signature, lines + 1);
	do
		read_signature(&r, arena, &out->signatures[out->signature_count++]);
	while (!r.failed && r.left.size);
	return reader_finish(&r, "checkpoint", error);
}

/* The one line of this key.  Two could differ, and a verifier would have to choose. */
static int find_signature(const struct checkpoint *checkpoint, const struct vkey *key,
			  struct bytes *out, struct error *error)
{
	size_t found = 0;

	for (size_t i = 0; i < checkpoint->signature_count; i++) {
		const struct checkpoint_signature *line = &checkpoint->signatures[i];

		if (!bytes_equal(line->name, key->name) ||
		    memcmp(line->id, key->id, VKEY_ID_SIZE) != 0)
			continue;
		*out = line->signature;
		found++;
	}
	if (found == 0)
		return error_set(error, ERR_NOT_FOUND,
				 "the checkpoint has no signature of the key '%.*s'",
				 BYTES_PRINT(key->name));
	if (found > 1)
		return error_set(error, ERR_CORRUPT,
				 "the checkpoint has %zu signatures of the key '%.*s'", found,
				 BYTES_PRINT(key->name));
	return 0;
}

static int bad_signature(const struct vkey *key, struct error *error)
{
	return error_set(error, ERR_CORRUPT,
			 "the checkpoint's signature of '%.*s' is not by the key we trust",
			 BYTES_PRINT(key->name));
}

int checkpoint_verify(const struct checkpoint *checkpoint, const struct vkey *key,
		      struct error *error)
{
	struct bytes signature;
	int result;

	if (!bytes_equal(checkpoint->origin, key->name))
		return error_set(error, ERR_CORRUPT,
				 "the checkpoint is of the log '%.*s', the key of '%.*s'",
				 BYTES_PRINT(checkpoint->origin), BYTES_PRINT(key->name));
	result = find_signature(checkpoint, key, &signature, error);
	if (result)
		return result;
	if (!ed25519_verify(&key->public, checkpoint->body, signature))
		return bad_signature(key, error);
	return 0;
}

static uint64_t read_time(struct bytes data)
{
	uint64_t time = 0;

	for (size_t i = 0; i < 8; i++)
		time = time << 8 | data.data[i];
	return time;
}

int checkpoint_verify_cosignature(const struct checkpoint *checkpoint, const struct vkey *key,
				  uint64_t *time, struct error *error)
{
	struct buffer message = {0};
	struct bytes line;
	int result = find_signature(checkpoint, key, &line, error);

	if (result)
		return result;
	if (line.size != COSIGNATURE_SIZE)
		return bad_signature(key, error);
	*time = read_time(line);
	append_cosigned(checkpoint->body, *time, &message);
	if (!ed25519_verify(&key->public, buffer_bytes(&message), bytes_skip(line, 8)))
		result = bad_signature(key, error);
	buffer_release(&message);
	return result;
}
