#include "monitor/pipeline/recheck.h"

#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/base/clock.h"
#include "monitor/base/log.h"
#include "monitor/fetch/robots.h"
#include "monitor/fetch/url.h"
#include "monitor/pipeline/emit_gone.h"
#include "monitor/pipeline/recheck_due.h"
#include "monitor/store/rechecks.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#define TURN_MS 60000    /* between two looks for what is due, */
#define LOOKS_MAX 8      /* of which so many are on their way at a time */
#define SIGNALS_MAX 2000 /* looked through in a turn */
#define LEASE_MS (INT64_C(3600) * 1000)
#define PAUSED_MS (INT64_C(3600) * 1000) /* until it is looked whether a source is so still */
#define BODY_MAX (1u << 20)
#define REDIRECTS_MAX 5
#define ORIGIN_MAX 600

/* A link on its way: to the site's robots.txt if that is not known, then to the page. */
struct look {
	struct look *next;
	struct recheck *r;
	int64_t post, seen_ms, gone_ms, spacing_ms;
	bool internal;
	char *url, *source, *origin; /* owned */
	char *etag, *last_modified;  /* owned; of the page as it was last, or is now; NULL: none */
	struct buf robots;
	bool robots_read; /* just now */
	bool no_robots;   /* they could not be had */
	enum recheck_answer answer;
	int status;
	int64_t retry_ms;
};

struct recheck {
	struct recheck_options options;
	pthread_mutex_t lock; /* guards what follows */
	struct look *found;
	size_t under_way;

	int64_t next_ms; /* the main thread's; steady clock */
};

struct recheck *recheck_new(const struct recheck_options *options)
{
	struct recheck *r = calloc(1, sizeof(*r));
	if (r != NULL) {
		r->options = *options;
		pthread_mutex_init(&r->lock, NULL);
	}
	return r;
}

static void look_free(struct look *l)
{
	if (l != NULL) {
		buf_release(&l->robots);
		free(l->url);
		free(l->source);
		free(l->origin);
		free(l->etag);
		free(l->last_modified);
		free(l);
	}
}

static void looks_free(struct look *all)
{
	struct look *l, *next;
	LL_FOREACH_SAFE(all, l, next)
	{
		look_free(l);
	}
}

void recheck_free(struct recheck *r)
{
	if (r != NULL) {
		looks_free(r->found);
		pthread_mutex_destroy(&r->lock);
		free(r);
	}
}

/* --- on its way, on the fetch thread --- */

/* `is_found` false: the answer never came because the program stops. */
static void finish(struct look *l, bool is_found)
{
	struct recheck *r = l->r;
	pthread_mutex_lock(&r->lock);
	r->under_way--;
	if (is_found) {
		LL_PREPEND(r->found, l);
	}
	pthread_mutex_unlock(&r->lock);
	if (is_found) {
		r->options.wake(r->options.ctx);
	} else {
		look_free(l);
	}
}

static void on_page(void *user, struct fetch_reply *reply);

static void submit(struct look *l, const char *url, size_t max_bytes, fetch_done_fn done)
{
	const struct fetch_request request = {
		.url = url,
		.etag = done == on_page ? l->etag : NULL,
		.last_modified = done == on_page ? l->last_modified : NULL,
		.max_bytes = max_bytes,
		.spacing_ms = l->spacing_ms,
		.redirects_max = REDIRECTS_MAX,
		/* What may be private is this one origin, and of a page's other host robots.txt is not known. */
		.same_host = l->internal || done == on_page,
		.internal = l->internal,
	};
	if (fetch_submit(l->r->options.fetch, &request, done, l, NULL) != HARK_OK) {
		finish(l, true); /* as it is: nothing was learned */
	}
}

/* Nothing is learned from it: the site is in trouble, or has had enough for now. */
static bool is_trouble(int status)
{
	return status == 429 || status >= 500;
}

static void replace(char **old, char **by)
{
	free(*old);
	*old = *by;
	*by = NULL;
}

static void on_page(void *user, struct fetch_reply *reply)
{
	struct look *l = user;
	bool stops = reply->rc == HARK_EPIPE;
	if (reply->rc == HARK_OK || reply->status > 0) {
		l->status = reply->status;
		l->answer = l->status == 404 || l->status == 410 ? RECHECK_GONE
			    : is_trouble(l->status)              ? RECHECK_SILENT
								 : RECHECK_THERE;
		l->retry_ms = reply->retry_after_ms;
		if (l->status == 200) {
			replace(&l->etag, &reply->etag);
			replace(&l->last_modified, &reply->last_modified);
		}
	} else if (reply->rc != HARK_ENET) {
		l->answer = RECHECK_THERE; /* too large, or where we may not look */
	}
	fetch_reply_free(reply);
	finish(l, !stops);
}

