/*
 * A thread for what takes too long on a loop: edits, one after the other, and
 * questions that bring records of their own.
 */
#ifndef CARNET_SERVER_ASIDE_H
#define CARNET_SERVER_ASIDE_H

#include "base/error.h"

enum { ASIDE_WAITING_MAX = 64 };

struct aside;

typedef void aside_function(void *arg);

int aside_new(struct aside **out, struct error *error);

/* Does what waits, then ends the thread.  Nobody may post any more. */
void aside_stop(struct aside *aside);

/* Stops it if that was not done.  NULL does nothing. */
void aside_free(struct aside *aside);

/* Has `function(arg)` run, after what was posted before.  ERR_FULL: retry later. */
int aside_post(struct aside *aside, aside_function *function, void *arg, struct error *error);

#endif
