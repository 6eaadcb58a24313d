#include "server/failure.h"

#include <ctype.h>
#include <string.h>

#include "google/rpc/status.pb-c.h"
#include "text/allocator.h"
#include "text/wire.h"

struct failure failure_make(enum rpc_code code, const char *reason, const char *text)
{
	bool retry = code == RPC_UNAVAILABLE || code == RPC_RESOURCE_EXHAUSTED;

	return (struct failure){.code = code,
				.reason = reason,
				.text = text,
				.retry_ms = retry ? FAILURE_RETRY_MS : 0};
}

static const char *reason_of(int code)
{
	switch (code) {
	case ERR_INVALID:
		return "INVALID_REQUEST";
	case ERR_NOT_FOUND:
		return "NOT_FOUND";
	case ERR_EXISTS:
		return "ALREADY_EXISTS";
	case ERR_CONFLICT:
		return "REGISTRY_MOVED";
	case ERR_LIMIT:
		return "TOO_LARGE";
	case ERR_FULL:
		return "BUSY";
	case ERR_DENIED:
		return "NOT_ALLOWED";
	case ERR_WRONG_STATE:
		return "WRONG_STATE";
	case ERR_UNAVAILABLE:
		return "NOT_DURABLE";
	case ERR_CORRUPT:
		return "STORE_DAMAGED";
	default:
		return "INTERNAL";
	}
}

struct failure failure_of_error(const struct error *error, struct arena *arena)
{
	struct failure failure = failure_make(
		rpc_status_of_error(error->code), reason_of(error->code),
		error->code == ERR_SYSTEM ? "the server failed; its log says why"
					  : arena_string(arena, bytes_of_string(error->text)));

	if (error->code == ERR_LIMIT)
		failure.retry_ms = 0; /* it would be as large again */
	return failure;
}

struct failure failure_of_field(const struct error *error, struct arena *arena)
{
	struct failure failure = failure_of_error(error, arena);
	struct failure_field *field = arena_alloc(arena, sizeof(*field));
	const char *colon = strstr(failure.text, ": ");

	if (!colon)
		return failure;
	field->field = arena_string(arena, bytes_of(failure.text, (size_t)(colon - failure.text)));
	field->description = colon + 2;
	failure.fields = field;
	failure.field_count = 1;
	return failure;
}

struct failure failure_of_violations(const struct question_violations *violations,
				     struct arena *arena)
{
	struct failure failure = failure_make(RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
					      "the request cannot be answered");
	struct failure_field *fields = arena_array(arena, struct failure_field, violations->count);

	for (size_t i = 0; i < violations->count; i++)
		fields[i] = (struct failure_field){
			arena_string(arena, bytes_of_string(violations->of[i].field)),
			arena_string(arena, bytes_of_string(violations->of[i].description))};
	if (violations->count)
		failure.text =
			arena_printf(arena, "%s: %s", fields[0].field, fields[0].description);
	failure.fields = fields;
	failure.field_count = violations->count;
	return failure;
}

static struct failure_field field_of_problem(const struct problem *problem, struct arena *arena)
{
	struct buffer text = {0};
	const char *record = problem->place.record, *field = problem->place.field;
	struct failure_field out;

	problem_print(problem, &text);
	out.field = arena_printf(arena, "%s%s%s", record ? record : "", record && field ? ": " : "",
				 field ? field : "");
	out.description = arena_string(arena, buffer_bytes(&text));
	buffer_release(&text);
	return out;
}

struct failure failure_of_problems(int code, const struct problems *problems, struct arena *arena)
{
	struct failure failure =
		failure_make(code == ERR_CONFLICT ? RPC_ABORTED : RPC_INVALID_ARGUMENT,
			     code == ERR_CONFLICT ? "REGISTRY_MOVED" : "INVALID_CHANGE_SET",
			     "the change set cannot be applied");
	struct failure_field *fields = arena_array(arena, struct failure_field, problems->count);
	struct error error;

	for (size_t i = 0; i < problems->count; i++)
		fields[i] = field_of_problem(&problems->items[i], arena);
	if (problems_error(problems, &error))
		failure.text = arena_string(arena, bytes_of_string(error.text));
	failure.fields = fields;
	failure.field_count = problems->count;
	return failure;
}

/* ------------------------------------------------------------------------
 * google.rpc.Status */

/* At most FAILURE_TEXT_MAX bytes, never half a character. */
static char *cut(const char *text, struct arena *arena)
{
	struct bytes line = bytes_of_string(text);

	if (line.size <= FAILURE_TEXT_MAX)
		return arena_string(arena, line);
	line.size = FAILURE_TEXT_MAX;
	while (line.size && (line.data[line.size] & 0xc0) == 0x80)
		line.size--;
	return arena_printf(arena, "%.*s ...", BYTES_PRINT(line));
}

