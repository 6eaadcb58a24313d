/*
 * `carnetd init`: a registry from folders, and the log's first entry.
 *
 * Everything is checked before anything is written: all that is wrong with the folders is
 * printed, with file, line and cure.  Then revision 1 is stored together with
 * its `revision` leaf, and with a record of kind log for the log itself.
 */
#ifndef CARNET_SERVER_INIT_H
#define CARNET_SERVER_INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct init_options {
	const char *data;           /* the data folder; missing, or empty */
	const char *const *folders; /* of records, later ones over earlier ones */
	size_t folder_count;
	const char *origin; /* of the log */
	const char *node;
	const char *log_key;    /* made if it is missing; not with `dev` */
	const char *high_water; /* may be NULL; not with `dev` */

	/*
	 * For development, all in `data`: the store in `data`/store, keys and
	 * certificates of a new authority for the server (localhost, 127.0.0.1)
	 * and for one client per role, persons for editor and approver, a trust
	 * policy, and a configuration that puts them together (carnetd.yaml).
	 */
	bool dev;
	const char *listen; /* for the configuration; NULL: 127.0.0.1:7443 */
};

/* What was made. */
struct init_result {
	size_t records;
	char digest[44]; /* of revision 1, base64url */
};

/* ERR_INVALID when the folders are wrong: each problem was printed to stderr. */
int init_run(const struct init_options *options, struct init_result *out, struct error *error);

#endif
