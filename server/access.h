/*
 * Who may do what: roles by patterns of identity, from the configuration.
 * What no rule grants is denied.  Rules that match add up.
 */
#ifndef CARNET_SERVER_ACCESS_H
#define CARNET_SERVER_ACCESS_H

#include "base/arena.h"
#include "base/error.h"
#include "carnet/v1/config.pb-c.h"

enum role {
	ROLE_CHECKER,
	ROLE_EDITOR,
	ROLE_APPROVER,
	ROLE_AUDITOR,
	ROLE_OPERATOR,
	ROLE_COUNT,
};

/* "checker" */
const char *access_role_name(enum role role);

/* What the rules give to one identity. */
struct access_grant {
	unsigned roles; /* bits 1 << enum role */
	bool any_exporter;
	const char **exporters; /* that a checker may ask for */
	size_t exporter_count;
};

/* ERR_INVALID, naming the rule: unknown roles, patterns that are no SPIFFE
 * URI, checkers without exporters. */
int access_check(const Carnet__V1__ServerConfig *config, struct error *error);

/* Adds up the rules for an identity; the list lives in the arena. */
struct access_grant access_grant_of(const Carnet__V1__ServerConfig *config, struct bytes identity,
				    struct arena *arena);

#endif
