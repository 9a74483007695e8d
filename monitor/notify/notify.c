/* The notify thread: a loop of three steps. Take what came back from receivers, start what is
 * claimed, and make one trip to the store that records the results and claims the next rows in one
 * transaction. Nothing is held across a wait but plain memory: no transaction, no lock. */
#include "monitor/notify/notify.h"

#include "monitor/base/clock.h"
#include "monitor/base/log.h"
#include "monitor/base/rng.h"
#include "monitor/base/crypto.h"
#include "monitor/fetch/retry.h"
#include "monitor/notify/consent.h"
#include "monitor/notify/lane.h"
#include "monitor/notify/receiver.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define LEASE_MS 600000   /* far beyond any time-out and queue in front of it */
#define WAIT_MAX_MS 60000 /* no wait relies on a clock for longer */
#define DRAIN_MS 4000     /* at the end, for what is on its way, */
#define ABANDON_MS 2000   /* and for programs: then they are ended */
#define STORE_WAIT_MAX_MS 60000

/* One attempt: a list of deliveries, on a thread of its own or in the fetch loop. */
struct job {
	struct job *next;
	struct notify *n;
	struct delivery *list;
	pthread_t thread;
	bool has_thread, json;
};

struct notify {
	struct notify_options options;
	struct conf *conf; /* counted */
	struct lane *lanes;
	size_t lanes_n;
	struct delivery *results; /* to be recorded; owned */
	struct rng rng;
	bool check_orphans;
	int64_t store_wait_ms, store_again_ms; /* after the store failed; steady */
	atomic_bool abandon;
	atomic_ullong sent, failed, dead;
	atomic_size_t on_the_way;

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t wake;
	bool stopping, woken;
	struct conf *next_conf; /* counted */
	struct job *done;
	size_t jobs_out;
};

static int64_t now_of(const struct notify *n)
{
	return n->options.now != NULL ? n->options.now(n->options.now_ctx) : clock_wall_ms();
}

/* Lanes */

static struct lane *find_lane(struct lane *lanes, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(lanes[i].name, name) == 0) {
			return &lanes[i];
		}
	}
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_place(const struct conf_receiver *a, const struct conf_receiver *b)
{
	return a->type == b->type && same_text(a->url, b->url) && same_text(a->path, b->path);
}

/* A receiver that stays keeps what is known of it; one with a new address starts afresh. */
static void inherit(struct lane *to, struct lane *from)
{
	to->jobs = from->jobs;
	to->rows_out = from->rows_out;
	if (same_place(to->receiver, from->receiver)) {
		to->breaker = from->breaker;
		to->health = from->health;
	} else {
		to->health_known = to->health_change = true;
	}
}

static void give_back(struct notify *n, struct delivery *list)
{
	while (list != NULL) {
		struct delivery *d = list;
		list = d->next;
		d->outcome = DELIVERY_NOT_TRIED;
		d->next = n->results;
		n->results = d;
	}
}

static void free_lanes(struct notify *n, struct lane *lanes, size_t lanes_n)
{
	for (size_t i = 0; i < lanes_n; i++) {
		give_back(n, lane_take_all(&lanes[i]));
		lane_release(&lanes[i]);
	}
	free(lanes);
}

static int make_lanes(struct notify *n, const struct conf *conf, struct hark_err *err)
{
	struct lane *lanes = calloc(conf->receivers_n + 1, sizeof(*lanes));
	bool ok = lanes != NULL;
	size_t made = 0;
	for (; ok && made < conf->receivers_n; made++) {
		ok = lane_init(&lanes[made], &conf->receivers[made]);
	}
	if (!ok) {
		free_lanes(n, lanes, made);
		return hark_err_set(err, HARK_ENOMEM, "no memory for the receivers");
	}
	for (size_t i = 0; i < made; i++) {
		struct lane *old = find_lane(n->lanes, n->lanes_n, lanes[i].name);
		if (old != NULL) {
			inherit(&lanes[i], old);
		}
	}
	free_lanes(n, n->lanes, n->lanes_n);
	n->lanes = lanes;
	n->lanes_n = made;
	n->check_orphans = true;
	return HARK_OK;
}