static void ask_page(struct look *l)
{
	struct buf host, target;
	buf_init(&host, URL_MAX);
	buf_init(&target, URL_MAX);
	bool allowed = url_request(&host, &target, l->url) &&
		       robots_allow(buf_str(&l->robots), STR("hark"), buf_str(&target));
	buf_release(&host);
	buf_release(&target);
	if (allowed) {
		submit(l, l->url, BODY_MAX, on_page);
	} else {
		l->answer = RECHECK_THERE;
		finish(l, true);
	}
}

static void on_robots(void *user, struct fetch_reply *reply)
{
	struct look *l = user;
	if (reply->rc == HARK_EPIPE) {
		fetch_reply_free(reply);
		finish(l, false);
		return;
	}
	int status = reply->rc == HARK_OK ? reply->status : 0;
	if (reply->rc == HARK_ENET || is_trouble(status)) { /* the site rests */
		l->no_robots = true;
		l->retry_ms = reply->retry_after_ms;
		fetch_reply_free(reply);
		finish(l, true);
		return;
	}
	l->robots_read = true;
	buf_add_str(&l->robots, robots_of(status, buf_str(&reply->body)));
	fetch_reply_free(reply);
	ask_page(l);
}

static void start(struct look *l)
{
	struct buf url;
	buf_init(&url, ORIGIN_MAX);
	buf_printf(&url, "%s/robots.txt", l->origin);
	if (l->robots_read) {
		l->robots_read = false; /* it is stored */
		ask_page(l);
	} else {
		submit(l, buf_c(&url), ROBOTS_MAX, on_robots);
	}
	buf_release(&url);
}

/* --- a turn, on the writer's thread while the main one waits --- */

struct turn {
	struct recheck *r;
	const struct conf *conf;
	struct look *found;   /* to be stored */
	struct look *started; /* to be fetched */
	size_t room;
	size_t deleted;
	struct arena arena;
};

static void store_look(struct store *s, struct turn *t, struct look *l, int64_t now_ms)
{
	struct emit_counts counts = {0};
	int64_t due_ms = 0;
	char why[120];
	if (l->robots_read) {
		store_robots_save(s, str_c(l->origin), buf_str(&l->robots), now_ms);
	}
	switch (recheck_next(l->answer, l->seen_ms, now_ms, &l->gone_ms, &due_ms)) {
	case RECHECK_LATER:
		store_recheck_later(s, l->post, due_ms, l->gone_ms);
		store_recheck_validators(s, l->post, str_c(l->etag), str_c(l->last_modified));
		break;
	case RECHECK_DELETE:
		snprintf(why, sizeof(why), "its page is gone: HTTP %d, twice and hours apart",
			l->status);
		emit_post_gone(s, l->post, why, now_ms, &counts);
		t->deleted += counts.posts_deleted;
		store_recheck_over(s, l->post);
		break;
	case RECHECK_OVER:
		store_recheck_over(s, l->post);
		break;
	}
	int64_t rest_ms = l->no_robots || l->status == 429 || l->status == 503 ? l->retry_ms : 0;
	if (l->no_robots && rest_ms < RECHECK_DAY_MS) { /* for all its links the same would come */
		rest_ms = RECHECK_DAY_MS;
	}
	if (rest_ms > 0) {
		store_rechecks_rest(s, str_c(l->origin), now_ms + rest_ms);
	}
}

static void watch_new(struct store *s, struct turn *t, int64_t now_ms)
{
	struct recheck_row *rows;
	size_t n;
	store_rechecks_new(s, SIGNALS_MAX, &t->arena, &rows, &n);
	for (size_t i = 0; i < n; i++) {
		struct buf origin;
		buf_init(&origin, ORIGIN_MAX);
		const char *url = arena_c(&t->arena, rows[i].url);
		if (url != NULL && url_origin(&origin, url, NULL) == HARK_OK) {
			store_recheck_add(s, rows[i].post, buf_str(&origin),
				recheck_first_ms(rows[i].seen_ms, now_ms));
		}
		buf_release(&origin);
	}
}

static const struct conf_source *source_of(const struct conf *conf, struct str name)
{
	for (size_t i = 0; i < conf->sources_n; i++) {
		if (str_eq_c(name, conf->sources[i].name)) {
			return &conf->sources[i];
		}
	}
	return NULL;
}

/* Streams tell of deletions themselves; what is pushed, read from files or private has no public page. */
static bool has_pages(const struct conf_source *source)
{
	const struct hark_connector *c = connector_find(source->connector);
	const struct definition *d = c != NULL ? connector_definition(c) : NULL;
	bool is_page = d != NULL ? !d->stream.present && !d->is_private && !d->is_profile
				 : strcmp(source->connector, "feed") == 0;
	return is_page && source->visibility == CONF_PUBLIC;
}

static bool is_own_origin(const struct recheck_row *row, struct arena *arena)
{
	struct buf origin;
	buf_init(&origin, ORIGIN_MAX);
	const char *asked = arena_c(arena, row->asked);
	bool same = asked != NULL && url_origin(&origin, asked, NULL) == HARK_OK &&
		    str_eq(buf_str(&origin), row->origin);
	buf_release(&origin);
	return same;
}

