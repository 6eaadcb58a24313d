/* Searches: FindDestinations and FindRecipients, a page at a time. */
#include "server/service.h"

#include <string.h>

#include "carnet/v1/transfer.pb-c.h"
#include "contract/find.h"
#include "contract/overlay.h"
#include "server/archive.h"
#include "server/deed.h"
#include "server/page_token.h"
#include "server/request_id.h"
#include "server/wire_receipt.h"
#include "text/mapping.h"
#include "text/wire.h"

/* How long a search keeps its loop from other calls at a time; it looks at the
 * clock between decisions. */
enum { SLICE_US = 500, SCRATCH_BLOCK = 128 * 1024 };

/* One page on its way, in the call's arena. */
struct search {
	struct daemon *daemon;
	const struct caller *caller;
	const Carnet__V1__FindRequest *request;
	enum finder_open open;
	struct completion completion;

	Carnet__V1__CheckRequest *question; /* with nothing in the open place */
	struct digest bound;                /* what its page tokens are good for */
	struct digest body;                 /* with a request id */
	struct snapshot *snapshot;          /* a reference */
	struct world *overlay;              /* with `given` */
	bool counted;                       /* among the daemon's searches */
	bool aside;                         /* on the worker's thread */

	instant_ms instant;
	struct page_token from; /* where it begins */
	int64_t deadline;       /* on rpc_loop_now's clock */
	struct asked asked;
	struct answer_place place;
	struct arena *scratch; /* for one decision */
	struct find *find;

	Carnet__V1__FindResponse *response;
	struct journal_entry entry;
	struct journal_group group;
	struct failure failure;
};

static struct arena *arena_of(const struct search *search)
{
	return search->completion.arena;
}

/* ------------------------------------------------------------------------
 * Ending */

/* It needs the world no longer, and others may search. */
static void rest(struct search *search)
{
	if (search->counted)
		atomic_fetch_sub(&search->daemon->searches, 1);
	world_free(search->overlay);
	snapshot_release(search->snapshot);
	arena_free(search->scratch);
	search->counted = false;
	search->overlay = NULL;
	search->snapshot = NULL;
	search->scratch = NULL;
}

static void fail_here(void *arg)
{
	struct search *search = arg;

	rest(search);
	service_fail(&search->completion, &search->failure); /* the arena goes here */
}

/* Completions run on the caller's loop. */
static void fail(struct search *search)
{
	if (search->aside)
		rpc_loop_post(search->caller->loop, fail_here, search);
	else
		fail_here(search);
}

static void fail_with(struct search *search, const struct error *error)
{
	search->failure = failure_of_error(error, arena_of(search));
	fail(search);
}

static void refuse(struct search *search, enum rpc_code code, const char *reason, const char *text)
{
	search->failure = failure_make(code, reason, text);
	fail(search);
}

static void refuse_field(struct search *search, const char *field, const char *description)
{
	struct question_violations violations = {.of[0] = {field, description}, .count = 1};

	search->failure = failure_of_violations(&violations, arena_of(search));
	fail(search);
}

static void answer(struct search *search, Carnet__V1__Receipt *receipt)
{
	search->response->receipt = receipt;
	service_answer(&search->completion, &search->response->base); /* the arena goes here */
}

/* ------------------------------------------------------------------------
 * Asked before */

static void answer_again(struct search *search, const struct store_registry_request *known)
{
	struct arena *arena = arena_of(search);
	struct daemon *daemon = search->daemon;
	struct archive_receipt receipt;
	ProtobufCMessage *response;
	struct error error;
	int rc = wire_unpack(&carnet__v1__find_response__descriptor, known->answer, NULL, arena,
			     &response, &error);

	if (!rc)
		rc = archive_receipt(daemon->store, known->index, arena, &receipt, &error);
	if (rc) {
		fail_with(search, &error);
		return;
	}
	search->response = (Carnet__V1__FindResponse *)response;
	rest(search);
	answer(search, wire_receipt_of_archive(journal_origin(daemon->journal), &receipt,
					       search->question->receipt, arena));
}

