#include "receipt/reader.h"

#include <string.h>

#include "base/base64.h"

struct reader reader_of(struct bytes text)
{
	return (struct reader){.left = text, .start = text.data};
}

void reader_fail(struct reader *reader, const char *what)
{
	if (!reader->failed)
		reader->failed = what;
}

static void advance(struct reader *reader, size_t size)
{
	reader->left = bytes_of(reader->left.data + size, reader->left.size - size);
}

bool reader_sees(const struct reader *reader, const char *text)
{
	return !reader->failed && bytes_start_with(reader->left, text);
}

void reader_literal(struct reader *reader, const char *text, const char *what)
{
	if (reader_sees(reader, text))
		advance(reader, strlen(text));
	else
		reader_fail(reader, what);
}

struct bytes reader_take(struct reader *reader, size_t size, const char *what)
{
	struct bytes taken = bytes_of(reader->left.data, size);

	if (reader->left.size < size)
		reader_fail(reader, what);
	if (reader->failed)
		return bytes_of(NULL, 0);
	advance(reader, size);
	return taken;
}

struct bytes reader_until(struct reader *reader, uint8_t stop, const char *what)
{
	struct bytes head, rest = bytes_cut(reader->left, stop, &head);

	if (!rest.data || !head.size)
		reader_fail(reader, what);
	if (reader->failed)
		return bytes_of(NULL, 0);
	reader->left = rest;
	return head;
}

uint64_t reader_decimal(struct reader *reader, uint64_t max, const char *what)
{
	uint64_t value = 0;
	size_t size = 0;

	for (; size < reader->left.size; size++) {
		uint8_t c = reader->left.data[size];

		if (c < '0' || c > '9')
			break;
		if (value > (max - (c - '0')) / 10)
			reader_fail(reader, what);
		value = value * 10 + (uint64_t)(c - '0');
	}
	if (size == 0 || (size > 1 && reader->left.data[0] == '0'))
		reader_fail(reader, what);
	if (reader->failed)
		return 0;
	advance(reader, size);
	return value;
}

typedef bool decoder(struct buffer *out, struct bytes text);

static struct digest read_digest(struct reader *reader, size_t size, decoder *decode,
				 const char *what)
{
	struct bytes text = reader_take(reader, size, what);
	struct digest digest = {{0}};
	struct buffer data = {0};

	if (!reader->failed && (!decode(&data, text) || !hash_read(buffer_bytes(&data), &digest)))
		reader_fail(reader, what);
	buffer_release(&data);
	return digest;
}

struct digest reader_base64_digest(struct reader *reader, const char *what)
{
	return read_digest(reader, 44, base64_decode, what);
}

struct digest reader_base64url_digest(struct reader *reader, const char *what)
{
	return read_digest(reader, 43, base64url_decode, what);
}

int reader_finish(const struct reader *reader, const char *format, struct error *error)
{
	size_t at = (size_t)(reader->left.data - reader->start);

	if (reader->failed)
		return error_set(error, ERR_INVALID, "%s: byte %zu: %s is missing or malformed",
				 format, at, reader->failed);
	if (reader->left.size)
		return error_set(error, ERR_INVALID, "%s: byte %zu: nothing may follow here",
				 format, at);
	return 0;
}
