#include "rpc/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/memory.h"

struct post {
	struct post *next;
	rpc_loop_function *function;
	void *arg;
};

struct watched_signal {
	struct watched_signal *next;
	struct event *event;
	rpc_loop_function *function;
	void *arg;
};

struct rpc_loop {
	struct event_base *base;
	struct event *wake;    /* other threads have posted */
	struct event *settle;  /* the end of a turn: tasks wait */
	struct event *timeout; /* of rpc_loop_turn */
	int wake_fd;
	bool settling;
	struct rpc_loop_task *tasks, **last_task;
	struct watched_signal *signals;

	pthread_mutex_t lock; /* guards what follows */
	struct post *posts, **last_post;
};

static void must(bool worked, const char *what)
{
	if (!worked) {
		perror(what);
		abort();
	}
}

static void run_posts(struct rpc_loop *loop)
{
	struct post *post;

	pthread_mutex_lock(&loop->lock);
	post = loop->posts;
	loop->posts = NULL;
	loop->last_post = &loop->posts;
	pthread_mutex_unlock(&loop->lock);
	while (post) {
		struct post *next = post->next;

		post->function(post->arg);
		free(post);
		post = next;
	}
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	uint64_t count;

	(void)what;
	/* Before taking the list, so that a post after it wakes us again. */
	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
	run_posts(arg);
}

static void run_tasks(struct rpc_loop *loop)
{
	struct rpc_loop_task *stop_before = NULL, **end = loop->last_task;

	/* Only those that wait now: a task may queue itself for the next turn. */
	while (loop->tasks && loop->tasks != stop_before) {
		struct rpc_loop_task *task = loop->tasks;
		bool last = &task->next == end;

		rpc_loop_undefer(task);
		if (task->next)
			task->next->link = &loop->tasks;
		loop->tasks = task->next;
		if (!loop->tasks)
			loop->last_task = &loop->tasks;
		task->function(task->arg);
		if (last)
			break;
	}
}

struct rpc_loop *rpc_loop_new(void)
{
	return NULL;
}