static const char *request_id_of(const struct search *search)
{
	return search->question->request_id;
}

/* True if the call is ended, because its id is known or was used otherwise. */
static bool was_asked(struct search *search)
{
	struct store_registry_request known;
	struct arena *arena = arena_of(search);

	if (!*request_id_of(search))
		return false;
	search->body =
		request_id_body(find_open_name(search->open), find_body(search->request, arena));
	switch (request_id_look_up(search->daemon->store, search->caller->identity,
				   request_id_of(search), &search->body, arena, &known,
				   &search->failure)) {
	case REQUEST_ID_NEW:
		return false;
	case REQUEST_ID_KNOWN:
		answer_again(search, &known);
		return true;
	default:
		fail(search);
		return true;
	}
}

/* In the transaction: the id may have been used since it was looked up. */
static int keep_request_id(void *arg, struct store_transaction *transaction, uint64_t first,
			   struct error *error)
{
	struct search *search = arg;
	struct bytes id = bytes_of_string(request_id_of(search));
	struct store_registry_request request = {.body = search->body, .index = first}, found;
	struct buffer packed = {0};

	if (store_registry_request(transaction, search->caller->identity, id, &found))
		return error_set(error, ERR_EXISTS, "the request id was used just now");
	wire_pack(&search->response->base, &packed);
	request.answer = buffer_bytes(&packed);
	store_registry_put_request(transaction, search->caller->identity, id, &request);
	buffer_release(&packed);
	return 0;
}

/* ------------------------------------------------------------------------
 * The page in hand */

static void finish(void *arg, struct journal_group *group)
{
	struct search *search = arg;

	if (group->code == ERR_EXISTS && was_asked(search))
		return;
	if (group->code) {
		fail_with(search, &group->error);
		return;
	}
	answer(search, wire_receipt_of_entry(journal_origin(search->daemon->journal),
					     &search->entry, group->checkpoint,
					     search->question->receipt, arena_of(search)));
}

static void fill_entry(struct search *search)
{
	struct evidence_call call = caller_evidence(search->caller, search->instant);
	const struct evidence_search said = {
		.open = find_open_name(search->open),
		.after = search->from.last,
		.page_size = find_page_size(search->request),
		.outcome = find_outcome(search->response, arena_of(search)),
	};
	struct journal_entry *entry = &search->entry;
	struct evidence evidence;

	evidence_write_search(&search->asked, &said, &call, arena_of(search), &evidence);
	entry->kind = "advisory";
	entry->reg = search->place.revision_digest;
	entry->reg_rev = search->asked.question.known_at;
	entry->values[DISCLOSURE_SUBJECT] = evidence.subject;
	entry->values[DISCLOSURE_REQUEST] = evidence.request;
	entry->values[DISCLOSURE_CONTEXT] = evidence.context;
	entry->values[DISCLOSURE_OUTCOME] = evidence.outcome;
	deed_fit(entry->values, arena_of(search));
	entry->with_path =
		search->question->receipt != CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
}

static void write_token(struct search *search)
{
	const struct page_token next = {
		.revision = search->asked.question.known_at,
		.as_of = search->asked.question.as_of,
		.last = find_last(search->find),
	};

	if (!search->response->complete)
		search->response->next_page_token = page_token_write(
			&next, &search->bound, search->daemon->key, arena_of(search));
}

static void submit(struct search *search)
{
	struct error error;

	search->response = find_response(search->find);
	write_token(search);
	fill_entry(search);
	rest(search);
	search->group = (struct journal_group){
		.entries = &search->entry,
		.count = 1,
		.arena = arena_of(search),
		.apply = *request_id_of(search) ? keep_request_id : NULL,
		.arg = search,
		.done = finish,
		.done_arg = search,
		.loop = search->caller->loop,
	};
	if (journal_submit(search->daemon->journal, &search->group, &error))
		fail_with(search, &error);
}

