#include "monitor/api/http.h"

#include "monitor/api/http_gate.h"
#include "monitor/api/http_places.h"
#include "monitor/base/buf.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/listen.h"

#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

/* DESIGN: libmicrohttpd calls us several times per request: once with the target as sent (which is
 * where the exchange is made), once after the headers (the gate), once per piece of the body, and
 * once when it is complete (the handler). A held exchange is suspended and, when its answer is
 * there, resumed, which brings one more call that queues the answer. Suspending never blocks a
 * thread, so one thread serves any number of held exchanges and streams. libmicrohttpd does not
 * watch suspended connections, so an exchange cannot vanish under the one who holds it. */

#define BODY_MAX (1u << 20)
#define TIMEOUT_S 30
#define CONNECTIONS 256
#define TARGET_MAX 8192
#define PARTS_MAX 100 /* of a query: their records fit beside the rest of a head */
#define SETTLE_MS 1000 /* answers that are on their way when the server stops */
#define OVER_MAX (64u << 10)
#define DROPPED_MAX (64u << 20) /* of a body that was refused by its length */
#define HEADERS_MAX (16u << 10)
#define CONNECTION_MEMORY (32u << 10)

struct listener {
	struct http_server *server;
	struct places places;
	struct MHD_Daemon *mhd;
	char at[LISTEN_TEXT_MAX];
	char *unlink_path; /* of a unix socket, owned */
	struct listener *next;
};

struct http_server {
	struct http_options options;
	struct listener *listeners;

	pthread_mutex_t lock; /* guards what follows, and every exchange's `held` and `answer` */
	bool stopping;
	struct http_exchange *held;
	struct http_stream *streams;
};

struct http_exchange {
	struct listener *listener;
	struct MHD_Connection *connection;
	char *target; /* owned, as sent */
	char *path;   /* owned, decoded */
	const char *method;
	char client[HTTP_CLIENT_MAX];
	struct buf body;
	struct buf headers; /* of the answer: name NUL value NUL … */
	bool gated, handled;
	bool too_large; /* what comes of the body is dropped */
	bool told;      /* and its sender has heard why */
	size_t dropped_bytes;
	bool hold;      /* the handler said so */
	bool suspended; /* in server->held */
	int status;
	struct MHD_Response *answer; /* owned until queued */
	struct http_exchange *prev, *next;
};

struct http_stream {
	pthread_mutex_t lock;
	int refs; /* the writer's and libmicrohttpd's */
	struct buf buf;
	size_t sent; /* of buf */
	bool ended, gone, suspended;
	struct http_server *server; /* valid until `gone` */
	struct MHD_Connection *connection;
	struct http_stream *prev, *next;
};

/* ---- one exchange ---- */

static void tell_client(struct MHD_Connection *connection, char out[HTTP_CLIENT_MAX])
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *from = info != NULL ? info->client_addr : NULL;
	snprintf(out, HTTP_CLIENT_MAX, "local");
	if (from != NULL && (from->sa_family == AF_INET || from->sa_family == AF_INET6)) {
		socklen_t n = from->sa_family == AF_INET ? sizeof(struct sockaddr_in)
							 : sizeof(struct sockaddr_in6);
		getnameinfo(from, n, out, HTTP_CLIENT_MAX, NULL, 0, NI_NUMERICHOST);
	}
}

/* RFC 9457: {"title": …, "status": …, "detail": …}. */
static void problem_text(struct buf *out, int status, const char *detail)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "title", MHD_get_reason_phrase_for((unsigned)status));
	jsonout_key_i64(&j, "status", status);
	jsonout_key_c(&j, "detail", detail);
	jsonout_end_object(&j);
	buf_add_char(out, '\n');
}

static bool has_many_parts(const char *target)
{
	struct str rest = str_c(target), part;
	size_t n = 0;
	while (n <= PARTS_MAX && str_split(&rest, '&', &part)) {
		n++;
	}
	return n > PARTS_MAX;
}

/* libmicrohttpd (0.9.75) keeps a record for each part of a query in the memory of the connection. Where that
 * is full it forgets that it had an answer and waits until the time is out, so they are counted before it
 * reads them: who sends too many hears why, and the end of the connection is all that is left for it to see. */
