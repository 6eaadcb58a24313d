/*
 * Questions put to a running carnetd, as many at a time as asked for.
 *
 * Opens the connections, keeps `streams` calls under way on each, and counts
 * what comes back until the count is reached or the time is over; a first part,
 * one call at a time on each connection, warms up and is not counted.  Before and after, it asks
 *the log for its size: every answer must have its leaf.  Some of the full receipts are kept and
 * verified at the end, as their holder would.
 *
 *	bench_load HOST:PORT CASES full|handle CONNECTIONS STREAMS COUNT MILLISECONDS
 *
 * Who asks comes from CARNET_CA, CARNET_CERT and CARNET_KEY.
 */
#include "questions.h"

#include <string.h>

#include "carnet/v1/transfer.pb-c.h"
#include "receipt/receipt.h"
#include "rpc/client.h"
#include "text/wire.h"

enum {
	CONNECTIONS_MAX = 1024,
	STREAMS_MAX = 1024,
	COUNT_MAX = 10 * 1000 * 1000,
	MILLISECONDS_MAX = 10 * 60 * 1000,
	WARM_UP_SHARE = 8, /* of count and time: one in so many */
	DEADLINE_MS = 20000,
	KEPT_MAX = 16,
	KEEP_EVERY = 128 /* answers */
};

struct stream;

struct load {
	struct rpc_loop *loop;
	struct rpc_client **clients;
	size_t connections, streams;
	struct stream *all; /* one on each connection, then the next on each ... */
	struct bytes *requests;
	size_t request_count, next;
	bool full;

	/* Of the part under way. */
	size_t to_start, under_way;
	int64_t end_ns;
	struct sample us;
	size_t answers, errors, answer_bytes, receipt_bytes;

	size_t answered; /* in all parts */
	struct bytes kept[KEPT_MAX];
	size_t kept_count;
	struct arena *lasting;
};

/* One of the calls under way: when one ends, the next takes its place. */
struct stream {
	struct load *load;
	struct rpc_client *client;
	int64_t began_ns;
};

/* ---- Asking ---- */

static void ask(struct stream *stream);

static uint64_t take_varint(struct bytes *left)
{
	uint64_t value = 0;

	for (unsigned shift = 0; left->size && shift < 64; shift += 7) {
		uint8_t byte = left->data[0];

		*left = bytes_skip(*left, 1);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			break;
	}
	return value;
}

/* Bytes of CheckResponse.receipt, without a look into it: unpacking each answer would measure us.
 */
static size_t size_of_receipt(struct bytes body)
{
	enum { RECEIPT_TAG = 2 << 3 | 2 };

	while (body.size) {
		uint64_t tag = take_varint(&body), size = take_varint(&body);

		if (tag == RECEIPT_TAG)
			return (size_t)size;
		body = bytes_skip(body, size < body.size ? (size_t)size : body.size);
	}
	return 0;
}

static void note_answer(struct load *load, struct bytes body)
{
	load->receipt_bytes += size_of_receipt(body);
	load->answers++;
	load->answered++;
	load->answer_bytes += body.size;
	if (load->full && load->answered % KEEP_EVERY == 1 && load->kept_count < KEPT_MAX)
		load->kept[load->kept_count++] = arena_copy(load->lasting, body);
}

static void note_error(struct load *load, const struct rpc_reply *reply)
{
	if (!load->errors++)
		fprintf(stderr, "first error: code %d, %.*s\n", (int)reply->code,
			BYTES_PRINT(reply->message));
}

static void answered(void *arg, const struct rpc_reply *reply)
{
	struct stream *stream = arg;
	struct load *load = stream->load;

	sample_add(&load->us, (double)(now_ns() - stream->began_ns) / 1e3);
	load->under_way--;
	if (reply->code == RPC_OK)
		note_answer(load, reply->body);
	else
		note_error(load, reply);
	if (load->to_start && now_ns() < load->end_ns)
		ask(stream);
	else if (!load->under_way)
		rpc_loop_stop(load->loop);
}

static void ask(struct stream *stream)
{
	struct load *load = stream->load;
	const struct rpc_request request = {
		.path = "/carnet.v1.TransferService/Check",
		.message = load->requests[load->next],
		.deadline_ms = DEADLINE_MS,
		.done = answered,
		.arg = stream,
	};

	load->next = (load->next + 1) % load->request_count;
	load->to_start--;
	load->under_way++;
	stream->began_ns = now_ns();
	rpc_client_start(stream->client, &request);
}

/* Seconds from the first question to the last answer, with the first `width`
 * streams. */
