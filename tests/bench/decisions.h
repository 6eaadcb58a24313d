/*
 * What decisions cost, in turns with four SHA-256 of 300 bytes: nanoseconds
 * differ from machine to machine and minute to minute, their ratio does not.
 *
 * Each question has a figure of its own, the median of many timings, and what
 * is reported is the median over the questions.  "First" is decide() with
 * nothing kept from before; "again" is what carnetd does when it is asked the
 * same again today: it makes the request's key and finds the answer that it kept.
 */
#ifndef CARNET_TESTS_BENCH_DECISIONS_H
#define CARNET_TESTS_BENCH_DECISIONS_H

#include "contract/question.h"
#include "crypto/hash.h"
#include "engine/decide.h"
#include "questions.h"
#include "server/answers.h"

enum { LEGS_MAX = 4, AGAIN = 64, ROUNDS_MIN = 5 };

/* Of the questions with up to four legs. */
struct cost {
	double first, again, refusal; /* ns; the refusal for the first time */
	size_t questions, refusals;
	double hashes; /* ns of four SHA-256 */
};

/* One question: its timings. */
struct timed {
	const struct asked *asked;
	bool is_counted, is_refused;
	struct sample first, again;
};

static inline struct asked ask_of(const Carnet__V1__CheckRequest *request,
				  const struct question_frame *frame, struct arena *arena)
{
	struct question_violations violations = {0};
	struct asked asked;
	struct error error;

	if (question_check(request, arena, &violations, &error) ||
	    question_read(request, frame, arena, &asked, &violations, &error))
		give_up("a question cannot be asked: %s", error.text);
	return asked;
}

static inline const struct decision *judge(const struct asked *asked, const struct world *world,
					   struct arena *arena)
{
	const struct decision *decision;
	struct error error;

	if (decide(world, &asked->question, arena, &decision, &error))
		give_up("a question is not decided: %s", error.text);
	return decision;
}

static inline struct digest key_of(const struct asked *asked, struct arena *arena)
{
	return answers_key(asked->request, asked->question.known_at, asked->question.as_of, arena);
}

static inline void keep_answer(struct answers *answers, const struct asked *asked,
			       struct arena *arena)
{
	struct digest key = key_of(asked, arena);
	struct kept_answer *answer = answers_make(arena_new(0));

	answers_keep(answers, &key, answer);
	answers_release(answer);
}

static inline double time_hashes(void)
{
	enum { TIMES = 32, HASHES = 4, HASHED_SIZE = 300 };
	static uint8_t block[HASHED_SIZE];
	int64_t began = now_ns();

	for (int i = 0; i < TIMES * HASHES; i++)
		block[i % HASHES] ^= hash_of(bytes_of(block, sizeof(block))).bytes[0];
	return (double)(now_ns() - began) / TIMES;
}

static inline double time_first(const struct asked *asked, const struct world *world,
				struct arena *arena)
{
	int64_t began = now_ns();

	arena_reset(arena);
	judge(asked, world, arena);
	return (double)(now_ns() - began);
}

static inline double time_again(const struct asked *asked, struct answers *answers,
				struct arena *arena)
{
	int64_t began = now_ns();

	for (int i = 0; i < AGAIN; i++) {
		struct kept_answer *answer;
		struct digest key;

		arena_reset(arena);
		key = key_of(asked, arena);
		answer = answers_find(answers, &key);
		if (!answer)
			give_up("an answer that was kept is not found");
		answers_release(answer);
	}
	return (double)(now_ns() - began) / AGAIN;
}

static inline void time_round(struct timed *timed, size_t count, const struct world *world,
			      struct answers *answers, struct arena *arena, struct sample *hashes)
{
	for (size_t i = 0; i < count; i++)
		sample_add(&timed[i].first, time_first(timed[i].asked, world, arena));
	for (size_t i = 0; i < count; i++)
		sample_add(&timed[i].again, time_again(timed[i].asked, answers, arena));
	sample_add(hashes, time_hashes());
}

static inline void look_at(struct timed *timed, const struct world *world, struct arena *arena)
{
	const struct decision *decision = judge(timed->asked, world, arena);

	timed->is_counted = decision->leg_count >= 1 && decision->leg_count <= LEGS_MAX;
	timed->is_refused = decision->verdict >= VERDICT_INDETERMINATE;
}

static inline struct cost sum_up(struct timed *timed, size_t count, struct sample *hashes)
{
	struct sample first = {0}, again = {0}, refusal = {0};
	struct cost cost = {.hashes = sample_at(hashes, 0.5)};

	for (size_t i = 0; i < count; i++) {
		if (timed[i].is_counted) {
			sample_add(&first, sample_at(&timed[i].first, 0.5));
			sample_add(&again, sample_at(&timed[i].again, 0.5));
		}
		if (timed[i].is_counted && timed[i].is_refused)
			sample_add(&refusal, sample_at(&timed[i].first, 0.5));
		sample_release(&timed[i].first);
		sample_release(&timed[i].again);
	}
	cost.questions = first.count;
	cost.refusals = refusal.count;
	cost.first = sample_at(&first, 0.5);
	cost.again = sample_at(&again, 0.5);
	cost.refusal = sample_at(&refusal, 0.5);
	sample_release(&first);
	sample_release(&again);
	sample_release(&refusal);
	return cost;
}

static inline struct cost cost_of(const struct world *world, const struct asked *asked,
				  size_t count, int milliseconds)
{
	struct arena *arena = arena_new(65536);
	struct answers *answers = answers_new(ANSWERS_BYTES);
	struct timed *timed = memory_new(count * sizeof(*timed));
	struct sample hashes = {0};
	struct cost cost;
	int64_t end;

	for (size_t i = 0; i < count; i++) {
		timed[i].asked = &asked[i];
		look_at(&timed[i], world, arena);
		keep_answer(answers, &asked[i], arena);
	}
	end = now_ns() + (int64_t)milliseconds * 1000000;
	for (int i = 0; i < ROUNDS_MIN || now_ns() < end; i++)
		time_round(timed, count, world, answers, arena, &hashes);
	cost = sum_up(timed, count, &hashes);
	sample_release(&hashes);
	free(timed);
	answers_free(answers);
	arena_free(arena);
	return cost;
}

/* `<name>.first.ns`, `.ratio` and so on. */
static inline void print_cost(const char *name, const struct cost *cost)
{
	printf("%s.questions %zu\n", name, cost->questions);
	printf("%s.first.ns %.6g\n", name, cost->first);
	printf("%s.first.ratio %.4g\n", name, cost->first / cost->hashes);
	printf("%s.again.ns %.6g\n", name, cost->again);
	printf("%s.again.ratio %.4g\n", name, cost->again / cost->hashes);
	if (cost->refusals) {
		printf("%s.refusals %zu\n", name, cost->refusals);
		printf("%s.refusal.ns %.6g\n", name, cost->refusal);
		printf("%s.refusal.ratio %.4g\n", name, cost->refusal / cost->hashes);
	}
}

#endif
