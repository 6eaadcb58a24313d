#include "receipt/leaf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "receipt/canonical.h"
#include "receipt/reader.h"

#define INTEGER_MAX ((UINT64_C(1) << 53) - 1)

enum { DIGEST_TEXT = 43, SALT_TEXT = 22 };

_Static_assert(LEAF_SALT_SIZE == LEAF_JTI_SIZE && 2 * LEAF_SALT_SIZE == DIGEST_SIZE,
	       "each derived block is two secrets");

const char *leaf_disclosure_name(enum disclosure which)
{
	static const char *const names[DISCLOSURE_COUNT] = {"subject", "request", "context",
							    "evidence", "outcome"};

	return names[which];
}

void leaf_derive(const uint8_t seed[LEAF_SEED_SIZE], struct leaf_secrets *out)
{
	uint8_t secrets[1 + DISCLOSURE_COUNT][LEAF_SALT_SIZE];

	for (uint8_t k = 0; k < 3; k++) {
		struct bytes parts[] = {bytes_of(seed, LEAF_SEED_SIZE),
					BYTES_LITERAL("carnet/receipt/v1"), bytes_of(&k, 1)};
		struct digest block = hash_parts(parts, 3);

		memcpy(secrets[2 * k], block.bytes, DIGEST_SIZE);
	}
	*out = (struct leaf_secrets){0};
	memcpy(out->jti, secrets[0], LEAF_JTI_SIZE);
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++)
		memcpy(out->of[i].salt, secrets[1 + i], LEAF_SALT_SIZE);
}

void leaf_erase(struct leaf_secrets *secrets, enum disclosure which, const struct digest *digest)
{
	secrets->of[which] = (struct leaf_secret){.erased = true, .digest = *digest};
}

static void disclose(const struct leaf_secret *secret, enum disclosure which, struct bytes value,
		     struct buffer *json, struct buffer *text)
{
	buffer_clear(json);
	buffer_clear(text);
	buffer_append_string(json, "[\"");
	base64url_append(json, bytes_of(secret->salt, LEAF_SALT_SIZE));
	buffer_append_string(json, "\",\"");
	buffer_append_string(json, leaf_disclosure_name(which));
	buffer_append_string(json, "\",");
	buffer_append(json, value);
	buffer_append_byte(json, ']');
	base64url_append(text, buffer_bytes(json));
}

/* RFC 9901, 4.2.5: hashing a random value gives a digest like any other. */
static struct digest decoy(const struct leaf_secret *secret)
{
	return hash_of(bytes_of(secret->salt, LEAF_SALT_SIZE));
}

void leaf_disclose(const struct leaf_secrets *secrets, const struct bytes values[DISCLOSURE_COUNT],
		   struct arena *arena, struct leaf_disclosures *out)
{
	struct buffer json = {0}, text = {0};

	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		const struct leaf_secret *secret = &secrets->of[i];

		out->texts[i] = bytes_of(NULL, 0);
		if (secret->erased) {
			out->digests[i] = secret->digest;
		} else if (values[i].size == 0) {
			out->digests[i] = decoy(secret);
		} else {
			disclose(secret, (enum disclosure)i, values[i], &json, &text);
			out->texts[i] = arena_copy(arena, buffer_bytes(&text));
			out->digests[i] = hash_of(out->texts[i]);
		}
	}
	buffer_release(&json);
	buffer_release(&text);
}

bool leaf_text_is_valid(struct bytes text)
{
	if (text.size == 0 || text.size > LEAF_TEXT_MAX)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] > '~' || text.data[i] == '"' ||
		    text.data[i] == '\\')
			return false;
	return true;
}

static int compare_texts(const void *a, const void *b)
{
	return memcmp(a, b, DIGEST_TEXT);
}

/* Sorted as texts (base64url does not keep the order of bytes), so that the place
 * of a digest says nothing of what it is. */