static void take_conf(struct notify *n, struct conf *conf)
{
	struct hark_err err;
	if (make_lanes(n, conf, &err) != HARK_OK) {
		log_error("notify keeps the receivers it had: %s", err.text);
		conf_unref(conf);
		return;
	}
	conf_unref(n->conf);
	n->conf = conf;
}

/* Jobs */

static void post(struct job *j)
{
	struct notify *n = j->n;
	pthread_mutex_lock(&n->lock);
	j->next = n->done;
	n->done = j;
	n->jobs_out--;
	pthread_cond_broadcast(&n->wake);
	pthread_mutex_unlock(&n->lock);
}

static void *run_local(void *arg)
{
	struct job *j = arg;
	switch (j->list->receiver->type) {
	case RECEIVER_STDOUT:
		for (struct delivery *d = j->list; d != NULL; d = d->next) {
			receiver_stdout(d, j->json);
		}
		break;
	case RECEIVER_FILE:
		receiver_file(j->list);
		break;
	default:
		receiver_exec(j->list);
	}
	post(j);
	return NULL;
}

static void on_answer(void *user, struct fetch_reply *reply)
{
	struct job *j = user;
	webhook_judge(j->list, reply);
	fetch_reply_free(reply);
	post(j);
}

static void not_started(struct job *j, enum delivery_outcome outcome, const char *why)
{
	for (struct delivery *d = j->list; d != NULL; d = d->next) {
		delivery_failed(d, 0, "%s", why);
		d->outcome = outcome;
	}
	post(j);
}

static void start_webhook(struct job *j)
{
	struct webhook w;
	struct hark_err err = {0};
	struct fetch *f = j->n->options.fetch;
	if (!webhook_init(&w, j->list, now_of(j->n))) {
		post(j);
	} else if (f == NULL) {
		not_started(j, DELIVERY_FAILED, "webhooks cannot be sent from here");
	} else {
		int rc = fetch_submit(f, &w.request, on_answer, j, &err);
		if (rc != HARK_OK) {
			not_started(j, rc == HARK_EINVAL ? DELIVERY_FAILED : DELIVERY_NOT_TRIED,
				err.text);
		}
	}
	webhook_release(&w);
}

static void never_started(struct notify *n, struct delivery *list)
{
	struct lane *l = find_lane(n->lanes, n->lanes_n, list->receiver->name);
	for (struct delivery *d = list; d != NULL; d = d->next) {
		d->outcome = DELIVERY_NOT_TRIED;
	}
	lane_ended(l, list, now_of(n));
	give_back(n, list);
}

static void start(struct notify *n, struct delivery *list)
{
	struct job *j = calloc(1, sizeof(*j));
	if (j == NULL) {
		never_started(n, list);
		return;
	}
	j->n = n;
	j->list = list;
	j->json = n->options.json;
	for (struct delivery *d = list; d != NULL; d = d->next) {
		d->abandon = &n->abandon;
	}
	pthread_mutex_lock(&n->lock);
	n->jobs_out++;
	pthread_mutex_unlock(&n->lock);
	if (list->receiver->type == RECEIVER_WEBHOOK) {
		start_webhook(j);
	} else if (pthread_create(&j->thread, NULL, run_local, j) == 0) {
		j->has_thread = true;
	} else {
		not_started(j, DELIVERY_NOT_TRIED, "no thread to start it");
	}
}

static void start_all(struct notify *n)
{
	int64_t now_ms = now_of(n);
	for (size_t i = 0; i < n->lanes_n; i++) {
		struct delivery *list;
		while ((list = lane_take(&n->lanes[i], now_ms)) != NULL) {
			start(n, list);
		}
	}
}

/* The results of a job: its receiver learns from them, then they wait to be recorded. */
static void finish(struct notify *n, struct job *j)
{
	struct delivery *list = j->list, *last = list;
	struct lane *l = find_lane(n->lanes, n->lanes_n, list->receiver->name);
	if (l != NULL) {
		lane_ended(l, list, now_of(n));
		if (l->health == RECEIVER_DISABLED ||
			breaker_next_ms(&l->breaker, now_of(n)) > now_of(n)) {
			give_back(n,
				lane_take_all(
					l)); /* others may deliver them meanwhile, or an admin hold them */
		}
	}
	while (last->next != NULL) {
		last = last->next;
	}
	last->next = n->results;
	n->results = list;
	if (j->has_thread) {
		pthread_join(j->thread, NULL);
	}
	free(j);
}

