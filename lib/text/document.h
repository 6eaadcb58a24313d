/*
 * Files of YAML or JSON, read into trees.
 *
 * YAML is a stream of any number of documents; empty ones are passed over.
 * Refused, each with its line: anchors, aliases, tags, directives, merge keys,
 * duplicate keys, keys that are no text, bytes that are no UTF-8, NUL, more
 * than 64 levels.  JSON is one value; an array stands for a stream of its
 * elements.  Refused: duplicate names, null, fractions, numbers of 2^63 and
 * more, NUL, more than 64 levels; syntax errors name the line, others the path.
 *
 * Called by whoever reads what people wrote; how much may be read at all is
 * the caller's to limit before.
 */
#ifndef CARNET_TEXT_DOCUMENT_H
#define CARNET_TEXT_DOCUMENT_H

#include "text/node.h"

struct documents {
	const struct node **items;
	size_t count;
};

/* `name` is what errors call the source; it is copied.  The trees live in
 * `arena` and do not need `content` any more.  ERR_INVALID, or ERR_LIMIT. */
int document_read_yaml(struct bytes content, const char *name, struct arena *arena,
		       struct documents *out, struct error *error);
int document_read_json(struct bytes content, const char *name, struct arena *arena,
		       struct documents *out, struct error *error);

/* JSON if the name ends in ".json", else YAML. */
int document_read(struct bytes content, const char *name, struct arena *arena,
		  struct documents *out, struct error *error);

#endif
