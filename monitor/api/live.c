#include "monitor/api/live.h"

#include "monitor/api/api_in.h"
#include "monitor/base/clock.h"
#include "monitor/base/log.h"
#include "monitor/base/waiting.h"
#include "monitor/model/id.h"
#include "monitor/store/happened.h"
#include "monitor/store/sources.h"
#include "monitor/store/users.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#define LOOK_MS 500
#define QUIET_MS 15000           /* a comment says that hark is there */
#define LIFE_MS (15 * 60 * 1000) /* of a stream: who may watch is asked anew, as any request is */
#define ASK_MS 2000              /* whether what they came with is still in force */
#define WATCHERS_MAX 100
#define BUFFER_MAX (256u << 10)
#define EVENTS_MAX 500 /* at one look */

struct watcher {
	struct http_stream *stream; /* a count of it */
	struct pass pass;
	struct principal who; /* with its name in `name` */
	char name[USER_NAME_MAX + 1];
	int64_t seen;                      /* the last event */
	int64_t end_ms, told_ms, asked_ms; /* steady clock; asked: the thread's, without the lock */
	bool is_over;                      /* the same */
	struct watcher *prev, *next;
};

/* What is told at one look: events of leads, and sources that stand otherwise than at the look before. */
struct news {
	struct happened *leads;
	size_t leads_n;
	struct source_glance **sources;
	size_t sources_n;
};

struct live {
	const char *store_url;
	pthread_t thread;
	/* of the thread: how the sources stood at the last look */
	struct arena stood_arena;
	struct source_glance *stood;
	size_t stood_n;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	struct watcher *watchers;
	size_t watchers_n;
	bool stopping;
};

static void let_go(struct live *live, struct watcher *w)
{
	DL_DELETE(live->watchers, w);
	live->watchers_n--;
	http_stream_end(w->stream);
	free(w);
}

static void write_lead(struct buf *out, const struct happened *h)
{
	struct jsonout j;
	char id[ID_TEXT_MAX];
	buf_printf(out, "id: %lld\nevent: lead\ndata: ", (long long)h->id);
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "lead", id_text(ID_LEAD, h->lead, id));
	jsonout_key_str(&j, "action", h->action);
	jsonout_key_str(&j, "actor", h->actor);
	jsonout_key_str(&j, "state", h->state);
	jsonout_key_str(&j, "kind", h->kind);
	jsonout_key_i64(&j, "score", h->score);
	jsonout_key_i64(&j, "version", h->version);
	jsonout_key_time(&j, "at", h->at_ms);
	jsonout_end_object(&j);
	buf_add_c(out, "\n\n");
}

/* Without an id: whoever comes back asks for the sources anew. */
static void write_source(struct buf *out, const struct source_glance *g)
{
	struct jsonout j;
	buf_add_c(out, "event: source\ndata: ");
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_str(&j, "source", g->name);
	jsonout_key_time(&j, "polled", g->polled_ms);
	jsonout_key_time(&j, "changed", g->changed_ms);
	jsonout_key_time(&j, "due", g->due_ms);
	jsonout_key_i64(&j, "posts", g->posts);
	jsonout_key_i64(&j, "failures", g->failures);
	jsonout_key_bool(&j, "paused", g->paused);
	jsonout_end_object(&j);
	buf_add_c(out, "\n\n");
}

/* What one may see of it, or now and then that there is nothing. False: it is to be let go. */
static bool tell(struct watcher *w, const struct news *news, int64_t now_ms)
{
	const struct happened *v = news->leads;
	const size_t n = news->leads_n;
	struct buf text;
	buf_init(&text, BUFFER_MAX);
	for (size_t i = 0; i < n; i++) {
		if (v[i].id > w->seen && role_sees(w->who.role, v[i].visibility)) {
			write_lead(&text, &v[i]);
		}
	}
	if (n > 0 && v[n - 1].id > w->seen) {
		w->seen = v[n - 1].id;
	}
	for (size_t i = 0; i < news->sources_n; i++) {
		write_source(&text, news->sources[i]);
	}
	if (text.n == 0 && now_ms - w->told_ms >= QUIET_MS) {
		buf_add_c(&text, ":\n\n");
	}
	bool is_there = text.rc == HARK_OK && now_ms < w->end_ms && !w->is_over;
	if (is_there && text.n > 0) {
		w->told_ms = now_ms;
		is_there = http_stream_write(w->stream, buf_str(&text)) == HARK_OK;
	}
	buf_release(&text);
	return is_there;
}

