/*
 * What an opinion rests on: records and words in the order of the model, and
 * what is to be known about their quality.
 */
#ifndef CARNET_ENGINE_SOURCES_H
#define CARNET_ENGINE_SOURCES_H

#include "engine/context.h"

/* By kind, then as tables have them: by id, then by day; each once.  In place. */
struct records sources_sort_records(struct record_list *list);

/* Two lists so ordered, as one. */
struct records sources_merge_records(struct arena *arena, struct records a, struct records b);

/* By their bytes. */
void sources_sort_words(const struct context *context, symbol *words, size_t count);

/* Stable; for arrays of a few. */
typedef int sources_compare(const void *a, const void *b, void *arg);
void sources_sort(void *items, size_t count, size_t size, sources_compare *compare, void *arg);

/* The same reason already? */
bool sources_has_reason(const struct reason *items, size_t count, const struct reason *reason);
bool sources_equal_reasons(struct reasons a, struct reasons b);

/* LOW_CONFIDENCE, DOUBT, REVIEW_OVERDUE: of a ground or prohibition ... */
void sources_say_rule(struct context *context, struct reason_list *reasons, symbol id,
		      unsigned confidence, bool doubt, day review_by);

/* ... and of records, one reason for all that it is true of. */
void sources_say_records(struct context *context, struct reason_list *reasons,
			 struct records records);

#endif
