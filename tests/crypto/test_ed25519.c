#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "crypto/ed25519.h"

static struct buffer unhex(const char *text)
{
	struct buffer data = {0};

	assert_true(hex_decode(&data, bytes_of_string(text)));
	return data;
}

static int load(const char *hex, struct error *error)
{
	struct buffer data = unhex(hex);
	struct ed25519_public public;
	int result = ed25519_load_public(buffer_bytes(&data), &public, error);

	buffer_release(&data);
	return result;
}

static void signatures_are_those_of_rfc_8032(void **state)
{
	/* RFC 8032, 7.1, test 2. */
	struct buffer seed =
		unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
	struct buffer public =
		unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	struct buffer wanted =
		unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
	struct ed25519_signature signature;
	struct ed25519_key *key;

	(void)state;
	assert_int_equal(ed25519_load_seed(buffer_bytes(&seed), &key, NULL), 0);
	assert_memory_equal(ed25519_public_of(key)->bytes, public.data, ED25519_PUBLIC_SIZE);
	ed25519_sign(key, BYTES_LITERAL("\x72"), &signature);
	assert_memory_equal(signature.bytes, wanted.data, ED25519_SIGNATURE_SIZE);
	ed25519_free(key);
	assert_int_equal(ed25519_load_seed(bytes_of(seed.data, 31), &key, NULL), ERR_INVALID);
	buffer_release(&seed);
	buffer_release(&public);
	buffer_release(&wanted);
}

static void every_flipped_bit_breaks_a_signature(void **state)
{
	struct ed25519_key *key = ed25519_generate();
	struct ed25519_signature signature;
	struct bytes view = bytes_of(signature.bytes, sizeof(signature.bytes));
	uint8_t message[] = "tree head";

	(void)state;
	ed25519_sign(key, bytes_of(message, sizeof(message)), &signature);
	assert_true(
		ed25519_verify(ed25519_public_of(key), bytes_of(message, sizeof(message)), view));
	for (size_t bit = 0; bit < 8 * sizeof(signature.bytes); bit++) {
		signature.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(ed25519_verify(ed25519_public_of(key),
					    bytes_of(message, sizeof(message)), view));
		signature.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t size = 0; size < view.size; size++)
		assert_false(ed25519_verify(ed25519_public_of(key),
					    bytes_of(message, sizeof(message)),
					    bytes_of(signature.bytes, size)));
	message[0] ^= 1;
	assert_false(
		ed25519_verify(ed25519_public_of(key), bytes_of(message, sizeof(message)), view));
	ed25519_free(key);
}

static void weak_and_ambiguous_keys_are_refused(void **state)
{
	/* Each y of low order with either sign, and each y from p on that 255 bits hold. */
	static const char *const low[] = {
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	};
	struct error error;
	char hex[65];

	(void)state;
	for (size_t i = 0; i < sizeof(low) / sizeof(low[0]); i++) {
		struct ed25519_public public;
		struct buffer data = unhex(low[i]);

		assert_int_equal(load(low[i], &error), ERR_INVALID);
		assert_non_null(strstr(error.text, "low order"));
		data.data[31] |= 0x80;
		assert_int_equal(ed25519_load_public(buffer_bytes(&data), &public, &error),
				 ERR_INVALID);
		buffer_release(&data);
	}
	for (unsigned first = 0xed; first <= 0xff; first++) {
		snprintf(hex, sizeof(hex),
			 "%02xffffffffffffffffffffffffffffffffffffffffffffffffff"
			 "ffffffffff7f",
			 first);
		assert_int_equal(load(hex, &error), ERR_INVALID);
		assert_non_null(strstr(error.text, "canonical"));
		hex[62] = 'f';
		assert_int_equal(load(hex, &error), ERR_INVALID);
	}
	assert_int_equal(
		load("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", &error),
		0);
	assert_int_equal(load("00", &error), ERR_INVALID);
}

