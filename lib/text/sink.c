#include "text/sink.h"

#include <stdio.h>
#include <string.h>

enum {
	NAME_SIZE = 64,   /* of fields and enum values, all of them ours */
	NUMBER_SIZE = 24, /* of 64 bits in decimal, with sign */
};

void sink_begin_map(struct sink *sink)
{
	if (sink->json)
		json_begin_object(sink->json);
	else
		yaml_begin_map(sink->yaml);
}

void sink_end_map(struct sink *sink)
{
	if (sink->json)
		json_end_object(sink->json);
	else
		yaml_end_map(sink->yaml);
}

void sink_begin_list(struct sink *sink, bool flow)
{
	if (sink->json)
		json_begin_array(sink->json);
	else
		yaml_begin_list(sink->yaml, flow);
}

void sink_end_list(struct sink *sink)
{
	if (sink->json)
		json_end_array(sink->json);
	else
		yaml_end_list(sink->yaml);
}

static const char *kebab(const char *name, char out[NAME_SIZE])
{
	size_t i = 0;

	for (; name[i] && i < NAME_SIZE - 1; i++)
		out[i] = name[i] == '_'                     ? '-'
			 : name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20)
							    : name[i];
	out[i] = 0;
	return out;
}

void sink_name(struct sink *sink, const char *name)
{
	char spelt[NAME_SIZE];

	sink_key(sink, bytes_of_string(sink->json ? name : kebab(name, spelt)));
}

void sink_key(struct sink *sink, struct bytes key)
{
	if (sink->json)
		json_member(sink->json, key);
	else
		yaml_key(sink->yaml, key);
}

void sink_text(struct sink *sink, struct bytes text)
{
	if (sink->json)
		json_write_string(sink->json, text);
	else
		yaml_text(sink->yaml, text);
}

void sink_word(struct sink *sink, const char *word)
{
	char spelt[NAME_SIZE];

	sink_text(sink, bytes_of_string(sink->json ? word : kebab(word, spelt)));
}

void sink_flag(struct sink *sink, bool flag)
{
	if (sink->json)
		json_write_boolean(sink->json, flag);
	else
		yaml_word(sink->yaml, flag ? "true" : "false");
}

void sink_number(struct sink *sink, int64_t number)
{
	if (sink->json)
		json_write_integer(sink->json, number);
	else
		sink_signed(sink, number);
}

static void digits(struct sink *sink, const char *text)
{
	if (sink->json)
		json_write_string(sink->json, bytes_of_string(text));
	else
		yaml_word(sink->yaml, text);
}

void sink_signed(struct sink *sink, int64_t number)
{
	char text[NUMBER_SIZE];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	digits(sink, text);
}

void sink_unsigned(struct sink *sink, uint64_t number)
{
	char text[NUMBER_SIZE];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	digits(sink, text);
}

void sink_null(struct sink *sink)
{
	if (sink->json)
		json_write_null(sink->json);
	else
		yaml_word(sink->yaml, "null");
}
