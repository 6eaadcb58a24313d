#include "text/yaml_writer.h"

#include <assert.h>
#include <string.h>

enum { KEY_SIZE_MAX = 120 }; /* longer keys get the form "? key" (readers stop at 1,024) */

static struct yaml_level *top(struct yaml_writer *yaml)
{
	return yaml->depth ? &yaml->levels[yaml->depth - 1] : NULL;
}

static void new_line(struct yaml_writer *yaml, unsigned indent)
{
	buffer_append_byte(yaml->out, '\n');
	while (indent-- > 0)
		buffer_append_byte(yaml->out, ' ');
}

/* The first entry stands behind "- ", or at the very start; others on a line of their own. */
static void begin_entry(struct yaml_writer *yaml, struct yaml_level *level)
{
	if (level->filled || level->after_key)
		new_line(yaml, level->indent);
	level->filled = true;
}

/* What stands before a value: the dash or comma of a list, the blank behind "key:". */
static void begin_value(struct yaml_writer *yaml, bool nested)
{
	struct yaml_level *level = top(yaml);

	if (!level)
		return;
	if (level->flow) {
		if (level->filled)
			buffer_append_string(yaml->out, ", ");
		level->filled = true;
	} else if (level->list) {
		begin_entry(yaml, level);
		buffer_append_string(yaml->out, "- ");
	} else if (!nested) {
		buffer_append_byte(yaml->out, ' ');
	}
}

static void begin(struct yaml_writer *yaml, bool list, bool flow)
{
	const struct yaml_level *parent = top(yaml);
	struct yaml_level level = {.list = list, .flow = flow};

	assert(yaml->depth < YAML_WRITER_DEPTH_MAX && !(parent && parent->flow));
	begin_value(yaml, !flow);
	level.indent = parent ? parent->indent + 2 : 0;
	level.after_key = parent && !parent->list;
	yaml->levels[yaml->depth++] = level;
	if (flow)
		buffer_append_byte(yaml->out, '[');
}

static void end(struct yaml_writer *yaml, const char *empty)
{
	const struct yaml_level *level = top(yaml);

	if (level->flow) {
		buffer_append_byte(yaml->out, ']');
	} else if (!level->filled) {
		if (level->after_key)
			buffer_append_byte(yaml->out, ' ');
		buffer_append_string(yaml->out, empty);
	}
	yaml->depth--;
}

void yaml_begin_map(struct yaml_writer *yaml)
{
	begin(yaml, false, false);
}

void yaml_end_map(struct yaml_writer *yaml)
{
	end(yaml, "{}");
}

void yaml_begin_list(struct yaml_writer *yaml, bool flow)
{
	begin(yaml, true, flow);
}

void yaml_end_list(struct yaml_writer *yaml)
{
	end(yaml, "[]");
}

/* Words that readers of YAML 1.1 or 1.2 take for booleans, numbers or nothing. */
static bool is_retyped(struct bytes text)
{
	static const char *const words[] = {"y",    "n",     "yes",  "no",  "on",  "off",
					    "true", "false", "null", "nan", "inf", "infinity"};
	char lower[10];

	if (text.size >= sizeof(lower))
		return false;
	for (size_t i = 0; i < text.size; i++)
		lower[i] = (char)(text.data[i] |
				  (text.data[i] >= 'A' && text.data[i] <= 'Z' ? 0x20 : 0));
	lower[text.size] = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(lower, words[i]))
			return true;
	return false;
}

/*
 * The size of a character that YAML writes only as an escape, and its code
 * point; 0 if it may stand as it is.  Beyond control characters: those that
 * some readers take for line breaks or byte order marks.
 */
static size_t forbidden(struct bytes text, unsigned *point)
{
	uint8_t a = text.data[0], b = text.size > 1 ? text.data[1] : 0;
	uint8_t c = text.size > 2 ? text.data[2] : 0;

	*point = a;
	if (a < 0x20 || a == 0x7f)
		return 1;
	if (a == 0xc2 && b < 0xa0) {
		*point = b;
		return 2;
	}
	*point = (a & 15u) << 12 | (b & 63u) << 6 | (c & 63u);
	if ((a == 0xe2 && b == 0x80 && (c == 0xa8 || c == 0xa9)) ||
	    (a == 0xef && ((b == 0xbb && c == 0xbf) || (b == 0xbf && c >= 0xbe))))
		return 3;
	return 0;
}

