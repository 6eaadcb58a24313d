/*
 * gRPC's framing and header values from any bytes: reading never goes astray,
 * however the bytes are cut, and what is written reads back the same.
 */
#include <assert.h>
#include <stdlib.h>

#include "rpc/frame.h"
#include "rpc/metadata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 4096 };

static void check_text(struct bytes input)
{
	struct buffer wire = {0}, back = {0};

	metadata_append_text(&wire, input);
	metadata_decode_text(&back, buffer_bytes(&wire));
	assert(bytes_equal(buffer_bytes(&back), input));
	buffer_clear(&back);
	metadata_decode_text(&back, input);
	assert(back.size <= input.size);
	buffer_release(&wire);
	buffer_release(&back);
}

static void check_binary(struct bytes input)
{
	struct buffer wire = {0}, back = {0};

	metadata_append_binary(&wire, input);
	assert(metadata_decode_binary(&back, buffer_bytes(&wire)));
	assert(bytes_equal(buffer_bytes(&back), input));
	buffer_clear(&back);
	if (!metadata_decode_binary(&back, input))
		assert(back.size == 0);
	buffer_release(&wire);
	buffer_release(&back);
}

static void check_timeout(struct bytes input)
{
	char text[METADATA_TIMEOUT_SIZE];
	int64_t ms, again;

	if (!metadata_parse_timeout(input, &ms))
		return;
	assert(ms >= 0);
	metadata_format_timeout(ms, text);
	assert(metadata_parse_timeout(bytes_of_string(text), &again));
	assert(again >= ms);
}

/* Reads all frames, in steps of `step` bytes; returns what tells the outcome. */
static uint64_t read_frames(struct bytes input, size_t step)
{
	struct frame_reader reader = {.limit = LIMIT};
	uint64_t outcome = 0;
	int result = 0;

	for (size_t at = 0; at < input.size && result >= 0; at += step) {
		size_t size = input.size - at < step ? input.size - at : step;
		struct bytes part = bytes_of(input.data + at, size), message;

		while (part.size > 0 &&
		       (result = frame_read(&reader, &part, &message, NULL)) == 1) {
			assert(message.size <= LIMIT);
			outcome = outcome * 31 + message.size + 1;
		}
	}
	outcome = outcome * 2 + frame_is_open(&reader);
	frame_reader_release(&reader);
	return result < 0 ? (uint64_t)result : outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);

	check_text(input);
	check_binary(input);
	check_timeout(input);
	metadata_is_grpc(input);
	assert(read_frames(input, 1) == read_frames(input, size ? size : 1));
	return 0;
}
