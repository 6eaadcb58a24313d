/* The questions: Check and BatchCheck. */
#include "server/service.h"

#include <string.h>

#include "carnet/v1/transfer.pb-c.h"
#include "contract/answer.h"
#include "contract/outcome.h"
#include "contract/overlay.h"
#include "contract/question.h"
#include "engine/decide.h"
#include "server/answers.h"
#include "server/archive.h"
#include "server/deed.h"
#include "server/request_id.h"
#include "server/wire_receipt.h"
#include "text/allocator.h"
#include "text/mapping.h"
#include "text/wire.h"

enum { BATCH_ITEMS_MAX = 1000, SCRATCH_BLOCK = 128 * 1024 };

/* One question on its way, in the call's arena. */
struct check {
	struct daemon *daemon;
	const struct caller *caller;
	const Carnet__V1__CheckRequest *request;
	struct completion completion;
	struct snapshot *snapshot; /* a reference */
	struct world *overlay;     /* with `given` */
	struct arena *scratch;     /* for judging; many calls wait with the rest */
	bool aside;                /* on the worker's thread */
	instant_ms instant;
	struct digest body; /* with a request id */
	struct asked asked;
	struct kept_answer *kept;             /* a reference */
	const Carnet__V1__Decision *decision; /* its, or that of a request id */
	struct journal_entry entry;
	struct journal_group group;
	struct failure failure;
};

static struct arena *arena_of(const struct check *check)
{
	return check->completion.arena;
}

static void release(struct check *check)
{
	world_free(check->overlay);
	snapshot_release(check->snapshot);
	answers_release(check->kept);
	check->overlay = NULL;
	check->kept = NULL;
	check->snapshot = NULL;
}

static void fail_here(void *arg)
{
	struct check *check = arg;

	release(check);
	service_fail(&check->completion, &check->failure); /* the arena goes here */
}

/* Completions run on the caller's loop. */
static void fail(struct check *check)
{
	if (check->aside)
		rpc_loop_post(check->caller->loop, fail_here, check);
	else
		fail_here(check);
}

static void fail_with(struct check *check, const struct error *error)
{
	check->failure = failure_of_error(error, arena_of(check));
	fail(check);
}

static void answer(struct check *check, Carnet__V1__Receipt *receipt)
{
	Carnet__V1__CheckResponse *response =
		allocator_message(arena_of(check), &carnet__v1__check_response__descriptor);

	struct kept_answer *kept = check->kept;

	/* Who reads the answer changes nothing in it. */
	response->decision = (Carnet__V1__Decision *)(uintptr_t)check->decision;
	response->receipt = receipt;
	check->kept = NULL;
	release(check);
	service_answer(&check->completion, &response->base); /* the arena goes here */
	answers_release(kept);
}

/* ------------------------------------------------------------------------
 * Asked before */

static void answer_again(struct check *check, const struct store_registry_request *known)
{
	struct arena *arena = arena_of(check);
	struct archive_receipt receipt;
	ProtobufCMessage *decision;
	struct error error;
	int rc = wire_unpack(&carnet__v1__decision__descriptor, known->answer, NULL, arena,
			     &decision, &error);

	if (!rc)
		rc = archive_receipt(check->daemon->store, known->index, arena, &receipt, &error);
	if (rc) {
		fail_with(check, &error);
		return;
	}
	check->decision = (Carnet__V1__Decision *)decision;
	answer(check, wire_receipt_of_archive(journal_origin(check->daemon->journal), &receipt,
					      check->request->receipt, arena));
}

/* True if the call is ended, because its id is known or was used otherwise. */
static bool was_asked(struct check *check)
{
	struct store_registry_request known;

	if (!*check->request->request_id)
		return false;
	check->body = request_id_body("Check", evidence_of_body(check->request, arena_of(check)));
	switch (request_id_look_up(check->daemon->store, check->caller->identity,
				   check->request->request_id, &check->body, arena_of(check),
				   &known, &check->failure)) {
	case REQUEST_ID_NEW:
		return false;
	case REQUEST_ID_KNOWN:
		answer_again(check, &known);
		return true;
	default:
		fail(check);
		return true;
	}
}

/* In the transaction: the id may have been used since it was looked up. */
static int keep_request_id(void *arg, struct store_transaction *transaction, uint64_t first,
			   struct error *error)
{
	struct check *check = arg;
	struct bytes id = bytes_of_string(check->request->request_id);
	struct store_registry_request request = {.body = check->body, .index = first}, found;
	struct buffer packed = {0};

