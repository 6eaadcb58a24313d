/*
 * A registry with a few records laid over it, for one question.
 *
 * `given` records exist for their question only: a slice of the same kind, id
 * and `from` is replaced, any other is added, and the whole is validated and
 * compiled as if it had been proposed.  Answers from such a world are advisory.
 */
#ifndef CARNET_CONTRACT_OVERLAY_H
#define CARNET_CONTRACT_OVERLAY_H

#include "base/arena.h"
#include "base/error.h"
#include "carnet/v1/registry.pb-c.h"
#include "engine/world.h"

struct record_set; /* registry/set.h */

/*
 * Compiles `base` with `given` over it as seen at `revision`: the given records
 * are known from that revision on.  `*out` is the caller's to world_free.
 * ERR_INVALID names the given record that is wrong and the cure.
 */
int overlay_compile(const struct record_set *base, Carnet__V1__Record *const *given, size_t count,
		    uint64_t revision, struct world **out, struct error *error);

#endif