static void encode_digests(const struct digest sd[DISCLOSURE_COUNT], struct buffer *out)
{
	char texts[DISCLOSURE_COUNT][DIGEST_TEXT];
	struct buffer text = {0};

	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		buffer_clear(&text);
		base64url_append(&text, hash_view(&sd[i]));
		memcpy(texts[i], text.data, DIGEST_TEXT);
	}
	buffer_release(&text);
	qsort(texts, DISCLOSURE_COUNT, DIGEST_TEXT, compare_texts);
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		buffer_append_string(out, i ? ",\"" : "\"");
		buffer_append(out, bytes_of(texts[i], DIGEST_TEXT));
		buffer_append_byte(out, '"');
	}
}

static void encode_text(const char *name, struct bytes text, struct buffer *out)
{
	assert(leaf_text_is_valid(text));
	buffer_append_string(out, name);
	buffer_append(out, text);
}

static void encode_base64url(const char *name, struct bytes data, struct buffer *out)
{
	buffer_append_string(out, name);
	base64url_append(out, data);
}

void leaf_encode(const struct leaf *leaf, struct buffer *out)
{
	assert(leaf->iat <= INTEGER_MAX);
	buffer_append_string(out, "{\"_sd\":[");
	encode_digests(leaf->sd, out);
	encode_text("],\"_sd_alg\":\"sha-256\",\"eng\":\"", leaf->eng, out);
	encode_base64url("\",\"eng_dig\":\"", hash_view(&leaf->eng_dig), out);
	buffer_printf(out, "\",\"iat\":%llu", (unsigned long long)leaf->iat);
	encode_text(",\"iss\":\"", leaf->iss, out);
	encode_base64url("\",\"jti\":\"", bytes_of(leaf->jti, LEAF_JTI_SIZE), out);
	encode_text("\",\"kind\":\"", leaf->kind, out);
	encode_base64url("\",\"reg\":\"", hash_view(&leaf->reg), out);
	buffer_printf(out, "\",\"reg_rev\":\"%llu", (unsigned long long)leaf->reg_rev);
	encode_text("\",\"vct\":\"", leaf->vct, out);
	buffer_append_string(out, "\"}");
}

static struct bytes read_text(struct reader *r, const char *what)
{
	struct bytes text = reader_until(r, '"', what);

	if (!leaf_text_is_valid(text))
		reader_fail(r, what);
	return text;
}

static void read_random(struct reader *r, uint8_t out[LEAF_JTI_SIZE], const char *what)
{
	struct bytes text = reader_take(r, SALT_TEXT, what);
	struct buffer data = {0};

	if (!base64url_decode(&data, text) || data.size != LEAF_JTI_SIZE)
		reader_fail(r, what);
	else
		memcpy(out, data.data, LEAF_JTI_SIZE);
	buffer_release(&data);
}

static void read_digests(struct reader *r, struct leaf *out)
{
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		reader_literal(r, i ? ",\"" : "\"", "a digest in '_sd'");
		out->sd[i] = reader_base64url_digest(r, "a digest in '_sd'");
		reader_literal(r, "\"", "the end of a digest in '_sd'");
		for (size_t k = 0; k < i; k++)
			if (hash_equal(&out->sd[i], &out->sd[k]))
				reader_fail(r, "a digest in '_sd' that is not there yet");
	}
}

