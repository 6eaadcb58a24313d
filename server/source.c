#include "server/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "server/deed.h"
#include "server/store_registry.h"

enum source_outcome source_commit(struct source *source, struct source_commit *commit,
				  struct error *error)
{
	return source->commit(source, commit, error);
}

void source_free(struct source *source)
{
	if (source)
		source->free(source);
}

void source_apply(struct store_transaction *transaction, const struct snapshot *snapshot,
		  const struct revision_header *header)
{
	size_t count;
	const struct record_slice *const *slices = record_set_slices(snapshot->records, &count);

	for (size_t i = 0; i < count; i++)
		if (slices[i]->revision == header->number)
			store_registry_put_record(transaction, slices[i]);
	store_registry_put_revision(transaction, header);
}

struct journal_entry source_leaf(const struct revision_header *header, const char *node,
				 struct arena *arena)
{
	struct journal_entry entry = {
		.kind = "revision", .reg = header->records, .reg_rev = header->number};

	deed_revision(header, node, arena, entry.values);
	return entry;
}

/* ------------------------------------------------------------------------
 * The local store */

struct local {
	struct source source;
	struct journal *journal;
	struct snapshot_slot *slot;
	char *node;
};

/* One commit under way. */
struct act {
	struct local *local;
	struct source_commit *commit;
};

static int check_predecessor(struct store_transaction *transaction,
			     const struct revision_header *header, struct error *error)
{
	struct revision_header newest;
	struct digest digest;

	if (!store_registry_newest(transaction, &newest))
		return store_environment_fail(transaction, ERR_CORRUPT,
					      "the store holds no revision of the registry");
	digest = revision_header_digest(&newest);
	if (header->number != newest.number + 1 || !hash_equal(&digest, &header->previous))
		return error_set(error, ERR_CONFLICT,
				 "the registry is at revision %llu by now; look again",
				 (unsigned long long)newest.number);
	return 0;
}

static void put_request(struct store_transaction *transaction, const struct source_commit *commit,
			uint64_t index)
{
	const struct store_registry_request request = {
		.body = commit->body, .index = index, .answer = commit->answer};

	if (commit->request_id.size)
		store_registry_put_request(transaction, commit->who, commit->request_id, &request);
}

static int apply(void *arg, struct store_transaction *transaction, uint64_t first,
		 struct error *error)
{
	const struct act *act = arg;
	const struct source_commit *commit = act->commit;
	int rc = commit->header ? check_predecessor(transaction, commit->header, error) : 0;

	if (rc)
		return rc;
	store_registry_put_change_set(transaction, &commit->id, commit->change_set);
	store_registry_put_proposal(transaction, &commit->id, commit->proposal);
	put_request(transaction, commit, first);
	if (commit->header)
		source_apply(transaction, commit->snapshot, commit->header);
	return 0;
}

static void committed(void *arg)
{
	const struct act *act = arg;

	if (act->commit->header)
		snapshot_swap(act->local->slot, snapshot_hold(act->commit->snapshot));
}

static enum source_outcome outcome_of(int code)
{
	switch (code) {
	case 0:
		return SOURCE_DONE;
	case ERR_CONFLICT:
		return SOURCE_LOST_RACE;
	default: /* refused before anything was signed: surely nothing happened */
		return SOURCE_AWAY;
	}
}

static enum source_outcome commit_local(struct source *source, struct source_commit *commit,
					struct error *error)
{
	struct local *local = (struct local *)source;
	struct act act = {local, commit};
	struct arena *arena = arena_new(0);
	struct journal_entry entries[2] = {
		{.kind = commit->kind, .reg = commit->reg, .reg_rev = commit->reg_rev}};
	struct journal_group group = {.entries = entries,
				      .count = commit->header ? 2 : 1,
				      .arena = arena,
				      .apply = apply,
				      .committed = committed,
				      .arg = &act};
	int rc;

	memcpy(entries[0].values, commit->values, sizeof(commit->values));
	if (commit->header)
		entries[1] = source_leaf(commit->header, local->node, arena);
	rc = journal_write(local->journal, &group, error);
	commit->index = entries[0].index;
	arena_free(arena);
	return outcome_of(rc);
}

static void free_local(struct source *source)
{
	struct local *local = (struct local *)source;

	free(local->node);
	free(local);
}

struct source *source_local_new(struct journal *journal, struct snapshot_slot *slot,
				const char *node)
{
	struct local *local = memory_new(sizeof(*local));

	local->source.commit = commit_local;
	local->source.free = free_local;
	local->journal = journal;
	local->slot = slot;
	local->node = memory_copy_string(node);
	return &local->source;
}
