#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct json_member {
	size_t from;   /* where "name":value starts in the output */
	size_t size;   /* of both */
	size_t length; /* of the name, which stands behind the quote, unless ... */
	uint8_t *name; /* ... it had to be escaped: then a copy */
};

static struct json_level *innermost(struct json_writer *json)
{
	return json->depth ? &json->levels[json->depth - 1] : NULL;
}

/* The separator before a value that is not a member. */
static void begin_value(struct json_writer *json)
{
	struct json_level *level = innermost(json);

	if (!level || level->is_object)
		return;
	if (level->filled)
		buffer_append_byte(json->out, ',');
	level->filled = true;
}

static void begin_level(struct json_writer *json, bool is_object)
{
	assert(json->depth < JSON_DEPTH_MAX);
	begin_value(json);
	buffer_append_byte(json->out, is_object ? '{' : '[');
	json->levels[json->depth++] = (struct json_level){.from = json->out->size,
							  .first_member = json->member_count,
							  .is_object = is_object};
}

void json_begin_object(struct json_writer *json)
{
	begin_level(json, true);
}

static void end_member(struct json_writer *json)
{
	struct json_member *last;

	if (json->member_count == innermost(json)->first_member)
		return;
	last = &json->members[json->member_count - 1];
	last->size = json->out->size - last->from;
}

static uint32_t code_point(struct bytes text, size_t *at)
{
	uint8_t first = text.data[(*at)++];
	int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
	uint32_t point = more == 3   ? first & 7u
			 : more == 2 ? first & 15u
			 : more      ? first & 31u
				     : first;

	while (more-- > 0 && *at < text.size)
		point = point << 6 | (text.data[(*at)++] & 63u);
	return point;
}

/* The first UTF-16 unit of a code point, for order: surrogates sort before
 * U+E000..U+FFFF although the points they stand for come after. */
static uint32_t utf16_rank(uint32_t point)
{
	return point >= 0x10000 ? 0xd800 + ((point - 0x10000) >> 10) : point;
}

static int compare_units(struct bytes a, struct bytes b)
{
	size_t i = 0, k = 0;

	while (i < a.size && k < b.size) {
		uint32_t x = code_point(a, &i), y = code_point(b, &k);

		if (x == y)
			continue;
		if (utf16_rank(x) != utf16_rank(y))
			return utf16_rank(x) < utf16_rank(y) ? -1 : 1;
		return x < y ? -1 : 1;
	}
	return i < a.size ? 1 : k < b.size ? -1 : 0;
}

/* The order of bytes is that of units, but where a surrogate may come in. */
static int compare_names(struct bytes a, struct bytes b)
{
	size_t least = a.size < b.size ? a.size : b.size, i = 0;

	while (i < least && a.data[i] == b.data[i])
		i++;
	if (i == least)
		return (a.size > b.size) - (a.size < b.size);
	if (a.data[i] < 0x80 && b.data[i] < 0x80)
		return a.data[i] < b.data[i] ? -1 : 1;
	return compare_units(a, b);
}

static struct bytes name_of(const struct json_member *member, const struct buffer *out)
{
	return bytes_of(member->name ? member->name : out->data + member->from + 1, member->length);
}

static int compare_members(const void *a, const void *b, void *out)
{
	return compare_names(name_of(a, out), name_of(b, out));
}

static bool is_sorted(const struct json_member *members, size_t count, struct buffer *out)
{
	for (size_t i = 1; i < count; i++)
		if (compare_members(&members[i - 1], &members[i], out) >= 0)
			return false;
	return true;
}

/* Members are sorted while their names still stand where they say. */
static void sort(struct json_member *members, size_t count, size_t from, struct buffer *out)
{
	size_t size = out->size - from, at = from;
	uint8_t *copy = memory_new(size);

	qsort_r(members, count, sizeof(*members), compare_members, out);
	memcpy(copy, out->data + from, size);
	for (size_t i = 0; i < count; i++) {
		if (i)
			out->data[at++] = ',';
		memcpy(out->data + at, copy + (members[i].from - from), members[i].size);
		at += members[i].size;
	}
	assert(at == out->size);
	free(copy);
}

static void forget_members(struct json_writer *json, size_t first)
{
	while (json->member_count > first)
		free(json->members[--json->member_count].name);
	if (json->depth)
		return;
	free(json->members);
	json->members = NULL;
	json->member_capacity = 0;
}

void json_end_object(struct json_writer *json)
{
	struct json_level level = *innermost(json);
	struct json_member *members = json->members + level.first_member;
	size_t count = json->member_count - level.first_member;

	assert(level.is_object);
	end_member(json);
	if (!is_sorted(members, count, json->out))
		sort(members, count, level.from, json->out);
	buffer_append_byte(json->out, '}');
	json->depth--;
	forget_members(json, level.first_member);
}

