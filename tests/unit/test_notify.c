/* The notifier with a real store, a real fetch loop and a scripted receiver, under a clock of ours. */
#include "tests/unit/unit.h"
#include "tests/unit/server.h"
#include "tests/unit/tmpstore.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/retry.h"
#include "monitor/notify/breaker.h"
#include "monitor/notify/notify.h"
#include "monitor/notify/sign.h"
#include "monitor/store/driver.h"
#include "monitor/store/outbox.h"
#include "monitor/store/receivers.h"

#include <pthread.h>
#include <stdatomic.h>

#define T0 INT64_C(1800000000000)
#define SECRET "whsec_bmV3IGtleQ=="

struct seen {
	char id[64];
};

static struct world {
	struct tmpstore *tmp;
	struct store *store;
	pthread_mutex_t lock; /* the store has one user at a time */
	atomic_llong now;
	atomic_int status;      /* what the hook answers */
	atomic_int fail_writes; /* the store says no so often */
	struct server *server;
	pthread_mutex_t seen_lock;
	struct seen seen[4096];
	atomic_int seen_n, bad_signatures;
	atomic_int hung_out; /* requests that were let hang to the end */
	char retry_after[64];
	struct conf conf;
	struct conf_receiver receivers[3];
	struct fetch *fetch;
	struct notify *notify;
	pthread_t fetch_thread, notify_thread;
} w;

static void check_signature(const struct server_request *r, const char *id)
{
	struct buf expected;
	char *stamp = server_header(r, "webhook-timestamp"),
	     *got = server_header(r, "webhook-signature");
	buf_init(&expected, 1000);
	sign_add(&expected, STR(SECRET), str_c(id), str_c(stamp != NULL ? stamp : ""), r->body,
		NULL);
	if (got == NULL || strcmp(got, buf_c(&expected)) != 0) {
		atomic_fetch_add(&w.bad_signatures, 1);
	}
	buf_release(&expected);
	free(stamp);
	free(got);
}

static void hook(struct server_conn *c, const struct server_request *r, void *ctx)
{
	char status[32], *id = server_header(r, "webhook-id");
	(void)ctx;
	if (strcmp(r->path, "/hang") == 0) {
		free(id);
		atomic_fetch_add(&w.hung_out, server_sleep(c, 20000));
		return;
	}
	check_signature(r, id != NULL ? id : "");
	pthread_mutex_lock(&w.seen_lock);
	int n = atomic_load(&w.seen_n);
	snprintf(w.seen[n % 4096].id, sizeof(w.seen[0].id), "%s", id != NULL ? id : "");
	atomic_store(&w.seen_n, n + 1);
	pthread_mutex_unlock(&w.seen_lock);
	free(id);
	snprintf(status, sizeof(status), "%d Said", atomic_load(&w.status));
	server_answer(c, status, w.retry_after, "");
}

static int64_t our_now(void *ctx)
{
	(void)ctx;
	return atomic_load(&w.now);
}

