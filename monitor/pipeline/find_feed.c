#include "monitor/pipeline/find_feed.h"

#include "connectors/collect.h"
#include "connectors/parse/html.h"
#include "connectors/registry.h"
#include "monitor/base/clock.h"
#include "monitor/config/values.h"
#include "monitor/fetch/robots.h"

#include <stdio.h>
#include <stdlib.h>

#define REDIRECTS_MAX 5
#define GUESSES_SPACING_MS 2000

/* Where feeds lie that no page announces. */
static const char *const guesses[] = {"/feed/", "/rss.xml", "/atom.xml", "/index.xml"};

struct search {
	const struct find_options *options;
	struct fetch *fetch;
	struct arena *arena;
	struct found_feeds *found;
};

/* Whether what answers is no TLS at all: OpenSSL takes its first bytes for the number of a version. */
static bool speaks_plainly(const char *url, const struct fetch_reply *reply)
{
	return str_starts(str_c(url), STR("https://")) &&
	       str_find(str_c(reply->error), STR("wrong version number")) != SIZE_MAX;
}

/* An owned reply with a good status, or NULL. */
static struct fetch_reply *get(struct search *s, const char *url, struct hark_err *err)
{
	struct fetch_request request = {.url = url,
		.redirects_max = REDIRECTS_MAX,
		.spacing_ms = s->options->internal ? 0 : GUESSES_SPACING_MS,
		.internal = s->options->internal};
	struct fetch_reply *reply = fetch_once(s->fetch, &request, err);
	if (reply == NULL) {
		return NULL;
	}
	if (reply->rc != HARK_OK) {
		bool guarded = reply->rc == HARK_EAUTH;
		if (speaks_plainly(url, reply)) {
			hark_err_set(err, HARK_ENET, "%s answers without TLS: say http://%s", url,
				url + strlen("https://"));
		} else {
			hark_err_set(err, reply->rc == HARK_EPIPE ? HARK_EPIPE : HARK_ENET,
				"%s%s%s", reply->error, guarded ? ": say " : "",
				guarded ? s->options->internal_word : "");
		}
	} else if (reply->status < 200 || reply->status > 299) {
		hark_err_set(err, HARK_ENET, "%s answers %d", url, reply->status);
	} else {
		return reply;
	}
	fetch_reply_free(reply);
	return NULL;
}

static void keep(struct search *s, struct str url, const struct collected *got)
{
	struct found_feed *f = &s->found->v[s->found->n];
	for (size_t i = 0; i < s->found->n; i++) {
		if (str_eq(s->found->v[i].url, url)) {
			return;
		}
	}
	*f = (struct found_feed){.url = arena_str(s->arena, url),
		.title = got->feed.title,
		.format = got->feed.format,
		.damaged = got->degraded ? got->degraded_why : STR_NONE,
		.posts = got->posts_n};
	for (size_t i = 0; i < got->posts_n && f->titles_n < FOUND_TITLES; i++) {
		struct str title =
			got->posts[i].title.n > 0 ? got->posts[i].title : got->posts[i].text;
		if (title.n > 0) {
			f->titles[f->titles_n++] = title;
		}
	}
	s->found->n++;
}

/* Whether the reply is a feed; then it is kept. A permanent redirect tells the better address, behind
 * a temporary one the address asked for stays. */
static bool take_feed(
	struct search *s, const char *asked, const struct fetch_reply *reply, struct hark_err *err)
{
	const struct hark_connector *c = connector_find("feed");
	struct hark_pair settings[] = {{"url", reply->url}};
	struct hark_reply r = {.url = reply->url,
		.status = reply->status,
		.content_type = reply->content_type,
		.body = buf_c(&reply->body),
		.body_bytes = reply->body.n,
		.received_ms = reply->received_ms};
	struct collected got = {0};
	void *ctx = NULL;
	if (c == NULL || s->found->n == FOUND_MAX) {
		return false;
	}
	int rc = collect_open(c, settings, 1, &ctx, err);
	if (rc == HARK_OK) {
		rc = collect(&got, c, ctx, STR("preview"), &r, s->arena, err);
	}
	collect_close(c, ctx);
	if (rc != HARK_OK || got.feed.format.p == NULL) {
		return false;
	}
	keep(s, str_c(reply->moved_to != NULL ? reply->url : asked), &got);
	return true;
}

static bool try_url(struct search *s, const char *url, struct hark_err *err)
{
	struct fetch_reply *reply = get(s, url, err);
	bool is_feed = reply != NULL && take_feed(s, url, reply, err);
	fetch_reply_free(reply);
	return is_feed;
}

/* "https://host:port" of an absolute URL. */
static struct str origin_of(struct str url)
{
	size_t start = str_find(url, STR("://"));
	size_t end = start == SIZE_MAX ? 0 : start + 3;
	while (end < url.n && strchr("/?#", url.p[end]) == NULL) {
		end++;
	}
	return str_n(url.p, end);
}

/* Before a page is searched for feeds. A site without robots.txt allows it; one whose robots.txt
 * cannot be had (5xx, no answer) is left alone, as RFC 9309 has it. */
