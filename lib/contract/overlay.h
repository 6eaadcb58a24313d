/*
 * A registry with a few records laid over it, for one question.
 *
 * `given` records exist for their question only: on each day on which they are
 * valid they speak instead of the registry's slices of that id.  They are
 * validated like any other record.  Answers from such a world are advisory.
 */
#ifndef CARNET_CONTRACT_OVERLAY_H
#define CARNET_CONTRACT_OVERLAY_H

#include "base/error.h"
#include "engine/world.h"
#include "registry/record_set.h"

/*
 * Compiles `base` with `given` over it; `*out` is the caller's to world_free
 * and independent of both.  ERR_INVALID names the given record that is wrong
 * and the cure.  Takes as long as compiling the whole registry.
 */
int overlay_compile(const struct record_set *base, Carnet__V1__Record *const *given, size_t count,
		    struct world **out, struct error *error);

#endif
