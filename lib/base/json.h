/*
 * Writing JSON, canonical by construction (RFC 8785, JCS).
 *
 * Members may be written in any order: they are sorted when their object
 * ends, by UTF-16 code units as the RFC asks.  No white space, shortest
 * escapes.  Numbers are integers below 2^53 in size; there are no floats.
 *
 *	struct json_writer json = {.out = &buffer};
 *	json_begin_object(&json);
 *	json_member(&json, BYTES_LITERAL("size"));
 *	json_write_integer(&json, 42);
 *	json_end_object(&json);
 *
 * The bytes are complete when the outermost value has ended.  Reading JSON is
 * the work of rooms that know jansson.
 */
#ifndef CARNET_BASE_JSON_H
#define CARNET_BASE_JSON_H

#include "base/buffer.h"

enum { JSON_DEPTH_MAX = 64 };

struct json_member;

/* An object or array that is open. */
struct json_level {
	size_t from;         /* behind the brace */
	size_t first_member; /* of an object */
	bool is_object;
	bool filled; /* an array that has an element */
};

struct json_writer {
	struct buffer *out; /* appended to; the caller's */
	/* private */
	struct json_level levels[JSON_DEPTH_MAX];
	int depth;
	struct json_member *members; /* of all open objects, the innermost last */
	size_t member_count, member_capacity;
};

void json_begin_object(struct json_writer *json);
void json_end_object(struct json_writer *json);
void json_begin_array(struct json_writer *json);
void json_end_array(struct json_writer *json);

/* The name of the next value; names within an object must differ. */
void json_member(struct json_writer *json, struct bytes name);

void json_write_string(struct json_writer *json, struct bytes text); /* UTF-8 */
void json_write_integer(struct json_writer *json, int64_t value);    /* |value| < 2^53 */
void json_write_boolean(struct json_writer *json, bool value);
void json_write_null(struct json_writer *json);

/* A complete JSON value that is canonical already, verbatim. */
void json_raw(struct json_writer *json, struct bytes value);

/* Member and value at once. */
void json_member_string(struct json_writer *json, const char *name, struct bytes text);
void json_member_integer(struct json_writer *json, const char *name, int64_t value);
void json_member_boolean(struct json_writer *json, const char *name, bool value);

#endif
