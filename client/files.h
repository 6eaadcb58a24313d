/*
 * The files that commands are given: cases with -f, records with --given and
 * for proposals.  `-` is standard input.
 */
#ifndef CARNET_CLIENT_FILES_H
#define CARNET_CLIENT_FILES_H

#include "registry/folder.h"

/*
 * Reads files (or folders) of which each must hold only cases, or only records.
 * What is wrong is said on stderr; the error's line counts it.  The folder is
 * the caller's to folder_free.
 */
int files_read_cases(const char *const *paths, size_t count, struct folder **out,
		     struct error *error);
int files_read_records(const char *const *paths, size_t count, struct folder **out,
		       struct error *error);

#endif
