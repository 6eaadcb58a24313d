#include "test.h"

#include "rpc/frame.h"

static struct bytes framed(struct buffer *out, const char *text)
{
	frame_append(out, bytes_of_string(text));
	return buffer_bytes(out);
}

static void messages_survive_any_cut(void **state)
{
	struct buffer wire = {0};

	(void)state;
	framed(&wire, "first");
	framed(&wire, "");
	framed(&wire, "third message");
	for (size_t cut = 1; cut <= wire.size; cut++) {
		static const char *const expected[] = {"first", "", "third message"};
		struct frame_reader reader = {.limit = 100};
		struct bytes message;
		size_t count = 0;

		for (size_t at = 0; at < wire.size; at += cut) {
			size_t size = wire.size - at < cut ? wire.size - at : cut;
			struct bytes part = bytes_of(wire.data + at, size);

			while (part.size > 0 && frame_read(&reader, &part, &message, NULL) == 1)
				assert_true(bytes_equal_string(message, expected[count++]));
		}
		assert_int_equal(count, 3);
		assert_false(frame_is_open(&reader));
		frame_reader_release(&reader);
	}
	buffer_release(&wire);
}

static void half_a_frame_is_open(void **state)
{
	struct buffer wire = {0};
	struct bytes whole = framed(&wire, "message");

	(void)state;
	for (size_t size = 1; size < whole.size; size++) {
		struct frame_reader reader = {.limit = 100};
		struct bytes part = bytes_of(whole.data, size), message;

		assert_int_equal(frame_read(&reader, &part, &message, NULL), 0);
		assert_int_equal(part.size, 0);
		assert_true(frame_is_open(&reader));
		frame_reader_release(&reader);
	}
	buffer_release(&wire);
}

static int first_result(const char *prefix, size_t limit)
{
	struct frame_reader reader = {.limit = limit};
	struct bytes input = bytes_of(prefix, FRAME_PREFIX_SIZE), message;
	struct error error;
	int result = frame_read(&reader, &input, &message, &error);

	/* Whatever a prefix claims, nothing is set aside for it. */
	assert_int_equal(reader.message.capacity, 0);
	frame_reader_release(&reader);
	return result;
}

static void a_prefix_is_believed_only_within_the_limit(void **state)
{
	(void)state;
	assert_int_equal(first_result("\0\0\0\0\144", 100), 0);
	assert_int_equal(first_result("\0\0\0\0\145", 100), ERR_LIMIT);
	assert_int_equal(first_result("\0\377\377\377\377", 100), ERR_LIMIT);
	assert_int_equal(first_result("\1\0\0\0\1", 100), ERR_WRONG_STATE);
	assert_int_equal(first_result("\2\0\0\0\1", 100), ERR_INVALID);
	assert_int_equal(first_result("\0\0\0\0\0", 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_survive_any_cut),
		cmocka_unit_test(half_a_frame_is_open),
		cmocka_unit_test(a_prefix_is_believed_only_within_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
