/*
 * The kinds of records, as the registry knows them.
 *
 * Kinds are numbered in the byte order of their names, so comparing numbers
 * compares names.  (The engine numbers the kinds that it judges by its own
 * needs: engine/record.h.)
 */
#ifndef CARNET_REGISTRY_KIND_H
#define CARNET_REGISTRY_KIND_H

#include "base/bytes.h"
#include "carnet/v1/registry.pb-c.h"

enum kind {
	KIND_NONE = 0,
	KIND_AGREEMENT,
	KIND_AREA,
	KIND_ASSESSMENT,
	KIND_CERTIFICATE,
	KIND_DATA_CATEGORY,
	KIND_DATA_SET,
	KIND_DISCLOSURE,
	KIND_ENGAGEMENT,
	KIND_EXPECTATION,
	KIND_FINDING,
	KIND_INSTRUMENT,
	KIND_LOG,
	KIND_ORDER,
	KIND_PARTY,
	KIND_PERSON,
	KIND_PURPOSE,
	KIND_RULEBOOK,
	KIND_TERM,
	KIND_COUNT, /* one more than the last */
};

/* "data-set"; for KIND_NONE "record". */
const char *kind_name(enum kind kind);

/* Reads `data-set` or `data_set`; KIND_NONE if there is no such kind. */
enum kind kind_named(struct bytes name);

/* The kind that a record's body says. */
enum kind kind_of(const Carnet__V1__Record *record);

/* The message that holds the fields of a kind; NULL for KIND_NONE. */
const ProtobufCMessageDescriptor *kind_descriptor(enum kind kind);

#endif
