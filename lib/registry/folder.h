/*
 * Records and cases as people keep them: folders of YAML and JSON.
 *
 * Reads *.yaml, *.yml and *.json below a folder (or one such file) in the byte
 * order of their paths.  A YAML file may hold several documents, each one
 * record, a mapping with one key, its kind; a document with `ask` is a case.
 *
 * Folders lie over each other in the order they are added: the same (kind, id,
 * from) in a later one replaces the earlier.  Twice within one folder is a
 * problem that names both places.
 *
 * The command line, `carnetd init` and the tests use it.
 */
#ifndef CARNET_REGISTRY_FOLDER_H
#define CARNET_REGISTRY_FOLDER_H

#include "registry/problems.h"
#include "registry/record_set.h"

/* All records of a folder come with this revision. */
enum { FOLDER_REVISION = 1 };

/* Limits: one file, all files. */
enum {
	FOLDER_FILE_MAX = 64 * 1024 * 1024,
	FOLDER_RECORDS_MAX = 4 * 1000 * 1000,
};

struct folder_case {
	const Carnet__V1__Case *message;
	const char *file;
	unsigned line;
};

struct folder;

struct folder *folder_new(void);
void folder_free(struct folder *folder);

/* Reads one folder tree or one file.  0, or ERR_INVALID with what is wrong added to the
 * problems; what could be read is kept either way. */
int folder_add(struct folder *folder, const char *path, struct problems *problems);

/* The same for text in memory, YAML or, if `name` ends in .json, JSON; it counts as a
 * folder of its own, and `name` stands for its path. */
int folder_add_text(struct folder *folder, const char *name, struct bytes text,
		    struct problems *problems);

/* Ends reading: the records, sealed, with revision FOLDER_REVISION.  The set is
 * the folder's: derive from it to keep records longer. */
const struct record_set *folder_records(struct folder *folder);

/* The cases, in the order read; they live as long as the folder. */
const struct folder_case *folder_cases(const struct folder *folder, size_t *count);

#endif
