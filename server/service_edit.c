/*
 * Changing the registry: Propose and Approve.
 *
 * Edits run on the worker, one after the other: each sees what the one before has
 * left.  What a proposal would do is found out by doing it aside, with the code that
 * will do it when it is approved.
 */
#include "server/service.h"

#include <string.h>

#include "base/base64.h"
#include "carnet/v1/registry.pb-c.h"
#include "registry/change_set.h"
#include "registry/compile.h"
#include "registry/revision.h"
#include "server/deed.h"
#include "server/person.h"
#include "server/request_id.h"
#include "text/allocator.h"
#include "text/mapping.h"
#include "text/wire.h"

/* One edit on its way, in the call's arena. */
struct edit {
	struct daemon *daemon;
	const struct caller *caller;
	struct completion completion;
	const Carnet__V1__ProposeRequest *propose; /* one of both */
	const Carnet__V1__ApproveRequest *approve;

	instant_ms instant;
	struct snapshot *base; /* what is edited */
	struct snapshot *next; /* what would come of it */
	struct bytes person;   /* who does it; points into `base` */
	Carnet__V1__Proposal *proposal;
	struct digest id;   /* the proposal's */
	struct digest body; /* with a request id */
	struct revision_header header;
	const ProtobufCMessage *answer; /* NULL: the failure */
	struct failure failure;
};

static struct arena *arena_of(const struct edit *edit)
{
	return edit->completion.arena;
}

/* Steps return true, or set the failure and return false. */
static bool refuse(struct edit *edit, enum rpc_code code, const char *reason, const char *text)
{
	edit->failure = failure_make(code, reason, text);
	return false;
}

static bool refuse_error(struct edit *edit, const struct error *error)
{
	edit->failure = failure_of_error(error, arena_of(edit));
	return false;
}

static char *copy(struct edit *edit, struct bytes text)
{
	return arena_string(arena_of(edit), text);
}

/* ------------------------------------------------------------------------
 * Steps of both */

static bool find_person(struct edit *edit)
{
	struct error error;

	edit->instant = instant_now();
	edit->base = snapshot_take(&edit->daemon->registry);
	return person_find(edit->base->records, edit->caller->identity, instant_day(edit->instant),
			   &edit->person, &error) == 0 ||
	       refuse_error(edit, &error);
}

/* Takes the set over. */
static bool compile(struct edit *edit, struct record_set *set, struct problems *problems)
{
	int rc;

	edit->header = (struct revision_header){
		.number = edit->base->revision + 1,
		.previous = edit->base->header,
		.records = revision_digest(set, REVISION_NEWEST),
		.change_set = edit->id,
		.instant = edit->instant,
		.proposal = bytes_of_string(edit->proposal->id),
		.reason = bytes_of_string(edit->proposal->change_set->reason),
	};
	rc = snapshot_new(set, &edit->next, problems);
	if (!rc)
		snapshot_set_header(edit->next, &edit->header);
	return rc == 0;
}

/* The log that tells of the edit must stay listed, or it could not sign. */
static bool keeps_log(struct edit *edit)
{
	struct error error;

	return daemon_check_log(edit->next->records, journal_origin(edit->daemon->journal),
				edit->daemon->vkey, instant_day(edit->instant), &error) == 0 ||
	       refuse_error(edit, &error);
}

/* Makes what the change set would make. */
static bool try_out(struct edit *edit)
{
	struct record_set *set = NULL;
	struct problems problems;
	bool good = false;
	int rc;

	problems_init(&problems);
	rc = change_set_apply(edit->base->records, edit->proposal->change_set, &set, &problems);
	if (!rc && !compile(edit, set, &problems))
		rc = ERR_INVALID;
	if (rc)
		edit->failure = failure_of_problems(rc, &problems, arena_of(edit));
	else
		good = keeps_log(edit);
	problems_release(&problems);
	return good;
}

static Carnet__V1__Signature *sign(struct edit *edit)
{
	Carnet__V1__Signature *signature =
		allocator_message(arena_of(edit), &carnet__v1__signature__descriptor);
	char at[INSTANT_TEXT_SIZE];

	signature->person = copy(edit, edit->person);
	signature->identity = copy(edit, edit->caller->identity);
	signature->at = copy(edit, bytes_of_string(instant_format(edit->instant, at)));
	return signature;
}

