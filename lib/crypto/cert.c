#include "crypto/cert.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/buffer.h"
#include "base/file.h"
#include "crypto/random.h"

static int read_der(struct bytes der, X509 **out, struct error *error)
{
	const uint8_t *at = der.data;

	*out = der.size && der.size <= LONG_MAX ? d2i_X509(NULL, &at, (long)der.size) : NULL;
	if (*out && at == der.data + der.size)
		return 0;
	X509_free(*out);
	return error_set(error, ERR_UNAUTHENTICATED, "the certificate is not valid DER");
}

/* The only URI among the names; others are of no concern here. */
static int find_uri(const GENERAL_NAMES *names, struct bytes *uri, struct error *error)
{
	int count = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const ASN1_IA5STRING *text = name->d.uniformResourceIdentifier;

		if (name->type != GEN_URI)
			continue;
		count++;
		*uri = bytes_of(ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
	}
	if (count == 1)
		return 0;
	return error_set(error, ERR_UNAUTHENTICATED,
			 "the certificate names %d URIs, it must name exactly one SPIFFE URI",
			 count);
}

static bool is_domain_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

static bool is_path_char(uint8_t c)
{
	return is_domain_char(c) || (c >= 'A' && c <= 'Z');
}

/* SPIFFE-ID, 2: lower-case domain, segments neither empty nor dots. */
static bool is_spiffe_path(struct bytes path)
{
	while (path.data) {
		struct bytes segment;

		path = bytes_cut(path, '/', &segment);
		if (!segment.size || bytes_equal_string(segment, ".") ||
		    bytes_equal_string(segment, ".."))
			return false;
		for (size_t i = 0; i < segment.size; i++)
			if (!is_path_char(segment.data[i]))
				return false;
	}
	return true;
}

static bool is_spiffe_id(struct bytes uri)
{
	struct bytes domain, path;

	if (!bytes_start_with(uri, "spiffe://") || uri.size > CERT_URI_SIZE_MAX)
		return false;
	path = bytes_cut(bytes_skip(uri, strlen("spiffe://")), '/', &domain);
	if (!path.data || !domain.size || domain.size > 255)
		return false;
	for (size_t i = 0; i < domain.size; i++)
		if (!is_domain_char(domain.data[i]))
			return false;
	return is_spiffe_path(path);
}

static int take_spiffe_id(X509 *certificate, struct arena *arena, struct bytes *uri,
			  struct error *error)
{
	/* -1: absent; -2: the extension stands there twice; else it does not parse. */
	int state = 0;
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, &state, NULL);
	int result;

	if (!names)
		return error_set(error, ERR_UNAUTHENTICATED,
				 state == -1 ? "the certificate has no alternative names, so no "
					       "SPIFFE URI"
					     : "the certificate's alternative names are malformed");
	result = find_uri(names, uri, error);
	if (!result && !is_spiffe_id(*uri))
		result = error_set(error, ERR_UNAUTHENTICATED,
				   "the certificate's URI is not spiffe://<domain>/<path>");
	if (!result)
		*uri = arena_copy(arena, *uri);
	GENERAL_NAMES_free(names);
	return result;
}

int cert_spiffe_id(struct bytes der, struct arena *arena, struct bytes *uri, struct error *error)
{
	X509 *certificate;
	int result;

	ERR_set_mark();
	result = read_der(der, &certificate, error);
	if (!result) {
		result = take_spiffe_id(certificate, arena, uri, error);
		X509_free(certificate);
	}
	ERR_pop_to_mark();
	return result;
}

static X509 *read_pem(struct bytes pem)
{
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	return certificate;
}

static EVP_PKEY *read_key(struct bytes pem)
{
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	return key;
}

