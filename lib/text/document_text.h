/*
 * What every document must be before it is parsed: text.  The parsers report
 * bad bytes by offset, or not at all; people look for a line.
 */
#ifndef CARNET_TEXT_DOCUMENT_TEXT_H
#define CARNET_TEXT_DOCUMENT_TEXT_H

#include "text/node.h"

/* ERR_INVALID, naming the line, unless all is UTF-8 without NUL. */
int document_text_check(struct bytes content, const char *name, struct error *error);

/* ERR_INVALID for characters that YAML allows only as escapes (YAML 1.2, 5.1). */
int document_text_check_yaml(struct bytes content, const char *name, struct error *error);

/* The content without the byte order mark that some editors put first; never
 * NULL data, which the parsers do not like. */
struct bytes document_text_unmarked(struct bytes content);

/* The source that the nodes of one document name. */
const struct node_source *document_text_source(const char *name, bool json, struct arena *arena);

#endif
