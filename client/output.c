#include "client/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/mapping.h"

int output_parse(const char *text, enum output *out, struct error *error)
{
	static const char *const names[] = {
		[OUTPUT_TABLE] = "table", [OUTPUT_JSON] = "json", [OUTPUT_YAML] = "yaml"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]))
			continue;
		*out = (enum output)i;
		return 0;
	}
	return error_set(error, ERR_INVALID, "--output: '%s' is none of table, json, yaml", text);
}

void output_text(struct bytes text)
{
	if (text.size)
		fwrite(text.data, 1, text.size, stdout);
}

void output_message(enum output output, const ProtobufCMessage *message, bool first)
{
	struct buffer text = {0};
	struct json_writer json = {.out = &text};

	if (output == OUTPUT_JSON) {
		mapping_write_json(message, &json);
		buffer_append_byte(&text, '\n');
	} else {
		if (!first)
			buffer_append_string(&text, "---\n");
		mapping_write_yaml(message, &text);
	}
	output_text(buffer_bytes(&text));
	buffer_release(&text);
}

bool output_is_coloured(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(stream)) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

void output_append_plain(struct buffer *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		/* C1 controls are two bytes in UTF-8: 0xC2 and 0x80 to 0x9F. */
		bool is_c1 = *p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f;

		buffer_append_byte(out, is_c1 || *p < ' ' || *p == 0x7f ? '?' : *p);
		p += is_c1;
	}
}

int output_finish(struct error *error)
{
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	return error_set(error, ERR_SYSTEM, "cannot write to stdout: %s", strerror(errno));
}
