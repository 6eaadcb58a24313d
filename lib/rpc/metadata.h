/*
 * The values that gRPC puts into HTTP headers: timeouts, percent-encoded text,
 * base64 (gRPC over HTTP/2, "Requests", "Responses", "Binary Header").
 */
#ifndef CARNET_RPC_METADATA_H
#define CARNET_RPC_METADATA_H

#include "base/buffer.h"

enum { METADATA_TIMEOUT_SIZE = 16 };

/* grpc-timeout: one to eight digits and a unit (H M S m u n); rounded up to
 * milliseconds.  False for anything else. */
bool metadata_parse_timeout(struct bytes value, int64_t *timeout_ms);

/* The other way, in the finest unit that holds it; negative counts as 0. */
const char *metadata_format_timeout(int64_t timeout_ms, char out[METADATA_TIMEOUT_SIZE]);

/* grpc-message.  Reading never fails: a broken escape stays as it is. */
void metadata_append_text(struct buffer *out, struct bytes text);
void metadata_decode_text(struct buffer *out, struct bytes value);

/* A "-bin" header, which peers may send with or without padding; written
 * without.  False, with nothing appended, if it is not base64. */
void metadata_append_binary(struct buffer *out, struct bytes data);
bool metadata_decode_binary(struct buffer *out, struct bytes value);

/* True for "application/grpc", alone or followed by "+proto" or parameters. */
bool metadata_is_grpc(struct bytes content_type);

#endif
