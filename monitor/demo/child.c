#include "monitor/demo/child.h"

#include "monitor/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

char *child_self(struct hark_err *err)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (n < 0) {
		hark_err_errno(err, HARK_EIO, errno,
			"cannot tell where the running program is (/proc/self/exe)");
		return NULL;
	}
	return strndup(path, (size_t)n);
}

static char *find_in(struct str folder, const char *name)
{
	char *path = NULL;
	if (asprintf(&path, "%.*s/%s", STR_FMT(folder), name) < 0) {
		return NULL;
	}
	if (access(path, X_OK) == 0) {
		return path;
	}
	free(path);
	return NULL;
}

char *child_find(const char *name, struct hark_err *err)
{
	char *self = child_self(err), *slash = self != NULL ? strrchr(self, '/') : NULL;
	if (slash == NULL) {
		free(self);
		return NULL;
	}
	*slash = '\0';
	char *found = find_in(str_c(self), name);
	if (found == NULL) {
		found = find_in(str_c(HARK_SBINDIR), name);
	}
	struct str rest = str_c(getenv("PATH")), folder;
	while (found == NULL && str_split(&rest, ':', &folder)) {
		found = find_in(folder, name);
	}
	if (found == NULL) {
		hark_err_set(err, HARK_ENOENT,
			"cannot find the program %s in %s, %s or on PATH: install hark first", name,
			self, HARK_SBINDIR);
	}
	free(self);
	return found;
}

/* In the child, between fork and exec: only calls that are safe there. */
static void put(const char *path, int fd)
{
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (file >= 0) {
		dup2(file, fd);
		close(file);
	}
}

static void become(const char *const *argv, const char *out_path, const char *err_path, int out_fd,
	pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent) {
		_exit(127); /* it died before the line above */
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_IGN); /* Ctrl-C is for the demo, which then stops us in order */
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
	}
	if (out_fd >= 0) {
		dup2(out_fd, STDOUT_FILENO);
	} else if (out_path != NULL) {
		put(out_path, STDOUT_FILENO);
	}
	if (err_path != NULL) {
		put(err_path, STDERR_FILENO);
	}
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static int start(struct child *c, const char *const *argv, const char *out_path,
	const char *err_path, int out_fd, struct hark_err *err)
{
	pid_t parent = getpid();
	c->name = strrchr(argv[0], '/') != NULL ? strrchr(argv[0], '/') + 1 : argv[0];
	c->pid = fork();
	if (c->pid == 0) {
		become(argv, out_path, err_path, out_fd, parent);
	}
	if (c->pid < 0) {
		c->pid = 0;
		return hark_err_errno(err, HARK_EIO, errno, "cannot start %s", argv[0]);
	}
	return HARK_OK;
}

int child_start(struct child *c, const char *const *argv, const char *out_path,
	const char *err_path, struct hark_err *err)
{
	return start(c, argv, out_path, err_path, -1, err);
}

bool child_runs(struct child *c, int *status)
{
	if (c->pid == 0) {
		return false;
	}
	pid_t got = waitpid(c->pid, status, WNOHANG);
	if (got == c->pid) {
		c->pid = 0;
		return false;
	}
	return true;
}

void child_stop(struct child *c, int64_t grace_ms)
{
	int64_t deadline = clock_steady_ms() + grace_ms;
	int status;

	if (c->pid != 0) {
		kill(c->pid, SIGTERM);
	}
	while (child_runs(c, &status) && clock_steady_ms() < deadline) {
		usleep(10000);
	}
	if (c->pid != 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, &status, 0);
		c->pid = 0;
	}
}

static void read_all(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;
	while ((n = read(fd, piece, sizeof(piece))) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0) {
			buf_add(out, piece, (size_t)n);
		}
	}
}

int child_read(const char *const *argv, struct buf *out, struct hark_err *err)
{
	struct child c = {0};
	int fds[2], status = 0;

	if (pipe2(fds, O_CLOEXEC) != 0) {
		return hark_err_errno(err, HARK_EIO, errno, "cannot start %s", argv[0]);
	}
	int rc = start(&c, argv, NULL, "/dev/null", fds[1], err);
	close(fds[1]);
	if (rc == HARK_OK) {
		read_all(fds[0], out);
		while (waitpid(c.pid, &status, 0) < 0 && errno == EINTR) {
		}
	}
	close(fds[0]);
	if (rc != HARK_OK) {
		return rc;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : hark_err_set(err, HARK_EIO, "%s ended by signal %d", c.name,
					   WTERMSIG(status));
}
