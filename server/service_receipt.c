/* Receipts: Get and GetCheckpoint. */
#include "server/service.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "carnet/v1/receipt.pb-c.h"
#include "server/archive.h"
#include "server/wire_receipt.h"
#include "text/allocator.h"

enum { ANY_ROLE = (1u << ROLE_COUNT) - 1 };

static bool is_this_log(const struct daemon *daemon, const char *origin, struct arena *arena,
			struct failure *failure)
{
	if (!*origin || strcmp(origin, journal_origin(daemon->journal)) == 0)
		return true;
	*failure = failure_make(RPC_NOT_FOUND, "UNKNOWN_LOG",
				arena_printf(arena, "this daemon keeps the log '%s', not '%s'",
					     journal_origin(daemon->journal), origin));
	return false;
}

/* The member `identity` of a subject: canonical JSON has one way to write it. */
static bool is_callers_own(const struct archive_receipt *receipt, const struct caller *caller)
{
	struct buffer member = {0};
	struct json_writer json = {.out = &member};
	bool own;

	json_begin_object(&json);
	json_member_string(&json, "identity", caller->identity);
	json_end_object(&json);
	/* `{"identity":"..."` begins every subject: no member sorts before it. */
	own = receipt->subject.size > member.size - 1 && caller->identity.size &&
	      memcmp(receipt->subject.data, member.data, member.size - 1) == 0;
	buffer_release(&member);
	return own;
}

static bool may_have(const struct archive_receipt *receipt, const struct caller *caller,
		     struct arena *arena, struct failure *failure)
{
	return is_callers_own(receipt, caller) ||
	       caller_may(caller, 1u << ROLE_AUDITOR, arena, failure);
}

static bool has_jti(const struct archive_receipt *receipt, const char *jti, struct arena *arena,
		    struct failure *failure)
{
	const char *own =
		service_base64url(bytes_of(receipt->leaf.jti, sizeof(receipt->leaf.jti)), arena);

	if (!*jti || strcmp(jti, own) == 0)
		return true;
	*failure = failure_make(RPC_NOT_FOUND, "NO_RECEIPT",
				"the receipt with this index has another jti");
	return false;
}

static const ProtobufCMessage *get(struct daemon *daemon, const struct caller *caller,
				   const Carnet__V1__GetReceiptRequest *request,
				   struct arena *arena, struct failure *failure)
{
	Carnet__V1__GetReceiptResponse *response;
	struct archive_receipt receipt;
	struct error error;

	if (!caller_may(caller, ANY_ROLE, arena, failure) ||
	    !is_this_log(daemon, request->origin, arena, failure))
		return NULL;
	if (archive_receipt(daemon->store, request->index, arena, &receipt, &error)) {
		*failure = failure_of_error(&error, arena);
		return NULL;
	}
	if (!may_have(&receipt, caller, arena, failure) ||
	    !has_jti(&receipt, request->jti, arena, failure))
		return NULL;
	response = allocator_message(arena, &carnet__v1__get_receipt_response__descriptor);
	response->receipt =
		wire_receipt_of_archive(journal_origin(daemon->journal), &receipt,
					CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_FULL, arena);
	return &response->base;
}

void service_receipt_get(struct daemon *daemon, const struct caller *caller,
			 const ProtobufCMessage *request, const struct completion *completion)
{
	struct failure failure;
	const ProtobufCMessage *answer =
		get(daemon, caller, (const Carnet__V1__GetReceiptRequest *)request,
		    completion->arena, &failure);

	if (answer)
		service_answer(completion, answer);
	else
		service_fail(completion, &failure);
}

static const ProtobufCMessage *get_checkpoint(struct daemon *daemon, const struct caller *caller,
					      const char *origin, struct arena *arena,
					      struct failure *failure)
{
	Carnet__V1__GetCheckpointResponse *response;
	struct bytes note;
	struct error error;

	if (!caller_may(caller, ANY_ROLE, arena, failure) ||
	    !is_this_log(daemon, origin, arena, failure))
		return NULL;
	if (archive_checkpoint(daemon->store, arena, &note, &error)) {
		*failure = failure_of_error(&error, arena);
		return NULL;
	}
	response = allocator_message(arena, &carnet__v1__get_checkpoint_response__descriptor);
	response->checkpoint = arena_string(arena, note);
	response->key = daemon->vkey;
	return &response->base;
}

void service_receipt_get_checkpoint(struct daemon *daemon, const struct caller *caller,
				    const ProtobufCMessage *message,
				    const struct completion *completion)
{
	const Carnet__V1__GetCheckpointRequest *request =
		(const Carnet__V1__GetCheckpointRequest *)message;
	struct failure failure;
	const ProtobufCMessage *answer =
		get_checkpoint(daemon, caller, request->origin, completion->arena, &failure);

	if (answer)
		service_answer(completion, answer);
	else
		service_fail(completion, &failure);
}
