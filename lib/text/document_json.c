#include "text/document.h"

#include <jansson.h>

#include "text/document_text.h"

struct reader {
	struct arena *arena;
	const struct node_source *source;
	struct error *error;
};

static int read_value(struct reader *r, const json_t *json, struct node *node, int depth);

static struct node *new_item(struct reader *r, struct node *parent)
{
	struct node *item = arena_alloc(r->arena, sizeof(*item));

	item->source = r->source;
	item->parent = parent;
	item->index = parent->count;
	parent->items[parent->count++] = item;
	return item;
}

static int read_list(struct reader *r, const json_t *json, struct node *list, int depth)
{
	int result = 0;

	list->kind = NODE_LIST;
	list->items = arena_array(r->arena, const struct node *, json_array_size(json));
	for (size_t i = 0; i < json_array_size(json) && !result; i++)
		result = read_value(r, json_array_get(json, i), new_item(r, list), depth + 1);
	return result;
}

static int read_map(struct reader *r, json_t *json, struct node *map, int depth)
{
	int result = 0;

	map->kind = NODE_MAP;
	map->items = arena_array(r->arena, const struct node *, json_object_size(json));
	for (void *at = json_object_iter(json); at && !result;
	     at = json_object_iter_next(json, at)) {
		struct node *item = new_item(r, map);

		item->key = arena_copy(r->arena, bytes_of_string(json_object_iter_key(at)));
		result = read_value(r, json_object_iter_value(at), item, depth + 1);
	}
	return result;
}

static int take_text(struct node *node, enum node_style style, struct bytes text)
{
	node->kind = NODE_TEXT;
	node->style = style;
	node->text = text;
	return 0;
}

static int read_value(struct reader *r, const json_t *json, struct node *node, int depth)
{
	if (depth > NODE_DEPTH_MAX && (json_is_array(json) || json_is_object(json)))
		return node_error(node, r->error, ERR_LIMIT,
				  "more than 64 lists and mappings inside each other; "
				  "write it flatter");
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return read_map(r, (json_t *)(uintptr_t)json, node, depth);
	case JSON_ARRAY:
		return read_list(r, json, node, depth);
	case JSON_STRING:
		return take_text(node, NODE_QUOTED,
				 arena_copy(r->arena, bytes_of(json_string_value(json),
							       json_string_length(json))));
	case JSON_INTEGER:
		return take_text(node, NODE_LITERAL,
				 bytes_of_string(arena_printf(r->arena, "%" JSON_INTEGER_FORMAT,
							      json_integer_value(json))));
	case JSON_TRUE:
		return take_text(node, NODE_LITERAL, BYTES_LITERAL("true"));
	case JSON_FALSE:
		return take_text(node, NODE_LITERAL, BYTES_LITERAL("false"));
	case JSON_REAL:
		return node_error(node, r->error, ERR_INVALID,
				  "fractions and exponents are refused; write a whole number");
	case JSON_NULL:
		break;
	}
	return node_error(node, r->error, ERR_INVALID, "null is no value; leave the field out");
}

static int syntax_error(struct reader *r, json_error_t *failure)
{
	const char *what = failure->text;

	/* It quotes what it stumbled on. */
	for (char *c = failure->text; *c; c++)
		if ((uint8_t)*c < 0x20 || *c == 0x7f)
			*c = '?';
	if (json_error_code(failure) == json_error_null_character)
		what = "a NUL (\\u0000) is no text; remove it";
	return error_set(r->error, ERR_INVALID, "%s:%d:%d: not JSON: %s", r->source->name,
			 failure->line, failure->column, what);
}

/* Each element of an outermost array is a document of its own. */
static int split(struct reader *r, json_t *json, struct documents *out)
{
	size_t count = json_is_array(json) ? json_array_size(json) : 1;
	int result = 0;

	out->items = arena_array(r->arena, const struct node *, count);
	out->count = 0;
	for (size_t i = 0; i < count && !result; i++) {
		struct node *node = arena_alloc(r->arena, sizeof(*node));

		node->source = r->source;
		out->items[out->count++] = node;
		result = read_value(r, json_is_array(json) ? json_array_get(json, i) : json, node,
				    1);
	}
	return result;
}

int document_read_json(struct bytes content, const char *name, struct arena *arena,
		       struct documents *out, struct error *error)
{
	struct reader r = {.arena = arena, .error = error};
	json_error_t failure;
	json_t *json;
	int result = document_text_check(content, name, error);

	if (result)
		return result;
	content = document_text_unmarked(content);
	r.source = document_text_source(name, true, arena);
	json = json_loadb((const char *)content.data, content.size,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &failure);
	if (!json)
		return syntax_error(&r, &failure);
	result = split(&r, json, out);
	json_decref(json);
	return result;
}
