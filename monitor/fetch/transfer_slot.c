#include "monitor/fetch/transfer_parts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define IDLE_CONNECTION_S 30L

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
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, transfer_on_header);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, transfer_on_body);
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
	transfer_forget_head(t);
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
