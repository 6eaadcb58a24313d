#include "text/scalar.h"

#include <string.h>

#include "base/base64.h"
#include "carnet/v1/registry.pb-c.h"
#include "text/field.h"
#include "text/names.h"
#include "text/suggest.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_null(const struct node *node)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (node->kind != NODE_TEXT || node->style != NODE_PLAIN)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (bytes_equal_string(node->text, words[i]))
			return true;
	return false;
}

int scalar_refuse_null(const struct node *node, struct error *error)
{
	if (!is_null(node))
		return 0;
	return node_error(node, error, ERR_INVALID,
			  "nothing stands here; leave the field out, or put the text in quotes");
}

struct integer {
	bool negative;
	uint64_t size;
};

static bool parse_integer(struct bytes text, struct integer *out)
{
	struct bytes digits = bytes_skip(text, text.size && text.data[0] == '-');

	*out = (struct integer){.negative = digits.size < text.size};
	if (!digits.size || digits.size > 20 || (digits.data[0] == '0' && text.size > 1))
		return false;
	for (size_t i = 0; i < digits.size; i++) {
		uint64_t digit = digits.data[i] - (unsigned)'0';

		if (!is_digit(digits.data[i]) || out->size > (UINT64_MAX - digit) / 10)
			return false;
		out->size = out->size * 10 + digit;
	}
	return true;
}

/* The two's complement of a number that fits into 64 bits, signed or not. */
static bool fits(struct integer number, bool is_unsigned, int64_t *out)
{
	if (number.negative) {
		if (is_unsigned || number.size > (uint64_t)INT64_MAX + 1)
			return false;
		*out = (int64_t)(0 - number.size);
		return true;
	}
	if (!is_unsigned && number.size > INT64_MAX)
		return false;
	*out = (int64_t)number.size;
	return true;
}

bool scalar_integer(struct bytes text, int64_t *out)
{
	struct integer number;

	return parse_integer(text, &number) && fits(number, false, out);
}

static size_t skip_digits(struct bytes text, size_t at)
{
	while (at < text.size && is_digit(text.data[at]))
		at++;
	return at;
}

/* [-] digits [. digits] [e [+-] digits], all of it. */
static bool looks_numeric(struct bytes text, bool *fraction)
{
	size_t from = text.size && text.data[0] == '-', at = skip_digits(text, from);

	*fraction = false;
	if (at == from)
		return false;
	if (at < text.size && text.data[at] == '.') {
		*fraction = true;
		at = skip_digits(text, at + 1);
	}
	if (at < text.size && (text.data[at] | 0x20) == 'e') {
		*fraction = true;
		at += at + 1 < text.size && strchr("+-", text.data[at + 1]) ? 2 : 1;
		from = at;
		at = skip_digits(text, at);
		if (at == from)
			return false;
	}
	return at == text.size;
}

enum scalar_type scalar_type(const struct node *node)
{
	struct bytes text = node->text;
	bool fraction;

	if (node->style == NODE_QUOTED)
		return SCALAR_TEXT;
	if (bytes_equal_string(text, "true") || bytes_equal_string(text, "false"))
		return SCALAR_FLAG;
	if (!looks_numeric(text, &fraction))
		return SCALAR_TEXT;
	if (fraction)
		return SCALAR_FRACTION;
	/* 007 and -0 are digits that somebody meant as text. */
	if (text.size > 1 && (text.data[0] == '0' || bytes_start_with(text, "-0")))
		return SCALAR_TEXT;
	return SCALAR_NUMBER;
}

static int read_string(const struct node *node, char **out, struct arena *arena,
		       struct error *error)
{
	if (node->style == NODE_LITERAL)
		return node_error(node, error, ERR_INVALID,
				  "a text is wanted here; put %s in quotes",
				  (const char *)node->text.data);
	*out = arena_string(arena, node->text);
	return 0;
}

static int read_flag(const struct node *node, protobuf_c_boolean *out, struct arena *arena,
		     struct error *error)
{
	*out = bytes_equal_string(node->text, "true");
	if (scalar_type(node) == SCALAR_FLAG)
		return 0;
	return node_error(node, error, ERR_INVALID, "true or false is wanted here, not %s",
			  node_quote(node->text, arena));
}

