/*
 * Messages as people and programs write them: the mapping that the head of
 * registry.proto describes, for every message, by its descriptor.
 *
 *	arena          of the caller, one per unit of work
 *	document_read  bytes to trees            (document.h)
 *	mapping_read   a tree to a message
 *	mapping_write  a message to JSON, canonical (RFC 8785), or to YAML
 *
 * What is written reads back as an equal message.  Defaults are left out,
 * 64-bit integers are text in JSON, bytes are base64.
 *
 * Rules that registry.proto leaves open:
 * - A single scalar where a list is wanted stands for a list of that one.  A
 *   test with one value is written so ({has: EEA}); every other list of one
 *   keeps its brackets.
 * - A message marked [short] is written short if that field is the only one set.
 * - {} is a message marked [list] of pairs, or [short], that is empty.
 * - A fact that is called like a member of Condition: {fact: {order: ...}}.
 * - Pairs of which two have the same name, which only programs can bring about,
 *   are a list of mappings with one key each.
 * - null, ~ and nothing are refused wherever they stand without quotes.
 */
#ifndef CARNET_TEXT_MAPPING_H
#define CARNET_TEXT_MAPPING_H

#include <protobuf-c/protobuf-c.h>

#include "base/json.h"
#include "text/node.h"
#include "text/source.h"

/* Messages inside each other, the outermost included.  Below the wire's limit
 * (wire.h), so that what was read from text fits into a request. */
enum { MAPPING_DEPTH_MAX = 28 };

enum { MAPPING_FAULTS_MAX = 20 };

/* All that is wrong with one document, in its order. */
struct mapping_faults {
	const char *lines[MAPPING_FAULTS_MAX]; /* each: its place, what is wrong, the cure */
	size_t count;
	bool cut; /* reading ended with the last of them: there may be more */
};

/*
 * Reads one document, or a part of one, as a message.  The message lives in
 * `arena`, needs neither the tree nor its bytes, and must not be given to
 * protobuf_c_message_free_unpacked.  `map` may be NULL; else it learns where
 * each field was read from.  ERR_INVALID or ERR_LIMIT (the code of the first
 * fault), with every fault in `faults`, whose lines live in the arena; what is
 * in `*out` is then of no use.
 */
int mapping_read_all(const struct node *node, const ProtobufCMessageDescriptor *descriptor,
		     struct arena *arena, struct source_map *map, ProtobufCMessage **out,
		     struct mapping_faults *faults);

/* The same with the first fault alone, for texts that programs wrote. */
int mapping_read(const struct node *node, const ProtobufCMessageDescriptor *descriptor,
		 struct arena *arena, struct source_map *map, ProtobufCMessage **out,
		 struct error *error);

/*
 * Writes the message as the writer's next value.  A message that no text could
 * have brought about (mapping_check) is written too: a value that is not there
 * becomes null, an enum value without a name its number, as text.
 */
void mapping_write_json(const ProtobufCMessage *message, struct json_writer *json);

/* Appends the message as one YAML document, without "---" before it. */
void mapping_write_yaml(const ProtobufCMessage *message, struct buffer *out);

/*
 * For messages that came over the wire and will be stored, judged or hashed:
 * whether all of it can be said in text.  ERR_INVALID, naming the field, if
 * there are fields or enum values that this version does not know, pairs,
 * conditions or values of which a half is missing, numbers of 2^53 and more in
 * a [value], or (ERR_LIMIT) more messages inside each other than the wire allows.
 */
int mapping_check(const ProtobufCMessage *message, struct error *error);

#endif
