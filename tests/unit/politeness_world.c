#include "tests/unit/politeness_world.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/host.h"
#include "monitor/fetch/url.h"
#include "monitor/pipeline/budget.h"
#include "monitor/pipeline/emit.h"
#include "monitor/pipeline/recheck.h"
#include "monitor/pipeline/scheduler.h"
#include "monitor/pipeline/websub.h"
#include "monitor/store/driver.h"
#include "monitor/store/rates.h"
#include "monitor/store/sources.h"

#define STEADY_MS (12345 * 1000LL) /* the steady clock has its own beginning */
#define JOBS 512
#define FLIGHTS 1024
#define LATENCY_MS 150
#define HUB_TURN_MS 60000
#define RECHECK_TURN_MS 60000

/* A request between fetch_submit() and its answer. */
struct flight_sim {
	struct host_item item; /* first: hosts give it back */
	struct flight_sim *next;
	struct page *page;
	char *etag, *modified;
	char *form; /* what a hub is sent */
	bool keep_headers;
	char *moved_to; /* all hops here are permanent */
	int64_t arrives_ms;
	fetch_done_fn done;
	void *user;
};

static struct {
	int64_t now_ms; /* wall clock */
	struct world *world;
	struct hosts *hosts;
	struct flight_sim *under_way;
	bool awake;
	struct scheduler *scheduler;
	struct queue *jobs;
	struct store *store;
	struct setup *setup;
	struct websub *websub; /* NULL: nothing here can be called */
	int64_t looked_ms;
	int64_t rested_ms;       /* leads have come to rest on all posts there were then */
	struct recheck *recheck; /* NULL: nothing is looked at again */
	struct rng rng;
} sim;

int64_t __wrap_clock_wall_ms(void);
int64_t __wrap_clock_steady_ms(void);
void __wrap_fetch_wake(struct fetch *f);
int __wrap_fetch_submit(struct fetch *f, const struct fetch_request *request, fetch_done_fn done,
	void *user, struct hark_err *err);

int64_t __wrap_clock_wall_ms(void)
{
	return sim.now_ms;
}

int64_t __wrap_clock_steady_ms(void)
{
	return sim.now_ms - WORLD_START_MS + STEADY_MS;
}

void __wrap_fetch_wake(struct fetch *f)
{
	(void)f;
	sim.awake = true;
}

/* Stand in for the C library's: in this world no power fails, and hundreds of thousands of commits would
 * wait for a real disk. */
int fsync(int fd)
{
	(void)fd;
	return 0;
}

int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

/* The validator, which a connector of many pages sends by itself. */
static const char *validator(const struct fetch_request *request)
{
	for (size_t i = 0; request->etag == NULL && i < request->headers_n; i++) {
		if (strcmp(request->headers[i].name, "If-None-Match") == 0) {
			return request->headers[i].value;
		}
	}
	return request->etag;
}

static char *copy_of(const char *text)
{
	return text != NULL ? strdup(text) : NULL;
}

static struct page *page_at(const char *url)
{
	for (size_t i = 0; i < sim.world->pages_n; i++) {
		if (strcmp(sim.world->pages[i].url, url) == 0) {
			return &sim.world->pages[i];
		}
	}
	struct page *made = sim.world->make != NULL ? sim.world->make(sim.world, url) : NULL;
	if (made != NULL) {
		return made;
	}
	fail_msg("nobody serves %s", url);
	return NULL;
}

/* Waits in the line of its host, as in fetch. */
static void stand_in_line(struct flight_sim *f, const char *url)
{
	struct buf key, folder;
	buf_init(&key, 512);
	buf_init(&folder, 512);
	f->page = page_at(url);
	assert_int_equal(f->page->is_mailbox ? url_mailbox(&key, &folder, url, NULL)
					     : url_origin(&key, url, NULL),
		HARK_OK);
	buf_release(&folder);
	assert_int_equal(
		hosts_add(sim.hosts, buf_str(&key), &f->item, __wrap_clock_steady_ms()), HARK_OK);
	buf_release(&key);
}

