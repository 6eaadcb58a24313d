#include "receipt/canonical.h"

#include <string.h>

#define INTEGER_MAX ((UINT64_C(1) << 53) - 1)

struct cursor {
	const uint8_t *at, *end;
	int depth; /* levels that may still open */
	const char *wrong;
};

static bool refuse(struct cursor *c, const char *why)
{
	c->wrong = why;
	return false;
}

static bool take(struct cursor *c, char wanted)
{
	if (c->at == c->end || *c->at != (uint8_t)wanted)
		return false;
	c->at++;
	return true;
}

static bool take_word(struct cursor *c, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(c->end - c->at) < size || memcmp(c->at, word, size) != 0)
		return refuse(c, "no JSON value stands here");
	c->at += size;
	return true;
}

/* The character behind a short escape, or 0. */
static uint8_t short_escape(uint8_t letter)
{
	static const char letters[] = "\"\\btnfr", meant[] = "\"\\\b\t\n\f\r";
	const char *found = letter ? strchr(letters, letter) : NULL;

	return found ? (uint8_t)meant[found - letters] : 0;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind the backslash: a short form, or \u00xx for a control character that has none. */
static bool take_escape(struct cursor *c)
{
	int value;

	if (c->at < c->end && short_escape(*c->at)) {
		c->at++;
		return true;
	}
	if (c->end - c->at < 5 || memcmp(c->at, "u00", 3) != 0 ||
	    (c->at[3] != '0' && c->at[3] != '1') || hex_digit(c->at[4]) < 0)
		return refuse(c, "this escape is not canonical");
	value = (c->at[3] - '0') << 4 | hex_digit(c->at[4]);
	if (value == 0 || memchr("\b\t\n\f\r", value, 5))
		return refuse(c, "this escape is not canonical");
	c->at += 5;
	return true;
}

/* `raw` is what stands between the quotes. */
static bool take_string(struct cursor *c, struct bytes *raw)
{
	const uint8_t *start;

	if (!take(c, '"'))
		return refuse(c, "a string is missing");
	for (start = c->at; c->at < c->end && *c->at != '"';) {
		if (*c->at < ' ')
			return refuse(c, "a control character must be escaped");
		if (*c->at++ == '\\' && !take_escape(c))
			return false;
	}
	*raw = bytes_of(start, (size_t)(c->at - start));
	return take(c, '"') ? true : refuse(c, "the string does not end");
}

static bool take_integer(struct cursor *c)
{
	bool negative = take(c, '-');
	const uint8_t *start = c->at;
	uint64_t value = 0;

	for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
		value = value * 10 + (uint64_t)(*c->at - '0');
		if (value > INTEGER_MAX)
			return refuse(c, "an integer must be below 2^53");
	}
	if (c->at == start)
		return refuse(c, "no JSON value stands here");
	if (*start == '0' && (negative || c->at - start > 1))
		return refuse(c, "this number is not canonical");
	return true;
}

/* The next code point of a name that take_string has passed. */
static uint32_t next_point(struct bytes raw, size_t *at)
{
	uint8_t first = raw.data[(*at)++];
	int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
	uint32_t point = more ? first & (0x3fu >> more) : first;

	if (first == '\\') {
		uint8_t letter = raw.data[(*at)++];

		if (letter != 'u')
			return short_escape(letter);
		*at += 4;
		return (uint32_t)(raw.data[*at - 2] - '0') << 4 |
		       (uint32_t)hex_digit(raw.data[*at - 1]);
	}
	while (more-- > 0)
		point = point << 6 | (raw.data[(*at)++] & 0x3fu);
	return point;
}

/* Surrogates sort before U+E000 to U+FFFF, although the points they stand for come after. */
static uint32_t first_unit(uint32_t point)
{
	return point >= 0x10000 ? 0xd800 + ((point - 0x10000) >> 10) : point;
}

/* By UTF-16 code units (RFC 8785, 3.2.3); equal names are not below each other. */
static bool is_below(struct bytes a, struct bytes b)
{
	size_t i = 0, k = 0;

	while (i < a.size && k < b.size) {
		uint32_t x = next_point(a, &i), y = next_point(b, &k);

		if (first_unit(x) != first_unit(y))
			return first_unit(x) < first_unit(y);
		if (x != y)
			return x < y;
	}
	return k < b.size;
}

static bool take_value(struct cursor *c);

static bool take_array(struct cursor *c)
{
	if (take(c, ']'))
		return true;
	do
		if (!take_value(c))
			return false;
	while (take(c, ','));
	return take(c, ']') ? true : refuse(c, "',' or ']' is missing");
}

static bool take_object(struct cursor *c)
{
	struct bytes last = {0}, name;

	if (take(c, '}'))
		return true;
	do {
		if (!take_string(c, &name))
			return false;
		if (last.data && !is_below(last, name))
			return refuse(c, "this name is not in canonical order, or there twice");
		last = name;
		if (!take(c, ':'))
			return refuse(c, "':' is missing");
		if (!take_value(c))
			return false;
	} while (take(c, ','));
	return take(c, '}') ? true : refuse(c, "',' or '}' is missing");
}

static bool take_nested(struct cursor *c)
{
	bool is_object = *c->at++ == '{', good;

	if (c->depth-- == 0)
		return refuse(c, "the JSON is nested too deeply");
	good = is_object ? take_object(c) : take_array(c);
	c->depth++;
	return good;
}

static bool take_value(struct cursor *c)
{
	struct bytes raw;

	switch (c->at < c->end ? *c->at : 0) {
	case '{':
	case '[':
		return take_nested(c);
	case '"':
		return take_string(c, &raw);
	case 't':
		return take_word(c, "true");
	case 'f':
		return take_word(c, "false");
	case 'n':
		return take_word(c, "null");
	default:
		return take_integer(c);
	}
}

int canonical_check(struct bytes text, int depth, struct error *error)
{
	struct cursor c = {.at = text.data, .end = text.data + text.size, .depth = depth};

	if (!bytes_are_text(text))
		return error_set(error, ERR_INVALID, "the JSON is not valid UTF-8");
	if (take_value(&c) && c.at != c.end)
		refuse(&c, "nothing may follow the JSON here");
	if (!c.wrong)
		return 0;
	return error_set(error, ERR_INVALID, "the JSON is not canonical: byte %zu: %s",
			 (size_t)(c.at - text.data), c.wrong);
}
