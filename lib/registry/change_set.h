/*
 * What moves a registry from one revision to the next, as one whole.
 *
 * Applying is deterministic: the same set and the same change set give the
 * same next set on every machine.  It never alters what it was given.
 */
#ifndef CARNET_REGISTRY_CHANGE_SET_H
#define CARNET_REGISTRY_CHANGE_SET_H

#include "registry/problems.h"
#include "registry/record_set.h"

/* Appends the canonical JSON (RFC 8785) of a change set. */
void change_set_json(const Carnet__V1__ChangeSet *change_set, struct buffer *out);

/* SHA-256 of that: the change set's identity. */
struct digest change_set_digest(const Carnet__V1__ChangeSet *change_set);

/*
 * Makes the set of the next revision, record_set_revision(base) + 1: its records
 * replace or add slices, `retire` marks slices retired.  Records equal to what is there
 * are left as they are.  The change set may be freed afterwards.
 *
 * 0 with `*out` sealed and the caller's; else `*out` is NULL, the reasons are
 * among the problems, and the code is
 *	ERR_CONFLICT  the base revision (unless 0) or an expected etag is no
 *	              longer current: read again
 *	ERR_INVALID   it changes nothing, retires what is not there, or leaves
 *	              a registry that validate_since refuses
 */
int change_set_apply(const struct record_set *base, const Carnet__V1__ChangeSet *change_set,
		     struct record_set **out, struct problems *problems);

#endif
