#include "base/bytes.h"

#include <string.h>

struct bytes bytes_of(const void *data, size_t size)
{
	return (struct bytes){data, size};
}

struct bytes bytes_of_string(const char *text)
{
	return text ? bytes_of(text, strlen(text)) : bytes_of(NULL, 0);
}

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool bytes_equal_string(struct bytes a, const char *text)
{
	return bytes_equal(a, bytes_of_string(text));
}

bool bytes_start_with(struct bytes b, const char *prefix)
{
	size_t size = strlen(prefix);

	return b.size >= size && (size == 0 || memcmp(b.data, prefix, size) == 0);
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order = common ? memcmp(a.data, b.data, common) : 0;

	if (order)
		return order;
	return a.size < b.size ? -1 : a.size > b.size;
}

struct bytes bytes_skip(struct bytes b, size_t from)
{
	if (from >= b.size)
		return bytes_of(NULL, 0);
	return bytes_of(b.data + from, b.size - from);
}

struct bytes bytes_cut(struct bytes b, uint8_t separator, struct bytes *head)
{
	const uint8_t *at = b.size ? memchr(b.data, separator, b.size) : NULL;

	if (!at) {
		*head = b;
		return bytes_of(NULL, 0);
	}
	*head = bytes_of(b.data, (size_t)(at - b.data));
	return bytes_of(at + 1, b.size - head->size - 1);
}

/* Length of the well-formed sequence at `p`, 0 if there is none. */
static size_t utf8_length(const uint8_t *p, size_t room)
{
	static const struct {
		uint8_t low, high, second_low, second_high, length;
	} forms[] = {
		{0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t length = forms[i].length;

		if (p[0] < forms[i].low || p[0] > forms[i].high)
			continue;
		if (room < length)
			return 0;
		if (length > 1 && (p[1] < forms[i].second_low || p[1] > forms[i].second_high))
			return 0;
		for (size_t k = 2; k < length; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return length;
	}
	return 0;
}

bool bytes_are_text(struct bytes b)
{
	for (size_t at = 0; at < b.size;) {
		size_t length = utf8_length(b.data + at, b.size - at);

		if (length == 0)
			return false;
		at += length;
	}
	return true;
}
