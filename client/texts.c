#include "client/texts.h"

#include <stdlib.h>

#include "base/memory.h"

void texts_append(struct texts *texts, const char *text)
{
	array_reserve(&texts->items, &texts->capacity, texts->count);
	texts->items[texts->count++] = text;
}

void texts_release(struct texts *texts)
{
	free(texts->items);
	*texts = (struct texts){0};
}
