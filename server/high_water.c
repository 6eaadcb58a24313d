#include "server/high_water.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/memory.h"

enum { SIZE_DIGITS = 20, ROOT_DIGITS = 2 * DIGEST_SIZE, LINE_MAX_SIZE = 1024 };

static bool read_size(struct bytes text, uint64_t *out)
{
	uint64_t value = 0;

	if (text.size != SIZE_DIGITS)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text.data[i] - '0');
	}
	*out = value;
	return true;
}

static bool read_root(struct bytes text, struct digest *out)
{
	struct buffer bytes = {0};
	bool good = text.size == ROOT_DIGITS && hex_decode(&bytes, text) &&
		    hash_read(buffer_bytes(&bytes), out);

	buffer_release(&bytes);
	return good;
}

static int parse(struct bytes line, const char *path, struct high_water *mark, struct error *error)
{
	struct bytes origin, size, root, rest = bytes_cut(line, ' ', &origin);

	rest = bytes_cut(rest, ' ', &size);
	rest = bytes_cut(rest, '\n', &root);
	if (!rest.data || rest.size || !read_size(size, &mark->size) ||
	    !read_root(root, &mark->root))
		return error_set(error, ERR_WRONG_STATE,
				 "'%s' is no high-water file; find out what became of it before "
				 "the log signs again",
				 path);
	if (!bytes_equal_string(origin, mark->origin))
		return error_set(error, ERR_WRONG_STATE,
				 "'%s' remembers the log '%.*s', not '%s'; give each log a "
				 "high-water file of its own",
				 path, BYTES_PRINT(origin), mark->origin);
	return 0;
}

int high_water_open(const char *path, const char *origin, struct high_water *out,
		    struct error *error)
{
	char line[LINE_MAX_SIZE];
	ssize_t size;

	*out = (struct high_water){.file = -1, .origin = memory_copy_string(origin)};
	out->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (out->file < 0)
		return error_set(error, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
	size = pread(out->file, line, sizeof(line), 0);
	if (size < 0)
		return error_set(error, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	return size ? parse(bytes_of(line, (size_t)size), path, out, error) : 0;
}

void high_water_close(struct high_water *mark)
{
	if (mark->origin && mark->file >= 0)
		close(mark->file);
	free(mark->origin);
	*mark = (struct high_water){.file = -1};
}

int high_water_write(const struct high_water *mark, uint64_t size, const struct digest *root,
		     struct error *error)
{
	struct buffer line = {0};
	ssize_t written;

	buffer_printf(&line, "%s %020llu ", mark->origin, (unsigned long long)size);
	hex_append(&line, hash_view(root));
	buffer_append_byte(&line, '\n');
	/* All lines of one origin have one length, within one block: a crash leaves
	 * the old or the new. */
	written = pwrite(mark->file, line.data, line.size, 0);
	buffer_release(&line);
	if (written < 0)
		return error_set(error, ERR_SYSTEM, "cannot write the high-water file: %s",
				 strerror(errno));
	return 0;
}