int cert_pem_to_der(struct bytes pem, struct arena *arena, struct bytes *der, struct error *error)
{
	X509 *certificate;
	uint8_t *data = NULL;
	int size;

	ERR_set_mark();
	certificate = pem.size && pem.size <= INT_MAX ? read_pem(pem) : NULL;
	size = certificate ? i2d_X509(certificate, &data) : -1;
	X509_free(certificate);
	ERR_pop_to_mark();
	if (size <= 0)
		return error_set(error, ERR_INVALID, "the text holds no certificate in PEM");
	*der = arena_copy(arena, bytes_of(data, (size_t)size));
	OPENSSL_free(data);
	return 0;
}

/* One step of making a certificate: what libcrypto said, if it refused. */
static int refused(struct error *error, const char *doing)
{
	char why[256];

	ERR_error_string_n(ERR_peek_last_error(), why, sizeof(why));
	ERR_clear_error();
	return error_set(error, ERR_INVALID, "cannot %s: %s", doing, why);
}

static bool set_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	bool good;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	good = extension && X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
	return good;
}

static bool set_name(X509_NAME *name, const char *common_name)
{
	return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
					  (const unsigned char *)common_name, -1, -1, 0);
}

static bool set_serial(X509 *certificate)
{
	uint8_t bytes[16];
	BIGNUM *number;
	bool good;

	random_fill(bytes, sizeof(bytes));
	bytes[0] = (bytes[0] & 0x7f) | 0x40; /* positive, and always 16 bytes */
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
	BN_free(number);
	return good;
}

static bool set_validity(X509 *certificate, instant_ms now, int days)
{
	time_t seconds = (time_t)(now / 1000);

	/* An hour back, for clocks that lag. */
	return X509_time_adj_ex(X509_getm_notBefore(certificate), 0, -3600, &seconds) &&
	       X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, &seconds);
}

/* A certificate for `key` with all but issuer and extensions. */
static X509 *begin_certificate(EVP_PKEY *key, const char *common_name, instant_ms now, int days)
{
	X509 *certificate = X509_new();

	if (certificate && X509_set_version(certificate, X509_VERSION_3) &&
	    set_serial(certificate) && set_validity(certificate, now, days) &&
	    set_name(X509_get_subject_name(certificate), common_name) &&
	    X509_set_pubkey(certificate, key))
		return certificate;
	X509_free(certificate);
	return NULL;
}

static struct bytes taken(BIO *bio, struct arena *arena)
{
	char *data;
	long size = BIO_get_mem_data(bio, &data);

	return arena_copy(arena, bytes_of(data, (size_t)size));
}

static bool write_pair(X509 *certificate, EVP_PKEY *key, struct arena *arena, struct cert_pair *out)
{
	BIO *public = BIO_new(BIO_s_mem()), *private = BIO_new(BIO_s_secmem());
	bool good = public && private && PEM_write_bio_X509(public, certificate) &&
		    PEM_write_bio_PKCS8PrivateKey(private, key, NULL, NULL, 0, NULL, NULL);

	if (good) {
		out->certificate = taken(public, arena);
		out->key = taken(private, arena);
	}
	BIO_free(public);
	BIO_free(private);
	return good;
}

int cert_make_authority(const char *common_name, instant_ms now, struct arena *arena,
			struct cert_pair *out, struct error *error)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *it = key ? begin_certificate(key, common_name, now, CERT_DAYS_DEFAULT) : NULL;
	bool good = it && X509_set_issuer_name(it, X509_get_subject_name(it)) &&
		    set_extension(it, it, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
		    set_extension(it, it, NID_key_usage, "critical,keyCertSign,cRLSign") &&
		    set_extension(it, it, NID_subject_key_identifier, "hash") &&
		    X509_sign(it, key, EVP_sha256()) && write_pair(it, key, arena, out);
	int result = good ? 0 : refused(error, "make a certificate authority");

	X509_free(it);
	EVP_PKEY_free(key);
	return result;
}

