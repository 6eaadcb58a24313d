#include "rpc/frame.h"

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

void frame_reader_release(struct frame_reader *reader)
{
	buffer_release(&reader->message);
}

static void read_prefix(struct frame_reader *reader, struct bytes *input)
{
	while (reader->prefix_size < FRAME_PREFIX_SIZE && input->size > 0) {
		reader->prefix[reader->prefix_size++] = input->data[0];
		*input = bytes_skip(*input, 1);
	}
}

static int begin_message(struct frame_reader *reader, struct error *error)
{
	const uint8_t *p = reader->prefix;

	reader->expected = (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 | p[4];
	if (p[0] == 1)
		return error_set(error, ERR_WRONG_STATE,
				 "the message is compressed; send it with grpc-encoding identity");
	if (p[0] != 0)
		return error_set(error, ERR_INVALID,
				 "a message begins with byte %u; send 0, which says that it is not "
				 "compressed",
				 p[0]);
	if (reader->expected > reader->limit)
		return error_set(error, ERR_LIMIT,
				 "the message has %zu bytes; the limit is %zu: send less at a time",
				 reader->expected, reader->limit);
	return 0;
}

static void begin_next(struct frame_reader *reader)
{
	reader->prefix_size = 0;
	reader->expected = 0;
}

int frame_read(struct frame_reader *reader, struct bytes *input, struct bytes *message,
	       struct error *error)
{
	size_t part;

	if (reader->prefix_size < FRAME_PREFIX_SIZE) {
		int result;

		read_prefix(reader, input);
		if (reader->prefix_size < FRAME_PREFIX_SIZE)
			return 0;
		result = begin_message(reader, error);
		if (result)
			return result;
		buffer_clear(&reader->message);
	}
	/* A message grows with what has come, never with what its prefix claims. */
	part = smaller(reader->expected - reader->message.size, input->size);
	buffer_append(&reader->message, bytes_of(input->data, part));
	*input = bytes_skip(*input, part);
	if (reader->message.size < reader->expected)
		return 0;
	*message = buffer_bytes(&reader->message);
	begin_next(reader);
	return 1;
}

bool frame_is_open(const struct frame_reader *reader)
{
	return reader->prefix_size > 0;
}

void frame_append(struct buffer *out, struct bytes message)
{
	buffer_append_byte(out, 0);
	buffer_append_u32(out, (uint32_t)message.size);
	buffer_append(out, message);
}
