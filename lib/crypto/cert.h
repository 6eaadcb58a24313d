/*
 * X.509 certificates.
 *
 * Two uses: whom a peer's certificate names, and a certificate authority for
 * development and tests.  Identity is a SPIFFE URI (SPIFFE X509-SVID, 2): the
 * only URI among the subject alternative names.  Servers carry DNS or IP names
 * beside it, or stock clients refuse them.
 */
#ifndef CARNET_CRYPTO_CERT_H
#define CARNET_CRYPTO_CERT_H

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"

enum { CERT_DAYS_DEFAULT = 3650, CERT_URI_SIZE_MAX = 2048 };

/*
 * The SPIFFE URI of a certificate given as DER.  ERR_UNAUTHENTICATED unless it
 * has exactly one URI among its names and that one reads
 * spiffe://<trust domain>/<path>.  `*uri` is copied into the arena.
 */
int cert_spiffe_id(struct bytes der, struct arena *arena, struct bytes *uri, struct error *error);

/* The first certificate of a PEM text as DER, in the arena. */
int cert_pem_to_der(struct bytes pem, struct arena *arena, struct bytes *der, struct error *error);

/* A certificate and its private key (PKCS#8), both PEM, in the caller's arena. */
struct cert_pair {
	struct bytes certificate, key;
};

/* A self-signed authority, ECDSA P-256, valid from one hour before `now` for
 * CERT_DAYS_DEFAULT days; it can sign end certificates only. */
int cert_make_authority(const char *common_name, instant_ms now, struct arena *arena,
			struct cert_pair *out, struct error *error);

/* What to issue.  Zero members are left out. */
struct cert_request {
	const char *common_name;
	const char *spiffe_id;        /* spiffe://domain/path */
	const char *const *dns_names; /* ends with NULL */
	const char *const *ip_names;  /* "127.0.0.1", "::1"; ends with NULL */
	bool server, client;          /* extended key usages */
	int days;                     /* 0: CERT_DAYS_DEFAULT */
};

/* A certificate and a new P-256 key for `request`, signed by `authority`. */
int cert_issue(const struct cert_pair *authority, const struct cert_request *request,
	       instant_ms now, struct arena *arena, struct cert_pair *out, struct error *error);

/* Writes both files, the key with mode 0600 and first. */
int cert_write(const struct cert_pair *pair, const char *certificate_path, const char *key_path,
	       struct error *error);

#endif