static int our_write(void *ctx, int (*fn)(struct store *s, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err)
{
	(void)ctx;
	if (atomic_load(&w.fail_writes) > 0) {
		atomic_fetch_sub(&w.fail_writes, 1);
		return hark_err_set(err, HARK_ENOSPC, "the disk is full");
	}
	pthread_mutex_lock(&w.lock);
	int rc = store_begin(w.store, err);
	if (rc == HARK_OK) {
		rc = fn(w.store, arg, err);
		if (rc == HARK_OK) {
			rc = store_commit(w.store, err);
		} else {
			store_rollback(w.store);
		}
	}
	pthread_mutex_unlock(&w.lock);
	return rc;
}

static void add_alerts(const char *receiver, int n)
{
	static int64_t lead = 0;
	size_t made;
	pthread_mutex_lock(&w.lock);
	assert_int_equal(store_begin(w.store, NULL), HARK_OK);
	for (int i = 0; i < n; i++) {
		struct db_query *q = db_query(store_db(w.store),
			"INSERT INTO leads (id, kind, lead_key, visibility, score, score_max, "
			"level, rule, state, historic,"
			" signals, posts, seen_ms, created_ms, updated_ms)"
			" VALUES ($1, 'praise', 'k', 'all', 50, 50, 'normal', 'r', 'new', 0, 1, 1, "
			"1, 1, 1)");
		db_i64(q, ++lead);
		db_run(q);
		outbox_add(w.store, lead, str_c(receiver), STR("lead.raised"), STR("instant"),
			STR("{\"type\":\"lead.raised\",\"data\":{\"id\":1}}"), atomic_load(&w.now),
			&made, NULL);
	}
	assert_int_equal(store_commit(w.store, NULL), HARK_OK);
	pthread_mutex_unlock(&w.lock);
}

static struct outbox_counts counts(void)
{
	struct outbox_counts c;
	pthread_mutex_lock(&w.lock);
	assert_int_equal(outbox_count(w.store, STR_NONE, &c, NULL), HARK_OK);
	pthread_mutex_unlock(&w.lock);
	return c;
}

static enum receiver_health health(const char *name)
{
	struct receiver_state state = {0};
	struct arena arena;
	arena_init(&arena, 0);
	pthread_mutex_lock(&w.lock);
	store_receiver_load(w.store, str_c(name), &arena, &state, NULL);
	pthread_mutex_unlock(&w.lock);
	arena_release(&arena);
	return state.health;
}

static void *run_fetch(void *arg)
{
	fetch_run(arg);
	return NULL;
}

static void *run_notify(void *arg)
{
	notify_run(arg);
	return NULL;
}

static void webhook(struct conf_receiver *r, const char *name, const char *path, char url[64])
{
	snprintf(url, 64, "http://127.0.0.1:%d%s", server_port(w.server), path);
	*r = (struct conf_receiver){.name = name,
		.type = RECEIVER_WEBHOOK,
		.url = url,
		.internal = true,
		.timeout_ms = 60000,
		.secret = {SECRET_ENV, "HARK_TEST_HOOK"}};
}

static int set_up(void **state)
{
	static char hook_url[64], dead_url[64], path[128];
	tmpstore_setup(state);
	w = (struct world){.tmp = *state,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.seen_lock = PTHREAD_MUTEX_INITIALIZER};
	w.store = tmpstore_open(w.tmp, 0);
	atomic_store(&w.now, T0);
	atomic_store(&w.status, 200);
	setenv("HARK_TEST_HOOK", SECRET, 1);
	w.server = server_new(NULL, hook, NULL);
	webhook(&w.receivers[0], "hook", "/hook", hook_url);
	webhook(&w.receivers[1], "dead", "/hang", dead_url);
	snprintf(path, sizeof(path), "%s/alerts", w.tmp->dir);
	w.receivers[2] = (struct conf_receiver){.name = "log", .type = RECEIVER_FILE, .path = path};
	w.conf.receivers = w.receivers;
	w.conf.receivers_n = 3;
	atomic_init(&w.conf.refs, 1000);
	return 0;
}

static void start(void)
{
	struct fetch_options fo = {.user_agent = "hark/test", .parallel = 20, .per_host = 10};
	w.fetch = fetch_new(&fo, NULL);
	struct notify_options no = {
		.conf = &w.conf, .fetch = w.fetch, .write = our_write, .now = our_now};
	w.notify = notify_new(&no, NULL);
	assert_non_null(w.notify);
	pthread_create(&w.fetch_thread, NULL, run_fetch, w.fetch);
	pthread_create(&w.notify_thread, NULL, run_notify, w.notify);
}

static void stop(void)
{
	notify_stop(w.notify);
	pthread_join(w.notify_thread, NULL);
	fetch_stop(w.fetch);
	pthread_join(w.fetch_thread, NULL);
	notify_free(w.notify);
	fetch_free(w.fetch);
}

static int tear_down(void **state)
{
	char path[128];
	server_free(w.server);
	store_close(w.store);
	snprintf(path, sizeof(path), "%s/alerts", w.tmp->dir);
	unlink(path);
	return tmpstore_teardown(state);
}

/* Waits, in real time, until so many requests have arrived. */
static void until_seen(int n)
{
	until(atomic_load(&w.seen_n) >= n);
	assert_int_equal(atomic_load(&w.seen_n), n);
}

static void until_sent(int64_t n)
{
	until(counts().sent >= n);
	assert_int_equal(counts().sent, n);
}

/* Lets everything under way be recorded. */
static void settle(void)
{
	struct notify_stats s;
	usleep(2000);
	until((notify_get_stats(w.notify, &s), s.on_the_way == 0));
}

static void pass(int64_t ms)
{
	atomic_fetch_add(&w.now, ms);
	notify_wake(w.notify);
}

static void every_alert_arrives_once_and_signed(void **state)
{
	(void)state;
	add_alerts("hook", 100);
	add_alerts("log", 150);
	start();
	until_sent(250);
	assert_int_equal(atomic_load(&w.seen_n), 100);
	assert_int_equal(atomic_load(&w.bad_signatures), 0);
	for (int i = 0; i < 100; i++) {
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(w.seen[i].id, w.seen[k].id);
		}
	}
	add_alerts("hook", 1);
	notify_wake(w.notify);
	until_sent(251);
	stop();
	assert_int_equal(counts().due, 0);
}

