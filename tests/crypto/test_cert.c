#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "crypto/cert.h"

static const char *const local_dns[] = {"localhost", NULL};
static const char *const local_ips[] = {"127.0.0.1", "::1", NULL};

static int setup(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct cert_pair authority(struct arena *arena)
{
	struct cert_pair pair;

	assert_int_equal(
		cert_make_authority("carnet development", instant_now(), arena, &pair, NULL), 0);
	return pair;
}

static X509 *decode(struct bytes der)
{
	const uint8_t *at = der.data;
	X509 *certificate = d2i_X509(NULL, &at, (long)der.size);

	assert_non_null(certificate);
	return certificate;
}

static struct bytes der_of(struct arena *arena, const struct cert_pair *pair)
{
	struct bytes der;

	assert_int_equal(cert_pem_to_der(pair->certificate, arena, &der, NULL), 0);
	return der;
}

static void an_issued_certificate_names_its_holder(void **state)
{
	struct arena *arena = *state;
	struct cert_pair ca = authority(arena), pair;
	struct cert_request request = {.common_name = "gateway",
				       .spiffe_id = "spiffe://example.org/ns/calls/gateway",
				       .dns_names = local_dns,
				       .ip_names = local_ips,
				       .server = true,
				       .client = true};
	struct bytes uri;

	assert_int_equal(cert_issue(&ca, &request, instant_now(), arena, &pair, NULL), 0);
	assert_int_equal(cert_spiffe_id(der_of(arena, &pair), arena, &uri, NULL), 0);
	assert_true(bytes_equal_string(uri, "spiffe://example.org/ns/calls/gateway"));
}

static bool is_trusted_for(X509 *certificate, X509 *ca, int purpose)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	bool good;

	X509_STORE_add_cert(store, ca);
	X509_STORE_CTX_init(context, store, certificate, NULL);
	X509_STORE_CTX_set_purpose(context, purpose);
	X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_X509_STRICT);
	good = X509_verify_cert(context) == 1;
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return good;
}

static void an_issued_certificate_passes_a_strict_check(void **state)
{
	struct arena *arena = *state;
	struct cert_pair ca = authority(arena), other = authority(arena), pair;
	struct cert_request request = {.common_name = "carnetd",
				       .dns_names = local_dns,
				       .ip_names = local_ips,
				       .server = true};
	X509 *root = decode(der_of(arena, &ca)), *stranger = decode(der_of(arena, &other)), *leaf;

	assert_int_equal(cert_issue(&ca, &request, instant_now(), arena, &pair, NULL), 0);
	leaf = decode(der_of(arena, &pair));
	assert_true(is_trusted_for(leaf, root, X509_PURPOSE_SSL_SERVER));
	assert_false(is_trusted_for(leaf, root, X509_PURPOSE_SSL_CLIENT));
	assert_false(is_trusted_for(leaf, stranger, X509_PURPOSE_SSL_SERVER));
	assert_int_equal(X509_check_host(leaf, "localhost", 0, 0, NULL), 1);
	assert_int_equal(X509_check_ip_asc(leaf, "::1", 0), 1);
	assert_int_equal(X509_check_ip_asc(leaf, "10.0.0.1", 0), 0);
	X509_free(leaf);
	X509_free(root);
	X509_free(stranger);
}

static void a_certificate_without_exactly_one_spiffe_uri_names_nobody(void **state)
{
	/* Certificates made by hand: the issuer here refuses to make them. */
	static const char *const names[] = {
		NULL,
		"DNS:localhost",
		"URI:https://example.org/gateway",
		"URI:spiffe://example.org/a,URI:spiffe://example.org/b",
		"URI:spiffe://example.org/a,URI:https://example.org/",
		"URI:spiffe://example.org",
		"URI:spiffe://example.org/",
		"URI:spiffe:///a",
		"URI:spiffe://example.org/a/../b",
		"URI:spiffe://example.org//a",
		"URI:spiffe://Example.org/a",
		"URI:spiffe://example.org:443/a",
		"URI:spiffe://example.org/a?b",
		"URI:SPIFFE://example.org/a",
	};
	struct arena *arena = *state;
	EVP_PKEY *key = EVP_EC_gen("P-256");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		X509 *certificate = X509_new();
		X509_EXTENSION *extension =
			names[i] ? X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names[i])
				 : NULL;
		uint8_t *der = NULL;
		struct bytes uri;
		struct error error;
		int size;

		X509_set_version(certificate, X509_VERSION_3);
		X509_set_pubkey(certificate, key);
		X509_time_adj_ex(X509_getm_notBefore(certificate), 0, 0, NULL);
		X509_time_adj_ex(X509_getm_notAfter(certificate), 1, 0, NULL);
		if (extension)
			X509_add_ext(certificate, extension, -1);
		assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
		size = i2d_X509(certificate, &der);
		assert_true(size > 0);
		assert_int_equal(cert_spiffe_id(bytes_of(der, (size_t)size), arena, &uri, &error),
				 ERR_UNAUTHENTICATED);
		OPENSSL_free(der);
		X509_EXTENSION_free(extension);
		X509_free(certificate);
	}
	EVP_PKEY_free(key);
}

