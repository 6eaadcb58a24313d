#include "server/store_log.h"

#include <string.h>

#include "server/batch.h"
#include "server/cursor.h"

enum { GROUP = 32, BATCH_KEY_SIZE = 8, NODE_KEY_SIZE = 9 };

static const struct bytes head_key = BYTES_LITERAL("checkpoint");
static const struct bytes origin_key = BYTES_LITERAL("origin");

static void write_u64(uint8_t *out, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static struct bytes batch_key(uint64_t index, uint8_t out[BATCH_KEY_SIZE])
{
	write_u64(out, index);
	return bytes_of(out, BATCH_KEY_SIZE);
}

static struct bytes node_key(unsigned level, uint64_t group, uint8_t out[NODE_KEY_SIZE])
{
	out[0] = (uint8_t)level;
	write_u64(out + 1, group);
	return bytes_of(out, NODE_KEY_SIZE);
}

void store_log_put_batch(struct store_transaction *transaction, uint64_t first, struct bytes value)
{
	uint8_t key[BATCH_KEY_SIZE];

	store_environment_append(transaction, STORE_ENTRIES, batch_key(first, key), value);
}

bool store_log_find_batch(struct store_transaction *transaction, uint64_t index, uint64_t *first,
			  struct bytes *value)
{
	uint8_t key[BATCH_KEY_SIZE];
	struct bytes found;
	struct cursor c;

	if (!store_environment_seek_back(transaction, STORE_ENTRIES, batch_key(index, key), &found,
					 value))
		return false;
	c = cursor_of(found);
	*first = cursor_u64(&c);
	if (!cursor_finish(&c) || *first > index) {
		store_environment_fail(transaction, ERR_CORRUPT, "a batch has a damaged key");
		return false;
	}
	return index - *first < batch_count(*value);
}

bool store_log_fetch_batch(void *arg, uint64_t first, struct bytes *value)
{
	uint8_t key[BATCH_KEY_SIZE];

	return store_environment_get(arg, STORE_ENTRIES, batch_key(first, key), value);
}

/* Writes nodes that lie in one group, behind those that are there. */
static void put_group(struct store_transaction *transaction, unsigned level, uint64_t first,
		      const struct digest *nodes, size_t count)
{
	uint8_t key[NODE_KEY_SIZE], content[GROUP * DIGEST_SIZE];
	size_t offset = (size_t)(first % GROUP) * DIGEST_SIZE;
	struct bytes name = node_key(level, first / GROUP, key), old = {0};

	if (offset &&
	    (!store_environment_get(transaction, STORE_NODES, name, &old) || old.size != offset)) {
		store_environment_fail(transaction, ERR_CORRUPT,
				       "nodes before %llu of level %u are missing",
				       (unsigned long long)first, level);
		return;
	}
	if (offset)
		memcpy(content, old.data, offset);
	memcpy(content + offset, nodes, count * DIGEST_SIZE);
	store_environment_put(transaction, STORE_NODES, name,
			      bytes_of(content, offset + count * DIGEST_SIZE));
}

void store_log_put_nodes(struct store_transaction *transaction, unsigned level, uint64_t first,
			 const struct digest *nodes, size_t count)
{
	while (count > 0) {
		size_t room = GROUP - (size_t)(first % GROUP);
		size_t now = count < room ? count : room;

		put_group(transaction, level, first, nodes, now);
		first += now;
		nodes += now;
		count -= now;
	}
}

static bool read_leaf(struct store_transaction *transaction, uint64_t index, struct digest *out)
{
	struct bytes value;
	uint64_t first;

	return store_log_find_batch(transaction, index, &first, &value) &&
	       batch_hash(value, (uint16_t)(index - first), out, NULL) == 0;
}

static bool read_node(struct store_transaction *transaction, unsigned level, uint64_t index,
		      struct digest *out)
{
	uint8_t key[NODE_KEY_SIZE];
	struct bytes group;

	return store_environment_get(transaction, STORE_NODES, node_key(level, index / GROUP, key),
				     &group) &&
	       hash_read(
		       bytes_of(bytes_skip(group, index % GROUP * DIGEST_SIZE).data,
				group.size >= (index % GROUP + 1) * DIGEST_SIZE ? DIGEST_SIZE : 0),
		       out);
}

int store_log_read_node(void *arg, unsigned level, uint64_t index, struct digest *out,
			struct error *error)
{
	struct store_transaction *transaction = arg;
	bool found = level ? read_node(transaction, level, index, out)
			   : read_leaf(transaction, index, out);
	int code = store_environment_failure(transaction, error);

	if (code)
		return code;
	if (!found)
		return error_set(error, ERR_CORRUPT,
				 "the log's store lacks the node %llu of level %u",
				 (unsigned long long)index, level);
	return 0;
}

void store_log_put_head(struct store_transaction *transaction, struct bytes note)
{
	store_environment_put(transaction, STORE_META, head_key, note);
}

bool store_log_head(struct store_transaction *transaction, struct bytes *note)
{
	return store_environment_get(transaction, STORE_META, head_key, note);
}

void store_log_put_origin(struct store_transaction *transaction, struct bytes origin)
{
	store_environment_put(transaction, STORE_META, origin_key, origin);
}

bool store_log_origin(struct store_transaction *transaction, struct bytes *origin)
{
	return store_environment_get(transaction, STORE_META, origin_key, origin);
}
