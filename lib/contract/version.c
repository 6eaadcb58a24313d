#include "contract/version.h"

#include "base/base64.h"
#include "contract/engine_digest.h"

const char *version_name(void)
{
	return "carnet/" ENGINE_VERSION;
}

struct digest version_engine(void)
{
	struct buffer raw = {0};
	struct digest digest = {{0}};

	if (hex_decode(&raw, BYTES_LITERAL(ENGINE_DIGEST)))
		hash_read(buffer_bytes(&raw), &digest);
	buffer_release(&raw);
	return digest;
}
