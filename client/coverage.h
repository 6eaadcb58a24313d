/*
 * What of a registry no case touches.
 *
 * A ground is touched when it held in an answer, a prohibition when it decided
 * one, a record (a slice of it) when an opinion rests on it or looked at it to
 * the end.  Records that a case brings itself do not count.  What is never
 * touched is what an edit can break without any case noticing.
 */
#ifndef CARNET_CLIENT_COVERAGE_H
#define CARNET_CLIENT_COVERAGE_H

#include "base/json.h"
#include "carnet/v1/transfer.pb-c.h"
#include "registry/record_set.h"

struct coverage;

/* `records` outlive it. */
struct coverage *coverage_new(const struct record_set *records);
void coverage_free(struct coverage *coverage);

/* Takes one answer in. */
void coverage_note(struct coverage *coverage, const Carnet__V1__Decision *decision);

/* For people, to stdout: a table by rulebook, one by kind, and the names of what is untouched. */
void coverage_print(const struct coverage *coverage);

/* The same as one JSON object. */
void coverage_json(const struct coverage *coverage, struct json_writer *json);

#endif
