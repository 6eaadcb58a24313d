#include "text/reading.h"

#include <stdlib.h>

#include "text/allocator.h"
#include "text/wire.h"

#define ASK (&carnet__v1__check_request__descriptor)

static int check(const ProtobufCMessageDescriptor *type, struct bytes bytes)
{
	error.text[0] = 0;
	return wire_check(type, bytes, NULL, &error);
}

/* Fields of CheckRequest: exporter 1, categories 3, facts 6, known_at 9, given 10, receipt 14;
 * of Fact: name 1, value 2; of Value: flag 1, number 2, list 4. */
static const struct {
	const char *bytes;
	size_t size;
	const char *error; /* NULL: well-formed */
} cases[] = {
	{"", 0, NULL},
	{"\x0a\x02KR", 4, NULL},
	{"\x48\x01\x70\x02", 4, NULL},
	{"\x1a\x01"
	 "a\x1a\x01"
	 "b",
	 6, NULL},
	/* strings */
	{"\x0a\x03"
	 "a\0b",
	 5, "CheckRequest.exporter is not UTF-8 text without NUL"},
	{"\x0a\x01\xff", 3, "CheckRequest.exporter is not UTF-8 text without NUL"},
	{"\x0a\x03\xed\xa0\x80", 5, "CheckRequest.exporter is not UTF-8 text without NUL"},
	{"\x32\x04\x0a\x02"
	 "a\xc0",
	 6, "Fact.name is not UTF-8 text without NUL"},
	/* lengths and numbers */
	{"\x0a\x05KR", 4, "CheckRequest is malformed: a value is cut off or has no type"},
	{"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11,
	 "CheckRequest is malformed: a value is cut off or has no type"},
	{"\x0a", 1, "CheckRequest is malformed: a value is cut off or has no type"},
	{"\x80", 1, "CheckRequest is malformed: a field's tag is none"},
	{"\x00\x01", 2, "CheckRequest is malformed: a field's tag is none"},
	{"\x80\x80\x80\x80\x10\x01", 6, "CheckRequest is malformed: a field's tag is none"},
	{"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, NULL},
	{"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11,
	 "CheckRequest is malformed: a value is cut off or has no type"},
	{"\x48\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 12,
	 "CheckRequest is malformed: a value is cut off or has no type"},
	/* wire types */
	{"\x08\x01", 2, "CheckRequest.exporter has another wire type than its own"},
	{"\x4a\x01\x01", 3, "CheckRequest.known_at has another wire type than its own"},
	{"\x49\x01\x02\x03\x04\x05\x06\x07\x08", 9,
	 "CheckRequest.known_at has another wire type than its own"},
	{"\x30\x01", 2, "CheckRequest.facts has another wire type than its own"},
	{"\x0b\x0c", 2, "CheckRequest is malformed: groups are refused"},
	{"\x0c", 1, "CheckRequest is malformed: groups are refused"},
	{"\x0e", 1, "CheckRequest is malformed: a value is cut off or has no type"},
	{"\xf3\x7f\xf4\x7f", 4, "CheckRequest is malformed: groups are refused"},
	/* fields nobody knows */
	{"\xf8\x7f\x01\xfa\x7f\x02\xff\xff\xfd\x7f\x01\x02\x03\x04", 14, NULL},
	{"\xf9\x7f\x01\x02\x03\x04\x05\x06\x07", 9,
	 "CheckRequest is malformed: a value is cut off or has no type"},
	/* once is once */
	{"\x0a\x01"
	 "a\x0a\x01"
	 "a",
	 6, "CheckRequest.exporter is given twice"},
	{"\x48\x01\x48\x01", 4, "CheckRequest.known_at is given twice"},
	{"\x32\x06\x12\x04\x08\x01\x10\x01", 8,
	 "Value.number is given beside another of its oneof"},
	{"\x32\x06\x12\x04\x22\x00\x22\x00", 8, "Value.list is given twice"},
};

static void each_fault_of_the_bytes_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int result = check(ASK, bytes_of(cases[i].bytes, cases[i].size));

		assert_int_equal(result, cases[i].error ? ERR_INVALID : 0);
		assert_string_equal(error.text, cases[i].error ? cases[i].error : "");
	}
}

