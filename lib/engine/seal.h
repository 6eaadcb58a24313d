/*
 * The last step of building a world: records in the order of the model, each
 * filed under the keys by which decide() will look for it.
 */
#ifndef CARNET_ENGINE_SEAL_H
#define CARNET_ENGINE_SEAL_H

#include "engine/tables.h"

/* Sorts every table. */
void seal_sort(struct world *world);

/* Files every record.  After seal_sort: indices hold places in the tables. */
void seal_file(struct world *world);

/* Ranks the tests of records in all conditions: see condition.h. */
void seal_rank(struct world *world);

#endif
