#include "test.h"

#include "base/base64.h"
#include "registry.h"
#include "registry/revision.h"

#define AREA "area: {id: KR, kind: country}\n"
#define PARTY "party: {id: a, area: KR, bound-by: none}\n"
#define LATER "party: {id: a, area: KR, bound-by: none, from: 2024-01-01}\n"

static void expect(const char *text, const char *expected)
{
	struct folder *folder = folder_new();
	struct problems problems;
	struct buffer hex = {0};
	struct digest digest;

	problems_init(&problems);
	assert_int_equal(folder_add_text(folder, "r.yaml", bytes_of_string(text), &problems), 0);
	digest = revision_digest(folder_records(folder), REVISION_NEWEST);
	hex_append(&hex, hash_view(&digest));
	assert_string_equal(buffer_string(&hex), expected);
	buffer_release(&hex);
	problems_release(&problems);
	folder_free(folder);
}

/* Computed apart, with the formula of RFC 6962, 2.1. */
static void the_digest_is_the_root_of_a_merkle_tree(void **state)
{
	(void)state;
	expect("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect(AREA, "f578bb0c0af44979f02c8679a8360d53c1b5d164c36c0c84cf980535d5c0a0fc");
	expect(AREA "---\n" PARTY,
	       "5fbb711067039281c0ef3fc5724c621deb1f76720a4c6d799963042b67617098");
	expect(AREA "---\n" PARTY "---\n" LATER,
	       "8a02ea2cdd121b29be74827b819adc0ff5c38eb1b29b90c3d23b1a0283c726c1");
}

static void the_order_of_reading_does_not_matter(void **state)
{
	(void)state;
	expect(LATER "---\n" PARTY "---\n" AREA,
	       "8a02ea2cdd121b29be74827b819adc0ff5c38eb1b29b90c3d23b1a0283c726c1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_the_root_of_a_merkle_tree),
		cmocka_unit_test(the_order_of_reading_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