int __wrap_fetch_submit(struct fetch *f, const struct fetch_request *request, fetch_done_fn done,
	void *user, struct hark_err *err)
{
	(void)f;
	(void)err;
	struct flight_sim *flight = calloc(1, sizeof(*flight));
	*flight = (struct flight_sim){.item = {.spacing_ms = request->spacing_ms},
		.etag = copy_of(validator(request)),
		.modified = copy_of(request->last_modified),
		.form = request->body.p != NULL ? strndup(request->body.p, request->body.n) : NULL,
		.keep_headers = request->keep_headers,
		.done = done,
		.user = user};
	stand_in_line(flight, request->url);
	return HARK_OK;
}

/* --- the peers --- */

static int64_t since_start(void)
{
	return sim.now_ms - WORLD_START_MS;
}

static bool is_between(int64_t from_ms, int64_t to_ms)
{
	return since_start() >= from_ms && since_start() < to_ms;
}

/* Changes when an item is added, and with the hour it was. */
long world_version(const struct page *p)
{
	return p->change_ms > 0 ? (long)(since_start() / p->change_ms) : 0;
}

static void write_body(const struct page *p, struct buf *out)
{
	long v = world_version(p);
	if (p->write != NULL) {
		p->write(p, out);
		return;
	}
	if (p->is_json) {
		buf_printf(out, "{\"items\":[{\"id\":\"%ld\",\"text\":\"item %ld\"}]}", v, v);
		return;
	}
	buf_printf(out, "<rss version=\"2.0\"><channel><title>t</title>");
	if (p->ttl_min > 0) {
		buf_printf(out, "<ttl>%d</ttl>", p->ttl_min);
	}
	buf_printf(out, "<item><guid>%s#%ld</guid><title>item %ld</title></item></channel></rss>",
		p->url, v, v);
}

static void add_header(struct fetch_reply *r, const char *name, long long value)
{
	buf_printf(&r->headers, "%s%c%lld%c", name, 0, value, 0);
	r->headers_n++;
}

/* Counts the request; false: none is left in this window. */
static bool count_down(struct page *p, struct fetch_reply *r, bool keep_headers)
{
	struct peer_limit *l = p->limit;
	if (l == NULL) {
		return true;
	}
	if (sim.now_ms - l->window_ms >= l->per_ms) {
		l->window_ms = sim.now_ms - sim.now_ms % l->per_ms;
		l->used = 0;
	}
	bool left = l->used < l->n;
	l->used += left;
	/* rounded up: an epoch in seconds must not be before the window's end */
	int64_t end_s = (l->window_ms + l->per_ms + 999) / 1000;
	if (keep_headers) {
		add_header(r, "X-Remaining", l->n - l->used);
		add_header(r, "X-Reset", end_s);
	}
	if (l->used == l->n) {
		p->score.quota->held_ms = end_s * 1000;
	}
	return left;
}

static bool matches(const char *sent, const char *mine, bool none)
{
	return !none && sent != NULL && strcmp(sent, mine) == 0;
}

static int status_of(struct page *p, struct fetch_reply *r, const struct flight_sim *f,
	const char *etag, const char *modified)
{
	if (!count_down(p, r, f->keep_headers)) {
		return 429;
	}
	if (p->status != 0 && is_between(p->bad_from_ms, p->bad_to_ms)) {
		return p->status;
	}
	if (p->moved_to != NULL && since_start() >= p->moved_from_ms) {
		return 301;
	}
	if (matches(f->etag, etag, p->no_etag) || matches(f->modified, modified, p->no_modified)) {
		return 304;
	}
	return p->said != 0 ? p->said : 200;
}

/* A folder that has no mail. */
static void write_mailbox(struct fetch_reply *r)
{
	static const char *const lines[] = {"Place", "7 41", "Left", "0"};
	for (size_t i = 0; i < 4; i++) {
		buf_add(&r->headers, lines[i], strlen(lines[i]) + 1);
	}
	r->headers_n += 2;
}

