/* Preloaded into a hark that is not built with the thread sanitizer, by the tests of a harkd that is: it ends the
 * program at the start of a thread other than the one function at HARK_ONLY_THREAD (an offset in the program), so
 * that no command with more threads goes unseen. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static uintptr_t allowed;

/* The program itself comes first. */
static int at_program(struct dl_phdr_info *info, size_t size, void *offset)
{
	(void)size;
	allowed = (uintptr_t)info->dlpi_addr + *(uintptr_t *)offset;
	return 1;
}

__attribute__((constructor)) static void start(void)
{
	const char *at = getenv("HARK_ONLY_THREAD");
	uintptr_t offset = at != NULL ? strtoull(at, NULL, 16) : 0;
	dl_iterate_phdr(at_program, &offset);
	unsetenv("LD_PRELOAD"); /* what the program starts is not meant */
}

int pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*routine)(void *), void *arg)
{
	static const char said[] =
		"a thread: this command belongs into THREADED of tests/integration/daemon.py\n";
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
		(int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))(
			uintptr_t)dlsym(RTLD_NEXT, "pthread_create");
	if ((uintptr_t)routine != allowed && write(2, said, sizeof(said) - 1) > 0) {
		_exit(99);
	}
	return real(t, attr, routine, arg);
}