/* Mail from other threads */

static struct job *take_done(struct notify *n)
{
	pthread_mutex_lock(&n->lock);
	struct job *done = n->done;
	struct conf *conf = n->next_conf;
	bool woken = n->woken;
	n->done = NULL;
	n->next_conf = NULL;
	n->woken = false;
	pthread_mutex_unlock(&n->lock);
	if (conf != NULL) {
		take_conf(n, conf);
	}
	for (size_t i = 0; woken && i < n->lanes_n; i++) {
		n->lanes[i].look_ms = 0;
	}
	return done;
}

static void take_mail(struct notify *n)
{
	struct job *j = take_done(n), *next;
	for (; j != NULL; j = next) {
		next = j->next;
		finish(n, j);
	}
}

/* The trip to the store */

struct claim {
	size_t want, n;
	struct outbox_row *rows;
	int64_t due_ms;
	bool saw_health;
	struct receiver_state state;
};

struct trip {
	struct notify *n;
	struct arena arena;
	struct claim *claims; /* one a lane */
	int64_t now_ms;
	bool closing; /* claim nothing */
};

static int record_failure(
	struct trip *t, struct store *s, const struct delivery *d, struct hark_err *err)
{
	int64_t wait_ms = retry_webhook_ms(d->attempt, &t->n->rng);
	struct str error = str_c(d->error);
	if (wait_ms < 0) {
		log_error("alert %s to %s is given up after %d attempts: %s (`hark notify dead`)",
			d->delivery_id.p, d->receiver->name, d->attempt, d->error);
		return outbox_dead(s, d->id, d->lease_token, t->now_ms, d->status, error, err);
	}
	wait_ms = d->retry_after_ms > wait_ms ? d->retry_after_ms : wait_ms;
	return outbox_retry(s, d->id, d->lease_token, t->now_ms + wait_ms, d->status, error, err);
}

static int record(struct trip *t, struct store *s, const struct delivery *d, struct hark_err *err)
{
	switch (d->outcome) {
	case DELIVERY_SENT:
		return outbox_sent(s, d->id, d->lease_token, t->now_ms, d->status, err);
	case DELIVERY_GONE:
		return outbox_hold(s, d->id, d->lease_token, str_c(d->error), err);
	case DELIVERY_NOT_TRIED:
		return outbox_release(s, d->id, d->lease_token, err);
	default:
		return record_failure(t, s, d, err);
	}
}

static int record_all(struct trip *t, struct store *s, struct hark_err *err)
{
	for (const struct delivery *d = t->n->results; d != NULL; d = d->next) {
		int rc = record(t, s, d, err);
		if (rc == HARK_ESTATE) {
			log_info("%s: its result is dropped",
				d->delivery_id.p); /* another owner has it */
		} else if (rc != HARK_OK) {
			return rc;
		}
	}
	return HARK_OK;
}

static int hold_orphans(struct trip *t, struct store *s, struct hark_err *err)
{
	struct str *names;
	size_t n, held;
	int rc = outbox_receivers(s, &t->arena, &names, &n, err);
	for (size_t i = 0; rc == HARK_OK && i < n; i++) {
		char name[256];
		snprintf(name, sizeof(name), "%.*s", STR_FMT(names[i]));
		if (find_lane(t->n->lanes, t->n->lanes_n, name) != NULL) {
			continue;
		}
		rc = outbox_hold_all(s, names[i],
			STR("its receiver is no longer in the configuration"), t->now_ms, &held,
			err);
		if (rc == HARK_OK) {
			log_warn("%zu alerts are kept back: there is no receiver '%s' any more "
				 "(`hark notify held`)",
				held, name);
		}
	}
	return rc;
}

static int save_health(struct trip *t, struct store *s, const struct lane *l, struct hark_err *err)
{
	struct receiver_state state = {.name = str_c(l->name),
		.health = l->health,
		.failures = l->breaker.failures,
		.last_status = l->last_status,
		.last_error = l->last_error[0] != '\0' ? str_c(l->last_error) : STR_NONE,
		.changed_ms = t->now_ms};
	return store_receiver_save(s, &state, err);
}

