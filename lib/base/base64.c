#include "base/base64.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#if defined(__x86_64__)
/*
 * Receipts are mostly base64, and on the plain way it is what they cost.  So 24 bytes
 * at a time where the processor can: spread each three bytes over four, shift
 * six bits to the bottom of each, and add to each digit what its range of the alphabet
 * starts with.  The plain way below must agree, and a test compares them.
 */
__attribute__((target("avx2"))) static size_t encode_wide(struct bytes data, const char *alphabet,
							  uint8_t *out)
{
	const __m256i spread =
		_mm256_setr_epi8(5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14, 1, 0, 2, 1,
				 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
	/* By range: A to Z; a to z; ten digits; the last two characters. */
	const char at62 = (char)(alphabet[62] - 62), at63 = (char)(alphabet[63] - 63);
	const __m256i starts = _mm256_setr_epi8(
		'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
		'0' - 52, '0' - 52, '0' - 52, at62, at63, 'A', 0, 0, 'a' - 26, '0' - 52, '0' - 52,
		'0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
		at62, at63, 'A', 0, 0);
	size_t done = 0;

	/* Each step reads 32 bytes, from 4 before those that it encodes. */
	for (done = 0; done + 32 <= data.size; done += 24, out += 32) {
		const uint8_t *from = data.data + done;
		__m256i in = done ? _mm256_loadu_si256((const __m256i *)(const void *)(from - 4))
				  : _mm256_permutevar8x32_epi32(
					    _mm256_loadu_si256((const __m256i *)(const void *)from),
					    _mm256_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6));
		__m256i four = _mm256_shuffle_epi8(in, spread);
		__m256i high =
			_mm256_mulhi_epu16(_mm256_and_si256(four, _mm256_set1_epi32(0x0fc0fc00)),
					   _mm256_set1_epi32(0x04000040));
		__m256i low =
			_mm256_mullo_epi16(_mm256_and_si256(four, _mm256_set1_epi32(0x003f03f0)),
					   _mm256_set1_epi32(0x01000010));
		__m256i digits = _mm256_or_si256(high, low);
		/* 0 for a to z, 1 to 12 above, 13 for A to Z */
		__m256i range = _mm256_subs_epu8(digits, _mm256_set1_epi8(51));
		__m256i is_upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), digits);

		range = _mm256_or_si256(range, _mm256_and_si256(is_upper, _mm256_set1_epi8(13)));
		_mm256_storeu_si256((__m256i *)(void *)out,
				    _mm256_add_epi8(digits, _mm256_shuffle_epi8(starts, range)));
	}
	return done;
}
#endif

/* How many bytes, a multiple of three, were encoded; the rest is for the plain way. */
static size_t encode_fast(struct bytes data, const char *alphabet, uint8_t *out)
{
#if defined(__x86_64__)
	if (data.size >= 64 && __builtin_cpu_supports("avx2"))
		return encode_wide(data, alphabet, out);
#endif
	(void)data;
	(void)alphabet;
	(void)out;
	return 0;
}

static void encode_three(const uint8_t *in, const char *alphabet, uint8_t *out)
{
	uint32_t group = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];

	out[0] = (uint8_t)alphabet[group >> 18];
	out[1] = (uint8_t)alphabet[group >> 12 & 63];
	out[2] = (uint8_t)alphabet[group >> 6 & 63];
	out[3] = (uint8_t)alphabet[group & 63];
}

/* The last one or two bytes, with zeros after them; `=` stands for what is not there. */
static void append_rest(struct buffer *out, struct bytes rest, const char *alphabet, bool padded)
{
	uint8_t in[3] = {rest.data[0], rest.size > 1 ? rest.data[1] : 0, 0}, text[4];

	encode_three(in, alphabet, text);
	if (rest.size == 1)
		text[2] = '=';
	text[3] = '=';
	buffer_append(out, bytes_of(text, padded ? 4 : rest.size + 1));
}

static void append(struct buffer *out, struct bytes data, const char *alphabet, bool padded)
{
	size_t whole = data.size / 3 * 3, at;
	uint8_t *text = buffer_extend(out, whole / 3 * 4);

	at = encode_fast(data, alphabet, text);
	for (; at < whole; at += 3)
		encode_three(data.data + at, alphabet, text + at / 3 * 4);
	if (whole < data.size)
		append_rest(out, bytes_skip(data, whole), alphabet, padded);
}

void base64_append(struct buffer *out, struct bytes data)
{
	append(out, data, standard, true);
}

void base64url_append(struct buffer *out, struct bytes data)
{
	append(out, data, url_safe, false);
}

static int digit(uint8_t c, bool url)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (url ? '-' : '+'))
		return 62;
	if (c == (url ? '_' : '/'))
		return 63;
	return -1;
}

static bool decode(struct buffer *out, struct bytes text, bool url)
{
	size_t start = out->size;
	uint32_t bits = 0;
	int held = 0;

	if (text.size % 4 == 1)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		int value = digit(text.data[i], url);

		if (value < 0) {
			out->size = start;
			return false;
		}
		bits = (bits << 6 | (uint32_t)value) & 0xffffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			buffer_append_byte(out, (uint8_t)(bits >> held));
		}
	}
	if (bits & ((1u << held) - 1)) { /* bits that no byte uses must be zero */
		out->size = start;
		return false;
	}
	return true;
}

bool base64_decode(struct buffer *out, struct bytes text)
{
	size_t padding = 0;

	if (text.size % 4)
		return false;
	while (padding < 2 && text.size > padding && text.data[text.size - 1 - padding] == '=')
		padding++;
	return decode(out, bytes_of(text.data, text.size - padding), false);
}

bool base64url_decode(struct buffer *out, struct bytes text)
{
	return decode(out, text, true);
}

void hex_append(struct buffer *out, struct bytes data)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < data.size; i++) {
		buffer_append_byte(out, (uint8_t)hex[data.data[i] >> 4]);
		buffer_append_byte(out, (uint8_t)hex[data.data[i] & 15]);
	}
}

static int nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(struct buffer *out, struct bytes text)
{
	size_t start = out->size;

	if (text.size % 2)
		return false;
	for (size_t i = 0; i < text.size; i += 2) {
		int high = nibble(text.data[i]), low = nibble(text.data[i + 1]);

		if (high < 0 || low < 0) {
			out->size = start;
			return false;
		}
		buffer_append_byte(out, (uint8_t)(high << 4 | low));
	}
	return true;
}
