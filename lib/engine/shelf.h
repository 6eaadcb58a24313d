/*
 * What one decision has found out already, so that it is found out once.
 *
 * Conditions ask for the same facts and the same records over and over, in
 * many rulebooks and on many legs.  The shelf keeps each answer with what it
 * depends on (the hop, the leg's area or category) and gives
 * it again while that is the same.  What reading it left in the trace is left
 * there again, once for each trace: an opinion does not tell whether a fact
 * was read or taken from the shelf.
 *
 * It belongs to one context and lives in its arena.
 */
#ifndef CARNET_ENGINE_SHELF_H
#define CARNET_ENGINE_SHELF_H

#include "engine/reading.h"

struct kept_reading {
	/* First what every test looks at. */
	bool is_filled, is_fixed; /* fixed: it is the same in the whole decision */
	bool is_said, has_owner;
	uint32_t serial; /* of the trace that has its sources */
	struct reading reading;

	/* As reasons say it: see shelf_say, shelf_owner. */
	struct values found;
	struct records records;
	symbol owner;

	struct record_list also; /* sources beside its record */

	/* What it was read for, as far as that matters. */
	const struct hop *hop;
	symbol area, category;
};

/* A fact as it stands; good until the leg changes. */
struct kept_reading *shelf_read(struct context *context, struct fact_reference fact);

/* It is to be read anew. */
void shelf_forget(struct context *context, struct fact_reference fact);

/* Fills in what was found, and in which record. */
void shelf_say(struct context *context, struct kept_reading *kept);

/* Who can supply it; looks at the days of its term. */
symbol shelf_owner(struct context *context, struct kept_reading *kept);

#endif