static int load_health(struct trip *t, struct store *s, const struct lane *l, struct claim *c,
	struct hark_err *err)
{
	int rc = store_receiver_load(s, str_c(l->name), &t->arena, &c->state, err);
	if (rc == HARK_ENOENT) {
		c->state.health = RECEIVER_OK;
		rc = HARK_OK;
	}
	c->saw_health = rc == HARK_OK;
	return rc;
}

static int hold_disabled(
	struct trip *t, struct store *s, const struct lane *l, struct hark_err *err)
{
	size_t held;
	return outbox_hold_all(s, str_c(l->name),
		STR("its receiver is disabled: it answered 410 Gone"), t->now_ms, &held, err);
}

static int serve_lane(struct trip *t, struct store *s, const struct lane *l, struct claim *c,
	struct hark_err *err)
{
	enum receiver_health health = l->health;
	int rc = HARK_OK;
	if (l->health_change) {
		rc = save_health(t, s, l, err);
	} else if (!l->health_known || (health == RECEIVER_DISABLED && lane_looks(l, t->now_ms))) {
		rc = load_health(t, s, l, c, err);
		health = c->saw_health ? c->state.health : health;
	}
	if (rc == HARK_OK && health == RECEIVER_DISABLED) {
		return hold_disabled(t, s, l, err);
	}
	c->want = t->closing ? 0 : lane_wants(l, t->now_ms);
	if (rc == HARK_OK && c->want > 0) {
		rc = outbox_claim(s, str_c(l->name), t->now_ms, LEASE_MS, c->want, &t->arena,
			&c->rows, &c->n, err);
	}
	if (rc == HARK_OK) {
		rc = consent_check(s, c->rows, &c->n, str_c(t->n->conf->privacy_contact), t->now_ms,
			&t->arena, err);
	}
	c->due_ms = INT64_MAX;
	if (rc == HARK_OK && c->n < c->want) {
		rc = outbox_next_due(s, str_c(l->name), t->now_ms, &c->due_ms, err);
	}
	return rc;
}

static int in_transaction(struct store *s, void *arg, struct hark_err *err)
{
	struct trip *t = arg;
	int rc = record_all(t, s, err);
	if (rc == HARK_OK && t->n->check_orphans) {
		rc = hold_orphans(t, s, err);
	}
	for (size_t i = 0; rc == HARK_OK && i < t->n->lanes_n; i++) {
		rc = serve_lane(t, s, &t->n->lanes[i], &t->claims[i], err);
	}
	return rc;
}

static void count(struct notify *n, const struct delivery *d)
{
	if (d->outcome == DELIVERY_SENT) {
		atomic_fetch_add(&n->sent, 1);
	} else if (d->outcome == DELIVERY_FAILED) {
		atomic_fetch_add(&n->failed, 1);
		atomic_fetch_add(&n->dead, d->attempt >= RETRY_WEBHOOK_TRIES ? 1 : 0);
	}
}

/* A row that failed comes due again, perhaps before the time its lane wanted to look next. */
static void look_again(struct notify *n, const struct delivery *d)
{
	struct lane *l = find_lane(n->lanes, n->lanes_n, d->receiver->name);
	if (l != NULL && d->outcome == DELIVERY_FAILED) {
		l->look_ms = 0;
	}
}

static void forget_results(struct notify *n)
{
	while (n->results != NULL) {
		struct delivery *d = n->results;
		n->results = d->next;
		count(n, d);
		look_again(n, d);
		atomic_fetch_sub(&n->on_the_way, 1);
		delivery_free(d);
	}
}

static void take_rows(struct notify *n, struct lane *l, const struct claim *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct delivery *d = delivery_new(n->conf, l->receiver, &c->rows[i]);
		if (d == NULL) {
			log_error("no memory for alert %.*s: it is repeated when its lease ends",
				STR_FMT(c->rows[i].delivery_id));
			continue;
		}
		atomic_fetch_add(&n->on_the_way, 1);
		lane_put(l, d);
	}
}

