/*
 * A lone fdatasync of a 4 KiB append: what a disk takes to make one thing
 * durable, and so what a lone answer must be compared with.
 *
 *	bench_sync FILE MILLISECONDS
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { BLOCK_SIZE = 4096, APPENDS_MAX = 20000, APPENDS_MIN = 20, MILLISECONDS_MAX = 10000 };

static double append_us(int file)
{
	static const char block[BLOCK_SIZE];
	int64_t began = now_ns();

	if (write(file, block, sizeof(block)) != (ssize_t)sizeof(block) || fdatasync(file))
		give_up("cannot append: %s", strerror(errno));
	return (double)(now_ns() - began) / 1e3;
}

int main(int argc, char **argv)
{
	struct sample sample = {0};
	int64_t end;
	int file;

	if (argc != 3)
		give_up("usage: bench_sync FILE MILLISECONDS");
	end = now_ns() + (int64_t)number_of(argv[2], MILLISECONDS_MAX) * 1000000;
	file = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (file < 0)
		give_up("cannot write '%s': %s", argv[1], strerror(errno));
	while (sample.count < APPENDS_MIN || (now_ns() < end && sample.count < APPENDS_MAX))
		sample_add(&sample, append_us(file));
	print_figure("us", sample_at(&sample, 0.5));
	print_figure("min_us", sample_at(&sample, 0));
	print_figure("p99_us", sample_at(&sample, 0.99));
	sample_release(&sample);
	close(file);
	unlink(argv[1]);
	return 0;
}