/* With the lock held. */
static int64_t oldest_seen(const struct live *live)
{
	const struct watcher *w;
	int64_t oldest = INT64_MAX;
	DL_FOREACH (live->watchers, w) {
		oldest = w->seen < oldest ? w->seen : oldest;
	}
	return oldest;
}

static void tell_all(struct live *live, const struct news *news)
{
	int64_t now = clock_steady_ms();
	struct watcher *w, *next;
	pthread_mutex_lock(&live->lock);
	DL_FOREACH_SAFE(live->watchers, w, next)
	{
		if (!tell(w, news, now)) {
			let_go(live, w);
		}
	}
	pthread_mutex_unlock(&live->lock);
}

/* Waits until it is time to look. False: the end. */
static bool wait_turn(struct live *live, int64_t *after)
{
	struct timespec until = waiting_until(LOOK_MS);
	pthread_mutex_lock(&live->lock);
	if (live->watchers != NULL && !live->stopping) {
		pthread_cond_timedwait(&live->changed, &live->lock, &until);
	}
	while (live->watchers == NULL && !live->stopping) {
		pthread_cond_wait(&live->changed, &live->lock);
	}
	*after = oldest_seen(live);
	bool goes_on = !live->stopping;
	pthread_mutex_unlock(&live->lock);
	return goes_on;
}

/* Those of `now` that were not so at the last look; at the first, all, so that nothing is missed by a reader that asked
 * before. More than EVENTS_MAX at once wait for the next look: their old marks stay. */
static void compare(const struct live *live, struct source_glance *now, size_t n, struct arena *arena,
	struct news *news)
{
	size_t at = 0;
	news->sources = arena_alloc(arena, EVENTS_MAX * sizeof(*news->sources));
	for (size_t i = 0; i < n && news->sources != NULL; i++) {
		while (at < live->stood_n && live->stood[at].id < now[i].id) {
			at++;
		}
		bool is_known = at < live->stood_n && live->stood[at].id == now[i].id;
		if (is_known && live->stood[at].mark == now[i].mark) {
			continue;
		}
		if (news->sources_n < EVENTS_MAX) {
			news->sources[news->sources_n++] = &now[i];
		} else {
			now[i].mark = is_known ? live->stood[at].mark : 0;
		}
	}
}

/* Only the thread lets go of any, so that they may be looked at without the lock. */
static void ask_anew(struct live *live, struct store *s)
{
	struct watcher *all[WATCHERS_MAX], *w;
	size_t n = 0;
	int64_t now = clock_steady_ms();
	pthread_mutex_lock(&live->lock);
	DL_FOREACH (live->watchers, w) {
		all[n++] = w;
	}
	pthread_mutex_unlock(&live->lock);
	for (size_t i = 0; i < n; i++) {
		if (now - all[i]->asked_ms >= ASK_MS) {
			all[i]->asked_ms = now;
			all[i]->is_over =
				!auth_stands(s, &all[i]->pass, &all[i]->who, clock_wall_ms());
		}
	}
}

static void look(struct live *live, struct store *s, int64_t after)
{
	struct arena arena, now_arena;
	struct hark_err err = {0};
	struct news news = {0};
	struct source_glance *now = NULL;
	size_t n = 0;
	arena_init(&arena, 0);
	arena_init(&now_arena, 0);
	int rc = store_happened_after(
		s, after, EVENTS_MAX, &arena, &news.leads, &news.leads_n, &err);
	if (rc == HARK_OK) {
		rc = store_source_glance(s, &now_arena, &now, &n, &err);
	}
	if (rc == HARK_OK) {
		compare(live, now, n, &arena, &news);
	} else {
		log_warn("those who watch are not told what happens: %s", err.text);
		news.leads_n = 0;
	}
	tell_all(live, &news);
	if (rc == HARK_OK) {
		arena_release(&live->stood_arena);
		live->stood_arena = now_arena;
		live->stood = now;
		live->stood_n = n;
	} else {
		arena_release(&now_arena);
	}
	arena_release(&arena);
}

