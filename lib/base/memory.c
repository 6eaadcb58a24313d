#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must_have(void *memory)
{
	if (!memory) {
		fputs("carnet: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *memory_new(size_t size)
{
	return must_have(calloc(1, size ? size : 1));
}

void *memory_resize(void *old, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return must_have(NULL);
	return must_have(realloc(old, total ? total : 1));
}

char *memory_copy_string(const char *text)
{
	return must_have(strdup(text));
}

void *array_grow(void *items, size_t *capacity, size_t count, size_t size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 8;
	return memory_resize(items, *capacity, size);
}