static void cut_off(const struct listener *l, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const char *const *h = l->places.headers;
	struct buf body, out;
	buf_init(&body, 4096);
	buf_init(&out, 4096);
	problem_text(&body, 414, "the query has too many parts: send fewer of them");
	buf_add_c(&out, "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\n"
			"Content-Type: application/problem+json\r\n");
	for (; h != NULL && h[0] != NULL; h += 2) {
		buf_printf(&out, "%s: %s\r\n", h[0], h[1]);
	}
	buf_printf(&out, "Content-Length: %zu\r\n\r\n", body.n);
	buf_add_str(&out, buf_str(&body));
	if (info != NULL && out.rc == HARK_OK) {
		send(info->connect_fd, buf_c(&out), out.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	if (info != NULL) {
		shutdown(info->connect_fd, SHUT_RDWR);
	}
	buf_release(&body);
	buf_release(&out);
}

static void *exchange_new(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct listener *l = cls;
	struct http_exchange *x = calloc(1, sizeof(*x));
	if (x == NULL) {
		return NULL;
	}
	x->listener = l;
	x->connection = connection;
	if (has_many_parts(uri)) {
		cut_off(l, connection);
	} else {
		x->target = strnlen(uri, TARGET_MAX) < TARGET_MAX ? strdup(uri) : NULL;
	}
	tell_client(connection, x->client);
	size_t body_max = l->server->options.body_max;
	buf_init(&x->body, body_max != 0 ? body_max : BODY_MAX);
	buf_init(&x->headers, HEADERS_MAX);
	places_keep(&l->places, connection, x);
	return x;
}

static void exchange_free(void *exchange)
{
	struct http_exchange *x = exchange;
	if (x->answer != NULL) {
		MHD_destroy_response(x->answer);
	}
	buf_release(&x->body);
	buf_release(&x->headers);
	free(x->target);
	free(x->path);
	free(x);
}

static void exchange_end(void *cls, struct MHD_Connection *connection, void **con_cls,
	enum MHD_RequestTerminationCode code)
{
	struct places *places = &((struct listener *)cls)->places;
	struct http_exchange *x = *con_cls;
	(void)code;
	*con_cls = NULL;
	if (x != NULL) {
		places_mark(places, connection, false);
		places_keep(places, connection, NULL);
		exchange_free(x);
	}
}

static void add_headers(struct http_exchange *x, struct MHD_Response *response)
{
	const char *p = buf_c(&x->headers), *end = p + x->headers.n;
	while (x->headers.rc == HARK_OK && p < end) {
		const char *value = p + strlen(p) + 1;
		MHD_add_response_header(response, p, value);
		p = value + strlen(value) + 1;
	}
}

/* Hands the answer over; whoever held the exchange is done with it here. */
static void exchange_answer(struct http_exchange *x, int status, struct MHD_Response *response)
{
	struct http_server *s = x->listener->server;
	if (response != NULL) {
		add_headers(x, response);
	}
	pthread_mutex_lock(&s->lock);
	x->status = status;
	x->answer = response;
	if (x->suspended) {
		x->suspended = false;
		DL_DELETE(s->held, x);
		MHD_resume_connection(x->connection);
	}
	pthread_mutex_unlock(&s->lock);
}

static struct MHD_Response *problem(int status, const char *detail)
{
	struct buf body;
	buf_init(&body, 4096);
	problem_text(&body, status, detail);
	struct MHD_Response *response =
		body.rc == HARK_OK ? MHD_create_response_from_buffer(body.n,
					     (void *)(uintptr_t)buf_c(&body), MHD_RESPMEM_MUST_COPY)
				   : NULL;
	buf_release(&body);
	if (response != NULL) {
		MHD_add_response_header(response, "Content-Type", "application/problem+json");
	}
	return response;
}

static const char *why(int status)
{
	switch (status) {
	case 400:
		return "the request is not one that every server reads in the same way";
	case 413:
		return "the body is larger than what is taken here";
	case 503:
		return "the server is stopping: send it again later";
	default:
		return "the server cannot answer this now";
	}
}

static enum MHD_Result queue_answer(struct http_exchange *x)
{
	struct MHD_Response *response = x->answer;
	x->answer = NULL;
	if (response == NULL) {
		return MHD_NO; /* no memory: the connection closes */
	}
	enum MHD_Result rc = MHD_queue_response(x->connection, (unsigned)x->status, response);
	MHD_destroy_response(response);
	return rc;
}

/* The connection ends with the answer: what else is on it is not read. */
static enum MHD_Result queue_last(struct http_exchange *x)
{
	if (x->answer != NULL) {
		MHD_add_response_header(x->answer, "Connection", "close");
	}
	return queue_answer(x);
}

static enum MHD_Result refuse(struct http_exchange *x, int status)
{
	x->status = status;
	x->answer = problem(status, why(status));
	return queue_last(x);
}

/* Queues the answer if it is there, else parks the exchange until it is. */
static enum MHD_Result settle(struct http_exchange *x)
{
	struct http_server *s = x->listener->server;
	bool parked = false;

	pthread_mutex_lock(&s->lock);
	if (x->status == 0 && x->hold && !s->stopping) {
		x->suspended = true;
		DL_APPEND(s->held, x);
		MHD_suspend_connection(x->connection);
		parked = true;
	}
	pthread_mutex_unlock(&s->lock);
	if (parked) {
		return MHD_YES;
	}
	if (x->status == 0) {
		return refuse(x, x->hold ? 503 : 500);
	}
	return queue_answer(x);
}

/* libmicrohttpd closes behind an answer that comes before the body, and what is still on its way then resets the
 * connection: the sender loses the answer. So this one is written past it, the way out is closed, and the body is read
 * and dropped as far as that goes. Who waits for leave to send it has sent nothing yet. */
static enum MHD_Result refuse_length(struct http_exchange *x)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct buf body, text;
	if (info == NULL ||
		MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Expect") != NULL) {
		return refuse(x, 413);
	}
	buf_init(&body, 1024);
	buf_init(&text, 2048);
	problem_text(&body, 413, why(413));
	buf_printf(&text,
		"HTTP/1.1 413 %s\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		MHD_get_reason_phrase_for(413), body.n, buf_c(&body));
	bool sent = text.rc == HARK_OK && send(info->connect_fd, buf_c(&text), text.n,
						  MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)text.n;
	buf_release(&text);
	buf_release(&body);
	if (!sent || shutdown(info->connect_fd, SHUT_WR) != 0) {
		return MHD_NO;
	}
	x->too_large = x->told = true;
	return MHD_YES;
}

/* The head is there. */
static enum MHD_Result let_in(struct http_exchange *x, const char *version)
{
	const struct http_options *o = &x->listener->server->options;
	uint64_t length = 0;
	if (x->path == NULL) {
		return refuse(x, 500);
	}
	if (!http_gate(x->connection, x->target, x->path, version, &length)) {
		return refuse(x, 400);
	}
	if (o->admit != NULL) {
		o->admit(o->ctx, x);
	}
	if (x->status != 0) {
		return queue_last(x);
	}
	return length > x->body.max ? refuse_length(x) : MHD_YES;
}

/* What is over the ceiling is dropped, as much again and a little more, so that its sender hears why; who
 * goes on all the same is cut off. */
static enum MHD_Result take_body(struct http_exchange *x, const char *data, size_t *data_n)
{
	size_t n = *data_n;
	*data_n = 0;
	if (!x->too_large && buf_add(&x->body, data, n) == HARK_OK) {
		return MHD_YES;
	}
	x->too_large = true;
	x->dropped_bytes += n;
	size_t most = x->told ? DROPPED_MAX : x->body.max + OVER_MAX;
	return x->dropped_bytes <= most ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_n, void **con_cls)
{
	struct listener *l = cls;
	struct http_exchange *x = *con_cls;
	if (x == NULL) {
		return MHD_NO;
	}
	if (!x->gated) {
		x->gated = true;
		x->method = method;
		x->path = strdup(url);
		return let_in(x, version);
	}
	if (*data_n > 0) {
		return take_body(x, data, data_n);
	}
	if (x->too_large) {
		return x->told ? MHD_NO : refuse(x, 413);
	}
	if (!x->handled) {
		x->handled = true;
		places_mark(&l->places, connection, true);
		l->server->options.handler(l->server->options.ctx, x);
	}
	return settle(x);
}

struct str http_method(const struct http_exchange *x)
{
	return str_c(x->method);
}

struct str http_path(const struct http_exchange *x)
{
	return str_c(x->path);
}

struct str http_target(const struct http_exchange *x)
{
	return str_c(x->target);
}

struct str http_body(const struct http_exchange *x)
{
	return buf_str(&x->body);
}

struct str http_request_header(const struct http_exchange *x, const char *name)
{
	return str_c(MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name));
}

struct str http_query(const struct http_exchange *x, const char *name)
{
	return str_c(MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name));
}

