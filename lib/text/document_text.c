#include "text/document_text.h"

#include <string.h>

typedef int check_line(struct bytes line, unsigned number, const char *name, struct error *error);

static int each_line(struct bytes content, check_line *check, const char *name, struct error *error)
{
	struct bytes line;
	unsigned number = 0;
	int result = 0;

	while (content.data && !result) {
		content = bytes_cut(content, '\n', &line);
		result = check(line, ++number, name, error);
	}
	return result;
}

static int check_encoding(struct bytes line, unsigned number, const char *name, struct error *error)
{
	if (bytes_are_text(line))
		return 0;
	if (line.size && memchr(line.data, 0, line.size))
		return error_set(error, ERR_INVALID, "%s:%u: a NUL byte is no text; remove it",
				 name, number);
	return error_set(error, ERR_INVALID, "%s:%u: not UTF-8; save the file as UTF-8", name,
			 number);
}

/* Control characters but tab and the ends of lines, and U+FFFE, U+FFFF. */
static bool is_unprintable(struct bytes line, size_t at)
{
	uint8_t c = line.data[at];

	if (c < 0x20)
		return c != '\t' && c != '\r';
	if (c == 0xc2)
		return line.data[at + 1] < 0xa0 && line.data[at + 1] != 0x85;
	return c == 0x7f || (c == 0xef && line.data[at + 1] == 0xbf && line.data[at + 2] >= 0xbe);
}

static int check_printable(struct bytes line, unsigned number, const char *name,
			   struct error *error)
{
	for (size_t i = 0; i < line.size; i++)
		if (is_unprintable(line, i))
			return error_set(error, ERR_INVALID,
					 "%s:%u:%zu: a control character; write it as an "
					 "escape in double quotes, or remove it",
					 name, number, i + 1);
	return 0;
}

int document_text_check(struct bytes content, const char *name, struct error *error)
{
	return each_line(content, check_encoding, name, error);
}

int document_text_check_yaml(struct bytes content, const char *name, struct error *error)
{
	return each_line(content, check_printable, name, error);
}

struct bytes document_text_unmarked(struct bytes content)
{
	content = bytes_skip(content, bytes_start_with(content, "\xef\xbb\xbf") ? 3 : 0);
	return content.size ? content : BYTES_LITERAL("");
}

const struct node_source *document_text_source(const char *name, bool json, struct arena *arena)
{
	struct node_source *source = arena_alloc(arena, sizeof(*source));

	source->name = arena_string(arena, bytes_of_string(name));
	source->json = json;
	return source;
}
