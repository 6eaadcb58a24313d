/* Reading the registry: Get, List, History.  For any role. */
#include "server/service.h"

#include <string.h>

#include "base/base64.h"
#include "carnet/v1/registry.pb-c.h"
#include "text/allocator.h"

enum { ANY_ROLE = (1u << ROLE_COUNT) - 1, PAGE_DEFAULT = 100, PAGE_MAX = 1000 };

/* One reading call. */
struct look {
	const struct completion *completion;
	struct snapshot *snapshot;
	enum kind kind;
	day on;
	uint64_t revision;
	struct failure failure;
};

static struct arena *arena_of(const struct look *look)
{
	return look->completion->arena;
}

static bool refuse(struct look *look, enum rpc_code code, const char *reason, const char *text)
{
	look->failure = failure_make(code, reason, text);
	return false;
}

static bool read_kind(struct look *look, const char *name)
{
	look->kind = kind_named(bytes_of_string(name));
	if (look->kind != KIND_NONE)
		return true;
	return refuse(look, RPC_INVALID_ARGUMENT, "UNKNOWN_KIND",
		      arena_printf(arena_of(look),
				   "kind: '%s' is no kind of record; write one like data-set",
				   name));
}

static bool read_day(struct look *look, const char *as_of)
{
	struct error error;

	look->on = instant_day(instant_now());
	if (!*as_of || date_parse(bytes_of_string(as_of), &look->on, &error) == 0)
		return true;
	return refuse(look, RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
		      arena_printf(arena_of(look), "as_of: %s", error.text));
}

static bool read_revision(struct look *look, uint64_t known_at)
{
	look->revision = known_at ? known_at : look->snapshot->revision;
	if (look->revision <= look->snapshot->revision)
		return true;
	return refuse(look, RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
		      arena_printf(arena_of(look), "known_at: the newest revision is %llu",
				   (unsigned long long)look->snapshot->revision));
}

/* Who, and the newest registry. */
static bool begin(struct look *look, struct daemon *daemon, const struct caller *caller,
		  uint64_t min_revision)
{
	look->snapshot = snapshot_take(&daemon->registry);
	return caller_may(caller, ANY_ROLE, arena_of(look), &look->failure) &&
	       service_is_recent(look->snapshot->revision, min_revision, arena_of(look),
				 &look->failure);
}

/* The answer may point into the records: they are let go after it. */
static void end(struct look *look, const ProtobufCMessage *answer)
{
	struct snapshot *snapshot = look->snapshot;

	if (answer)
		service_answer(look->completion, answer);
	else
		service_fail(look->completion, &look->failure);
	snapshot_release(snapshot);
}

static Carnet__V1__StoredRecord *write_stored(const struct record_slice *slice, struct arena *arena)
{
	Carnet__V1__StoredRecord *out =
		allocator_message(arena, &carnet__v1__stored_record__descriptor);
	union { /* packed only, never changed */
		const Carnet__V1__Record *kept;
		Carnet__V1__Record *field;
	} record = {.kept = slice->record};

	out->record = record.field;
	out->digest = service_base64url(hash_view(&slice->digest), arena);
	out->revision = slice->revision;
	return out;
}

/* ------------------------------------------------------------------------
 * Get */

static const ProtobufCMessage *get(struct look *look, const Carnet__V1__GetRecordRequest *request)
{
	const struct record_slice *slice =
		record_set_speaks(look->snapshot->records, look->kind, bytes_of_string(request->id),
				  look->on, look->revision);
	Carnet__V1__GetRecordResponse *response;

	if (!slice) {
		refuse(look, RPC_NOT_FOUND, "NO_RECORD",
		       arena_printf(arena_of(look), "no record %s/%s speaks on that day",
				    kind_name(look->kind), request->id));
		return NULL;
	}
	response = allocator_message(arena_of(look), &carnet__v1__get_record_response__descriptor);
	response->record = write_stored(slice, arena_of(look));
	response->revision = look->revision;
	return &response->base;
}

void service_registry_get(struct daemon *daemon, const struct caller *caller,
			  const ProtobufCMessage *message, const struct completion *completion)
{
	const Carnet__V1__GetRecordRequest *request = (const Carnet__V1__GetRecordRequest *)message;
	struct look look = {.completion = completion};
	bool good = begin(&look, daemon, caller, request->min_revision) &&
		    read_kind(&look, request->kind) && read_day(&look, request->as_of) &&
		    read_revision(&look, request->known_at);

	end(&look, good ? get(&look, request) : NULL);
}

