/* Preloaded into a program: makes its n-th allocation fail (HARK_FAIL_AT, from 1), or that one and
 * all after it (HARK_FAIL_ON=1). With HARK_FAIL_COUNT=FILE the number of allocations goes there at
 * the end; with HARK_FAIL_TRAP a debugger stops at the failure. The C library's own entry points lie below, so nothing is looked up and nothing recurses. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static atomic_long count;
static long fail_at, fail_on;

__attribute__((constructor)) static void start(void)
{
	const char *at = getenv("HARK_FAIL_AT"), *on = getenv("HARK_FAIL_ON");
	atomic_store(&count, 0);
	fail_on = on != NULL ? atol(on) : 0;
	fail_at = at != NULL ? atol(at) : 0;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("HARK_FAIL_COUNT");
	char text[32];
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
	if (fd >= 0) {
		int n = snprintf(text, sizeof(text), "%ld\n", atomic_load(&count));
		if (write(fd, text, (size_t)n) != n) {
			_exit(99);
		}
		close(fd);
	}
}

static int fails(void)
{
	long n = atomic_fetch_add(&count, 1) + 1;
	if (fail_at == 0 || (fail_on ? n < fail_at : n != fail_at)) {
		return 0;
	}
	if (getenv("HARK_FAIL_TRAP") != NULL) {
		raise(SIGTRAP);
	}
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}
