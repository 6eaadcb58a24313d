#include "server/aside.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct task {
	aside_function *function;
	void *arg;
};

struct aside {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	struct task tasks[ASIDE_WAITING_MAX]; /* a ring */
	size_t first, count;
	bool closing, running;
};

static bool next_task(struct aside *aside, struct task *out)
{
	bool found;

	pthread_mutex_lock(&aside->mutex);
	while (!aside->count && !aside->closing)
		pthread_cond_wait(&aside->wake, &aside->mutex);
	found = aside->count > 0;
	if (found) {
		*out = aside->tasks[aside->first];
		aside->first = (aside->first + 1) % ASIDE_WAITING_MAX;
		aside->count--;
	}
	pthread_mutex_unlock(&aside->mutex);
	return found;
}

static void *run(void *arg)
{
	struct task task;

	while (next_task(arg, &task))
		task.function(task.arg);
	return NULL;
}

int aside_new(struct aside **out, struct error *error)
{
	struct aside *aside = memory_new(sizeof(*aside));
	int rc;

	pthread_mutex_init(&aside->mutex, NULL);
	pthread_cond_init(&aside->wake, NULL);
	rc = pthread_create(&aside->thread, NULL, run, aside);
	if (rc) {
		free(aside);
		return error_set(error, ERR_SYSTEM, "cannot start a thread: %s", strerror(rc));
	}
	aside->running = true;
	*out = aside;
	return 0;
}

void aside_stop(struct aside *aside)
{
	if (!aside->running)
		return;
	pthread_mutex_lock(&aside->mutex);
	aside->closing = true;
	pthread_cond_signal(&aside->wake);
	pthread_mutex_unlock(&aside->mutex);
	pthread_join(aside->thread, NULL);
	aside->running = false;
}

void aside_free(struct aside *aside)
{
	if (!aside)
		return;
	aside_stop(aside);
	pthread_cond_destroy(&aside->wake);
	pthread_mutex_destroy(&aside->mutex);
	free(aside);
}

int aside_post(struct aside *aside, aside_function *function, void *arg, struct error *error)
{
	bool room;

	pthread_mutex_lock(&aside->mutex);
	room = aside->count < ASIDE_WAITING_MAX;
	if (room) {
		aside->tasks[(aside->first + aside->count) % ASIDE_WAITING_MAX] =
			(struct task){function, arg};
		aside->count++;
		pthread_cond_signal(&aside->wake);
	}
	pthread_mutex_unlock(&aside->mutex);
	return room ? 0 : error_set(error, ERR_FULL, "too many edits wait; try again");
}
