#include "server/growth.h"

#include <stdlib.h>

#include "base/memory.h"
#include "server/store_log.h"

void growth_release(struct growth *growth)
{
	for (int i = 0; i < MERKLE_LEVELS; i++)
		free(growth->levels[i].nodes);
	*growth = (struct growth){0};
}

int growth_load(struct growth *growth, uint64_t size, struct store_transaction *transaction,
		struct error *error)
{
	int rc = merkle_load(&growth->tree, size, store_log_read_node, transaction, error);

	for (unsigned level = 0; !rc && level < MERKLE_LEVELS && size >> level; level++) {
		struct growth_level *l = &growth->levels[level];

		l->has_last = true;
		l->last_index = (size >> level) - 1;
		rc = store_log_read_node(transaction, level, l->last_index, &l->last, error);
	}
	growth->next = growth->tree;
	return rc;
}

static void remember(void *arg, unsigned level, uint64_t index, const struct digest *hash)
{
	struct growth *growth = arg;
	struct growth_level *l = &growth->levels[level];

	if (l->count == 0)
		l->first = index;
	array_reserve(&l->nodes, &l->capacity, l->count);
	l->nodes[l->count++] = *hash;
}

void growth_append(struct growth *growth, const struct digest *leaf)
{
	merkle_append(&growth->next, leaf, remember, growth);
}

void growth_store(const struct growth *growth, struct store_transaction *transaction)
{
	for (unsigned level = 1; level < MERKLE_LEVELS; level++) {
		const struct growth_level *l = &growth->levels[level];

		store_log_put_nodes(transaction, level, l->first, l->nodes, l->count);
	}
}

/* Every subtree left of a new leaf was finished by this batch, or was the last
 * complete one of its level before: its sibling holds the new leaf. */
static int read_node(void *arg, unsigned level, uint64_t index, struct digest *out,
		     struct error *error)
{
	const struct growth *growth = arg;
	const struct growth_level *l = &growth->levels[level];

	if (l->count && index >= l->first && index - l->first < l->count)
		*out = l->nodes[index - l->first];
	else if (l->has_last && index == l->last_index)
		*out = l->last;
	else
		return error_set(error, ERR_CORRUPT, "the node %llu of level %u is not at hand",
				 (unsigned long long)index, level);
	return 0;
}

int growth_prove(struct growth *growth, uint64_t index, struct merkle_path *out,
		 struct error *error)
{
	return merkle_prove_inclusion(&growth->next, index, read_node, growth, out, error);
}

void growth_keep(struct growth *growth)
{
	for (int i = 0; i < MERKLE_LEVELS; i++) {
		struct growth_level *l = &growth->levels[i];

		if (l->count == 0)
			continue;
		l->has_last = true;
		l->last_index = l->first + l->count - 1;
		l->last = l->nodes[l->count - 1];
		l->count = 0;
	}
	growth->tree = growth->next;
}

void growth_discard(struct growth *growth)
{
	for (int i = 0; i < MERKLE_LEVELS; i++)
		growth->levels[i].count = 0;
	growth->next = growth->tree;
}
