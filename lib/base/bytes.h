/*
 * Views of bytes, by value.
 *
 * A `struct bytes` never owns what it points at: it lives as long as the
 * buffer, arena or literal behind it.  Text is bytes too; nothing here needs
 * or adds a terminating NUL.
 */
#ifndef CARNET_BASE_BYTES_H
#define CARNET_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *data;
	size_t size;
};

/* For printf: printf("%.*s", BYTES_PRINT(view)). */
#define BYTES_PRINT(b) (int)(b).size, (const char *)(b).data

/* A view of a string literal. */
#define BYTES_LITERAL(s) ((struct bytes){(const uint8_t *)("" s), sizeof(s) - 1})

struct bytes bytes_of(const void *data, size_t size);

/* A view of a C string; NULL gives the empty view. */
struct bytes bytes_of_string(const char *text);

bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_equal_string(struct bytes a, const char *text);
bool bytes_start_with(struct bytes b, const char *prefix);

/* memcmp order, a prefix before the longer: below, at or above zero. */
int bytes_compare(struct bytes a, struct bytes b);

/* The part from `from` on; empty if `from` lies beyond the end. */
struct bytes bytes_skip(struct bytes b, size_t from);

/* Cuts at the first `separator`: `*head` is what stands before it, the result
 * what follows.  Without one, `*head` is the whole and the rest has NULL data. */
struct bytes bytes_cut(struct bytes b, uint8_t separator, struct bytes *head);

/* True if the bytes are well-formed UTF-8 (RFC 3629) without NUL. */
bool bytes_are_text(struct bytes b);

#endif
