#include "monitor/fetch/transfer.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/headers.h"
#include "monitor/fetch/imap.h"
#include "monitor/fetch/url.h"
#include "monitor/fetch/websocket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define HEADER_BYTES_MAX (256 * 1024)
#define HEADER_LINES_MAX 1000
#define LINKS_MAX 8192
#define HEADER_KEEP_MAX 4096      /* a longer validator is not worth echoing */
#define REDIRECT_BODY_MAX 65536   /* read to keep the connection, not more */
#define BOMB_FROM_BYTES (1 << 20) /* decoded bytes before the ratio counts */
#define BOMB_RATIO 100
#define STALL_BYTES_S 10L   /* slower than this, */
#define STALL_TIME_S 20L    /* for so long, is a stall */
#define CLOCKS_APART_MS 100 /* how far curl's clock and this one may be apart */
#define IDLE_CONNECTION_S 30L
#define STREAM_IDLE_MS 90000

/* What is sent */

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

static void forget_url(struct buf *key, CURLU *parts, char *url)
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
		forget_url(&key, parts, url);
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
			forget_url(&key, parts, url);
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
	forget_url(&t->key, t->parts, t->url);
	unpack_free(t->unpack);
	free(t->location);
	free(t);
}

void fetch_reply_free(struct fetch_reply *reply)
{
	if (reply == NULL) {
		return;
	}
	buf_release(&reply->body);
	buf_release(&reply->headers);
	buf_release(&reply->links);
	free(reply->url);
	free(reply->moved_to);
	free(reply->etag);
	free(reply->last_modified);
	free(reply->content_type);
	free(reply);
}

/* What comes back: libcurl's callbacks */

static bool will_follow(const struct transfer *t)
{
	switch (t->status) {
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return t->location != NULL && t->redirects_max > 0;
	default:
		return false;
	}
}

/* What comes while libcurl is told to pause is kept by it. */
static void hand_out(struct transfer *t, struct str bytes)
{
	if (!t->closed && !t->stream->take(t->reply->user, bytes) && !t->paused) {
		t->paused = true;
		curl_easy_pause(t->slot->easy, CURLPAUSE_RECV);
	}
}

/* The next piece of the body, unpacked. */
static bool take_piece(void *transfer, struct str piece)
{
	struct transfer *t = transfer;
	t->body_bytes += piece.n;
	if (t->body_bytes > BOMB_FROM_BYTES && t->body_bytes / BOMB_RATIO > t->wire_bytes) {
		t->end = TRANSFER_BOMB;
		return false;
	}
	if (t->opened) {
		hand_out(t, piece);
		return true;
	}
	int rc = buf_add(&t->reply->body, piece.p, piece.n);
	if (rc != HARK_OK) {
		t->end = rc == HARK_ELIMIT ? TRANSFER_TOO_LARGE : TRANSFER_NO_MEMORY;
	}
	return rc == HARK_OK;
}

static size_t on_body(char *bytes, size_t one, size_t n, void *user)
{
	struct transfer *t = user;
	(void)one;
	t->in_body = true;
	t->wire_bytes += n;
	t->heard_ms = clock_steady_ms();
	if (will_follow(t)) {
		if (t->wire_bytes > REDIRECT_BODY_MAX) {
			t->end = TRANSFER_REDIRECT_READ;
			return 0;
		}
		return n;
	}
	if (t->is_unasked) {
		t->end = TRANSFER_UNASKED;
		return 0;
	}
	if (t->unpack == NULL) {
		return take_piece(t, str_n(bytes, n)) ? n : 0;
	}
	int rc = unpack_feed(t->unpack, str_n(bytes, n), take_piece, t);
	if (rc != HARK_OK && rc != HARK_ELIMIT) {
		t->end = rc == HARK_ENOMEM ? TRANSFER_NO_MEMORY : TRANSFER_MISPACKED;
	}
	return rc == HARK_OK ? n : 0;
}