/* True: the answer is complete, not a redirect to be followed. */
static bool serve(struct flight_sim *f, struct fetch_reply *r)
{
	struct page *p = f->page;
	char etag[64], modified[64];
	bool fails = is_between(sim.world->offline_from_ms, sim.world->offline_to_ms);
	snprintf(etag, sizeof(etag), "W/\"%ld\"", world_version(p));
	snprintf(modified, sizeof(modified), "Tue, %02ld Sep 2026 10:00:00 GMT",
		world_version(p) % 28 + 1);
	r->url = strdup(p->url);
	r->received_ms = sim.now_ms;
	buf_init(&r->body, 1 << 16);
	buf_init(&r->headers, 1 << 16);
	r->rc = fails ? HARK_ENET : HARK_OK;
	r->network = fails;
	r->status = fails ? 0 : status_of(p, r, f, etag, modified);
	if (fails) {
		snprintf(r->error, sizeof(r->error), "no such host");
	} else if (r->status == 200 && p->is_mailbox) {
		write_mailbox(r);
	} else if (r->status == 200) {
		write_body(p, &r->body);
	}
	bool with = !p->is_mailbox && (r->status == 200 || r->status == 304);
	r->max_age_ms = with ? p->max_age_ms : 0;
	r->etag = with && !p->no_etag ? strdup(etag) : NULL;
	r->last_modified = with && !p->no_modified ? strdup(modified) : NULL;
	r->retry_after_ms = r->status >= 400 ? p->retry_after_ms : 0;
	if (f->keep_headers && r->retry_after_ms > 0) {
		add_header(r, "Retry-After", r->retry_after_ms / 1000);
	}
	if (f->keep_headers && r->etag != NULL) {
		buf_printf(&r->headers, "ETag%c%s%c", 0, etag, 0);
		r->headers_n++;
	}
	score_answer(&sim.world->score, &p->score,
		&(struct score_answer){.status = r->status,
			.etag = r->etag,
			.modified = r->last_modified,
			.retry_after_ms = r->retry_after_ms,
			.max_age_ms = r->max_age_ms,
			.ttl_ms = p->ttl_min * 60000LL},
		sim.now_ms);
	return r->status != 301;
}

static void flight_free(struct flight_sim *f)
{
	free(f->etag);
	free(f->modified);
	free(f->form);
	free(f->moved_to);
	free(f);
}

/* The hub that took the request asks back: the callback is an address with the source and the id as its
 * last two parts. */
static void ask_back(struct page *hub, const char *form)
{
	const char *callback = strstr(form, "hub.callback="), *topic = strstr(form, "hub.topic=");
	struct str parts[2];
	char lease[24];
	assert_non_null(callback);
	assert_non_null(topic);
	struct str to = str_n(callback, strcspn(callback, "&"));
	for (size_t i = 0; i < 2; i++) {
		size_t at = to.n;
		while (at > 0 && to.p[at - 1] != '/' &&
			(at < 3 || strncmp(to.p + at - 3, "%2F", 3) != 0)) {
			at--;
		}
		parts[i] = str_n(to.p + at, to.n - at);
		to.n = at > 2 && to.p[at - 1] == 'F' ? at - 3 : at - 1;
	}
	struct buf decoded;
	buf_init(&decoded, 1000);
	for (const char *c = topic + strlen("hub.topic="); *c != '\0' && *c != '&'; c++) {
		buf_add_char(&decoded, *c == '%' ? (char)str_hex(str_n(c, 3), 1) : *c);
		c += *c == '%' ? 2 : 0;
	}
	snprintf(lease, sizeof(lease), "%lld", (long long)(hub->lease_ms / 1000));
	const struct subscription_question q = {.mode = STR("subscribe"),
		.topic = buf_str(&decoded),
		.challenge = STR("c"),
		.lease_seconds = str_c(lease)};
	assert_int_equal(websub_answer(sim.websub, parts[1], parts[0], &q), SUBSCRIPTION_YES);
	score_lease(&hub->score, hub->lease_ms, sim.now_ms);
	sim.world->renewals++;
	buf_release(&decoded);
}

static void arrive(struct flight_sim *f)
{
	struct fetch_reply *r = calloc(1, sizeof(*r));
	bool complete = serve(f, r);
	score_closed(&f->page->score);
	hosts_done(sim.hosts, &f->item, __wrap_clock_steady_ms());
	if (complete) {
		bool is_granted = f->page->lease_ms > 0 && r->status == 202;
		r->moved_to = copy_of(f->moved_to);
		f->done(f->user, r);
		if (is_granted) {
			ask_back(f->page, f->form);
		}
		flight_free(f);
		return;
	}
	fetch_reply_free(r);
	free(f->moved_to);
	f->moved_to = strdup(f->page->moved_to);
	stand_in_line(f, f->page->moved_to);
}