struct query_names {
	bool (*fn)(void *ctx, struct str name);
	void *ctx;
};

static enum MHD_Result query_name(
	void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct query_names *names = cls;
	(void)kind;
	(void)value;
	return names->fn(names->ctx, str_c(key)) ? MHD_YES : MHD_NO;
}

void http_query_each(const struct http_exchange *x, bool (*fn)(void *ctx, struct str name), void *ctx)
{
	struct query_names names = {fn, ctx};
	MHD_get_connection_values(x->connection, MHD_GET_ARGUMENT_KIND, query_name, &names);
}

const char *http_client(const struct http_exchange *x)
{
	return x->client;
}

const char *http_listener(const struct http_exchange *x)
{
	return x->listener->at;
}

void http_header(struct http_exchange *x, const char *name, const char *value)
{
	size_t n = strlen(value);
	if (http_is_header(str_c(name), str_n(value, n))) {
		buf_add(&x->headers, name, strlen(name) + 1);
		buf_add(&x->headers, value, n + 1);
	}
}

void http_body_max(struct http_exchange *x, size_t bytes)
{
	x->body.max = bytes;
}

void http_problem(struct http_exchange *x, int status, const char *fmt, ...)
{
	char detail[600];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	http_header(x, "Cache-Control", "no-store");
	exchange_answer(x, status, problem(status, detail));
}

