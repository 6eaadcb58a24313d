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

TAILQ_HEAD(rpc_loop_tasks, rpc_loop_task);

struct post {
	STAILQ_ENTRY(post) entry;
	rpc_loop_function *function;
	void *arg;
};
STAILQ_HEAD(posts, post);

struct watched_signal {
	struct watched_signal *next;
	struct event *event;
	rpc_loop_function *function;
	void *arg;
};

struct rpc_loop {
	struct event_base *base;
	struct event *wake;   /* other threads have posted */
	struct event *settle; /* the end of a turn, while tasks wait */
	struct event *alarm;  /* of rpc_loop_turn */
	int wake_fd;
	bool settling;
	struct rpc_loop_tasks tasks;   /* for the end of this turn */
	struct rpc_loop_tasks running; /* being run */
	struct watched_signal *signals;

	pthread_mutex_t lock; /* guards posts */
	struct posts posts;
};

/* What fails here fails for want of memory or descriptors at start. */
static void must(bool worked, const char *what)
{
	if (!worked) {
		perror(what);
		abort();
	}
}

static void run_posts(struct rpc_loop *loop)
{
	struct posts posts = STAILQ_HEAD_INITIALIZER(posts);
	struct post *post;

	pthread_mutex_lock(&loop->lock);
	STAILQ_CONCAT(&posts, &loop->posts);
	pthread_mutex_unlock(&loop->lock);
	while ((post = STAILQ_FIRST(&posts))) {
		STAILQ_REMOVE_HEAD(&posts, entry);
		post->function(post->arg);
		free(post);
	}
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	uint64_t count;

	(void)what;
	/* Before the list is taken, so that whoever posts after that wakes us again. */
	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
	run_posts(arg);
}

static void run_tasks(struct rpc_loop *loop)
{
	struct rpc_loop_task *task;

	TAILQ_CONCAT(&loop->running, &loop->tasks, entry);
	TAILQ_FOREACH(task, &loop->running, entry)
	task->queue = &loop->running;
	while ((task = TAILQ_FIRST(&loop->running))) {
		rpc_loop_undefer(task);
		task->function(task->arg);
	}
}

static void on_settle(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval at_once = {0};
	struct rpc_loop *loop = arg;

	(void)fd;
	(void)what;
	loop->settling = true;
	run_tasks(loop);
	loop->settling = false;
	/* What tasks have deferred waits for a real turn, or a peer that takes all that
	 * we write could keep every other from being read. */
	if (!TAILQ_EMPTY(&loop->tasks))
		event_add(loop->settle, &at_once);
}

static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

static struct event_base *base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	must(config != NULL, "event_config_new");
	/* One thread only; the others come through the eventfd. */
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	base = event_base_new_with_config(config);
	event_config_free(config);
	must(base != NULL, "event_base_new");
	return base;
}

struct rpc_loop *rpc_loop_new(void)
{
	struct rpc_loop *loop = memory_new(sizeof(*loop));

	signal(SIGPIPE, SIG_IGN);
	TAILQ_INIT(&loop->tasks);
	TAILQ_INIT(&loop->running);
	STAILQ_INIT(&loop->posts);
	pthread_mutex_init(&loop->lock, NULL);
	loop->base = base_new();
	loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	must(loop->wake_fd >= 0, "eventfd");
	loop->wake = event_new(loop->base, loop->wake_fd, EV_READ | EV_PERSIST, on_wake, loop);
	loop->settle = event_new(loop->base, -1, 0, on_settle, loop);
	loop->alarm = event_new(loop->base, -1, 0, on_alarm, NULL);
	must(loop->wake && loop->settle && loop->alarm, "event_new");
	must(event_add(loop->wake, NULL) == 0, "event_add");
	return loop;
}

void rpc_loop_free(struct rpc_loop *loop)
{
	if (!loop)
		return;
	run_posts(loop);
	while (!TAILQ_EMPTY(&loop->tasks))
		run_tasks(loop);
	while (loop->signals) {
		struct watched_signal *watched = loop->signals;

		loop->signals = watched->next;
		event_free(watched->event);
		free(watched);
	}
	event_free(loop->alarm);
	event_free(loop->settle);
	event_free(loop->wake);
	event_base_free(loop->base);
	close(loop->wake_fd);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

void rpc_loop_post(struct rpc_loop *loop, rpc_loop_function *function, void *arg)
{
	struct post *post = memory_new(sizeof(*post));
	const uint64_t one = 1;
	bool first;

	post->function = function;
	post->arg = arg;
	pthread_mutex_lock(&loop->lock);
	first = STAILQ_EMPTY(&loop->posts);
	STAILQ_INSERT_TAIL(&loop->posts, post, entry);
	pthread_mutex_unlock(&loop->lock);
	/* Only a full counter refuses the write, and then the loop is awake anyway. */
	while (first && write(loop->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

void rpc_loop_run(struct rpc_loop *loop)
{
	event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void rpc_loop_stop(struct rpc_loop *loop)
{
	event_base_loopbreak(loop->base);
}

void rpc_loop_turn(struct rpc_loop *loop, int64_t timeout_ms)
{
	const struct timeval timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000};

	if (timeout_ms >= 0)
		event_add(loop->alarm, &timeout);
	event_base_loop(loop->base, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY);
	event_del(loop->alarm);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
	struct watched_signal *watched = arg;

	(void)fd;
	(void)what;
	watched->function(watched->arg);
}

void rpc_loop_on_signal(struct rpc_loop *loop, int signal, rpc_loop_function *function, void *arg)
{
	struct watched_signal *watched = memory_new(sizeof(*watched));

	watched->function = function;
	watched->arg = arg;
	watched->event = evsignal_new(loop->base, signal, on_signal, watched);
	must(watched->event && event_add(watched->event, NULL) == 0, "evsignal_new");
	watched->next = loop->signals;
	loop->signals = watched;
}

struct event_base *rpc_loop_base(struct rpc_loop *loop)
{
	return loop->base;
}

void rpc_loop_defer(struct rpc_loop *loop, struct rpc_loop_task *task)
{
	if (task->queue)
		return;
	/* Activated once, the event runs behind all that are active already. */
	if (TAILQ_EMPTY(&loop->tasks) && !loop->settling)
		event_active(loop->settle, EV_TIMEOUT, 0);
	task->queue = &loop->tasks;
	TAILQ_INSERT_TAIL(&loop->tasks, task, entry);
}

void rpc_loop_undefer(struct rpc_loop_task *task)
{
	if (!task->queue)
		return;
	TAILQ_REMOVE(task->queue, task, entry);
	task->queue = NULL;
}

int64_t rpc_loop_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t rpc_loop_now(void)
{
	return rpc_loop_now_us() / 1000;
}
