/*
 * What a developer needs beside the store: an authority, certificates, a
 * configuration, a trust policy; never for production.  All below one folder:
 *
 *	ca.pem ca.key             who signs
 *	server.pem server.key     localhost, 127.0.0.1, ::1, spiffe://carnet.dev/carnetd
 *	ROLE.pem ROLE.key         spiffe://carnet.dev/role/ROLE, for each role
 *	carnetd.yaml policy
 */
#ifndef CARNET_SERVER_DEV_FILES_H
#define CARNET_SERVER_DEV_FILES_H

#include "base/buffer.h"
#include "base/error.h"

/* Appends the `person` records of the editor and the approver, as YAML. */
void dev_files_persons(struct buffer *out);

/* Writes everything but the log's key. */
int dev_files_write(const char *folder, const char *origin, const char *node, const char *vkey,
		    const char *listen, struct error *error);

#endif
