/*
 * What must not run in a circle: the broader of the broader, groups of groups,
 * branches of branches, what definitions name, and one exporter's data from its
 * recipients to their sub-recipients.
 *
 * Edges are added in the order of the registry, so that the same circle is
 * always reported at the same place.
 */
#ifndef CARNET_REGISTRY_CIRCLES_H
#define CARNET_REGISTRY_CIRCLES_H

#include "registry/check.h"

/* Checks areas, categories, purposes, parties and engagements: whole kinds at a time. */
void circles_check_records(const struct check *check);

/* Checks the `define` of the rulebook under `check`. */
void circles_check_definitions(const struct check *check);

#endif
