/*
 * Who may talk to us, and whom we talk to: TLS 1.3 contexts.
 *
 * A context holds one side's certificate chain, private key and the CA that
 * must have issued the other side's certificate.  There is nothing to relax:
 * TLS 1.3 only, ALPN `h2`, a certificate demanded from both sides.  The other
 * side's name is the single SPIFFE URI of its certificate.
 *
 * A context never changes.  To reload, make another one and hand it over
 * (rpc_server_set_tls, rpc_client_set_tls): connections already open keep the
 * one they began with, which lives until the last of them is gone.
 */
#ifndef CARNET_RPC_TLS_H
#define CARNET_RPC_TLS_H

#include "base/error.h"

/* Counted references; may be held and released on any thread. */
struct rpc_tls;

/* PEM files.  The certificate file may carry its chain after the leaf. */
struct rpc_tls_files {
	const char *certificate;
	const char *key;
	const char *ca;
};

/*
 * Reads the files and makes a context, with one reference, for the side that
 * listens or the side that connects.  ERR_INVALID names the file that cannot
 * be used and why (also a key that does not belong to the certificate).
 */
int rpc_tls_new_server(const struct rpc_tls_files *files, struct rpc_tls **out,
		       struct error *error);
int rpc_tls_new_client(const struct rpc_tls_files *files, struct rpc_tls **out,
		       struct error *error);

struct rpc_tls *rpc_tls_hold(struct rpc_tls *tls);

/* Gives one reference back; NULL does nothing. */
void rpc_tls_release(struct rpc_tls *tls);

/* OpenSSL's view of it, for the sessions made from it (secure.h). */
struct ssl_ctx_st *rpc_tls_context(const struct rpc_tls *tls);

#endif
