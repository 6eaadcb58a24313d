/* Runs a fuzz target once over each file of a corpus, given as folders. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(void *arg, const char *path, struct error *error)
{
	struct buffer content = {0};
	int result = file_read(path, 64 << 20, &content, error);

	if (!result) {
		/* An exact copy on the heap, so that a sanitizer sees each byte read too far. */
		uint8_t *exact = malloc(content.size ? content.size : 1);

		for (size_t i = 0; i < content.size; i++)
			exact[i] = content.data[i];
		LLVMFuzzerTestOneInput(exact, content.size);
		free(exact);
		++*(int *)arg;
	}
	buffer_release(&content);
	return result;
}

int main(int argc, char **argv)
{
	struct error error;
	int count = 0;

	for (int i = 1; i < argc; i++) {
		if (file_walk(argv[i], "", replay, &count, &error)) {
			fprintf(stderr, "%s\n", error.text);
			return 1;
		}
	}
	printf("%d inputs\n", count);
	return count == 0;
}
