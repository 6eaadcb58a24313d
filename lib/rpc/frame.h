/*
 * gRPC's framing of messages (gRPC over HTTP/2, "Length-Prefixed-Message"):
 * one byte that says whether the message is compressed, four bytes of length,
 * big-endian, the message.  Frames pay no heed to where HTTP/2's DATA ends.
 */
#ifndef CARNET_RPC_FRAME_H
#define CARNET_RPC_FRAME_H

#include "base/buffer.h"
#include "base/error.h"

enum { FRAME_PREFIX_SIZE = 5 };

/* Reads frames out of bytes that come in any cut.  Zeroed, plus a limit, it
 * is ready; it owns what it has gathered. */
struct frame_reader {
	size_t limit; /* of one message */
	uint8_t prefix[FRAME_PREFIX_SIZE];
	size_t prefix_size;
	size_t expected; /* the message's size, once the prefix is whole */
	struct buffer message;
};

void frame_reader_release(struct frame_reader *reader);

/*
 * Takes from `*input` what belongs to the next message: 1 if it is whole, then
 * in `*message`, good until the next call; 0 if the input is used up before.
 * ERR_LIMIT for a message over the limit, ERR_WRONG_STATE for a compressed one,
 * ERR_INVALID for a prefix that means nothing; the reader is of no use then.
 */
int frame_read(struct frame_reader *reader, struct bytes *input, struct bytes *message,
	       struct error *error);

/* True in the middle of a frame: the end must not come here. */
bool frame_is_open(const struct frame_reader *reader);

void frame_append(struct buffer *out, struct bytes message);

#endif
