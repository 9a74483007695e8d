/* Runs on the calling thread. The program gets its own process group, so that what it starts ends
 * with it, default signals, a small environment, and only the three standard files. */
#include "monitor/notify/receiver.h"

#include "monitor/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT_MS 20000
#define TERM_WAIT_MS 2000 /* between the polite and the final signal */
#define LOOK_MS 200       /* how often `abandon` is looked at */
#define NO_PIDFD_LOOK_MS 10
#define STDERR_KEEP 4096

struct child {
	pid_t pid;
	int in, err, pidfd; /* our ends; -1: closed */
	struct str input;   /* what is still to be written */
	char said[STDERR_KEEP];
	size_t said_n;
	bool is_over;
	int status; /* of waitpid() */
};

static void close_fd(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
		*fd = -1;
	}
}

/* Environment: what a program needs to run, and what it may want to know. */
struct env {
	char text[5][256];
	char *list[7];
};

static void env_init(struct env *e, const struct delivery *d)
{
	snprintf(e->text[0], sizeof(e->text[0]), "HARK_RECEIVER=%s", d->receiver->name);
	snprintf(e->text[1], sizeof(e->text[1]), "HARK_DELIVERY_ID=%s", d->delivery_id.p);
	snprintf(e->text[2], sizeof(e->text[2]), "HARK_ATTEMPT=%d", d->attempt);
	snprintf(e->text[3], sizeof(e->text[3]), "HARK_KIND=%s", d->kind.p);
	snprintf(e->text[4], sizeof(e->text[4]), "LANG=C.UTF-8");
	for (int i = 0; i < 5; i++) {
		e->list[i] = e->text[i];
	}
	e->list[5] = (char *)"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	e->list[6] = NULL;
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

/* 0, or an errno value. `in` and `err` are the child's ends. */
static int spawn(struct child *c, const struct delivery *d, int in, int err)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	struct env env;
	env_init(&env, d);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	prepare_signals(&attr);
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
	if (d->conf->base_dir != NULL && d->conf->base_dir[0] != '\0') {
		posix_spawn_file_actions_addchdir_np(&files, d->conf->base_dir);
	}
	const char *const *argv = d->receiver->command;
	int rc = posix_spawnp(&c->pid, argv[0], &files, &attr, (char *const *)argv, env.list);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

static int start(struct child *c, const struct delivery *d)
{
	int in[2], err[2], rc;
	if (pipe2(in, O_CLOEXEC) != 0) {
		return errno;
	}
	if (pipe2(err, O_CLOEXEC) != 0) {
		rc = errno;
		close(in[0]);
		close(in[1]);
		return rc;
	}
	rc = spawn(c, d, in[0], err[1]);
	close(in[0]);
	close(err[1]);
	c->in = in[1];
	c->err = err[0];
	if (rc != 0) {
		close_fd(&c->in);
		close_fd(&c->err);
		return rc;
	}
	fcntl(c->in, F_SETFL, O_NONBLOCK);
	fcntl(c->err, F_SETFL, O_NONBLOCK);
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	return 0;
}

/* A program that closes its input early has read enough. SIGPIPE is blocked by the caller. */
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

/* Keeps the end of what the program says. */
static void listen_to(struct child *c)
{
	char bytes[1024];
	ssize_t got;
	while (c->err >= 0 && (got = read(c->err, bytes, sizeof(bytes))) != 0) {
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			if (errno != EAGAIN) {
				close_fd(&c->err);
			}
			return;
		}
		size_t n = (size_t)got,
		       over = c->said_n + n > STDERR_KEEP ? c->said_n + n - STDERR_KEEP : 0;
		memmove(c->said, c->said + over, c->said_n - over);
		c->said_n -= over;
		memcpy(c->said + c->said_n, bytes, n);
		c->said_n += n;
	}
	close_fd(&c->err);
}

