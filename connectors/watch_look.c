/* One look of a profile-watch at an account. The network's own definition plans the request and reads the
 * reply; here a host of our own takes the profile instead of storing it. */
#include "connectors/optout.h"
#include "connectors/profile.h"
#include "connectors/verdict.h"
#include "connectors/watch.h"

#include <stdarg.h>
#include <stdio.h>

#define RETRY_MAX_S 86400
#define ID_NUMBER "github:"

/* --- the host a definition sees --- */

struct capture {
	struct hark_host host;
	struct watch *w;
	struct hark_host *real; /* NULL while planning */
	struct hark_profile profile;
	bool has, opted_out;
	bool refused; /* the credential is no good */
	int64_t until_ms;
	char why[WATCH_WHY_MAX];
};

static const char *keep(struct capture *c, const char *text)
{
	return text != NULL ? arena_c(&c->w->arena, str_trim(str_c(text))) : NULL;
}

static int take_post(struct hark_host *host, const struct hark_post *post)
{
	(void)host;
	(void)post;
	return 0;
}

static int take_profile(struct hark_host *host, const struct hark_profile *p)
{
	struct capture *c = host->ctx;
	c->has = true;
	c->opted_out = p->opted_out || optout_in_bio(str_c(p->bio));
	c->profile = (struct hark_profile){.key = keep(c, p->key),
		.person = keep(c, p->person),
		.handle = keep(c, p->handle),
		.url = keep(c, p->url),
		.employer = keep(c, p->employer),
		.title = keep(c, p->title),
		.location = keep(c, p->location),
		.bio = keep(c, p->bio),
		.evidence_url = keep(c, p->evidence_url),
		.observed = host->now_ms};
	return 0;
}

static int take_feed(struct hark_host *host, const struct hark_feed *feed)
{
	(void)host;
	(void)feed;
	return 0;
}

__attribute__((format(printf, 4, 5))) static void ignore_damage(
	struct hark_host *host, long line, long column, const char *fmt, ...)
{
	(void)host;
	(void)line;
	(void)column;
	(void)fmt;
}

__attribute__((format(printf, 2, 3))) static int fail(struct hark_host *host, const char *fmt, ...)
{
	struct capture *c = host->ctx;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return HARK_EPARSE;
}

static void wait_until(struct hark_host *host, int64_t until_ms)
{
	struct capture *c = host->ctx;
	c->until_ms = until_ms > c->until_ms ? until_ms : c->until_ms;
}

__attribute__((format(printf, 4, 5))) static int refuse(
	struct hark_host *host, enum hark_refusal what, int64_t until_ms, const char *fmt, ...)
{
	struct capture *c = host->ctx;
	va_list ap;
	c->refused = what == HARK_REFUSED_AUTH;
	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	wait_until(host, until_ms);
	return HARK_EPARSE;
}

__attribute__((format(printf, 2, 3))) static void ignore_skip(
	struct hark_host *host, const char *fmt, ...)
{
	(void)host;
	(void)fmt;
}

static int ignore_cursor(struct hark_host *host, const char *cursor)
{
	(void)host;
	(void)cursor;
	return 0;
}

static int ignore_more(struct hark_host *host, const struct hark_request *request)
{
	(void)host;
	(void)request;
	return 0;
}

static void ignore_spending(struct hark_host *host, int64_t units)
{
	(void)host;
	(void)units;
}

static void ignore_missed(struct hark_host *host)
{
	(void)host;
}

static void *alloc(struct hark_host *host, size_t bytes)
{
	return arena_alloc(&((struct capture *)host->ctx)->w->arena, bytes);
}

static void capture_init(struct capture *c, struct watch *w, const struct hark_connector *reader,
	const struct hark_host *real)
{
	*c = (struct capture){.w = w,
		.host = {.connector = reader,
			.now_ms = real->now_ms,
			.item = -1,
			.emit_post = take_post,
			.emit_profile = take_profile,
			.emit_feed = take_feed,
			.degraded = ignore_damage,
			.noted = ignore_damage,
			.fail = fail,
			.refuse = refuse,
			.wait_until = wait_until,
			.spend = ignore_spending,
			.skipped = ignore_skip,
			.set_cursor = ignore_cursor,
			.request_more = ignore_more,
			.missed = ignore_missed,
			.alloc = alloc}};
	c->host.ctx = c;
}

