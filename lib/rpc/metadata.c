#include "rpc/metadata.h"

#include <stdio.h>

#include "base/base64.h"

enum { TIMEOUT_DIGITS = 8 };

/* Microseconds in each unit, nanoseconds aside. */
static int64_t unit_us(uint8_t unit)
{
	switch (unit) {
	case 'H':
		return INT64_C(3600000000);
	case 'M':
		return 60000000;
	case 'S':
		return 1000000;
	case 'm':
		return 1000;
	case 'u':
		return 1;
	default:
		return 0;
	}
}

bool metadata_parse_timeout(struct bytes value, int64_t *timeout_ms)
{
	int64_t amount = 0, us;
	uint8_t unit;

	if (value.size < 2 || value.size > TIMEOUT_DIGITS + 1)
		return false;
	for (size_t i = 0; i + 1 < value.size; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return false;
		amount = amount * 10 + (value.data[i] - '0');
	}
	unit = value.data[value.size - 1];
	us = unit == 'n' ? (amount + 999) / 1000 : amount * unit_us(unit);
	*timeout_ms = (us + 999) / 1000;
	return unit == 'n' || unit_us(unit) != 0;
}

const char *metadata_format_timeout(int64_t timeout_ms, char out[METADATA_TIMEOUT_SIZE])
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'m', 1}, {'S', 1000}, {'M', 60000}, {'H', 3600000}};
	const int64_t most = 99999999;
	int64_t amount = 0;
	size_t i;

	if (timeout_ms < 0)
		timeout_ms = 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		amount = timeout_ms / units[i].ms + (timeout_ms % units[i].ms != 0);
		if (amount <= most)
			break;
	}
	if (amount > most) {
		amount = most;
		i--;
	}
	snprintf(out, METADATA_TIMEOUT_SIZE, "%u%c", (unsigned)amount, units[i].unit);
	return out;
}

void metadata_append_text(struct buffer *out, struct bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t byte = text.data[i];

		if (byte >= ' ' && byte <= '~' && byte != '%')
			buffer_append_byte(out, byte);
		else
			buffer_printf(out, "%%%02X", byte);
	}
}

static int hex_value(uint8_t digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

void metadata_decode_text(struct buffer *out, struct bytes value)
{
	for (size_t i = 0; i < value.size; i++) {
		int high = -1, low = -1;

		if (value.data[i] == '%' && value.size - i > 2) {
			high = hex_value(value.data[i + 1]);
			low = hex_value(value.data[i + 2]);
		}
		if (high < 0 || low < 0) {
			buffer_append_byte(out, value.data[i]);
			continue;
		}
		buffer_append_byte(out, (uint8_t)(high << 4 | low));
		i += 2;
	}
}

void metadata_append_binary(struct buffer *out, struct bytes data)
{
	base64_append(out, data);
	while (out->size > 0 && out->data[out->size - 1] == '=')
		out->size--;
}

bool metadata_decode_binary(struct buffer *out, struct bytes value)
{
	struct buffer padded = {0};
	bool decoded;

	buffer_append(&padded, value);
	while (padded.size % 4 != 0)
		buffer_append_byte(&padded, '=');
	decoded = base64_decode(out, buffer_bytes(&padded));
	buffer_release(&padded);
	return decoded;
}

bool metadata_is_grpc(struct bytes content_type)
{
	struct bytes rest = bytes_skip(content_type, sizeof("application/grpc") - 1);

	if (!bytes_start_with(content_type, "application/grpc"))
		return false;
	return rest.size == 0 || rest.data[0] == '+' || rest.data[0] == ';';
}
