#include "client/edit.h"

#include "client/output.h"

enum outcome edit_ask(const struct remote_names *server, const char *method,
		      const ProtobufCMessage *request, const ProtobufCMessageDescriptor *answer,
		      struct arena *arena, ProtobufCMessage **out)
{
	struct remote *remote;
	struct error error;
	int result;

	if (remote_open(server, &remote, &error))
		return command_failed(&error);
	result = remote_call(remote, method, request, answer, arena, out, &error);
	remote_close(remote);
	return result ? command_refused(&error) : OUTCOME_GOOD;
}

void edit_show(struct buffer *text, const char *receipt)
{
	if (*receipt) {
		buffer_append_string(text, "receipt ");
		output_append_plain(text, receipt);
		buffer_append_byte(text, '\n');
	}
	output_text(buffer_bytes(text));
	buffer_release(text);
}
