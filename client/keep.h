/*
 * Receipts as files: what `check --receipt` writes, before the answer is shown.
 */
#ifndef CARNET_CLIENT_KEEP_H
#define CARNET_CLIENT_KEEP_H

#include "base/arena.h"
#include "base/error.h"
#include "carnet/v1/receipt.pb-c.h"

/* "log.example/n1-2026h2#70000": the receipt's one short name, in the arena. */
const char *keep_name(const Carnet__V1__Receipt *receipt, struct arena *arena);

/* ERR_EXISTS if `path` is a file that is there already: to be asked before the
 * question is, so that no answer is lost over it. */
int keep_check(const char *path, struct error *error);

/*
 * Writes a receipt as a tlog-proof file, whole or not at all, to `path`; into
 * a folder, under the receipt's name with `_` for slashes and ".tlog-proof".
 * `written` is the path that was used, in the arena.  Never replaces a file.
 */
int keep_receipt(const Carnet__V1__Receipt *receipt, const char *path, struct arena *arena,
		 const char **written, struct error *error);

#endif
