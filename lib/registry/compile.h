/*
 * Records made into the engine's world.
 *
 * The one place where messages become what decide() reads: words become
 * symbols, conditions become trees that carry their text, and the slices of
 * each id become rectangles of valid days and known revisions that do not
 * overlap.  The same set gives the same world, symbol for symbol.
 */
#ifndef CARNET_REGISTRY_COMPILE_H
#define CARNET_REGISTRY_COMPILE_H

#include "engine/world.h"
#include "registry/problems.h"
#include "registry/record_set.h"

/*
 * Makes a sealed world of a sealed set.  The set should have passed validation; what
 * nevertheless cannot be compiled is a problem.  0 with `*out` the
 * caller's (world_free), independent of the set; else ERR_INVALID and NULL.
 */
int compile_world(const struct record_set *set, struct world **out, struct problems *problems);

#endif
