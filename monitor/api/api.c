#include "monitor/api/api.h"

#include "monitor/api/api_in.h"
#include "monitor/api/live.h"
#include "monitor/api/throttle.h"
#include "monitor/base/clock.h"
#include "monitor/base/log.h"
#include "monitor/base/queue.h"
#include "monitor/fetch/fetch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS 4
#define OUTSIDE_THREADS 2
#define RULES_THREADS 2 /* a backtest, and previews beside it */
#define NUMBERS_THREADS 1
#define THREADS_ALL (THREADS + OUTSIDE_THREADS + RULES_THREADS + NUMBERS_THREADS)
#define BODY_MAX (64u << 10)
#define TABLE_MAX (1u << 20)
#define ANSWER_MAX (16u << 20)
#define ARENA_MAX ((size_t)256 << 20)

struct crew_of {
	struct api *api;
	struct queue *jobs; /* held exchanges */
};

static const struct {
	const char *name; /* of its threads */
	size_t threads, waiting_max;
} crews[CREWS] = {
	[CREW_RECORDS] = {"hark-api", THREADS, 256},
	[CREW_OUTSIDE] = {"hark-outside", OUTSIDE_THREADS, 8},
	[CREW_RULES] = {"hark-rules", RULES_THREADS, 32},
	[CREW_NUMBERS] = {"hark-numbers", NUMBERS_THREADS, 64},
};

struct api {
	struct api_options options;
	char *store_url; /* owned */
	struct crew_of crews[CREWS];
	pthread_t threads[THREADS_ALL];
	size_t threads_n;
	atomic_bool stopping, backtests;
	atomic_bool forgets_use; /* told already */
	struct live *live;
	atomic_llong well, refused, failed; /* requests answered */
	pthread_mutex_t lock;               /* guards what follows */
	struct throttle accounts, clients;
	struct fetch *held[OUTSIDE_THREADS]; /* under way; NULL: none */
};

