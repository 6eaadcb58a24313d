#include "test.h"

#include "base/base64.h"

/* RFC 4648, section 10. */
static const char *const vectors[][4] = {
	{"", "", "", ""},
	{"f", "Zg==", "Zg", "66"},
	{"fo", "Zm8=", "Zm8", "666f"},
	{"foo", "Zm9v", "Zm9v", "666f6f"},
	{"foob", "Zm9vYg==", "Zm9vYg", "666f6f62"},
	{"fooba", "Zm9vYmE=", "Zm9vYmE", "666f6f6261"},
	{"foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172"},
	{"\xfb\xff", "+/8=", "-_8", "fbff"},
};

static void rfc_vectors_go_both_ways(void **state)
{
	static bool (*const decode[])(struct buffer *,
				      struct bytes) = {base64_decode, base64url_decode, hex_decode};
	static void (*const append[])(struct buffer *,
				      struct bytes) = {base64_append, base64url_append, hex_append};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		for (size_t form = 0; form < 3; form++) {
			struct buffer out = {0};

			append[form](&out, bytes_of_string(vectors[i][0]));
			assert_string_equal(buffer_string(&out), vectors[i][form + 1]);
			buffer_clear(&out);
			assert_true(decode[form](&out, bytes_of_string(vectors[i][form + 1])));
			assert_string_equal(buffer_string(&out), vectors[i][0]);
			buffer_release(&out);
		}
	}
}

static void every_value_has_one_text(void **state)
{
	static const char *const wrong[] = {"Zg=",    "Zg",    "Zg===", "Zh==", "Zm9=", "Z",
					    "Zm9v\n", "Zm 9v", "Zm9-",  "====", "=",    "Zg==Zg=="};
	static const char *const wrong_url[] = {"Zg==", "Z", "Zh", "Zm9", "Zm9+", "Zm9v\n"};
	struct buffer out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(base64_decode(&out, bytes_of_string(wrong[i])));
	for (size_t i = 0; i < sizeof(wrong_url) / sizeof(wrong_url[0]); i++)
		assert_false(base64url_decode(&out, bytes_of_string(wrong_url[i])));
	assert_false(hex_decode(&out, BYTES_LITERAL("6")));
	assert_false(hex_decode(&out, BYTES_LITERAL("6F")));
	assert_int_equal(out.size, 0);
	buffer_release(&out);
}

/* Long texts are written many bytes at a time; the strict reader knows one text for each. */
static void texts_of_every_length_are_read_back(void **state)
{
	uint8_t data[400];
	uint32_t noise = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)((noise = noise * 1664525 + 1013904223) >> 24);
	for (size_t size = 0; size <= sizeof(data); size++) {
		struct buffer text = {0}, back = {0};

		base64_append(&text, bytes_of(data, size));
		assert_int_equal(text.size, (size + 2) / 3 * 4);
		assert_true(base64_decode(&back, buffer_bytes(&text)));
		assert_true(bytes_equal(buffer_bytes(&back), bytes_of(data, size)));
		buffer_clear(&text);
		buffer_clear(&back);
		base64url_append(&text, bytes_of(data, size));
		assert_int_equal(text.size, (size * 4 + 2) / 3);
		assert_true(base64url_decode(&back, buffer_bytes(&text)));
		assert_true(bytes_equal(buffer_bytes(&back), bytes_of(data, size)));
		buffer_release(&text);
		buffer_release(&back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_vectors_go_both_ways),
		cmocka_unit_test(texts_of_every_length_are_read_back),
		cmocka_unit_test(every_value_has_one_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
