#include "monitor/base/file.h"

#include "monitor/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIPE_WAIT_MS 10000

/* A pipe is opened without waiting; what nobody writes into must not hold its reader for ever. */
static bool is_silent(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t until_ms = clock_steady_ms() + PIPE_WAIT_MS, left;
	while ((left = until_ms - clock_steady_ms()) > 0) {
		if (poll(&p, 1, (int)left) > 0) {
			return false;
		}
	}
	return true;
}

static int read_all(struct buf *out, int fd, const char *path, bool is_pipe, struct hark_err *err)
{
	for (;;) {
		size_t left = out->max - out->n;
		size_t want = left < 65536 ? left + 1 : 65536;
		char probe;
		char *room = left > 0 ? buf_room(out, want < left ? want : left) : &probe;
		if (room == NULL) {
			return hark_err_set(err, out->rc, "%s: no memory to read it", path);
		}
		if (is_pipe && is_silent(fd)) {
			return hark_err_set(err, HARK_EIO,
				"%s: a pipe into which nobody wrote for %d s", path,
				PIPE_WAIT_MS / 1000);
		}
		ssize_t got = read(fd, room, left > 0 ? (want < left ? want : left) : 1);
		if (got < 0 && (errno == EINTR || (is_pipe && errno == EAGAIN))) {
			continue;
		}
		if (got < 0) {
			return hark_err_errno(err, HARK_EIO, errno, "%s: cannot read it", path);
		}
		if (got == 0) {
			return HARK_OK;
		}
		if (left == 0) {
			return hark_err_set(
				err, HARK_ELIMIT, "%s: larger than %zu bytes", path, out->max);
		}
		buf_grew(out, (size_t)got);
	}
}

int file_read(struct buf *out, const char *path, struct hark_err *err)
{
	if (strcmp(path, "-") == 0) {
		return read_all(out, STDIN_FILENO, "standard input", false, err);
	}
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT && lstat(path, &st) == 0) {
		return hark_err_set(
			err, HARK_ENOENT, "%s: it is a symbolic link that leads nowhere", path);
	}
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "%s: cannot open it", path);
	}
	bool is_pipe = fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
	int rc = read_all(out, fd, path, is_pipe, err);
	close(fd);
	return rc;
}

static int write_all(int fd, struct str content)
{
	while (content.n > 0) {
		ssize_t put = write(fd, content.p, content.n);
		if (put < 0 && errno == EINTR) {
			continue;
		}
		if (put < 0) {
			return errno;
		}
		content.p += put;
		content.n -= (size_t)put;
	}
	return fsync(fd) != 0 ? errno : 0;
}

/* As far as the system lets us: only root may give files away. */
static void keep_owner(int fd, const char *path)
{
	struct stat was;
	if (stat(path, &was) == 0 && fchown(fd, was.st_uid, was.st_gid) != 0 &&
		fchown(fd, (uid_t)-1, was.st_gid) != 0) {
		/* the file becomes the writer's */
	}
}

int file_write(const char *path, struct str content, unsigned mode, struct hark_err *err)
{
	char tmp[PATH_MAX];
	if (snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path) >= (int)sizeof(tmp)) {
		return hark_err_set(err, HARK_EINVAL, "%s: the path is too long", path);
	}
	int fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "%s: cannot write beside it", path);
	}
	keep_owner(fd, path);
	int failed = fchmod(fd, (mode_t)mode) != 0 ? errno : write_all(fd, content);
	if (close(fd) != 0 && failed == 0) {
		failed = errno;
	}
	if (failed == 0 && rename(tmp, path) != 0) {
		failed = errno;
	}
	if (failed != 0) {
		unlink(tmp);
		return hark_err_errno(err, HARK_EIO, failed, "%s: cannot write it", path);
	}
	return HARK_OK;
}

int file_mkdirs(const char *path, unsigned mode, struct hark_err *err)
{
	char part[PATH_MAX];
	size_t n = strlen(path);
	if (n >= sizeof(part)) {
		return hark_err_set(err, HARK_EINVAL, "%s: the path is too long", path);
	}
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0') {
			continue;
		}
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, (mode_t)mode) != 0 && errno != EEXIST) {
			return hark_err_errno(
				err, HARK_EIO, errno, "%s: cannot make the folder", part);
		}
	}
	return HARK_OK;
}

static bool beside_program(char out[PATH_MAX], const char *const *places)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0) {
		return false;
	}
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	for (; *places != NULL; places++) {
		int len = snprintf(out, PATH_MAX, "%s%s", self, *places);
		if (len > 0 && len < PATH_MAX && access(out, R_OK | X_OK) == 0) {
			return true;
		}
	}
	return false;
}

void file_own_dir(
	char out[PATH_MAX], const char *variable, const char *const *places, const char *installed)
{
	const char *named = getenv(variable);
	if (named != NULL && named[0] != '\0') {
		snprintf(out, PATH_MAX, "%s", named);
	} else if (!beside_program(out, places)) {
		snprintf(out, PATH_MAX, "%s", installed);
	}
}
