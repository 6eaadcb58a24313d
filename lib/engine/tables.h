/*
 * A world from inside: its tables and what is filed where.  For world.c, which
 * builds them, and those that look records up; nobody outside the engine.
 */
#ifndef CARNET_ENGINE_TABLES_H
#define CARNET_ENGINE_TABLES_H

#include "engine/index.h"
#include "engine/world.h"

/* All records of one kind, one after the other; once sealed in the order of
 * their ids' bytes, then of days, then of revisions.  So the order of their
 * addresses is the order in which the model takes them. */
struct table {
	uint8_t *items;
	size_t size; /* of one */
	size_t count, capacity;
};

/* Under what major word an assessment or order is filed. */
enum filed { FILED_IMPORTER = 1, FILED_EXPORTER, FILED_AREA, FILED_REST, FILED_KIND };

struct world {
	struct symbols *symbols;
	struct arena *arena;
	bool sealed;

	symbol *lists; /* each: a count, then the words */
	size_t list_count, list_capacity;
	uint32_t *list_slots; /* hash of lists; a power of two; gone once sealed */
	size_t list_slot_count, distinct_lists;

	struct table tables[RECORD_KIND_COUNT];

	/*
	 * The keys.  By id: (0, id), for the kinds that are looked up so.  Others:
	 *	data-set               (exporter, 0) as well
	 *	engagement, agreement  (exporter, importer)
	 *	certificate            (0, holder)
	 *	disclosure             (0, exporter)
	 *	finding                (by, area), (0, area), (by, 0), (0, 0)
	 *	assessment             (FILED_*, the party or area); all by area: (FILED_AREA, 0);
	 *	                       (FILED_KIND, kind), 0 where it is missing or in dispute
	 *	order                  (FILED_*, the party); the others: (FILED_REST, 0)
	 */
	struct index index[RECORD_KIND_COUNT];
	struct index speakers; /* (0, area): rulebooks that speak for it */
	struct index narrower; /* (kind, word): records that name it as broader */

	struct closures *closures; /* kept by closure.c as they are asked for */

	const struct condition **tests; /* of records: the first of each rank */
	size_t test_count;

	symbol any;                  /* the word that covers all */
	symbol holds, does_not_hold; /* outcomes that settle a question */
	symbol modes[ACCESS_MODE_COUNT];
	symbol statuses[CERTIFICATE_STATUS_COUNT];
	symbol fact_names[FACT_COUNT];
};

static inline const struct record *table_at(const struct world *world, enum record_kind kind,
					    uint32_t number)
{
	const struct table *table = &world->tables[kind];

	return (const struct record *)(const void *)(table->items + number * table->size);
}

static inline bool record_is_known(const struct record *record, uint64_t known_at)
{
	return record->known_from <= known_at && known_at < record->known_until;
}

static inline bool record_is_valid(const struct record *record, day as_of)
{
	return record->from <= as_of && as_of < record->until;
}

/* For the world; closure.h asks. */
struct closures *closures_new(void);
void closures_free(struct closures *closures);

#endif
