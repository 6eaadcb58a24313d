/* The identity in a peer's certificate, PEM files, and keys. */
#include <assert.h>

#include "crypto/cert.h"
#include "crypto/ed25519.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size), uri, der;
	struct arena *arena = arena_new(0);
	struct ed25519_public key;
	struct error error = {0};

	if (cert_spiffe_id(input, arena, &uri, &error) == 0) {
		assert(uri.size <= CERT_URI_SIZE_MAX && bytes_are_text(uri));
		assert(bytes_start_with(uri, "spiffe://"));
	} else {
		assert(error.code == ERR_UNAUTHENTICATED);
	}
	if (cert_pem_to_der(input, arena, &der, &error) == 0)
		cert_spiffe_id(der, arena, &uri, &error);
	if (ed25519_load_public(input, &key, &error) == 0)
		assert(input.size == sizeof(key.bytes));
	arena_free(arena);
	return 0;
}
