/*
 * Whether conditions make sense: they test facts and fields that exist, with
 * values these can have, and name only what is defined.
 *
 * Who stays silent is another matter: silence.h.
 */
#ifndef CARNET_REGISTRY_CONDITIONS_H
#define CARNET_REGISTRY_CONDITIONS_H

#include "engine/record.h"
#include "registry/check.h"

/* Checks all conditions of a rulebook, or the scope of a finding; other kinds
 * have none. */
void conditions_check(const struct check *check);

/* The definition of this name; NULL if the rulebook has none. */
const Carnet__V1__Definition *conditions_definition(const Carnet__V1__Rulebook *rulebook,
						    struct bytes name);

/* The record test of a condition and the kind it asks for; NULL if it is none. */
const Carnet__V1__RecordTest *conditions_record_test(const Carnet__V1__Condition *condition,
						     enum record_kind *kind);

/* The conditions inside `all`, `any` or `sure`; NULL for others. */
const Carnet__V1__Conditions *conditions_inner(const Carnet__V1__Condition *condition);

#endif