/* A new head: a hop, or the final one after "100 Continue". */
static void forget_head(struct transfer *t)
{
	struct fetch_reply *r = t->reply;
	free(r->etag);
	free(r->last_modified);
	free(r->content_type);
	r->etag = r->last_modified = r->content_type = NULL;
	r->retry_after_ms = r->max_age_ms = 0;
	buf_clear(&r->headers);
	buf_clear(&r->links);
	r->headers_n = 0;
	free(t->location);
	t->location = NULL;
	unpack_free(t->unpack);
	t->unpack = NULL;
	t->is_unasked = false;
	t->status = 0;
}

static bool take_encoding(struct transfer *t, struct str value)
{
	unpack_free(t->unpack);
	int rc = unpack_new(&t->unpack, value);
	t->is_unasked = rc == HARK_EINVAL;
	return rc != HARK_ENOMEM;
}

/* "HTTP/1.1 304 Not Modified", "HTTP/1.1 200 " */
static int status_of(struct str line)
{
	struct str word;
	int64_t status = 0;
	if (!str_split(&line, ' ', &word) || !str_split(&line, ' ', &word)) {
		return 0;
	}
	return str_i64(str_trim(word), &status) && status > 0 && status < 1000 ? (int)status : 0;
}

static bool keep(char **out, struct str value, size_t max)
{
	if (value.n == 0 || value.n > max || memchr(value.p, '\0', value.n) != NULL) {
		return true;
	}
	free(*out);
	*out = strndup(value.p, value.n);
	return *out != NULL;
}

/* With a NUL behind each; one that holds a NUL itself is none. */
static bool keep_header(struct fetch_reply *r, struct str name, struct str value)
{
	if (memchr(name.p, '\0', name.n) != NULL ||
		(value.n > 0 && memchr(value.p, '\0', value.n) != NULL)) {
		return true;
	}
	buf_add_str(&r->headers, name);
	buf_add_char(&r->headers, '\0');
	buf_add_str(&r->headers, value);
	if (buf_add_char(&r->headers, '\0') != HARK_OK) {
		return false;
	}
	r->headers_n++;
	return true;
}

/* Whole values only: half a link would lead elsewhere. */
static bool keep_links(struct fetch_reply *r, struct str value)
{
	if (r->links.n + value.n + 2 > LINKS_MAX) {
		return true;
	}
	if (r->links.n > 0) {
		buf_add_char(&r->links, ',');
	}
	return buf_add_str(&r->links, value) == HARK_OK;
}

static bool take_header(struct transfer *t, struct str name, struct str value)
{
	struct fetch_reply *r = t->reply;
	if (str_eq_nocase(name, STR("ETag"))) {
		return keep(&r->etag, value, HEADER_KEEP_MAX);
	}
	if (str_eq_nocase(name, STR("Last-Modified"))) {
		return keep(&r->last_modified, value, HEADER_KEEP_MAX);
	}
	if (str_eq_nocase(name, STR("Content-Type"))) {
		return keep(&r->content_type, value, HEADER_KEEP_MAX);
	}
	if (str_eq_nocase(name, STR("Content-Encoding"))) {
		return take_encoding(t, value);
	}
	if (str_eq_nocase(name, STR("Link"))) {
		return keep_links(r, value);
	}
	if (str_eq_nocase(name, STR("Retry-After"))) {
		r->retry_after_ms = header_retry_after_ms(value, clock_wall_ms());
	} else if (str_eq_nocase(name, STR("Cache-Control"))) {
		int64_t ms = header_max_age_ms(value);
		r->max_age_ms = ms > r->max_age_ms ? ms : r->max_age_ms;
	} else if (str_eq_nocase(name, STR("Location"))) {
		return keep(&t->location, value, URL_MAX);
	}
	return true;
}

/* The empty line behind the head of a stream that is one. */
static void note_opened(struct transfer *t, struct str line)
{
	bool is_end = str_trim(line).n == 0;
	if (is_end && t->stream != NULL && !t->opened && t->status >= 200 && t->status < 300) {
		t->opened = true;
		if (!t->closed) {
			t->stream->opened(t->reply->user);
		}
	}
}