static Google__Rpc__Any *detail(const char *type, const ProtobufCMessage *message,
				struct arena *arena)
{
	Google__Rpc__Any *any = allocator_message(arena, &google__rpc__any__descriptor);
	size_t size = protobuf_c_message_get_packed_size(message);

	any->type_url = arena_printf(arena, "type.googleapis.com/google.rpc.%s", type);
	any->value.data = arena_alloc(arena, size + 1);
	any->value.len = protobuf_c_message_pack(message, any->value.data);
	return any;
}

static Google__Rpc__Any *error_info(const struct failure *failure, struct arena *arena)
{
	Google__Rpc__ErrorInfo *info =
		allocator_message(arena, &google__rpc__error_info__descriptor);

	info->reason = arena_string(arena, bytes_of_string(failure->reason));
	info->domain = arena_string(arena, BYTES_LITERAL("carnet"));
	return detail("ErrorInfo", &info->base, arena);
}

static Google__Rpc__Any *bad_request(const struct failure *failure, size_t count,
				     struct arena *arena)
{
	Google__Rpc__BadRequest *bad =
		allocator_message(arena, &google__rpc__bad_request__descriptor);

	bad->field_violations =
		arena_array(arena, Google__Rpc__BadRequest__FieldViolation *, count);
	for (size_t i = 0; i < count; i++) {
		Google__Rpc__BadRequest__FieldViolation *one = allocator_message(
			arena, &google__rpc__bad_request__field_violation__descriptor);

		one->field = cut(failure->fields[i].field, arena);
		one->description = cut(failure->fields[i].description, arena);
		bad->field_violations[bad->n_field_violations++] = one;
	}
	return detail("BadRequest", &bad->base, arena);
}

static Google__Rpc__Any *retry_info(const struct failure *failure, struct arena *arena)
{
	Google__Rpc__RetryInfo *info =
		allocator_message(arena, &google__rpc__retry_info__descriptor);

	info->retry_delay =
		allocator_message(arena, &google__rpc__retry_info__duration__descriptor);
	info->retry_delay->seconds = failure->retry_ms / 1000;
	info->retry_delay->nanos = (int32_t)(failure->retry_ms % 1000) * 1000000;
	return detail("RetryInfo", &info->base, arena);
}

static Google__Rpc__Status *make_status(const struct failure *failure, size_t fields,
					struct arena *arena)
{
	Google__Rpc__Status *status = allocator_message(arena, &google__rpc__status__descriptor);

	status->code = failure->code;
	status->message = arena_string(arena, bytes_of_string(failure->text));
	status->details = arena_array(arena, Google__Rpc__Any *, 3);
	status->details[status->n_details++] = error_info(failure, arena);
	if (fields)
		status->details[status->n_details++] = bad_request(failure, fields, arena);
	if (failure->retry_ms)
		status->details[status->n_details++] = retry_info(failure, arena);
	return status;
}

static bool is_path(struct bytes word)
{
	for (size_t i = 0; i < word.size; i++)
		if (!isalnum(word.data[i]) && !strchr("_.-[]", word.data[i]))
			return false;
	return word.size > 0;
}

/* A wrong request is always told which part of it is wrong: our sentences begin with its path,
 * "as_of: ..." or "CheckRequest.exporter is ...". */
static struct failure with_field(const struct failure *failure, struct arena *arena)
{
	struct failure out = *failure;
	struct failure_field *field = arena_alloc(arena, sizeof(*field));
	struct bytes word = bytes_of(failure->text, strcspn(failure->text, ": "));
	const char *rest = failure->text + word.size;

	if (failure->code != RPC_INVALID_ARGUMENT || failure->field_count || !is_path(word))
		return out;
	field->field = arena_string(arena, word);
	field->description =
		bytes_start_with(bytes_of_string(rest), ": ") ? rest + 2 : failure->text;
	out.fields = field;
	out.field_count = 1;
	return out;
}

void failure_status(const struct failure *given, struct arena *arena, struct buffer *out)
{
	const struct failure whole = with_field(given, arena), *failure = &whole;
	size_t fields = failure->field_count;
	Google__Rpc__Status *status = make_status(failure, fields, arena);

	while (fields && protobuf_c_message_get_packed_size(&status->base) > FAILURE_STATUS_MAX) {
		fields /= 2;
		status = make_status(failure, fields, arena);
	}
	wire_pack(&status->base, out);
}
