#include "monitor/store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static long owner_pid(int fd)
{
	char text[32];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	return strtol(text, NULL, 10);
}

/* A pid outlives its process in the file. */
static bool is_harkd(long pid)
{
	char path[64], name[16];
	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, name, sizeof(name) - 1) : 0;
	if (fd >= 0) {
		close(fd);
	}
	name[n > 0 ? n : 0] = '\0';
	return strcmp(name, "harkd\n") == 0;
}

/* Beside the file itself, by whichever symbolic link it is named. */
static bool lock_path(const char *database, char path[PATH_MAX])
{
	char real[PATH_MAX];
	const char *file = realpath(database, real) != NULL ? real : database;
	return snprintf(path, PATH_MAX, "%s.lock", file) < PATH_MAX;
}

long lock_owner(const char *store)
{
	char path[PATH_MAX];
	const char *database = strchr(store, ':');
	if (database == NULL || !lock_path(database + 1, path)) {
		return 0;
	}
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long pid = fd >= 0 ? owner_pid(fd) : 0;
	if (fd >= 0) {
		close(fd);
	}
	return pid > 0 && is_harkd(pid) ? pid : 0;
}

/* Only for the message of the next one who tries; the lock itself is what counts. */
static int write_pid(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n ? 0 : -1;
}

int lock_take(int *fd, const char *database, struct hark_err *err)
{
	char path[PATH_MAX];
	struct stat st;
	if (!lock_path(database, path)) {
		return hark_err_set(
			err, HARK_EINVAL, "the store's path is longer than %d bytes", PATH_MAX);
	}
	/* Each name has a lock and a log of its own (https://sqlite.org/howtocorrupt.html, 2.5). */
	if (stat(database, &st) == 0 && st.st_nlink > 1) {
		return hark_err_set(err, HARK_EINVAL,
			"%s has %lu names (hard links), and two programs that use two of them "
			"damage it: remove all but one, or make the others symbolic links",
			database, (unsigned long)st.st_nlink);
	}
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "cannot open the lock file %s", path);
	}
	if (flock(file, LOCK_EX | LOCK_NB) != 0) {
		int why = errno;
		long pid = owner_pid(file);
		close(file);
		if (why != EWOULDBLOCK) {
			return hark_err_errno(err, HARK_EIO, why, "cannot lock %s", path);
		}
		return hark_err_set(err, HARK_EBUSY,
			"%s is in use by harkd (pid %ld): stop that one first", database, pid);
	}
	if (write_pid(file) != 0) {
		int rc =
			hark_err_errno(err, HARK_EIO, errno, "cannot write the lock file %s", path);
		close(file);
		return rc;
	}
	*fd = file;
	return HARK_OK;
}
