#include "text/mapping.h"

#include "carnet/v1/registry.pb-c.h"
#include "text/field.h"
#include "text/names.h"
#include "text/scalar.h"
#include "text/shapes.h"

enum { DEPTH_MAX = 32 }; /* as on the wire */

typedef ProtobufCFieldDescriptor field_descriptor;

/* The way from the outermost message down to here, for errors. */
struct step {
	const struct step *up;
	const field_descriptor *field;
	size_t index;
	int depth;
};

struct checker {
	struct arena *arena;
	struct error *error;
};

static int check_message(struct checker *c, const ProtobufCMessage *message,
			 const struct step *step);

static const char *path_of(struct checker *c, const struct step *step)
{
	const char *path = "";

	for (; step->field; step = step->up) {
		const char *dot = *path && *path != '[' ? "." : "";

		if (field_is_repeated(step->field))
			path = arena_printf(c->arena, "%s[%zu]%s%s", step->field->name, step->index,
					    dot, path);
		else
			path = arena_printf(c->arena, "%s%s%s", step->field->name, dot, path);
	}
	return path;
}

static int refuse(struct checker *c, const struct step *step, int code, const char *what)
{
	const char *path = path_of(c, step);

	return error_set(c->error, code, "%s%s%s", path, *path ? ": " : "", what);
}

static int check_element(struct checker *c, const field_descriptor *field, const void *element,
			 const struct step *step)
{
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return check_message(c, field_message(element), step);
	if (field->type == PROTOBUF_C_TYPE_ENUM &&
	    !names_value(field->descriptor, field_enum(element)))
		return refuse(c, step, ERR_INVALID,
			      "an enum value that this version does not know; use one of its own");
	return 0;
}

static int check_fields(struct checker *c, const ProtobufCMessage *message, const struct step *up)
{
	int result = 0;

	for (unsigned i = 0; i < message->descriptor->n_fields && !result; i++) {
		const field_descriptor *field = &message->descriptor->fields[i];
		struct step step = {.up = up, .field = field, .depth = up->depth + 1};
		size_t count;

		if (!field_is_set(message, field))
			continue;
		count = field_is_repeated(field) ? field_count(message, field) : 1;
		for (; step.index < count && !result; step.index++)
			result = check_element(c, field, field_element(message, field, step.index),
					       &step);
	}
	return result;
}

/* What the message's shape cannot be without. */
static const char *missing(const ProtobufCMessage *message)
{
	const field_descriptor *value;

	switch (shape_of(message->descriptor)) {
	case SHAPE_RECORD:
		return shape_set_member(message) ? NULL : "a record without a kind; set its body";
	case SHAPE_CONDITION:
		return shape_set_member(message) ? NULL : "an empty condition; set its test";
	case SHAPE_VALUE:
		return shape_set_member(message) ? NULL : "an empty value; set one of its members";
	case SHAPE_PAIR:
		value = &message->descriptor->fields[1];
		if (value->type == PROTOBUF_C_TYPE_MESSAGE && !field_is_set(message, value))
			return "a name without its value; set both";
		return NULL;
	default:
		return NULL;
	}
}

static bool is_too_large(const ProtobufCMessage *message)
{
	const Carnet__V1__Value *value = (const Carnet__V1__Value *)message;

	return message->descriptor == &carnet__v1__value__descriptor &&
	       value->value_case == CARNET__V1__VALUE__VALUE_NUMBER &&
	       (value->number > SCALAR_NUMBER_MAX || value->number < -SCALAR_NUMBER_MAX);
}

static int check_message(struct checker *c, const ProtobufCMessage *message,
			 const struct step *step)
{
	const char *what;

	if (step->depth > DEPTH_MAX)
		return refuse(c, step, ERR_LIMIT,
			      "more than 32 messages inside each other; write it flatter");
	if (!message)
		return refuse(c, step, ERR_INVALID, "a member that is chosen, but not set");
	if (message->n_unknown_fields)
		return refuse(c, step, ERR_INVALID,
			      "fields that this version does not know; leave them out");
	if (is_too_large(message))
		return refuse(c, step, ERR_INVALID, "a number of 2^53 or more; send it as text");
	what = missing(message);
	if (what)
		return refuse(c, step, ERR_INVALID, what);
	return check_fields(c, message, step);
}

int mapping_check(const ProtobufCMessage *message, struct error *error)
{
	struct checker c = {.arena = arena_new(0), .error = error};
	struct step outermost = {.depth = 1};
	int result = check_message(&c, message, &outermost);

	arena_free(c.arena);
	return result;
}
