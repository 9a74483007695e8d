#include "monitor/base/process.h"

#include "monitor/base/clock.h"
#include "monitor/base/err.h"
#include "monitor/base/process_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TERM_WAIT_MS 2000 /* between the polite and the final signal */
#define LOOK_MS 200       /* how often `abandon` is looked at */
#define NO_PIDFD_LOOK_MS 10
#define READ_BYTES 65536

struct child {
	const struct process_request *request;
	struct process_result *result;
	pid_t pid;
	int in, out, err, pidfd; /* our ends; -1: closed */
	struct str input;        /* what is still to be written */
	bool is_over, is_too_much;
	int status; /* of waitpid() */
};

static void close_fd(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
		*fd = -1;
	}
}

static void prepare_signals(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setpgroup(attr, 0);
	posix_spawnattr_setflags(
		attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

/* 0, or an errno value. The child's ends of the pipes; `out` -1: nobody reads. */
static int spawn(struct child *c, int in, int out, int err)
{
	const struct process_request *r = c->request;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	prepare_signals(&attr);
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	if (out >= 0) {
		posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	} else {
		posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	}
	posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
	/* Libraries open files without O_CLOEXEC. */
	posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	if (r->dir != NULL && r->dir[0] != '\0') {
		posix_spawn_file_actions_addchdir_np(&files, r->dir);
	}
	int rc = posix_spawnp(
		&c->pid, r->argv[0], &files, &attr, (char *const *)r->argv, (char *const *)r->env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

static int start(struct child *c)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1}, rc = 0;
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 ||
		(c->request->out != NULL && pipe2(out, O_CLOEXEC) != 0)) {
		rc = errno;
	}
	rc = rc == 0 ? spawn(c, in[0], out[1], err[1]) : rc;
	close_fd(&in[0]);
	close_fd(&out[1]);
	close_fd(&err[1]);
	c->in = in[1];
	c->out = out[0];
	c->err = err[0];
	if (rc == 0) {
		fcntl(c->in, F_SETFL, O_NONBLOCK);
		fcntl(c->err, F_SETFL, O_NONBLOCK);
		if (c->out >= 0) {
			fcntl(c->out, F_SETFL, O_NONBLOCK);
		}
		c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	}
	return rc;
}

/* A program that closes its input early has read enough. */
static void feed(struct child *c)
{
	while (c->in >= 0 && c->input.n > 0) {
		ssize_t put = write(c->in, c->input.p, c->input.n);
		if (put < 0 && errno == EAGAIN) {
			return;
		}
		if (put < 0 && errno != EINTR) {
			break;
		}
		if (put > 0) {
			c->input = str_n(c->input.p + put, c->input.n - (size_t)put);
		}
	}
	close_fd(&c->in);
}

/* Bytes read, 0 where there are none now; closes what has ended. */
static size_t read_some(int *fd, char *room, size_t bytes)
{
	ssize_t got = 0;
	do {
		got = *fd >= 0 ? read(*fd, room, bytes) : -1;
	} while (*fd >= 0 && got < 0 && errno == EINTR);
	if (*fd >= 0 && (got == 0 || (got < 0 && errno != EAGAIN))) {
		close_fd(fd);
	}
	return got > 0 ? (size_t)got : 0;
}

/* Keeps the end of what the program says. */
static void listen_to(struct child *c)
{
	struct process_result *r = c->result;
	char bytes[1024];
	size_t n;
	while ((n = read_some(&c->err, bytes, sizeof(bytes))) > 0) {
		size_t over =
			r->said_n + n > PROCESS_SAID_MAX ? r->said_n + n - PROCESS_SAID_MAX : 0;
		memmove(r->said, r->said + over, r->said_n - over);
		r->said_n -= over;
		memcpy(r->said + r->said_n, bytes, n);
		r->said_n += n;
	}
}

static void take_output(struct child *c)
{
	char bytes[READ_BYTES];
	size_t n;
	while (!c->is_too_much && (n = read_some(&c->out, bytes, sizeof(bytes))) > 0) {
		c->is_too_much = buf_add(c->request->out, bytes, n) != HARK_OK;
	}
}

static void look_after(struct child *c, int wait_ms)
{
	struct pollfd p[4] = {{.fd = c->in, .events = POLLOUT}, {.fd = c->err, .events = POLLIN},
		{.fd = c->out, .events = POLLIN}, {.fd = c->pidfd, .events = POLLIN}};
	if (c->pidfd < 0 && wait_ms > NO_PIDFD_LOOK_MS) {
		wait_ms = NO_PIDFD_LOOK_MS;
	}
	poll(p, 4, wait_ms);
	feed(c);
	listen_to(c);
	take_output(c);
	c->is_over = waitpid(c->pid, &c->status, WNOHANG) == c->pid;
	if (c->is_over) { /* its last words; what it left running is not waited for */
		listen_to(c);
		take_output(c);
	}
}

static bool is_abandoned(const struct child *c)
{
	return c->request->abandon != NULL && atomic_load(c->request->abandon);
}

/* True: it ended by itself. False: it took too long, said too much, or is to be abandoned. */
static bool wait_until(struct child *c, int64_t deadline_ms, bool patient)
{
	while (!c->is_over) {
		int64_t left = deadline_ms - clock_steady_ms();
		if (left <= 0 || (!patient && (c->is_too_much || is_abandoned(c)))) {
			return false;
		}
		look_after(c, left < LOOK_MS ? (int)left : LOOK_MS);
	}
	return !c->is_too_much;
}

/* The polite signal may have ended the program and not what it had started. */
static void end(struct child *c)
{
	close_fd(&c->in);
	if (!c->is_over) {
		kill(-c->pid, SIGTERM);
		wait_until(c, clock_steady_ms() + TERM_WAIT_MS, true);
	}
	kill(-c->pid, SIGKILL);
	if (!c->is_over) {
		c->is_over = waitpid(c->pid, &c->status, 0) == c->pid;
	}
}

static void judge(const struct child *c, bool ended)
{
	struct process_result *r = c->result;
	if (!ended) {
		r->end = c->is_too_much    ? PROCESS_TOO_MUCH
			 : is_abandoned(c) ? PROCESS_ABANDONED
					   : PROCESS_TIMED_OUT;
	} else if (WIFSIGNALED(c->status)) {
		r->end = PROCESS_SIGNALLED;
		r->status = WTERMSIG(c->status);
	} else {
		r->end = PROCESS_EXITED;
		r->status = WEXITSTATUS(c->status);
	}
}

int process_run(const struct process_request *request, struct process_result *result)
{
	int64_t began_ms = clock_steady_ms();
	*result = (struct process_result){0};
	struct child c = {.request = request,
		.result = result,
		.in = -1,
		.out = -1,
		.err = -1,
		.pidfd = -1,
		.input = request->input};
	int rc = start(&c);
	if (rc == 0) {
		bool ended = wait_until(&c, began_ms + request->timeout_ms, false);
		if (!ended) {
			end(&c);
		}
		if (request->mark != NULL && !(ended && request->may_leave)) {
			kill(-c.pid, SIGKILL);
			process_mark_kill(request->mark);
		}
		judge(&c, ended);
	}
	result->took_ms = clock_steady_ms() - began_ms;
	close_fd(&c.in);
	close_fd(&c.out);
	close_fd(&c.err);
	close_fd(&c.pidfd);
	return rc;
}

struct str process_last_line(const struct process_result *result)
{
	struct str text = str_trim(str_n(result->said, result->said_n));
	const char *line = text.n > 0 ? memrchr(text.p, '\n', text.n) : NULL;
	return line != NULL ? str_n(line + 1, text.n - (size_t)(line + 1 - text.p)) : text;
}
