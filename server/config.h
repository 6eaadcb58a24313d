/*
 * carnetd's configuration: one YAML file (proto/carnet/v1/config.proto), flags
 * over it, defaults under it.
 *
 * Paths in the file are relative to the file's own folder.  A configuration
 * that cannot work is refused when it is read, with the reason and the cure; of
 * fields that cannot be read, all are named at once.
 */
#ifndef CARNET_SERVER_CONFIG_H
#define CARNET_SERVER_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "carnet/v1/config.pb-c.h"

enum { CONFIG_SIZE_MAX = 1024 * 1024, CONFIG_LOOPS_MAX = 64 };

/* What stands over the file; NULL and 0: nothing. */
struct config_flags {
	const char *listen;
	const char *data;
	uint32_t loops;
};

/* With every default filled in, and all paths complete.  Lives in an arena. */
struct config {
	const Carnet__V1__ServerConfig *message;
	const char *host;
	uint16_t port;
};

/* Reads the text of a configuration that stands at `path`; looks at none of the files and folders
 * that it names. */
int config_parse(struct bytes text, const char *path, const struct config_flags *flags,
		 struct arena *arena, struct config *out, struct error *error);

/* Reads the file, and whether what it names is there and can be used. */
int config_read(const char *path, const struct config_flags *flags, struct arena *arena,
		struct config *out, struct error *error);

#endif