/* --- asking --- */

static void note_failure(struct watch *w, size_t index, const char *why)
{
	w->failures++;
	if (w->why[0] == '\0') {
		snprintf(w->why, sizeof(w->why), "%s: %s", w->accounts.v[index]->key, why);
	}
}

static const struct hark_auth github_auth = {
	.kind = HARK_AUTH_BEARER, .secret = "github", .optional = 1};

/* By what stays when somebody is renamed, once that is known. */
static size_t settings_of(struct watch *w, size_t index, struct hark_pair *out)
{
	const struct watch_account *a = w->accounts.v[index];
	struct str id = w->state.seen[index].id;
	const char *who = a->handle;
	size_t n = 0;
	bool by_number = a->network == WATCH_GITHUB && str_starts(id, STR(ID_NUMBER));
	if (by_number) {
		id = str_n(id.p + strlen(ID_NUMBER), id.n - strlen(ID_NUMBER));
		out[n++] = (struct hark_pair){"by", "user"};
	}
	if (by_number || (a->network == WATCH_BLUESKY && str_starts(id, STR("did:")))) {
		who = arena_c(&w->arena, id);
	}
	out[n++] = (struct hark_pair){watch_rules[a->network].var, who};
	if (a->server != NULL) {
		out[n++] = (struct hark_pair){"instance", a->server};
	}
	return n;
}

void watch_end_request(struct watch *w)
{
	if (w->reader != NULL && w->reader_ctx != NULL) {
		w->reader->close(w->reader_ctx);
	}
	w->reader_ctx = NULL;
}

/* Opens the definition for an account. The host's result. */
static int open_reader(struct watch *w, size_t index, struct capture *c)
{
	struct hark_pair *pairs = arena_alloc(&w->arena, 4 * sizeof(*pairs));
	watch_end_request(w);
	if (pairs == NULL) {
		return fail(&c->host, "no memory");
	}
	w->reader = c->host.connector;
	return w->reader->open(&c->host, pairs, settings_of(w, index, pairs), &w->reader_ctx);
}

/* Of an answer that is kept: only what has changed since is wanted. */
static bool add_validator(struct watch *w, size_t index, struct hark_request *request)
{
	struct str etag = w->state.seen[index].etag;
	size_t n = request->headers_count;
	if (etag.n == 0 || w->state.seen[index].print == 0) {
		return true;
	}
	struct hark_pair *all = arena_alloc(&w->arena, (n + 1) * sizeof(*all));
	const char *value = arena_c(&w->arena, etag);
	if (all == NULL || value == NULL) {
		return false;
	}
	if (n > 0) {
		memcpy(all, request->headers, n * sizeof(*all));
	}
	all[n] = (struct hark_pair){"If-None-Match", value};
	request->headers = all;
	request->headers_count = n + 1;
	return true;
}

static int ask(struct watch *w, struct hark_host *host, size_t at, struct hark_request *request)
{
	struct capture c;
	size_t index = w->slice[at];
	enum watch_network network = w->accounts.v[index]->network;
	capture_init(&c, w, w->readers[network], host);
	int rc = open_reader(w, index, &c);
	rc = rc == 0 ? w->reader->plan(&c.host, w->reader_ctx, NULL, request) : rc;
	if (rc != 0 || !add_validator(w, index, request)) {
		note_failure(w, index, c.why);
		w->state.seen[index].seen_ms = host->now_ms; /* its turn comes again */
		return HARK_EINVAL;
	}
	if (network == WATCH_GITHUB) {
		request->auth = &github_auth;
	}
	snprintf(w->tag, sizeof(w->tag), "a%zu", at);
	request->tag = w->tag;
	request->place = "accounts";
	request->more = HARK_MORE_ALWAYS;
	request->whole = 1;
	return 0;
}

size_t watch_ask(struct watch *w, struct hark_host *host, size_t at, struct hark_request *request)
{
	for (; at < w->slice_n; at++) {
		const struct watch_account *a = w->accounts.v[w->slice[at]];
		const struct watch_host *h = &w->state.hosts[a->host];
		if (!h->failed && h->rest_ms <= host->now_ms && ask(w, host, at, request) == 0) {
			break;
		}
	}
	return at;
}