void json_begin_array(struct json_writer *json)
{
	begin_level(json, false);
}

void json_end_array(struct json_writer *json)
{
	assert(json->depth > 0 && !innermost(json)->is_object);
	json->depth--;
	buffer_append_byte(json->out, ']');
}

static void write_escape(struct buffer *out, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";
	const char *short_form = c == '"'    ? "\\\""
				 : c == '\\' ? "\\\\"
				 : c == '\b' ? "\\b"
				 : c == '\t' ? "\\t"
				 : c == '\n' ? "\\n"
				 : c == '\f' ? "\\f"
				 : c == '\r' ? "\\r"
					     : NULL;

	if (short_form) {
		buffer_append_string(out, short_form);
	} else {
		buffer_append_string(out, "\\u00");
		buffer_append_byte(out, (uint8_t)hex[c >> 4]);
		buffer_append_byte(out, (uint8_t)hex[c & 15]);
	}
}

static bool needs_escape(uint8_t c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* Whether one of eight bytes needs an escape: each of the three terms has the top bit of
 * some byte if and only if a byte is a control, a quote or a backslash. */
static bool one_needs_escape(const uint8_t *at)
{
	const uint64_t each = UINT64_C(0x0101010101010101), top = each << 7;
	uint64_t eight, quote, backslash;

	memcpy(&eight, at, sizeof(eight));
	quote = eight ^ each * '"';
	backslash = eight ^ each * '\\';
	return (((eight - each * 0x20) & ~eight) | ((quote - each) & ~quote) |
		((backslash - each) & ~backslash)) &
	       top;
}

static size_t find_escape(struct bytes text, size_t from)
{
	while (text.size - from >= 8 && !one_needs_escape(text.data + from))
		from += 8;
	while (from < text.size && !needs_escape(text.data[from]))
		from++;
	return from;
}

static void write_escaped(struct buffer *out, struct bytes text, size_t escape)
{
	size_t begin = 0;

	buffer_append_byte(out, '"');
	for (; escape < text.size; escape = find_escape(text, begin)) {
		buffer_append(out, bytes_of(text.data + begin, escape - begin));
		write_escape(out, text.data[escape]);
		begin = escape + 1;
	}
	buffer_append(out, bytes_skip(text, begin));
	buffer_append_byte(out, '"');
}

/* Whether it stands there as it is: almost all does, written in one piece. */
static bool write_string(struct buffer *out, struct bytes text)
{
	size_t escape = find_escape(text, 0);
	uint8_t *at;

	if (escape < text.size) {
		write_escaped(out, text, escape);
		return false;
	}
	at = buffer_extend(out, text.size + 2);
	at[0] = '"';
	if (text.size)
		memcpy(at + 1, text.data, text.size);
	at[text.size + 1] = '"';
	return true;
}

static uint8_t *copy_of(struct bytes name)
{
	uint8_t *copy = memory_new(name.size);

	memcpy(copy, name.data, name.size);
	return copy;
}

void json_member(struct json_writer *json, struct bytes name)
{
	struct json_member *member;

	assert(innermost(json) && innermost(json)->is_object);
	end_member(json);
	if (json->member_count > innermost(json)->first_member)
		buffer_append_byte(json->out, ',');
	array_reserve(&json->members, &json->member_capacity, json->member_count);
	member = &json->members[json->member_count++];
	*member = (struct json_member){.from = json->out->size, .length = name.size};
	if (!write_string(json->out, name))
		member->name = copy_of(name);
	buffer_append_byte(json->out, ':');
}

void json_write_string(struct json_writer *json, struct bytes text)
{
	begin_value(json);
	write_string(json->out, text);
}

void json_write_integer(struct json_writer *json, int64_t value)
{
	assert(value > -(INT64_C(1) << 53) && value < INT64_C(1) << 53);
	begin_value(json);
	buffer_printf(json->out, "%lld", (long long)value);
}

void json_write_boolean(struct json_writer *json, bool value)
{
	begin_value(json);
	buffer_append_string(json->out, value ? "true" : "false");
}

void json_write_null(struct json_writer *json)
{
	begin_value(json);
	buffer_append_string(json->out, "null");
}

void json_raw(struct json_writer *json, struct bytes value)
{
	begin_value(json);
	buffer_append(json->out, value);
}

void json_member_string(struct json_writer *json, const char *name, struct bytes text)
{
	json_member(json, bytes_of_string(name));
	json_write_string(json, text);
}

void json_member_integer(struct json_writer *json, const char *name, int64_t value)
{
	json_member(json, bytes_of_string(name));
	json_write_integer(json, value);
}

void json_member_boolean(struct json_writer *json, const char *name, bool value)
{
	json_member(json, bytes_of_string(name));
	json_write_boolean(json, value);
}