	if (store_registry_request(transaction, check->caller->identity, id, &found))
		return error_set(error, ERR_EXISTS, "the request id was used just now");
	wire_pack(&check->decision->base, &packed);
	request.answer = buffer_bytes(&packed);
	store_registry_put_request(transaction, check->caller->identity, id, &request);
	buffer_release(&packed);
	return 0;
}

/* ------------------------------------------------------------------------
 * Judging */

static void finish(void *arg, struct journal_group *group)
{
	struct check *check = arg;

	check->aside = false; /* this is the caller's loop */
	if (group->code == ERR_EXISTS && was_asked(check))
		return;
	if (group->code) {
		fail_with(check, &group->error);
		return;
	}
	answer(check,
	       wire_receipt_of_entry(journal_origin(check->daemon->journal), &check->entry,
				     group->checkpoint, check->request->receipt, arena_of(check)));
}

/* Which registry the answer rests on: the newest, or that of `known_at`. */
static int find_revision(struct check *check, struct answer_place *place, struct error *error)
{
	struct store_transaction *transaction;
	struct revision_header header;
	int rc = 0;

	*place = (struct answer_place){
		.revision_digest = check->snapshot->digest, .live = true, .confirmed = true};
	if (check->asked.question.known_at == check->snapshot->revision)
		return 0;
	rc = store_environment_read(check->daemon->store, &transaction, error);
	if (rc)
		return rc;
	if (store_registry_revision(transaction, check->asked.question.known_at, &header))
		place->revision_digest = header.records;
	else
		rc = error_set(error, ERR_NOT_FOUND, "there is no revision %llu",
			       (unsigned long long)check->asked.question.known_at);
	store_environment_abort(transaction);
	return rc;
}

static void fill_entry(struct check *check)
{
	struct evidence_call call = caller_evidence(check->caller, check->instant);
	struct journal_entry *entry = &check->entry;
	struct evidence evidence = check->kept->evidence;

	evidence_write_call(check->request, &call, arena_of(check), &evidence);
	entry->kind = answer_leaf_kind(check->decision);
	entry->reg = check->kept->revision_digest;
	entry->reg_rev = check->kept->revision;
	entry->values[DISCLOSURE_SUBJECT] = evidence.subject;
	entry->values[DISCLOSURE_REQUEST] = evidence.request;
	entry->values[DISCLOSURE_CONTEXT] = evidence.context;
	entry->values[DISCLOSURE_EVIDENCE] = evidence.evidence;
	entry->values[DISCLOSURE_OUTCOME] = evidence.outcome;
	if (!deed_fits(entry->values))
		entry->values[DISCLOSURE_OUTCOME] =
			outcome_write_core(check->decision, arena_of(check));
	deed_fit(entry->values, arena_of(check));
	entry->with_path = check->request->receipt != CARNET__V1__RECEIPT_FORM__RECEIPT_FORM_HANDLE;
}

static int submit(struct check *check, struct error *error)
{
	check->group = (struct journal_group){
		.entries = &check->entry,
		.count = 1,
		.arena = arena_of(check),
		.apply = *check->request->request_id ? keep_request_id : NULL,
		.arg = check,
		.done = finish,
		.done_arg = check,
		.loop = check->caller->loop,
	};
	return journal_submit(check->daemon->journal, &check->group, error);
}

static int read_question(struct check *check, struct error *error)
{
	struct question_violations violations = {0};
	const struct question_frame frame = {
		.world = check->overlay ? check->overlay : check->snapshot->world,
		.today = instant_day(check->instant),
		.revision = check->snapshot->revision,
	};
	int rc = question_read(check->request, &frame, check->scratch, &check->asked, &violations,
			       error);

	if (rc)
		check->failure = failure_of_violations(&violations, arena_of(check));
	return rc;
}

/* False if the caller may not ask this; an exporter that nobody named is denied
 * by the decision. */
static bool may_ask(struct check *check, struct bytes exporter)
{
	return !exporter.size ||
	       caller_may_export(check->caller, exporter, arena_of(check), &check->failure);
}

