#include "text/source.h"

#include "text/names.h"

struct entry {
	const ProtobufCMessage *message; /* NULL: free */
	const ProtobufCFieldDescriptor *field;
	size_t index;
	const struct node *node;
};

/* Open addressing; the capacity is a power of two, at most half of it taken. */
struct source_map {
	struct arena *arena;
	struct entry *entries;
	size_t capacity, count;
};

struct source_map *source_map_new(struct arena *arena)
{
	struct source_map *map = arena_alloc(arena, sizeof(*map));

	map->arena = arena;
	map->capacity = 64;
	map->entries = arena_array(arena, struct entry, map->capacity);
	return map;
}

static size_t hash(const struct entry *key)
{
	uint64_t h = (uintptr_t)key->message;

	h = (h ^ (uintptr_t)key->field) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ h >> 29 ^ key->index) * UINT64_C(0xbf58476d1ce4e5b9);
	return (size_t)(h ^ h >> 32);
}

/* The entry of this key, or the free one where it belongs. */
static struct entry *slot(const struct source_map *map, const struct entry *key)
{
	size_t at = hash(key) & (map->capacity - 1);

	for (;; at = (at + 1) & (map->capacity - 1)) {
		struct entry *entry = &map->entries[at];

		if (!entry->message || (entry->message == key->message &&
					entry->field == key->field && entry->index == key->index))
			return entry;
	}
}

static void grow(struct source_map *map)
{
	struct entry *old = map->entries;
	size_t count = map->capacity;

	map->capacity *= 2;
	map->entries = arena_array(map->arena, struct entry, map->capacity);
	for (size_t i = 0; i < count; i++)
		if (old[i].message)
			*slot(map, &old[i]) = old[i];
}

void source_add(struct source_map *map, const ProtobufCMessage *message,
		const ProtobufCFieldDescriptor *field, size_t index, const struct node *node)
{
	struct entry key = {message, field, index, node}, *entry;

	if (!map)
		return;
	if (map->count * 2 >= map->capacity)
		grow(map);
	entry = slot(map, &key);
	map->count += !entry->message;
	*entry = key;
}

static const struct node *find(const struct source_map *map, const ProtobufCMessage *message,
			       const ProtobufCFieldDescriptor *field, size_t index)
{
	struct entry key = {.message = message, .field = field, .index = index};

	return message ? slot(map, &key)->node : NULL;
}

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessage *message, const char *name)
{
	return message && name ? names_field(message->descriptor, bytes_of_string(name)) : NULL;
}

const struct node *source_node(const struct source_map *map, const ProtobufCMessage *message,
			       const char *name, size_t index)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	const struct node *node = NULL;

	if (!map)
		return NULL;
	if (field && index != SOURCE_WHOLE)
		node = find(map, message, field, index);
	if (field && !node)
		node = find(map, message, field, SOURCE_WHOLE);
	return node ? node : find(map, message, NULL, SOURCE_WHOLE);
}

unsigned source_line(const struct source_map *map, const ProtobufCMessage *message,
		     const char *name, size_t index)
{
	const struct node *node = source_node(map, message, name, index);

	return node ? node->line : 0;
}

const char *source_path(const struct source_map *map, const ProtobufCMessage *message,
			const char *name, size_t index, struct arena *arena)
{
	const struct node *node = source_node(map, message, name, index);
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	const char *path;

	if (!node)
		return name ? name : "";
	path = node_path(node, arena);
	if (!field || find(map, message, field, SOURCE_WHOLE))
		return path;
	return arena_printf(arena, "%s%s%s", path, *path ? "." : "",
			    node->source->json ? name : names_kebab(name, arena));
}
