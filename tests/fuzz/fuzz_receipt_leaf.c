/* Leaves and disclosures: what is read is written again as it was. */
#include <stdlib.h>

#include "receipt/canonical.h"
#include "receipt/leaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct arena *arena = arena_new(0);
	struct buffer again = {0};
	struct leaf_opened opened;
	struct leaf leaf = {0};

	if (leaf_parse(input, &leaf, NULL) == 0) {
		leaf_encode(&leaf, &again);
		if (!bytes_equal(buffer_bytes(&again), input))
			abort();
	}
	canonical_check(input, LEAF_VALUE_DEPTH_MAX, NULL);
	leaf.sd[0] = hash_of(input); /* or nothing would ever be opened */
	leaf_open(&leaf, input, arena, &opened, NULL);
	buffer_release(&again);
	arena_free(arena);
	return 0;
}
