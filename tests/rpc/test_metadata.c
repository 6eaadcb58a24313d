#include "test.h"

#include "rpc/metadata.h"
#include "rpc/status.h"

#include "base/error.h"

static void timeouts_are_read_in_every_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} right[] = {
		{"1H", 3600000},
		{"2M", 120000},
		{"3S", 3000},
		{"4m", 4},
		{"5000u", 5},
		{"1u", 1},
		{"6000000n", 6},
		{"1n", 1},
		{"0S", 0},
		{"00000001S", 1000},
		{"99999999H", INT64_C(359999996400000)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		int64_t ms = -1;

		assert_true(metadata_parse_timeout(bytes_of_string(right[i].text), &ms));
		assert_int_equal(ms, right[i].ms);
	}
}

static void malformed_timeouts_are_refused(void **state)
{
	static const char *const wrong[] = {"",    "S",   "1",   "1s",         "-1S", "+1S", "1.5S",
					    " 1S", "1S ", "1SS", "123456789S", "x",   "1h"};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(metadata_parse_timeout(bytes_of_string(wrong[i]), &ms));
}

static void timeouts_are_written_in_the_finest_unit_that_holds_them(void **state)
{
	char text[METADATA_TIMEOUT_SIZE];

	(void)state;
	assert_string_equal(metadata_format_timeout(-5, text), "0m");
	assert_string_equal(metadata_format_timeout(99999999, text), "99999999m");
	assert_string_equal(metadata_format_timeout(100000001, text), "100001S");
	assert_string_equal(metadata_format_timeout(INT64_MAX, text), "99999999H");
}

static void text_travels_percent_encoded(void **state)
{
	struct buffer wire = {0}, back = {0};
	struct bytes text = bytes_of_string("50 % of \xed\x95\x9c\n~");

	(void)state;
	metadata_append_text(&wire, text);
	assert_string_equal(buffer_string(&wire), "50 %25 of %ED%95%9C%0A~");
	metadata_decode_text(&back, buffer_bytes(&wire));
	assert_true(bytes_equal(buffer_bytes(&back), text));
	buffer_release(&wire);
	buffer_release(&back);
}

static void broken_escapes_stay_as_they_are(void **state)
{
	static const char *const same[] = {"%", "%4", "%G1", "a%", "100%", "%%"};
	struct buffer back = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		buffer_clear(&back);
		metadata_decode_text(&back, bytes_of_string(same[i]));
		assert_string_equal(buffer_string(&back), same[i]);
	}
	buffer_clear(&back);
	metadata_decode_text(&back, bytes_of_string("%%41"));
	assert_string_equal(buffer_string(&back), "%A");
	buffer_release(&back);
}

static void binary_headers_may_lack_their_padding(void **state)
{
	static const char *const texts[] = {"AQI", "AQI="};
	struct buffer data = {0}, wire = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		buffer_clear(&data);
		assert_true(metadata_decode_binary(&data, bytes_of_string(texts[i])));
		assert_true(bytes_equal(buffer_bytes(&data), bytes_of("\1\2", 2)));
	}
	assert_false(metadata_decode_binary(&data, bytes_of_string("A!I")));
	assert_false(metadata_decode_binary(&data, bytes_of_string("A")));
	metadata_append_binary(&wire, bytes_of("\1\2", 2));
	assert_string_equal(buffer_string(&wire), "AQI");
	buffer_release(&data);
	buffer_release(&wire);
}

static void content_types_of_grpc_are_known(void **state)
{
	(void)state;
	assert_true(metadata_is_grpc(bytes_of_string("application/grpc")));
	assert_true(metadata_is_grpc(bytes_of_string("application/grpc+proto")));
	assert_true(metadata_is_grpc(bytes_of_string("application/grpc;x=y")));
	assert_false(metadata_is_grpc(bytes_of_string("application/grpc-web")));
	assert_false(metadata_is_grpc(bytes_of_string("application/json")));
	assert_false(metadata_is_grpc(bytes_of_string("")));
}

static void every_status_has_its_name(void **state)
{
	(void)state;
	assert_string_equal(rpc_status_name(RPC_OK), "OK");
	assert_string_equal(rpc_status_name(RPC_UNAUTHENTICATED), "UNAUTHENTICATED");
	assert_string_equal(rpc_status_name((enum rpc_code)17), "UNKNOWN");
	assert_int_equal(rpc_status_of_error(ERR_LIMIT), RPC_RESOURCE_EXHAUSTED);
	assert_int_equal(rpc_status_of_error(ERR_NOT_FOUND), RPC_NOT_FOUND);
	assert_int_equal(rpc_status_of_error(-99), RPC_UNKNOWN);
	/* No failure may ever turn into a success. */
	for (int error = -1; error > -100; error--)
		assert_int_not_equal(rpc_status_of_error(error), RPC_OK);
	for (int code = 1; code < 100; code++)
		assert_int_not_equal(rpc_status_to_error((enum rpc_code)code), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timeouts_are_read_in_every_unit),
		cmocka_unit_test(malformed_timeouts_are_refused),
		cmocka_unit_test(timeouts_are_written_in_the_finest_unit_that_holds_them),
		cmocka_unit_test(text_travels_percent_encoded),
		cmocka_unit_test(broken_escapes_stay_as_they_are),
		cmocka_unit_test(binary_headers_may_lack_their_padding),
		cmocka_unit_test(content_types_of_grpc_are_known),
		cmocka_unit_test(every_status_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
