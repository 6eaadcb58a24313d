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

/* ---- Listing ---- */

enum { PAGE_SIZE = 1000 };

/* One page; `token` is that of the next, empty after the last. */
static int list_page(struct asker *asker, const struct asker_listing *listing, struct arena *arena,
		     struct buffer *token, asker_visit *visit, void *arg, struct error *error)
{
	Carnet__V1__ListRecordsRequest *request =
		allocator_message(arena, &carnet__v1__list_records_request__descriptor);
	const Carnet__V1__ListRecordsResponse *page;
	ProtobufCMessage *answer;

	request->kind = arena_string(arena, bytes_of_string(listing->kind));
	request->as_of = arena_string(arena, bytes_of_string(listing->as_of));
	request->known_at = listing->known_at;
	request->page_size = PAGE_SIZE;
	request->page_token = arena_string(arena, buffer_bytes(token));
	if (remote_call(asker->remote, "/carnet.v1.RegistryService/List", &request->base,
			&carnet__v1__list_records_response__descriptor, arena, &answer, error))
		return error->code;
	page = (const Carnet__V1__ListRecordsResponse *)answer;
	for (size_t i = 0; i < page->n_records; i++)
		if (page->records[i]->record)
			visit(arg, page->records[i]);
	buffer_clear(token);
	buffer_append_string(token, page->next_page_token);
	return 0;
}

static int list_from_server(struct asker *asker, const struct asker_listing *listing,
			    struct arena *keep, asker_visit *visit, void *arg, struct error *error)
{
	struct buffer token = {0};
	int result;

	do {
		struct arena *arena = keep ? keep : arena_new(0);

		result = list_page(asker, listing, arena, &token, visit, arg, error);
		if (!keep)
			arena_free(arena);
	} while (!result && token.size);
	buffer_release(&token);
	return result;
}

static int list_offline(struct asker *asker, const struct asker_listing *listing,
			struct arena *keep, asker_visit *visit, void *arg, struct error *error)
{
	const struct case_registry *registry = offline_registry(asker->offline);
	uint64_t revision = listing->known_at ? listing->known_at : REVISION_NEWEST;
	enum kind kind = kind_named(bytes_of_string(listing->kind));
	struct arena *arena = keep ? keep : arena_new(0);
	day on = registry->today;
	size_t count;
	const struct record_slice *const *slices = record_set_kind(registry->records, kind, &count);
	int result = 0;

	if (*listing->as_of)
		result = date_parse(bytes_of_string(listing->as_of), &on, error);
	for (size_t i = 0; i < count && !result; i++)
		if (slices[i] == record_set_speaks(registry->records, kind,
						   bytes_of_string(slices[i]->record->id), on,
						   revision))
			visit(arg, asker_stored(slices[i], arena));
	if (!keep)
		arena_free(arena);
	return result;
}

int asker_list(struct asker *asker, const struct asker_listing *listing, struct arena *keep,
	       asker_visit *visit, void *arg, struct error *error)
{
	if (asker->offline)
		return list_offline(asker, listing, keep, visit, arg, error);
	return list_from_server(asker, listing, keep, visit, arg, error);
}

static int get_from_server(struct asker *asker, const struct asker_listing *listing, const char *id,
			   struct arena *arena, Carnet__V1__StoredRecord **out, struct error *error)
{
	Carnet__V1__GetRecordRequest *request =
		allocator_message(arena, &carnet__v1__get_record_request__descriptor);
	ProtobufCMessage *answer;

	request->kind = arena_string(arena, bytes_of_string(listing->kind));
	request->id = arena_string(arena, bytes_of_string(id));
	request->as_of = arena_string(arena, bytes_of_string(listing->as_of));
	request->known_at = listing->known_at;
	if (remote_call(asker->remote, "/carnet.v1.RegistryService/Get", &request->base,
			&carnet__v1__get_record_response__descriptor, arena, &answer, error))
		return error->code;
	*out = ((Carnet__V1__GetRecordResponse *)answer)->record;
	return *out && (*out)->record
		       ? 0
		       : error_set(error, ERR_UNAVAILABLE, "the server sent no record");
}

static int get_offline(struct asker *asker, const struct asker_listing *listing, const char *id,
		       struct arena *arena, Carnet__V1__StoredRecord **out, struct error *error)
{
	const struct case_registry *registry = offline_registry(asker->offline);
	enum kind kind = kind_named(bytes_of_string(listing->kind));
	const struct record_slice *slice;
	day on = registry->today;

	if (*listing->as_of && date_parse(bytes_of_string(listing->as_of), &on, error))
		return error->code;
	slice = record_set_speaks(registry->records, kind, bytes_of_string(id), on,
				  listing->known_at ? listing->known_at : REVISION_NEWEST);
	if (!slice)
		return error_set(error, ERR_NOT_FOUND, "no %s '%s' speaks on that day",
				 listing->kind, id);
	*out = asker_stored(slice, arena);
	return 0;
}

int asker_get(struct asker *asker, const struct asker_listing *listing, const char *id,
	      struct arena *arena, Carnet__V1__StoredRecord **out, struct error *error)
{
	if (asker->offline)
		return get_offline(asker, listing, id, arena, out, error);
	return get_from_server(asker, listing, id, arena, out, error);
}

/* ---- Asking ---- */

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