/* All ten attempts in fake time: same id each time, at the published moments, then a dead letter. */
static void a_failing_alert_follows_the_schedule_and_dies(void **state)
{
	(void)state;
	static const int64_t plain_s[] = {0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};
	atomic_store(&w.status, 500);
	add_alerts("hook", 1);
	start();
	until_seen(1);
	for (int attempt = 1; attempt < RETRY_WEBHOOK_TRIES; attempt++) {
		settle();
		pass(plain_s[attempt] * 890); /* before the earliest moment */
		usleep(20000);
		assert_int_equal(atomic_load(&w.seen_n), attempt);
		pass(plain_s[attempt] * 220); /* after the latest */
		until_seen(attempt + 1);
		assert_string_equal(w.seen[attempt].id, w.seen[0].id);
	}
	settle();
	assert_int_equal(counts().dead, 1);
	assert_int_equal(health("hook"), RECEIVER_RESTING);
	stop();
}

static void a_receiver_that_recovers_gets_everything(void **state)
{
	(void)state;
	atomic_store(&w.status, 503);
	add_alerts("hook", 20);
	start();
	until(health("hook") == RECEIVER_RESTING);
	settle();
	int before = atomic_load(&w.seen_n);
	assert_in_range(before, BREAKER_FAILURES, BREAKER_FAILURES + 3); /* not one for each row */
	pass(30000);
	usleep(30000);
	assert_int_equal(atomic_load(&w.seen_n), before);
	pass(31000);
	until_seen(before + 1); /* the probe of the minute */
	atomic_store(&w.status, 200);
	settle();
	until((pass(61000), usleep(20000), counts().sent >= 20));
	until_sent(20);
	settle();
	assert_int_equal(health("hook"), RECEIVER_OK);
	stop();
}

/* The most attempts any alert for it had. */
static int64_t attempts(const char *receiver)
{
	pthread_mutex_lock(&w.lock);
	struct db_query *q =
		db_query(store_db(w.store), "SELECT max(attempt) FROM outbox WHERE receiver = $1");
	db_text(q, str_c(receiver));
	int64_t n = db_run_i64(q, 0);
	pthread_mutex_unlock(&w.lock);
	return n;
}

static void set_lead_states(const char *state)
{
	pthread_mutex_lock(&w.lock);
	struct db_query *q = db_query(store_db(w.store), "UPDATE leads SET state = $1");
	db_text(q, str_c(state));
	db_run(q);
	pthread_mutex_unlock(&w.lock);
}

static void an_alert_whose_lead_was_dismissed_since_its_last_try_is_withdrawn(void **state)
{
	(void)state;
	atomic_store(&w.status, 503);
	add_alerts("hook", 1);
	start();
	until(counts().failed == 1);
	set_lead_states("dismissed");
	atomic_store(&w.status, 200);
	pass(6000);
	until(counts().withdrawn == 1);
	settle();
	assert_int_equal(atomic_load(&w.seen_n), 1); /* the try that failed */
	stop();
}

/* It is 08:00 at T0. */
static void what_failed_or_became_due_is_not_sent_in_quiet_hours(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	assert_int_equal(
		hours_parse(&w.receivers[0].quiet, STR("08:01-09:00 UTC"), &arena, NULL), HARK_OK);
	atomic_store(&w.status, 503);
	add_alerts("hook", 1);
	start();
	until(counts().failed == 1);
	atomic_store(&w.status, 200);
	add_alerts("log", 1);
	pass(60000);
	until(counts().sent == 1); /* the other receiver is awake */
	settle();
	assert_int_equal(atomic_load(&w.seen_n), 1);
	pass(59 * 60000 - 1000);
	usleep(20000);
	settle();
	assert_int_equal(atomic_load(&w.seen_n), 1);
	pass(2000);
	until_seen(2);
	stop();
	w.receivers[0].quiet = NULL;
	arena_release(&arena);
}

static void a_clock_set_forward_sends_nothing_twice_that_is_on_its_way(void **state)
{
	(void)state;
	add_alerts("dead", 1);
	start();
	until(attempts("dead") == 1);
	for (int sent = 1; sent <= 3; sent++) {
		pass(3 * 86400000);
		add_alerts("log", 1); /* one trip serves all */
		notify_wake(w.notify);
		until_sent(sent);
		assert_int_equal(attempts("dead"), 1);
	}
	stop();
}

static void a_clock_set_back_keeps_no_alert_waiting_for_it(void **state)
{
	(void)state;
	atomic_store(&w.status, 500);
	add_alerts("hook", 1);
	start();
	until_seen(1);
	settle();
	pass(-20 * INT64_C(86400000));
	add_alerts("log", 1);
	notify_wake(w.notify);
	until_sent(1);
	pass(6000);
	until_seen(2);
	settle();
	stop();
}