static bool add_name(GENERAL_NAMES *names, int type, ASN1_STRING *value)
{
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (!name || !value) {
		GENERAL_NAME_free(name);
		ASN1_STRING_free(value);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, value);
	if (sk_GENERAL_NAME_push(names, name))
		return true;
	GENERAL_NAME_free(name);
	return false;
}

static ASN1_STRING *ia5_of(const char *text)
{
	ASN1_STRING *string = ASN1_IA5STRING_new();

	if (string && ASN1_STRING_set(string, text, -1))
		return string;
	ASN1_STRING_free(string);
	return NULL;
}

/* Name by name: in one configuration string a comma in a name would begin another. */
static bool fill_names(const struct cert_request *request, GENERAL_NAMES *names)
{
	if (request->spiffe_id && !add_name(names, GEN_URI, ia5_of(request->spiffe_id)))
		return false;
	for (size_t i = 0; request->dns_names && request->dns_names[i]; i++)
		if (!add_name(names, GEN_DNS, ia5_of(request->dns_names[i])))
			return false;
	for (size_t i = 0; request->ip_names && request->ip_names[i]; i++)
		if (!add_name(names, GEN_IPADD, a2i_IPADDRESS(request->ip_names[i])))
			return false;
	return true;
}

static bool set_names(X509 *certificate, const struct cert_request *request)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	bool good = names && fill_names(request, names) &&
		    (sk_GENERAL_NAME_num(names) == 0 ||
		     X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0));

	GENERAL_NAMES_free(names);
	return good;
}

static bool set_uses(X509 *certificate, const struct cert_request *request)
{
	if (!request->server && !request->client)
		return true;
	return set_extension(certificate, NULL, NID_ext_key_usage,
			     request->server && request->client ? "serverAuth,clientAuth"
			     : request->server                  ? "serverAuth"
								: "clientAuth");
}

static bool sign_end(X509 *it, X509 *issuer, EVP_PKEY *issuer_key,
		     const struct cert_request *request)
{
	return X509_check_private_key(issuer, issuer_key) &&
	       X509_set_issuer_name(it, X509_get_subject_name(issuer)) &&
	       set_extension(it, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
	       set_extension(it, issuer, NID_key_usage, "critical,digitalSignature") &&
	       set_extension(it, issuer, NID_subject_key_identifier, "hash") &&
	       set_extension(it, issuer, NID_authority_key_identifier, "keyid") &&
	       set_uses(it, request) && set_names(it, request) &&
	       X509_sign(it, issuer_key, EVP_sha256());
}

int cert_issue(const struct cert_pair *authority, const struct cert_request *request,
	       instant_ms now, struct arena *arena, struct cert_pair *out, struct error *error)
{
	X509 *issuer = read_pem(authority->certificate);
	EVP_PKEY *issuer_key = read_key(authority->key), *key = EVP_EC_gen("P-256");
	X509 *it = key ? begin_certificate(key, request->common_name, now,
					   request->days ? request->days : CERT_DAYS_DEFAULT)
		       : NULL;
	int result = 0;

	if (!issuer || !issuer_key)
		result = error_set(error, ERR_INVALID,
				   "the authority's certificate or key cannot be read as PEM");
	else if (request->spiffe_id && !is_spiffe_id(bytes_of_string(request->spiffe_id)))
		result = error_set(error, ERR_INVALID, "'%s' is not spiffe://<domain>/<path>",
				   request->spiffe_id);
	else if (!it || !sign_end(it, issuer, issuer_key, request) ||
		 !write_pair(it, key, arena, out))
		result = refused(error, "issue a certificate");
	X509_free(it);
	X509_free(issuer);
	EVP_PKEY_free(key);
	EVP_PKEY_free(issuer_key);
	ERR_clear_error();
	return result;
}

int cert_write(const struct cert_pair *pair, const char *certificate_path, const char *key_path,
	       struct error *error)
{
	int result = file_write(key_path, pair->key, 0600, error);

	return result ? result : file_write(certificate_path, pair->certificate, 0644, error);
}
