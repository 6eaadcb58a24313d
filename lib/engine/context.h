/*
 * What one call of decide() carries along.
 *
 * Nothing here outlives the call; all of it is in the caller's arena.  The
 * files of the engine share it: closure.c, reading.c, match.c, candidate.c,
 * agreement.c and evaluate.c find out what is true, judge.c what a rulebook
 * makes of it, decide.c orders the steps.
 */
#ifndef CARNET_ENGINE_CONTEXT_H
#define CARNET_ENGINE_CONTEXT_H

#include "engine/decision.h"
#include "engine/list.h"
#include "engine/question.h"
#include "engine/tables.h"

struct record_list {
	const struct record **items;
	size_t count, capacity;
};

struct reason_list {
	struct reason *items;
	size_t count, capacity;
};

struct word_list {
	symbol *items;
	size_t count, capacity;
};

/* Of tests of records. */
struct rank_list {
	uint32_t *items;
	size_t count, capacity;
};

enum { TRACE_RECENT = 16 };

/* What an opinion will show.  Without a trace, conditions are only valued. */
struct trace {
	uint32_t serial;            /* of this trace, in this decision: see trace_begin */
	struct record_list records; /* some may stand there twice */
	const struct record *recent[TRACE_RECENT]; /* some of them, to find most again */
	struct word_list asserted;
	struct rank_list absent;    /* tests that nothing on file answers; some twice */
	struct reason_list reasons; /* of the condition under way */
};

/* Words that hold on the day, and the first later day on which they change. */
struct side_words {
	struct word_list words;
	bool open; /* there may be more */
	day change;
};

/* A party in the chain: the exporter of one hop, the importer of the one before. */
struct side {
	const struct world_party *party;
	struct side_words areas; /* seat, establishments; a recipient's storage and access */
	struct side_words bound_by;
	struct word_list leg_areas; /* of a recipient: seat, storage, access */
};

struct engagement_list {
	const struct world_engagement **items;
	size_t count, capacity;
};

struct agreement_list {
	const struct world_agreement **items;
	size_t count, capacity;
};

struct hop {
	uint32_t number;
	const struct side *exporter, *importer;
	enum access_mode mode;
	symbol named;                       /* the one engagement to look at; none: all */
	struct engagement_list engagements; /* in force */
	day engagements_change;
	struct agreement_list agreements; /* one slice per id: see candidate_bind */
	struct agreement_list papers;     /* all slices known */
	struct word_list origin, origin_maybe;
};

/* Of which parts of the leg something depends. */
enum looked { LOOKED_AREA = 1, LOOKED_CATEGORY = 2, LOOKED_ALL = 3 };

struct closure_table;
struct applied;
struct shelf;
struct gathering_list;
struct hearings;
struct judged_agreements;

struct context {
	const struct world *world;
	const struct question *question;
	struct arena *arena;
	day as_of;
	uint64_t known_at;
	day holds_until;

	struct closure_table *closures;
	struct shelf *shelf;
	struct gathering_list *gatherings;
	struct judged_agreements *agreements;
	struct hearings *hearings;             /* NULL: the question has one leg */
	bool is_last_leg;                      /* of its hop */
	const struct world_data_set *data_set; /* NULL: none given */
	bool origin_open;                      /* the data may come from elsewhere too */
	struct word_list policies_maybe;       /* without a data-set: what may be promised */
	bool policies_open;
	struct word_list categories; /* all of the question */

	const struct hop *hop;
	symbol area, category; /* of the leg; none: unknown */
	const struct world_rulebook *rulebook;
	const struct world_agreement
		*agreement;          /* of which the condition under way speaks; NULL: none */
	struct trace *trace;         /* NULL: value only */
	const struct record *chosen; /* by the record test just evaluated, or NULL */
	int scope_depth;             /* scopes of findings within scopes */

	const struct applied *applied; /* what a remedy would change; NULL: as it is */
	unsigned looked;               /* at which parts of the leg, since somebody asked */
	uint32_t traces;               /* begun so far */
	struct reason_list spare;      /* room that the last trace left */
};

/* The leg's parts, for whoever may depend on them: what was found out without
 * looking at a part is the same on legs that differ in that part alone. */
static inline symbol context_area(struct context *context)
{
	context->looked |= LOOKED_AREA;
	return context->area;
}

static inline symbol context_category(struct context *context)
{
	context->looked |= LOOKED_CATEGORY;
	return context->category;
}

static inline enum truth truth_least(enum truth a, enum truth b)
{
	return a < b ? a : b;
}

static inline enum truth truth_greatest(enum truth a, enum truth b)
{
	return a > b ? a : b;
}

/* A day was looked at: if it is to come, the answer holds until then at most. */
static inline void context_note(struct context *context, day date)
{
	if (date > context->as_of && date < context->holds_until)
		context->holds_until = date;
}

static inline void context_note_record(struct context *context, const struct record *record)
{
	context_note(context, record->from);
	context_note(context, record->until);
}

/* The record that speaks, all its known slices' days noted; or NULL. */
const void *context_get(struct context *context, enum record_kind kind, symbol id);

/* Forgets what was found out so far, not the days that were noted: to be called
 * whenever something is supposed of the question or the records that is not so,
 * and when it no longer is. */
void context_forget(struct context *context);

/* A trace with nothing in it. */
struct trace trace_begin(struct context *context);

/* Its reasons; what room is left serves the next condition. */
struct reasons trace_take_reasons(struct trace *trace);

/* The opinion rests on it. */
void context_touch(struct context *context, const struct record *record);

/* Adds a reason to the trace, if there is one. */
void context_reason(struct context *context, struct reason reason);

/* Room for one more reason in the trace that there is, to be filled in. */
struct reason *context_reason_room(struct context *context);

/* A view of one record, in the arena. */
struct records context_one(struct context *context, const struct record *record);

/* Who can supply or settle a word: its term's owner. */
symbol context_owner(struct context *context, symbol word);

bool word_list_has(const struct word_list *list, symbol word);
void word_list_add(struct arena *arena, struct word_list *list, symbol word); /* once */

#endif
