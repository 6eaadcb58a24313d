/*
 * What only records of one kind must hold, beyond required fields and references.
 */
#ifndef CARNET_REGISTRY_PARTICULARS_H
#define CARNET_REGISTRY_PARTICULARS_H

#include "registry/check.h"

void particulars_check(const struct check *check);

#endif
