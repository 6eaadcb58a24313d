/*
 * Whole files.  Errors name the path and the operating system's reason.
 */
#ifndef CARNET_BASE_FILE_H
#define CARNET_BASE_FILE_H

#include "base/buffer.h"
#include "base/error.h"

/* Appends the file's content; ERR_LIMIT if it holds more than `limit` bytes.
 * The path "-" is standard input. */
int file_read(const char *path, size_t limit, struct buffer *out, struct error *error);

/* Writes beside the path, syncs, renames over it: whole or not at all. */
int file_write(const char *path, struct bytes content, unsigned mode, struct error *error);

/* Makes a folder and its parents; one that is there already is no error. */
int file_make_folder(const char *path, unsigned mode, struct error *error);

/*
 * Calls `visit` for each regular file below `path` (or for `path` itself) whose
 * name ends in `suffix`, in byte order of their paths, hidden ones left out.
 * Stops at the first that returns other than 0 and returns that.
 */
typedef int file_visit(void *arg, const char *path, struct error *error);
int file_walk(const char *path, const char *suffix, file_visit *visit, void *arg,
	      struct error *error);

#endif
