/*
 * One decision on one thread, for the first time and again (decisions.h), and
 * all that goes with one answer.
 *
 *	bench_decide REGISTRY CASES
 */
#include "decisions.h"

#include "contract/evidence.h"
#include "text/wire.h"

enum {
	BATCH = 256,   /* answers timed together */
	BATCHES = 400, /* at most */
	MILLISECONDS = 2000,
	PACKED_MAX = 65536
};

struct bench {
	const struct world *world;
	day today;
	struct questions questions;
	struct asked *asked;   /* each question, ready to be judged */
	struct bytes *packed;  /* each as it comes over the wire */
	struct arena *lasting; /* for these */
	struct arena *arena;   /* of one decision */
	size_t next;
	size_t arena_bytes, arena_bytes_max;
	struct sample whole, hash;
};

static struct question_frame frame_of(const struct bench *bench)
{
	return (struct question_frame){bench->world, bench->today, FOLDER_REVISION};
}

static struct asked read_question(struct bench *bench, const Carnet__V1__CheckRequest *request,
				  struct arena *arena)
{
	struct question_frame frame = frame_of(bench);

	return ask_of(request, &frame, arena);
}

static void prepare(struct bench *bench)
{
	struct questions *questions = &bench->questions;

	bench->asked = arena_array(bench->lasting, struct asked, questions->count);
	bench->packed = arena_array(bench->lasting, struct bytes, questions->count);
	for (size_t i = 0; i < questions->count; i++) {
		struct buffer packed = {0};

		bench->asked[i] = read_question(bench, questions->items[i], bench->lasting);
		wire_pack(&questions->items[i]->base, &packed);
		bench->packed[i] = arena_copy(bench->lasting, buffer_bytes(&packed));
		buffer_release(&packed);
	}
}

/* What each question takes of the arena. */
static void weigh(struct bench *bench)
{
	size_t sum = 0;

	for (size_t i = 0; i < bench->questions.count; i++) {
		size_t used;

		arena_reset(bench->arena);
		judge(&bench->asked[i], bench->world, bench->arena);
		used = arena_used(bench->arena);
		sum += used;
		if (used > bench->arena_bytes_max)
			bench->arena_bytes_max = used;
	}
	bench->arena_bytes = sum / bench->questions.count;
}

static size_t next_question(struct bench *bench)
{
	bench->next = (bench->next + 1) % bench->questions.count;
	return bench->next;
}

/* From the bytes of a question to the bytes of its answer and of its receipt's
 * five values: all that a loop does but TLS, HTTP/2 and hashing. */
static void answer_once(struct bench *bench)
{
	static const struct bytes role = BYTES_LITERAL("checker");
	const struct evidence_call call = {
		.identity = BYTES_LITERAL("spiffe://example.org/call-gateway"),
		.roles = &role,
		.role_count = 1,
		.door = BYTES_LITERAL("grpc"),
		.instant = (instant_ms)bench->today * 86400000,
	};
	const struct answer_place place = {.live = true, .confirmed = true};
	size_t which = next_question(bench);
	const struct decision *decision;
	struct evidence evidence;
	ProtobufCMessage *request;
	struct asked asked;
	struct error error;
	uint8_t packed[PACKED_MAX];
	Carnet__V1__Decision *answer;

	arena_reset(bench->arena);
	if (wire_unpack(&carnet__v1__check_request__descriptor, bench->packed[which], NULL,
			bench->arena, &request, &error))
		give_up("a question cannot be read: %s", error.text);
	asked = read_question(bench, (Carnet__V1__CheckRequest *)request, bench->arena);
	decision = judge(&asked, bench->world, bench->arena);
	answer = answer_write(&asked, decision, &place, bench->arena);
	evidence_write_answer(&asked, decision, answer, bench->arena, &evidence);
	evidence_write_call(asked.request, &call, bench->arena, &evidence);
	if (protobuf_c_message_get_packed_size(&answer->base) > sizeof(packed))
		give_up("an answer exceeds %d bytes", PACKED_MAX);
	protobuf_c_message_pack(&answer->base, packed);
}

/* In turns, so that both see the same minutes. */
static void run(struct bench *bench)
{
	int64_t end = now_ns() + (int64_t)MILLISECONDS * 1000000;

	for (int i = 0; i < BATCHES && (i < 5 || now_ns() < end); i++) {
		int64_t began = now_ns();

		for (int j = 0; j < BATCH; j++)
			answer_once(bench);
		sample_add(&bench->whole, (double)(now_ns() - began) / BATCH);
		sample_add(&bench->hash, time_hashes());
	}
}

static void print_sample(const char *name, struct sample *sample, struct sample *unit)
{
	double median = sample_at(sample, 0.5);

	printf("%s.min_ns %.6g\n", name, sample_at(sample, 0));
	printf("%s.ns %.6g\n", name, median);
	printf("%s.ratio %.4g\n", name, median / sample_at(unit, 0.5));
	sample_release(sample);
}

int main(int argc, char **argv)
{
	struct bench bench = {.today = instant_day(instant_now())};
	struct folder *registry;
	struct world *world;
	struct cost cost;

	if (argc != 3)
		give_up("usage: bench_decide REGISTRY CASES");
	registry = read_folder(argv[1]);
	world = compile_folder(registry, argv[1]);
	bench.world = world;
	bench.questions = read_questions(argv[2]);
	bench.lasting = arena_new(0);
	bench.arena = arena_new(65536);
	prepare(&bench);
	weigh(&bench);
	cost = cost_of(world, bench.asked, bench.questions.count, MILLISECONDS);
	run(&bench);
	print_figure("decide.arena", (double)bench.arena_bytes);
	print_figure("decide.arena_max", (double)bench.arena_bytes_max);
	print_cost("decide", &cost);
	print_sample("answer", &bench.whole, &bench.hash);
	print_figure("sha.ns", sample_at(&bench.hash, 0.5));
	sample_release(&bench.hash);
	arena_free(bench.arena);
	arena_free(bench.lasting);
	release_questions(&bench.questions);
	world_free(world);
	folder_free(registry);
	return 0;
}
