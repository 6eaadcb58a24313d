/*
 * The questions that are asked: cases about now, as folders keep them.
 */
#ifndef CARNET_TESTS_BENCH_QUESTIONS_H
#define CARNET_TESTS_BENCH_QUESTIONS_H

#include "bench.h"
#include "contract/case.h"
#include "registry/compile.h"
#include "registry/folder.h"

struct questions {
	struct folder *folder;
	Carnet__V1__CheckRequest **items; /* they live as long as the folder */
	size_t count, capacity;
};

static inline void give_up_on(const char *path, const struct problems *problems)
{
	struct buffer text = {0};

	problems_print(problems, &text);
	give_up("%s cannot be used:\n%s", path, buffer_string(&text));
}

static inline struct folder *read_folder(const char *path)
{
	struct folder *folder = folder_new();
	struct problems problems;

	problems_init(&problems);
	if (folder_add(folder, path, &problems))
		give_up_on(path, &problems);
	problems_release(&problems);
	return folder;
}

static inline struct world *compile_folder(struct folder *folder, const char *path)
{
	struct problems problems;
	struct world *world;

	problems_init(&problems);
	if (compile_world(folder_records(folder), &world, &problems))
		give_up_on(path, &problems);
	problems_release(&problems);
	return world;
}

/* A question that a service would ask: about today, of the registry alone. */
static inline bool is_live(const Carnet__V1__Case *one)
{
	return one->ask && !one->n_given && !one->ask->n_given && !*one->ask->as_of &&
	       !one->ask->known_at;
}

static inline struct questions read_questions(const char *path)
{
	struct questions questions = {.folder = read_folder(path)};
	size_t count;
	const struct folder_case *cases = folder_cases(questions.folder, &count);

	for (size_t i = 0; i < count; i++) {
		if (!is_live(cases[i].message))
			continue;
		array_reserve(&questions.items, &questions.capacity, questions.count);
		questions.items[questions.count++] = cases[i].message->ask;
	}
	if (!questions.count)
		give_up("%s has no case about now", path);
	return questions;
}

static inline void release_questions(struct questions *questions)
{
	free(questions->items);
	folder_free(questions->folder);
}

#endif
