/* Hands one mail to a server (RFC 5321) through libcurl, text and HTML side by side (RFC 2046 section 5.1.4).
 * Blocks on the calling thread, which may be any; shares nothing. The connection is encrypted (TLS from the first
 * byte or STARTTLS) unless the server is one's own, and goes to public addresses only unless it is. */
#ifndef HARK_FETCH_SMTP_H
#define HARK_FETCH_SMTP_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

#include <stdatomic.h>

struct smtp_mail {
	const char *server;          /* smtp://host[:port] or smtps://host[:port] */
	const char *user, *password; /* NULL: without a log-in */
	const char *from, *to;       /* addresses, as name@host */
	/* "Name: value", ends with NULL. A value goes over several lines as RFC 5322 section 2.2.3 has it. */
	const char *const *headers;
	const char *text, *html; /* UTF-8 */
	bool internal; /* one's own server: any address but those nobody may use, and no TLS is fine */
	int64_t timeout_ms;
	const atomic_bool *abandon; /* end early when it becomes true; NULL: never */
};

struct smtp_reply {
	int rc; /* HARK_OK: the server has taken it; HARK_EPIPE: abandoned; HARK_ENET, HARK_ENOMEM */
	int status; /* the server's last, 0: none */
	int64_t took_ms;
	char said[200];  /* its last line */
	char error[300]; /* one sentence unless taken; no secret in it */
};

void smtp_send(const struct smtp_mail *mail, struct smtp_reply *reply);

#endif