static double run_part(struct load *load, size_t width, size_t count, int64_t ms)
{
	int64_t began = now_ns();

	sample_release(&load->us);
	load->answers = load->errors = load->answer_bytes = load->receipt_bytes = 0;
	load->to_start = count;
	load->end_ns = began + ms * 1000000;
	for (size_t i = 0; i < width && load->to_start; i++)
		ask(&load->all[i]);
	rpc_loop_run(load->loop);
	return (double)(now_ns() - began) / 1e9;
}

/* ---- Connecting ---- */

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	if (!value)
		give_up("%s is not set", name);
	return value;
}

static struct rpc_tls *read_certificates(void)
{
	const struct rpc_tls_files files = {.certificate = variable("CARNET_CERT"),
					    .key = variable("CARNET_KEY"),
					    .ca = variable("CARNET_CA")};
	struct rpc_tls *tls;
	struct error error;

	if (rpc_tls_new_client(&files, &tls, &error))
		give_up("%s", error.text);
	return tls;
}

static void connect_all(struct load *load, const char *address)
{
	char *host = arena_string(load->lasting, bytes_of_string(address));
	char *colon = strrchr(host, ':');
	struct rpc_tls *tls = read_certificates();
	struct rpc_endpoint endpoint;
	struct rpc_client_config config = {.endpoints = &endpoint, .endpoint_count = 1};
	struct error error;

	if (!colon)
		give_up("'%s' is no host and port", address);
	*colon = '\0';
	endpoint = (struct rpc_endpoint){host, (uint16_t)number_of(colon + 1, UINT16_MAX)};
	load->loop = config.loop = rpc_loop_new();
	config.tls = tls;
	load->clients = arena_array(load->lasting, struct rpc_client *, load->connections);
	for (size_t i = 0; i < load->connections; i++) {
		load->clients[i] = rpc_client_new(&config);
		if (rpc_client_connect(load->clients[i], &error))
			give_up("connection %zu: %s", i, error.text);
	}
	rpc_tls_release(tls);
}

static void disconnect_all(struct load *load)
{
	for (size_t i = 0; i < load->connections; i++)
		rpc_client_free(load->clients[i]);
	rpc_loop_free(load->loop);
}

static void make_streams(struct load *load)
{
	load->all = arena_array(load->lasting, struct stream, load->connections * load->streams);
	for (size_t i = 0; i < load->connections * load->streams; i++)
		load->all[i] = (struct stream){.load = load,
					       .client = load->clients[i % load->connections]};
}

static void pack_requests(struct load *load, const char *cases)
{
	struct questions questions = read_questions(cases);

	load->requests = arena_array(load->lasting, struct bytes, questions.count);
	for (size_t i = 0; i < questions.count; i++) {
		struct buffer packed = {0};

		questions.items[i]->receipt =
			load->full ? CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_FULL
				   : CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
		wire_pack(&questions.items[i]->base, &packed);
		load->requests[i] = arena_copy(load->lasting, buffer_bytes(&packed));
		buffer_release(&packed);
	}
	load->request_count = questions.count;
	release_questions(&questions);
}

/* ---- The log ---- */

static Carnet__V1__GetCheckpointResponse *get_checkpoint(struct load *load)
{
	ProtobufCMessage *response;
	struct rpc_reply reply;
	struct error error;

	if (rpc_client_call(load->clients[0], "/carnet.v1.ReceiptService/GetCheckpoint",
			    (struct bytes){NULL, 0}, DEADLINE_MS, &reply, &error))
		give_up("%s", error.text);
	if (reply.code != RPC_OK)
		give_up("no checkpoint: %.*s", BYTES_PRINT(reply.message));
	if (wire_unpack(&carnet__v1__get_checkpoint_response__descriptor, reply.body, NULL,
			load->lasting, &response, &error))
		give_up("the checkpoint: %s", error.text);
	return (Carnet__V1__GetCheckpointResponse *)response;
}

static uint64_t log_size(struct load *load)
{
	struct checkpoint checkpoint;
	struct error error;

	if (checkpoint_parse(bytes_of_string(get_checkpoint(load)->checkpoint), load->lasting,
			     &checkpoint, &error))
		give_up("the checkpoint: %s", error.text);
	return checkpoint.size;
}

static struct policy *trust_this_log(struct load *load)
{
	const char *text =
		arena_printf(load->lasting, "log %s\nquorum none\n", get_checkpoint(load)->key);
	struct policy *policy;
	struct error error;

