/* Addresses to listen on, and their sockets. */
#ifndef HARK_BASE_LISTEN_H
#define HARK_BASE_LISTEN_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#define LISTEN_TEXT_MAX 120

union listen_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

/* Reads 127.0.0.1:8787, [::1]:8787 or unix:/run/hark/http. HARK_EINVAL: it is none. */
int listen_parse(const char *at, union listen_address *a, socklen_t *len, struct hark_err *err);
/* So is a unix socket. */
bool listen_is_loopback(const union listen_address *a);
/* As listen_parse(); also HARK_EAUTH: other machines reach it, and nobody said that they may (`beyond`). */
int listen_check(
	const char *at, bool beyond, union listen_address *a, socklen_t *len, struct hark_err *err);
/* A listening socket, or HARK_EBUSY (somebody listens there) or HARK_EIO. `at` is for the sentence. */
int listen_open(const union listen_address *a, socklen_t len, const char *at, struct hark_err *err);
/* 0: it has none. */
int listen_port(int fd);

#endif