int api_write(struct api *api, int (*fn)(struct store *s, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err)
{
	return api->options.write(api->options.ctx, fn, arg, err);
}

void api_remember_use(struct api *api,
	int (*fn)(struct store *s, void *arg, struct hark_err *err), void *arg)
{
	struct hark_err err = {0};
	bool failed = api_write(api, fn, arg, &err) != HARK_OK;
	if (!atomic_exchange(&api->forgets_use, failed) && failed) {
		log_warn("when tokens and sessions were used last is not remembered: %s", err.text);
	}
}

void api_count(struct api *api, int status)
{
	atomic_fetch_add(status >= 500   ? &api->failed
			 : status >= 400 ? &api->refused
					 : &api->well,
		1);
}

int api_scrub(struct api *api, struct hark_err *err)
{
	struct store *s = NULL;
	int rc = store_open(&s, api->store_url, 0, err);
	rc = rc == HARK_OK ? store_scrub(s, err) : rc;
	store_close(s);
	return rc;
}

const atomic_bool *api_stopping(const struct api *api)
{
	return &api->stopping;
}

bool api_hold_fetch(struct api *api, struct fetch *fetch)
{
	bool held = false;
	pthread_mutex_lock(&api->lock);
	for (size_t i = 0; i < OUTSIDE_THREADS && !held && !atomic_load(&api->stopping); i++) {
		held = api->held[i] == NULL;
		api->held[i] = held ? fetch : api->held[i];
	}
	pthread_mutex_unlock(&api->lock);
	return held;
}

void api_let_go(struct api *api, struct fetch *fetch)
{
	pthread_mutex_lock(&api->lock);
	for (size_t i = 0; i < OUTSIDE_THREADS; i++) {
		api->held[i] = api->held[i] == fetch ? NULL : api->held[i];
	}
	pthread_mutex_unlock(&api->lock);
}

void api_counts(struct api *api, struct api_counts *out)
{
	out->well = atomic_load(&api->well);
	out->refused = atomic_load(&api->refused);
	out->failed = atomic_load(&api->failed);
}

void events_watch(struct call *c)
{
	api_count(c->api, 200);
	live_watch(c->api->live, c);
}

int64_t api_try_login(struct api *api, struct str user, const char *client)
{
	int64_t now = clock_steady_ms();
	pthread_mutex_lock(&api->lock);
	int64_t of_client = throttle_try(&api->clients, str_c(client), now);
	int64_t of_account = of_client == 0 ? throttle_try(&api->accounts, user, now) : 0;
	pthread_mutex_unlock(&api->lock);
	return of_client > of_account ? of_client : of_account;
}

void api_login_was_good(struct api *api, struct str user, const char *client)
{
	pthread_mutex_lock(&api->lock);
	throttle_forget(&api->clients, str_c(client));
	throttle_forget(&api->accounts, user);
	pthread_mutex_unlock(&api->lock);
}

/* ---- on the API's threads ---- */

struct worker_state {
	struct api *api;
	struct store *store; /* NULL: not opened yet */
	struct arena arena;
};

/* False: the call is answered. */
static bool read_body(struct call *c)
{
	struct str bytes = http_body(c->x), type = http_request_header(c->x, "Content-Type");
	struct hark_err err = {0};
	if (bytes.n == 0) {
		return true;
	}
	struct str plain = type;
	str_split(&plain, ';', &type);
	const char *takes = c->route->takes != NULL ? c->route->takes : "application/json";
	if (strcmp(takes, ROUTE_TAKES_ANY) != 0 && !str_eq_nocase(str_trim(type), str_c(takes))) {
		call_refuse(c, 415, "say what is sent: \"Content-Type: %s\"", takes);
		return false;
	}
	if (c->route->takes != NULL) {
		return true;
	}
	c->body = json_read_strict(bytes, &err);
	if (c->body == NULL) {
		call_refuse(c, 400, "the body is not JSON: %s", err.text);
		return false;
	}
	if (!json_is_object(c->body)) {
		call_refuse(c, 400, "the body is a JSON object");
		return false;
	}
	return true;
}

static void serve(struct worker_state *w, struct call *c)
{
	struct hark_err err = {0};
	if (w->store == NULL &&
		store_open(&w->store, w->api->store_url, STORE_READ_ONLY, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	c->store = w->store;
	if (auth_call(c) && route_asks_what_is_known(c) && read_body(c)) {
		c->route->handle(c);
	}
}

static void serve_one(struct worker_state *w, struct http_exchange *x)
{
	char others[METHODS_MAX];
	struct api *api = w->api;
	struct call c = {.api = api, .x = x, .arena = &w->arena, .status = 200};
	arena_reset(&w->arena);
	c.route = route_find(http_method(x), http_path(x), &c.arg, others);
	c.now_ms = clock_wall_ms();
	c.setup = api->options.setup(api->options.ctx);
	buf_init(&c.out, ANSWER_MAX);
	jsonout_init(&c.j, &c.out);
	serve(w, &c);
	buf_release(&c.out);
	json_decref(c.body);
	setup_unref(c.setup);
}

static void *run(void *arg)
{
	struct crew_of *crew = arg;
	struct worker_state w = {.api = crew->api};
	struct http_exchange *x;
	arena_init(&w.arena, ARENA_MAX);
	while ((x = queue_pop(crew->jobs, -1)) != NULL) {
		serve_one(&w, x);
	}
	store_close(w.store);
	arena_release(&w.arena);
	return NULL;
}

bool api_backtest_begin(struct api *api)
{
	return !atomic_exchange(&api->backtests, true);
}

void api_backtest_end(struct api *api)
{
	atomic_store(&api->backtests, false);
}

int api_ask(struct api *api, const char *request_json, struct buf *reply, struct hark_err *err)
{
	return api->options.ask(api->options.ctx, request_json, reply, err);
}

/* ---- on the HTTP server's ---- */

/* NULL: the request is answered. */
static const struct route *look_up(struct api *api, struct http_exchange *x)
{
	char others[METHODS_MAX];
	struct str arg;
	const struct route *r = route_find(http_method(x), http_path(x), &arg, others);
	if (r != NULL) {
		return r;
	}
	api_count(api, 404);
	if (others[0] == '\0') {
		http_problem(x, 404, "nothing is here");
	} else {
		http_header(x, "Allow", others);
		http_problem(x, 405, "what is here takes %s", others);
	}
	return NULL;
}

bool api_serves(struct str path)
{
	return str_starts(path, STR("/api/")) || str_starts(path, STR("/feeds/")) ||
	       str_starts(path, STR("/unsubscribe/")) || str_eq_c(path, "/metrics");
}

void api_admit(struct api *api, struct http_exchange *x)
{
	const struct route *r = look_up(api, x);
	if (r != NULL) {
		struct str method = http_method(x);
		bool has_body = str_eq_c(method, "POST") || str_eq_c(method, "PUT");
		http_body_max(x, !has_body ? 0 : r->takes != NULL ? TABLE_MAX : BODY_MAX);
	}
}

void api_handle(struct api *api, struct http_exchange *x)
{
	void *job = x;
	const struct route *r = look_up(api, x);
	if (r == NULL) {
		return;
	}
	http_hold(x);
	if (queue_try_push_all(api->crews[route_crew(r)].jobs, &job, 1) == 0) {
		api_count(api, 503);
		http_header(x, "Retry-After", "1");
		http_problem(x, 503, "too much is asked at once: send it again in a second");
	}
}

/* ---- start and stop ---- */

/* The server's, which answers what is left. */
static void drop_nothing(void *exchange)
{
	(void)exchange;
}

static bool start_crew(struct api *api, size_t crew)
{
	for (size_t i = 0; i < crews[crew].threads; i++) {
		pthread_t *thread = &api->threads[api->threads_n];
		if (pthread_create(thread, NULL, run, &api->crews[crew]) != 0) {
			return false;
		}
		pthread_setname_np(*thread, crews[crew].name);
		api->threads_n++;
	}
	return true;
}

struct api *api_new(const struct api_options *options, struct hark_err *err)
{
	struct api *api = calloc(1, sizeof(*api));
	if (api == NULL) {
		hark_err_set(err, HARK_ENOMEM, "no memory for the API");
		return NULL;
	}
	api->options = *options;
	pthread_mutex_init(&api->lock, NULL);
	api->store_url = strdup(options->store_url);
	api->live = api->store_url != NULL ? live_new(api->store_url) : NULL;
	bool well = api->live != NULL;
	for (size_t i = 0; well && i < CREWS; i++) {
		api->crews[i] =
			(struct crew_of){api, queue_new(crews[i].waiting_max, drop_nothing)};
		well = api->crews[i].jobs != NULL && start_crew(api, i);
	}
	if (!well) {
		hark_err_set(err, HARK_ENOMEM, "cannot start the threads of the API");
		api_stop(api);
		api_free(api);
		return NULL;
	}
	return api;
}

void api_stop(struct api *api)
{
	pthread_mutex_lock(&api->lock);
	atomic_store(&api->stopping, true);
	for (size_t i = 0; i < OUTSIDE_THREADS; i++) {
		if (api->held[i] != NULL) {
			fetch_stop(api->held[i]);
		}
	}
	pthread_mutex_unlock(&api->lock);
	for (size_t i = 0; i < CREWS; i++) {
		if (api->crews[i].jobs != NULL) {
			queue_close(api->crews[i].jobs);
		}
	}
	for (size_t i = 0; i < api->threads_n; i++) {
		pthread_join(api->threads[i], NULL);
	}
	api->threads_n = 0;
	live_stop(api->live);
	api->live = NULL;
}

void api_free(struct api *api)
{
	if (api != NULL) {
		for (size_t i = 0; i < CREWS; i++) {
			queue_free(api->crews[i].jobs);
		}
		free(api->store_url);
		pthread_mutex_destroy(&api->lock);
		free(api);
	}
}