static void repeated_numbers_may_be_packed_or_not(void **state)
{
	const ProtobufCMessageDescriptor *type = &carnet__v1__agreement__descriptor;
	ProtobufCMessage *message;

	(void)state; /* modes = 11 */
	assert_int_equal(check(type, BYTES_LITERAL("\x58\x01\x58\x02\x5a\x02\x03\x04")), 0);
	assert_int_equal(wire_unpack(type, BYTES_LITERAL("\x58\x01\x58\x02\x5a\x02\x03\x04"), NULL,
				     arena, &message, &error),
			 0);
	assert_string_equal(
		to_json(message),
		"{\"modes\":[\"STORAGE\",\"REMOTE_ACCESS\",\"TRANSMISSION\",\"TRANSIT\"]}");
	assert_int_equal(check(type, BYTES_LITERAL("\x5a\x02\x03\x84")), ERR_INVALID);
	assert_string_equal(error.text, "Agreement is malformed: a packed list is cut off");
	assert_int_equal(check(type, BYTES_LITERAL("\x5d\x01\x02\x03\x04")), ERR_INVALID);
}

static const char rich[] =
	"id: L1\n"
	"given:\n"
	"  - agreement: {id: a, exporter: x, modes: [transit, storage], from: 2020-01-01}\n"
	"  - rulebook: {id: r, applies: [{f.x: [a, 1, true, [b]]}, {not: {order: {}}}],\n"
	"      define: {d: [{cond: e}]}, duties: [t, {owe: u, when: {sure: [{cond: d}]}}]}\n"
	"  - log: {id: l, final-size: 18446744073709551615}\n"
	"ask: {exporter: 한국, recipients: [a, {party: b, storage: [KR, JP]}],\n"
	"      facts: {a: -1, b: [c, 9007199254740991]}, performs: {t: yes}, known-at: 300}\n"
	"expect: {verdict: denied, also-accept: [indeterminate, permitted]}\n";

static struct bytes pack(const ProtobufCMessage *message)
{
	struct buffer out = {0};
	struct bytes copy;

	wire_pack(message, &out);
	copy = arena_copy(arena, buffer_bytes(&out));
	buffer_release(&out);
	return copy;
}

static void what_is_packed_is_unpacked(void **state)
{
	ProtobufCMessage *message = must_read("a.yaml", rich, CASE), *copy;
	struct bytes bytes = pack(message);

	(void)state;
	assert_int_equal(wire_unpack(CASE, bytes, NULL, arena, &copy, &error), 0);
	assert_string_equal(to_json(copy), to_json(message));
	assert_int_equal(mapping_check(copy, &error), 0);
	assert_true(bytes_equal(pack(copy), bytes));
}

static void an_empty_message_has_no_bytes(void **state)
{
	ProtobufCMessage *message;

	(void)state;
	assert_int_equal(pack(must_read("a.yaml", "{}", CASE)).size, 0);
	assert_int_equal(wire_unpack(CASE, (struct bytes){0}, NULL, arena, &message, &error), 0);
	assert_string_equal(to_json(message), "{}");
}

/* On the heap and no byte longer, so that the sanitizer sees what is read beyond. */
static int unpack_exact(struct bytes bytes, ProtobufCMessage **out)
{
	uint8_t *exact = malloc(bytes.size ? bytes.size : 1);
	int result;

	if (bytes.size)
		memcpy(exact, bytes.data, bytes.size);
	result = wire_unpack(CASE, bytes_of(exact, bytes.size), NULL, arena, out, &error);
	free(exact);
	return result;
}

