/*
 * Silence must never help.
 *
 * A caller's term whose silence reads as "no" may not stand under `not` where a
 * rulebook opens (a ground, not-a-transfer), nor plain where it closes (a
 * prohibition, `applies`): there, saying nothing would bring about what only
 * saying so may.  What `cond` names and the scopes of findings that a
 * rulebook tests count as if they were written out.  Records may: the registry
 * is a closed world.
 */
#ifndef CARNET_REGISTRY_SILENCE_H
#define CARNET_REGISTRY_SILENCE_H

#include "registry/check.h"

/* Checks the rulebook under `check`. */
void silence_check(const struct check *check);

#endif
