/*
 * Preloaded into carnetd: counts how often it waits for the disk.
 *
 * A flush is fsync, fdatasync, msync(MS_SYNC), or a write at a place (pwrite) to a file that
 * was opened with O_DSYNC or O_SYNC, as LMDB writes its meta page.  The count is the
 * first eight bytes of the file that FLUSHES names, in the machine's order.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic uint64_t *flushes;

__attribute__((constructor)) static void map_count(void)
{
	const char *name = getenv("FLUSHES");
	int file = name ? open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	void *page;

	if (file < 0 || ftruncate(file, sizeof(*flushes)))
		return;
	page = mmap(NULL, sizeof(*flushes), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (page != MAP_FAILED)
		flushes = page;
	close(file);
}

static void count(void)
{
	if (flushes)
		atomic_fetch_add(flushes, 1);
}

static void count_write(int file)
{
	int flags = fcntl(file, F_GETFL);

	if (flags >= 0 && flags & (O_DSYNC | O_SYNC))
		count();
}

/* The real one.  A pointer to data that is one to code: POSIX wants dlsym to be used so. */
#define REAL(name)                      \
	static union {                  \
		void *found;            \
		__typeof__(&name) call; \
	} real;                         \
	if (!real.found)                \
	real.found = dlsym(RTLD_NEXT, #name)

int fsync(int file)
{
	REAL(fsync);
	count();
	return real.call(file);
}

int fdatasync(int file)
{
	REAL(fdatasync);
	count();
	return real.call(file);
}

int msync(void *address, size_t size, int flags)
{
	REAL(msync);
	if (flags & MS_SYNC)
		count();
	return real.call(address, size, flags);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at)
{
	REAL(pwrite);
	count_write(file);
	return real.call(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
	REAL(pwrite64);
	count_write(file);
	return real.call(file, data, size, at);
}
