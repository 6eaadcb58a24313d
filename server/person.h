/*
 * Which person a certificate stands for: four eyes are two persons, not two
 * certificates.
 */
#ifndef CARNET_SERVER_PERSON_H
#define CARNET_SERVER_PERSON_H

#include "registry/record_set.h"

/* The id of the one person whose record holds this identity on the day, as the
 * newest revision knows it.  ERR_DENIED if there is none, or more than one. */
int person_find(const struct record_set *records, struct bytes identity, day on, struct bytes *id,
		struct error *error);

#endif
