#include "monitor/fetch/transfer_parts.h"

#include "monitor/fetch/headers.h"
#include "monitor/fetch/imap.h"
#include "monitor/fetch/url.h"
#include "monitor/fetch/websocket.h"

#include <stdlib.h>

#define STREAM_IDLE_MS 90000

static bool is_token(const char *s)
{
	size_t n = strspn(
		s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!#$%&'*+^`|~");
	return n > 0 && s[n] == '\0';
}

static bool is_value(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' && *s != '\t') {
			return false;
		}
	}
	return true;
}

static int check_headers(const struct fetch_request *r, struct hark_err *err)
{
	for (size_t i = 0; i < r->headers_n; i++) {
		if (!is_token(r->headers[i].name) || !is_value(r->headers[i].value)) {
			return hark_err_set(err, HARK_EINVAL,
				"header %zu of the request cannot be sent: its name or value holds "
				"a "
				"control character",
				i + 1);
		}
	}
	if (r->method != NULL && !is_token(r->method)) {
		return hark_err_set(err, HARK_EINVAL, "'%s' is no HTTP method", r->method);
	}
	return HARK_OK;
}

/* Copies text behind the transfer; the first pass only counts. */
struct copier {
	char *p; /* NULL: counting */
	size_t n;
};

static char *copy(struct copier *c, const void *bytes, size_t n)
{
	char *at = c->p != NULL ? c->p + c->n : NULL;
	if (at != NULL && n > 0) {
		memcpy(at, bytes, n);
	}
	c->n += n;
	return at;
}

static char *copy_text(struct copier *c, const char *text)
{
	return text != NULL ? copy(c, text, strlen(text) + 1) : NULL;
}

/* One node of libcurl's header list, in our own memory: nothing to allocate or free per header. An
 * empty value is spelled "Name;" there. */
static void copy_header(
	struct copier *c, struct curl_slist ***tail, const char *name, const char *value)
{
	c->n = (c->n + 15) & ~(size_t)15;
	struct curl_slist *node =
		(struct curl_slist *)(void *)copy(c, &(struct curl_slist){0}, sizeof(*node));
	bool empty = value[0] == '\0';
	char *line = copy(c, name, strlen(name));
	copy(c, empty ? ";" : ": ", empty ? 1 : 2);
	copy(c, value, strlen(value) + 1);
	if (node != NULL) {
		node->data = line;
		**tail = node;
		*tail = &node->next;
	}
}

/* "Accept" and "Accept-Language" say nothing secret. */
static bool may_travel(const char *name)
{
	return str_starts_nocase(str_c(name), STR("accept"));
}

static void copy_headers(struct copier *c, const struct fetch_request *r, struct transfer *t)
{
	struct curl_slist *none = NULL, **tail = t != NULL ? &t->headers : &none;
	for (size_t i = 0; i < r->headers_n; i++) {
		if (!may_travel(r->headers[i].name)) {
			copy_header(c, &tail, r->headers[i].name, r->headers[i].value);
		}
	}
	struct curl_slist **safe = tail;
	for (size_t i = 0; i < r->headers_n; i++) {
		if (may_travel(r->headers[i].name)) {
			copy_header(c, &tail, r->headers[i].name, r->headers[i].value);
		}
	}
	if (r->etag != NULL && r->etag[0] != '\0' && is_value(r->etag)) {
		copy_header(c, &tail, "If-None-Match", r->etag);
	}
	if (r->last_modified != NULL && r->last_modified[0] != '\0' && is_value(r->last_modified)) {
		copy_header(c, &tail, "If-Modified-Since", r->last_modified);
	}
	if (t != NULL) {
		t->headers_safe = *safe;
	}
}

/* libcurl knows HTTP, and a WebSocket begins as that. Owned by the caller; NULL: no memory. */
static char *http_url(const char *url, bool websocket)
{
	char *copy = NULL;
	if (websocket && str_starts_nocase(str_c(url), STR("ws"))) {
		return asprintf(&copy, "http%s", url + 2) >= 0 ? copy : NULL;
	}
	return strdup(url);
}

static void set_stream(struct transfer *t, const struct fetch_request *r)
{
	t->stream = r->stream;
	t->websocket = r->stream != NULL && r->websocket;
	t->idle_ms = r->idle_ms > 0 ? r->idle_ms : STREAM_IDLE_MS;
}

