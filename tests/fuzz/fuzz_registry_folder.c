/*
 * Documents as strangers would write a registry: read, validated, compiled.
 * What validation lets pass must compile, and keep its digest as JSON.
 */
#include <stdlib.h>

#include "registry/compile.h"
#include "registry/folder.h"
#include "registry/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int check_digest(void *arg, const struct record_slice *slice)
{
	struct folder *folder = folder_new();
	struct problems problems;
	struct buffer json = {0};
	size_t count;
	const struct record_slice *const *slices;

	(void)arg;
	problems_init(&problems);
	record_json(slice->record, &json);
	if (folder_add_text(folder, "again.json", buffer_bytes(&json), &problems))
		abort();
	slices = record_set_slices(folder_records(folder), &count);
	if (count != 1 || !hash_equal(&slices[0]->digest, &slice->digest))
		abort();
	buffer_release(&json);
	problems_release(&problems);
	folder_free(folder);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct folder *folder = folder_new();
	struct problems problems;
	struct world *world = NULL;
	const char *name = size && data[0] == '{' ? "fuzz.json" : "fuzz.yaml";

	problems_init(&problems);
	folder_add_text(folder, name, bytes_of(data, size), &problems);
	record_set_each(folder_records(folder), REVISION_NEWEST, check_digest, NULL);
	if (validate_set(folder_records(folder), &problems) == 0 &&
	    compile_world(folder_records(folder), &world, &problems))
		abort();
	world_free(world);
	problems_release(&problems);
	folder_free(folder);
	return 0;
}
