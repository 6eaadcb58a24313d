/*
 * Sockets by host and port.  A host is a name or an address (IPv4 or IPv6);
 * looking up a name may block.  Sockets are non-blocking and closed on exec.
 */
#ifndef CARNET_RPC_ADDRESS_H
#define CARNET_RPC_ADDRESS_H

#include <stdint.h>

#include "base/error.h"

struct addrinfo;

/* Binds the first address of the host and listens.  ERR_EXISTS if somebody
 * listens there already, ERR_INVALID if there is no such host. */
int address_listen(const char *host, uint16_t port, int *fd, struct error *error);

/* The port that a socket is bound to. */
uint16_t address_port(int fd);

/* All addresses of the host, for freeaddrinfo.  ERR_UNAVAILABLE if none. */
int address_resolve(const char *host, uint16_t port, struct addrinfo **list, struct error *error);

/* Begins to connect: the socket becomes writable once that is done or has failed. */
int address_connect(const struct addrinfo *address, int *fd, struct error *error);

/* How connecting went, for a socket that has become writable. */
int address_connected(int fd, struct error *error);

/* Small answers leave at once. */
void address_set_no_delay(int fd);

#endif