static struct deed deed_of(const struct edit *edit, const char *request_id)
{
	return (struct deed){.caller = edit->caller,
			     .person = edit->person,
			     .instant = edit->instant,
			     .request_id = bytes_of_string(request_id)};
}

static struct bytes write_change_set(struct edit *edit)
{
	struct buffer text = {0};
	struct bytes json;

	change_set_json(edit->proposal->change_set, &text);
	json = arena_copy(arena_of(edit), buffer_bytes(&text));
	buffer_release(&text);
	return json;
}

static bool refuse_outcome(struct edit *edit, enum source_outcome outcome,
			   const struct error *error)
{
	const char *text = copy(edit, bytes_of_string(error->text));

	switch (outcome) {
	case SOURCE_LOST_RACE:
		return refuse(edit, RPC_ABORTED, "REGISTRY_MOVED", text);
	case SOURCE_AWAY:
		return refuse_error(edit, error);
	default:
		return refuse(edit, RPC_UNAVAILABLE, "OUTCOME_UNKNOWN",
			      "whether it happened is not known; ask again with the same "
			      "request_id");
	}
}

/* Commits with the answer under its request id; `*index` is the leaf's. */
static bool commit(struct edit *edit, struct source_commit *act, const char *request_id,
		   const ProtobufCMessage *answer, uint64_t *index)
{
	struct buffer packed = {0};
	struct error error = {0};
	enum source_outcome outcome;

	wire_pack(answer, &packed);
	act->reg = edit->base->digest;
	act->reg_rev = edit->base->revision;
	act->id = edit->id;
	act->proposal = edit->proposal;
	act->change_set = write_change_set(edit);
	act->who = edit->caller->identity;
	act->request_id = bytes_of_string(request_id);
	act->body = edit->body;
	act->answer = buffer_bytes(&packed);
	outcome = source_commit(edit->daemon->source, act, &error);
	buffer_release(&packed);
	*index = act->index;
	return outcome == SOURCE_DONE || refuse_outcome(edit, outcome, &error);
}

static char *receipt_name(const struct edit *edit, uint64_t index)
{
	return service_receipt_name(journal_origin(edit->daemon->journal), index, arena_of(edit));
}

/* True if the id is new; else the answer is set, or the failure. */
static bool is_new(struct edit *edit, const char *request_id,
		   const ProtobufCMessageDescriptor *answer, struct store_registry_request *known,
		   ProtobufCMessage **again)
{
	struct error error;

	*again = NULL;
	switch (request_id_look_up(edit->daemon->store, edit->caller->identity, request_id,
				   &edit->body, arena_of(edit), known, &edit->failure)) {
	case REQUEST_ID_NEW:
		return true;
	case REQUEST_ID_KNOWN:
		if (wire_unpack(answer, known->answer,
				&(struct wire_limits){.max_bytes = SERVICE_EDIT_MAX},
				arena_of(edit), again, &error))
			refuse_error(edit, &error);
		return false;
	default:
		return false;
	}
}

/* ------------------------------------------------------------------------
 * Propose */

static bool read_change_set(struct edit *edit)
{
	Carnet__V1__ChangeSet *change_set = edit->propose->change_set;
	struct error error;

	if (!change_set)
		return refuse(edit, RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
			      "change_set: is missing");
	if (mapping_check(&change_set->base, &error))
		return refuse_error(edit, &error);
	edit->id = change_set_digest(change_set);
	edit->body = request_id_body("Propose", hash_view(&edit->id));
	edit->proposal = allocator_message(arena_of(edit), &carnet__v1__proposal__descriptor);
	edit->proposal->id = service_base64url(hash_view(&edit->id), arena_of(edit));
	edit->proposal->change_set = change_set;
	edit->proposal->state = CARNET__V1__PROPOSAL_STATE__PROPOSAL_STATE_OPEN;
	return true;
}

/* The same change set again is the same proposal: it must not reopen one that
 * was decided. */
