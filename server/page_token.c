#include "server/page_token.h"

#include "base/base64.h"
#include "base/buffer.h"
#include "server/cursor.h"

enum { VERSION = 1 };

/* Ed25519 signs deterministically (RFC 8032), and no log ever publishes a signature over
 * this line: a checkpoint has three of them. */
static struct digest secret_of(const struct ed25519_key *key)
{
	struct ed25519_signature signature;

	ed25519_sign(key, BYTES_LITERAL("carnet page token, version 1"), &signature);
	return hash_of(bytes_of(signature.bytes, sizeof(signature.bytes)));
}

/* Hashed twice, so that nobody can lengthen what was sealed. */
static struct digest seal(struct bytes content, const struct digest *question,
			  const struct ed25519_key *key)
{
	const struct digest secret = secret_of(key);
	const struct bytes inner_parts[] = {hash_view(question), content};
	const struct digest inner = hash_parts(inner_parts, 2);
	const struct bytes parts[] = {hash_view(&secret), hash_view(&inner)};

	return hash_parts(parts, 2);
}

char *page_token_write(const struct page_token *token, const struct digest *question,
		       const struct ed25519_key *key, struct arena *arena)
{
	struct buffer content = {0}, text = {0};
	struct digest sealed;
	char *out;

	buffer_append_byte(&content, VERSION);
	buffer_append_u64(&content, token->revision);
	buffer_append_u32(&content, (uint32_t)token->as_of);
	buffer_append(&content, token->last);
	sealed = seal(buffer_bytes(&content), question, key);
	buffer_append(&content, hash_view(&sealed));
	base64url_append(&text, buffer_bytes(&content));
	out = arena_string(arena, buffer_bytes(&text));
	buffer_release(&text);
	buffer_release(&content);
	return out;
}

static bool read_content(struct bytes content, struct arena *arena, struct page_token *out)
{
	struct cursor cursor = cursor_of(content);
	uint8_t version = cursor_u8(&cursor);

	out->revision = cursor_u64(&cursor);
	out->as_of = (day)cursor_u32(&cursor);
	out->last = arena_copy(arena, cursor_take(&cursor, cursor.left.size));
	return version == VERSION && cursor_finish(&cursor) && out->last.size;
}

bool page_token_read(const char *text, const struct digest *question, const struct ed25519_key *key,
		     struct arena *arena, struct page_token *out)
{
	struct buffer bytes = {0};
	struct digest found, sealed;
	struct bytes content;
	bool good = base64url_decode(&bytes, bytes_of_string(text)) && bytes.size > DIGEST_SIZE;

	if (good) {
		content = bytes_of(bytes.data, bytes.size - DIGEST_SIZE);
		hash_read(bytes_skip(buffer_bytes(&bytes), content.size), &found);
		sealed = seal(content, question, key);
		good = hash_equal(&found, &sealed) && read_content(content, arena, out);
	}
	buffer_release(&bytes);
	return good;
}
