/* Preloaded into a program: writes and syncs of the files whose path holds HARK_IO_PART fail as long as the
 * file HARK_IO_FAULT says so: "sync 5" or "write 28", what fails and the errno. */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_meant(int fd)
{
	char link[64], path[4096];
	const char *part = getenv("HARK_IO_PART");
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0 || part == NULL) {
		return 0;
	}
	path[n] = '\0';
	return strstr(path, part) != NULL;
}

/* The errno `what` is to fail with for this descriptor; 0: it works. */
static int fault(const char *what, int fd)
{
	char text[64] = "";
	const char *path = getenv("HARK_IO_FAULT");
	int saved = errno, from = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = from >= 0 ? read(from, text, sizeof(text) - 1) : -1;
	if (from >= 0) {
		close(from);
	}
	errno = saved;
	size_t len = strlen(what);
	if (n <= (ssize_t)len || strncmp(text, what, len) != 0 || !is_meant(fd)) {
		errno = saved;
		return 0;
	}
	return atoi(text + len);
}

#define FAIL(what, fd)                    \
	do {                              \
		int e_ = fault(what, fd); \
		if (e_ != 0) {            \
			errno = e_;       \
			return -1;        \
		}                         \
	} while (0)

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd)
{
	FAIL("sync", fd);
	return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
	FAIL("sync", fd);
	return REAL(fdatasync)(fd);
}

ssize_t write(int fd, const void *from, size_t n)
{
	FAIL("write", fd);
	return REAL(write)(fd, from, n);
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
	FAIL("write", fd);
	return REAL(pwrite)(fd, from, n, at);
}

ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at)
{
	FAIL("write", fd);
	return REAL(pwrite64)(fd, from, n, at);
}
