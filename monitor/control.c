#include "monitor/control.h"

#include "monitor/base/clock.h"
#include "monitor/base/owner.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MESSAGE_MAX (4u << 20)
#define CALLER_WAIT_MS 1000
#define CALLERS_MAX (CONTROL_POLLS_MAX - 1)
#define REPLY_WAIT_MS 30000
#define NO_FILE_WAIT_MS 100

struct caller {
	int fd;
	struct buf in, out;
	size_t sent; /* of `out` */
	bool is_heard, is_answered;
	int64_t until_ms; /* then it is let go */
};

struct control {
	int listener;
	int64_t accept_ms; /* no caller is taken before: there was no file descriptor for one */
	struct caller callers[CALLERS_MAX];
	size_t n;
};

static int address(struct sockaddr_un *a, const char *path, struct hark_err *err)
{
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(a->sun_path)) {
		return hark_err_set(err, HARK_EINVAL,
			"%s: too long for a socket (at most %zu bytes)", path,
			sizeof(a->sun_path) - 1);
	}
	memcpy(a->sun_path, path, strlen(path));
	return HARK_OK;
}

/* Reads until the peer has said all, `wait_ms` at most. */
static int receive(int fd, struct buf *in, int wait_ms)
{
	int64_t until = clock_steady_ms() + wait_ms;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = until - clock_steady_ms();
		int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (ready < 0 && errno == EINTR) {
			continue;
		}
		size_t want = in->max - in->n < 4096 ? in->max - in->n : 4096;
		char *room = ready > 0 && want > 0 ? buf_room(in, want) : NULL;
		if (room == NULL) {
			return HARK_ENET;
		}
		ssize_t n = recv(fd, room, want, 0);
		if (n < 0) {
			return HARK_ENET;
		}
		buf_grew(in, (size_t)n);
		if (n == 0) {
			return HARK_OK;
		}
	}
}

static int deliver(int fd, struct str text)
{
	while (text.n > 0) {
		ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return HARK_ENET;
		}
		text = str_n(text.p + n, text.n - (size_t)n);
	}
	return HARK_OK;
}

static int say_unreachable(struct hark_err *err, int errnum, const char *socket_path)
{
	if (errnum == ENOENT || errnum == ECONNREFUSED) {
		return hark_err_set(err, HARK_ENET,
			"harkd does not run (nobody listens at %s): `harkd` starts it",
			socket_path);
	}
	int rc = hark_err_errno(err, errnum == EACCES ? HARK_EAUTH : HARK_ENET, errnum,
		"harkd cannot be asked at %s", socket_path);
	owner_say(err, errnum, socket_path);
	return rc;
}

int control_call(
	const char *socket_path, const char *request_json, struct buf *reply, struct hark_err *err)
{
	struct sockaddr_un a;
	int rc = address(&a, socket_path, err);
	if (rc != HARK_OK) {
		return rc;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "no socket");
	}
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		rc = say_unreachable(err, errno, socket_path);
	} else if (deliver(fd, str_c(request_json)) != HARK_OK ||
		   deliver(fd, STR("\n")) != HARK_OK ||
		   receive(fd, reply, REPLY_WAIT_MS) != HARK_OK || reply->n == 0) {
		rc = hark_err_set(err, HARK_ENET, "harkd does not answer at %s", socket_path);
	}
	close(fd);
	return rc;
}

/* Only a socket nobody listens at is cleared away. */
static int clear_path(const char *path, const struct sockaddr_un *a, struct hark_err *err)
{
	struct stat st;
	if (lstat(path, &st) != 0) {
		return HARK_OK; /* nothing there, or bind() says why not */
	}
	if (!S_ISSOCK(st.st_mode)) {
		return hark_err_set(err, HARK_EINVAL,
			"%s is no socket and stays as it is: choose another path for `control:`",
			path);
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "no socket");
	}
	bool is_taken = connect(fd, (const struct sockaddr *)a, sizeof(*a)) == 0 || errno == EAGAIN;
	close(fd);
	if (is_taken) {
		return hark_err_set(err, HARK_EBUSY,
			"another harkd answers at %s: stop it, or give this one a `control:` of "
			"its own",
			path);
	}
	unlink(path);
	return HARK_OK;
}

