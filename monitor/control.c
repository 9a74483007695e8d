#include "monitor/control.h"

#include "monitor/base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MESSAGE_MAX (4u << 20)
#define REQUEST_WAIT_MS 1000
#define REPLY_WAIT_MS 30000
#define NO_FILE_WAIT_MS 100

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

/* Reads until the peer has said all (end, or a newline if `line`), `wait_ms` at most. */
static int receive(int fd, struct buf *in, int wait_ms, bool line)
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
		if (n == 0 || (line && memchr(room, '\n', (size_t)n) != NULL)) {
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
		rc = hark_err_set(err, HARK_ENET,
			"harkd does not run (nobody listens at %s); start it with `harkd -c FILE`",
			socket_path);
	} else if (deliver(fd, str_c(request_json)) != HARK_OK ||
		   deliver(fd, STR("\n")) != HARK_OK ||
		   receive(fd, reply, REPLY_WAIT_MS, false) != HARK_OK || reply->n == 0) {
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

int control_listen(const char *socket_path, struct hark_err *err)
{
	struct sockaddr_un a;
	int rc = address(&a, socket_path, err);
	if (rc != HARK_OK) {
		return rc;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "no socket");
	}
	rc = clear_path(socket_path, &a, err);
	if (rc != HARK_OK) {
		close(fd);
		return rc;
	}
	mode_t old = umask(0177);
	int failed =
		bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 16) != 0 ? errno : 0;
	umask(old);
	if (failed != 0) {
		close(fd);
		return hark_err_errno(
			err, HARK_EIO, failed, "%s: cannot listen there", socket_path);
	}
	return fd;
}

void control_serve(
	int listener, void (*answer)(void *ctx, struct str request, struct buf *reply), void *ctx)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE) {
			poll(NULL, 0, NO_FILE_WAIT_MS); /* the caller waits in the queue */
		}
		return;
	}
	struct buf in, out;
	/* A caller that does not listen must not hold the daemon. */
	const struct timeval wait = {.tv_sec = REQUEST_WAIT_MS / 1000};
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	buf_init(&in, MESSAGE_MAX);
	buf_init(&out, MESSAGE_MAX);
	if (receive(fd, &in, REQUEST_WAIT_MS, true) == HARK_OK) {
		answer(ctx, str_trim(buf_str(&in)), &out);
		deliver(fd, buf_str(&out));
	}
	buf_release(&in);
	buf_release(&out);
	close(fd);
}
