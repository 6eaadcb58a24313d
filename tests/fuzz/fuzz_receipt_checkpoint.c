/* Checkpoints, and the keys they are verified with. */
#include "receipt/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct arena *arena = arena_new(0);
	struct checkpoint checkpoint;
	struct vkey vkey;
	uint64_t time;

	vkey_parse(input, &vkey, NULL);
	if (checkpoint_parse(input, arena, &checkpoint, NULL) == 0) {
		static const struct ed25519_public public = {{3}};
		const struct checkpoint_signature *last =
			&checkpoint.signatures[checkpoint.signature_count - 1];

		/* A key of the last line's name and id, so that signatures are looked at. */
		vkey_make(last->name, VKEY_NOTE, &public, &vkey);
		for (size_t i = 0; i < VKEY_ID_SIZE; i++)
			vkey.id[i] = last->id[i];
		checkpoint_verify(&checkpoint, &vkey, NULL);
		checkpoint_verify_cosignature(&checkpoint, &vkey, &time, NULL);
	}
	arena_free(arena);
	return 0;
}