/* The answer in an arena of its own, which outlives the call if it is kept. */
static struct kept_answer *write_answer(struct check *check, const struct decision *decision,
					const struct answer_place *place)
{
	struct arena *arena = arena_new(0);
	struct kept_answer *kept = answers_make(arena);
	Carnet__V1__Decision *message = answer_write(&check->asked, decision, place, arena);

	evidence_write_answer(&check->asked, decision, message, arena, &kept->evidence);
	kept->decision = message;
	kept->revision_digest = place->revision_digest;
	kept->revision = check->asked.question.known_at;
	kept->exporter = arena_copy(arena, check->asked.exporter);
	return kept;
}

static int decide_anew(struct check *check, struct error *error)
{
	const struct decision *decision;
	struct answer_place place;
	int rc = find_revision(check, &place, error);

	if (!rc)
		rc = decide(check->asked.world, &check->asked.question, check->scratch, &decision,
			    error);
	/* Too many legs are the question's fault, and no load of ours. */
	if (rc == ERR_LIMIT) {
		rc = error->code = ERR_INVALID;
		error_prefix(error, "recipients");
	}
	if (!rc)
		check->kept = write_answer(check, decision, &place);
	return rc;
}

static void submit_or_fail(struct check *check)
{
	struct error error;

	check->decision = check->kept->decision;
	fill_entry(check);
	if (submit(check, &error))
		fail_with(check, &error);
}

static void judge_in(struct check *check, struct arena *scratch, const struct digest *key)
{
	struct error error;

	check->scratch = scratch;
	if (read_question(check, &error) || !may_ask(check, check->asked.exporter)) {
		fail(check);
	} else if (decide_anew(check, &error)) {
		fail_with(check, &error);
	} else {
		if (key)
			answers_keep(check->daemon->answers, key, check->kept);
		submit_or_fail(check);
	}
}

/* Once submitted, the check may be answered and gone at any time: its scratch is
 * let go through a variable of its own. */
static void judge_anew(struct check *check, const struct digest *key)
{
	struct arena *scratch = arena_new(SCRATCH_BLOCK);

	judge_in(check, scratch, key);
	arena_free(scratch);
}

/* The same was asked today of the same registry: the same answer, a new receipt. */
static void judge_on_file(struct check *check)
{
	if (may_ask(check, check->kept->exporter))
		submit_or_fail(check);
	else
		fail(check);
}

static void judge(struct check *check)
{
	struct digest key;

	check->instant = instant_now();
	if (check->overlay) {
		judge_anew(check, NULL);
		return;
	}
	key = answers_key(check->request, check->snapshot->revision, instant_day(check->instant),
			  arena_of(check));
	check->kept = answers_find(check->daemon->answers, &key);
	if (check->kept)
		judge_on_file(check);
	else
		judge_anew(check, &key);
}

static void judge_aside(void *arg)
{
	struct check *check = arg;
	struct error error;

	if (overlay_compile(check->snapshot->records, check->request->given,
			    check->request->n_given, &check->overlay, &error))
		fail_with(check, &error);
	else
		judge(check);
}

/* ------------------------------------------------------------------------
 * Asking */

static bool has_shape(struct check *check)
{
	struct question_violations violations = {0};
	struct error error;

	if (mapping_check(&check->request->base, &error)) {
		check->failure = failure_of_field(&error, arena_of(check));
		return false;
	}
	if (question_check(check->request, arena_of(check), &violations, &error)) {
		check->failure = failure_of_violations(&violations, arena_of(check));
		return false;
	}
	return true;
}

/* `snapshot` NULL: the newest. */
static void ask(struct daemon *daemon, const struct caller *caller,
		const Carnet__V1__CheckRequest *request, struct snapshot *snapshot,
		const struct completion *completion)
{
	struct check *check = arena_alloc(completion->arena, sizeof(*check));
	struct error error;

	check->daemon = daemon;
	check->caller = caller;
	check->request = request;
	check->completion = *completion;
	if (!has_shape(check)) {
		fail(check);
		return;
	}
	if (was_asked(check))
		return;
	check->snapshot = snapshot ? snapshot_hold(snapshot) : snapshot_take(&daemon->registry);
	if (!service_is_recent(check->snapshot->revision, request->min_revision, arena_of(check),
			       &check->failure)) {
		fail(check);
		return;
	}
	if (!request->n_given) {
		judge(check);
		return;
	}
	check->aside = true;
	if (aside_post(daemon->aside, judge_aside, check, &error)) {
		check->aside = false;
		fail_with(check, &error);
	}
}