static const char *range_of(const ProtobufCFieldDescriptor *field)
{
	if (field_is_64bit(field))
		return field_is_unsigned(field) ? "0 to 18446744073709551615"
						: "-9223372036854775808 to 9223372036854775807";
	return field_is_unsigned(field) ? "0 to 4294967295" : "-2147483648 to 2147483647";
}

static int read_integer(const struct node *node, const ProtobufCFieldDescriptor *field,
			void *element, struct arena *arena, struct error *error)
{
	struct integer number;
	int64_t value;

	if (parse_integer(node->text, &number) && fits(number, field_is_unsigned(field), &value) &&
	    field_put_integer(field, element, value))
		return 0;
	return node_error(node, error, ERR_INVALID, "a whole number from %s is wanted here, not %s",
			  range_of(field), node_quote(node->text, arena));
}

static const char *word_of(const ProtobufCEnumDescriptor *type, unsigned index, bool json,
			   struct arena *arena)
{
	const char *name = names_value(type, type->values[index].value);

	return json ? name : names_kebab(name, arena);
}

static int refuse_word(const struct node *node, const ProtobufCEnumDescriptor *type,
		       struct arena *arena, struct error *error)
{
	struct suggestion near = suggest_for(node->text);
	char cure[SUGGEST_TEXT_SIZE];
	const char *words = "";

	/* The first value, unspecified, is what leaving it out says. */
	for (unsigned i = 1; i < type->n_values; i++) {
		const char *word = word_of(type, i, node->source->json, arena);

		suggest_offer(&near, bytes_of_string(word));
		words = arena_printf(arena, "%s%s%s", words, i > 1 ? ", " : "", word);
	}
	return node_error(node, error, ERR_INVALID, "%s is none of %s%s",
			  node_quote(node->text, arena), words, suggest_text(&near, cure));
}

/* An Answer is also true or false, as other readers may have made of yes and no. */
static bool answer_of(const struct node *node, const ProtobufCEnumDescriptor *type, int *out)
{
	if (type != &carnet__v1__answer__descriptor || scalar_type(node) != SCALAR_FLAG)
		return false;
	*out = bytes_equal_string(node->text, "true") ? CARNET__V1__ANSWER__ANSWER_YES
						      : CARNET__V1__ANSWER__ANSWER_NO;
	return true;
}

static int read_enum(const struct node *node, const ProtobufCEnumDescriptor *type, int *out,
		     struct arena *arena, struct error *error)
{
	const ProtobufCEnumValue *value;

	if (answer_of(node, type, out))
		return 0;
	value = names_find_value(type, node->text);
	if (!value)
		return refuse_word(node, type, arena, error);
	*out = value->value;
	return 0;
}

static int read_bytes(const struct node *node, ProtobufCBinaryData *out, struct arena *arena,
		      struct error *error)
{
	struct buffer decoded = {0};
	bool valid = base64_decode(&decoded, node->text);
	struct bytes copy = arena_copy(arena, buffer_bytes(&decoded));

	buffer_release(&decoded);
	out->data = (uint8_t *)(uintptr_t)copy.data;
	out->len = copy.size;
	return valid ? 0
		     : node_error(node, error, ERR_INVALID,
				  "base64 with padding (RFC 4648, 4) is wanted here");
}

int scalar_read(const struct node *node, const ProtobufCFieldDescriptor *field, void *element,
		struct arena *arena, struct error *error)
{
	int result = scalar_refuse_null(node, error);

	if (result)
		return result;
	if (node->kind != NODE_TEXT)
		return node_error(node, error, ERR_INVALID,
				  "a single value is wanted here, not a %s",
				  node->kind == NODE_LIST ? "list" : "mapping");
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		return read_string(node, element, arena, error);
	case PROTOBUF_C_TYPE_BOOL:
		return read_flag(node, element, arena, error);
	case PROTOBUF_C_TYPE_ENUM:
		return read_enum(node, field->descriptor, element, arena, error);
	case PROTOBUF_C_TYPE_BYTES:
		return read_bytes(node, element, arena, error);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		return node_error(node, error, ERR_INVALID,
				  "fractions have no place in this mapping");
	default:
		return read_integer(node, field, element, arena, error);
	}
}
