#include "rpc/tls.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/memory.h"

struct rpc_tls {
	atomic_uint references;
	SSL_CTX *context;
};

static const uint8_t alpn_h2[] = {2, 'h', '2'};

/* The cause stands first in OpenSSL's error queue, which is emptied. */
static int refuse(struct error *error, const char *what, const char *path)
{
	unsigned long code = ERR_peek_error();
	const char *reason = ERR_reason_error_string(code);

	if (ERR_SYSTEM_ERROR(code))
		reason = strerror(ERR_GET_REASON(code));
	error_set(error, ERR_INVALID, "cannot use %s '%s': %s", what, path ? path : "",
		  path ? (reason ? reason : "unknown reason") : "no file is given");
	ERR_clear_error();
	return ERR_INVALID;
}

static int load_files(SSL_CTX *context, const struct rpc_tls_files *files, struct error *error)
{
	ERR_clear_error();
	if (!files->certificate ||
	    SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1)
		return refuse(error, "certificate", files->certificate);
	/* OpenSSL compares the key with the certificate as it reads it. */
	if (!files->key || SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1)
		return refuse(error, "private key", files->key);
	if (!files->ca || SSL_CTX_load_verify_file(context, files->ca) != 1)
		return refuse(error, "certificate authority", files->ca);
	return 0;
}

static int select_protocol(SSL *ssl, const uint8_t **out, uint8_t *out_size, const uint8_t *in,
			   unsigned in_size, void *arg)
{
	(void)ssl;
	(void)arg;
	for (unsigned at = 0; at < in_size; at += 1u + in[at]) {
		if (in[at] == 2 && in_size - at > 2 && memcmp(in + at, alpn_h2, 3) == 0) {
			*out = in + at + 1;
			*out_size = 2;
			return SSL_TLSEXT_ERR_OK;
		}
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void harden(SSL_CTX *context)
{
	SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
	SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
	/* A peer that closes its socket without a word has gone; HTTP/2 knows where its
	 * messages end, so a cut is noticed anyway. */
	SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_TICKET |
					     SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	/* A client that closes with unread tickets in its socket would send RST. */
	SSL_CTX_set_num_tickets(context, 0);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
					  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
					  SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(context, 1);
}

static int new_tls(const SSL_METHOD *method, const struct rpc_tls_files *files,
		   struct rpc_tls **out, struct error *error)
{
	struct rpc_tls *tls = memory_new(sizeof(*tls));
	int result;

	*out = NULL;
	atomic_init(&tls->references, 1);
	tls->context = SSL_CTX_new(method);
	if (!tls->context) {
		free(tls);
		return error_set(error, ERR_SYSTEM, "OpenSSL cannot make a TLS context");
	}
	harden(tls->context);
	result = load_files(tls->context, files, error);
	if (result) {
		rpc_tls_release(tls);
		return result;
	}
	*out = tls;
	return 0;
}

int rpc_tls_new_server(const struct rpc_tls_files *files, struct rpc_tls **out, struct error *error)
{
	int result = new_tls(TLS_server_method(), files, out, error);
	STACK_OF(X509_NAME) * names;

	if (result)
		return result;
	SSL_CTX_set_verify((*out)->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			   NULL);
	/* Clients with several certificates choose by these names. */
	names = SSL_load_client_CA_file(files->ca);
	if (names)
		SSL_CTX_set_client_CA_list((*out)->context, names);
	SSL_CTX_set_alpn_select_cb((*out)->context, select_protocol, NULL);
	return 0;
}

int rpc_tls_new_client(const struct rpc_tls_files *files, struct rpc_tls **out, struct error *error)
{
	int result = new_tls(TLS_client_method(), files, out, error);

	if (result)
		return result;
	SSL_CTX_set_verify((*out)->context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_alpn_protos((*out)->context, alpn_h2, sizeof(alpn_h2));
	return 0;
}

struct rpc_tls *rpc_tls_hold(struct rpc_tls *tls)
{
	atomic_fetch_add(&tls->references, 1);
	return tls;
}

void rpc_tls_release(struct rpc_tls *tls)
{
	if (!tls || atomic_fetch_sub(&tls->references, 1) != 1)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}

struct ssl_ctx_st *rpc_tls_context(const struct rpc_tls *tls)
{
	return tls->context;
}
