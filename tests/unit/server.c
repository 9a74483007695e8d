#include "tests/unit/server.h"

#include "monitor/base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 65536

struct server_conn {
	struct server *s;
	struct server_conn *next;
	pthread_t thread;
	int fd, served;
	bool hang_up;
	char in[HEAD_MAX + 1];
	size_t in_n;
};

struct server {
	server_fn fn;
	void *ctx;
	int fd, port;
	pthread_t thread;

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t stopped;
	bool stopping;
	struct server_conn *conns;
	int accepts, requests, busy, busiest;
};

static void need(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		abort();
	}
}

/* Reads until `in` holds `want` bytes. */
static bool fill(struct server_conn *c, size_t want)
{
	while (c->in_n < want) {
		ssize_t got = c->in_n < HEAD_MAX
				      ? recv(c->fd, c->in + c->in_n, HEAD_MAX - c->in_n, 0)
				      : 0;
		if (got <= 0) {
			return false;
		}
		c->in_n += (size_t)got;
		c->in[c->in_n] = '\0';
	}
	return true;
}

char *server_header(const struct server_request *r, const char *name)
{
	size_t n = strlen(name);
	for (const char *line = r->head; line != NULL && *line != '\0';
		line = strstr(line, "\r\n")) {
		line += line != r->head ? 2 : 0;
		if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
			line += n + 1 + strspn(line + n + 1, " ");
			return strndup(line, strcspn(line, "\r"));
		}
	}
	return NULL;
}

static void enter(struct server *s, struct server_request *r)
{
	pthread_mutex_lock(&s->lock);
	r->number = ++s->requests;
	s->busiest = ++s->busy > s->busiest ? s->busy : s->busiest;
	pthread_mutex_unlock(&s->lock);
}

static void leave(struct server *s)
{
	pthread_mutex_lock(&s->lock);
	s->busy--;
	pthread_mutex_unlock(&s->lock);
}

static bool serve_one(struct server_conn *c)
{
	char *end, method[16] = "", path[4096] = "";
	while ((end = strstr(c->in, "\r\n\r\n")) == NULL) {
		if (!fill(c, c->in_n + 1)) {
			return false;
		}
	}
	size_t head_n = (size_t)(end - c->in) + 4;
	char *head = strndup(c->in, head_n);
	struct server_request r = {
		.head = head, .method = method, .path = path, .at_ms = clock_steady_ms()};
	sscanf(head, "%15s %4095s", method, path);
	char *length = server_header(&r, "Content-Length");
	size_t body_n = length != NULL ? strtoul(length, NULL, 10) : 0;
	free(length);
	bool whole = fill(c, head_n + body_n);
	if (whole) {
		r.body = str_n(c->in + head_n, body_n);
		r.on_conn = ++c->served;
		enter(c->s, &r);
		c->s->fn(c, &r, c->s->ctx);
		leave(c->s);
		c->in_n -= head_n + body_n;
		memmove(c->in, c->in + head_n + body_n, c->in_n + 1);
	}
	free(head);
	return whole && !c->hang_up;
}

static void *serve(void *arg)
{
	struct server_conn *c = arg;
	while (serve_one(c)) {
		continue;
	}
	shutdown(c->fd, SHUT_RDWR);
	return NULL;
}

static void add_conn(struct server *s, int fd)
{
	struct server_conn *c = calloc(1, sizeof(*c));
	need(c != NULL, "calloc");
	c->s = s;
	c->fd = fd;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	pthread_mutex_lock(&s->lock);
	s->accepts++;
	c->next = s->conns;
	s->conns = c;
	need(pthread_create(&c->thread, NULL, serve, c) == 0, "pthread_create");
	pthread_mutex_unlock(&s->lock);
}

static void *accept_all(void *arg)
{
	struct server *s = arg;
	int fd;
	while ((fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		add_conn(s, fd);
	}
	return NULL;
}

struct server *server_new(const char *ip, server_fn fn, void *ctx)
{
	struct server *s = calloc(1, sizeof(*s));
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	need(s != NULL, "calloc");
	s->fn = fn;
	s->ctx = ctx;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->stopped, NULL);
	inet_pton(AF_INET, ip != NULL ? ip : "127.0.0.1", &a.sin_addr);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	need(s->fd >= 0 && bind(s->fd, (struct sockaddr *)&a, n) == 0, "bind");
	need(listen(s->fd, 128) == 0 && getsockname(s->fd, (struct sockaddr *)&a, &n) == 0,
		"listen");
	s->port = ntohs(a.sin_port);
	need(pthread_create(&s->thread, NULL, accept_all, s) == 0, "pthread_create");
	return s;
}

void server_free(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_broadcast(&s->stopped);
	for (struct server_conn *c = s->conns; c != NULL; c = c->next) {
		shutdown(c->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&s->lock);
	for (struct server_conn *c; (c = s->conns) != NULL;) {
		s->conns = c->next;
		pthread_join(c->thread, NULL);
		close(c->fd);
		free(c);
	}
	pthread_cond_destroy(&s->stopped);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

int server_port(const struct server *s)
{
	return s->port;
}

static int read_int(struct server *s, const int *value)
{
	pthread_mutex_lock(&s->lock);
	int n = *value;
	pthread_mutex_unlock(&s->lock);
	return n;
}

int server_accepts(struct server *s)
{
	return read_int(s, &s->accepts);
}

int server_requests(struct server *s)
{
	return read_int(s, &s->requests);
}

int server_busiest(struct server *s)
{
	return read_int(s, &s->busiest);
}

bool server_say_bytes(struct server_conn *c, const void *bytes, size_t n)
{
	const char *p = bytes;
	while (n > 0) {
		ssize_t put = send(c->fd, p, n, MSG_NOSIGNAL);
		if (put <= 0) {
			c->hang_up = true;
			return false;
		}
		p += put;
		n -= (size_t)put;
	}
	return true;
}

bool server_say(struct server_conn *c, const char *fmt, ...)
{
	char text[16384];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	need(n >= 0 && n < (int)sizeof(text), "server_say");
	return server_say_bytes(c, text, (size_t)n);
}

bool server_answer(struct server_conn *c, const char *status, const char *headers, const char *body)
{
	return server_say(c, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, headers,
		       strlen(body)) &&
	       server_say_bytes(c, body, strlen(body));
}

bool server_sleep(struct server_conn *c, int ms)
{
	struct server *s = c->s;
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&s->lock);
	while (!s->stopping && pthread_cond_timedwait(&s->stopped, &s->lock, &until) == 0) {
		continue;
	}
	bool stopping = s->stopping;
	pthread_mutex_unlock(&s->lock);
	return !stopping;
}

void server_hang_up(struct server_conn *c)
{
	c->hang_up = true;
}
