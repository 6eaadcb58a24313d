/*
 * Texts collected from a command line: an option that may be there many times.
 */
#ifndef CARNET_CLIENT_TEXTS_H
#define CARNET_CLIENT_TEXTS_H

#include <stddef.h>

/* A zeroed one is empty.  The texts are not copied. */
struct texts {
	const char **items;
	size_t count, capacity;
};

void texts_append(struct texts *texts, const char *text);
void texts_release(struct texts *texts);

#endif