void http_hold(struct http_exchange *x)
{
	x->hold = true;
}

void http_answer(struct http_exchange *x, int status, struct str body)
{
	/* libmicrohttpd promises not to write to what it copies. */
	exchange_answer(x, status,
		MHD_create_response_from_buffer(
			body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY));
}

/* ---- streams ---- */

static void stream_unref(struct http_stream *st)
{
	pthread_mutex_lock(&st->lock);
	int left = --st->refs;
	pthread_mutex_unlock(&st->lock);
	if (left == 0) {
		pthread_mutex_destroy(&st->lock);
		buf_release(&st->buf);
		free(st);
	}
}

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max)
{
	struct http_stream *st = cls;
	ssize_t rc;

	(void)pos;
	pthread_mutex_lock(&st->lock);
	size_t n = st->buf.n - st->sent;
	if (n > 0) {
		n = n < max ? n : max;
		memcpy(out, buf_c(&st->buf) + st->sent, n);
		st->sent += n;
		if (st->sent == st->buf.n) {
			buf_clear(&st->buf);
			st->sent = 0;
		}
		rc = (ssize_t)n;
	} else if (st->ended) {
		rc = MHD_CONTENT_READER_END_OF_STREAM;
	} else {
		st->suspended = true;
		MHD_suspend_connection(st->connection);
		rc = 0;
	}
	pthread_mutex_unlock(&st->lock);
	return rc;
}

static void stream_gone(void *cls)
{
	struct http_stream *st = cls;
	struct http_server *s = st->server;
	pthread_mutex_lock(&s->lock);
	DL_DELETE(s->streams, st);
	pthread_mutex_unlock(&s->lock);
	pthread_mutex_lock(&st->lock);
	st->gone = true;
	pthread_mutex_unlock(&st->lock);
	stream_unref(st);
}

/* Under st->lock. */
static void stream_resume(struct http_stream *st)
{
	if (st->suspended) {
		st->suspended = false;
		MHD_resume_connection(st->connection);
	}
}

static struct http_stream *stream_new(struct http_exchange *x, size_t buffer_max)
{
	struct http_stream *st = calloc(1, sizeof(*st));
	if (st == NULL) {
		return NULL;
	}
	pthread_mutex_init(&st->lock, NULL);
	st->refs = 1;
	st->server = x->listener->server;
	st->connection = x->connection;
	buf_init(&st->buf, buffer_max);
	return st;
}

struct http_stream *http_stream(struct http_exchange *x, int status, size_t buffer_max)
{
	struct http_stream *st = stream_new(x, buffer_max);
	struct MHD_Response *response =
		st == NULL ? NULL
			   : MHD_create_response_from_callback(
				     MHD_SIZE_UNKNOWN, 4096, stream_read, st, stream_gone);
	if (response == NULL) {
		if (st != NULL) {
			stream_unref(st);
		}
		exchange_answer(x, 500, problem(500, why(500)));
		return NULL;
	}
	struct http_server *s = st->server;
	st->refs = 2;
	pthread_mutex_lock(&s->lock);
	DL_APPEND(s->streams, st);
	st->ended = s->stopping;
	pthread_mutex_unlock(&s->lock);
	exchange_answer(x, status, response);
	return st;
}

