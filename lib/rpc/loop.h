/*
 * An event loop, owned by the one thread that runs it.
 *
 * Everything that lives on a loop (connections, calls, clients) may be touched
 * by that thread only.  The one door for other threads is rpc_loop_post: the
 * committer posts a batch of finished answers once, and its function hands
 * them out on the loop's own thread.
 *
 * Making a loop ignores SIGPIPE for the whole process: a peer that is gone is
 * an error of one connection.
 */
#ifndef CARNET_RPC_LOOP_H
#define CARNET_RPC_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct rpc_loop;
struct event_base; /* libevent's */

typedef void rpc_loop_function(void *arg);

struct rpc_loop *rpc_loop_new(void);

/* Runs what was posted and has not run, on the calling thread, then frees.
 * No other thread may post any more. */
void rpc_loop_free(struct rpc_loop *loop);

/* Has `function(arg)` run on the loop's thread, after what was posted before.
 * Any thread; never blocks for longer than a list operation. */
void rpc_loop_post(struct rpc_loop *loop, rpc_loop_function *function, void *arg);

/* Runs until rpc_loop_stop, which may be called on the loop or posted to it. */
void rpc_loop_run(struct rpc_loop *loop);
void rpc_loop_stop(struct rpc_loop *loop);

/* Waits at most `timeout_ms` (negative: for ever) for something to happen,
 * deals with all that did, and returns. */
void rpc_loop_turn(struct rpc_loop *loop, int64_t timeout_ms);

/* Has `function(arg)` run on the loop at each `signal` until the loop is freed.
 * Signals go to one loop of a process: use the same for all of them. */
void rpc_loop_on_signal(struct rpc_loop *loop, int signal, rpc_loop_function *function, void *arg);

/* For timers and further listeners of the owner, on the loop's thread. */
struct event_base *rpc_loop_base(struct rpc_loop *loop);

/* Work that waits for the end of the turn; zeroed and then filled in by its
 * owner, in whose memory it lives. */
struct rpc_loop_task {
	rpc_loop_function *function;
	void *arg;
	struct rpc_loop_tasks *queue; /* where it waits; NULL: nowhere */
	TAILQ_ENTRY(rpc_loop_task) entry;
};

/* Has the task run once, after all that is happening in this turn of the loop:
 * so a connection writes once per turn.  Does nothing if it waits already. */
void rpc_loop_defer(struct rpc_loop *loop, struct rpc_loop_task *task);

/* Takes a waiting task back. */
void rpc_loop_undefer(struct rpc_loop_task *task);

/* Milliseconds and microseconds of the monotonic clock. */
int64_t rpc_loop_now(void);
int64_t rpc_loop_now_us(void);

#endif
