#include "base/base64.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void append(struct buffer *out, struct bytes data, const char *alphabet, bool padded)
{
	for (size_t i = 0; i < data.size; i += 3) {
		size_t left = data.size - i;
		uint32_t group = (uint32_t)data.data[i] << 16 |
				 (left > 1 ? (uint32_t)data.data[i + 1] << 8 : 0) |
				 (left > 2 ? (uint32_t)data.data[i + 2] : 0);

		buffer_append_byte(out, (uint8_t)alphabet[group >> 18]);
		buffer_append_byte(out, (uint8_t)alphabet[group >> 12 & 63]);
		if (left > 1)
			buffer_append_byte(out, (uint8_t)alphabet[group >> 6 & 63]);
		else if (padded)
			buffer_append_byte(out, '=');
		if (left > 2)
			buffer_append_byte(out, (uint8_t)alphabet[group & 63]);
		else if (padded)
			buffer_append_byte(out, '=');
	}
}

void base64_append(struct buffer *out, struct bytes data)
{
	append(out, data, standard, true);
}

void base64url_append(struct buffer *out, struct bytes data)
{
	append(out, data, url_safe, false);
}

static int digit(uint8_t c, bool url)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (url ? '-' : '+'))
		return 62;
	if (c == (url ? '_' : '/'))
		return 63;
	return -1;
}

static bool decode(struct buffer *out, struct bytes text, bool url)
{
	size_t start = out->size;
	uint32_t bits = 0;
	int held = 0;

	if (text.size % 4 == 1)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		int value = digit(text.data[i], url);

		if (value < 0) {
			out->size = start;
			return false;
		}
		bits = (bits << 6 | (uint32_t)value) & 0xffffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			buffer_append_byte(out, (uint8_t)(bits >> held));
		}
	}
	if (bits & ((1u << held) - 1)) { /* bits that no byte uses must be zero */
		out->size = start;
		return false;
	}
	return true;
}

bool base64_decode(struct buffer *out, struct bytes text)
{
	size_t padding = 0;

	if (text.size % 4)
		return false;
	while (padding < 2 && text.size > padding && text.data[text.size - 1 - padding] == '=')
		padding++;
	return decode(out, bytes_of(text.data, text.size - padding), false);
}

bool base64url_decode(struct buffer *out, struct bytes text)
{
	return decode(out, text, true);
}

void hex_append(struct buffer *out, struct bytes data)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < data.size; i++) {
		buffer_append_byte(out, (uint8_t)hex[data.data[i] >> 4]);
		buffer_append_byte(out, (uint8_t)hex[data.data[i] & 15]);
	}
}

static int nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(struct buffer *out, struct bytes text)
{
	size_t start = out->size;

	if (text.size % 2)
		return false;
	for (size_t i = 0; i < text.size; i += 2) {
		int high = nibble(text.data[i]), low = nibble(text.data[i + 1]);

		if (high < 0 || low < 0) {
			out->size = start;
			return false;
		}
		buffer_append_byte(out, (uint8_t)(high << 4 | low));
	}
	return true;
}
