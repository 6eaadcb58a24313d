#include "text/document.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/memory.h"
#include "text/document_text.h"

/* A list or mapping whose end has not come yet. */
struct level {
	struct node *node; /* NULL: the stream itself */
	const struct node **items;
	size_t count, capacity;
	bool has_key; /* of the next item */
	struct bytes key;
	unsigned line, column; /* of that key */
};

struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	const struct node_source *source;
	struct error *error;
	struct level levels[NODE_DEPTH_MAX + 1];
	int depth;
};

static struct level *top(struct reader *r)
{
	return &r->levels[r->depth];
}

static bool wants_key(struct reader *r)
{
	return top(r)->node && top(r)->node->kind == NODE_MAP && !top(r)->has_key;
}

/* The node that would begin here; for errors, and as the start of a real one. */
static struct node node_here(struct reader *r, yaml_mark_t mark)
{
	const struct level *level = top(r);
	struct node node = {.line = (unsigned)mark.line + 1,
			    .column = (unsigned)mark.column + 1,
			    .source = r->source,
			    .parent = level->node,
			    .index = level->count};

	if (level->has_key) {
		node.key = level->key;
		node.line = level->line;
		node.column = level->column;
	}
	return node;
}

static int refuse(struct reader *r, yaml_mark_t mark, int code, const char *what)
{
	struct node here = node_here(r, mark);

	/* Inside a mapping, before a key, only the mapping itself has a path. */
	if (wants_key(r)) {
		here = *top(r)->node;
		here.line = (unsigned)mark.line + 1;
	}
	return node_error(&here, r->error, code, "%s", what);
}

/* Whatever makes a text mean something else than it says. */
static int refuse_marks(struct reader *r, yaml_mark_t mark, const yaml_char_t *anchor,
			const yaml_char_t *tag)
{
	if (anchor)
		return refuse(r, mark, ERR_INVALID,
			      "anchors (&) are refused; write the value out wherever it belongs");
	if (tag)
		return refuse(r, mark, ERR_INVALID, "tags (!) are refused; quotes make a text");
	return 0;
}

static struct node *add_node(struct reader *r, enum node_kind kind, yaml_mark_t mark)
{
	struct level *level = top(r);
	struct node *node = arena_alloc(r->arena, sizeof(*node));

	*node = node_here(r, mark);
	node->kind = kind;
	level->has_key = false;
	array_reserve(&level->items, &level->capacity, level->count);
	level->items[level->count++] = node;
	return node;
}

static int take_key(struct reader *r, const yaml_event_t *event, struct bytes text)
{
	struct level *level = top(r);

	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && bytes_equal_string(text, "<<"))
		return refuse(r, event->start_mark, ERR_INVALID,
			      "merge keys (<<) are refused; write the fields out");
	level->key = arena_copy(r->arena, text);
	level->line = (unsigned)event->start_mark.line + 1;
	level->column = (unsigned)event->start_mark.column + 1;
	level->has_key = true;
	return 0;
}

static int take_text(struct reader *r, const yaml_event_t *event)
{
	struct bytes text = bytes_of(event->data.scalar.value, event->data.scalar.length);
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	/* libyaml drops the tag "!", which makes a plain scalar a text. */
	const yaml_char_t *tag = plain && !event->data.scalar.plain_implicit
					 ? (const yaml_char_t *)"!"
					 : event->data.scalar.tag;
	struct node *node;
	int result = refuse_marks(r, event->start_mark, event->data.scalar.anchor, tag);

	if (result)
		return result;
	if (memchr(text.data, 0, text.size))
		return refuse(r, event->start_mark, ERR_INVALID,
			      "a NUL (\\0) is no text; remove it");
	if (wants_key(r))
		return take_key(r, event, text);
	node = add_node(r, NODE_TEXT, event->start_mark);
	node->style = plain ? NODE_PLAIN : NODE_QUOTED;
	node->text = arena_copy(r->arena, text);
	return 0;
}

