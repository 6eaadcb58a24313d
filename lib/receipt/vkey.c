#include "receipt/vkey.h"

#include <string.h>

#include "base/base64.h"
#include "crypto/hash.h"

static bool is_space(const uint8_t *p, size_t left)
{
	/* The Unicode spaces beyond ASCII: U+0085, 00A0, 1680, 2000-200A, 2028, 2029,
	 * 202F, 205F, 3000. */
	if (left >= 2 && p[0] == 0xc2)
		return p[1] == 0x85 || p[1] == 0xa0;
	if (left < 3)
		return false;
	if (p[0] == 0xe2 && p[1] == 0x80)
		return p[2] <= 0x8a || p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf;
	return memcmp(p, "\xe1\x9a\x80", 3) == 0 || memcmp(p, "\xe2\x81\x9f", 3) == 0 ||
	       memcmp(p, "\xe3\x80\x80", 3) == 0;
}

bool vkey_name_is_valid(struct bytes name)
{
	if (!name.size || name.size > VKEY_NAME_MAX || !bytes_are_text(name))
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (name.data[i] <= ' ' || name.data[i] == 0x7f || name.data[i] == '+' ||
		    is_space(name.data + i, name.size - i))
			return false;
	return true;
}

void vkey_make(struct bytes name, enum vkey_kind kind, const struct ed25519_public *public,
	       struct vkey *out)
{
	uint8_t prefix[2] = {'\n', (uint8_t)kind};
	struct bytes parts[] = {name, bytes_of(prefix, sizeof(prefix)),
				bytes_of(public->bytes, sizeof(public->bytes))};
	struct digest digest = hash_parts(parts, 3);

	*out = (struct vkey){.name = name, .kind = kind, .public = *public};
	memcpy(out->id, digest.bytes, VKEY_ID_SIZE);
}

static int check_material(struct bytes name, struct bytes id, struct bytes material,
			  struct vkey *out, struct error *error)
{
	struct ed25519_public public;
	int result;

	if (material.size == 0 ||
	    (material.data[0] != VKEY_NOTE && material.data[0] != VKEY_COSIGNATURE))
		return error_set(error, ERR_INVALID,
				 "the key's kind is neither 01 nor 04 (Ed25519)");
	result = ed25519_load_public(bytes_skip(material, 1), &public, error);
	if (result)
		return result;
	vkey_make(name, (enum vkey_kind)material.data[0], &public, out);
	if (!bytes_equal(id, bytes_of(out->id, VKEY_ID_SIZE)))
		return error_set(error, ERR_INVALID, "the key id does not belong to this key");
	return 0;
}

/* Only the first two plus signs separate: base64 may hold more. */
int vkey_parse(struct bytes text, struct vkey *out, struct error *error)
{
	struct buffer id = {0}, material = {0};
	struct bytes name, hex, rest;
	int result;

	rest = bytes_cut(bytes_cut(text, '+', &name), '+', &hex);
	if (!vkey_name_is_valid(name))
		result = error_set(error, ERR_INVALID, "the key's name is empty or malformed");
	else if (hex.size != 2 * (size_t)VKEY_ID_SIZE || !hex_decode(&id, hex))
		result = error_set(error, ERR_INVALID,
				   "the key is not <name>+<8 hexadecimal digits>+<base64>");
	else if (!base64_decode(&material, rest))
		result = error_set(error, ERR_INVALID, "the key's last part is not base64");
	else
		result = check_material(name, buffer_bytes(&id), buffer_bytes(&material), out,
					error);
	buffer_release(&id);
	buffer_release(&material);
	return result;
}

void vkey_format(const struct vkey *key, struct buffer *out)
{
	uint8_t material[1 + ED25519_PUBLIC_SIZE] = {(uint8_t)key->kind};

	memcpy(material + 1, key->public.bytes, ED25519_PUBLIC_SIZE);
	buffer_append(out, key->name);
	buffer_append_byte(out, '+');
	hex_append(out, bytes_of(key->id, VKEY_ID_SIZE));
	buffer_append_byte(out, '+');
	base64_append(out, bytes_of(material, sizeof(material)));
}