bool transfer_head(struct transfer *t, struct str line)
{
	struct str name, value;
	t->header_bytes += line.n;
	t->header_lines++;
	t->heard_ms = clock_steady_ms();
	if (t->header_bytes > HEADER_BYTES_MAX || t->header_lines > HEADER_LINES_MAX) {
		t->end = TRANSFER_HEADERS;
		return false;
	}
	if (t->in_body) {
		return true; /* a trailer changes nothing */
	}
	if (str_starts(line, STR("HTTP/"))) {
		forget_head(t);
		t->status = status_of(line);
	} else if (header_split(line, &name, &value) &&
		   (!take_header(t, name, value) ||
			   (t->keep_headers && !keep_header(t->reply, name, value)))) {
		t->end = TRANSFER_NO_MEMORY;
		return false;
	}
	return true;
}

/* A letter case that no word has is Base64: a capital or digit behind a small letter. */
static bool may_be_base64(struct str word)
{
	bool small = false, mixed = false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		mixed |= small && ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
		small = c >= 'a' && c <= 'z';
	}
	return mixed && word.n >= 8;
}

/* Servers quote the command they do not like: whether the words hold a secret, or may. */
static bool repeats_secret(const struct fetch_mailbox *m, struct str said)
{
	const char *const secrets[] = {m->password, m->token};
	for (size_t i = 0; i < 2; i++) {
		struct str secret = str_c(secrets[i]);
		if (secret.n > 0 && str_find(said, secret) != SIZE_MAX) {
			return true;
		}
	}
	struct str word;
	while (str_split(&said, ' ', &word)) {
		if (may_be_base64(word)) {
			return true;
		}
	}
	return false;
}

/* What a mailbox says to libcurl: "A002 NO [AUTHENTICATIONFAILED] wrong password", of which the end is kept. */
static void note_said(struct transfer *t, struct str line)
{
	struct str tag, result;
	if (!str_split(&line, ' ', &tag) || !str_split(&line, ' ', &result) || line.p == NULL) {
		return;
	}
	if (!str_eq_nocase(result, STR("NO")) && !str_eq_nocase(result, STR("BAD"))) {
		return;
	}
	struct str text = str_cut_utf8(str_trim(line), sizeof(t->said) - 1);
	if (repeats_secret(t->mailbox, text)) {
		text = STR("it repeats what was sent to log in, which is not shown");
	}
	memcpy(t->said, text.p, text.n);
	t->said[text.n] = '\0';
}

static size_t on_header(char *bytes, size_t one, size_t n, void *user)
{
	struct transfer *t = user;
	struct str line = str_n(bytes, n);
	(void)one;
	if (t->mailbox != NULL) {
		bool is_greeting = t->header_lines++ == 0;
		t->heard_ms = clock_steady_ms();
		t->end = is_greeting && !str_starts(line, STR("* ")) ? TRANSFER_NO_IMAP : t->end;
		note_said(t, line);
		return t->end == TRANSFER_NO_IMAP ? 0 : n;
	}
	if (!transfer_head(t, line)) {
		return 0;
	}
	note_opened(t, line);
	return n;
}

/* Guard */

static bool may_connect(struct transfer *t, const struct sockaddr *address)
{
	const char *range = NULL;
	enum guard_class class = t->guard(address, &range);
	if (class == GUARD_PUBLIC || (class == GUARD_INTERNAL && t->internal)) {
		return true;
	}
	t->refused = range;
	t->refused_address[0] = '\0';
	if (address->sa_family == AF_INET) {
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
			t->refused_address, sizeof(t->refused_address));
	} else if (address->sa_family == AF_INET6) {
		inet_ntop(AF_INET6,
			&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
			t->refused_address, sizeof(t->refused_address));
	}
	return false;
}

