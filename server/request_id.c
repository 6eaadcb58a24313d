#include "server/request_id.h"

#include <string.h>

struct digest request_id_body(const char *method, struct bytes body)
{
	const struct bytes parts[] = {bytes_of_string(method), BYTES_LITERAL("\n"), body};

	return hash_parts(parts, 3);
}

static enum request_id_state compare(const struct store_registry_request *found, const char *id,
				     const struct digest *body, struct arena *arena,
				     struct store_registry_request *out, struct failure *failure)
{
	if (!hash_equal(&found->body, body)) {
		*failure = failure_make(
			RPC_ALREADY_EXISTS, "REQUEST_ID_REUSED",
			arena_printf(arena, "the request id '%s' was used with another request",
				     id));
		return REQUEST_ID_FAILED;
	}
	*out = *found;
	out->answer = arena_copy(arena, found->answer);
	return REQUEST_ID_KNOWN;
}

enum request_id_state request_id_look_up(struct store *store, struct bytes who, const char *id,
					 const struct digest *body, struct arena *arena,
					 struct store_registry_request *out,
					 struct failure *failure)
{
	enum request_id_state state = REQUEST_ID_NEW;
	struct store_transaction *transaction;
	struct store_registry_request found;
	struct error error;

	if (!*id)
		return REQUEST_ID_NEW;
	if (strlen(id) > STORE_REGISTRY_REQUEST_ID_MAX) {
		*failure = failure_make(RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
					"request_id: at most 128 bytes");
		return REQUEST_ID_FAILED;
	}
	if (store_environment_read(store, &transaction, &error)) {
		*failure = failure_of_error(&error, arena);
		return REQUEST_ID_FAILED;
	}
	if (store_registry_request(transaction, who, bytes_of_string(id), &found))
		state = compare(&found, id, body, arena, out, failure);
	if (store_environment_failure(transaction, &error)) {
		*failure = failure_of_error(&error, arena);
		state = REQUEST_ID_FAILED;
	}
	store_environment_abort(transaction);
	return state;
}
