#include "server/revision_header.h"

#include "server/cursor.h"

void revision_header_write(const struct revision_header *header, struct buffer *out)
{
	buffer_append_byte(out, REVISION_HEADER_VERSION);
	buffer_append_u64(out, header->number);
	buffer_append(out, hash_view(&header->previous));
	buffer_append(out, hash_view(&header->records));
	buffer_append(out, hash_view(&header->change_set));
	buffer_append_u64(out, (uint64_t)header->instant);
	buffer_append_u16(out, (uint16_t)header->proposal.size);
	buffer_append(out, header->proposal);
	buffer_append_u32(out, (uint32_t)header->reason.size);
	buffer_append(out, header->reason);
}

int revision_header_read(struct bytes bytes, struct revision_header *out, struct error *error)
{
	struct cursor c = cursor_of(bytes);
	uint8_t version = cursor_u8(&c);

	out->number = cursor_u64(&c);
	out->previous = cursor_digest(&c);
	out->records = cursor_digest(&c);
	out->change_set = cursor_digest(&c);
	out->instant = (instant_ms)cursor_u64(&c);
	out->proposal = cursor_short(&c);
	out->reason = cursor_long(&c);
	if (!cursor_finish(&c) || version != REVISION_HEADER_VERSION)
		return error_set(error, ERR_CORRUPT, "a stored revision is damaged");
	return 0;
}

struct digest revision_header_digest(const struct revision_header *header)
{
	struct buffer text = {0};
	struct digest digest;

	revision_header_write(header, &text);
	digest = hash_of(buffer_bytes(&text));
	buffer_release(&text);
	return digest;
}
