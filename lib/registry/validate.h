/*
 * Whether records hold together.
 *
 * One validator for folders, `carnetd init`, change sets and a question's
 * `given`.  It checks each record by itself (required fields, ids, dates,
 * terms) and against the others: every id it names is registered and of the
 * right kind, nothing runs in a circle, conditions test facts that exist with values they
 * can have, and silence never helps whoever is silent.
 *
 * What holds once registered is asked of the newest known slices: a reference
 * must exist, not necessarily speak on the same day.
 */
#ifndef CARNET_REGISTRY_VALIDATE_H
#define CARNET_REGISTRY_VALIDATE_H

#include "registry/problems.h"
#include "registry/record_set.h"

/* Checks the newest known slices of the whole set.  0, or ERR_INVALID with the
 * problems added. */
int validate_set(const struct record_set *set, struct problems *problems);

/* Checks only what the revision `since` or a later one brought (and what is
 * given), unless it touched what others rest on: retired an id, or changed terms,
 * areas, categories, purposes, rulebooks.  Then it checks everything. */
int validate_since(const struct record_set *set, uint64_t since, struct problems *problems);

#endif
