#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static int system_error(struct error *error, const char *doing, const char *path)
{
	return error_set(error, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "cannot %s '%s': %s",
			 doing, path, strerror(errno));
}

static int read_all(int fd, const char *path, size_t limit, struct buffer *out, struct error *error)
{
	size_t start = out->size;

	for (;;) {
		const size_t step = 64 * 1024;
		uint8_t *room = buffer_extend(out, step);
		ssize_t got = read(fd, room, step);

		out->size -= step - (got > 0 ? (size_t)got : 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return system_error(error, "read", path);
		if (got == 0)
			return 0;
		if (out->size - start > limit)
			return error_set(error, ERR_LIMIT, "'%s' is larger than %zu bytes", path,
					 limit);
	}
}

int file_read(const char *path, size_t limit, struct buffer *out, struct error *error)
{
	bool standard_input = strcmp(path, "-") == 0;
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return system_error(error, "read", path);
	result = read_all(fd, standard_input ? "standard input" : path, limit, out, error);
	if (!standard_input)
		close(fd);
	return result;
}

static int write_all(int fd, struct bytes content)
{
	while (content.size) {
		ssize_t put = write(fd, content.data, content.size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		content = bytes_skip(content, (size_t)put);
	}
	return 0;
}

int file_write(const char *path, struct bytes content, unsigned mode, struct error *error)
{
	struct buffer aside = {0};
	const char *name;
	int fd, result = 0;

	buffer_printf(&aside, "%s.%ld.part", path, (long)getpid());
	name = buffer_string(&aside);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0) {
		result = system_error(error, "write", path);
		buffer_release(&aside);
		return result;
	}
	if (write_all(fd, content) || fsync(fd))
		result = system_error(error, "write", path);
	if (close(fd) && !result)
		result = system_error(error, "write", path);
	if (!result && rename(name, path))
		result = system_error(error, "write", path);
	if (result)
		unlink(name);
	buffer_release(&aside);
	return result;
}

int file_make_folder(const char *path, unsigned mode, struct error *error)
{
	char *copy = memory_copy_string(path);
	int result = 0;

	for (char *at = copy + 1; !result; at++) {
		char kept = *at;

		if (kept != '/' && kept != 0)
			continue;
		*at = 0;
		if (mkdir(copy, mode) && errno != EEXIST)
			result = system_error(error, "make the folder", copy);
		*at = kept;
		if (kept == 0)
			break;
	}
	free(copy);
	return result;
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t a = strlen(name), b = strlen(suffix);

	return a >= b && strcmp(name + a - b, suffix) == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int walk_folder(const char *path, const char *suffix, file_visit *visit, void *arg,
		       struct error *error)
{
	struct dirent **entries;
	int count = scandir(path, &entries, not_hidden, by_bytes), result = 0;

	if (count < 0)
		return system_error(error, "read the folder", path);
	for (int i = 0; i < count; i++) {
		struct buffer below = {0};
		struct stat status;

		buffer_printf(&below, "%s/%s", path, entries[i]->d_name);
		if (!result && stat(buffer_string(&below), &status))
			result = system_error(error, "read", buffer_string(&below));
		else if (!result && S_ISDIR(status.st_mode))
			result = walk_folder(buffer_string(&below), suffix, visit, arg, error);
		else if (!result && S_ISREG(status.st_mode) &&
			 ends_with(entries[i]->d_name, suffix))
			result = visit(arg, buffer_string(&below), error);
		buffer_release(&below);
		free(entries[i]);
	}
	free(entries);
	return result;
}

int file_walk(const char *path, const char *suffix, file_visit *visit, void *arg,
	      struct error *error)
{
	struct stat status;

	if (stat(path, &status))
		return system_error(error, "read", path);
	if (S_ISDIR(status.st_mode))
		return walk_folder(path, suffix, visit, arg, error);
	return visit(arg, path, error);
}
