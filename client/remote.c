#include "client/remote.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "google/rpc/status.pb-c.h"
#include "rpc/client.h"
#include "text/wire.h"

enum { CALL_MS = 60 * 1000 };

/* A server may say more than we may. */
static const struct wire_limits answer_limits = {.max_bytes = 64 * 1024 * 1024};

struct remote {
	struct arena *arena; /* the names */
	struct rpc_tls *tls;
	struct rpc_client *client;
	const char *server;
};

bool remote_option(struct remote_names *names, const struct option *option)
{
	switch (option->id) {
	case OPTION_SERVER:
		names->server = option->value;
		return true;
	case OPTION_CA:
		names->ca = option->value;
		return true;
	case OPTION_CERT:
		names->certificate = option->value;
		return true;
	case OPTION_KEY:
		names->key = option->value;
		return true;
	default:
		return false;
	}
}

int remote_parse_server(const char *text, struct arena *arena, const char **host, uint16_t *port,
			struct error *error)
{
	const char *colon = strrchr(text, ':');
	struct bytes name;
	unsigned long number;
	char *end;

	if (!colon || colon == text || !colon[1])
		return error_set(error, ERR_INVALID, "server '%s': write it as host:port", text);
	name = bytes_of(text, (size_t)(colon - text));
	if (name.data[0] == '[' && name.data[name.size - 1] == ']')
		name = bytes_of(name.data + 1, name.size - 2);
	else if (memchr(name.data, ':', name.size))
		return error_set(error, ERR_INVALID, "server '%s': write an IPv6 address in [ ]",
				 text);
	number = strtoul(colon + 1, &end, 10);
	if (*end || number == 0 || number > UINT16_MAX)
		return error_set(error, ERR_INVALID, "server '%s': '%s' is no port", text,
				 colon + 1);
	*host = arena_string(arena, name);
	*port = (uint16_t)number;
	return 0;
}

/* What the option or the environment says. */
static int name_of(const char *given, const char *option, const char *variable, const char **out,
		   struct error *error)
{
	*out = given ? given : getenv(variable);
	if (*out && **out)
		return 0;
	return error_set(error, ERR_INVALID, "no %s: give --%s or set %s", option, option,
			 variable);
}

static int open_tls(const struct remote_names *names, struct rpc_tls **out, struct error *error)
{
	struct rpc_tls_files files;

	if (name_of(names->ca, "ca", "CARNET_CA", &files.ca, error) ||
	    name_of(names->certificate, "cert", "CARNET_CERT", &files.certificate, error) ||
	    name_of(names->key, "key", "CARNET_KEY", &files.key, error))
		return error->code;
	return rpc_tls_new_client(&files, out, error);
}

static int open_client(struct remote *remote, struct error *error)
{
	struct rpc_endpoint endpoint;
	struct rpc_client_config config = {.endpoints = &endpoint, .endpoint_count = 1};

	if (remote_parse_server(remote->server, remote->arena, &endpoint.host, &endpoint.port,
				error))
		return error->code;
	config.tls = remote->tls;
	remote->client = rpc_client_new(&config);
	return rpc_client_connect(remote->client, error);
}

int remote_open(const struct remote_names *names, struct remote **out, struct error *error)
{
	struct remote *remote = memory_new(sizeof(*remote));
	int result;

	remote->arena = arena_new(0);
	result = name_of(names->server, "server", "CARNET_SERVER", &remote->server, error);
	if (!result)
		result = open_tls(names, &remote->tls, error);
	if (!result)
		result = open_client(remote, error);
	if (result) {
		remote_close(remote);
		remote = NULL;
	}
	*out = remote;
	return result;
}

void remote_close(struct remote *remote)
{
	if (!remote)
		return;
	if (remote->client)
		rpc_client_free(remote->client);
	rpc_tls_release(remote->tls);
	arena_free(remote->arena);
	free(remote);
}

static const ProtobufCMessage *detail(const Google__Rpc__Status *status,
				      const ProtobufCMessageDescriptor *descriptor,
				      struct arena *arena)
{
	const char *name;

	for (size_t i = 0; i < status->n_details; i++) {
		const Google__Rpc__Any *any = status->details[i];

		name = strrchr(any->type_url, '/');
		if (name && !strcmp(name + 1, descriptor->name)) {
			ProtobufCMessage *message;

			if (!wire_unpack(descriptor, bytes_of(any->value.data, any->value.len),
					 NULL, arena, &message, NULL))
				return message;
		}
	}
	return NULL;
}

/* "recipients: missing; name ...", every field that the server found wrong. */
static void describe_fields(const Google__Rpc__Status *status, struct arena *arena,
			    struct buffer *out)
{
	const Google__Rpc__BadRequest *bad = (const Google__Rpc__BadRequest *)detail(
		status, &google__rpc__bad_request__descriptor, arena);

	if (!bad)
		return;
	for (size_t i = 0; i < bad->n_field_violations; i++)
		buffer_printf(out, "%s%s: %s", i ? "; " : "", bad->field_violations[i]->field,
			      bad->field_violations[i]->description);
}

static int refuse(const struct rpc_reply *reply, struct arena *arena, struct error *error)
{
	struct buffer fields = {0};
	ProtobufCMessage *status;
	int code = rpc_status_to_error(reply->code);

	if (reply->details.size && !wire_unpack(&google__rpc__status__descriptor, reply->details,
						NULL, arena, &status, NULL))
		describe_fields((const Google__Rpc__Status *)status, arena, &fields);
	if (fields.size)
		error_set(error, code, "%s: %s", rpc_status_name(reply->code),
			  buffer_string(&fields));
	else
		error_set(error, code, "%s: %.*s", rpc_status_name(reply->code),
			  BYTES_PRINT(reply->message));
	buffer_release(&fields);
	return code;
}

int remote_call(struct remote *remote, const char *method, const ProtobufCMessage *request,
		const ProtobufCMessageDescriptor *answer, struct arena *arena,
		ProtobufCMessage **out, struct error *error)
{
	struct buffer packed = {0};
	struct rpc_reply reply;
	int result;

	wire_pack(request, &packed);
	result = rpc_client_call(remote->client, method, buffer_bytes(&packed), CALL_MS, &reply,
				 error);
	buffer_release(&packed);
	if (result)
		return error_prefix(error, "%s", remote->server);
	if (reply.code != RPC_OK)
		return refuse(&reply, arena, error);
	if (wire_unpack(answer, reply.body, &answer_limits, arena, out, error))
		return error_prefix(error, "%s sent an answer that cannot be read", remote->server);
	return 0;
}