static void a_uri_with_a_nul_names_nobody(void **state)
{
	struct arena *arena = *state;
	struct cert_pair ca = authority(arena), pair;
	struct cert_request request = {.common_name = "x", .spiffe_id = "spiffe://example.org/aXb"};
	struct bytes der, uri;
	uint8_t *at;

	assert_int_equal(cert_issue(&ca, &request, instant_now(), arena, &pair, NULL), 0);
	der = arena_copy(arena, der_of(arena, &pair));
	at = memmem(der.data, der.size, "/aXb", 4);
	assert_non_null(at);
	at[2] = 0;
	assert_int_equal(cert_spiffe_id(der, arena, &uri, NULL), ERR_UNAUTHENTICATED);
}

static void damaged_der_is_refused_and_leaves_no_error_behind(void **state)
{
	struct arena *arena = *state;
	struct cert_pair ca = authority(arena), pair;
	struct cert_request request = {.common_name = "x", .spiffe_id = "spiffe://example.org/a"};
	struct bytes der, longer, uri;

	assert_int_equal(cert_issue(&ca, &request, instant_now(), arena, &pair, NULL), 0);
	der = der_of(arena, &pair);
	for (size_t size = 0; size < der.size; size++)
		assert_int_equal(cert_spiffe_id(bytes_of(der.data, size), arena, &uri, NULL),
				 ERR_UNAUTHENTICATED);
	longer = bytes_of(arena_copy(arena, der).data, der.size + 1); /* the NUL behind the copy */
	assert_int_equal(cert_spiffe_id(longer, arena, &uri, NULL), ERR_UNAUTHENTICATED);
	assert_int_equal(cert_pem_to_der(BYTES_LITERAL("no PEM"), arena, &der, NULL), ERR_INVALID);
	assert_int_equal(ERR_peek_error(), 0);
}

static void a_request_that_cannot_be_met_is_refused(void **state)
{
	static const char *const not_an_ip[] = {"300.1.1.1", NULL};
	struct arena *arena = *state;
	struct cert_pair ca = authority(arena), other = authority(arena), pair;
	struct cert_pair mixed = {ca.certificate, other.key}, empty = {{0}, {0}};
	struct cert_request request = {.common_name = "x", .spiffe_id = "https://example.org/a"};
	struct error error;

	assert_int_equal(cert_issue(&ca, &request, 0, arena, &pair, &error), ERR_INVALID);
	request.spiffe_id = NULL;
	request.ip_names = not_an_ip;
	assert_int_equal(cert_issue(&ca, &request, 0, arena, &pair, &error), ERR_INVALID);
	request.ip_names = NULL;
	assert_int_equal(cert_issue(&mixed, &request, 0, arena, &pair, &error), ERR_INVALID);
	assert_int_equal(cert_issue(&empty, &request, 0, arena, &pair, &error), ERR_INVALID);
	assert_int_equal(cert_issue(&ca, &request, 0, arena, &pair, &error), 0);
	assert_int_equal(ERR_peek_error(), 0);
}

static void a_written_key_is_its_owners_alone(void **state)
{
	char folder[] = "/tmp/carnet-cert-XXXXXX";
	struct arena *arena = *state;
	struct cert_pair ca = authority(arena);
	struct buffer again = {0};
	struct stat status;
	const char *certificate, *key;

	assert_non_null(mkdtemp(folder));
	certificate = arena_printf(arena, "%s/ca.pem", folder);
	key = arena_printf(arena, "%s/ca.key", folder);
	assert_int_equal(cert_write(&ca, certificate, key, NULL), 0);
	assert_int_equal(stat(key, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(file_read(certificate, 65536, &again, NULL), 0);
	assert_true(bytes_equal(buffer_bytes(&again), ca.certificate));
	buffer_release(&again);
	unlink(certificate);
	unlink(key);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_issued_certificate_names_its_holder, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_issued_certificate_passes_a_strict_check, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			a_certificate_without_exactly_one_spiffe_uri_names_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(a_uri_with_a_nul_names_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(damaged_der_is_refused_and_leaves_no_error_behind,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_written_key_is_its_owners_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_request_that_cannot_be_met_is_refused, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