static char *copy_of(struct str s)
{
	return strndup(s.p, s.n);
}

/* NULL: no memory. */
static struct look *look_new(
	struct turn *t, const struct recheck_row *row, const struct conf_source *source)
{
	struct look *l = calloc(1, sizeof(*l));
	if (l == NULL) {
		return NULL;
	}
	buf_init(&l->robots, ROBOTS_MAX);
	l->r = t->r;
	l->post = row->post;
	l->seen_ms = row->seen_ms;
	l->gone_ms = row->gone_ms;
	l->answer = RECHECK_SILENT;
	l->internal = source->internal && is_own_origin(row, &t->arena);
	l->spacing_ms = l->internal ? source->spacing_ms : t->conf->http_spacing_ms;
	l->url = copy_of(row->url);
	l->source = copy_of(row->source);
	l->origin = copy_of(row->origin);
	l->etag = row->etag.p != NULL ? copy_of(row->etag)
				      : NULL; /* without memory all is asked for */
	l->last_modified = row->last_modified.p != NULL ? copy_of(row->last_modified) : NULL;
	l->robots_read = row->robots.p != NULL;
	if (row->robots.p != NULL) {
		buf_add_str(&l->robots, row->robots);
	}
	if (l->url == NULL || l->source == NULL || l->origin == NULL || l->robots.rc != HARK_OK) {
		look_free(l);
		return NULL;
	}
	return l;
}

/* Until when nothing of the source is asked for; 0: it may be. */
static int64_t held_until(
	const struct recheck_row *row, const struct conf_source *source, int64_t now_ms)
{
	if (row->is_paused || source->paused) {
		return now_ms + PAUSED_MS;
	}
	int64_t opens = hours_next_ms(source->hours, now_ms);
	int64_t at = opens > row->retry_ms ? opens : row->retry_ms;
	return at > now_ms ? at : 0;
}

static void take_due(struct store *s, struct turn *t, int64_t now_ms)
{
	struct recheck_row *rows;
	size_t n;
	store_rechecks_due(s, now_ms, now_ms - RECHECK_DAY_MS, t->room, &t->arena, &rows, &n);
	for (size_t i = 0; i < n; i++) {
		const struct conf_source *source = source_of(t->conf, rows[i].source);
		if (!rows[i].is_needed || source == NULL || !has_pages(source)) {
			store_recheck_over(s, rows[i].post);
			continue;
		}
		int64_t held_ms = held_until(&rows[i], source, now_ms);
		if (held_ms > 0) {
			store_rechecks_hold(s, rows[i].source, held_ms);
			continue;
		}
		store_recheck_later(s, rows[i].post, now_ms + LEASE_MS, rows[i].gone_ms);
		struct look *l = look_new(t, &rows[i], source);
		if (l != NULL) { /* else it is due again in an hour */
			LL_PREPEND(t->started, l);
		}
	}
}

static int save(struct store *s, void *arg, struct hark_err *err)
{
	struct turn *t = arg;
	struct look *l;
	int64_t now_ms = clock_wall_ms();
	(void)err; /* a failure is the transaction's */
	LL_FOREACH (t->found, l) {
		store_look(s, t, l, now_ms);
	}
	if (t->room > 0) {
		store_robots_purge(s, now_ms - RECHECK_DAY_MS);
		watch_new(s, t, now_ms);
		take_due(s, t, now_ms);
	}
	return HARK_OK;
}

void recheck_turn(struct recheck *r, const struct conf *conf)
{
	struct hark_err err = {0};
	struct turn t = {.r = r, .conf = conf};
	int64_t now = clock_steady_ms();
	pthread_mutex_lock(&r->lock);
	t.found = r->found;
	r->found = NULL;
	if (conf->privacy_recheck && now >= r->next_ms) {
		t.room = LOOKS_MAX - r->under_way;
		r->next_ms = now + TURN_MS;
	}
	pthread_mutex_unlock(&r->lock);
	if (t.found == NULL && t.room == 0) {
		return;
	}
	arena_init(&t.arena, 0);
	int rc = r->options.write(r->options.ctx, save, &t, &err);
	arena_release(&t.arena);
	looks_free(t.found);
	if (rc != HARK_OK) {
		log_warn("links were not looked at again, trying later: %s", err.text);
		looks_free(t.started);
		return;
	}
	if (t.deleted > 0) {
		log_info("%zu post%s deleted: the page is gone", t.deleted,
			t.deleted == 1 ? "" : "s");
	}
	struct look *l, *next;
	LL_FOREACH_SAFE(t.started, l, next)
	{
		pthread_mutex_lock(&r->lock);
		r->under_way++;
		pthread_mutex_unlock(&r->lock);
		start(l);
	}
}
