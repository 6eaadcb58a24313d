/*
 * Searches between the wire and the engine: where may it be stored, who may have
 * it?
 *
 * A search goes the way of a question: its shape is checked (find_check), then
 * its words are looked up in a world (find_read), then the engine's finder
 * puts one word after the other into the open place.  A page of answers is made
 * in steps of one decision each, so that a server can do other things in
 * between; offline, find_run takes all steps at once.
 *
 * A search never authorises, whatever it finds: its answer is always advisory.
 */
#ifndef CARNET_CONTRACT_FIND_H
#define CARNET_CONTRACT_FIND_H

#include "contract/case.h"
#include "crypto/hash.h"
#include "engine/finder.h"

enum { FIND_PAGE_DEFAULT = 100, FIND_PAGE_MAX = 1000 };

/* "destination", "recipient". */
const char *find_open_name(enum finder_open open);

/*
 * Whether the request has a shape that can be searched for, as question_check;
 * fields begin with "question.".  `*question` is then the request's question as it
 * is searched, in the arena: with nothing in the open place.  For the two
 * searches of the wire, FINDER_RECIPIENT and FINDER_DESTINATION.
 */
int find_check(const Carnet__V1__FindRequest *request, enum finder_open open, struct arena *arena,
	       Carnet__V1__CheckRequest **question, struct question_violations *violations,
	       struct error *error);

/* question_read for the question that find_check made. */
int find_read(const Carnet__V1__CheckRequest *question, const struct question_frame *frame,
	      struct arena *arena, struct asked *out, struct question_violations *violations,
	      struct error *error);

/* The size of a page as asked for. */
uint32_t find_page_size(const Carnet__V1__FindRequest *request);

/* ---- One page ---- */

struct find;

/* Of the answers after `after` (empty: the first ones) at most `limit`.  Lives in
 * the arena, as long as `asked` and its world. */
struct find *find_new(const struct asked *asked, enum finder_open open, struct bytes after,
		      uint32_t limit, const struct answer_place *place, struct arena *arena);

/*
 * One word further; `scratch` is the caller's to reset after each step.  `*ended`:
 * the page is full, or the search complete.  Errors are decide()'s, and name the word.
 */
int find_step(struct find *find, struct arena *scratch, bool *ended, struct error *error);

/* What was found; whole once it ended, without receipt and token. */
Carnet__V1__FindResponse *find_response(const struct find *find);

/* The last word looked at: the next page is of those after it. */
struct bytes find_last(const struct find *find);

/* A whole search over a registry, as one page, as case_run asks a question. */
int find_run(const Carnet__V1__FindRequest *request, enum finder_open open,
	     const struct case_registry *registry, struct arena *arena,
	     Carnet__V1__FindResponse **out, struct error *error);

/* ---- As bytes ---- */

/* Of the open place and the question, but for what may differ between its
 * pages: request id, reference, form of the receipt. */
struct digest find_digest(const Carnet__V1__CheckRequest *question, enum finder_open open,
			  struct arena *arena);

/* Canonical JSON of the request as its sender wrote it, without request_id. */
struct bytes find_body(const Carnet__V1__FindRequest *request, struct arena *arena);

/* The part of an answer that its receipt keeps, as outcome_write: canonical JSON, without
 * token, receipt, sentences and did-you-means. */
struct bytes find_outcome(const Carnet__V1__FindResponse *response, struct arena *arena);

#endif
