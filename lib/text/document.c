#include "text/document.h"

#include <string.h>

int document_read(struct bytes content, const char *name, struct arena *arena,
		  struct documents *out, struct error *error)
{
	static const char ending[] = ".json";
	size_t size = strlen(name);
	bool json =
		size >= sizeof(ending) - 1 && !strcmp(name + size - (sizeof(ending) - 1), ending);

	return (json ? document_read_json : document_read_yaml)(content, name, arena, out, error);
}
