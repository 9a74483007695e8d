#include "monitor/demo/network.h"

#include "monitor/api/http.h"
#include "monitor/base/clock.h"
#include "monitor/base/waiting.h"
#include "monitor/demo/render.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define DOCUMENT_MAX (1u << 20)

/* An answer that waits for its time. */
struct late {
	struct http_exchange *x;
	int64_t due_ms; /* steady */
	int status;
	struct buf body;
	struct late *next;
};

struct host {
	const struct story_host *story;
	char base[64];
	size_t requests;
	bool read; /* completely, in this part of the story */
};

struct network {
	const struct story *story;
	struct http_server *server;
	struct host *hosts;
	size_t hosts_n;
	int64_t started_ms; /* wall */

	pthread_mutex_t lock; /* guards what follows and the hosts */
	pthread_cond_t changed;
	pthread_t timer;
	bool timer_runs, stopping, published;
	int64_t published_ms; /* wall */
	struct late *late;
	struct network_counts counts;
};

/* What to say, decided under the lock, said without it. */
struct answer {
	int status;
	char etag[80], modified[64], retry_after[16];
	const char *type;
	struct buf body;
	int64_t delay_ms;
};

/* ---- late answers ---- */

static void say_late(struct late *l)
{
	http_answer(l->x, l->status, buf_str(&l->body));
	buf_release(&l->body);
	free(l);
}

/* Under the lock: takes out one that is due, or any if the network stops. */
static struct late *take_due(struct network *n, int64_t now, int64_t *next_due)
{
	*next_due = INT64_MAX;
	for (struct late **p = &n->late; *p != NULL; p = &(*p)->next) {
		if (n->stopping || (*p)->due_ms <= now) {
			struct late *l = *p;
			*p = l->next;
			return l;
		}
		*next_due = (*p)->due_ms < *next_due ? (*p)->due_ms : *next_due;
	}
	return NULL;
}

static void wait_until(struct network *n, int64_t due)
{
	int64_t wait = due == INT64_MAX ? 60000 : due - clock_steady_ms();
	struct timespec at = waiting_until(wait > 0 ? wait : 1);
	pthread_cond_timedwait(&n->changed, &n->lock, &at);
}

static void *run_timer(void *arg)
{
	struct network *n = arg;
	int64_t next_due;

	pthread_mutex_lock(&n->lock);
	for (;;) {
		struct late *l = take_due(n, clock_steady_ms(), &next_due);
		if (l != NULL) {
			pthread_mutex_unlock(&n->lock);
			say_late(l);
			pthread_mutex_lock(&n->lock);
		} else if (n->stopping) {
			break;
		} else {
			wait_until(n, next_due);
		}
	}
	pthread_mutex_unlock(&n->lock);
	return NULL;
}

/* Takes the answer's body. False: no memory or no time left, the caller answers at once. */
static bool put_off(struct network *n, struct http_exchange *x, struct answer *a)
{
	struct late *l = calloc(1, sizeof(*l));
	if (l == NULL) {
		return false;
	}
	*l = (struct late){.x = x,
		.due_ms = clock_steady_ms() + a->delay_ms,
		.status = a->status,
		.body = a->body};
	pthread_mutex_lock(&n->lock);
	bool stopping = n->stopping;
	if (!stopping) {
		http_hold(x);
		buf_init(&a->body, DOCUMENT_MAX);
		l->next = n->late;
		n->late = l;
		pthread_cond_signal(&n->changed);
	}
	pthread_mutex_unlock(&n->lock);
	if (stopping) {
		free(l);
	}
	return !stopping;
}

/* ---- what a host answers ---- */

static int by_time(const void *a, const void *b)
{
	const struct render_item *x = a, *y = b;
	return x->published_ms < y->published_ms ? 1 : x->published_ms > y->published_ms ? -1 : 0;
}

static struct render_item *list_items(struct network *n, const struct story_host *h, size_t *count)
{
	struct render_item *v = calloc(h->items_n + h->later_n + 1, sizeof(*v));
	*count = 0;
	if (v == NULL) {
		return NULL;
	}
	for (size_t i = 0; n->published && i < h->later_n; i++) {
		/* A second apart, so that the order is the story's. */
		v[(*count)++] =
			(struct render_item){&h->later[i], n->published_ms - (int64_t)i * 1000};
	}
	for (size_t i = 0; i < h->items_n; i++) {
		v[(*count)++] =
			(struct render_item){&h->items[i], n->started_ms - h->items[i].age_ms};
	}
	qsort(v, *count, sizeof(*v), by_time);
	return v;
}