/* ------------------------------------------------------------------------
 * Searching, in slices */

static bool is_late(struct search *search)
{
	const struct caller *caller = search->caller;

	return rpc_loop_now() >= search->deadline ||
	       (caller->waits && !caller->waits(caller->door_call));
}

static void look_on(void *arg);

static void look(struct search *search)
{
	int64_t until = rpc_loop_now_us() + SLICE_US;
	bool ended = false;
	struct error error;

	if (is_late(search)) {
		refuse(search, RPC_DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED",
		       "the search did not finish in time: nothing was found out; allow more "
		       "time, or ask for smaller pages");
		return;
	}
	do {
		if (find_step(search->find, search->scratch, &ended, &error)) {
			/* As in Check: the question's fault, and no load of ours. */
			error.code = error.code == ERR_LIMIT ? ERR_INVALID : error.code;
			fail_with(search, &error);
			return;
		}
		arena_reset(search->scratch);
	} while (!ended && rpc_loop_now_us() < until);
	if (ended)
		submit(search);
	else
		rpc_loop_post(search->caller->loop, look_on, search);
}

static void look_on(void *arg)
{
	struct search *search = arg;

	if (atomic_load(&search->daemon->serving))
		look(search);
	else
		refuse(search, RPC_UNAVAILABLE, "NOT_SERVING",
		       "the server is stopping; search again");
}

/* ------------------------------------------------------------------------
 * Beginning */

/* Which registry the answer rests on: that which the search began with. */
static int find_revision(struct search *search, struct error *error)
{
	uint64_t revision = search->asked.question.known_at;
	struct store_transaction *transaction;
	struct revision_header header;
	int rc = 0;

	search->place = (struct answer_place){
		.revision_digest = search->snapshot->digest, .live = true, .confirmed = true};
	if (revision == search->snapshot->revision)
		return 0;
	rc = store_environment_read(search->daemon->store, &transaction, error);
	if (rc)
		return rc;
	if (store_registry_revision(transaction, revision, &header))
		search->place.revision_digest = header.records;
	else
		rc = error_set(error, ERR_NOT_FOUND, "there is no revision %llu",
			       (unsigned long long)revision);
	store_environment_abort(transaction);
	return rc;
}

static bool read_question(struct search *search)
{
	struct question_violations violations;
	const struct question_frame frame = {
		.world = search->overlay ? search->overlay : search->snapshot->world,
		.today = search->from.as_of,
		.revision = search->from.revision,
	};

	if (!find_read(search->question, &frame, arena_of(search), &search->asked, &violations,
		       NULL))
		return true;
	search->failure = failure_of_violations(&violations, arena_of(search));
	return false;
}

/* As for Check: an exporter that nobody named is denied by the decision. */
static bool may_ask(struct search *search)
{
	return !search->asked.exporter.size ||
	       caller_may_export(search->caller, search->asked.exporter, arena_of(search),
				 &search->failure);
}

/* On the caller's loop, with the world it will search. */
static void start(struct search *search)
{
	struct error error;

	if (!read_question(search) || !may_ask(search)) {
		fail(search);
		return;
	}
	if (find_revision(search, &error)) {
		fail_with(search, &error);
		return;
	}
	search->scratch = arena_new(SCRATCH_BLOCK);
	search->find = find_new(&search->asked, search->open, search->from.last,
				find_page_size(search->request), &search->place, arena_of(search));
	look(search);
}

static void start_here(void *arg)
{
	struct search *search = arg;

	search->aside = false;
	if (atomic_load(&search->daemon->serving))
		start(search);
	else
		look_on(search); /* says so */
}

