#include "monitor/fetch/smtp.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/guard.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_TIMEOUT_MS 10000L

struct sending {
	const struct smtp_mail *mail;
	struct smtp_reply *reply;
	int64_t until_ms;    /* steady: nothing is waited for any longer */
	int socket;          /* of the connection, -1: none */
	const char *refused; /* the range of an address that may not be connected to */
	char curl_says[CURL_ERROR_SIZE];
};

static curl_socket_t on_open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct sending *s = user;
	const char *range = NULL;
	enum guard_class class = guard_address(&a->addr, &range);
	if (purpose != CURLSOCKTYPE_IPCXN || class == GUARD_NEVER ||
		(class == GUARD_INTERNAL && !s->mail->internal)) {
		s->refused = range;
		return CURL_SOCKET_BAD;
	}
	s->socket = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	return s->socket;
}

static int on_close_socket(void *user, curl_socket_t fd)
{
	struct sending *s = user;
	if (fd == s->socket) {
		s->socket = -1;
	}
	return close(fd);
}

/* libcurl says QUIT and waits for the answer, whatever its own time limit is: without anything to read it does
 * not. */
static void stop_reading(struct sending *s)
{
	if (s->socket >= 0) {
		shutdown(s->socket, SHUT_RD);
	}
}

static int on_progress(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct sending *s = user;
	bool abandoned = s->mail->abandon != NULL && atomic_load(s->mail->abandon);
	(void)a, (void)b, (void)c, (void)d;
	if (abandoned || clock_steady_ms() >= s->until_ms) {
		stop_reading(s);
	}
	return abandoned;
}

/* What the server says, line by line; the last one is kept. */
static size_t on_line(char *bytes, size_t size, size_t n, void *user)
{
	struct sending *s = user;
	size_t kept = 0;
	if (str_starts(str_n(bytes, size * n), STR("221"))) { /* the answer to QUIT tells nothing */
		return size * n;
	}
	for (size_t i = 0; i < size * n && kept + 1 < sizeof(s->reply->said); i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c >= ' ' && c < 0x7f) {
			s->reply->said[kept++] = (char)c;
		}
	}
	s->reply->said[kept] = '\0';
	return size * n;
}

static bool add_part(curl_mime *parts, const char *text, const char *type)
{
	curl_mimepart *part = curl_mime_addpart(parts);
	return part != NULL && curl_mime_data(part, text, CURL_ZERO_TERMINATED) == CURLE_OK &&
	       curl_mime_type(part, type) == CURLE_OK &&
	       curl_mime_encoder(part, "quoted-printable") == CURLE_OK;
}

/* The better form comes last. */
static curl_mime *make_body(CURL *e, const struct smtp_mail *m)
{
	curl_mime *whole = curl_mime_init(e), *parts = curl_mime_init(e);
	curl_mimepart *both = whole != NULL ? curl_mime_addpart(whole) : NULL;
	if (parts == NULL || !add_part(parts, m->text, "text/plain; charset=utf-8") ||
		!add_part(parts, m->html, "text/html; charset=utf-8") || both == NULL ||
		curl_mime_subparts(both, parts) != CURLE_OK) {
		curl_mime_free(parts);
		curl_mime_free(whole);
		return NULL;
	}
	struct curl_slist *head =
		curl_slist_append(NULL, "Content-Disposition: inline"); /* not an attachment */
	if (head == NULL || curl_mime_type(both, "multipart/alternative") != CURLE_OK ||
		curl_mime_headers(both, head, 1) != CURLE_OK) {
		curl_slist_free_all(head);
		curl_mime_free(whole);
		return NULL;
	}
	return whole;
}

static struct curl_slist *list_of(const char *const *lines)
{
	struct curl_slist *list = NULL;
	for (; *lines != NULL; lines++) {
		struct curl_slist *grown = curl_slist_append(list, *lines);
		if (grown == NULL) {
			curl_slist_free_all(list);
			return NULL;
		}
		list = grown;
	}
	return list;
}

