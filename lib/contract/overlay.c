#include "contract/overlay.h"

#include "registry/compile.h"
#include "registry/validate.h"

int overlay_compile(const struct record_set *base, Carnet__V1__Record *const *given, size_t count,
		    struct world **out, struct error *error)
{
	struct record_set *set = record_set_derive(base);
	struct problems problems;
	int result;

	*out = NULL;
	problems_init(&problems);
	for (size_t i = 0; i < count; i++)
		record_set_add_given(set, given[i]);
	record_set_seal(set);
	/* The base was validated when it was made; only what is given is new. */
	result = validate_since(set, REVISION_NEWEST, &problems);
	if (!result)
		result = compile_world(set, out, &problems);
	if (result && problems_error(&problems, error))
		error_prefix(error, "given");
	problems_release(&problems);
	record_set_free(set);
	return result;
}
