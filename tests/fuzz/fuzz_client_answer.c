/*
 * What a server says to the command line: an answer is shown as a page that cannot steer a
 * terminal, an error as one line.
 */
#include <assert.h>

#include "client/page.h"
#include "text/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Line feeds are ours. */
static void check_plain(const struct buffer *page)
{
	for (size_t i = 0; i < page->size; i++)
		assert(page->data[i] >= ' ' ? page->data[i] != 0x7f : page->data[i] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(0);
	ProtobufCMessage *message;
	struct buffer out = {0};

	if (!wire_unpack(&carnet__v1__check_response__descriptor, bytes_of(data, size), NULL, arena,
			 &message, NULL)) {
		const Carnet__V1__CheckResponse *response =
			(const Carnet__V1__CheckResponse *)message;
		const struct page page = {.decision = response->decision};

		if (response->decision)
			page_write(&page, &out);
		check_plain(&out);
	}
	buffer_release(&out);
	arena_free(arena);
	return 0;
}
