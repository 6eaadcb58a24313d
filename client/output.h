/*
 * What goes to stdout: tables and pages for people, JSON and YAML for programs.
 *
 * JSON is the canonical mapping, one value a line; YAML one document each,
 * with `---` between them.
 */
#ifndef CARNET_CLIENT_OUTPUT_H
#define CARNET_CLIENT_OUTPUT_H

#include <protobuf-c/protobuf-c.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/error.h"

enum output { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_YAML };

/* "table", "json", "yaml". */
int output_parse(const char *text, enum output *out, struct error *error);

/* Prints a message as JSON or YAML; `first` is true for the first of a stream. */
void output_message(enum output output, const ProtobufCMessage *message, bool first);

void output_text(struct bytes text);

/* True if a person is looking and has not asked for plain text (NO_COLOR). */
bool output_is_coloured(FILE *stream);

/* Appends text from elsewhere with control characters shown as `?`: nothing
 * that a registry or a server says may steer the terminal. */
void output_append_plain(struct buffer *out, const char *text);

/* 0, or ERR_SYSTEM if something that went to stdout was lost. */
int output_finish(struct error *error);

#endif