static curl_socket_t on_open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *a)
{
	if (purpose != CURLSOCKTYPE_IPCXN || !may_connect(user, &a->addr)) {
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* The second look, at the address really connected, before the first byte is sent: also sees
 * connections that were kept from an earlier transfer. */
static int on_connected(void *user, char *remote, char *local, int remote_port, int local_port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const struct sockaddr *address = NULL;
	(void)local;
	(void)remote_port;
	(void)local_port;
	((struct transfer *)user)->is_connected = true;
	if (inet_pton(AF_INET, remote, &v4.sin_addr) == 1) {
		address = (const struct sockaddr *)&v4;
	} else if (inet_pton(AF_INET6, remote, &v6.sin6_addr) == 1) {
		address = (const struct sockaddr *)&v6;
	}
	return address != NULL && may_connect(user, address) ? CURL_PREREQFUNC_OK
							     : CURL_PREREQFUNC_ABORT;
}

/* Slots */

struct slot *slot_new(const struct fetch_options *options)
{
	struct slot *s = calloc(1, sizeof(*s));
	CURL *e = s != NULL ? curl_easy_init() : NULL;
	if (e == NULL) {
		free(s);
		return NULL;
	}
	s->easy = e;
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, s->text);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L); /* never wait for a resolver thread */
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PROXY, ""); /* the guard must see the real address */
	curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	/* A host is asked few things at a time, which HTTP/2 makes no faster; and libcurl reads frames that hold nothing
	 * for as long as they come, without a look at the time or at any other transfer. */
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 0L); /* unpack.h says why */
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES_S);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, STALL_TIME_S);
	curl_easy_setopt(e, CURLOPT_MAXAGE_CONN, IDLE_CONNECTION_S);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_connected);
	const char *trusted =
		getenv("SSL_CERT_FILE"); /* as curl(1) has it; libcurl does not look */
	if (trusted != NULL && trusted[0] != '\0') {
		curl_easy_setopt(e, CURLOPT_CAINFO, trusted);
	}
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	if (asprintf(&s->agent_line, "User-Agent: %s", options->user_agent) < 0) {
		s->agent_line = NULL;
		slot_free(s);
		return NULL;
	}
	return s;
}

void slot_free(struct slot *s)
{
	if (s != NULL) {
		curl_easy_cleanup(s->easy);
		free(s->agent_line);
		free(s);
	}
}

static bool has_header(const struct curl_slist *headers, struct str name)
{
	for (; headers != NULL; headers = headers->next) {
		struct str line = str_c(headers->data);
		if (str_starts_nocase(line, name) &&
			(line.p[name.n] == ':' || line.p[name.n] == ';')) {
			return true;
		}
	}
	return false;
}

/* Those of the slot, unless the request says something else, and those of the request. libcurl writes
 * a header letter by letter through its printf(), and those it has options for twice at each request;
 * a list it writes once. */
static struct curl_slist *headers_of(const struct transfer *t, struct slot *s)
{
	static char packing[] = "Accept-Encoding: " UNPACK_ACCEPTED;
	struct curl_slist *all = t->headers;
	if (!has_header(t->headers, STR("Accept-Encoding"))) {
		s->packing = (struct curl_slist){packing, all};
		all = &s->packing;
	}
	if (!has_header(t->headers, STR("User-Agent"))) {
		s->agent = (struct curl_slist){s->agent_line, all};
		all = &s->agent;
	}
	return all;
}

static void set_method(CURL *e, const struct transfer *t)
{
	curl_easy_setopt(e, CURLOPT_HTTPGET, 1L); /* undoes what the slot did before */
	if (t->body.p != NULL) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.n);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, t->body.p);
	} else if (t->method != NULL && strcmp(t->method, "HEAD") == 0) {
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	}
	bool plain = t->method == NULL || strcmp(t->method, "HEAD") == 0 ||
		     strcmp(t->method, t->body.p != NULL ? "POST" : "GET") == 0;
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, plain ? NULL : t->method);
}

/* On a slot of its own. */
static void set_mailbox(CURL *e, const struct transfer *t)
{
	const struct fetch_mailbox *m = t->mailbox;
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	curl_easy_setopt(e, CURLOPT_USE_SSL, (long)(t->internal ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	curl_easy_setopt(e, CURLOPT_USERNAME, m->user);
	curl_easy_setopt(e, CURLOPT_PASSWORD, m->token == NULL ? m->password : NULL);
	curl_easy_setopt(e, CURLOPT_XOAUTH2_BEARER, m->token);
	curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)t->timeout_ms); /* with the log-in */
}

static void forget_hop(struct transfer *t)
{
	forget_head(t);
	t->end = TRANSFER_ENDED_BY_PEER;
	t->header_bytes = t->header_lines = t->wire_bytes = t->body_bytes = 0;
	t->in_body = t->is_connected = false;
	t->refused = NULL;
}