/* --- the reply --- */

static int64_t retry_after(const struct hark_reply *reply, int64_t now_ms)
{
	int64_t seconds;
	struct str value = reply_header(reply, "Retry-After");
	if (!str_i64(str_trim(value), &seconds) || seconds <= 0) {
		return 0;
	}
	return now_ms + (seconds < RETRY_MAX_S ? seconds : RETRY_MAX_S) * 1000;
}

/* What the owner says of its limits goes before what we know. */
static void learn_limit(struct watch_host *h, const struct hark_reply *reply)
{
	int64_t limit, window;
	struct str value = reply_header(reply, "X-RateLimit-Limit");
	struct str policy = reply_header(reply, "RateLimit-Policy");
	size_t at = str_find(policy, STR(";w="));
	value = value.n > 0 ? value : reply_header(reply, "RateLimit-Limit");
	if (str_i64(str_trim(value), &limit) && limit > 0 && limit < 1000000000) {
		h->limit = limit;
	}
	if (at != SIZE_MAX && str_i64(str_n(policy.p + at + 3, policy.n - at - 3), &window) &&
		window > 0 && window <= RETRY_MAX_S) {
		h->per_ms = window * 1000;
	}
}

/* How networks say that there is no such account, beside 404 and 410. */
static bool says_no_account(enum watch_network network, const struct hark_reply *reply)
{
	struct str body = reply->body != NULL ? str_n(reply->body, reply->body_bytes) : STR("");
	if (network == WATCH_HACKERNEWS && reply->status == 200) {
		return str_eq(str_trim(body), STR("null"));
	}
	return network == WATCH_BLUESKY && reply->status == 400 &&
	       (str_find(body, STR("\"AccountTakedown\"")) != SIZE_MAX ||
		       str_find(body, STR("\"AccountDeactivated\"")) != SIZE_MAX ||
		       str_find(body, STR("Profile not found")) != SIZE_MAX);
}

static struct watch_news *add_news(struct watch *w)
{
	struct watch_news *all =
		arena_grow(&w->arena, w->news, w->news_n, &w->news_cap, sizeof(*all));
	if (all == NULL) {
		return NULL;
	}
	w->news = all;
	all[w->news_n] = (struct watch_news){0};
	return &all[w->news_n++];
}

/* Nothing is kept of who asks to be left alone, but that. */
static bool leave_alone(struct watch *w, size_t index, const struct capture *c)
{
	struct watch_seen *seen = &w->state.seen[index];
	struct watch_news *n = add_news(w);
	if (n == NULL) {
		return false;
	}
	n->opted_out = true;
	n->profile.key = profile_key(&c->profile);
	n->profile.opted_out = 1;
	if (seen->id.n > 0 && !str_eq_c(seen->id, n->profile.key)) {
		struct watch_news *before = add_news(w);
		if (before == NULL) {
			return false;
		}
		*before = (struct watch_news){.opted_out = true,
			.profile = {.key = arena_c(&w->arena, seen->id), .opted_out = 1}};
	}
	*seen = (struct watch_seen){.seen_ms = c->host.now_ms, .flag = 'o'};
	return true;
}

static const enum hark_profile_event events[] = {
	[WATCH_SAME] = HARK_LISTED,
	[WATCH_FIRST] = HARK_LISTED,
	[WATCH_CHANGED] = HARK_CHANGED,
	[WATCH_JOINED] = HARK_JOINED,
	[WATCH_LEFT] = HARK_LEFT,
};

/* What was said before, where that is part of the news. */
static void add_before(struct watch *w, struct watch_news *n, const struct watch_seen *seen)
{
	struct hark_profile *p = &n->profile;
	bool other_title = seen->title.n > 0 && !str_eq_c(seen->title, p->title);
	if (n->event == WATCH_LEFT) {
		p->employer = arena_c(&w->arena, seen->employer);
		p->title = arena_c(&w->arena, seen->title);
	} else if (n->event == WATCH_JOINED) {
		p->was_employer = arena_c(&w->arena, seen->employer);
		p->was_title = arena_c(&w->arena, seen->title);
	} else if (n->event == WATCH_CHANGED && other_title && p->title != NULL) {
		p->was_title = arena_c(&w->arena, seen->title);
	}
}