int http_stream_write(struct http_stream *st, struct str bytes)
{
	int rc = HARK_OK;
	pthread_mutex_lock(&st->lock);
	if (st->gone || st->ended) {
		rc = HARK_EPIPE;
	} else if (st->buf.n + bytes.n > st->buf.max || buf_room(&st->buf, bytes.n) == NULL) {
		rc = HARK_ELIMIT;
	} else {
		buf_add_str(&st->buf, bytes);
		stream_resume(st);
	}
	pthread_mutex_unlock(&st->lock);
	return rc;
}

void http_stream_end(struct http_stream *st)
{
	if (st == NULL) {
		return;
	}
	pthread_mutex_lock(&st->lock);
	st->ended = true;
	if (!st->gone) {
		stream_resume(st);
	}
	pthread_mutex_unlock(&st->lock);
	stream_unref(st);
}

/* ---- listeners ---- */

static void listener_free(struct listener *l)
{
	if (l == NULL) {
		return;
	}
	if (l->mhd != NULL) {
		places_settle(&l->places, SETTLE_MS);
		MHD_stop_daemon(l->mhd);
	}
	if (l->unlink_path != NULL) {
		unlink(l->unlink_path);
	}
	free(l->unlink_path);
	places_release(&l->places);
	free(l);
}

static struct MHD_Daemon *start_mhd(struct listener *l, int fd)
{
	const struct http_options *o = &l->server->options;
	struct MHD_OptionItem more[] = {
		{o->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
			(intptr_t)o->threads, NULL},
		{MHD_OPTION_END, 0, NULL},
	};
	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
		NULL, on_request, l, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_URI_LOG_CALLBACK, exchange_new, l, MHD_OPTION_NOTIFY_COMPLETED,
		exchange_end, l, MHD_OPTION_NOTIFY_CONNECTION, places_connection, &l->places,
		MHD_OPTION_CONNECTION_TIMEOUT, o->timeout_s != 0 ? o->timeout_s : TIMEOUT_S,
		MHD_OPTION_CONNECTION_LIMIT, l->places.most + PLACES_SPARE,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY,
		more, MHD_OPTION_END);
}

int http_server_listen(struct http_server *s, const char *at, struct hark_err *err)
{
	union listen_address a;
	socklen_t len = 0;
	int rc = listen_check(at, s->options.beyond_loopback, &a, &len, err);
	if (rc != HARK_OK) {
		return rc;
	}
	struct listener *l = calloc(1, sizeof(*l));
	if (l == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to listen on %s", at);
	}
	l->server = s;
	places_init(&l->places, s->options.connections != 0 ? s->options.connections : CONNECTIONS,
		s->options.headers, exchange_free);
	snprintf(l->at, sizeof(l->at), "%s", at);
	int fd = listen_open(&a, len, at, err);
	if (fd < 0) {
		listener_free(l);
		return fd;
	}
	l->unlink_path = a.any.sa_family == AF_UNIX ? strdup(a.local.sun_path) : NULL;
	int port = listen_port(fd);
	l->mhd = start_mhd(l, fd);
	if (l->mhd == NULL) {
		close(fd);
		listener_free(l);
		return hark_err_set(
			err, HARK_EIO, "cannot serve %s: the HTTP server did not start", at);
	}
	LL_PREPEND(s->listeners, l);
	return port;
}

bool http_is_local(const char *at)
{
	union listen_address a;
	socklen_t len = 0;
	return listen_parse(at, &a, &len, NULL) == HARK_OK && listen_is_loopback(&a);
}

struct http_server *http_server_new(const struct http_options *options, struct hark_err *err)
{
	struct http_server *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		hark_err_set(err, HARK_ENOMEM, "no memory for the HTTP server");
		return NULL;
	}
	s->options = *options;
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

/* Nothing may stay suspended: libmicrohttpd would wait for it for ever. */
static void release_waiting(struct http_server *s)
{
	struct http_exchange *x, *next;
	struct http_stream *st;

	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	DL_FOREACH_SAFE(s->held, x, next)
	{
		x->suspended = false;
		DL_DELETE(s->held, x);
		MHD_resume_connection(x->connection);
	}
	DL_FOREACH (s->streams, st) {
		pthread_mutex_lock(&st->lock);
		st->ended = true;
		stream_resume(st);
		pthread_mutex_unlock(&st->lock);
	}
	pthread_mutex_unlock(&s->lock);
}

void http_server_free(struct http_server *s)
{
	if (s == NULL) {
		return;
	}
	release_waiting(s);
	while (s->listeners != NULL) {
		struct listener *l = s->listeners;
		LL_DELETE(s->listeners, l);
		listener_free(l);
	}
	pthread_mutex_destroy(&s->lock);
	free(s);
}