/* ------------------------------------------------------------------------
 * List: a page token is the revision and the last id of the page before. */

static char *write_token(const struct look *look, const char *id)
{
	struct buffer text = {0};
	char *token;

	buffer_append_u64(&text, look->revision);
	buffer_append_string(&text, id);
	token = service_base64url(buffer_bytes(&text), arena_of(look));
	buffer_release(&text);
	return token;
}

static bool read_token(struct look *look, const char *token, struct bytes *after)
{
	struct buffer text = {0};
	bool good;

	*after = (struct bytes){0};
	if (!*token)
		return true;
	good = base64url_decode(&text, bytes_of_string(token)) && text.size > 8;
	if (good) {
		look->revision = 0;
		for (int i = 0; i < 8; i++)
			look->revision = look->revision << 8 | text.data[i];
		*after = arena_copy(arena_of(look), bytes_skip(buffer_bytes(&text), 8));
	}
	buffer_release(&text);
	return (good && look->revision <= look->snapshot->revision) ||
	       refuse(look, RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
		      "page_token: is none that this method gave");
}

static uint32_t page_size(uint32_t asked)
{
	if (!asked)
		return PAGE_DEFAULT;
	return asked < PAGE_MAX ? asked : PAGE_MAX;
}

static void fill_page(struct look *look, struct bytes after, uint32_t limit,
		      Carnet__V1__ListRecordsResponse *response)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_kind(look->snapshot->records, look->kind, &count);
	struct bytes last = after;

	response->records = arena_array(arena_of(look), Carnet__V1__StoredRecord *, limit);
	for (size_t i = 0; i < count; i++) {
		struct bytes id = bytes_of_string(slices[i]->record->id);
		const struct record_slice *slice;

		if (bytes_compare(id, last) <= 0) /* seen, or another slice of the same */
			continue;
		slice = record_set_speaks(look->snapshot->records, look->kind, id, look->on,
					  look->revision);
		if (slice && response->n_records == limit) {
			response->next_page_token =
				write_token(look, response->records[limit - 1]->record->id);
			return;
		}
		if (slice)
			response->records[response->n_records++] =
				write_stored(slice, arena_of(look));
		last = id;
	}
}

void service_registry_list(struct daemon *daemon, const struct caller *caller,
			   const ProtobufCMessage *message, const struct completion *completion)
{
	const Carnet__V1__ListRecordsRequest *request =
		(const Carnet__V1__ListRecordsRequest *)message;
	Carnet__V1__ListRecordsResponse *response;
	struct look look = {.completion = completion};
	struct bytes after;

	if (!begin(&look, daemon, caller, request->min_revision) ||
	    !read_kind(&look, request->kind) || !read_day(&look, request->as_of) ||
	    !read_revision(&look, request->known_at) ||
	    !read_token(&look, request->page_token, &after)) {
		end(&look, NULL);
		return;
	}
	response = allocator_message(completion->arena,
				     &carnet__v1__list_records_response__descriptor);
	response->revision = look.revision;
	fill_page(&look, after, page_size(request->page_size), response);
	end(&look, &response->base);
}

/* ------------------------------------------------------------------------
 * History */

static const ProtobufCMessage *history(struct look *look, const char *id)
{
	size_t count;
	const struct record_slice *const *slices =
		record_set_find(look->snapshot->records, look->kind, bytes_of_string(id), &count);
	Carnet__V1__HistoryResponse *response;

	if (!*id || !count) {
		refuse(look, RPC_NOT_FOUND, "NO_RECORD",
		       arena_printf(arena_of(look), "there never was a record %s/%s",
				    kind_name(look->kind), id));
		return NULL;
	}
	response = allocator_message(arena_of(look), &carnet__v1__history_response__descriptor);
	response->records = arena_array(arena_of(look), Carnet__V1__StoredRecord *, count);
	for (size_t i = 0; i < count; i++)
		response->records[response->n_records++] = write_stored(slices[i], arena_of(look));
	return &response->base;
}

void service_registry_history(struct daemon *daemon, const struct caller *caller,
			      const ProtobufCMessage *message, const struct completion *completion)
{
	const Carnet__V1__HistoryRequest *request = (const Carnet__V1__HistoryRequest *)message;
	struct look look = {.completion = completion};
	bool good = begin(&look, daemon, caller, 0) && read_kind(&look, request->kind);

	end(&look, good ? history(&look, request->id) : NULL);
}
