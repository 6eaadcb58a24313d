/*
 * What a record's fields must hold, by themselves and as references.
 *
 * One table says, for every message of the registry, which fields are
 * required and what each id must name; dates are checked wherever a field is
 * a date.  Conditions have their own rules (conditions.h).
 */
#ifndef CARNET_REGISTRY_FIELDS_H
#define CARNET_REGISTRY_FIELDS_H

#include "registry/check.h"

/* Checks the record's head and all fields of its kind, conditions left out. */
void fields_check(const struct check *check);

#endif
