#include "test.h"

#include <stdio.h>

#include "base/base64.h"
#include "contract/version.h"

static void the_engine_is_named_with_its_version(void **state)
{
	(void)state;
	assert_int_equal(strncmp(version_name(), "carnet/", 7), 0);
}

/* What an auditor would do by hand (docs/FORMATS.md). */
static void the_digest_is_that_of_the_sources(void **state)
{
	struct digest digest = version_engine();
	struct buffer ours = {0};
	char theirs[65] = "";
	FILE *shell = popen("cd " SOURCE_ROOT " && sha256sum lib/base/*.[ch] lib/engine/*.[ch]"
			    " | cut -c1-64 | LC_ALL=C sort | sha256sum",
			    "r");

	(void)state;
	assert_non_null(shell);
	assert_int_equal(fread(theirs, 1, 64, shell), 64);
	pclose(shell);
	hex_append(&ours, hash_view(&digest));
	assert_string_equal(buffer_string(&ours), theirs);
	buffer_release(&ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_engine_is_named_with_its_version),
		cmocka_unit_test(the_digest_is_that_of_the_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
