/* A whole daemon without doors, made by `init --dev` in a folder of the test's own. */
#ifndef CARNET_TESTS_SERVER_HOUSE_H
#define CARNET_TESTS_SERVER_HOUSE_H

#include "server/sandbox.h"

#include "server/daemon.h"
#include "server/init.h"
#include "server/service.h"
#include "text/allocator.h"

static const char house_registry[] = "area: {id: KR, kind: country, name: Korea, source: [ISO]}\n"
				     "---\n"
				     "area: {id: JP, kind: country, name: Japan, source: [ISO]}\n"
				     "---\n"
				     "party:\n"
				     "  id: seoul\n"
				     "  kind: organisation\n"
				     "  name: Seoul\n"
				     "  source: [test]\n"
				     "  area: KR\n"
				     "  bound-by: none\n";

struct house {
	char root[64];
	char registry[96], run[96], config_path[128];
	struct arena *arena;
	struct config config;
	struct daemon *daemon;
	struct rpc_loop *loop;
	struct error error;
};

static inline int house_init(struct house *house, struct init_result *result)
{
	const char *folders[] = {house->registry};
	const struct init_options options = {.data = house->run,
					     .folders = folders,
					     .folder_count = 1,
					     .origin = SANDBOX_ORIGIN,
					     .node = "n1",
					     .dev = true};

	return init_run(&options, result, &house->error);
}

static inline void house_write_registry(struct house *house, const char *text)
{
	assert_int_equal(file_make_folder(house->registry, 0700, &house->error), 0);
	assert_int_equal(file_write(arena_printf(house->arena, "%s/r.yaml", house->registry),
				    bytes_of_string(text), 0600, &house->error),
			 0);
}

static inline void house_make(struct house *house)
{
	*house = (struct house){0};
	snprintf(house->root, sizeof(house->root), "/tmp/carnet-test-XXXXXX");
	assert_non_null(mkdtemp(house->root));
	snprintf(house->registry, sizeof(house->registry), "%s/registry", house->root);
	snprintf(house->run, sizeof(house->run), "%s/run", house->root);
	snprintf(house->config_path, sizeof(house->config_path), "%s/run/carnetd.yaml",
		 house->root);
	house->arena = arena_new(0);
	house_write_registry(house, house_registry);
}

static inline int house_open(struct house *house)
{
	const struct config_flags flags = {0};
	int rc = config_read(house->config_path, &flags, house->arena, &house->config,
			     &house->error);

	if (!rc)
		rc = daemon_open(&house->config, &house->daemon, &house->error);
	if (!rc)
		house->loop = rpc_loop_new();
	return rc;
}

static inline void house_close(struct house *house)
{
	if (!house->daemon)
		return;
	daemon_stop(house->daemon);
	if (house->loop)
		rpc_loop_free(house->loop);
	daemon_close(house->daemon);
	house->daemon = NULL;
}

static inline void house_build(struct house *house)
{
	struct init_result result;

	house_make(house);
	if (house_init(house, &result))
		fail_msg("%s", house->error.text);
	if (house_open(house))
		fail_msg("%s", house->error.text);
}

static inline void house_release(struct house *house)
{
	house_close(house);
	arena_free(house->arena);
	sandbox_remove(house->root);
}

static inline struct caller house_caller(struct house *house, const char *identity)
{
	struct caller caller = {.identity = bytes_of_string(identity),
				.door = BYTES_LITERAL("test"),
				.loop = house->loop};

	caller_grant(&caller, house->config.message, house->arena);
	return caller;
}

#define HOUSE_ROLE(role) "spiffe://carnet.dev/role/" role

/* What a call ended with. */
struct house_reply {
	bool done;
	ProtobufCMessage *message; /* in the house's arena; NULL: the rest */
	enum rpc_code code;
	const char *reason;
	const char *text;
	size_t field_count;
};

struct house_call {
	struct house *house;
	struct house_reply reply;
};

/* What is answered is good only for the length of the call. */
static inline ProtobufCMessage *house_copy(struct house *house, const ProtobufCMessage *message)
{
	ProtobufCAllocator allocator = allocator_in(house->arena);
	uint8_t *packed =
		arena_alloc(house->arena, protobuf_c_message_get_packed_size(message) + 1);
	size_t size = protobuf_c_message_pack(message, packed);

	return protobuf_c_message_unpack(message->descriptor, &allocator, size, packed);
}

static inline void house_done(void *arg, const ProtobufCMessage *answer,
			      const struct failure *failure)
{
	struct house_call *call = arg;

	assert_false(call->reply.done);
	call->reply.done = true;
	if (answer)
		call->reply.message = house_copy(call->house, answer);
	if (!failure)
		return;
	call->reply.code = failure->code;
	call->reply.reason = failure->reason;
	call->reply.text = failure->text;
	call->reply.field_count = failure->field_count;
}

/* Calls a service and waits. */
static inline struct house_reply house_ask_as(struct house *house, const struct caller *caller,
					      service_function *function,
					      const ProtobufCMessage *request)
{
	struct house_call call = {.house = house};
	const struct completion completion = {
		.arena = house->arena, .done = house_done, .arg = &call};

	function(house->daemon, caller, request, &completion);
	while (!call.reply.done)
		rpc_loop_turn(house->loop, 1000);
	return call.reply;
}

static inline struct house_reply house_ask(struct house *house, const char *identity,
					   service_function *function,
					   const ProtobufCMessage *request)
{
	struct caller *caller = arena_alloc(house->arena, sizeof(*caller));

	*caller = house_caller(house, identity);
	return house_ask_as(house, caller, function, request);
}

#endif