static void look_after(struct child *c, int wait_ms)
{
	struct pollfd p[3] = {{.fd = c->in, .events = POLLOUT}, {.fd = c->err, .events = POLLIN},
		{.fd = c->pidfd, .events = POLLIN}};
	if (c->pidfd < 0 && wait_ms > NO_PIDFD_LOOK_MS) {
		wait_ms = NO_PIDFD_LOOK_MS;
	}
	poll(p, 3, wait_ms);
	feed(c);
	listen_to(c);
	c->is_over = waitpid(c->pid, &c->status, WNOHANG) == c->pid;
	if (c->is_over) {
		listen_to(c); /* its last words; what it left running is not waited for */
	}
}

/* True: it ended by itself. False: it took too long, or is to be abandoned. */
static bool wait_until(struct child *c, int64_t deadline_ms, const atomic_bool *abandon)
{
	while (!c->is_over) {
		int64_t left = deadline_ms - clock_steady_ms();
		if (left <= 0 || (abandon != NULL && atomic_load(abandon))) {
			return false;
		}
		look_after(c, left < LOOK_MS ? (int)left : LOOK_MS);
	}
	return true;
}

static void end(struct child *c)
{
	close_fd(&c->in);
	kill(-c->pid, SIGTERM);
	if (!wait_until(c, clock_steady_ms() + TERM_WAIT_MS, NULL)) {
		kill(-c->pid, SIGKILL);
		c->is_over = waitpid(c->pid, &c->status, 0) == c->pid;
	}
}

static void last_line(const struct child *c, char *out, size_t bytes)
{
	struct str text = str_trim(str_n(c->said, c->said_n));
	const char *line = text.n > 0 ? memrchr(text.p, '\n', text.n) : NULL;
	if (line != NULL) {
		text = str_n(line + 1, text.n - (size_t)(line + 1 - text.p));
	}
	delivery_first_line(text, out, bytes);
}

static void judge(struct delivery *d, const struct child *c, bool ended, int64_t timeout_ms)
{
	const char *program = d->receiver->command[0];
	char span[CLOCK_TEXT_MAX];
	last_line(c, d->answer, sizeof(d->answer));
	const char *says = d->answer[0] != '\0' ? ", saying: " : "";
	if (!ended && d->abandon != NULL && atomic_load(d->abandon)) {
		delivery_failed(d, 0, "%.100s: ended because the daemon stops", program);
		d->outcome = DELIVERY_NOT_TRIED;
	} else if (!ended) {
		delivery_failed(d, 0, "%.100s: not done within %s, ended%s%.100s", program,
			clock_span(timeout_ms, span), says, d->answer);
	} else if (WIFSIGNALED(c->status)) {
		delivery_failed(d, 128 + WTERMSIG(c->status), "%.100s: killed by signal %d%s%.100s",
			program, WTERMSIG(c->status), says, d->answer);
	} else if (WEXITSTATUS(c->status) != 0) {
		delivery_failed(d, WEXITSTATUS(c->status), "%.100s: exit status %d%s%.100s",
			program, WEXITSTATUS(c->status), says, d->answer);
	} else {
		delivery_sent(d, 0);
	}
}

void receiver_exec(struct delivery *d)
{
	struct child c = {.in = -1, .err = -1, .pidfd = -1, .input = d->payload};
	int64_t began_ms = clock_steady_ms();
	int64_t timeout_ms = d->receiver->timeout_ms > 0 ? d->receiver->timeout_ms : TIMEOUT_MS;
	int rc = start(&c, d);
	if (rc != 0) {
		struct hark_err err = {0};
		hark_err_errno(
			&err, HARK_EIO, rc, "%.100s: cannot run it", d->receiver->command[0]);
		delivery_failed(d, 0, "%s", err.text);
		return;
	}
	bool ended = wait_until(&c, began_ms + timeout_ms, d->abandon);
	if (!ended) {
		end(&c);
	}
	judge(d, &c, ended, timeout_ms);
	d->took_ms = clock_steady_ms() - began_ms;
	close_fd(&c.in);
	close_fd(&c.err);
	close_fd(&c.pidfd);
}
