#include "client/keep.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "receipt/receipt.h"

const char *keep_name(const Carnet__V1__Receipt *receipt, struct arena *arena)
{
	return arena_printf(arena, "%s#%" PRIu64, receipt->origin, receipt->index);
}

static bool ends_in_slash(const char *path)
{
	size_t size = strlen(path);

	return size && path[size - 1] == '/';
}

static bool is_folder(const char *path)
{
	struct stat status;

	return ends_in_slash(path) || (!stat(path, &status) && S_ISDIR(status.st_mode));
}

int keep_check(const char *path, struct error *error)
{
	if (is_folder(path) || access(path, F_OK))
		return 0;
	return error_set(error, ERR_EXISTS, "'%s' is there already; name another file", path);
}

/* The origin comes from the server: nothing in it may lead out of the folder. */
static const char *path_within(const char *folder, const Carnet__V1__Receipt *receipt,
			       struct arena *arena)
{
	char *name = arena_printf(arena, "%s.tlog-proof", keep_name(receipt, arena));

	for (char *p = name; *p; p++)
		if (*p == '/' || (*p == '.' && p == name))
			*p = '_';
	return arena_printf(arena, "%s%s%s", folder, ends_in_slash(folder) ? "" : "/", name);
}

static int write_parts(const Carnet__V1__Receipt *receipt, struct arena *arena, struct buffer *out,
		       struct error *error)
{
	struct bytes *disclosures = arena_array(arena, struct bytes, receipt->n_disclosures);
	struct digest *path = arena_array(arena, struct digest, receipt->n_path);
	struct receipt_parts parts = {
		.entry = bytes_of(receipt->leaf.data, receipt->leaf.len),
		.disclosures = disclosures,
		.disclosure_count = receipt->n_disclosures,
		.index = receipt->index,
		.path = path,
		.path_count = receipt->n_path,
		.checkpoint = bytes_of_string(receipt->checkpoint),
	};

	if (!receipt->leaf.len || !*receipt->checkpoint)
		return error_set(error, ERR_INVALID, "the server sent a receipt without its proof");
	for (size_t i = 0; i < receipt->n_disclosures; i++)
		disclosures[i] = bytes_of_string(receipt->disclosures[i]);
	for (size_t i = 0; i < receipt->n_path; i++)
		if (!hash_read(bytes_of(receipt->path[i].data, receipt->path[i].len), &path[i]))
			return error_set(error, ERR_INVALID,
					 "the server sent a receipt whose path is no path");
	return receipt_write(&parts, out, error);
}

int keep_receipt(const Carnet__V1__Receipt *receipt, const char *path, struct arena *arena,
		 const char **written, struct error *error)
{
	struct buffer text = {0};
	int result;

	*written = path;
	if (!receipt)
		return error_set(error, ERR_INVALID, "the answer has no receipt to keep");
	result = write_parts(receipt, arena, &text, error);
	if (!result && is_folder(path)) {
		result = file_make_folder(path, 0777, error);
		path = path_within(path, receipt, arena);
	}
	if (!result)
		result = keep_check(path, error);
	if (!result)
		result = file_write(path, buffer_bytes(&text), 0644, error);
	*written = path;
	buffer_release(&text);
	return result;
}
