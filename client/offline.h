/*
 * A registry read from folders: what --registry DIR gives, with no server.
 *
 * Every folder after the first lies over those before it.  What is wrong with
 * the records is said on stderr, all of it, before the first answer.
 */
#ifndef CARNET_CLIENT_OFFLINE_H
#define CARNET_CLIENT_OFFLINE_H

#include "contract/case.h"
#include "registry/folder.h"

struct offline;

/* Reads, validates and compiles.  The error's line counts the problems that
 * were printed.  Lives until offline_close; so do the registry and cases below. */
int offline_open(const char *const *folders, size_t count, struct offline **out,
		 struct error *error);
void offline_close(struct offline *offline);

/* What cases are asked of: today's date, nothing live. */
const struct case_registry *offline_registry(const struct offline *offline);

/* The cases that stand in the folders among the records. */
const struct folder_case *offline_cases(const struct offline *offline, size_t *count);

/* Prints problems to stderr; 0 if there are none, else ERR_INVALID with their number. */
int offline_report(const struct problems *problems, struct error *error);

#endif
