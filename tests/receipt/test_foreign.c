/* Receipts of ours before verifiers that nobody here wrote. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "receipt/sample_log.h"

#define ORIGIN "log.example/n1-2026h2"

static char folder[] = "/tmp/carnet-foreign-XXXXXX";

static int run(const char *command)
{
	int status = system(command);

	return status < 0 ? -1 : WEXITSTATUS(status);
}

static int setup(void **state)
{
	*state = arena_new(0);
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	int result = run(arena_printf(*state, "rm -r %s", folder));

	arena_free(*state);
	return result;
}

static void write_file(struct arena *arena, const char *name, struct bytes content)
{
	assert_int_equal(
		file_write(arena_printf(arena, "%s/%s", folder, name), content, 0644, NULL), 0);
}

static bool build_go_verifier(struct arena *arena)
{
	if (run("command -v go >/dev/null && test -d /usr/share/gocode/src/golang.org/x/mod")) {
		print_message("skipped: Debian's golang-go or golang-golang-x-mod-dev is absent\n");
		return false;
	}
	assert_int_equal(run(arena_printf(arena,
					  "cd %s/tests/foreign/go && GO111MODULE=off "
					  "GOPATH=/usr/share/gocode GOCACHE=%s/cache "
					  "go build -o %s/verify verify.go",
					  SOURCE_ROOT, folder, folder)),
			 0);
	return true;
}

static int go_verify(struct arena *arena, const char *vkey, const char *name)
{
	return run(arena_printf(arena, "cd %s && ./verify '%s' %s >/dev/null", folder, vkey, name));
}

static void go_accepts_our_receipts_and_refuses_damage(void **state)
{
	struct arena *arena = *state;
	struct sample_log *log = sample_log_new(ORIGIN, 1);
	const char *vkey = sample_vkey(ORIGIN, VKEY_NOTE, log->key, arena);
	const char *other = sample_vkey("log.example/n2", VKEY_NOTE, log->key, arena);
	struct bytes file = {0};

	if (!build_go_verifier(arena)) {
		sample_log_free(log);
		skip();
	}
	for (uint64_t size = 1; size <= 12; size++) {
		sample_grow(log, size, arena);
		for (uint64_t index = 0; index < size; index++) {
			struct receipt_parts parts = sample_parts(log, index, arena);

			file = sample_file(&parts, arena);
			write_file(
				arena,
				arena_printf(arena, "%02d-%02d.tlog-proof", (int)size, (int)index),
				file);
		}
	}
	assert_int_equal(go_verify(arena, vkey, "*.tlog-proof"), 0);
	assert_int_equal(go_verify(arena, other, "12-11.tlog-proof"), 1);
	for (size_t i = 60; i < file.size; i += 97) {
		struct bytes changed = arena_copy(arena, file);

		((uint8_t *)(uintptr_t)changed.data)[i] ^= 1;
		write_file(arena, "damaged", changed);
		if (go_verify(arena, vkey, "damaged") != 1)
			fail_msg("byte %zu", i);
	}
	sample_log_free(log);
}

static void openssl_accepts_our_notes(void **state)
{
	struct arena *arena = *state;
	struct sample_log *log = sample_log_new(ORIGIN, 1);
	/* The fixed head of an Ed25519 SubjectPublicKeyInfo (RFC 8410), then the key. */
	uint8_t spki[44] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
	struct checkpoint checkpoint;
	const char *command;

	if (run("command -v openssl >/dev/null")) {
		print_message("skipped: the openssl program is absent\n");
		sample_log_free(log);
		skip();
	}
	sample_grow(log, 3, arena);
	assert_int_equal(checkpoint_parse(sample_checkpoint(log, arena), arena, &checkpoint, NULL),
			 0);
	memcpy(spki + 12, ed25519_public_of(log->key)->bytes, ED25519_PUBLIC_SIZE);
	write_file(arena, "key.der", bytes_of(spki, sizeof(spki)));
	write_file(arena, "body", checkpoint.body);
	write_file(arena, "signature", checkpoint.signatures[0].signature);
	command = arena_printf(arena,
			       "cd %s && openssl pkeyutl -verify -rawin -pubin -keyform DER "
			       "-inkey key.der -in body -sigfile signature >/dev/null 2>&1",
			       folder);
	assert_int_equal(run(command), 0);
	write_file(arena, "body", BYTES_LITERAL("another body\n"));
	assert_int_equal(run(command), 1);
	sample_log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(go_accepts_our_receipts_and_refuses_damage),
		cmocka_unit_test(openssl_accepts_our_notes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
