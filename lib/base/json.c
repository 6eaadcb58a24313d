#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct member {
	struct bytes name; /* owned copy */
	size_t from;       /* where "name":value starts in the output */
	size_t size;
};

struct json_object {
	struct member *members;
	size_t count, capacity;
	size_t from; /* behind the brace */
};

/* The separator before a value that is not a member. */
static void begin_value(struct json_writer *json)
{
	if (json->depth == 0 || json->objects[json->depth - 1])
		return;
	if (json->filled[json->depth - 1])
		buffer_append_byte(json->out, ',');
	json->filled[json->depth - 1] = true;
}

void json_begin_object(struct json_writer *json)
{
	struct json_object *object = memory_new(sizeof(*object));

	assert(json->depth < JSON_DEPTH_MAX);
	begin_value(json);
	buffer_append_byte(json->out, '{');
	object->from = json->out->size;
	json->objects[json->depth++] = object;
}

static void end_member(struct json_object *object, size_t here)
{
	if (object->count)
		object->members[object->count - 1].size =
			here - object->members[object->count - 1].from;
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

static int compare_names(struct bytes a, struct bytes b)
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

static int compare_members(const void *a, const void *b)
{
	return compare_names(((const struct member *)a)->name, ((const struct member *)b)->name);
}

static void write_sorted(struct json_object *object, struct buffer *out)
{
	size_t size = out->size - object->from, at = object->from;
	uint8_t *copy = memory_new(size);

	memcpy(copy, out->data + object->from, size);
	qsort(object->members, object->count, sizeof(*object->members), compare_members);
	for (size_t i = 0; i < object->count; i++) {
		const struct member *member = &object->members[i];

		if (i)
			out->data[at++] = ',';
		memcpy(out->data + at, copy + (member->from - object->from), member->size);
		at += member->size;
	}
	assert(at == out->size);
	free(copy);
}

static bool is_sorted(const struct json_object *object)
{
	for (size_t i = 1; i < object->count; i++)
		if (compare_names(object->members[i - 1].name, object->members[i].name) >= 0)
			return false;
	return true;
}

void json_end_object(struct json_writer *json)
{
	struct json_object *object = json->objects[--json->depth];

	assert(object);
	json->objects[json->depth] = NULL;
	end_member(object, json->out->size);
	if (!is_sorted(object))
		write_sorted(object, json->out);
	buffer_append_byte(json->out, '}');
	for (size_t i = 0; i < object->count; i++)
		free((void *)(uintptr_t)object->members[i].name.data);
	free(object->members);
	free(object);
}

void json_begin_array(struct json_writer *json)
{
	assert(json->depth < JSON_DEPTH_MAX);
	begin_value(json);
	buffer_append_byte(json->out, '[');
	json->objects[json->depth] = NULL;
	json->filled[json->depth++] = false;
}

void json_end_array(struct json_writer *json)
{
	assert(json->depth > 0 && !json->objects[json->depth - 1]);
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

/* Almost all of a text stands as it is, and is written in one piece. */
static void write_string(struct buffer *out, struct bytes text)
{
	size_t begin = 0;

	buffer_append_byte(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		if (!needs_escape(text.data[i]))
			continue;
		buffer_append(out, bytes_of(text.data + begin, i - begin));
		write_escape(out, text.data[i]);
		begin = i + 1;
	}
	buffer_append(out, bytes_skip(text, begin));
	buffer_append_byte(out, '"');
}

void json_member(struct json_writer *json, struct bytes name)
{
	struct json_object *object = json->objects[json->depth - 1];
	uint8_t *copy = memory_new(name.size);

	assert(object);
	end_member(object, json->out->size);
	if (object->count)
		buffer_append_byte(json->out, ',');
	if (name.size)
		memcpy(copy, name.data, name.size);
	array_reserve(&object->members, &object->capacity, object->count);
	object->members[object->count++] =
		(struct member){.name = bytes_of(copy, name.size), .from = json->out->size};
	write_string(json->out, name);
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
