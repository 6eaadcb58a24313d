/*
 * Registries of 1,000 to 1,000,000 agreements between 100,000 parties, over
 * the folder's own records: how long a snapshot takes to build, what it weighs,
 * how soon an edit is answered from, and what decisions cost in it.
 *
 *	bench_scale REGISTRY CASES [MOST]
 *
 * Building starts from records in memory, as a server has them after an edit,
 * and ends with a sealed world; meanwhile another thread goes on answering from
 * the world before, if there is a second core.  Bytes are those of the heap,
 * words and indices included, over what the same registry takes without
 * agreements.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>

#include "decisions.h"
#include "scale.h"
#include "text/allocator.h"

enum { PARTIES = 100000, COST_MS = 700, PAIRS = 64 };

struct bench {
	const struct record_set *folder;
	struct questions live;
	day today;
};

static size_t heap_bytes(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* On the clock, and of one processor: the first is longer where others want it too. */
struct took {
	double seconds, processor;
};

static struct world *build(const struct record_set *set, struct took *took)
{
	struct problems problems;
	struct world *world;
	int64_t began = now_ns(), worked = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	problems_init(&problems);
	if (compile_world(set, &world, &problems))
		give_up_on("the generated registry", &problems);
	took->seconds = (double)(now_ns() - began) / 1e9;
	took->processor = (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - worked) / 1e9;
	problems_release(&problems);
	return world;
}

/* ---- Questions ---- */

static struct asked *ask_live(const struct bench *bench, const struct world *world,
			      struct arena *arena)
{
	struct question_frame frame = {world, bench->today, FOLDER_REVISION};
	struct asked *asked = arena_array(arena, struct asked, bench->live.count);

	for (size_t i = 0; i < bench->live.count; i++)
		asked[i] = ask_of(bench->live.items[i], &frame, arena);
	return asked;
}

static Carnet__V1__CheckRequest *request_of_pair(size_t number, struct arena *arena)
{
	Carnet__V1__CheckRequest *request =
		allocator_message(arena, &carnet__v1__check_request__descriptor);
	Carnet__V1__Recipient *to = allocator_message(arena, &carnet__v1__recipient__descriptor);

	to->party = scale_name(arena, "party", scale_importer(number, PARTIES));
	to->mode = CARNET__V1__ACCESS_MODE__ACCESS_MODE_TRANSMISSION;
	request->exporter = scale_name(arena, "party", scale_exporter(number, PARTIES));
	request->recipients = arena_array(arena, Carnet__V1__Recipient *, 1);
	request->recipients[0] = to;
	request->n_recipients = 1;
	return request;
}

static struct asked ask_pair(const struct bench *bench, const struct world *world, size_t number,
			     struct arena *arena)
{
	struct question_frame frame = {world, bench->today, FOLDER_REVISION + 1};

	return ask_of(request_of_pair(number, arena), &frame, arena);
}

/* Parties that have an agreement, from all over the registry. */
static struct asked *ask_pairs(const struct bench *bench, const struct world *world,
			       size_t agreements, struct arena *arena)
{
	struct asked *asked = arena_array(arena, struct asked, PAIRS);

	for (size_t i = 0; i < PAIRS; i++)
		asked[i] = ask_pair(bench, world, i * (agreements / PAIRS), arena);
	return asked;
}

/* ---- Answering goes on ---- */

struct answering {
	const struct bench *bench;
	const struct world *world;
	atomic_bool stop;
	size_t answers;
	int64_t longest; /* ns that one took */
};

static void *go_on(void *arg)
{
	struct answering *answering = arg;
	struct arena *lasting = arena_new(0), *arena = arena_new(65536);
	struct asked *asked = ask_live(answering->bench, answering->world, lasting);

	while (!atomic_load(&answering->stop)) {
		int64_t began = now_ns();

		arena_reset(arena);
		judge(&asked[answering->answers++ % answering->bench->live.count], answering->world,
		      arena);
		if (now_ns() - began > answering->longest)
			answering->longest = now_ns() - began;
	}
	arena_free(arena);
	arena_free(lasting);
	return NULL;
}

