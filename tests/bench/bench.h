/*
 * What the benchmarks share: a clock, samples, and one line per figure.
 *
 * A benchmark prints `<name> <number>` per figure on standard output, and
 * nothing else; run.sh makes the table.  On any failure it says why and exits:
 * a figure that is missing is better than one that is wrong.
 */
#ifndef CARNET_TESTS_BENCH_H
#define CARNET_TESTS_BENCH_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/bytes.h"
#include "base/memory.h"

static inline __attribute__((format(printf, 1, 2), noreturn)) void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static inline int64_t clock_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* A number from an argument, or the end. */
static inline unsigned long number_of(const char *text, unsigned long max)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || *end || number < 1 || number > max)
		give_up("'%s' is no number from 1 to %lu", text, max);
	return number;
}

/* Timings of one thing; a zeroed one is empty.  Batches are timed, so that the
 * clock costs nothing, and the median of many forgives the neighbours. */
struct sample {
	double *items;
	size_t count, capacity;
	bool sorted;
};

static inline void sample_release(struct sample *sample)
{
	free(sample->items);
	*sample = (struct sample){0};
}

static inline void sample_add(struct sample *sample, double value)
{
	array_reserve(&sample->items, &sample->capacity, sample->count);
	sample->items[sample->count++] = value;
	sample->sorted = false;
}

static inline int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* The value that `share` of them (0 to 1) do not exceed; 0.5 is the median. */
static inline double sample_at(struct sample *sample, double share)
{
	if (!sample->count)
		return 0;
	if (!sample->sorted)
		qsort(sample->items, sample->count, sizeof(double), compare_doubles);
	sample->sorted = true;
	return sample->items[(size_t)(share * (double)(sample->count - 1))];
}

static inline void print_figure(const char *name, double value)
{
	printf("%s %.10g\n", name, value);
}

#endif
