/*
 * Conditions made into the engine's trees.
 *
 * Words become symbols, names numbers, values typed.  Trees live in the
 * world's arena.  What cannot be compiled is a problem, and the tree is not to be used.
 */
#ifndef CARNET_REGISTRY_COMPILE_CONDITION_H
#define CARNET_REGISTRY_COMPILE_CONDITION_H

#include "engine/world.h"
#include "registry/check.h"

/* What the conditions of one record are compiled with. */
struct condition_compiler {
	const struct check *check;
	struct world *world;
	/* Of a rulebook; NULL for the scope of a finding. */
	const Carnet__V1__Rulebook *rulebook;
	struct definition *definitions; /* one for each of the rulebook's `define` */
};

/* Compiles the rulebook's `define` first: its conditions may name them. */
void compile_condition_definitions(struct condition_compiler *compiler);

/* NULL for NULL. */
const struct condition *compile_condition(const struct condition_compiler *compiler,
					  const Carnet__V1__Condition *condition);

/* An ALL of the conditions. */
const struct condition *compile_condition_all(const struct condition_compiler *compiler,
					      Carnet__V1__Condition *const *conditions,
					      size_t count);

#endif
