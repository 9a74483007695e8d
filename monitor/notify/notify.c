/* The notify thread: a loop of three steps. Take what came back from receivers, start what is
 * claimed, and make one trip to the store that records the results and claims the next rows in one
 * transaction. Nothing is held across a wait but plain memory: no transaction, no lock. */
#include "monitor/notify/notify.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/log.h"
#include "monitor/base/waiting.h"
#include "monitor/notify/notify_in.h"
#include "monitor/notify/receiver.h"

#include <signal.h>
#include <stdlib.h>

#define WAIT_MAX_MS 60000 /* no wait relies on a clock for longer */
#define DRAIN_MS 4000     /* at the end, for what is on its way, */
#define ABANDON_MS 2000   /* and for programs: then they are ended */

int64_t notify_now(const struct notify *n)
{
	return n->options.now != NULL ? n->options.now(n->options.now_ctx) : clock_wall_ms();
}

/* Lanes */

struct lane *notify_lane(struct lane *lanes, size_t n, const char *name)
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
	return a->type == b->type && same_text(a->url, b->url) && same_text(a->path, b->path) &&
	       same_text(a->server, b->server) && same_text(a->to, b->to) &&
	       a->address.from == b->address.from && same_text(a->address.name, b->address.name);
}

/* A receiver that stays keeps what is known of it; one with a new address starts afresh. */
static void inherit(struct lane *to, struct lane *from)
{
	to->jobs = from->jobs;
	to->rows_out = from->rows_out;
	to->last_ms = from->last_ms;
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
		struct lane *old = notify_lane(n->lanes, n->lanes_n, lanes[i].name);
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
	case RECEIVER_MAIL:
		receiver_mail(j->list);
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
	if (!webhook_init(&w, j->list, notify_now(j->n))) {
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
	struct lane *l = notify_lane(n->lanes, n->lanes_n, list->receiver->name);
	for (struct delivery *d = list; d != NULL; d = d->next) {
		d->outcome = DELIVERY_NOT_TRIED;
	}
	lane_ended(l, list, notify_now(n));
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
	if (receiver_posts(list->receiver->type)) {
		start_webhook(j);
	} else if (pthread_create(&j->thread, NULL, run_local, j) == 0) {
		j->has_thread = true;
	} else {
		not_started(j, DELIVERY_NOT_TRIED, "no thread to start it");
	}
}

static void start_all(struct notify *n)
{
	int64_t now_ms = notify_now(n);
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
	struct lane *l = notify_lane(n->lanes, n->lanes_n, list->receiver->name);
	if (l != NULL) {
		lane_ended(l, list, notify_now(n));
		if (l->health == RECEIVER_DISABLED ||
			breaker_next_ms(&l->breaker, notify_now(n)) > notify_now(n)) {
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

/* The loop */

static int64_t wait_of(const struct notify *n)
{
	int64_t now_ms = notify_now(n), next = now_ms + WAIT_MAX_MS;
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
	struct timespec until = waiting_until(wait_ms);
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
		struct timespec ts = waiting_until(50);
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
		notify_go_to_store(n, true);
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
		if (notify_needs_trip(n, notify_now(n)) && notify_may_ask_store(n)) {
			notify_go_to_store(n, false);
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
	if (n == NULL) {
		hark_err_set(err, HARK_ENOMEM, "no memory for the notifier");
		return NULL;
	}
	pthread_mutex_init(&n->lock, NULL);
	waiting_init(&n->wake);
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