/* The canonical form, member by member: there is no other way to write a leaf. */
static int read_members(struct bytes entry, struct leaf *out, struct error *error)
{
	struct reader r = reader_of(entry);

	reader_literal(&r, "{\"_sd\":[", "the member '_sd'");
	read_digests(&r, out);
	reader_literal(&r, "],\"_sd_alg\":\"sha-256\"", "the member '_sd_alg'");
	reader_literal(&r, ",\"eng\":\"", "the member 'eng'");
	out->eng = read_text(&r, "the member 'eng'");
	reader_literal(&r, ",\"eng_dig\":\"", "the member 'eng_dig'");
	out->eng_dig = reader_base64url_digest(&r, "the member 'eng_dig'");
	reader_literal(&r, "\",\"iat\":", "the member 'iat'");
	out->iat = reader_decimal(&r, INTEGER_MAX, "the member 'iat'");
	reader_literal(&r, ",\"iss\":\"", "the member 'iss'");
	out->iss = read_text(&r, "the member 'iss'");
	reader_literal(&r, ",\"jti\":\"", "the member 'jti'");
	read_random(&r, out->jti, "the member 'jti'");
	reader_literal(&r, "\",\"kind\":\"", "the member 'kind'");
	out->kind = read_text(&r, "the member 'kind'");
	reader_literal(&r, ",\"reg\":\"", "the member 'reg'");
	out->reg = reader_base64url_digest(&r, "the member 'reg'");
	reader_literal(&r, "\",\"reg_rev\":\"", "the member 'reg_rev'");
	out->reg_rev = reader_decimal(&r, UINT64_MAX, "the member 'reg_rev'");
	reader_literal(&r, "\",\"vct\":\"", "the member 'vct'");
	out->vct = read_text(&r, "the member 'vct'");
	reader_literal(&r, "}", "the end");
	return reader_finish(&r, "leaf", error);
}

int leaf_parse(struct bytes entry, struct leaf *out, struct error *error)
{
	struct buffer again = {0};
	int result;

	if (entry.size > LEAF_SIZE_MAX)
		return error_set(error, ERR_LIMIT, "leaf: more than %d bytes", LEAF_SIZE_MAX);
	*out = (struct leaf){0};
	result = read_members(entry, out, error);
	if (result)
		return result;
	leaf_encode(out, &again);
	if (!bytes_equal(buffer_bytes(&again), entry))
		result = error_set(error, ERR_INVALID, "leaf: the digests in '_sd' are not sorted");
	buffer_release(&again);
	return result;
}

static bool find_name(struct bytes name, enum disclosure *out)
{
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++) {
		if (!bytes_equal_string(name, leaf_disclosure_name((enum disclosure)i)))
			continue;
		*out = (enum disclosure)i;
		return true;
	}
	return false;
}

/* ["<salt>","<name>",<value>] */
static int read_disclosure(struct bytes json, struct leaf_opened *out, struct error *error)
{
	struct reader r = reader_of(json);
	uint8_t salt[LEAF_SALT_SIZE];
	struct error why;
	int result;

	reader_literal(&r, "[\"", "the salt");
	read_random(&r, salt, "the salt");
	reader_literal(&r, "\",\"", "the name");
	if (!find_name(reader_until(&r, '"', "the name"), &out->which))
		reader_fail(&r, "the name");
	reader_literal(&r, ",", "the value");
	out->value = reader_take(&r, r.left.size ? r.left.size - 1 : 0, "the value");
	reader_literal(&r, "]", "the end");
	result = reader_finish(&r, "disclosure", error);
	if (result)
		return result;
	result = canonical_check(out->value, LEAF_VALUE_DEPTH_MAX, &why);
	return result ? error_set(error, result, "disclosure '%s': %s",
				  leaf_disclosure_name(out->which), why.text)
		      : 0;
}

static bool holds(const struct leaf *leaf, const struct digest *digest)
{
	for (size_t i = 0; i < DISCLOSURE_COUNT; i++)
		if (hash_equal(&leaf->sd[i], digest))
			return true;
	return false;
}

int leaf_open(const struct leaf *leaf, struct bytes text, struct arena *arena,
	      struct leaf_opened *out, struct error *error)
{
	struct digest digest = hash_of(text);
	struct buffer json = {0};
	int result;

	if (!holds(leaf, &digest))
		return error_set(
			error, ERR_CORRUPT,
			"the disclosure does not belong to this leaf: its digest is not in "
			"'_sd'");
	if (base64url_decode(&json, text))
		result = read_disclosure(arena_copy(arena, buffer_bytes(&json)), out, error);
	else
		result = error_set(error, ERR_INVALID, "the disclosure is not base64url");
	buffer_release(&json);
	return result;
}