static void overlay_aside(void *arg)
{
	struct search *search = arg;
	const Carnet__V1__CheckRequest *question = search->question;
	struct error error;

	if (overlay_compile(search->snapshot->records, question->given, question->n_given,
			    &search->overlay, &error))
		fail_with(search, &error);
	else
		rpc_loop_post(search->caller->loop, start_here, search);
}

static void lay_given_over(struct search *search)
{
	struct error error;

	search->aside = true;
	if (aside_post(search->daemon->aside, overlay_aside, search, &error)) {
		search->aside = false;
		fail_with(search, &error);
	}
}

/* Where it begins: at today's first word in the newest registry, or where the
 * page before ended.  False if the call is ended. */
static bool read_token(struct search *search)
{
	const char *token = search->request->page_token;

	search->from = (struct page_token){.revision = search->snapshot->revision,
					   .as_of = instant_day(search->instant)};
	if (!*token)
		return true;
	if (page_token_read(token, &search->bound, search->daemon->key, arena_of(search),
			    &search->from) &&
	    search->from.revision <= search->snapshot->revision)
		return true;
	refuse_field(search, "page_token",
		     "is none that this search gave: send the token of its page before with the "
		     "same question, or begin again without one");
	return false;
}

static bool has_shape(struct search *search)
{
	struct question_violations violations;
	struct error error;

	if (mapping_check(&search->request->base, &error)) {
		search->failure = failure_of_field(&error, arena_of(search));
		return false;
	}
	if (find_check(search->request, search->open, arena_of(search), &search->question,
		       &violations, NULL)) {
		search->failure = failure_of_violations(&violations, arena_of(search));
		return false;
	}
	search->bound = find_digest(search->question, search->open, arena_of(search));
	return true;
}

/* False if too many search already. */
static bool join(struct search *search)
{
	if (atomic_fetch_add(&search->daemon->searches, 1) < SERVICE_SEARCHES_MAX) {
		search->counted = true;
		return true;
	}
	atomic_fetch_sub(&search->daemon->searches, 1);
	search->failure = failure_make(RPC_RESOURCE_EXHAUSTED, "BUSY",
				       "too many searches are under way; try again");
	return false;
}

static void set_deadline(struct search *search)
{
	search->instant = instant_now();
	search->deadline = rpc_loop_now() + SERVICE_SEARCH_MS;
	if (search->caller->deadline && search->caller->deadline < search->deadline)
		search->deadline = search->caller->deadline;
}

static void ask(struct search *search)
{
	if (!has_shape(search)) {
		fail(search);
		return;
	}
	if (was_asked(search))
		return;
	search->snapshot = snapshot_take(&search->daemon->registry);
	if (!service_is_recent(search->snapshot->revision, search->question->min_revision,
			       arena_of(search), &search->failure) ||
	    !join(search)) {
		fail(search);
		return;
	}
	if (!read_token(search))
		return;
	if (search->question->n_given)
		lay_given_over(search);
	else
		start(search);
}

static void find(struct daemon *daemon, const struct caller *caller,
		 const ProtobufCMessage *request, enum finder_open open,
		 const struct completion *completion)
{
	struct search *search = arena_alloc(completion->arena, sizeof(*search));

	search->daemon = daemon;
	search->caller = caller;
	search->request = (const Carnet__V1__FindRequest *)request;
	search->open = open;
	search->completion = *completion;
	set_deadline(search);
	if (!caller_may(caller, 1u << ROLE_CHECKER, completion->arena, &search->failure))
		fail(search);
	else
		ask(search);
}

void service_find_destinations(struct daemon *daemon, const struct caller *caller,
			       const ProtobufCMessage *request, const struct completion *completion)
{
	find(daemon, caller, request, FINDER_DESTINATION, completion);
}

void service_find_recipients(struct daemon *daemon, const struct caller *caller,
			     const ProtobufCMessage *request, const struct completion *completion)
{
	find(daemon, caller, request, FINDER_RECIPIENT, completion);
}
