/*
 * A change of the registry: what `propose` and `approve` ask of a server, and
 * how they tell what it said.
 */
#ifndef CARNET_CLIENT_EDIT_H
#define CARNET_CLIENT_EDIT_H

#include "base/buffer.h"
#include "client/command.h"
#include "client/remote.h"

/* Calls a method once.  GOOD with the answer in the arena; else what went wrong is told, and this
 * is the outcome to return. */
enum outcome edit_ask(const struct remote_names *server, const char *method,
		      const ProtobufCMessage *request, const ProtobufCMessageDescriptor *answer,
		      struct arena *arena, ProtobufCMessage **out);

/* Prints the text and then the receipt's name, if there is one; releases the text. */
void edit_show(struct buffer *text, const char *receipt);

#endif