int transfer_prepare(struct transfer *t, struct slot *slot, int64_t now_ms)
{
	CURL *e = slot->easy;
	int64_t left = t->timeout_ms - t->spent_ms;
	if (t->hops == 0) {
		t->started_ms = now_ms;
	}
	t->hop_started_ms = t->heard_ms = now_ms;
	t->slot = slot;
	slot->text[0] = '\0';
	forget_hop(t);
	set_method(e, t);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers_of(t, slot));
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS,
		t->stream != NULL ? 0L
		: left > 1        ? (long)left
				  : 1L);
	if (t->stream != NULL) { /* on a slot of its own, and with a time-out of our own */
		curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, 0L);
	}
	if (t->mailbox != NULL) {
		set_mailbox(e, t);
	}
	if (t->websocket) {
		curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
	}
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(e, CURLOPT_CURLU, t->parts); /* so that the text is not read again */
	return curl_easy_setopt(e, CURLOPT_URL, t->url) == CURLE_OK ? HARK_OK : HARK_ENOMEM;
}

/* Sentences */

__attribute__((format(printf, 3, 0))) static void vsay(
	struct transfer *t, int rc, const char *fmt, va_list ap)
{
	struct fetch_reply *r = t->reply;
	struct buf shown;
	r->rc = rc;
	r->status = 0;
	buf_init(&shown, 160); /* leaves room for the reason */
	/* A peer may write into an address what it got from us, secrets too. */
	url_show(&shown, t->url, t->secret_url || t->hops > 0);
	int n = snprintf(r->error, sizeof(r->error), "%s: ", buf_c(&shown));
	buf_release(&shown);
	vsnprintf(r->error + n, sizeof(r->error) - (size_t)n, fmt, ap);
}

__attribute__((format(printf, 3, 4))) static void say(
	struct transfer *t, int rc, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsay(t, rc, fmt, ap);
	va_end(ap);
}

static void say_refused(struct transfer *t)
{
	say(t, HARK_EAUTH, "refused: %s is in %s%s", t->refused_address, t->refused,
		t->internal ? ""
			    : "; a source or receiver in your own network needs `internal: yes`");
}

/* For a connection that was kept, libcurl's time stays 0; a log-in and TLS come before on_connected(). */
static bool is_connected(const struct transfer *t)
{
	curl_off_t at_us = 0;
	curl_easy_getinfo(t->slot->easy, CURLINFO_CONNECT_TIME_T, &at_us);
	return t->is_connected || at_us > 0;
}

static void say_timeout(struct transfer *t, int64_t now_ms)
{
	char span[CLOCK_TEXT_MAX];
	clock_span(now_ms - t->hop_started_ms, span);
	if (!is_connected(t)) {
		t->reply->network = true;
		say(t, HARK_ENET, "no connection within %s", span);
	} else if (t->spent_ms + CLOCKS_APART_MS < t->timeout_ms) {
		say(t, HARK_ENET, "stalled: fewer than %ld bytes a second for %ld s", STALL_BYTES_S,
			STALL_TIME_S);
	} else {
		say(t, HARK_ENET, "no complete answer within %s", span);
	}
}

static void say_no_connection(struct transfer *t)
{
	long os_errno = 0;
	if (t->refused != NULL) {
		say_refused(t);
		return;
	}
	curl_easy_getinfo(t->slot->easy, CURLINFO_OS_ERRNO, &os_errno);
	t->reply->network = true;
	say(t, HARK_ENET, "cannot connect: %s",
		os_errno != 0 ? strerror((int)os_errno) : "no address answers");
}

