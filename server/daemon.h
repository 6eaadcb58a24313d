/*
 * The daemon without its doors: store, journal, registry, and who may use them.
 * Services work on it; doors, tests and main own one.
 */
#ifndef CARNET_SERVER_DAEMON_H
#define CARNET_SERVER_DAEMON_H

#include <stdatomic.h>

#include "server/config.h"
#include "server/journal.h"
#include "server/snapshot.h"
#include "server/source.h"
#include "server/answers.h"
#include "server/aside.h"

struct daemon {
	const Carnet__V1__ServerConfig *config; /* outlives the node */
	struct ed25519_key *key;
	char *vkey; /* the log's, as text */
	struct store *store;
	struct journal *journal;
	struct snapshot_slot registry;
	struct source *source;
	struct aside *aside;
	struct answers *answers;
	atomic_bool serving;  /* what health says; false while starting and draining */
	atomic_uint searches; /* under way, over all loops */
	bool has_registry;
};

/*
 * Opens everything.  Refuses a store that is damaged, older than its high-water
 * file or of another origin, and an origin that the registry does not list as
 * a record of kind log with this key.
 */
int daemon_open(const struct config *config, struct daemon **out, struct error *error);

/* When nobody calls services any more: finishes edits and receipts under way and
 * ends the threads.  What they completed is then posted to the callers' loops,
 * which must run it before daemon_close. */
void daemon_stop(struct daemon *daemon);
void daemon_close(struct daemon *daemon);

/* 0 if the newest records list the log `origin` under the key `vkey`, open on
 * the day; else ERR_WRONG_STATE. */
int daemon_check_log(const struct record_set *records, const char *origin, const char *vkey, day on,
		     struct error *error);

#endif
