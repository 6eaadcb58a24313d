/*
 * Whether two parties are one person in law: branch and head office, employee
 * and employer.
 */
#ifndef CARNET_ENGINE_KIN_H
#define CARNET_ENGINE_KIN_H

#include "engine/closure.h"

/* True if following branch-of and employee-of from both leads to one party
 * (either of the two, or a head in common); unknown if it does not but such a
 * field on the way is in dispute. */
enum truth kin_same_person(struct context *context, const struct world_party *a,
			   const struct world_party *b);

#endif
