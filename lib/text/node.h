/*
 * What a document says, before anybody asks what it means.
 *
 * YAML and JSON are read into the same tree of texts, lists and mappings
 * (document.h); mapping.h turns trees into messages.  Each node knows where it
 * stands, so that whoever finds a fault later can still name file, line and
 * path.  A tree lives in the arena it was read into and never changes.
 */
#ifndef CARNET_TEXT_NODE_H
#define CARNET_TEXT_NODE_H

#include "base/arena.h"
#include "base/error.h"

enum { NODE_DEPTH_MAX = 64 }; /* lists and mappings inside each other */

enum node_kind {
	NODE_TEXT = 1,
	NODE_LIST,
	NODE_MAP,
};

/* How a text was written, which decides what it may be read as. */
enum node_style {
	NODE_QUOTED = 1, /* text and nothing else */
	NODE_PLAIN,      /* YAML without quotes: text, number or word, as the reader needs */
	NODE_LITERAL,    /* a JSON number, true or false: never text */
};

/* The file or stream that a tree was read from. */
struct node_source {
	const char *name;
	bool json; /* no lines; names are written in snake_case */
};

struct node {
	enum node_kind kind;
	enum node_style style; /* of a text */
	unsigned line;         /* of its key, if it has one; from 1, and 0 in JSON */
	unsigned column;
	const struct node_source *source;
	const struct node *parent; /* NULL: a whole document */
	struct bytes key;          /* in a mapping */
	size_t index;              /* among its parent's items */
	struct bytes text;         /* of a text; UTF-8 without NUL, one NUL behind it */
	const struct node **items; /* of a list or mapping, in the order of the document */
	size_t count;
};

/* The item of a mapping under `key`, spelt with - or with _; NULL if there is
 * none.  A document with "ask" is a case, not a record. */
const struct node *node_item(const struct node *map, const char *key);

/* Where it stands in its document, in the document's own words:
 * "rulebook.grounds[2].needs[0].agreement"; "" for a whole document. */
const char *node_path(const struct node *node, struct arena *arena);

/* Writes "NAME:LINE: PATH: " (JSON: "NAME: PATH: ") and then the message. */
int node_error(const struct node *node, struct error *error, int code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A word as error lines show it, in single quotes: cut when long, control
 * characters as '?'. */
const char *node_quote(struct bytes word, struct arena *arena);

#endif
