#include "client/offline.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "registry/compile.h"
#include "registry/revision.h"
#include "registry/validate.h"

struct offline {
	struct folder *folder;
	struct world *world;
	struct case_registry registry;
};

int offline_report(const struct problems *problems, struct error *error)
{
	struct buffer text = {0};

	if (!problems->total)
		return 0;
	problems_print(problems, &text);
	fwrite(text.data, 1, text.size, stderr);
	buffer_release(&text);
	return error_set(error, ERR_INVALID, "%zu problem%s, see above", problems->total,
			 problems->total == 1 ? "" : "s");
}

static void describe(struct offline *offline, const struct record_set *records)
{
	offline->registry = (struct case_registry){
		.records = records,
		.world = offline->world,
		.revision = FOLDER_REVISION,
		.today = instant_day(instant_now()),
		.place = {.revision_digest = revision_digest(records, REVISION_NEWEST)},
	};
}

static int load(struct offline *offline, const char *const *folders, size_t count,
		struct problems *problems)
{
	const struct record_set *records;
	int result = 0;

	/* All folders are read, so that one run shows all there is to cure. */
	for (size_t i = 0; i < count; i++)
		if (folder_add(offline->folder, folders[i], problems))
			result = ERR_INVALID;
	if (result)
		return result;
	records = folder_records(offline->folder);
	if (validate_set(records, problems) || compile_world(records, &offline->world, problems))
		return ERR_INVALID;
	describe(offline, records);
	return 0;
}

int offline_open(const char *const *folders, size_t count, struct offline **out,
		 struct error *error)
{
	struct offline *offline = memory_new(sizeof(*offline));
	struct problems problems;
	int result;

	problems_init(&problems);
	offline->folder = folder_new();
	result = load(offline, folders, count, &problems);
	if (result) {
		offline_report(&problems, error);
		offline_close(offline);
		offline = NULL;
	}
	problems_release(&problems);
	*out = offline;
	return result;
}

void offline_close(struct offline *offline)
{
	if (!offline)
		return;
	world_free(offline->world);
	folder_free(offline->folder);
	free(offline);
}

const struct case_registry *offline_registry(const struct offline *offline)
{
	return &offline->registry;
}

const struct folder_case *offline_cases(const struct offline *offline, size_t *count)
{
	return folder_cases(offline->folder, count);
}
