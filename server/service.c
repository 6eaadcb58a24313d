#include "server/service.h"

#include "base/base64.h"
#include "carnet/v1/receipt.pb-c.h"
#include "carnet/v1/registry.pb-c.h"
#include "carnet/v1/transfer.pb-c.h"
#include "grpc/health/v1/health.pb-c.h"

#define TRANSFER "/carnet.v1.TransferService/"
#define REGISTRY "/carnet.v1.RegistryService/"
#define RECEIPT "/carnet.v1.ReceiptService/"

#define CHECK &carnet__v1__check_request__descriptor
#define BATCH &carnet__v1__batch_check_request__descriptor
#define FIND &carnet__v1__find_request__descriptor
#define GET &carnet__v1__get_record_request__descriptor
#define LIST &carnet__v1__list_records_request__descriptor
#define HISTORY &carnet__v1__history_request__descriptor
#define PROPOSE &carnet__v1__propose_request__descriptor
#define APPROVE &carnet__v1__approve_request__descriptor
#define REJECT &carnet__v1__reject_request__descriptor
#define WITHDRAW &carnet__v1__withdraw_request__descriptor
#define PROPOSALS &carnet__v1__list_proposals_request__descriptor
#define IMPACT &carnet__v1__impact_request__descriptor
#define EXPORT &carnet__v1__export_request__descriptor
#define WATCH &carnet__v1__watch_request__descriptor
#define GET_RECEIPT &carnet__v1__get_receipt_request__descriptor
#define LIST_RECEIPTS &carnet__v1__list_receipts_request__descriptor
#define GET_CHECKPOINT &carnet__v1__get_checkpoint_request__descriptor
#define CONSISTENCY &carnet__v1__prove_consistency_request__descriptor
#define REFRESH &carnet__v1__refresh_request__descriptor
#define TILES &carnet__v1__export_tiles_request__descriptor
#define HEALTH &grpc__health__v1__health_check_request__descriptor

static const struct service_method methods[] = {
	{TRANSFER "Check", CHECK, service_transfer_check, SERVICE_MESSAGE_MAX},
	{TRANSFER "BatchCheck", BATCH, service_transfer_batch_check, SERVICE_MESSAGE_MAX},
	{TRANSFER "FindDestinations", FIND, service_find_destinations, SERVICE_MESSAGE_MAX},
	{TRANSFER "FindRecipients", FIND, service_find_recipients, SERVICE_MESSAGE_MAX},
	{REGISTRY "Get", GET, service_registry_get, SERVICE_MESSAGE_MAX},
	{REGISTRY "List", LIST, service_registry_list, SERVICE_MESSAGE_MAX},
	{REGISTRY "History", HISTORY, service_registry_history, SERVICE_MESSAGE_MAX},
	{REGISTRY "Propose", PROPOSE, service_edit_propose, SERVICE_EDIT_MAX},
	{REGISTRY "Approve", APPROVE, service_edit_approve, SERVICE_MESSAGE_MAX},
	{REGISTRY "Reject", REJECT, service_unimplemented, SERVICE_MESSAGE_MAX},
	{REGISTRY "Withdraw", WITHDRAW, service_unimplemented, SERVICE_MESSAGE_MAX},
	{REGISTRY "ListProposals", PROPOSALS, service_unimplemented, SERVICE_MESSAGE_MAX},
	{REGISTRY "Impact", IMPACT, service_unimplemented, SERVICE_EDIT_MAX},
	{REGISTRY "Export", EXPORT, service_unimplemented, SERVICE_MESSAGE_MAX},
	{REGISTRY "Watch", WATCH, service_unimplemented, SERVICE_MESSAGE_MAX},
	{RECEIPT "Get", GET_RECEIPT, service_receipt_get, SERVICE_MESSAGE_MAX},
	{RECEIPT "List", LIST_RECEIPTS, service_unimplemented, SERVICE_MESSAGE_MAX},
	{RECEIPT "GetCheckpoint", GET_CHECKPOINT, service_receipt_get_checkpoint,
	 SERVICE_MESSAGE_MAX},
	{RECEIPT "ProveConsistency", CONSISTENCY, service_unimplemented, SERVICE_MESSAGE_MAX},
	{RECEIPT "Refresh", REFRESH, service_unimplemented, SERVICE_MESSAGE_MAX},
	{RECEIPT "ExportTiles", TILES, service_unimplemented, SERVICE_MESSAGE_MAX},
	{"/grpc.health.v1.Health/Check", HEALTH, service_health_check, SERVICE_MESSAGE_MAX},
};

const struct service_method *service_methods(size_t *count)
{
	*count = sizeof(methods) / sizeof(*methods);
	return methods;
}

void service_answer(const struct completion *completion, const ProtobufCMessage *answer)
{
	completion->done(completion->arg, answer, NULL);
}

void service_fail(const struct completion *completion, const struct failure *failure)
{
	completion->done(completion->arg, NULL, failure);
}

void service_unimplemented(struct daemon *daemon, const struct caller *caller,
			   const ProtobufCMessage *request, const struct completion *completion)
{
	struct failure failure = failure_make(RPC_UNIMPLEMENTED, "NOT_IMPLEMENTED",
					      "this carnetd does not offer this method");

	(void)daemon;
	(void)caller;
	(void)request;
	service_fail(completion, &failure);
}

bool service_is_recent(uint64_t revision, uint64_t min_revision, struct arena *arena,
		       struct failure *failure)
{
	if (revision >= min_revision)
		return true;
	*failure = failure_make(
		RPC_UNAVAILABLE, "REVISION_NOT_REACHED",
		arena_printf(arena, "the registry is at revision %llu, not yet %llu",
			     (unsigned long long)revision, (unsigned long long)min_revision));
	return false;
}

char *service_base64url(struct bytes data, struct arena *arena)
{
	struct buffer text = {0};
	char *out;

	base64url_append(&text, data);
	out = arena_string(arena, buffer_bytes(&text));
	buffer_release(&text);
	return out;
}

char *service_receipt_name(const char *origin, uint64_t index, struct arena *arena)
{
	return arena_printf(arena, "%s#%llu", origin, (unsigned long long)index);
}