/* We ended it ourselves. */
static bool say_own_end(struct transfer *t)
{
	switch (t->end) {
	case TRANSFER_TOO_LARGE:
		say(t, HARK_ELIMIT, "the answer is larger than %zu bytes", t->reply->body.max);
		t->reply->status = t->status >= 400 ? t->status : 0;
		return true;
	case TRANSFER_BOMB:
		say(t, HARK_ELIMIT,
			"the answer unpacks to more than %d times its size: a compression bomb",
			BOMB_RATIO);
		return true;
	case TRANSFER_MISPACKED:
		say(t, HARK_ENET, "the answer is not compressed the way it says");
		return true;
	case TRANSFER_CUT:
		say(t, HARK_ENET, "the body ends in the middle of its compression, after %zu bytes",
			t->wire_bytes);
		return true;
	case TRANSFER_UNASKED:
		say(t, HARK_ENET,
			"the answer is compressed in a way that was not asked for (" UNPACK_ACCEPTED
			" was)");
		return true;
	case TRANSFER_HEADERS:
		say(t, HARK_ELIMIT, "the answer's headers exceed %d bytes or %d lines",
			HEADER_BYTES_MAX, HEADER_LINES_MAX);
		return true;
	case TRANSFER_NO_IMAP:
		say(t, HARK_ENET, "whoever answers there does not speak IMAP");
		return true;
	case TRANSFER_NO_MEMORY:
		say(t, HARK_ENOMEM, "no memory for the answer");
		return true;
	default:
		return false;
	}
}

static void say_why(struct transfer *t, CURLcode code, int64_t now_ms)
{
	if (say_own_end(t)) {
		return;
	}
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		t->reply->network = true;
		say(t, HARK_ENET, "the host's name cannot be resolved");
		break;
	case CURLE_COULDNT_CONNECT:
		say_no_connection(t);
		break;
	case CURLE_ABORTED_BY_CALLBACK:
		t->refused != NULL ? say_refused(t)
				   : say(t, HARK_ENET, "%s", curl_easy_strerror(code));
		break;
	case CURLE_OPERATION_TIMEDOUT:
		say_timeout(t, now_ms);
		break;
	case CURLE_PARTIAL_FILE:
		say(t, HARK_ENET, "the answer ended early, after %zu bytes", t->wire_bytes);
		break;
	case CURLE_GOT_NOTHING:
		say(t, HARK_ENET, "the server closed the connection without an answer");
		break;
	case CURLE_OUT_OF_MEMORY:
		say(t, HARK_ENOMEM,
			t->in_body ? "no memory"
				   : "a header line of more than 100 KB, or no memory");
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
		say(t, HARK_ENET, "TLS: %s",
			t->slot->text[0] != '\0' ? t->slot->text : curl_easy_strerror(code));
		break;
	case CURLE_SSL_CACERT_BADFILE:
		say(t, HARK_ENET,
			"TLS: the certificates of the authorities cannot be read: install "
			"ca-certificates, or name a readable file in SSL_CERT_FILE");
		break;
	case CURLE_LOGIN_DENIED:
		say(t, HARK_EAUTH, "the server offers no way to log in that is safe and known");
		break;
	case CURLE_USE_SSL_FAILED:
		say(t, HARK_EAUTH,
			"the server has no TLS: only one of your own, with `internal: "
			"yes`, may be asked without");
		break;
	case CURLE_UNSUPPORTED_PROTOCOL: /* the URL's was looked at before: it is the answer's */
	case CURLE_WEIRD_SERVER_REPLY:
		say(t, HARK_ENET, "the answer is not %s as it should be",
			t->mailbox != NULL ? "IMAP" : "HTTP");
		break;
	case CURLE_RECV_ERROR:
		say(t, HARK_ENET, "the answer broke off: %s",
			t->slot->text[0] != '\0' ? t->slot->text : curl_easy_strerror(code));
		break;
	default:
		say(t, HARK_ENET, "%s", curl_easy_strerror(code));
	}
}

void transfer_answer(struct transfer *t, int status, const char *body)
{
	struct fetch_reply *r = t->reply;
	r->rc = HARK_OK;
	r->status = status;
	r->url = strdup(t->url);
	r->received_ms = clock_wall_ms();
	if (body != NULL) {
		buf_clear(&r->body);
		buf_add_c(&r->body, body);
	}
	if (r->url == NULL || r->body.rc == HARK_ENOMEM) {
		transfer_fail(t, HARK_ENOMEM, "no memory for the answer");
	}
}

void transfer_fail(struct transfer *t, int rc, const char *sentence)
{
	say(t, rc, "%s", sentence);
	t->reply->received_ms = clock_wall_ms();
}

/* Redirects */