void service_transfer_check(struct daemon *daemon, const struct caller *caller,
			    const ProtobufCMessage *request, const struct completion *completion)
{
	struct failure failure;

	if (!caller_may(caller, 1u << ROLE_CHECKER, completion->arena, &failure)) {
		service_fail(completion, &failure);
		return;
	}
	ask(daemon, caller, (const Carnet__V1__CheckRequest *)request, NULL, completion);
}

/* ------------------------------------------------------------------------
 * Batches: each item is a Check of its own, on one snapshot. */

struct batch_call {
	struct completion completion;
	struct snapshot *snapshot;
	Carnet__V1__BatchCheckResponse *response;
	size_t left; /* items not done, and one while they are being asked */
};

/* Each has an arena of its own: the journal may still be writing into that of
 * one item while the next is being asked. */
struct batch_item {
	struct batch_call *batch;
	Carnet__V1__BatchCheckItem *item;
	struct arena *arena;
};

static void item_ended(struct batch_call *batch)
{
	if (--batch->left)
		return;
	snapshot_release(batch->snapshot);
	service_answer(&batch->completion, &batch->response->base);
}

static void copy_answer(const struct batch_item *one, const ProtobufCMessage *answer)
{
	struct arena *arena = one->batch->completion.arena;
	ProtobufCAllocator allocator = allocator_in(arena);
	size_t size = protobuf_c_message_get_packed_size(answer);
	uint8_t *packed = arena_alloc(arena, size + 1);

	protobuf_c_message_pack(answer, packed);
	one->item->result_case = CARNET__V1__BATCH_CHECK_ITEM__RESULT_RESPONSE;
	one->item->response = carnet__v1__check_response__unpack(&allocator, size, packed);
}

static void copy_failure(const struct batch_item *one, const struct failure *failure)
{
	struct arena *arena = one->batch->completion.arena;
	ProtobufCAllocator allocator = allocator_in(arena);
	struct buffer packed = {0};

	failure_status(failure, arena, &packed);
	one->item->result_case = CARNET__V1__BATCH_CHECK_ITEM__RESULT_ERROR;
	one->item->error = google__rpc__status__unpack(&allocator, packed.size, packed.data);
	buffer_release(&packed);
}

static void item_done(void *arg, const ProtobufCMessage *answer, const struct failure *failure)
{
	struct batch_item *one = arg;

	if (answer)
		copy_answer(one, answer);
	else
		copy_failure(one, failure);
	arena_free(one->arena);
	item_ended(one->batch);
}

static void ask_items(struct daemon *daemon, const struct caller *caller,
		      const Carnet__V1__BatchCheckRequest *request, struct batch_call *batch)
{
	struct arena *arena = batch->completion.arena;

	for (size_t i = 0; i < request->n_items; i++) {
		struct batch_item *one = arena_alloc(arena, sizeof(*one));
		struct completion completion = {.done = item_done, .arg = one};

		completion.arena = one->arena = arena_new(0);
		one->batch = batch;
		one->item = allocator_message(arena, &carnet__v1__batch_check_item__descriptor);
		batch->response->items[batch->response->n_items++] = one->item;
		ask(daemon, caller, request->items[i], batch->snapshot, &completion);
	}
	item_ended(batch);
}

void service_transfer_batch_check(struct daemon *daemon, const struct caller *caller,
				  const ProtobufCMessage *message,
				  const struct completion *completion)
{
	const Carnet__V1__BatchCheckRequest *request =
		(const Carnet__V1__BatchCheckRequest *)message;
	struct batch_call *batch = arena_alloc(completion->arena, sizeof(*batch));
	struct failure failure;

	if (!caller_may(caller, 1u << ROLE_CHECKER, completion->arena, &failure)) {
		service_fail(completion, &failure);
		return;
	}
	if (request->n_items > BATCH_ITEMS_MAX) {
		failure = failure_make(RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
				       "items: at most 1,000");
		service_fail(completion, &failure);
		return;
	}
	batch->completion = *completion;
	batch->snapshot = snapshot_take(&daemon->registry);
	batch->left = request->n_items + 1;
	batch->response =
		allocator_message(completion->arena, &carnet__v1__batch_check_response__descriptor);
	batch->response->items =
		arena_array(completion->arena, Carnet__V1__BatchCheckItem *, request->n_items);
	ask_items(daemon, caller, request, batch);
}