static void copy_mailbox(struct copier *c, const struct fetch_mailbox *m, struct transfer *t)
{
	c->n = (c->n + 15) & ~(size_t)15;
	struct fetch_mailbox *to = (struct fetch_mailbox *)(void *)copy(c, m, sizeof(*m));
	char *user = copy_text(c, m->user), *password = copy_text(c, m->password);
	char *token = copy_text(c, m->token), *since = copy_text(c, m->since);
	if (to != NULL) {
		to->user = user;
		to->password = password;
		to->token = token;
		to->since = since;
		t->mailbox = to;
	}
}

static void copy_all(struct copier *c, const struct fetch_request *r, struct transfer *t)
{
	if (r->mailbox != NULL) {
		copy_mailbox(c, r->mailbox, t);
		return;
	}
	copy_headers(c, r, t);
	const char *method = copy_text(c, r->method);
	char *body = copy(c, r->body.p, r->body.n);
	if (t != NULL) {
		t->method = method;
		t->body = r->body.p != NULL ? str_n(body, r->body.n) : STR_NONE;
	}
}

void transfer_forget_url(struct buf *key, CURLU *parts, char *url)
{
	buf_release(key);
	url_parts_free(parts);
	free(url);
}

static int read_url(struct buf *key, const char *url, CURLU **parts, struct hark_err *err)
{
	const char *wrong;
	*parts = url_parts(key, url, &wrong);
	if (*parts == NULL) {
		return url_refuse(url, wrong, err);
	}
	return key->rc == HARK_OK ? HARK_OK : hark_err_set(err, key->rc, "no room for a host name");
}

static int check_url(const struct fetch_request *request, const char *url, struct buf *key,
	CURLU **parts, struct hark_err *err)
{
	struct buf folder;
	if (request->mailbox == NULL) {
		return read_url(key, url, parts, err);
	}
	buf_init(&folder, URL_MAX);
	int rc = url_mailbox(key, &folder, url, err);
	buf_release(&folder);
	return rc;
}

int transfer_new(struct transfer **out, const struct fetch_options *options,
	const struct fetch_request *request, fetch_done_fn done, void *user, struct hark_err *err)
{
	struct buf key;
	buf_init(&key, URL_MAX);
	char *url = http_url(request->url, request->websocket);
	CURLU *parts = NULL;
	int rc = url != NULL ? check_url(request, url, &key, &parts, err)
			     : hark_err_set(err, HARK_ENOMEM, "no memory for a request");
	if (rc == HARK_OK) {
		rc = check_headers(request, err);
	}
	if (rc != HARK_OK) {
		transfer_forget_url(&key, parts, url);
		return rc;
	}
	struct copier counter = {.n = offsetof(struct transfer, block)};
	copy_all(&counter, request, NULL);
	struct transfer *t = calloc(1, counter.n);
	if (t != NULL) {
		t->key = key;
		t->url = url;
		t->parts = parts;
		t->reply = calloc(1, sizeof(*t->reply));
	}
	if (t == NULL || t->reply == NULL) {
		if (t == NULL) {
			transfer_forget_url(&key, parts, url);
		}
		transfer_free(t);
		return hark_err_set(err, HARK_ENOMEM, "no memory for a request");
	}
	copy_all(&(struct copier){.p = (char *)t, .n = offsetof(struct transfer, block)}, request,
		t);
	t->guard = options->guard != NULL ? options->guard : guard_address;
	t->done = done;
	t->item.spacing_ms = request->spacing_ms;
	t->item.urgent = request->urgent;
	t->timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : options->timeout_ms;
	t->redirects_max = request->redirects_max;
	t->same_host = request->same_host;
	t->internal = request->internal;
	t->keep_headers = request->keep_headers;
	t->secret_url = request->secret_url;
	set_stream(t, request);
	t->reply->user = user;
	buf_init(&t->reply->headers, HEADER_BYTES_MAX);
	buf_init(&t->reply->links, LINKS_MAX);
	buf_init(&t->reply->body, request->max_bytes > 0 ? request->max_bytes : options->max_bytes);
	*out = t;
	return HARK_OK;
}

void transfer_free(struct transfer *t)
{
	if (t == NULL) {
		return;
	}
	websocket_free(t->ws);
	imap_free(t->imap);
	fetch_reply_free(t->reply);
	transfer_forget_url(&t->key, t->parts, t->url);
	unpack_free(t->unpack);
	free(t->location);
	free(t);
}
