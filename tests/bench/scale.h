/*
 * Registries of any size: a folder's records, with parties and agreements that
 * nobody signed beside them.
 *
 * Party number n sits in one of ten areas; agreement number n is between two
 * of the parties, and no two are between the same.  The same numbers give the
 * same registry on every machine.
 */
#ifndef CARNET_TESTS_BENCH_SCALE_H
#define CARNET_TESTS_BENCH_SCALE_H

#include <string.h>

#include "bench.h"
#include "carnet/v1/registry.pb-c.h"
#include "registry/record_set.h"

static inline char *scale_name(struct arena *arena, const char *what, size_t number)
{
	return arena_printf(arena, "%s-%07zu", what, number);
}

static inline void scale_add(struct record_set *set, Carnet__V1__Record *record, uint64_t revision,
			     size_t number)
{
	struct digest digest = {{0}};

	/* Of no record in particular: computing it is not what is measured. */
	memcpy(digest.bytes, &number, sizeof(number));
	record_set_add(set, record, revision, &digest);
}

static inline Carnet__V1__Record *scale_record(struct arena *arena, char *id)
{
	Carnet__V1__Record *record = arena_alloc(arena, sizeof(*record));

	carnet__v1__record__init(record);
	record->id = id;
	return record;
}

static inline void scale_add_party(struct record_set *set, size_t number)
{
	static char areas[][3] = {"KR", "JP", "DE", "FR", "US", "BE", "NL", "TH", "SG", "GB"};
	struct arena *arena = record_set_arena(set);
	Carnet__V1__Party *party = arena_alloc(arena, sizeof(*party));
	Carnet__V1__Record *record = scale_record(arena, scale_name(arena, "party", number));

	carnet__v1__party__init(party);
	party->area = areas[number % 10];
	record->body_case = CARNET__V1__RECORD__BODY_PARTY;
	record->party = party;
	scale_add(set, record, 1, number);
}

static inline size_t scale_exporter(size_t number, size_t parties)
{
	return number * 7919 % parties;
}

static inline size_t scale_importer(size_t number, size_t parties)
{
	size_t round = number / parties; /* the same exporter again, with another */

	return (number * 7919 + 1 + round * 13) % parties;
}

static inline Carnet__V1__Record *scale_agreement(struct arena *arena, size_t number,
						  size_t parties)
{
	static char any_word[] = "any", instrument[] = "eu-scc-2021", module[] = "m2";
	static char date[] = "2024-03-01";
	static char *any[] = {any_word};
	Carnet__V1__Agreement *agreement = arena_alloc(arena, sizeof(*agreement));
	Carnet__V1__Record *record = scale_record(arena, scale_name(arena, "agreement", number));

	carnet__v1__agreement__init(agreement);
	agreement->exporter = scale_name(arena, "party", scale_exporter(number, parties));
	agreement->importer = scale_name(arena, "party", scale_importer(number, parties));
	agreement->instrument = instrument;
	agreement->module = module;
	agreement->signed_ = date;
	agreement->annexes_complete = CARNET__V1__ANSWER__ANSWER_YES;
	agreement->categories = agreement->purposes = agreement->areas = any;
	agreement->n_categories = agreement->n_purposes = agreement->n_areas = 1;
	agreement->any_mode = true;
	record->from = date;
	record->body_case = CARNET__V1__RECORD__BODY_AGREEMENT;
	record->agreement = agreement;
	return record;
}

/* The base's records and these; sealed, the caller's to free. */
static inline struct record_set *scale_set(const struct record_set *base, size_t parties,
					   size_t agreements)
{
	struct record_set *set = record_set_derive(base);
	struct arena *arena = record_set_arena(set);

	for (size_t i = 0; i < parties; i++)
		scale_add_party(set, i);
	for (size_t i = 0; i < agreements; i++)
		scale_add(set, scale_agreement(arena, i, parties), 1, i);
	record_set_seal(set);
	return set;
}

#endif