static void set_server(CURL *e, struct sending *s)
{
	const struct smtp_mail *m = s->mail;
	const char *trusted =
		getenv("SSL_CERT_FILE"); /* as curl(1) has it; libcurl does not look */
	if (trusted != NULL && trusted[0] != '\0') {
		curl_easy_setopt(e, CURLOPT_CAINFO, trusted);
	}
	curl_easy_setopt(e, CURLOPT_URL, m->server);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_USE_SSL, (long)(m->internal ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	if (m->user != NULL) {
		curl_easy_setopt(e, CURLOPT_USERNAME, m->user);
		curl_easy_setopt(e, CURLOPT_PASSWORD, m->password != NULL ? m->password : "");
	}
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, s);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
	curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, s);
}

static void set_watch(CURL *e, struct sending *s)
{
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, s->curl_says);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)s->mail->timeout_ms);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(
		e, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(s->mail->timeout_ms / 1000 + 1));
	curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(e, CURLOPT_XFERINFODATA, s);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, s);
}

__attribute__((format(printf, 3, 4))) static void say(
	struct sending *s, int rc, const char *fmt, ...)
{
	va_list ap;
	struct smtp_reply *r = s->reply;
	r->rc = rc;
	int n = snprintf(r->error, sizeof(r->error), "%.100s: ", s->mail->server);
	va_start(ap, fmt);
	vsnprintf(r->error + n, sizeof(r->error) - (size_t)n, fmt, ap);
	va_end(ap);
}

static void judge(struct sending *s, CURLcode code)
{
	struct smtp_reply *r = s->reply;
	const char *says = r->said[0] != '\0' ? ", saying: " : "";
	switch (code) {
	case CURLE_OK:
		r->rc = HARK_OK;
		break;
	case CURLE_OUT_OF_MEMORY:
		say(s, HARK_ENOMEM, "no memory for the mail");
		break;
	case CURLE_ABORTED_BY_CALLBACK:
		say(s, HARK_EPIPE, "ended because the daemon stops");
		break;
	case CURLE_LOGIN_DENIED:
		say(s, HARK_ENET, "the mail server refused user and password%s%.100s", says,
			r->said);
		break;
	case CURLE_USE_SSL_FAILED:
		say(s, HARK_ENET,
			"the mail server offers no encryption; for your own server on your own "
			"network say internal: yes");
		break;
	case CURLE_OPERATION_TIMEDOUT:
		say(s, HARK_ENET, "not done within %lld s",
			(long long)(s->mail->timeout_ms + 999) / 1000);
		break;
	default:
		if (s->refused != NULL) {
			say(s, HARK_ENET,
				"its address is %s; for your own server say internal: yes",
				s->refused);
		} else if (r->status >= 400) {
			say(s, HARK_ENET, "the mail server answered %d%s%.120s", r->status, says,
				r->said);
		} else {
			say(s, HARK_ENET, "%.150s",
				s->curl_says[0] != '\0' ? s->curl_says : curl_easy_strerror(code));
		}
	}
}

static void send_with(CURL *e, struct sending *s)
{
	const char *to[] = {s->mail->to, NULL};
	struct curl_slist *headers = list_of(s->mail->headers), *rcpt = list_of(to);
	curl_mime *body = make_body(e, s->mail);
	long status = 0;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	if (headers != NULL && rcpt != NULL && body != NULL) {
		set_server(e, s);
		set_watch(e, s);
		curl_easy_setopt(e, CURLOPT_MAIL_FROM, s->mail->from);
		curl_easy_setopt(e, CURLOPT_MAIL_RCPT, rcpt);
		curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(e, CURLOPT_MIMEPOST, body);
		code = curl_easy_perform(e);
		curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &status);
	}
	s->reply->status = (int)status;
	judge(s, code);
	stop_reading(s);
	curl_mime_free(body);
	curl_slist_free_all(rcpt);
	curl_slist_free_all(headers);
}

void smtp_send(const struct smtp_mail *mail, struct smtp_reply *reply)
{
	int64_t began_ms = clock_steady_ms();
	struct sending s = {.mail = mail,
		.reply = reply,
		.until_ms = began_ms + mail->timeout_ms,
		.socket = -1};
	*reply = (struct smtp_reply){0};
	CURL *e = curl_easy_init();
	if (e == NULL) {
		say(&s, HARK_ENOMEM, "no memory for the mail");
		return;
	}
	send_with(e, &s);
	curl_easy_cleanup(e);
	reply->took_ms = clock_steady_ms() - began_ms;
}
