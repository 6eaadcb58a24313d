#include "server/snapshot.h"

#include <stdlib.h>

#include "base/memory.h"
#include "registry/compile.h"

int snapshot_new(struct record_set *records, struct snapshot **out, struct problems *problems)
{
	struct snapshot *snapshot;
	struct world *world;
	int rc = compile_world(records, &world, problems);

	if (rc) {
		record_set_free(records);
		return rc;
	}
	snapshot = memory_new(sizeof(*snapshot));
	snapshot->records = snapshot->own_records = records;
	snapshot->world = snapshot->own_world = world;
	atomic_init(&snapshot->references, 1);
	*out = snapshot;
	return 0;
}

void snapshot_set_header(struct snapshot *snapshot, const struct revision_header *header)
{
	snapshot->revision = header->number;
	snapshot->digest = header->records;
	snapshot->header = revision_header_digest(header);
}

struct snapshot *snapshot_hold(struct snapshot *snapshot)
{
	atomic_fetch_add(&snapshot->references, 1);
	return snapshot;
}

void snapshot_release(struct snapshot *snapshot)
{
	if (!snapshot || atomic_fetch_sub(&snapshot->references, 1) != 1)
		return;
	world_free(snapshot->own_world);
	record_set_free(snapshot->own_records);
	free(snapshot);
}

void snapshot_slot_init(struct snapshot_slot *slot, struct snapshot *first)
{
	pthread_mutex_init(&slot->mutex, NULL);
	slot->newest = first;
}

void snapshot_slot_release(struct snapshot_slot *slot)
{
	snapshot_release(slot->newest);
	pthread_mutex_destroy(&slot->mutex);
}

struct snapshot *snapshot_take(struct snapshot_slot *slot)
{
	struct snapshot *snapshot;

	pthread_mutex_lock(&slot->mutex);
	snapshot = snapshot_hold(slot->newest);
	pthread_mutex_unlock(&slot->mutex);
	return snapshot;
}

void snapshot_swap(struct snapshot_slot *slot, struct snapshot *next)
{
	struct snapshot *old;

	pthread_mutex_lock(&slot->mutex);
	old = slot->newest;
	slot->newest = next;
	pthread_mutex_unlock(&slot->mutex);
	snapshot_release(old);
}
