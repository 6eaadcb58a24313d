/*
 * Writing YAML in block style: one document that every reader, of YAML 1.1 or
 * 1.2, takes for the same texts.  What could be retyped is quoted (NO, null,
 * 1e3, dates), characters that YAML forbids are escaped, all others stay as
 * they are; texts of several lines become literal blocks where that is exact.
 *
 *	struct yaml_writer yaml = {.out = &buffer};
 *	yaml_begin_map(&yaml);
 *	yaml_key(&yaml, BYTES_LITERAL("id"));
 *	yaml_text(&yaml, BYTES_LITERAL("KR"));
 *	yaml_end_map(&yaml);
 *	yaml_finish(&yaml);
 */
#ifndef CARNET_TEXT_YAML_WRITER_H
#define CARNET_TEXT_YAML_WRITER_H

#include "base/buffer.h"

enum { YAML_WRITER_DEPTH_MAX = 64 };

struct yaml_level {
	bool list, flow;
	bool filled;    /* has an entry */
	bool after_key; /* stands behind "key:" */
	unsigned indent;
};

struct yaml_writer {
	struct buffer *out; /* appended to; the caller's */
	/* private */
	struct yaml_level levels[YAML_WRITER_DEPTH_MAX];
	unsigned depth;
};

void yaml_begin_map(struct yaml_writer *yaml);
void yaml_end_map(struct yaml_writer *yaml);
void yaml_key(struct yaml_writer *yaml, struct bytes key);

/* `flow`: on one line, in brackets; only for lists of texts and words. */
void yaml_begin_list(struct yaml_writer *yaml, bool flow);
void yaml_end_list(struct yaml_writer *yaml);

void yaml_text(struct yaml_writer *yaml, struct bytes text); /* UTF-8 without NUL */
void yaml_word(struct yaml_writer *yaml, const char *word);  /* verbatim: true, 13, null */

/* Ends the document's last line. */
void yaml_finish(struct yaml_writer *yaml);

#endif
