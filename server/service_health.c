/* Health, as every gRPC tool asks it.  For anybody whose certificate we accept. */
#include "server/service.h"

#include <string.h>

#include "grpc/health/v1/health.pb-c.h"
#include "text/allocator.h"

static const char *const names[] = {"", "carnet.v1.TransferService", "carnet.v1.RegistryService",
				    "carnet.v1.ReceiptService"};

int service_health_status(struct daemon *daemon, const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return atomic_load(&daemon->serving)
				       ? GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING
				       : GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING;
	return GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN;
}

void service_health_check(struct daemon *daemon, const struct caller *caller,
			  const ProtobufCMessage *message, const struct completion *completion)
{
	const Grpc__Health__V1__HealthCheckRequest *request =
		(const Grpc__Health__V1__HealthCheckRequest *)message;
	int status = service_health_status(daemon, request->service);
	Grpc__Health__V1__HealthCheckResponse *response;
	struct failure failure;

	(void)caller;
	if (status == GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN) {
		failure = failure_make(RPC_NOT_FOUND, "UNKNOWN_SERVICE",
				       "there is no such service here");
		service_fail(completion, &failure);
		return;
	}
	response = allocator_message(completion->arena,
				     &grpc__health__v1__health_check_response__descriptor);
	response->status = status;
	service_answer(completion, &response->base);
}