static bool is_clear(const struct hark_profile *p)
{
	return p->employer != NULL && p->employer[0] != '\0';
}

static bool note_profile(
	struct watch *w, size_t index, const struct capture *c, const struct hark_reply *reply)
{
	struct watch_seen *seen = &w->state.seen[index];
	const struct hark_profile *p = &c->profile;
	const char *listed = w->accounts.v[index]->person;
	const char *key = profile_key(p);
	uint64_t print = watch_print(p);
	if (seen->id.n > 0 && !str_eq_c(seen->id, key)) {
		*seen = (struct watch_seen){.flag = '-'}; /* somebody else has the name now */
	}
	enum watch_event event = watch_compare(seen, p, print);
	if (event != WATCH_SAME) {
		struct watch_news *n = add_news(w);
		if (n == NULL) {
			return false;
		}
		n->event = event;
		n->profile = *p;
		n->profile.event = events[event];
		n->profile.person = listed != NULL ? listed : p->person;
		add_before(w, n, seen);
	}
	/* A text that is unclear now does not make unknown what was known. */
	if (is_clear(p) || event == WATCH_LEFT) {
		seen->employer = watch_keep(&w->state, p->employer);
	}
	seen->seen_ms = c->host.now_ms;
	seen->misses = 0;
	seen->flag = '-';
	seen->print = print;
	seen->id = watch_keep(&w->state, key);
	seen->handle = watch_keep(&w->state, p->handle);
	seen->title = watch_keep(&w->state, p->title);
	struct str etag = reply_header(reply, "ETag");
	seen->etag = etag.n > 0 && etag.n < 200 ? watch_keep(&w->state, etag.p) : STR_NONE;
	return true;
}

/* The definition reads it. */
static int read_reply(
	struct watch *w, size_t index, struct capture *c, const struct hark_reply *reply)
{
	struct hark_reply first = *reply;
	first.tag = NULL;
	int rc = open_reader(w, index, c);
	rc = rc == 0 ? w->reader->parse(&c->host, w->reader_ctx, &first) : rc;
	watch_end_request(w);
	return rc;
}

static bool is_account_alone(int status)
{
	return (status >= 200 && status < 300) || status == 400 || status == 414 || status == 422;
}

int watch_read(struct watch *w, struct hark_host *host, size_t at, const struct hark_reply *reply)
{
	size_t index = w->slice[at];
	const struct watch_account *a = w->accounts.v[index];
	struct watch_host *h = &w->state.hosts[a->host];
	struct watch_seen *seen = &w->state.seen[index];
	struct capture c;
	bool ok = true;
	capture_init(&c, w, w->readers[a->network], host);
	learn_limit(h, reply);
	if (reply->status == 0) {
		note_failure(w, index, reply->error != NULL ? reply->error : "no answer");
		watch_host_fail(h, host->now_ms, 0);
		return 0;
	}
	if (reply->status == 304 && seen->print != 0) {
		seen->seen_ms = host->now_ms;
		seen->misses = 0;
		w->results[at] = WATCH_HERE;
		h->oks++;
		return 0;
	}
	bool lost =
		reply->status == 404 || reply->status == 410 || says_no_account(a->network, reply);
	int rc = lost ? 0 : read_reply(w, index, &c, reply);
	if (rc != 0) {
		note_failure(w, index, c.why);
		if (is_account_alone(reply->status)) {
			seen->seen_ms = host->now_ms;
		} else {
			int64_t until = retry_after(reply, host->now_ms);
			h->refused = c.refused && a->network == WATCH_GITHUB;
			watch_host_fail(h, host->now_ms, until > c.until_ms ? until : c.until_ms);
		}
		return 0;
	}
	if (c.until_ms > h->rest_ms) {
		h->rest_ms = c.until_ms; /* it has had enough of us, though it answered */
	}
	w->results[at] = c.has ? WATCH_HERE : WATCH_LOST;
	h->oks += c.has;
	h->lost += !c.has;
	if (c.has) {
		ok = c.opted_out ? leave_alone(w, index, &c) : note_profile(w, index, &c, reply);
	}
	return ok ? 0 : host->fail(host, "no memory for what the accounts say");
}