static bool has_forbidden(struct bytes text)
{
	unsigned point;

	for (; text.size; text = bytes_skip(text, 1))
		if (text.data[0] != '\n' && forbidden(text, &point))
			return true;
	return false;
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* True if no reader sees more in it than its characters.  All numbers, dates
 * and signs begin otherwise than with a letter. */
static bool is_plain(struct bytes text, bool flow)
{
	if (!text.size || !(is_letter(text.data[0]) || text.data[0] >= 0x80) || is_retyped(text) ||
	    text.data[text.size - 1] == ' ' || has_forbidden(text))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i], next = i + 1 < text.size ? text.data[i + 1] : ' ';

		if (c == '\n' || (c == ':' && next == ' ') || (c == ' ' && next == '#') ||
		    (flow && strchr(",:[]{}", c)))
			return false;
	}
	return true;
}

static void write_quoted(struct buffer *out, struct bytes text)
{
	unsigned point;

	buffer_append_byte(out, '"');
	while (text.size) {
		size_t size = forbidden(text, &point);

		if (text.data[0] == '"' || text.data[0] == '\\')
			buffer_printf(out, "\\%c", text.data[0]);
		else if (text.data[0] == '\n')
			buffer_append_string(out, "\\n");
		else if (text.data[0] == '\t')
			buffer_append_string(out, "\\t");
		else if (size)
			buffer_printf(out, size == 3 ? "\\u%04X" : "\\x%02X", point);
		else
			buffer_append_byte(out, text.data[0]);
		text = bytes_skip(text, size ? size : 1);
	}
	buffer_append_byte(out, '"');
}

/*
 * A literal block says exactly this text: two lines or more, none with a blank
 * at either end, neither the first nor the last empty, and at most one line
 * break behind the last.
 */
static bool is_block(struct bytes text)
{
	struct bytes line = {0};
	size_t lines = 0;

	if (has_forbidden(text))
		return false;
	text.size -= text.size && text.data[text.size - 1] == '\n';
	while (text.data) {
		text = bytes_cut(text, '\n', &line);
		if (!line.size && !lines)
			return false;
		if (line.size && (line.data[0] == ' ' || line.data[line.size - 1] == ' '))
			return false;
		lines++;
	}
	return lines > 1 && line.size;
}

static void write_block(struct yaml_writer *yaml, struct bytes text)
{
	unsigned indent = top(yaml)->indent + 2;
	bool ended = text.data[text.size - 1] == '\n';
	struct bytes line;

	buffer_append_string(yaml->out, ended ? "|" : "|-");
	text.size -= ended;
	while (text.data) {
		text = bytes_cut(text, '\n', &line);
		new_line(yaml, line.size ? indent : 0);
		buffer_append(yaml->out, line);
	}
}

void yaml_key(struct yaml_writer *yaml, struct bytes key)
{
	struct yaml_level *level = top(yaml);
	bool is_long = key.size > KEY_SIZE_MAX;

	begin_entry(yaml, level);
	if (is_long)
		buffer_append_string(yaml->out, "? ");
	if (is_plain(key, true))
		buffer_append(yaml->out, key);
	else
		write_quoted(yaml->out, key);
	if (is_long)
		new_line(yaml, level->indent);
	buffer_append_byte(yaml->out, ':');
}

void yaml_text(struct yaml_writer *yaml, struct bytes text)
{
	const struct yaml_level *level = top(yaml);
	bool flow = level && level->flow;

	begin_value(yaml, false);
	if (is_plain(text, flow))
		buffer_append(yaml->out, text);
	else if (level && !flow && is_block(text))
		write_block(yaml, text);
	else
		write_quoted(yaml->out, text);
}

void yaml_word(struct yaml_writer *yaml, const char *word)
{
	begin_value(yaml, false);
	buffer_append_string(yaml->out, word);
}

void yaml_finish(struct yaml_writer *yaml)
{
	assert(!yaml->depth);
	buffer_append_byte(yaml->out, '\n');
}
