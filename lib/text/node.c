#include "text/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = 60 }; /* bytes of a word that an error line shows */

/* How much of a word is shown; never half a character. */
static size_t shown_size(struct bytes word)
{
	size_t size = word.size;

	if (size <= SHOWN_MAX)
		return size;
	for (size = SHOWN_MAX; size && (word.data[size] & 0xc0) == 0x80; size--)
		;
	return size;
}

static char *show(struct bytes word, const char *quote, struct arena *arena)
{
	size_t size = shown_size(word);
	char *shown = arena_printf(arena, "%s%.*s%s%s", quote, (int)size, (const char *)word.data,
				   size < word.size ? "..." : "", quote);

	for (char *c = shown; *c; c++)
		if ((uint8_t)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return shown;
}

const char *node_quote(struct bytes word, struct arena *arena)
{
	return show(word, "'", arena);
}

static bool is_spelt(struct bytes key, const char *name)
{
	if (key.size != strlen(name))
		return false;
	for (size_t i = 0; i < key.size; i++)
		if ((key.data[i] == '-' ? '_' : key.data[i]) != (name[i] == '-' ? '_' : name[i]))
			return false;
	return true;
}

const struct node *node_item(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (is_spelt(map->items[i]->key, key))
			return map->items[i];
	return NULL;
}

const char *node_path(const struct node *node, struct arena *arena)
{
	const struct node *line[NODE_DEPTH_MAX + 1];
	const char *path = "";
	int depth = 0;

	for (; node->parent && depth <= NODE_DEPTH_MAX; node = node->parent)
		line[depth++] = node;
	while (depth-- > 0) {
		const struct node *step = line[depth];

		if (step->parent->kind == NODE_LIST)
			path = arena_printf(arena, "%s[%zu]", path, step->index);
		else
			path = arena_printf(arena, "%s%s%s", path, *path ? "." : "",
					    show(step->key, "", arena));
	}
	return path;
}

int node_error(const struct node *node, struct error *error, int code, const char *format, ...)
{
	struct arena *arena = arena_new(0);
	const char *path = node_path(node, arena), *colon = *path ? ": " : "";
	char text[ERROR_TEXT_SIZE];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (node->line)
		error_set(error, code, "%s:%u: %s%s%s", node->source->name, node->line, path, colon,
			  text);
	else
		error_set(error, code, "%s: %s%s%s", node->source->name, path, colon, text);
	arena_free(arena);
	return code;
}