static void every_kind_of_bad_key_file_is_refused(void **state)
{
	char folder[] = "/tmp/carnet-key-XXXXXX", path[64];
	struct ed25519_key *key = ed25519_generate(), *again;
	struct stat status;
	struct error error;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/log.key", folder);
	assert_int_equal(ed25519_read(path, &again, &error), ERR_NOT_FOUND);
	assert_int_equal(ed25519_write(key, path, &error), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(ed25519_write(key, path, &error), ERR_EXISTS);
	assert_int_equal(ed25519_read(path, &again, &error), 0);
	assert_memory_equal(ed25519_public_of(key), ed25519_public_of(again),
			    sizeof(struct ed25519_public));
	ed25519_free(again);
	chmod(path, 0640);
	assert_int_equal(ed25519_read(path, &again, &error), ERR_DENIED);
	assert_non_null(strstr(error.text, "chmod 600"));
	assert_int_equal(file_write(path, BYTES_LITERAL("-----BEGIN PRIVATE KEY-----\nAAAA\n"),
				    0600, &error),
			 0);
	assert_int_equal(ed25519_read(path, &again, &error), ERR_INVALID);
	assert_int_equal(ed25519_read(folder, &again, &error), ERR_INVALID);
	unlink(path);
	rmdir(folder);
	ed25519_free(key);
	ed25519_free(NULL);
}

/* The value of `"name": "value"` in a line of pretty-printed JSON. */
static bool line_value(const char *line, const char *name, char *out, size_t size)
{
	char pattern[64];
	const char *at, *end;

	snprintf(pattern, sizeof(pattern), "\"%s\": \"", name);
	at = strstr(line, pattern);
	if (!at)
		return false;
	at += strlen(pattern);
	end = strchr(at, '"');
	assert_non_null(end);
	assert_true((size_t)(end - at) < size);
	snprintf(out, size, "%.*s", (int)(end - at), at);
	return true;
}

static FILE *open_vectors(const char *name)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/../shared/vectors/%s", SOURCE_ROOT, name);
	file = fopen(path, "r");
	if (!file)
		print_message("skipped: no public vectors at %s\n", path);
	return file;
}

static bool verify_hex(const char *key, const char *message, const char *signature)
{
	struct buffer k = unhex(key), m = unhex(message), s = unhex(signature);
	struct ed25519_public public;
	bool good = ed25519_load_public(buffer_bytes(&k), &public, NULL) == 0 &&
		    ed25519_verify(&public, buffer_bytes(&m), buffer_bytes(&s));

	buffer_release(&k);
	buffer_release(&m);
	buffer_release(&s);
	return good;
}

static void wycheproof_agrees(void **state)
{
	static char line[8192], key[256], message[4096], signature[1024], result[32];
	FILE *file = open_vectors("wycheproof-ed25519.json");
	int count = 0;

	(void)state;
	if (!file)
		skip();
	while (fgets(line, sizeof(line), file)) {
		if (line_value(line, "pk", key, sizeof(key)) ||
		    line_value(line, "msg", message, sizeof(message)) ||
		    line_value(line, "sig", signature, sizeof(signature)))
			continue;
		if (!line_value(line, "result", result, sizeof(result)))
			continue;
		assert_int_equal(verify_hex(key, message, signature), strcmp(result, "valid") == 0);
		count++;
	}
	fclose(file);
	assert_int_equal(count, 151);
}

static void cctv_keys_of_low_order_or_another_form_are_refused(void **state)
{
	static char line[1024], key[128];
	FILE *file = open_vectors("cctv-ed25519.json");
	int refused = 0, count = 0;
	bool bad = false;

	(void)state;
	if (!file)
		skip();
	while (fgets(line, sizeof(line), file)) {
		if (line_value(line, "key", key, sizeof(key)))
			bad = false;
		if (strstr(line, "\"low_order_A\"") || strstr(line, "\"non_canonical_A\""))
			bad = true;
		if (strncmp(line, "\t}", 2) != 0)
			continue;
		assert_int_equal(load(key, NULL), bad ? ERR_INVALID : 0);
		refused += bad;
		count++;
	}
	fclose(file);
	assert_int_equal(count, 914);
	assert_true(refused > 0 && refused < count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_those_of_rfc_8032),
		cmocka_unit_test(every_flipped_bit_breaks_a_signature),
		cmocka_unit_test(weak_and_ambiguous_keys_are_refused),
		cmocka_unit_test(every_kind_of_bad_key_file_is_refused),
		cmocka_unit_test(wycheproof_agrees),
		cmocka_unit_test(cctv_keys_of_low_order_or_another_form_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