static void no_cut_of_a_message_does_harm(void **state)
{
	struct bytes bytes = pack(must_read("a.yaml", rich, CASE));
	ProtobufCMessage *message;
	size_t whole = 0;

	(void)state;
	for (size_t i = 0; i < bytes.size; i++) {
		if (unpack_exact(bytes_of(bytes.data, i), &message))
			continue;
		/* Only where a field of the outermost message ends. */
		whole++;
		to_json(message);
	}
	assert_in_range(whole, 1, 16);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void no_change_of_a_message_does_harm(void **state)
{
	struct bytes bytes = pack(must_read("a.yaml", rich, CASE));
	uint8_t *mutant = malloc(bytes.size);
	uint32_t seed = 2463534242u;
	struct arena *old = arena;
	ProtobufCMessage *message;

	(void)state;
	arena = arena_new(0);
	for (int i = 0; i < 20000; i++) {
		memcpy(mutant, bytes.data, bytes.size);
		for (uint32_t k = next_random(&seed) % 4 + 1; k > 0; k--)
			mutant[next_random(&seed) % bytes.size] = (uint8_t)next_random(&seed);
		if (!unpack_exact(bytes_of(mutant, bytes.size), &message)) {
			mapping_check(message, &error);
			to_json(message);
			to_yaml(message);
		}
		arena_reset(arena);
	}
	free(mutant);
	arena_free(arena);
	arena = old;
}

/* A message inside a message, `depth` of them, by field 3 (Condition.not). */
static struct bytes nest(size_t depth)
{
	struct bytes bytes = {0};

	for (size_t i = 1; i < depth; i++) {
		struct buffer out = {0};

		buffer_append_byte(&out, 0x1a);
		if (bytes.size >= 128)
			buffer_append_byte(&out, (uint8_t)(bytes.size | 0x80));
		buffer_append_byte(&out,
				   (uint8_t)(bytes.size >= 128 ? bytes.size >> 7 : bytes.size));
		buffer_append(&out, bytes);
		bytes = arena_copy(arena, buffer_bytes(&out));
		buffer_release(&out);
	}
	return bytes;
}

static void thirty_two_messages_deep_and_no_deeper(void **state)
{
	struct wire_limits deeper = {.max_depth = 33};
	ProtobufCMessage *message;

	(void)state;
	assert_int_equal(wire_unpack(CONDITION, nest(32), NULL, arena, &message, &error), 0);
	assert_int_equal(check(CONDITION, nest(33)), ERR_LIMIT);
	assert_string_equal(error.text, "more messages inside each other than allowed; send it "
					"flatter");
	assert_int_equal(wire_check(CONDITION, nest(33), &deeper, &error), 0);
}

static void megabytes_of_nesting_are_refused_at_once(void **state)
{
	enum { LEVELS = 300000 };
	uint8_t *bytes = malloc((size_t)LEVELS * 4), *at = bytes + (size_t)LEVELS * 4;
	size_t size = 0;

	(void)state; /* from the inside out: tag and length, up to four bytes a level */
	for (int i = 0; i < LEVELS && size < 900000; i++) {
		size_t length = size;

		if (length >= 1 << 14)
			*--at = (uint8_t)(length >> 14);
		if (length >= 1 << 7)
			*--at = (uint8_t)((length >> 7 & 127) | (length >= 1 << 14 ? 128 : 0));
		*--at = (uint8_t)((length & 127) | (length >= 1 << 7 ? 128 : 0));
		*--at = 0x1a;
		size = (size_t)(bytes + (size_t)LEVELS * 4 - at);
	}
	assert_true(size >= 899999);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(check(CONDITION, bytes_of(at, size)), ERR_LIMIT);
	free(bytes);
}

static void size_and_number_of_elements_are_limited(void **state)
{
	struct wire_limits small = {.max_bytes = 16}, few = {.max_elements = 3};
	uint8_t *bytes = arena_alloc(arena, 5 << 20);

	(void)state;
	assert_int_equal(wire_check(ASK,
				    bytes_of("\x0a\x0f"
					     "aaaaaaaaaaaaaaa",
					     17),
				    &small, &error),
			 ERR_LIMIT);
	assert_string_equal(error.text, "a message of 17 bytes; 16 are allowed");
	assert_int_equal(wire_check(ASK, BYTES_LITERAL("\x1a\x00\x1a\x00\x1a\x00"), &few, &error),
			 0);
	assert_int_equal(
		wire_check(ASK, BYTES_LITERAL("\x1a\x00\x1a\x00\x1a\x00\x1a\x00"), &few, &error),
		ERR_LIMIT);
	assert_string_equal(error.text, "too many fields and elements; send fewer at a time");
	for (size_t i = 0; i < 4 << 20; i += 2)
		bytes[i] = 0x52; /* given {} */
	assert_int_equal(check(ASK, bytes_of(bytes, 4 << 20)), ERR_LIMIT);
	assert_int_equal(check(ASK, bytes_of(bytes, (4 << 20) + 1)), ERR_LIMIT);
	assert_int_equal(check(ASK, bytes_of(bytes, 1 << 20)), 0);
}

static void packed_elements_count(void **state)
{
	struct wire_limits few = {.max_elements = 3};

	(void)state;
	assert_int_equal(wire_check(&carnet__v1__agreement__descriptor,
				    BYTES_LITERAL("\x5a\x03\x01\x01\x01"), &few, &error),
			 ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(each_fault_of_the_bytes_is_named),
		test_of(repeated_numbers_may_be_packed_or_not),
		test_of(what_is_packed_is_unpacked),
		test_of(an_empty_message_has_no_bytes),
		test_of(no_cut_of_a_message_does_harm),
		test_of(no_change_of_a_message_does_harm),
		test_of(thirty_two_messages_deep_and_no_deeper),
		test_of(megabytes_of_nesting_are_refused_at_once),
		test_of(size_and_number_of_elements_are_limited),
		test_of(packed_elements_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