static void set_out(struct flight_sim *f)
{
	score_ask(&sim.world->score, &f->page->score, f->etag, f->modified, sim.now_ms);
	f->arrives_ms = sim.now_ms + LATENCY_MS;
	f->next = sim.under_way;
	sim.under_way = f;
}

/* --- what the threads of the daemon do --- */

static void come_home(struct batch *b)
{
	struct source *src = b->user;
	assert_true(source_take_state(src, &b->state));
	batch_free(b);
	scheduler_return(sim.scheduler, src);
}

static void store_batch(struct batch *b)
{
	struct emit_counts counts = {0};
	struct hark_err err = {0};
	const struct source *src = b->user;
	assert_int_equal(
		emit_batch(sim.store, sim.setup->conf, b, sim.now_ms, &counts, &err), HARK_OK);
	if (b->state.paused && !src->state->paused) {
		assert_int_equal(
			store_source_set_paused(sim.store, b->source, true, &err), HARK_OK);
	}
}

static bool work(void)
{
	struct batch *done[JOBS];
	struct poll_job *job;
	size_t n = 0;
	while (n < JOBS && (job = queue_pop(sim.jobs, 0)) != NULL) {
		const struct conf_source *conf = job->source->conf;
		job->source->subscribed = conf->websub && websub_is_active(sim.websub, conf->name);
		done[n] = poll_batch(job, NULL, sim.now_ms, &sim.rng);
		assert_non_null(done[n++]);
		job->source = NULL;
		poll_job_free(job);
	}
	if (n > 0) {
		store_begin(sim.store, NULL);
	}
	for (size_t i = 0; i < n; i++) {
		store_batch(done[i]);
	}
	if (n > 0) {
		assert_int_equal(store_commit(sim.store, NULL), HARK_OK);
	}
	for (size_t i = 0; i < n; i++) {
		come_home(done[i]);
	}
	sim.world->polls += (long)n;
	return n > 0;
}

static void all_polled(void *ctx)
{
	(void)ctx;
}

static void install(struct world *w)
{
	size_t n = w->conf.sources_n;
	struct source **sources = calloc(n + 1, sizeof(*sources));
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < n; i++) {
		struct hark_err err = {0};
		struct source_state known;
		if (source_new(&sources[i], sim.setup, i, &err) != HARK_OK) {
			fail_msg("%s", err.text);
		}
		if (!w->forgets && store_source_load(sim.store, str_c(w->sources[i].name), &arena,
					   &known, &err) == HARK_OK) {
			free(sources[i]->state);
			sources[i]->state = source_state_pack(&known);
			source_settle_in(sources[i]);
		}
		if (budget_restart(sources[i], sim.now_ms)) {
			store_begin(sim.store, NULL);
			store_source_save_spent(
				sim.store, str_c(w->sources[i].name), sources[i]->state, NULL);
			assert_int_equal(store_commit(sim.store, NULL), HARK_OK);
		}
	}
	arena_release(&arena);
	assert_int_equal(scheduler_install(sim.scheduler, sources, n), HARK_OK);
}

static void restore(void *ctx, const struct rate_fill *fill)
{
	(void)ctx;
	scheduler_restore(sim.scheduler, fill);
}

/* --- hubs --- */

