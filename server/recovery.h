/*
 * Is the log on disk the one that we signed, and the newest?
 *
 * Asked once, before the journal signs anything: the stored tree must have the
 * root that its checkpoint signs under our key, the entries must end where it
 * ends, the last batch must rebuild to its leaves, and the log must contain
 * what its high-water file remembers.  If not, the journal does not open: two
 * histories under one origin are worse than none.
 */
#ifndef CARNET_SERVER_RECOVERY_H
#define CARNET_SERVER_RECOVERY_H

#include "receipt/vkey.h"
#include "server/growth.h"
#include "server/high_water.h"

struct recovery {
	struct store *store;
	const struct vkey *key;        /* ours; its name is the origin */
	const struct high_water *mark; /* NULL: none */
};

/* Loads an empty `growth`, and the time of the last entry.  ERR_CORRUPT for a
 * damaged store, ERR_WRONG_STATE for another log or an older copy. */
int recovery_check(const struct recovery *recovery, struct growth *growth, uint64_t *iat,
		   struct error *error);

#endif
