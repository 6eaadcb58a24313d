/* Small texts: days, base64, hexadecimal, UTF-8.  What is taken is written again as it was. */
#include <assert.h>

#include "base/base64.h"
#include "base/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool decoder(struct buffer *out, struct bytes text);
typedef void encoder(struct buffer *out, struct bytes data);

static void go_round(struct bytes input, decoder *decode, encoder *encode)
{
	struct buffer decoded = {0}, encoded = {0}, again = {0};

	if (decode(&decoded, input)) {
		encode(&encoded, buffer_bytes(&decoded));
		assert(bytes_equal(buffer_bytes(&encoded), input));
	}
	buffer_clear(&encoded);
	encode(&encoded, input);
	assert(decode(&again, buffer_bytes(&encoded)));
	assert(bytes_equal(buffer_bytes(&again), input));
	buffer_release(&decoded);
	buffer_release(&encoded);
	buffer_release(&again);
}

static void read_day(struct bytes input)
{
	char text[DATE_TEXT_SIZE];
	struct error error = {0};
	day date;

	if (date_parse(input, &date, &error))
		assert(error.code == ERR_INVALID && error.text[0]);
	else
		assert(bytes_equal_string(input, date_format(date, text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);

	go_round(input, base64_decode, base64_append);
	go_round(input, base64url_decode, base64url_append);
	go_round(input, hex_decode, hex_append);
	read_day(input);
	bytes_are_text(input);
	return 0;
}
