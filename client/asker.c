#include "client/asker.h"

#include "base/base64.h"
#include "text/allocator.h"

bool asker_option(struct asker *asker, const struct option *option)
{
	if (option->id != OPTION_REGISTRY)
		return remote_option(&asker->server, option);
	texts_append(&asker->folders, option->value);
	return true;
}

int asker_open(struct asker *asker, struct error *error)
{
	if (!asker->folders.count)
		return remote_open(&asker->server, &asker->remote, error);
	return offline_open(asker->folders.items, asker->folders.count, &asker->offline, error);
}

void asker_release(struct asker *asker)
{
	remote_close(asker->remote);
	offline_close(asker->offline);
	texts_release(&asker->folders);
	*asker = (struct asker){0};
}

const struct offline *asker_offline(const struct asker *asker)
{
	return asker->offline;
}

Carnet__V1__StoredRecord *asker_stored(const struct record_slice *slice, struct arena *arena)
{
	Carnet__V1__StoredRecord *stored =
		allocator_message(arena, &carnet__v1__stored_record__descriptor);
	Carnet__V1__Record *record = arena_alloc(arena, sizeof(*record));
	struct buffer digest = {0};

	*record = *slice->record;
	base64url_append(&digest, hash_view(&slice->digest));
	stored->record = record;
	stored->revision = slice->revision;
	stored->digest = arena_string(arena, buffer_bytes(&digest));
	buffer_release(&digest);
	return stored;
}

static int ask_offline(struct asker *asker, const Carnet__V1__CheckRequest *request,
		       struct arena *arena, Carnet__V1__CheckResponse **out, struct error *error)
{
	Carnet__V1__CheckRequest question = *request;
	Carnet__V1__Case one;
	struct case_result result;

	carnet__v1__case__init(&one);
	one.ask = &question;
	if (case_run(&one, offline_registry(asker->offline), arena, &result, error))
		return error->code;
	*out = allocator_message(arena, &carnet__v1__check_response__descriptor);
	(*out)->decision = result.decision;
	return 0;
}

static int ask_server(struct asker *asker, const Carnet__V1__CheckRequest *request,
		      struct arena *arena, Carnet__V1__CheckResponse **out, struct error *error)
{
	ProtobufCMessage *answer;

	if (remote_call(asker->remote, "/carnet.v1.TransferService/Check", &request->base,
			&carnet__v1__check_response__descriptor, arena, &answer, error))
		return error->code;
	*out = (Carnet__V1__CheckResponse *)answer;
	if (!(*out)->decision)
		return error_set(error, ERR_UNAVAILABLE,
				 "the server sent an answer without a "
				 "decision");
	return 0;
}

int asker_ask(struct asker *asker, const Carnet__V1__CheckRequest *request, struct arena *arena,
	      Carnet__V1__CheckResponse **out, struct error *error)
{
	if (asker->offline)
		return ask_offline(asker, request, arena, out, error);
	return ask_server(asker, request, arena, out, error);
}