/* Fills the page asked for. */
static void fill_page(struct network *n, struct host *host, int64_t page, struct answer *a)
{
	const struct story_host *h = host->story;
	char next[160];
	size_t count = 0;
	struct render_item *items = list_items(n, h, &count);
	size_t size = h->page != 0 ? h->page : count;
	size_t from = page > 1 ? (size_t)(page - 1) * size : 0;
	from = from < count ? from : count;
	size_t take = count - from < size ? count - from : size;
	bool last = from + take >= count;

	snprintf(next, sizeof(next), "%s%s?page=%lld", host->base, h->path,
		(long long)(page > 1 ? page + 1 : 2));
	struct render_feed feed = {
		.host = h, .base = host->base, .items_n = take, .next = last ? NULL : next};
	feed.items = items != NULL ? items + from : NULL;
	render(&feed, &a->body);
	free(items);
}

static void http_date(int64_t wall_ms, char *out, size_t size)
{
	struct tm tm;
	time_t s = (time_t)(wall_ms / 1000);
	gmtime_r(&s, &tm);
	strftime(out, size, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* True when the reader has this version already. */
static bool validate(
	struct network *n, struct http_exchange *x, const struct story_host *h, struct answer *a)
{
	snprintf(a->etag, sizeof(a->etag), "W/\"%s-%d\"", h->name, n->published ? 2 : 1);
	http_date(n->published ? n->published_ms : n->started_ms, a->modified, sizeof(a->modified));
	return str_eq_c(http_request_header(x, "If-None-Match"), a->etag);
}

static void refuse(struct network *n, struct answer *a, int status)
{
	a->status = status;
	n->counts.refused++;
	a->type = "text/plain";
	buf_printf(&a->body, "%d\n", status);
}

/* Under the lock. */
static void decide(struct network *n, struct host *host, struct http_exchange *x, struct answer *a)
{
	const struct story_host *h = host->story;
	int64_t page = 1;
	bool first = host->requests++ == 0;

	n->counts.requests++;
	a->delay_ms = h->delay_ms;
	if (h->status != 0) {
		refuse(n, a, h->status);
		host->read = true;
	} else if (first && h->first_status != 0) {
		refuse(n, a, h->first_status);
		snprintf(a->retry_after, sizeof(a->retry_after), "%d", h->retry_after_s);
	} else if (h->validators && validate(n, x, h, a)) {
		a->status = 304;
		n->counts.not_modified++;
		host->read = true;
	} else {
		a->status = 200;
		a->type = render_type(h);
		str_i64(http_query(x, "page"), &page);
		fill_page(n, host, page, a);
		host->read = true; /* older pages are the reader's choice */
	}
}

static void headers(struct http_exchange *x, const struct answer *a)
{
	const char *const pairs[][2] = {{"ETag", a->etag}, {"Last-Modified", a->modified},
		{"Retry-After", a->retry_after}, {"Content-Type", a->type}};
	for (size_t i = 0; i < 4; i++) {
		if (pairs[i][1] != NULL && pairs[i][1][0] != '\0') {
			http_header(x, pairs[i][0], pairs[i][1]);
		}
	}
}

/* A post's own page, so that the links in leads lead somewhere. */
static bool post_page(
	struct network *n, const struct story_host *h, struct str id, struct answer *a)
{
	for (size_t i = 0; i < h->items_n + (n->published ? h->later_n : 0); i++) {
		const struct story_item *item =
			i < h->items_n ? &h->items[i] : &h->later[i - h->items_n];
		if (str_eq_c(id, item->id)) {
			a->status = 200;
			a->type = "text/plain; charset=utf-8";
			buf_printf(&a->body, "%s\n%s\n\n%s\n", h->title,
				item->title != NULL ? item->title : "", item->text);
			return true;
		}
	}
	return false;
}

static bool is_at(const struct host *host, struct http_exchange *x)
{
	/* The listener was told "address:port", the base is "http://address:port". */
	return str_starts(str_c(host->base + strlen("http://")),
		str_n(http_listener(x), strcspn(http_listener(x), ":") + 1));
}

static void route(struct network *n, struct http_exchange *x, struct answer *a)
{
	struct str path = http_path(x), prefix = STR("/posts/");
	for (size_t i = 0; i < n->hosts_n; i++) {
		struct host *host = &n->hosts[i];
		if (!is_at(host, x)) {
			continue;
		}
		if (str_eq_c(path, host->story->path)) {
			decide(n, host, x, a);
			return;
		}
		if (str_starts(path, prefix) &&
			post_page(n, host->story, str_n(path.p + prefix.n, path.n - prefix.n), a)) {
			return;
		}
	}
	a->status = 404;
	buf_add_c(&a->body, "nothing here\n");
}

static void serve(void *ctx, struct http_exchange *x)
{
	struct network *n = ctx;
	struct answer a = {0};

	buf_init(&a.body, DOCUMENT_MAX);
	pthread_mutex_lock(&n->lock);
	route(n, x, &a);
	pthread_mutex_unlock(&n->lock);
	headers(x, &a);
	if (a.delay_ms == 0 || !put_off(n, x, &a)) {
		http_answer(x, a.status, buf_str(&a.body));
	}
	buf_release(&a.body);
}

/* ---- life ---- */

/* One listener an address; hosts at the same one share it. */
static int open_hosts(struct network *n, int port, struct hark_err *err)
{
	for (size_t i = 0; i < n->hosts_n; i++) {
		struct host *h = &n->hosts[i];
		const char *address = n->story->hosts[i].at;
		char at[64];
		h->story = &n->story->hosts[i];
		for (size_t k = 0; k < i && h->base[0] == '\0'; k++) {
			if (strcmp(n->story->hosts[k].at, address) == 0) {
				memcpy(h->base, n->hosts[k].base, sizeof(h->base));
			}
		}
		if (h->base[0] != '\0') {
			continue;
		}
		snprintf(at, sizeof(at), "%s:%d", address, port);
		int got = http_server_listen(n->server, at, err);
		if (got < 0) {
			return got;
		}
		pthread_mutex_lock(&n->lock);
		snprintf(h->base, sizeof(h->base), "http://%s:%d", address, got);
		pthread_mutex_unlock(&n->lock);
	}
	return HARK_OK;
}

static int start_timer(struct network *n, struct hark_err *err)
{
	waiting_init(&n->changed);
	int rc = pthread_create(&n->timer, NULL, run_timer, n);
	n->timer_runs = rc == 0;
	return rc == 0 ? HARK_OK : hark_err_errno(err, HARK_EIO, rc, "cannot start a thread");
}

int network_new(struct network **out, const struct story *story, int port, struct hark_err *err)
{
	struct network *n = calloc(1, sizeof(*n));
	if (n != NULL) {
		n->hosts = calloc(story->hosts_n, sizeof(*n->hosts));
	}
	if (n == NULL || n->hosts == NULL) {
		free(n);
		return hark_err_set(err, HARK_ENOMEM, "no memory for the mock network");
	}
	n->story = story;
	n->hosts_n = story->hosts_n;
	n->started_ms = clock_wall_ms();
	pthread_mutex_init(&n->lock, NULL);
	struct http_options options = {.handler = serve, .ctx = n};
	n->server = http_server_new(&options, err);
	int rc = n->server != NULL ? start_timer(n, err) : HARK_ENOMEM;
	if (rc == HARK_OK) {
		rc = open_hosts(n, port, err);
	}
	if (rc != HARK_OK) {
		network_free(n);
		return rc;
	}
	*out = n;
	return HARK_OK;
}

void network_free(struct network *n)
{
	if (n == NULL) {
		return;
	}
	if (n->timer_runs) {
		pthread_mutex_lock(&n->lock);
		n->stopping = true;
		pthread_cond_signal(&n->changed);
		pthread_mutex_unlock(&n->lock);
		pthread_join(n->timer, NULL);
		pthread_cond_destroy(&n->changed);
	}
	http_server_free(n->server);
	pthread_mutex_destroy(&n->lock);
	free(n->hosts);
	free(n);
}

const char *network_base(const struct network *n, size_t i)
{
	return n->hosts[i].base;
}

void network_publish(struct network *n, int64_t now_ms)
{
	pthread_mutex_lock(&n->lock);
	n->published = true;
	n->published_ms = now_ms;
	for (size_t i = 0; i < n->hosts_n; i++) {
		n->hosts[i].read = false;
	}
	pthread_mutex_unlock(&n->lock);
}

struct network_counts network_count(struct network *n)
{
	pthread_mutex_lock(&n->lock);
	struct network_counts c = n->counts;
	c.hosts_ready = n->hosts_n;
	for (size_t i = 0; i < n->hosts_n; i++) {
		c.hosts_read += n->hosts[i].read;
	}
	pthread_mutex_unlock(&n->lock);
	return c;
}

bool network_is_read(struct network *n)
{
	struct network_counts c = network_count(n);
	return c.hosts_read == c.hosts_ready;
}
