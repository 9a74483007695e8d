#include "monitor/fetch/transfer_parts.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/url.h"

#include <stdlib.h>

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
	transfer_say(t, rc, "%s", sentence);
	t->reply->received_ms = clock_wall_ms();
}

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
		transfer_say(t, HARK_ENET, "redirects more than %u times", t->redirects_max);
		return HARK_ENET;
	}
	buf_init(&key, URL_MAX);
	char *url = url_join(t->url, t->location);
	const char *wrong = "no valid URL";
	CURLU *parts = url != NULL ? url_parts(&key, url, &wrong) : NULL;
	if (parts == NULL || key.rc != HARK_OK) {
		transfer_say(t, HARK_ENET, "redirects to what cannot be fetched: %s",
			parts == NULL ? wrong : "no room for a host name");
		transfer_forget_url(&key, parts, url);
		return HARK_ENET;
	}
	if (t->same_host && !str_eq(host_in(&key), host_in(&t->key))) {
		transfer_say(
			t, HARK_ENET, "redirects to another host, %.*s", STR_FMT(host_in(&key)));
		t->reply->status = t->status;
		transfer_forget_url(&key, parts, url);
		return HARK_ENET;
	}
	change_method(t);
	if (t->body.p != NULL && !url_may_repeat(buf_str(&t->key), buf_str(&key))) {
		transfer_say(
			t, HARK_ENET, "redirects what was sent to another server, %s", buf_c(&key));
		transfer_forget_url(&key, parts, url);
		return HARK_ENET;
	}
	if (!same_origin(&key, &t->key)) {
		t->headers = t->headers_safe;
	}
	transfer_forget_url(&t->key, t->parts, t->url);
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

/* libcurl takes the end of a connection for that of the head, and of an answer without a body. */
static bool is_cut_in_head(const struct transfer *t, CURLcode code)
{
	return code == CURLE_OK && t->status != 0 && !t->has_head;
}

bool transfer_ended(struct transfer *t, CURLcode code, int64_t now_ms)
{
	struct fetch_reply *r = t->reply;
	t->spent_ms += now_ms - t->hop_started_ms;
	r->took_ms = now_ms - t->started_ms;
	r->received_ms = clock_wall_ms();
	if (is_cut_in_head(t, code)) {
		transfer_say(t, HARK_ENET, "the answer ended in the middle of its headers");
		r->cut_status = t->status;
	} else if (code == CURLE_OK || t->end == TRANSFER_REDIRECT_READ) {
		note_move(t);
		if (transfer_will_follow(t)) {
			return follow(t) == HARK_OK;
		}
		if (t->unpack != NULL && !t->opened && unpack_is_cut(t->unpack)) {
			t->end = TRANSFER_CUT;
			transfer_say_own_end(t);
		} else {
			complete(t);
		}
	} else {
		transfer_say_why(t, code, now_ms);
	}
	if (r->rc != HARK_OK) {
		buf_release(&r->body);
		free(r->moved_to);
		r->moved_to = NULL;
	}
	return false;
}
