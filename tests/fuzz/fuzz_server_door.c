/*
 * Any bytes as the message of any method of a whole daemon: unpacked, answered, committed, as
 * through a door; and as the headers that say on whose behalf and in which trace.  The first byte
 * picks the method, and who calls.
 *
 * Each call completes once, with an answer or with a failure that has code, reason and text.
 */
#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "server/daemon.h"
#include "server/init.h"
#include "server/service.h"
#include "text/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char registry[] =
	"area: {id: KR, kind: country, name: Korea, source: [ISO]}\n"
	"---\n"
	"area: {id: JP, kind: country, name: Japan, source: [ISO]}\n"
	"---\n"
	"data-category: {id: user, name: Data, source: [test]}\n"
	"---\n"
	"purpose: {id: essential, name: Needed, source: [test]}\n"
	"---\n"
	"party: {id: seoul, kind: organisation, name: Seoul, source: [test],\n"
	"  area: KR, bound-by: none}\n"
	"---\n"
	"party: {id: tokyo, kind: organisation, name: Tokyo, source: [test],\n"
	"  area: JP, bound-by: none}\n";

/* --- The house --- */

static struct {
	char root[32];
	struct arena *arena;
	struct config config;
	struct daemon *daemon;
	struct rpc_loop *loop;
	size_t uses;
} house;

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

static void close_house(void)
{
	if (!house.daemon)
		return;
	daemon_stop(house.daemon);
	rpc_loop_free(house.loop);
	daemon_close(house.daemon);
	arena_free(house.arena);
	house.daemon = NULL;
	nftw(house.root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void must(int result, const struct error *error)
{
	if (!result)
		return;
	fprintf(stderr, "%s\n", error->text);
	abort();
}

static void open_house(void)
{
	const struct config_flags flags = {0};
	struct init_options options = {
		.origin = "log.example/n1", .node = "n1", .folder_count = 1, .dev = true};
	struct init_result result;
	const char *folder;
	struct error error;

	house.arena = arena_new(0);
	strcpy(house.root, "/tmp/carnet-fuzz-XXXXXX");
	if (!mkdtemp(house.root))
		abort();
	options.data = arena_printf(house.arena, "%s/run", house.root);
	folder = arena_printf(house.arena, "%s/r.yaml", house.root);
	options.folders = &folder;
	must(file_write(folder, bytes_of_string(registry), 0600, &error), &error);
	must(init_run(&options, &result, &error), &error);
	must(config_read(arena_printf(house.arena, "%s/carnetd.yaml", options.data), &flags,
			 house.arena, &house.config, &error),
	     &error);
	must(daemon_open(&house.config, &house.daemon, &error), &error);
	house.loop = rpc_loop_new();
	house.uses = 0;
}

/* --- A call --- */

struct call {
	bool done;
};

static void done(void *arg, const ProtobufCMessage *answer, const struct failure *failure)
{
	struct call *call = arg;
	struct buffer packed = {0};

	assert(!call->done && !answer == !!failure);
	call->done = true;
	if (answer)
		wire_pack(answer, &packed);
	else
		assert(failure->code != RPC_OK && *failure->reason && *failure->text);
	buffer_release(&packed);
}

static struct caller who(unsigned role, struct bytes message, struct arena *arena)
{
	struct caller caller = {
		.identity = bytes_of_string(arena_printf(arena, "spiffe://carnet.dev/role/%s",
							 access_role_name(role % ROLE_COUNT))),
		.door = BYTES_LITERAL("fuzz"),
		.trace = caller_trace(message),
		.on_behalf_of = caller_on_behalf_of(message),
		.loop = house.loop,
	};

	assert(!caller.trace.size || caller.trace.size == 32);
	assert(bytes_are_text(caller.on_behalf_of));
	caller_grant(&caller, house.config.message, arena);
	return caller;
}

static void ask(const struct service_method *method, unsigned role, struct bytes message)
{
	struct call call = {0};
	struct arena *arena = arena_new(0);
	const struct completion completion = {.arena = arena, .done = done, .arg = &call};
	const struct wire_limits limits = {.max_bytes = method->max_message};
	struct caller caller = who(role, message, arena);
	ProtobufCMessage *request;
	struct failure failure;
	struct error error;

	if (wire_unpack(method->request, message, &limits, arena, &request, &error)) {
		failure = failure_of_error(&error, arena);
		done(&call, NULL, &failure);
	} else {
		method->function(house.daemon, &caller, request, &completion);
	}
	while (!call.done)
		rpc_loop_turn(house.loop, 1000);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { USES_MAX = 20000 }; /* then a new store: a full one answers nothing */
	static bool promised;
	size_t count;
	const struct service_method *methods = service_methods(&count);

	if (size == 0)
		return 0;
	if (house.daemon && ++house.uses > USES_MAX)
		close_house();
	if (!house.daemon)
		open_house();
	/* After OpenSSL has promised the same: what is promised last is done first. */
	if (!promised)
		promised = atexit(close_house) == 0;
	ask(&methods[data[0] % count], data[0] / (unsigned)count, bytes_of(data + 1, size - 1));
	return 0;
}