/* ---- One size ---- */

static void print_of(size_t agreements, const char *name, double value)
{
	printf("%zu.%s %.6g\n", agreements, name, value);
}

/* An edit: one more agreement, a set derived, a world compiled, a question answered
 * from it, while another thread answers from the world before. */
static void measure_edit(const struct bench *bench, const struct record_set *set,
			 const struct world *before, size_t agreements)
{
	struct answering answering = {.bench = bench, .world = before};
	struct arena *arena = arena_new(0);
	struct record_set *next;
	struct asked asked;
	struct world *world;
	pthread_t thread;
	struct took building;
	int64_t began, worked;

	if (pthread_create(&thread, NULL, go_on, &answering))
		give_up("no thread can be started");
	began = now_ns();
	worked = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	next = record_set_derive(set);
	scale_add(next, scale_agreement(record_set_arena(next), agreements, PARTIES),
		  FOLDER_REVISION + 1, agreements);
	record_set_seal(next);
	world = build(next, &building);
	asked = ask_pair(bench, world, agreements, arena);
	judge(&asked, world, arena);
	print_of(agreements, "edit_s", (double)(now_ns() - began) / 1e9);
	print_of(agreements, "edit_cpu_s",
		 (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - worked) / 1e9);
	atomic_store(&answering.stop, true);
	pthread_join(thread, NULL);
	print_of(agreements, "edit_build_s", building.seconds);
	print_of(agreements, "edit_answers", (double)answering.answers);
	print_of(agreements, "edit_longest_us", (double)answering.longest / 1000);
	world_free(world);
	record_set_free(next);
	arena_free(arena);
}

static void print_cost_of(size_t agreements, const char *name, const struct cost *cost)
{
	char full[64];

	snprintf(full, sizeof(full), "%zu.%s", agreements, name);
	print_cost(full, cost);
}

static void measure_decisions(const struct bench *bench, const struct world *world,
			      size_t agreements)
{
	struct arena *arena = arena_new(0);
	struct cost live =
		cost_of(world, ask_live(bench, world, arena), bench->live.count, COST_MS);
	struct cost pairs =
		cost_of(world, ask_pairs(bench, world, agreements, arena), PAIRS, COST_MS);

	print_cost_of(agreements, "live", &live);
	print_cost_of(agreements, "pairs", &pairs);
	arena_free(arena);
}

/* Bytes of the heap that a world of this size takes. */
static size_t weigh(const struct bench *bench, size_t agreements)
{
	struct record_set *set = scale_set(bench->folder, PARTIES, agreements);
	size_t before = heap_bytes(), weight;
	struct took took;
	struct world *world = build(set, &took);

	weight = heap_bytes() - before;
	world_free(world);
	record_set_free(set);
	return weight;
}

static void measure(const struct bench *bench, size_t agreements, size_t without)
{
	struct record_set *set = scale_set(bench->folder, PARTIES, agreements);
	size_t before = heap_bytes();
	struct took took;
	struct world *world = build(set, &took);
	size_t weight = heap_bytes() - before;

	print_of(agreements, "build_s", took.seconds);
	print_of(agreements, "build_cpu_s", took.processor);
	print_of(agreements, "bytes_each", ((double)weight - (double)without) / (double)agreements);
	measure_decisions(bench, world, agreements);
	measure_edit(bench, set, world, agreements);
	world_free(world);
	record_set_free(set);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct bench bench = {.today = instant_day(instant_now())};
	struct folder *registry;
	size_t most, without;

	if (argc != 3 && argc != 4)
		give_up("usage: bench_scale REGISTRY CASES [MOST]");
	most = argc == 4 ? number_of(argv[3], 1000000) : 1000000;
	registry = read_folder(argv[1]);
	bench.folder = folder_records(registry);
	bench.live = read_questions(argv[2]);
	without = weigh(&bench, 0);
	for (size_t agreements = 1000; agreements <= most; agreements *= 10)
		measure(&bench, agreements, without);
	release_questions(&bench.live);
	folder_free(registry);
	return 0;
}