static bool is_fresh(struct edit *edit)
{
	struct store_transaction *transaction;
	Carnet__V1__Proposal *old = NULL;
	struct error error;
	bool failed;

	if (store_environment_read(edit->daemon->store, &transaction, &error))
		return refuse_error(edit, &error);
	store_registry_proposal(transaction, &edit->id, &old);
	failed = store_environment_failure(transaction, &error);
	store_environment_abort(transaction);
	if (failed)
		return refuse_error(edit, &error);
	if (!old)
		return true;
	carnet__v1__proposal__free_unpacked(old, NULL);
	return refuse(edit, RPC_ALREADY_EXISTS, "ALREADY_PROPOSED",
		      arena_printf(arena_of(edit),
				   "this change set was proposed before, as %s; change its reason "
				   "to propose it again",
				   edit->proposal->id));
}

static bool propose(struct edit *edit)
{
	Carnet__V1__ProposeResponse *response =
		allocator_message(arena_of(edit), &carnet__v1__propose_response__descriptor);
	struct deed deed = deed_of(edit, edit->propose->request_id);
	struct source_commit act = {.kind = "proposal"};
	uint64_t index;

	edit->proposal->proposed = sign(edit);
	response->proposal = edit->proposal;
	edit->answer = &response->base;
	if (edit->propose->validate_only)
		return true;
	deed_proposal(&deed, edit->proposal, arena_of(edit), act.values);
	if (!commit(edit, &act, edit->propose->request_id, &response->base, &index))
		return false;
	response->receipt = receipt_name(edit, index);
	return true;
}

static bool run_propose(struct edit *edit)
{
	struct store_registry_request known;
	ProtobufCMessage *again = NULL;

	if (!read_change_set(edit))
		return false;
	if (!edit->propose->validate_only &&
	    !is_new(edit, edit->propose->request_id, &carnet__v1__propose_response__descriptor,
		    &known, &again)) {
		if (again)
			((Carnet__V1__ProposeResponse *)again)->receipt =
				receipt_name(edit, known.index);
		edit->answer = again;
		return again != NULL;
	}
	return find_person(edit) && is_fresh(edit) && try_out(edit) && propose(edit);
}

/* ------------------------------------------------------------------------
 * Approve */

static bool read_id(struct edit *edit)
{
	struct buffer bytes = {0};
	bool good = base64url_decode(&bytes, bytes_of_string(edit->approve->proposal)) &&
		    hash_read(buffer_bytes(&bytes), &edit->id);

	buffer_release(&bytes);
	edit->body = request_id_body("Approve", hash_view(&edit->id));
	return good || refuse(edit, RPC_INVALID_ARGUMENT, "INVALID_REQUEST",
			      "proposal: is no id of a proposal");
}

static bool load_proposal(struct edit *edit)
{
	ProtobufCAllocator allocator = allocator_in(arena_of(edit));
	struct store_transaction *transaction;
	Carnet__V1__Proposal *stored = NULL;
	struct buffer packed = {0};
	struct error error;
	bool failed;

	if (store_environment_read(edit->daemon->store, &transaction, &error))
		return refuse_error(edit, &error);
	store_registry_proposal(transaction, &edit->id, &stored);
	failed = store_environment_failure(transaction, &error);
	store_environment_abort(transaction);
	if (failed)
		return refuse_error(edit, &error);
	if (!stored)
		return refuse(edit, RPC_NOT_FOUND, "NO_PROPOSAL", "there is no such proposal");
	wire_pack(&stored->base, &packed); /* into the arena, like all else */
	carnet__v1__proposal__free_unpacked(stored, NULL);
	edit->proposal = carnet__v1__proposal__unpack(&allocator, packed.size, packed.data);
	buffer_release(&packed);
	return edit->proposal != NULL;
}

/* What is approved must be what was proposed, and still open. */
static bool check_proposal(struct edit *edit)
{
	const Carnet__V1__Proposal *proposal = edit->proposal;
	struct digest digest;

	if (!proposal->change_set || !proposal->proposed)
		return refuse(edit, RPC_DATA_LOSS, "STORE_DAMAGED",
			      "the stored proposal is damaged");
	digest = change_set_digest(proposal->change_set);
	if (!hash_equal(&digest, &edit->id))
		return refuse(edit, RPC_DATA_LOSS, "STORE_DAMAGED",
			      "the stored proposal is not what was proposed");
	if (proposal->state != CARNET__V1__PROPOSAL_STATE__PROPOSAL_STATE_OPEN)
		return refuse(edit, RPC_FAILED_PRECONDITION, "PROPOSAL_NOT_OPEN",
			      "the proposal has been decided already");
	return true;
}

