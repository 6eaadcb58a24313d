/*
 * The TLS session of one connection: made from a context, asked who the peer
 * is, and asked what went wrong in words.
 */
#ifndef CARNET_RPC_SECURE_H
#define CARNET_RPC_SECURE_H

#include <openssl/ssl.h>

#include "base/arena.h"
#include "base/error.h"
#include "rpc/tls.h"

/* A session over the socket, which it does not own; free with SSL_free. */
SSL *secure_accepting(struct rpc_tls *tls, int fd);

/* `name` is the host name or address that the server's certificate must bear;
 * NULL if it can be neither. */
SSL *secure_connecting(struct rpc_tls *tls, int fd, const char *name);

/* True once both sides have agreed on HTTP/2. */
bool secure_is_h2(const SSL *ssl);

/* The peer's single SPIFFE URI, in the arena; empty if its certificate has not
 * exactly one. */
struct bytes secure_identity(const SSL *ssl, struct arena *arena);

/* Puts into words why `result` came back from a call on the session, and
 * returns ERR_UNAVAILABLE. */
int secure_explain(const SSL *ssl, int result, struct error *error);

#endif
