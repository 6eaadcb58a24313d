/* Trust policies. */
#include "receipt/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char note[] = "log.example/n1-2026h2\n7\n"
				   "R1Zap2dRfWHIs4sOQXmc2VckxrRkcJv3x2CvC5mT0aY=\n\n"
				   "\xe2\x80\x94 log.example/n1-2026h2 AAAAAAA=\n";
	struct arena *arena = arena_new(0);
	struct checkpoint checkpoint;
	struct policy *policy;

	if (policy_parse(bytes_of(data, size), arena, &policy, NULL) == 0 &&
	    checkpoint_parse(bytes_of_string(note), arena, &checkpoint, NULL) == 0)
		policy_check(policy, &checkpoint, arena, NULL, NULL);
	arena_free(arena);
	return 0;
}
