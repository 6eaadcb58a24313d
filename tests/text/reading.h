/* What the tests of this room share: texts to messages and back. */
#ifndef CARNET_TESTS_TEXT_READING_H
#define CARNET_TESTS_TEXT_READING_H

#include "test.h"

#include "carnet/v1/registry.pb-c.h"
#include "text/document.h"
#include "text/mapping.h"

static struct arena *arena;
static struct error error;

static inline int make_arena(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static inline int drop_arena(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* A test with an arena of its own. */
#define test_of(f) cmocka_unit_test_setup_teardown(f, make_arena, drop_arena)

/* The first document of `text`, by the ending of `name`; NULL with `error` set. */
static inline ProtobufCMessage *read_named(const char *name, struct bytes text,
					   const ProtobufCMessageDescriptor *type,
					   struct source_map *map)
{
	struct documents documents;
	ProtobufCMessage *message = NULL;

	error.text[0] = 0;
	if (document_read(text, name, arena, &documents, &error))
		return NULL;
	assert_true(documents.count > 0);
	if (mapping_read(documents.items[0], type, arena, map, &message, &error))
		return NULL;
	return message;
}

static inline const char *to_json(const ProtobufCMessage *message)
{
	struct buffer out = {0};
	struct json_writer json = {.out = &out};
	const char *text;

	mapping_write_json(message, &json);
	text = arena_string(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

static inline const char *to_yaml(const ProtobufCMessage *message)
{
	struct buffer out = {0};
	const char *text;

	mapping_write_yaml(message, &out);
	text = arena_string(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

/* Fails with the error's text unless it can be read. */
static inline ProtobufCMessage *must_read(const char *name, const char *text,
					  const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *message = read_named(name, bytes_of_string(text), type, NULL);

	if (!message)
		fail_msg("%s", error.text);
	return message;
}

/* YAML to a message, to JSON, to a message, to YAML, to a message: always the
 * same JSON.  Returns the YAML that was written. */
static inline const char *go_round(const char *yaml, const char *json,
				   const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *message = must_read("a.yaml", yaml, type);
	const char *written;

	assert_string_equal(to_json(message), json);
	message = must_read("a.json", json, type);
	assert_string_equal(to_json(message), json);
	written = to_yaml(message);
	message = must_read("a.yaml", written, type);
	assert_string_equal(to_json(message), json);
	assert_string_equal(to_yaml(message), written);
	return written;
}

#define RECORD (&carnet__v1__record__descriptor)
#define CONDITION (&carnet__v1__condition__descriptor)
#define CASE (&carnet__v1__case__descriptor)

#endif
