/*
 * All slices of all records that a registry ever knew, in memory.
 *
 * A set is filled, then sealed; a sealed set never changes, and any number of
 * threads may read it.  The next revision is a set derived from the last: it
 * shares the records that stayed, and either may be freed first.
 *
 *	struct record_set *next = record_set_derive(set);
 *	record_set_add(next, record, revision, NULL);
 *	record_set_seal(next);
 *
 * Two clocks.  Valid time: `from` inclusive, `until` exclusive, days.  Known
 * time: the revision that brought a version of a slice; it stays until a later
 * revision brings another version of the same (kind, id, from).
 */
#ifndef CARNET_REGISTRY_RECORD_SET_H
#define CARNET_REGISTRY_RECORD_SET_H

#include "base/arena.h"
#include "registry/record.h"

/* The newest there is, for `revision` and `known_at` arguments. */
#define REVISION_NEWEST UINT64_MAX

/* One version of one slice. */
struct record_slice {
	const Carnet__V1__Record *record;
	enum kind kind;
	/* The record's own, DAY_MIN and DAY_MAX where empty.  What is no date counts as
	 * empty: validation names it. */
	day from, until;
	uint64_t revision;
	struct digest digest;
	/* Lies over the others: see record_set_add_given. */
	bool given;
	/* Where it was read; NULL and 0 where it came in a message. */
	const char *file;
	unsigned line;
	const struct source_map *lines; /* text/: the lines of its fields; may be NULL */
};

struct record_set;

struct record_set *record_set_new(void);
void record_set_free(struct record_set *set);

/* A new, open set with everything `base` has.  `base` is sealed. */
struct record_set *record_set_derive(const struct record_set *base);

/* For records about to be added: lives as long as any set that shares them.
 * Not after sealing. */
struct arena *record_set_arena(struct record_set *set);

/*
 * Adds one version of a slice.  The record must lie in the set's arena, or
 * outlive the set and all that are derived from it; so must `file` and `lines`, which
 * the caller may fill in on the slice that comes back.  `digest` spares
 * computing it; NULL computes it.  The same (kind, id, from, revision) again
 * replaces what was there.
 */
struct record_slice *record_set_add(struct record_set *set, const Carnet__V1__Record *record,
				    uint64_t revision, const struct digest *digest);

/*
 * Adds a record of a question's `given`: known at every revision, and on each
 * day of its own [from, until) it speaks instead of the registry's slices of
 * that id.  The registry's slice with the same `from` is given anew: it speaks
 * on no day, not even after an earlier `until`.  The record is copied.
 */
struct record_slice *record_set_add_given(struct record_set *set, const Carnet__V1__Record *record);

/* Copies a record, deeply. */
Carnet__V1__Record *record_set_copy(struct record_set *set, const Carnet__V1__Record *record);

/* Orders the slices; from here on the set is read only. */
void record_set_seal(struct record_set *set);

/* The highest revision of any slice; 0 for an empty set. */
uint64_t record_set_revision(const struct record_set *set);

/* All slices, in the order (kind, id, from, revision); a given one stands last
 * among its equals. */
const struct record_slice *const *record_set_slices(const struct record_set *set, size_t *count);

/* The slices of one kind, all versions. */
const struct record_slice *const *record_set_kind(const struct record_set *set, enum kind kind,
						  size_t *count);

/* The slices of one id, all versions. */
const struct record_slice *const *record_set_find(const struct record_set *set, enum kind kind,
						  struct bytes id, size_t *count);

/* The version of exactly this slice that `revision` knew, retired or not; NULL if none. */
const struct record_slice *record_set_version(const struct record_set *set,
					      const struct record_key *key, uint64_t revision);

/* The slice of an id that speaks on a day, as `revision` knew it.  Of those not
 * retired it is the one with the latest `from` not after the day, and it is
 * silent once its `until` has come.  NULL if none speaks. */
const struct record_slice *record_set_speaks(const struct record_set *set, enum kind kind,
					     struct bytes id, day on, uint64_t revision);

/* True if no later version of this very slice is in the set. */
bool record_set_is_newest(const struct record_set *set, const struct record_slice *slice);

/* The newest version of the latest slice of an id that is not retired: what it
 * is at all, whatever the day.  NULL if there is none. */
const struct record_slice *record_set_latest(const struct record_set *set, enum kind kind,
					     struct bytes id);

/* True if any slice of the id, on any day, is known and not retired. */
bool record_set_knows(const struct record_set *set, enum kind kind, struct bytes id,
		      uint64_t revision);

/*
 * Calls `visit` for the newest version known at `revision` of each slice, in
 * the order (kind, id, from), retired ones included, given ones not: what a
 * revision's digest is over.  Stops at the first that returns other than 0 and
 * returns that.
 */
typedef int record_visit(void *arg, const struct record_slice *slice);
int record_set_each(const struct record_set *set, uint64_t revision, record_visit *visit,
		    void *arg);

#endif