static void a_hanging_receiver_delays_nobody(void **state)
{
	(void)state;
	add_alerts("dead", 500);
	start();
	usleep(100000);
	add_alerts("hook", 50);
	add_alerts("log", 50);
	notify_wake(w.notify);
	until_sent(100);
	assert_int_equal(atomic_load(&w.hung_out), 0);
	assert_in_range(server_busiest(w.server), 1, 4 + 4); /* no more than four at one receiver */
	stop();
	assert_int_equal(atomic_load(&w.hung_out), 0);
	assert_int_equal(counts().due, 500); /* none was lost, none given up */
}

static void a_pause_the_receiver_asks_for_is_kept(void **state)
{
	(void)state;
	atomic_store(&w.status, 429);
	snprintf(w.retry_after, sizeof(w.retry_after), "Retry-After: 600\r\n");
	add_alerts("hook", 1);
	start();
	until_seen(1);
	settle();
	atomic_store(&w.status, 200);
	pass(590000); /* the schedule alone would try after five seconds */
	usleep(30000);
	assert_int_equal(atomic_load(&w.seen_n), 1);
	pass(11000);
	until_sent(1);
	stop();
}

static void gone_means_disabled_until_an_admin_says_otherwise(void **state)
{
	(void)state;
	size_t n;
	atomic_store(&w.status, 410);
	add_alerts("hook", 30);
	start();
	until(counts().held >= 30);
	assert_int_equal(counts().held, 30);
	assert_int_equal(health("hook"), RECEIVER_DISABLED);
	int before = atomic_load(&w.seen_n);
	add_alerts("hook", 1);
	pass(61000);
	until(counts().held >= 31);
	assert_int_equal(counts().held, 31);
	assert_int_equal(atomic_load(&w.seen_n), before);

	/* As `hark notify replay` does it. */
	atomic_store(&w.status, 200);
	pthread_mutex_lock(&w.lock);
	assert_int_equal(
		store_receiver_save(w.store, &(struct receiver_state){.name = STR("hook")}, NULL),
		HARK_OK);
	assert_int_equal(
		outbox_replay(w.store, 0, STR("hook"), atomic_load(&w.now), &n, NULL), HARK_OK);
	pthread_mutex_unlock(&w.lock);
	assert_int_equal(n, 31);
	pass(61000);
	until_sent(31);
	stop();
}

static void a_full_disk_delays_but_loses_nothing(void **state)
{
	(void)state;
	add_alerts("hook", 5);
	atomic_store(&w.fail_writes, 1);
	start();
	until_sent(5);
	assert_int_equal(atomic_load(&w.seen_n), 5);
	atomic_store(&w.status, 200);
	add_alerts("hook", 1);
	notify_wake(w.notify);
	until_seen(6);
	until_sent(6);
	stop();
}

static void a_reload_brings_and_takes_receivers(void **state)
{
	(void)state;
	static struct conf next;
	static struct conf_receiver fewer[2];
	add_alerts("log", 3);
	add_alerts("nobody", 2); /* never was in the configuration */
	start();
	until_sent(3);
	assert_int_equal(counts().held, 2);
	fewer[0] = w.receivers[0];
	fewer[1] = w.receivers[2];
	fewer[1].name = "log2";
	next.receivers = fewer;
	next.receivers_n = 2;
	atomic_init(&next.refs, 1000);
	notify_set_conf(w.notify, &next);
	add_alerts("log", 1); /* made by the old configuration */
	add_alerts("log2", 4);
	notify_set_conf(w.notify, &next);
	notify_wake(w.notify);
	until_sent(7);
	until(counts().held >= 3);
	assert_int_equal(counts().held, 3);
	stop();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_alert_arrives_once_and_signed),
		TEST(a_failing_alert_follows_the_schedule_and_dies),
		TEST(a_receiver_that_recovers_gets_everything),
		TEST(an_alert_whose_lead_was_dismissed_since_its_last_try_is_withdrawn),
		TEST(what_failed_or_became_due_is_not_sent_in_quiet_hours),
		TEST(a_clock_set_forward_sends_nothing_twice_that_is_on_its_way),
		TEST(a_clock_set_back_keeps_no_alert_waiting_for_it),
		TEST(a_hanging_receiver_delays_nobody),
		TEST(a_pause_the_receiver_asks_for_is_kept),
		TEST(gone_means_disabled_until_an_admin_says_otherwise),
		TEST(a_full_disk_delays_but_loses_nothing),
		TEST(a_reload_brings_and_takes_receivers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
