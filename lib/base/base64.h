/*
 * Bytes as printable text (RFC 4648): base64 with padding, base64url without,
 * and lower-case hexadecimal.  Reading is strict: one text per value, so what
 * is read and written again is the same.
 */
#ifndef CARNET_BASE_BASE64_H
#define CARNET_BASE_BASE64_H

#include "base/buffer.h"

void base64_append(struct buffer *out, struct bytes data);
void base64url_append(struct buffer *out, struct bytes data);
void hex_append(struct buffer *out, struct bytes data);

/* Appends the decoded bytes; false, with nothing appended, for anything that
 * the writers above would not have written. */
bool base64_decode(struct buffer *out, struct bytes text);
bool base64url_decode(struct buffer *out, struct bytes text);
bool hex_decode(struct buffer *out, struct bytes text);

#endif
