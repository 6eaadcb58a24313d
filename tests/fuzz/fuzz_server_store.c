/*
 * What the store and the high-water file hold, if somebody else wrote there: batches of the log,
 * headers of revisions, the line of the high-water file.
 */
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "server/batch.h"
#include "server/high_water.h"
#include "server/revision_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any reference leads back into the same bytes, or behind their first. */
static bool fetch(void *arg, uint64_t first, struct bytes *value)
{
	const struct bytes *all = arg;

	*value = bytes_skip(*all, first % 2);
	return first % 3 != 2;
}

static void read_batch(struct bytes input)
{
	uint16_t count = batch_count(input);
	struct arena *arena = arena_new(0);

	assert(count <= BATCH_ENTRIES_MAX && batch_iat(input) < (uint64_t)1 << 53);
	for (unsigned i = 0; i <= count && i < 8; i++) {
		struct batch_entry entry;
		struct batch_leaf leaf;
		struct digest hash;
		struct error error;

		if (batch_read(input, (uint16_t)i, fetch, &input, &entry, &error)) {
			assert(error.code == ERR_CORRUPT);
			continue;
		}
		assert(i < count && !batch_hash(input, (uint16_t)i, &hash, &error));
		assert(hash_equal(&hash, &entry.hash));
		batch_prepare(&entry, arena, &leaf);
		batch_seal(&entry.head, batch_iat(input), arena, &leaf);
	}
	arena_free(arena);
}

static void read_header(struct bytes input)
{
	struct revision_header header;
	struct buffer again = {0};

	if (revision_header_read(input, &header, NULL) == 0) {
		revision_header_write(&header, &again);
		assert(bytes_equal(buffer_bytes(&again), input));
	}
	buffer_release(&again);
}

static void read_high_water(struct bytes input)
{
	static const char origin[] = "log.example/n1-2026h2";
	struct high_water mark;
	struct error error;
	char path[64];
	int file = memfd_create("high-water", MFD_CLOEXEC);

	assert(file >= 0 && write(file, input.data, input.size) == (ssize_t)input.size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (high_water_open(path, origin, &mark, &error) == 0 && input.size) {
		char line[256];
		ssize_t size;

		/* Written again as it was. */
		assert(!high_water_write(&mark, mark.size, &mark.root, &error));
		size = pread(file, line, sizeof(line), 0);
		assert(size >= 0 && bytes_equal(bytes_of(line, (size_t)size), input));
	}
	high_water_close(&mark);
	close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);

	read_batch(input);
	read_header(input);
	if (size < 1024)
		read_high_water(input);
	return 0;
}