static void *run(void *arg)
{
	struct live *live = arg;
	struct store *s = NULL;
	struct hark_err err = {0};
	int64_t after;
	while (wait_turn(live, &after)) {
		if (s == NULL &&
			store_open(&s, live->store_url, STORE_READ_ONLY, &err) != HARK_OK) {
			log_warn("those who watch are not told what happens: %s", err.text);
		}
		if (s != NULL) {
			ask_anew(live, s);
			look(live, s, after);
		}
	}
	store_close(s);
	arena_release(&live->stood_arena);
	return NULL;
}

/* ---- on the API's threads ---- */

/* Where it goes on: after the event the reader names, else from now. False: answered. */
static bool read_start(struct call *c, int64_t *seen)
{
	struct str last = http_request_header(c->x, "Last-Event-ID");
	int64_t newest = store_happened_last(c->store);
	if (last.p == NULL) {
		*seen = newest;
		return true;
	}
	if (str_i64(last, seen) && *seen >= 0) {
		/* A later one is of another store, as before a restore: waiting for it would mute everything until then. */
		*seen = *seen < newest ? *seen : newest;
		return true;
	}
	call_refuse(c, 400, "Last-Event-ID is the id of an event");
	return false;
}

/* False: there are too many. */
static bool add(struct live *live, struct watcher *w)
{
	pthread_mutex_lock(&live->lock);
	bool has_room = live->watchers_n < WATCHERS_MAX && !live->stopping;
	if (has_room) {
		DL_APPEND(live->watchers, w);
		live->watchers_n++;
		pthread_cond_signal(&live->changed);
	}
	pthread_mutex_unlock(&live->lock);
	return has_room;
}

void live_watch(struct live *live, struct call *c)
{
	int64_t now = clock_steady_ms(), seen;
	if (!read_start(c, &seen)) {
		return;
	}
	struct watcher *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		call_refuse(c, 503, "no memory for one more who watches");
		return;
	}
	*w = (struct watcher){.pass = c->pass,
		.who = c->who,
		.seen = seen,
		.end_ms = now + LIFE_MS,
		.told_ms = now,
		.asked_ms = now};
	snprintf(w->name, sizeof(w->name), "%.*s", STR_FMT(c->who.name));
	w->who.name = str_c(w->name);
	http_header(c->x, "Content-Type", "text/event-stream");
	http_header(c->x, "Cache-Control", "no-store");
	w->stream = http_stream(c->x, 200, BUFFER_MAX);
	if (w->stream == NULL) {
		free(w);
		return;
	}
	http_stream_write(w->stream, STR(": hark\nretry: 2000\n\n"));
	if (!add(live, w)) { /* the reader comes back later */
		http_stream_end(w->stream);
		free(w);
	}
}

struct live *live_new(const char *store_url)
{
	struct live *live = calloc(1, sizeof(*live));
	if (live == NULL) {
		return NULL;
	}
	live->store_url = store_url;
	arena_init(&live->stood_arena, 0);
	pthread_mutex_init(&live->lock, NULL);
	waiting_init(&live->changed);
	if (pthread_create(&live->thread, NULL, run, live) != 0) {
		pthread_cond_destroy(&live->changed);
		pthread_mutex_destroy(&live->lock);
		free(live);
		return NULL;
	}
	pthread_setname_np(live->thread, "hark-live");
	return live;
}

void live_stop(struct live *live)
{
	if (live == NULL) {
		return;
	}
	pthread_mutex_lock(&live->lock);
	live->stopping = true;
	pthread_cond_signal(&live->changed);
	pthread_mutex_unlock(&live->lock);
	pthread_join(live->thread, NULL);
	while (live->watchers != NULL) {
		let_go(live, live->watchers);
	}
	pthread_cond_destroy(&live->changed);
	pthread_mutex_destroy(&live->lock);
	free(live);
}
