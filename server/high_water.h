/*
 * What the log's size and root were, remembered outside the data folder: a
 * backup put back in its place is noticed before it signs a second history.
 *
 *	<origin> <size, 20 digits> <root, 64 hexadecimal digits>\n
 *
 * Written after each commit, without a sync of its own: it is a witness against
 * mistakes, not against whoever can write it.
 */
#ifndef CARNET_SERVER_HIGH_WATER_H
#define CARNET_SERVER_HIGH_WATER_H

#include "base/error.h"
#include "crypto/hash.h"

struct high_water {
	int file;
	char *origin;
	uint64_t size; /* as the file said when it was opened; 0: it was new */
	struct digest root;
};

/* Opens the file, makes it if it is missing.  ERR_WRONG_STATE if it speaks of another
 * origin or cannot be read as the line above. */
int high_water_open(const char *path, const char *origin, struct high_water *out,
		    struct error *error);
void high_water_close(struct high_water *mark);

int high_water_write(const struct high_water *mark, uint64_t size, const struct digest *root,
		     struct error *error);

#endif