static int ask_robots(struct search *s, const char *page, struct hark_err *err)
{
	struct hark_err why;
	struct buf url;
	struct str origin = origin_of(str_c(page));
	struct str path = str_n(page + origin.n, strcspn(page + origin.n, "#"));
	buf_init(&url, 8192);
	buf_printf(&url, "%.*s/robots.txt", STR_FMT(origin));
	struct fetch_request request = {.url = buf_c(&url),
		.redirects_max = REDIRECTS_MAX,
		.spacing_ms = GUESSES_SPACING_MS,
		.max_bytes = ROBOTS_MAX};
	struct fetch_reply *reply = fetch_once(s->fetch, &request, &why);
	int rc = HARK_OK;
	if (reply == NULL || reply->rc != HARK_OK || reply->status >= 500) {
		rc = hark_err_set(err, HARK_ENET,
			"%s cannot be had, so the page is not searched; give the address of the feed "
			"itself",
			buf_c(&url));
	} else if (reply->status < 300 && !robots_allow(buf_str(&reply->body), STR("hark"),
						  path.n > 0 ? path : STR("/"))) {
		rc = hark_err_set(err, HARK_EAUTH,
			"%s asks programs not to read this page; give the address of the feed itself",
			buf_c(&url));
	}
	fetch_reply_free(reply);
	buf_release(&url);
	return rc;
}

static void try_announced(struct search *s, const struct fetch_reply *page)
{
	struct html_feed feeds[HTML_FEEDS_MAX];
	struct hark_err err;
	size_t n = html_find_feeds(buf_str(&page->body), str_c(page->url), s->arena, feeds);
	for (size_t i = 0; i < n && s->found->n < FOUND_MAX; i++) {
		const char *url = arena_c(s->arena, feeds[i].url);
		if (url != NULL) {
			try_url(s, url, &err);
		}
	}
}

static void try_guesses(struct search *s, const char *page)
{
	struct hark_err err;
	struct str origin = origin_of(str_c(page));
	for (size_t i = 0; i < sizeof(guesses) / sizeof(*guesses); i++) {
		struct buf guess;
		buf_init(&guess, 4096);
		buf_add_str(&guess, origin);
		buf_add_c(&guess, guesses[i]);
		bool is_feed = try_url(s, buf_c(&guess), &err);
		buf_release(&guess);
		if (is_feed) {
			return;
		}
	}
}

static int search_page(
	struct search *s, const char *asked, const struct fetch_reply *page, struct hark_err *err)
{
	if (html_is_page(buf_str(&page->body))) {
		try_announced(s, page);
	}
	if (s->found->n == 0) {
		try_guesses(s, page->url);
	}
	struct str body = str_trim(buf_str(&page->body));
	bool is_json = body.n > 0 && (body.p[0] == '{' || body.p[0] == '[');
	return s->found->n > 0
		       ? HARK_OK
		       : hark_err_set(err, HARK_ENOENT,
				 "no feed at %s: it announces none, and none lies at /feed/, /rss.xml, "
				 "/atom.xml or /index.xml%s",
				 asked,
				 is_json ? "; what it answers is JSON: hark connector new makes a "
					   "connector for it"
					 : "");
}

int find_address(struct str typed, struct buf *out, struct hark_err *err)
{
	bool has_scheme = str_find(typed, STR("://")) != SIZE_MAX;
	if (!has_scheme && str_find(typed, STR(":/")) != SIZE_MAX) {
		return hark_err_set(err, HARK_EINVAL,
			"'%.*s' is no address of a page: those begin with https:// or http://",
			STR_FMT(str_cut_utf8(typed, 200)));
	}
	buf_printf(out, "%s%.*s", has_scheme ? "" : "https://", STR_FMT(typed));
	return value_url(buf_str(out), err);
}

int find_feeds(struct fetch *fetch, struct str url, const struct find_options *options,
	struct arena *arena, struct found_feeds *out, struct hark_err *err)
{
	*out = (struct found_feeds){.n = 0};
	struct search s = {.options = options, .fetch = fetch, .arena = arena, .found = out};
	const char *first = arena_c(arena, url);
	if (first == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory");
	}
	struct fetch_reply *reply = get(&s, first, err);
	int rc = reply != NULL ? HARK_OK : err->code;
	if (reply != NULL && !take_feed(&s, first, reply, err)) {
		rc = options->internal ? HARK_OK : ask_robots(&s, reply->url, err);
		rc = rc == HARK_OK ? search_page(&s, first, reply, err) : rc;
	}
	fetch_reply_free(reply);
	return rc;
}

void found_feed_members(struct jsonout *j, const struct found_feed *f)
{
	jsonout_key_str(j, "url", f->url);
	jsonout_key_str(j, "title", f->title);
	jsonout_key_str(j, "format", f->format);
	jsonout_key_i64(j, "posts", (int64_t)f->posts);
	jsonout_key_str(j, "degraded", f->damaged);
	jsonout_key(j, "titles");
	jsonout_array(j);
	for (size_t k = 0; k < f->titles_n; k++) {
		jsonout_str(j, f->titles[k]);
	}
	jsonout_end_array(j);
}
