/*
 * One revision of the registry, ready to be asked: records, and the world
 * compiled from them.  Immutable, with counted references; built aside, then
 * swapped in whole.
 *
 * A loop takes a reference for each request and gives it back with the answer,
 * so a request sees one revision from its beginning to its end.
 */
#ifndef CARNET_SERVER_SNAPSHOT_H
#define CARNET_SERVER_SNAPSHOT_H

#include <pthread.h>
#include <stdatomic.h>

#include "engine/world.h"
#include "registry/problems.h"
#include "registry/record_set.h"
#include "server/revision_header.h"

struct snapshot {
	const struct record_set *records;
	const struct world *world;
	uint64_t revision;
	struct digest digest; /* the revision's, over its records */
	struct digest header; /* of its header: the next one's `previous` */
	/* private */
	atomic_uint references;
	struct record_set *own_records;
	struct world *own_world;
};

/* Takes the sealed set over, compiles it; one reference is the caller's.  With
 * problems the set is freed.  `set_header` must follow before it is shown. */
int snapshot_new(struct record_set *records, struct snapshot **out, struct problems *problems);

/* Says which revision it is. */
void snapshot_set_header(struct snapshot *snapshot, const struct revision_header *header);

struct snapshot *snapshot_hold(struct snapshot *snapshot);
void snapshot_release(struct snapshot *snapshot); /* any thread; NULL does nothing */

/* The place of the newest. */
struct snapshot_slot {
	pthread_mutex_t mutex;
	struct snapshot *newest;
};

void snapshot_slot_init(struct snapshot_slot *slot, struct snapshot *first);
void snapshot_slot_release(struct snapshot_slot *slot);

/* The newest, with a reference of the caller's. */
struct snapshot *snapshot_take(struct snapshot_slot *slot);

/* From now on `next` is taken; the slot takes over the caller's reference. */
void snapshot_swap(struct snapshot_slot *slot, struct snapshot *next);

#endif
