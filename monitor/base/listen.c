#include "monitor/base/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static int parse_unix(struct str path, union listen_address *a, socklen_t *len)
{
	if (path.n == 0 || path.n >= sizeof(a->local.sun_path)) {
		return HARK_EINVAL;
	}
	a->local = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(a->local.sun_path, path.p, path.n);
	*len = sizeof(a->local);
	return HARK_OK;
}

static int parse_inet(struct str host, int64_t port, union listen_address *a, socklen_t *len)
{
	char text[64];
	if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
		host = str_n(host.p + 1, host.n - 2);
	}
	snprintf(text, sizeof(text), "%.*s", STR_FMT(host));
	*a = (union listen_address){
		.v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
	if (inet_pton(AF_INET6, text, &a->v6.sin6_addr) == 1) {
		*len = sizeof(a->v6);
		return HARK_OK;
	}
	*a = (union listen_address){
		.v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}};
	*len = sizeof(a->v4);
	return inet_pton(AF_INET, text, &a->v4.sin_addr) == 1 ? HARK_OK : HARK_EINVAL;
}

int listen_parse(const char *at, union listen_address *a, socklen_t *len, struct hark_err *err)
{
	struct str text = str_c(at);
	const char *colon = strrchr(at, ':');
	int64_t port = -1;
	int rc = HARK_EINVAL;

	if (str_starts(text, STR("unix:"))) {
		rc = parse_unix(str_c(at + 5), a, len);
	} else if (colon != NULL && str_i64(str_c(colon + 1), &port) && port >= 0 &&
		   port <= 65535) {
		rc = parse_inet(str_n(at, (size_t)(colon - at)), port, a, len);
	}
	if (rc != HARK_OK || text.n >= LISTEN_TEXT_MAX) {
		return hark_err_set(err, HARK_EINVAL,
			"'%s' is no address to listen on: write 127.0.0.1:8787, [::1]:8787 or "
			"unix:/run/hark/http",
			at);
	}
	return HARK_OK;
}

bool listen_is_loopback(const union listen_address *a)
{
	switch (a->any.sa_family) {
	case AF_INET:
		return ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
	default:
		return true;
	}
}

int listen_check(
	const char *at, bool beyond, union listen_address *a, socklen_t *len, struct hark_err *err)
{
	int rc = listen_parse(at, a, len, err);
	if (rc == HARK_OK && !beyond && !listen_is_loopback(a)) {
		return hark_err_set(err, HARK_EAUTH,
			"%s is reachable from other machines: listen on 127.0.0.1 or [::1], or say "
			"http.behind-tls: yes where only a proxy gets there",
			at);
	}
	return rc;
}

/* A socket file left by a killed process is removed; one that answers is not. */
static void unlink_stale(const union listen_address *a, socklen_t len)
{
	int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (probe >= 0 && connect(probe, &a->any, len) != 0 && errno == ECONNREFUSED) {
		unlink(a->local.sun_path);
	}
	if (probe >= 0) {
		close(probe);
	}
}

int listen_open(const union listen_address *a, socklen_t len, const char *at, struct hark_err *err)
{
	int family = a->any.sa_family, on = 1;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "cannot listen on %s", at);
	}
	if (family == AF_UNIX) {
		unlink_stale(a, len);
	} else {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	}
	if (bind(fd, &a->any, len) != 0 || listen(fd, 128) != 0) {
		int rc = hark_err_errno(err, errno == EADDRINUSE ? HARK_EBUSY : HARK_EIO, errno,
			"cannot listen on %s", at);
		close(fd);
		return rc;
	}
	return fd;
}

int listen_port(int fd)
{
	union listen_address a = {0};
	socklen_t len = sizeof(a);
	if (getsockname(fd, &a.any, &len) != 0) {
		return 0;
	}
	return a.any.sa_family == AF_INET    ? ntohs(a.v4.sin_port)
	       : a.any.sa_family == AF_INET6 ? ntohs(a.v6.sin6_port)
					     : 0;
}