/* What the transaction found becomes true once it is committed. */
static void after_commit(struct trip *t)
{
	struct notify *n = t->n;
	forget_results(n);
	n->check_orphans = false;
	for (size_t i = 0; i < n->lanes_n; i++) {
		struct lane *l = &n->lanes[i];
		const struct claim *c = &t->claims[i];
		if (c->saw_health && c->state.health == RECEIVER_OK &&
			l->health == RECEIVER_DISABLED) {
			l->breaker = (struct breaker){0};
			log_info("receiver %s is tried again", l->name);
		}
		l->health = c->saw_health && c->state.health != RECEIVER_RESTING ? c->state.health
										 : l->health;
		l->health_known = true;
		l->health_change = false;
		if (l->health == RECEIVER_DISABLED) {
			l->look_ms = t->now_ms + LANE_LOOK_MAX_MS;
		} else if (c->want > 0) {
			l->look_ms = c->n == c->want ? 0
				     : c->due_ms < t->now_ms + LANE_LOOK_MAX_MS
					     ? c->due_ms
					     : t->now_ms + LANE_LOOK_MAX_MS;
		}
		take_rows(n, l, c);
	}
}

static bool needs_trip(const struct notify *n, int64_t now_ms)
{
	if (n->results != NULL || n->check_orphans) {
		return true;
	}
	for (size_t i = 0; i < n->lanes_n; i++) {
		const struct lane *l = &n->lanes[i];
		if (!l->health_known || l->health_change || lane_wants(l, now_ms) > 0 ||
			(l->health == RECEIVER_DISABLED && lane_looks(l, now_ms))) {
			return true;
		}
	}
	return false;
}

static void store_failed(struct notify *n, const struct hark_err *err)
{
	if (n->store_wait_ms == 0) {
		log_warn("alerts wait for the store: %s", err->text);
	}
	n->store_wait_ms = n->store_wait_ms == 0 ? 500 : n->store_wait_ms * 2;
	if (n->store_wait_ms > STORE_WAIT_MAX_MS) {
		n->store_wait_ms = STORE_WAIT_MAX_MS;
	}
	n->store_again_ms = clock_steady_ms() + n->store_wait_ms;
}

static void go_to_store(struct notify *n, bool closing)
{
	struct trip t = {.n = n, .now_ms = now_of(n), .closing = closing};
	struct hark_err err = {0};
	arena_init(&t.arena, 0);
	t.claims = arena_alloc(&t.arena, (n->lanes_n + 1) * sizeof(*t.claims));
	int rc = t.claims == NULL
			 ? hark_err_set(&err, HARK_ENOMEM, "no memory")
			 : n->options.write(n->options.write_ctx, in_transaction, &t, &err);
	if (rc == HARK_OK) {
		n->store_wait_ms = 0;
		after_commit(&t);
	} else {
		store_failed(n, &err);
	}
	arena_release(&t.arena);
}

static bool store_may_be_asked(const struct notify *n)
{
	return n->store_wait_ms == 0 || clock_steady_ms() >= n->store_again_ms;
}

/* The loop */

static int64_t wait_of(const struct notify *n)
{
	int64_t now_ms = now_of(n), next = now_ms + WAIT_MAX_MS;
	if (n->store_wait_ms > 0) {
		int64_t left = n->store_again_ms - clock_steady_ms();
		return left < 0 ? 0 : left;
	}
	for (size_t i = 0; i < n->lanes_n; i++) {
		int64_t at = lane_next_ms(&n->lanes[i], now_ms);
		next = at < next ? at : next;
	}
	return next > now_ms ? next - now_ms : 0;
}

static void sleep_for(struct notify *n, int64_t wait_ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += wait_ms % 1000 * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&n->lock);
	while (!n->stopping && !n->woken && n->done == NULL && n->next_conf == NULL) {
		if (pthread_cond_timedwait(&n->wake, &n->lock, &until) != 0) {
			break;
		}
	}
	pthread_mutex_unlock(&n->lock);
}

static bool stopping(struct notify *n)
{
	pthread_mutex_lock(&n->lock);
	bool stop = n->stopping;
	pthread_mutex_unlock(&n->lock);
	return stop;
}

