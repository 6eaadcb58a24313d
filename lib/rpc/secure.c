#include "rpc/secure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/memory.h"
#include "crypto/cert.h"

static SSL *session_new(struct rpc_tls *tls, int fd)
{
	SSL *ssl = SSL_new(rpc_tls_context(tls));

	/* Both fail only for want of memory. */
	if (!ssl || SSL_set_fd(ssl, fd) != 1)
		abort();
	return ssl;
}

SSL *secure_accepting(struct rpc_tls *tls, int fd)
{
	SSL *ssl = session_new(tls, fd);

	SSL_set_accept_state(ssl);
	return ssl;
}

/* OpenSSL's macro wants to write to the name, and does not. */
static bool send_name(SSL *ssl, const char *name)
{
	char *copy = memory_copy_string(name);
	bool taken = SSL_set_tlsext_host_name(ssl, copy) == 1;

	free(copy);
	return taken;
}

SSL *secure_connecting(struct rpc_tls *tls, int fd, const char *name)
{
	SSL *ssl = session_new(tls, fd);
	X509_VERIFY_PARAM *verify = SSL_get0_param(ssl);

	SSL_set_connect_state(ssl);
	X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	/* An address matches an IP name only, and is never sent as SNI (RFC 6066, 3).  A name
	 * that cannot be set must not leave the check out: an empty one would. */
	if (X509_VERIFY_PARAM_set1_ip_asc(verify, name) == 1)
		return ssl;
	if (name[0] && X509_VERIFY_PARAM_set1_host(verify, name, 0) == 1 && send_name(ssl, name))
		return ssl;
	SSL_free(ssl);
	return NULL;
}

bool secure_is_h2(const SSL *ssl)
{
	const uint8_t *protocol;
	unsigned size;

	SSL_get0_alpn_selected(ssl, &protocol, &size);
	return size == 2 && memcmp(protocol, "h2", 2) == 0;
}

struct bytes secure_identity(const SSL *ssl, struct arena *arena)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	struct bytes uri = {0};
	uint8_t *der = NULL;
	int size;

	size = certificate ? i2d_X509(certificate, &der) : -1;
	if (size < 0)
		return uri;
	if (cert_spiffe_id(bytes_of(der, (size_t)size), arena, &uri, NULL))
		uri = bytes_of(NULL, 0);
	OPENSSL_free(der);
	return uri;
}

/* The alerts that a peer sends about us deserve plain words. */
static const char *plain_reason(unsigned long code)
{
	switch (ERR_GET_REASON(code)) {
	case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
		return "the other side demands a certificate";
	case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
		return "the other side does not know the authority of our certificate";
	case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
		return "the other side refuses our certificate";
	case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
		return "the other side says that our certificate has expired";
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
	case SSL_R_UNSUPPORTED_PROTOCOL:
		return "one side does not speak TLS 1.3";
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
		return "the other side does not speak TLS";
	default:
		return ERR_reason_error_string(code);
	}
}

int secure_explain(const SSL *ssl, int result, struct error *error)
{
	int kind = SSL_get_error(ssl, result), system = errno;
	unsigned long code = ERR_peek_error();
	long verdict = SSL_get_verify_result(ssl);
	const char *reason;

	if (kind == SSL_ERROR_ZERO_RETURN || (kind == SSL_ERROR_SYSCALL && system == 0))
		reason = "the other side closed the connection";
	else if (kind == SSL_ERROR_SYSCALL)
		reason = strerror(system);
	else if (ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
		reason = X509_verify_cert_error_string(verdict);
	else
		reason = plain_reason(code);
	ERR_clear_error();
	return error_set(error, ERR_UNAVAILABLE, "%s", reason ? reason : "TLS failed");
}