static bool same_origin(const struct buf *a, const struct buf *b)
{
	return str_eq(buf_str(a), buf_str(b));
}

/* "example.org" of "https://example.org:443"; also where scheme and port change, it is the same host. */
static struct str host_in(const struct buf *origin)
{
	struct str s = buf_str(origin);
	size_t from = str_find(s, STR("://"));
	from = from == SIZE_MAX ? 0 : from + 3;
	size_t end = s.n;
	while (end > from && s.p[end - 1] >= '0' && s.p[end - 1] <= '9') {
		end--;
	}
	return str_n(s.p + from, (end > from && s.p[end - 1] == ':' ? end - 1 : s.n) - from);
}

/* As browsers do: 303 always, 301 and 302 for what is no GET, ask again with a plain GET. */
static void change_method(struct transfer *t)
{
	bool sends = t->body.p != NULL;
	if (t->status == 303 || (sends && (t->status == 301 || t->status == 302))) {
		t->body = STR_NONE;
		t->method = NULL;
		t->headers = sends ? t->headers_safe : t->headers;
	}
}

/* HARK_OK: `t` is set for its next hop. Otherwise the reply says why not. */
static int follow(struct transfer *t)
{
	struct buf key;
	if (t->hops >= t->redirects_max) {
		say(t, HARK_ENET, "redirects more than %u times", t->redirects_max);
		return HARK_ENET;
	}
	buf_init(&key, URL_MAX);
	char *url = url_join(t->url, t->location);
	const char *wrong = "no valid URL";
	CURLU *parts = url != NULL ? url_parts(&key, url, &wrong) : NULL;
	if (parts == NULL || key.rc != HARK_OK) {
		say(t, HARK_ENET, "redirects to what cannot be fetched: %s",
			parts == NULL ? wrong : "no room for a host name");
		forget_url(&key, parts, url);
		return HARK_ENET;
	}
	if (t->same_host && !str_eq(host_in(&key), host_in(&t->key))) {
		say(t, HARK_ENET, "redirects to another host, %.*s", STR_FMT(host_in(&key)));
		t->reply->status = t->status;
		forget_url(&key, parts, url);
		return HARK_ENET;
	}
	change_method(t);
	if (t->body.p != NULL && !url_may_repeat(buf_str(&t->key), buf_str(&key))) {
		say(t, HARK_ENET, "redirects what was sent to another server, %s", buf_c(&key));
		forget_url(&key, parts, url);
		return HARK_ENET;
	}
	if (!same_origin(&key, &t->key)) {
		t->headers = t->headers_safe;
	}
	forget_url(&t->key, t->parts, t->url);
	t->key = key;
	t->parts = parts;
	t->url = url;
	t->hops++;
	return HARK_OK;
}

static void note_move(struct transfer *t)
{
	if (t->hops == t->moves && t->location != NULL && (t->status == 301 || t->status == 308)) {
		free(t->reply->moved_to);
		t->reply->moved_to = url_join(t->url, t->location);
		t->moves++;
	}
}

static void complete(struct transfer *t)
{
	struct fetch_reply *r = t->reply;
	r->rc = HARK_OK;
	r->status = t->status;
	r->url = strdup(t->url);
	if (r->url == NULL) {
		transfer_fail(t, HARK_ENOMEM, "no memory for the answer");
	}
}

bool transfer_ended(struct transfer *t, CURLcode code, int64_t now_ms)
{
	struct fetch_reply *r = t->reply;
	t->spent_ms += now_ms - t->hop_started_ms;
	r->took_ms = now_ms - t->started_ms;
	r->received_ms = clock_wall_ms();
	if (code == CURLE_OK || t->end == TRANSFER_REDIRECT_READ) {
		note_move(t);
		if (will_follow(t)) {
			return follow(t) == HARK_OK;
		}
		if (t->unpack != NULL && !t->opened && unpack_is_cut(t->unpack)) {
			t->end = TRANSFER_CUT;
			say_own_end(t);
		} else {
			complete(t);
		}
	} else {
		say_why(t, code, now_ms);
	}
	if (r->rc != HARK_OK) {
		buf_release(&r->body);
		free(r->moved_to);
		r->moved_to = NULL;
	}
	return false;
}
