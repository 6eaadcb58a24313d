/*
 * Whether every place the data leaves has a law that we know.
 */
#ifndef CARNET_ENGINE_COVERAGE_H
#define CARNET_ENGINE_COVERAGE_H

#include "engine/judge.h"

struct judgement_list {
	struct judgement *items;
	size_t count, capacity;
};

/* One UNMODELLED_LAW for each area of the hop's exporter for which no law in
 * force speaks, and one if there may be areas that are not known. */
struct judgement_list coverage_of(struct context *context, const struct hop *hop);

#endif