int control_listen(struct control **out, const char *socket_path, struct hark_err *err)
{
	struct sockaddr_un a;
	int rc = address(&a, socket_path, err);
	if (rc != HARK_OK) {
		return rc;
	}
	struct control *c = calloc(1, sizeof(*c));
	int fd = c != NULL ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
	rc = fd >= 0 ? clear_path(socket_path, &a, err)
		     : hark_err_errno(err, HARK_EIO, c != NULL ? errno : ENOMEM, "no socket");
	if (rc == HARK_OK) {
		mode_t old = umask(0177);
		if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 16) != 0) {
			rc = hark_err_errno(
				err, HARK_EIO, errno, "%s: cannot listen there", socket_path);
		}
		umask(old);
	}
	if (rc != HARK_OK) {
		if (fd >= 0) {
			close(fd);
		}
		free(c);
		return rc;
	}
	c->listener = fd;
	*out = c;
	return HARK_OK;
}

static void let_go(struct control *c, size_t i)
{
	struct caller *caller = &c->callers[i];
	close(caller->fd);
	buf_release(&caller->in);
	buf_release(&caller->out);
	*caller = c->callers[--c->n];
}

void control_free(struct control *c)
{
	if (c == NULL) {
		return;
	}
	while (c->n > 0) {
		let_go(c, c->n - 1);
	}
	close(c->listener);
	free(c);
}

size_t control_polls(const struct control *c, struct pollfd out[CONTROL_POLLS_MAX], int64_t now_ms)
{
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++) {
		out[n++] = (struct pollfd){.fd = c->callers[i].fd,
			.events = c->callers[i].is_answered ? POLLOUT : POLLIN};
	}
	if (c->n < CALLERS_MAX && now_ms >= c->accept_ms) {
		out[n++] = (struct pollfd){.fd = c->listener, .events = POLLIN};
	}
	return n;
}

static void accept_all(struct control *c, int64_t now_ms)
{
	while (c->n < CALLERS_MAX && now_ms >= c->accept_ms) {
		int fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0) {
			bool is_full = errno == EMFILE || errno == ENFILE;
			c->accept_ms =
				is_full ? now_ms + NO_FILE_WAIT_MS : 0; /* they wait in the queue */
			return;
		}
		struct caller *caller = &c->callers[c->n++];
		*caller = (struct caller){.fd = fd, .until_ms = now_ms + CALLER_WAIT_MS};
		buf_init(&caller->in, MESSAGE_MAX);
		buf_init(&caller->out, MESSAGE_MAX);
	}
}

/* False: there will be no request. */
static bool hear(struct caller *caller)
{
	while (!caller->is_heard) {
		struct buf *in = &caller->in;
		size_t want = in->max - in->n < 4096 ? in->max - in->n : 4096;
		char *room = want > 0 ? buf_room(in, want) : NULL;
		ssize_t n = room != NULL ? recv(caller->fd, room, want, 0) : -1;
		if (n < 0) {
			return room != NULL && (errno == EAGAIN || errno == EINTR);
		}
		buf_grew(in, (size_t)n);
		caller->is_heard = n == 0 || memchr(room, '\n', (size_t)n) != NULL;
	}
	return true;
}

/* False: it has the whole answer, or wants none of it. */
static bool tell(struct caller *caller, int64_t now_ms)
{
	while (caller->sent < caller->out.n) {
		struct str text = buf_str(&caller->out);
		ssize_t n = send(caller->fd, text.p + caller->sent, text.n - caller->sent,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0) {
			return errno == EAGAIN || errno == EINTR;
		}
		caller->sent += (size_t)n;
		caller->until_ms = now_ms + CALLER_WAIT_MS;
	}
	return false;
}

/* False: we are through with each other. */
static bool attend(struct caller *caller, control_answer_fn answer, void *ctx, int64_t now_ms)
{
	if (!hear(caller)) {
		return false;
	}
	if (caller->is_heard && !caller->is_answered) {
		caller->is_answered = true;
		answer(ctx, str_trim(buf_str(&caller->in)), &caller->out);
		caller->until_ms = now_ms + CALLER_WAIT_MS;
	}
	return (!caller->is_answered || tell(caller, now_ms)) && now_ms < caller->until_ms;
}

void control_serve(struct control *c, control_answer_fn answer, void *ctx, int64_t now_ms)
{
	accept_all(c, now_ms);
	for (size_t i = c->n; i-- > 0;) {
		if (!attend(&c->callers[i], answer, ctx, now_ms)) {
			let_go(c, i);
		}
	}
}