/* Four eyes: another person, whatever the certificate. */
static bool check_approver(struct edit *edit)
{
	if (!bytes_equal_string(edit->person, edit->proposal->proposed->person))
		return true;
	return refuse(edit, RPC_PERMISSION_DENIED, "OWN_PROPOSAL",
		      arena_printf(arena_of(edit),
				   "%.*s proposed this change; another person must approve it",
				   BYTES_PRINT(edit->person)));
}

static void mark_approved(struct edit *edit)
{
	Carnet__V1__Proposal *proposal = edit->proposal;

	proposal->approved = arena_array(arena_of(edit), Carnet__V1__Signature *, 1);
	proposal->approved[0] = sign(edit);
	proposal->n_approved = 1;
	proposal->state = CARNET__V1__PROPOSAL_STATE__PROPOSAL_STATE_APPROVED;
	proposal->revision = edit->header.number;
}

static bool approve(struct edit *edit)
{
	Carnet__V1__ApproveResponse *response =
		allocator_message(arena_of(edit), &carnet__v1__approve_response__descriptor);
	struct deed deed = deed_of(edit, edit->approve->request_id);
	struct source_commit act = {.kind = "approval"};
	uint64_t index;

	mark_approved(edit);
	response->proposal = edit->proposal;
	response->revision_digest =
		service_base64url(hash_view(&edit->header.records), arena_of(edit));
	edit->answer = &response->base;
	if (edit->approve->validate_only)
		return true;
	deed_approval(&deed, edit->proposal, &edit->header, arena_of(edit), act.values);
	act.header = &edit->header;
	act.snapshot = edit->next;
	if (!commit(edit, &act, edit->approve->request_id, &response->base, &index))
		return false;
	response->receipt = receipt_name(edit, index);
	return true;
}

static bool run_approve(struct edit *edit)
{
	struct store_registry_request known;
	ProtobufCMessage *again = NULL;

	if (!read_id(edit))
		return false;
	if (!edit->approve->validate_only &&
	    !is_new(edit, edit->approve->request_id, &carnet__v1__approve_response__descriptor,
		    &known, &again)) {
		if (again)
			((Carnet__V1__ApproveResponse *)again)->receipt =
				receipt_name(edit, known.index);
		edit->answer = again;
		return again != NULL;
	}
	return find_person(edit) && load_proposal(edit) && check_proposal(edit) &&
	       check_approver(edit) && try_out(edit) && approve(edit);
}

/* ------------------------------------------------------------------------
 * Running */

static void finish(void *arg)
{
	struct edit *edit = arg;

	if (edit->answer)
		service_answer(&edit->completion, edit->answer);
	else
		service_fail(&edit->completion, &edit->failure);
}

static void run(void *arg)
{
	struct edit *edit = arg;

	if (!(edit->propose ? run_propose(edit) : run_approve(edit)))
		edit->answer = NULL;
	snapshot_release(edit->base);
	snapshot_release(edit->next);
	rpc_loop_post(edit->caller->loop, finish, edit);
}

static void start(struct edit *edit, enum role role)
{
	struct error error;

	if (!caller_may(edit->caller, 1u << role, arena_of(edit), &edit->failure)) {
		finish(edit);
	} else if (aside_post(edit->daemon->aside, run, edit, &error)) {
		refuse_error(edit, &error);
		finish(edit);
	}
}

static struct edit *make(struct daemon *daemon, const struct caller *caller,
			 const struct completion *completion)
{
	struct edit *edit = arena_alloc(completion->arena, sizeof(*edit));

	edit->daemon = daemon;
	edit->caller = caller;
	edit->completion = *completion;
	return edit;
}

void service_edit_propose(struct daemon *daemon, const struct caller *caller,
			  const ProtobufCMessage *request, const struct completion *completion)
{
	struct edit *edit = make(daemon, caller, completion);

	edit->propose = (const Carnet__V1__ProposeRequest *)request;
	start(edit, ROLE_EDITOR);
}

void service_edit_approve(struct daemon *daemon, const struct caller *caller,
			  const ProtobufCMessage *request, const struct completion *completion)
{
	struct edit *edit = make(daemon, caller, completion);

	edit->approve = (const Carnet__V1__ApproveRequest *)request;
	start(edit, ROLE_APPROVER);
}