static int begin(struct reader *r, enum node_kind kind, yaml_mark_t mark, const yaml_char_t *anchor,
		 const yaml_char_t *tag)
{
	struct node *node;
	int result = refuse_marks(r, mark, anchor, tag);

	if (result)
		return result;
	if (wants_key(r))
		return refuse(r, mark, ERR_INVALID,
			      "a list or mapping cannot be a key; a key is a text");
	if (r->depth == NODE_DEPTH_MAX)
		return refuse(
			r, mark, ERR_LIMIT,
			"more than 64 lists and mappings inside each other; write it flatter");
	node = add_node(r, kind, mark);
	r->depth++;
	top(r)->node = node;
	top(r)->count = 0;
	top(r)->has_key = false;
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a;
	const struct node *y = *(const struct node *const *)b;
	int order = bytes_compare(x->key, y->key);

	return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

static int check_keys(struct reader *r, const struct node *map)
{
	const struct node **sorted = memory_resize(NULL, map->count + 1, sizeof(struct node *));
	const struct node *first = NULL, *second = NULL;

	for (size_t i = 0; i < map->count; i++)
		sorted[i] = map->items[i];
	qsort(sorted, map->count, sizeof(struct node *), compare_keys);
	/* Of several, the one that comes first in the document. */
	for (size_t i = 1; i < map->count; i++) {
		if (!bytes_equal(sorted[i - 1]->key, sorted[i]->key) ||
		    (second && second->index < sorted[i]->index))
			continue;
		first = sorted[i - 1];
		second = sorted[i];
	}
	free(sorted);
	if (!second)
		return 0;
	return node_error(second, r->error, ERR_INVALID,
			  "the key stands here a second time, first on line %u; keep one",
			  first->line);
}

static const struct node **keep_items(struct reader *r, const struct level *level)
{
	const struct node **items = arena_array(r->arena, const struct node *, level->count);

	for (size_t i = 0; i < level->count; i++)
		items[i] = level->items[i];
	return items;
}

static int end(struct reader *r)
{
	struct node *node = top(r)->node;

	node->items = keep_items(r, top(r));
	node->count = top(r)->count;
	r->depth--;
	return node->kind == NODE_MAP ? check_keys(r, node) : 0;
}

/* "---" with nothing behind it is no document. */
static void drop_empty_document(struct reader *r)
{
	struct level *stream = top(r);
	const struct node *last = stream->count ? stream->items[stream->count - 1] : NULL;

	if (last && last->kind == NODE_TEXT && last->style == NODE_PLAIN && !last->text.size)
		stream->count--;
}

static int begin_document(struct reader *r, const yaml_event_t *event)
{
	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start !=
		    event->data.document_start.tag_directives.end)
		return refuse(r, event->start_mark, ERR_INVALID,
			      "directives (%) are refused; remove the line");
	return 0;
}

static int take_event(struct reader *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(r, event);
	case YAML_DOCUMENT_END_EVENT:
		drop_empty_document(r);
		return 0;
	case YAML_ALIAS_EVENT:
		return refuse(r, event->start_mark, ERR_INVALID,
			      "aliases (*) are refused; write the value out here");
	case YAML_SCALAR_EVENT:
		return take_text(r, event);
	case YAML_SEQUENCE_START_EVENT:
		return begin(r, NODE_LIST, event->start_mark, event->data.sequence_start.anchor,
			     event->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return begin(r, NODE_MAP, event->start_mark, event->data.mapping_start.anchor,
			     event->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return end(r);
	default:
		return 0;
	}
}

/* The commonest cause, for the problem that libyaml words most obscurely. */
static const char *hint(const char *problem)
{
	if (strstr(problem, "cannot start any token"))
		return "; indent with spaces, and quote a text that begins with @, ` or %";
	if (strstr(problem, "mapping values are not allowed"))
		return "; quote a text that contains ': '";
	return "";
}

static int syntax_error(struct reader *r)
{
	const yaml_parser_t *parser = &r->parser;
	const char *problem = parser->problem ? parser->problem : "unreadable";

	return error_set(r->error, ERR_INVALID, "%s:%zu:%zu: not YAML: %s%s%s%s", r->source->name,
			 parser->problem_mark.line + 1, parser->problem_mark.column + 1, problem,
			 parser->context ? " " : "", parser->context ? parser->context : "",
			 hint(problem));
}

static int read_events(struct reader *r)
{
	bool more = true;
	int result = 0;

	while (more && !result) {
		yaml_event_t event;

		if (!yaml_parser_parse(&r->parser, &event))
			return syntax_error(r);
		more = event.type != YAML_STREAM_END_EVENT;
		result = take_event(r, &event);
		yaml_event_delete(&event);
	}
	return result;
}

int document_read_yaml(struct bytes content, const char *name, struct arena *arena,
		       struct documents *out, struct error *error)
{
	struct reader r = {.arena = arena, .error = error};
	int result = document_text_check(content, name, error);

	if (!result)
		result = document_text_check_yaml(content, name, error);
	if (result)
		return result;
	content = document_text_unmarked(content);
	r.source = document_text_source(name, false, arena);
	if (!yaml_parser_initialize(&r.parser))
		return error_set(error, ERR_SYSTEM, "%s: the YAML parser did not start", name);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, content.data, content.size);
	result = read_events(&r);
	if (!result) {
		out->items = keep_items(&r, top(&r));
		out->count = top(&r)->count;
	}
	for (int i = 0; i <= NODE_DEPTH_MAX; i++)
		free(r.levels[i].items);
	yaml_parser_delete(&r.parser);
	return result;
}
