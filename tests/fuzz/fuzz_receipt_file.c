/* Whole receipt files, under a policy that knows the log of the corpus. */
#include <stdlib.h>

#include "receipt/proof.h"
#include "receipt/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The key of the seed 01 07 00 00 ..., which signed the corpus. */
static const char trusted[] =
	"log log.example/n1-2026h2+fc4865ce+AXs+vDtTc1ugWyTe9p8+vTkvGGvmAqeKzobtugNXE8QI\nquorum "
	"none\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct arena *arena = arena_new(0);
	struct buffer again = {0};
	struct policy *policy;
	struct receipt receipt;
	struct proof proof;

	if (policy_parse(bytes_of_string(trusted), arena, &policy, NULL))
		abort();
	if (proof_parse(input, arena, &proof, NULL) == 0) {
		if (proof_write(&proof, &again, NULL) || !bytes_equal(buffer_bytes(&again), input))
			abort();
	}
	receipt_verify(input, policy, arena, &receipt, NULL);
	buffer_release(&again);
	arena_free(arena);
	return 0;
}