static int write_now(void *ctx, int (*fn)(struct store *s, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err)
{
	(void)ctx;
	store_begin(sim.store, NULL);
	int rc = fn(sim.store, arg, err);
	int stored = store_commit(sim.store, NULL);
	return rc != HARK_OK ? rc : stored;
}

static void wake(void *ctx)
{
	(void)ctx;
	sim.awake = true;
}

static void lost(void *ctx, const char *source)
{
	(void)ctx;
	assert_int_equal(scheduler_poll_plainly(sim.scheduler, source), HARK_OK);
}

static void start_websub(void)
{
	const struct websub_options options = {.write = write_now, .wake = wake, .lost = lost};
	sim.websub = websub_new(&options);
	assert_int_equal(websub_load(sim.websub, sim.store, NULL), HARK_OK);
	for (size_t i = 0; i < sim.world->pages_n; i++) {
		score_restart(&sim.world->pages[i].score);
	}
}

/* Once a minute, as what is due there is not told. Returns when again. */
static int64_t turn_websub(void)
{
	if (sim.websub == NULL) {
		return INT64_MAX;
	}
	if (sim.now_ms >= sim.looked_ms + HUB_TURN_MS) {
		sim.looked_ms = sim.now_ms;
		websub_look(sim.websub);
	}
	websub_turn(sim.websub, sim.setup->conf);
	return sim.looked_ms + HUB_TURN_MS;
}

/* --- links that leads rest on --- */

static const char *const leads_on_all[] = {
	"INSERT INTO leads (id, kind, lead_key, visibility, score, score_max, level, rule, state,"
	" historic, signals, posts, seen_ms, created_ms, updated_ms) VALUES (1, 'k', 'k', 'all', 1, 1,"
	" 'instant', 'r', 'new', 0, 1, 1, 1, 1, 1) ON CONFLICT DO NOTHING",
	"INSERT INTO signals (post, story, lead, rule, kind, level, flags, score, visibility, lead_key,"
	" historic, created_ms) SELECT p.id, p.id, 1, 'r', 'k', 'instant', 0, 1, 'all', 'k', 0, 1"
	" FROM posts p WHERE p.url IS NOT NULL AND NOT EXISTS"
	" (SELECT 1 FROM signals g WHERE g.post = p.id)",
};

static void start_recheck(void)
{
	const struct recheck_options options = {.write = write_now, .wake = wake};
	sim.recheck = recheck_new(&options);
}

static int64_t turn_recheck(void)
{
	if (sim.recheck == NULL) {
		return INT64_MAX;
	}
	if (sim.now_ms < sim.rested_ms + RECHECK_TURN_MS) {
		recheck_turn(sim.recheck, sim.setup->conf); /* what has come */
		return sim.rested_ms + RECHECK_TURN_MS;
	}
	sim.rested_ms = sim.now_ms;
	store_begin(sim.store, NULL);
	for (size_t i = 0; i < sizeof(leads_on_all) / sizeof(leads_on_all[0]); i++) {
		db_run(db_query(store_db(sim.store), leads_on_all[i]));
	}
	assert_int_equal(store_commit(sim.store, NULL), HARK_OK);
	recheck_turn(sim.recheck, sim.setup->conf);
	return sim.now_ms + RECHECK_TURN_MS;
}

static void start(struct world *w)
{
	struct scheduler_options options = {.under_way_max = JOBS, .all_polled = all_polled};
	sim.hosts = hosts_new(1);
	options.jobs = sim.jobs = queue_new(JOBS, NULL);
	sim.scheduler = scheduler_new(&options);
	sim.store = tmpstore_open(w->place, 0);
	if (!w->forgets) {
		assert_int_equal(store_rates_each(sim.store, restore, NULL, NULL), HARK_OK);
	}
	install(w);
	if (w->conf.http_public_url != NULL) {
		start_websub();
	}
	if (w->rechecks) {
		sim.rested_ms = 0;
		start_recheck();
	}
}

/* The process ends as if it had been killed: what is under way is forgotten. */
static void stop(void)
{
	struct flight_sim *f;
	struct host_item *item;
	while ((item = hosts_drain(sim.hosts)) != NULL) {
		((struct flight_sim *)item)->next = sim.under_way;
		sim.under_way = (struct flight_sim *)item;
	}
	while ((f = sim.under_way) != NULL) {
		struct fetch_reply *r = calloc(1, sizeof(*r));
		r->rc = HARK_EPIPE;
		sim.under_way = f->next;
		if (f->arrives_ms != 0) {
			score_closed(&f->page->score);
		}
		f->done(f->user, r);
		flight_free(f);
	}
	websub_free(sim.websub);
	sim.websub = NULL;
	recheck_free(sim.recheck);
	sim.recheck = NULL;
	scheduler_free(sim.scheduler);
	queue_free(sim.jobs);
	hosts_free(sim.hosts);
	store_close(sim.store);
}

/* --- time --- */

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void land(void)
{
	struct flight_sim *due = NULL, **at = &sim.under_way, *f;
	while ((f = *at) != NULL) {
		if (f->arrives_ms > sim.now_ms) {
			at = &f->next;
			continue;
		}
		*at = f->next;
		f->next = due;
		due = f;
	}
	while ((f = due) != NULL) {
		due = f->next;
		f->arrives_ms = 0;
		arrive(f);
	}
}

/* All that happens now; returns when something happens next. */
static int64_t turn(void)
{
	int64_t next_ms, hubs_ms, links_ms;
	struct host_item *item;
	do {
		sim.awake = false;
		land();
		hubs_ms = turn_websub();
		links_ms = turn_recheck();
		next_ms = scheduler_tick(sim.scheduler, __wrap_clock_steady_ms());
		while ((item = hosts_next(sim.hosts, false, __wrap_clock_steady_ms())) != NULL) {
			set_out((struct flight_sim *)item);
		}
	} while (work() || sim.awake || next_ms <= __wrap_clock_steady_ms());
	next_ms = sooner(next_ms, hosts_due(sim.hosts));
	next_ms = next_ms < INT64_MAX / 4 ? next_ms - STEADY_MS + WORLD_START_MS : INT64_MAX;
	next_ms = sooner(sooner(next_ms, hubs_ms), links_ms);
	for (const struct flight_sim *f = sim.under_way; f != NULL; f = f->next) {
		next_ms = sooner(next_ms, f->arrives_ms);
	}
	return next_ms;
}

void world_run(struct world *w, int days)
{
	int64_t end_ms = WORLD_START_MS + days * WORLD_DAY_MS;
	struct setup setup = {.conf = &w->conf};
	atomic_init(&setup.refs, 1);
	sim.world = w;
	sim.now_ms = WORLD_START_MS;
	sim.under_way = NULL;
	sim.setup = &setup;
	sim.rng = (struct rng){7};
	w->conf.sources = w->sources;
	w->conf.http_per_host = 1;
	w->conf.privacy_recheck = w->rechecks;
	int64_t restart_ms =
		w->restart_every_ms > 0 ? WORLD_START_MS + w->restart_every_ms : INT64_MAX;
	start(w);
	while (sim.now_ms < end_ms) {
		int64_t next_ms = turn();
		if (next_ms > restart_ms) {
			sim.now_ms = restart_ms;
			stop();
			sim.now_ms += 1 + (int64_t)rng_below(
						  &sim.rng, w->restarts % 2 == 0 ? 3000 : 120000);
			start(w);
			w->restarts++;
			/* not in step with anything */
			restart_ms += w->restart_every_ms / 2 +
				      (int64_t)rng_below(&sim.rng, (uint64_t)w->restart_every_ms);
			restart_ms = restart_ms > sim.now_ms ? restart_ms : sim.now_ms + 1;
			continue;
		}
		assert_true(next_ms > sim.now_ms);
		sim.now_ms = next_ms;
	}
	sim.now_ms = end_ms;
	stop();
	for (size_t i = 0; i < w->pages_n; i++) {
		score_end(&w->score, &w->pages[i].score, end_ms);
	}
}

struct page *world_page(struct world *w, const char *url, struct score_host *host, int64_t every_ms)
{
	struct page *p = &w->pages[w->pages_n++];
	assert_true(w->pages_n <= WORLD_PAGES);
	snprintf(p->url, sizeof(p->url), "%s", url);
	p->score = (struct score_page){.url = p->url, .host = host, .every_ms = every_ms};
	return p;
}

struct conf_source *world_source(struct world *w, const struct page *page, const char *connector,
	const struct hark_pair *vars, size_t vars_n)
{
	struct conf_source *c = &w->sources[w->conf.sources_n++];
	*c = (struct conf_source){.name = page->url,
		.connector = connector,
		.vars = vars,
		.vars_n = vars_n,
		.every_ms = page->score.every_ms,
		.spacing_ms = page->score.host->spacing_ms,
		.max_bytes = 1 << 20,
		.at = {.file = "hark.yaml", .line = 1}};
	return c;
}
