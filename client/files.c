#include "client/files.h"

#include <string.h>

#include "base/file.h"
#include "client/offline.h"

static int add(struct folder *folder, const char *path, struct problems *problems)
{
	struct buffer text = {0};
	struct error error;
	int result;

	if (strcmp(path, "-"))
		return folder_add(folder, path, problems);
	result = file_read(path, FOLDER_FILE_MAX, &text, &error);
	if (result)
		problems_add(problems, &(struct place){.file = "stdin"}, "%s", error.text);
	else
		result = folder_add_text(folder, "stdin", buffer_bytes(&text), problems);
	buffer_release(&text);
	return result;
}

static int read_all(const char *const *paths, size_t count, struct folder **out,
		    struct error *error)
{
	struct folder *folder = folder_new();
	struct problems problems;
	int result;

	problems_init(&problems);
	for (size_t i = 0; i < count; i++)
		add(folder, paths[i], &problems);
	result = offline_report(&problems, error);
	problems_release(&problems);
	if (result)
		folder_free(folder);
	*out = result ? NULL : folder;
	return result;
}

static int refuse(struct folder **folder, struct error *error, const char *text)
{
	folder_free(*folder);
	*folder = NULL;
	return error_set(error, ERR_INVALID, "%s", text);
}

int files_read_cases(const char *const *paths, size_t count, struct folder **out,
		     struct error *error)
{
	size_t records, cases;

	if (read_all(paths, count, out, error))
		return error->code;
	record_set_slices(folder_records(*out), &records);
	folder_cases(*out, &cases);
	if (records)
		return refuse(out, error,
			      "there are records among the cases; lay them over the registry with "
			      "--registry, or write them under a case's `given`");
	if (!cases)
		return refuse(out, error, "there is no case; a case is a document with `ask`");
	return 0;
}

int files_read_records(const char *const *paths, size_t count, struct folder **out,
		       struct error *error)
{
	size_t records, cases;

	if (read_all(paths, count, out, error))
		return error->code;
	record_set_slices(folder_records(*out), &records);
	folder_cases(*out, &cases);
	if (cases)
		return refuse(out, error, "there is a case among the records; leave it out");
	if (!records)
		return refuse(out, error, "there is no record; write one under its kind");
	return 0;
}