	if (policy_parse(bytes_of_string(text), load->lasting, &policy, &error))
		give_up("the log's key: %s", error.text);
	return policy;
}

/* ---- Receipts ---- */

static struct bytes receipt_file(const Carnet__V1__Receipt *receipt, struct arena *arena)
{
	struct digest path[MERKLE_PATH_MAX];
	struct bytes disclosures[DISCLOSURE_COUNT];
	struct receipt_parts parts = {
		.entry = bytes_of(receipt->leaf.data, receipt->leaf.len),
		.disclosures = disclosures,
		.disclosure_count = receipt->n_disclosures,
		.index = receipt->index,
		.path = path,
		.path_count = receipt->n_path,
		.checkpoint = bytes_of_string(receipt->checkpoint),
	};
	struct buffer file = {0};
	struct bytes copy;
	struct error error;

	if (receipt->n_path > MERKLE_PATH_MAX || receipt->n_disclosures > DISCLOSURE_COUNT)
		give_up("a receipt has too many parts");
	for (size_t i = 0; i < receipt->n_path; i++)
		if (!hash_read(bytes_of(receipt->path[i].data, receipt->path[i].len), &path[i]))
			give_up("a receipt's path has no hash at %zu", i);
	for (size_t i = 0; i < receipt->n_disclosures; i++)
		disclosures[i] = bytes_of_string(receipt->disclosures[i]);
	if (receipt_write(&parts, &file, &error))
		give_up("a receipt: %s", error.text);
	copy = arena_copy(arena, buffer_bytes(&file));
	buffer_release(&file);
	return copy;
}

static void verify_kept(struct load *load)
{
	struct policy *policy = load->kept_count ? trust_this_log(load) : NULL;

	for (size_t i = 0; i < load->kept_count; i++) {
		const Carnet__V1__CheckResponse *response;
		ProtobufCMessage *message;
		struct receipt receipt;
		struct error error;

		if (wire_unpack(&carnet__v1__check_response__descriptor, load->kept[i], NULL,
				load->lasting, &message, &error))
			give_up("an answer: %s", error.text);
		response = (Carnet__V1__CheckResponse *)message;
		if (!response->decision || !response->receipt)
			give_up("an answer without decision or receipt");
		if (receipt_verify(receipt_file(response->receipt, load->lasting), policy,
				   load->lasting, &receipt, &error))
			give_up("a receipt that was handed out is refused: %s", error.text);
	}
}

/* ---- */

static void print_part(struct load *load, double seconds)
{
	print_figure("answers", (double)load->answers);
	print_figure("errors", (double)load->errors);
	print_figure("per_s", (double)load->answers / seconds);
	print_figure("p50_us", sample_at(&load->us, 0.5));
	print_figure("p99_us", sample_at(&load->us, 0.99));
	print_figure("bytes",
		     load->answers ? (double)load->answer_bytes / (double)load->answers : 0);
	print_figure("receipt_bytes",
		     load->answers ? (double)load->receipt_bytes / (double)load->answers : 0);
}

int main(int argc, char **argv)
{
	struct load load = {.lasting = arena_new(0)};
	unsigned long count, ms;
	uint64_t before, leaves;
	double seconds;

	if (argc != 8 || (strcmp(argv[3], "full") != 0 && strcmp(argv[3], "handle") != 0))
		give_up("usage: bench_load HOST:PORT CASES full|handle CONNECTIONS STREAMS COUNT "
			"MILLISECONDS");
	load.full = strcmp(argv[3], "full") == 0;
	load.connections = number_of(argv[4], CONNECTIONS_MAX);
	load.streams = number_of(argv[5], STREAMS_MAX);
	count = number_of(argv[6], COUNT_MAX);
	ms = number_of(argv[7], MILLISECONDS_MAX);
	pack_requests(&load, argv[2]);
	connect_all(&load, argv[1]);
	make_streams(&load);
	before = log_size(&load);
	run_part(&load, load.connections, count / WARM_UP_SHARE + 1,
		 (int64_t)ms / WARM_UP_SHARE + 1);
	seconds = run_part(&load, load.connections * load.streams, count, (int64_t)ms);
	leaves = log_size(&load) - before;
	if (leaves < load.answered)
		give_up("%zu answers, but the log grew by %llu leaves", load.answered,
			(unsigned long long)leaves);
	verify_kept(&load);
	print_part(&load, seconds);
	print_figure("leaves", (double)leaves);
	print_figure("verified", (double)load.kept_count);
	disconnect_all(&load);
	sample_release(&load.us);
	arena_free(load.lasting);
	return 0;
}
