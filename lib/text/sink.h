/*
 * Where a message is written to: JSON or YAML, spelt as each spells.
 */
#ifndef CARNET_TEXT_SINK_H
#define CARNET_TEXT_SINK_H

#include "base/json.h"
#include "text/yaml_writer.h"

/* One of the two is set. */
struct sink {
	struct json_writer *json;
	struct yaml_writer *yaml;
};

void sink_begin_map(struct sink *sink);
void sink_end_map(struct sink *sink);
void sink_begin_list(struct sink *sink, bool flow); /* `flow`: see yaml_begin_list */
void sink_end_list(struct sink *sink);

void sink_name(struct sink *sink, const char *name); /* a field: speaks_for */
void sink_key(struct sink *sink, struct bytes key);  /* a key that is data */
void sink_text(struct sink *sink, struct bytes text);
void sink_word(struct sink *sink, const char *word); /* an enum value: NOT_A_TRANSFER */
void sink_flag(struct sink *sink, bool flag);
void sink_number(struct sink *sink, int64_t number); /* |number| < 2^53 */
void sink_signed(struct sink *sink, int64_t number); /* 64 bits: text in JSON */
void sink_unsigned(struct sink *sink, uint64_t number);
void sink_null(struct sink *sink);

#endif
