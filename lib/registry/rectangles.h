/*
 * When each version of a slice speaks, in both clocks at once.
 *
 * The slices of one id, with all their versions, become rectangles of valid
 * days and known revisions.  On any day and at any revision at most one
 * rectangle of an id contains the point, and its slice is what
 * record_set_speaks finds there; where none does, nobody speaks.
 */
#ifndef CARNET_REGISTRY_RECTANGLES_H
#define CARNET_REGISTRY_RECTANGLES_H

#include "registry/record_set.h"

struct rectangle {
	const struct record_slice *slice;
	day from, until;                  /* valid: [from, until) */
	uint64_t known_from, known_until; /* revisions: [from, until); UINT64_MAX: still */
};

struct rectangles {
	struct rectangle *items;
	size_t count, capacity;
	size_t open; /* private: those from here on may still grow */
};

/* Replaces the content with the rectangles of `slices`, all of one id, in the
 * order of record_set_find. */
void rectangles_compute(struct rectangles *rectangles, const struct record_slice *const *slices,
			size_t count);

void rectangles_release(struct rectangles *rectangles);

#endif