/* Waits until no job is out; false when `until_ms` (steady) comes first. */
static bool drained(struct notify *n, int64_t until_ms)
{
	bool all = false;
	while (!all && clock_steady_ms() < until_ms) {
		struct timespec ts;
		clock_gettime(CLOCK_MONOTONIC, &ts);
		ts.tv_nsec += 50000000;
		ts.tv_sec += ts.tv_nsec / 1000000000;
		ts.tv_nsec %= 1000000000;
		pthread_mutex_lock(&n->lock);
		all = n->jobs_out == 0;
		if (!all) {
			pthread_cond_timedwait(&n->wake, &n->lock, &ts);
		}
		pthread_mutex_unlock(&n->lock);
	}
	return all;
}

static void drain(struct notify *n)
{
	int64_t began_ms = clock_steady_ms();
	for (size_t i = 0; i < n->lanes_n; i++) {
		give_back(n, lane_take_all(&n->lanes[i]));
	}
	if (!drained(n, began_ms + ABANDON_MS)) {
		atomic_store(&n->abandon, true);
		drained(n, began_ms + DRAIN_MS);
	}
	take_mail(n);
	for (size_t i = 0; i < n->lanes_n; i++) {
		give_back(n, lane_take_all(&n->lanes[i]));
	}
	if (n->results != NULL) {
		go_to_store(n, true);
	}
}

static void block_sigpipe(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void notify_run(struct notify *n)
{
	block_sigpipe(); /* programs may close their input early; threads of jobs inherit this */
	while (!stopping(n)) {
		take_mail(n);
		start_all(n);
		if (needs_trip(n, now_of(n)) && store_may_be_asked(n)) {
			go_to_store(n, false);
			start_all(n);
		}
		sleep_for(n, wait_of(n));
	}
	drain(n);
}

/* Life */

struct notify *notify_new(const struct notify_options *options, struct hark_err *err)
{
	struct notify *n = calloc(1, sizeof(*n));
	pthread_condattr_t attr;
	if (n == NULL) {
		hark_err_set(err, HARK_ENOMEM, "no memory for the notifier");
		return NULL;
	}
	pthread_mutex_init(&n->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&n->wake, &attr);
	pthread_condattr_destroy(&attr);
	n->options = *options;
	crypto_random(&n->rng.state, sizeof(n->rng.state));
	n->conf = conf_ref(options->conf);
	if (make_lanes(n, n->conf, err) != HARK_OK) {
		notify_free(n);
		return NULL;
	}
	return n;
}

void notify_stop(struct notify *n)
{
	pthread_mutex_lock(&n->lock);
	n->stopping = true;
	pthread_cond_broadcast(&n->wake);
	pthread_mutex_unlock(&n->lock);
}

void notify_wake(struct notify *n)
{
	pthread_mutex_lock(&n->lock);
	n->woken = true;
	pthread_cond_broadcast(&n->wake);
	pthread_mutex_unlock(&n->lock);
}

void notify_set_conf(struct notify *n, struct conf *conf)
{
	pthread_mutex_lock(&n->lock);
	struct conf *unused = n->next_conf;
	n->next_conf = conf_ref(conf);
	pthread_cond_broadcast(&n->wake);
	pthread_mutex_unlock(&n->lock);
	conf_unref(unused);
}

void notify_get_stats(struct notify *n, struct notify_stats *out)
{
	*out = (struct notify_stats){.sent = atomic_load(&n->sent),
		.failed = atomic_load(&n->failed),
		.dead = atomic_load(&n->dead),
		.on_the_way = atomic_load(&n->on_the_way)};
}

void notify_free(struct notify *n)
{
	if (n == NULL) {
		return;
	}
	atomic_store(&n->abandon, true);
	while (!drained(n, clock_steady_ms() + WAIT_MAX_MS)) {
		continue; /* every job has a time-out */
	}
	take_mail(n);
	free_lanes(n, n->lanes, n->lanes_n);
	while (n->results != NULL) {
		struct delivery *d = n->results;
		n->results = d->next;
		delivery_free(d);
	}
	conf_unref(n->conf);
	pthread_cond_destroy(&n->wake);
	pthread_mutex_destroy(&n->lock);
	free(n);
}
