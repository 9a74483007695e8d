#include "config.h"

#include "monitor/base/count.h"
#include "monitor/daemon_parts.h"

#include "monitor/api/first_user.h"
#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/heap.h"
#include "monitor/base/log.h"
#include "monitor/base/notify_systemd.h"
#include "monitor/control.h"
#include "monitor/leads/work.h"
#include "monitor/references/peeks.h"
#include "monitor/references/request_work.h"
#include "monitor/references/work.h"
#include "monitor/pipeline/alarm_tell.h"
#include "monitor/pipeline/overflow_tell.h"
#include "monitor/store/imports.h"
#include "monitor/store/alarms.h"
#include "monitor/store/first_user.h"
#include "monitor/store/gaps.h"
#include "monitor/store/outbox.h"
#include "monitor/store/rates.h"
#include "monitor/store/refusals.h"
#include "monitor/store/replays.h"
#include "monitor/store/audit.h"
#include "monitor/store/retention.h"
#include "monitor/store/sessions.h"
#include "monitor/store/words.h"
#include "monitor/web/web.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Three groups of the writer: one is written, one is on its way to the disk, and one is fetched meanwhile. */
#define UNDER_WAY_MIN 768
#define FETCH_HEAP_BYTES ((size_t)8 << 20) /* their answers */
#define FETCH_NAP_MS 5000                  /* the fetch loop turns at least so often */
#define HOUSE_MS 30000                     /* between two rounds of housekeeping */
#define LISTS_MS 2000                      /* between two looks at the files of lists */
#define PURGE_MS 3600000  /* between two looks for what is too old, unless more is waiting */
#define PURGE_POSTS 500   /* a turn: some ten milliseconds of the writer */
#define PURGE_TURNS 20    /* a round */
#define BEAT_MAX_MS 20000 /* a thread silent for so long is stuck */
#define DRAIN_MS 30000    /* --once waits so long for deliveries */
#define DRAIN_NAP_US 10000

/* --- what the threads ask of the daemon --- */

static struct setup *current_setup(void *ctx)
{
	struct daemon *d = ctx;
	pthread_mutex_lock(&d->lock);
	struct setup *s = setup_ref(d->setup);
	pthread_mutex_unlock(&d->lock);
	return s;
}

static void wake_main(struct daemon *d)
{
	uint64_t one = 1;
	if (write(d->events, &one, sizeof(one)) < 0) {
		log_error("cannot wake the main thread");
	}
}

static void on_all_polled(void *ctx)
{
	struct daemon *d = ctx;
	atomic_store(&d->all_polled, true);
	wake_main(d);
}

static void on_disk_failure(void *ctx, const struct hark_err *err)
{
	struct daemon *d = ctx;
	if (!atomic_exchange(&d->disk_failed, true)) {
		log_error("stopping: %s", err->text);
		wake_main(d);
	}
}

static void source_home(void *ctx, struct source *source)
{
	struct daemon *d = ctx;
	scheduler_return(d->scheduler, source);
}

static void alerts_wait(void *ctx)
{
	struct daemon *d = ctx;
	notify_wake(d->notify);
}

static void hubs_changed(void *ctx)
{
	struct daemon *d = ctx;
	websub_look(d->websub);
}

static bool is_subscribed(void *ctx, const char *source)
{
	struct daemon *d = ctx;
	return websub_is_active(d->websub, source);
}

static void subscription_lost(void *ctx, const char *source)
{
	struct daemon *d = ctx;
	if (scheduler_poll_plainly(d->scheduler, source) != HARK_OK) {
		log_warn("%s: no memory to poll it sooner, now that no hub tells of its news",
			source);
	}
}

static void wake_loop(void *ctx)
{
	wake_main(ctx);
}

static void deliver_batch(void *ctx, struct batch *batch)
{
	struct daemon *d = ctx;
	writer_deliver(d->writer, batch);
}

static int write_through(void *ctx, int (*fn)(struct store *s, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err)
{
	struct daemon *d = ctx;
	return writer_call(d->writer, fn, arg, err);
}

int64_t daemon_tick(void *ctx, int64_t now_ms)
{
	struct daemon *d = ctx;
	atomic_store(&d->fetch_beat, now_ms);
	int64_t next = scheduler_tick(d->scheduler, now_ms);
	return next < now_ms + FETCH_NAP_MS ? next : now_ms + FETCH_NAP_MS;
}

static void *run_fetch(void *arg)
{
	struct daemon *d = arg;
	heap_reserve(FETCH_HEAP_BYTES);
	fetch_run(d->fetch);
	return NULL;
}

static void *run_notify(void *arg)
{
	struct daemon *d = arg;
	notify_run(d->notify);
	return NULL;
}

/* --- start --- */

static int open_signals(struct daemon *d, struct hark_err *err)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL); /* before the first thread: all inherit it */
	signal(SIGPIPE, SIG_IGN);
	d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	d->events = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->signals < 0 || d->events < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "no descriptor for signals");
	}
	return HARK_OK;
}

static int open_stores(struct daemon *d, struct hark_err *err)
{
	const char *url = d->setup->conf->store;
	int rc = store_open(&d->store, url, STORE_OWNER | STORE_SYNC_LATER, err);
	if (rc == HARK_OK) {
		if (store_is_new(d->store)) {
			log_info("%s is new: what the first poll of a source finds raises nothing",
				url);
		}
		rc = outbox_recover(d->store, err);
	}
	if (rc == HARK_OK) {
		rc = store_open(&d->reader, url, STORE_READ_ONLY, err);
	}
	if (rc == HARK_OK) {
		d->imports_seen = store_import_mark(d->reader);
	}
	return rc;
}

static int make_fetch(struct daemon *d, struct hark_err *err)
{
	char agent[CONF_AGENT_MAX];
	const struct fetch_options options = daemon_fetch_options(d, d->setup->conf, agent);
	d->fetch = fetch_new(&options, err);
	return d->fetch != NULL ? HARK_OK : HARK_ENOMEM;
}

static size_t under_way_max(const struct conf *c)
{
	return c->http_parallel * 4 > UNDER_WAY_MIN ? (size_t)c->http_parallel * 4 : UNDER_WAY_MIN;
}

static void restore_rate(void *scheduler, const struct rate_fill *fill)
{
	scheduler_restore(scheduler, fill);
}

static int make_scheduler(struct daemon *d, struct hark_err *err)
{
	size_t most = under_way_max(d->setup->conf);
	d->jobs = queue_new(most, (void (*)(void *))poll_job_free);
	const struct scheduler_options options = {
		.jobs = d->jobs,
		.under_way_max = most,
		.once = d->options->once,
		.all_polled = on_all_polled,
		.ctx = d,
	};
	d->scheduler = d->jobs != NULL ? scheduler_new(&options) : NULL;
	if (d->scheduler == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory");
	}
	scheduler_set_fetch(d->scheduler, d->fetch);
	return store_rates_each(d->reader, restore_rate, d->scheduler, err);
}

static const char *store_dir(const struct conf *c, char *out, size_t size)
{
	const char *path = strchr(c->store, ':') != NULL ? strchr(c->store, ':') + 1 : c->store;
	const char *slash = strrchr(path, '/');
	if (slash == NULL) {
		return ".";
	}
	snprintf(out, size, "%.*s", (int)(slash - path) > 0 ? (int)(slash - path) : 1, path);
	return out;
}

static int make_websub(struct daemon *d, struct hark_err *err)
{
	const struct websub_options options = {
		.fetch = d->fetch,
		.write = write_through,
		.wake = wake_loop,
		.lost = subscription_lost,
		.ctx = d,
	};
	d->websub = websub_new(&options);
	return d->websub != NULL ? websub_load(d->websub, d->reader, err)
				 : hark_err_set(err, HARK_ENOMEM, "no memory");
}

static int make_recheck(struct daemon *d, struct hark_err *err)
{
	const struct recheck_options options = {
		.fetch = d->fetch,
		.write = write_through,
		.wake = wake_loop,
		.ctx = d,
	};
	d->recheck = recheck_new(&options);
	return d->recheck != NULL ? HARK_OK : hark_err_set(err, HARK_ENOMEM, "no memory");
}

static int start_writer(struct daemon *d, struct hark_err *err)
{
	static char dir[1024];
	const struct writer_options options = {
		.store = d->store,
		.store_url = d->setup->conf->store,
		.store_path = store_dir(d->setup->conf, dir, sizeof(dir)),
		.cap = under_way_max(d->setup->conf) + 64,
		.home = source_home,
		.alerts = alerts_wait,
		.hubs = hubs_changed,
		.fatal = on_disk_failure,
		.setup = current_setup,
		.ctx = d,
		.beat = &d->writer_beat,
	};
	d->writer = writer_start(&options);
	return d->writer != NULL ? HARK_OK
				 : hark_err_set(err, HARK_ENOMEM, "cannot start the writer thread");
}

static int start_workers(struct daemon *d, struct hark_err *err)
{
	int rc = tone_model_open_own(&d->tone, err);
	if (rc != HARK_OK) {
		return rc;
	}
	d->workers_asked = d->setup->conf->workers;
	long n = d->workers_asked > 0 ? (long)d->workers_asked : sysconf(_SC_NPROCESSORS_ONLN);
	n = n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : n;
	for (long i = 0; i < n; i++) {
		const struct worker_options options = {
			.jobs = d->jobs,
			.deliver = deliver_batch,
			.give_up = source_home,
			.setup = current_setup,
			.subscribed = is_subscribed,
			.tone = &d->tone,
			.ctx = d,
			.beat = &d->worker_beats[i],
		};
		d->workers[i] = worker_start(&options);
		if (d->workers[i] == NULL) {
			return hark_err_set(err, HARK_ENOMEM, "cannot start a worker thread");
		}
		d->workers_n++;
	}
	return HARK_OK;
}

static int start_notify(struct daemon *d, struct hark_err *err)
{
	const struct notify_options options = {
		.conf = d->setup->conf,
		.fetch = d->fetch,
		.write = write_through,
		.write_ctx = d,
	};
	d->notify = notify_new(&options, err);
	return d->notify != NULL ? HARK_OK : HARK_ENOMEM;
}

static int start_threads(struct daemon *d, struct hark_err *err)
{
	if (pthread_create(&d->fetch_thread, NULL, run_fetch, d) != 0) {
		return hark_err_set(err, HARK_ENOMEM, "cannot start the fetch thread");
	}
	d->fetch_runs = true;
	pthread_setname_np(d->fetch_thread, "hark-fetch");
	if (pthread_create(&d->notify_thread, NULL, run_notify, d) != 0) {
		return hark_err_set(err, HARK_ENOMEM, "cannot start the notify thread");
	}
	d->notify_runs = true;
	pthread_setname_np(d->notify_thread, "hark-notify");
	return HARK_OK;
}

static bool all_alive(struct daemon *d)
{
	int64_t now = clock_steady_ms(), oldest = atomic_load(&d->fetch_beat);
	long long writer = atomic_load(&d->writer_beat);
	oldest = writer < oldest ? writer : oldest;
	for (size_t i = 0; i < d->workers_n; i++) {
		long long beat = atomic_load(&d->worker_beats[i]);
		oldest = beat < oldest ? beat : oldest;
	}
	return now - oldest < BEAT_MAX_MS;
}

/* On the HTTP server's threads. */
static bool is_ready(void *ctx, char why[HEALTH_WHY_MAX])
{
	struct daemon *d = ctx;
	struct writer_counts counts = {0};
	pthread_mutex_lock(&d->lock);
	if (d->stopping) {
		snprintf(why, HEALTH_WHY_MAX, "hark is stopping\n");
	} else {
		writer_counts(d->writer, &counts);
	}
	pthread_mutex_unlock(&d->lock);
	if (why[0] != '\0') {
		return false;
	}
	if (counts.disk_full) {
		snprintf(why, HEALTH_WHY_MAX,
			"the disk is full: polling pauses until there is room\n");
	} else if (!all_alive(d)) {
		snprintf(why, HEALTH_WHY_MAX, "a thread has been stuck for %d s\n",
			BEAT_MAX_MS / 1000);
	}
	return why[0] == '\0';
}

static int take_push(void *ctx, struct push *push)
{
	struct daemon *d = ctx;
	return scheduler_push(d->scheduler, push);
}

static bool is_disk_full(void *ctx)
{
	struct daemon *d = ctx;
	struct writer_counts counts;
	writer_counts(d->writer, &counts);
	return counts.disk_full;
}

static int make_inlet(struct daemon *d, struct hark_err *err)
{
	struct websub *websub = d->options->once ? NULL : d->websub;
	const struct inlet_options options = {websub, take_push, is_disk_full, d};
	d->inlet = inlet_new(&options);
	return d->inlet != NULL ? HARK_OK : hark_err_set(err, HARK_ENOMEM, "no memory");
}

/* On the HTTP server's threads, as the next. */
static void admit_http(void *ctx, struct http_exchange *x)
{
	struct daemon *d = ctx;
	if (api_serves(http_path(x))) {
		api_admit(d->api, x);
	} else if (str_starts(http_path(x), STR(INLET_PATH))) {
		inlet_admit(d->inlet, x);
	} else if (web_serves(http_path(x))) {
		web_admit(x);
	} else {
		health_admit(x);
	}
}

static void handle_http(void *ctx, struct http_exchange *x)
{
	struct daemon *d = ctx;
	if (api_serves(http_path(x))) {
		api_handle(d->api, x);
	} else if (str_starts(http_path(x), STR(INLET_PATH))) {
		inlet_handle(d->inlet, x);
	} else if (web_serves(http_path(x))) {
		web_handle(x);
	} else {
		health_handle(&d->health, x);
	}
}

/* On the API's threads: a word with the main one. */
static int ask_main(void *ctx, const char *request_json, struct buf *reply, struct hark_err *err)
{
	struct daemon *d = ctx;
	return control_call(d->control_path, request_json, reply, err);
}

static int start_api(struct daemon *d, struct hark_err *err)
{
	const struct api_options options = {.store_url = d->setup->conf->store,
		.setup = current_setup,
		.write = write_through,
		.ask = ask_main,
		.ctx = d};
	d->api = api_new(&options, err);
	return d->api != NULL ? HARK_OK : HARK_ENOMEM;
}

/* Nothing that hark serves loads anything from elsewhere or runs what it did not bring. */
static const char *const http_headers[] = {"Content-Security-Policy",
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
	"X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer",
	"Cross-Origin-Resource-Policy", "same-origin", NULL};

static int make_first_link(struct store *store, void *arg, struct hark_err *err)
{
	const struct audit_entry entry = {.action = STR("first link")};
	int rc = store_first_link(store, clock_wall_ms(), arg, err);
	store_audit_add(store, &entry);
	return rc;
}

/* A new store has nobody who could let anybody in: whoever reads the log of harkd runs it. */
static void invite_first_user(struct daemon *d)
{
	char token[TOKEN_TEXT_MAX];
	struct hark_err err = {0};
	struct buf link;
	if (d->options->once || !web_serves(STR(FIRST_USER_PAGE)) ||
		first_user_possible(d->setup->conf, NULL) != HARK_OK ||
		store_first_check(d->reader, NULL) != HARK_OK) {
		return;
	}
	buf_init(&link, 4096);
	if (writer_call(d->writer, make_first_link, token, &err) != HARK_OK) {
		log_warn("no link for the first user: %s", err.text);
	} else {
		first_user_link(d->setup->conf, token, &link);
		log_info("there is no user yet: the first, an admin, opens %s within a day%s",
			buf_c(&link),
			buf_c(&link)[0] == '/' ? ", at the address where people reach hark" : "");
	}
	crypto_wipe(token, sizeof(token));
	crypto_wipe_buf(&link);
}

static int start_http(struct daemon *d, struct hark_err *err)
{
	const char *at = d->setup->conf->http_listen;
	if (at == NULL) {
		return HARK_OK;
	}
	d->http_at = strdup(at);
	if (d->http_at == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for http.listen");
	}
	d->health = (struct health){is_ready, d};
	const struct http_options options = {.handler = handle_http,
		.admit = admit_http,
		.ctx = d,
		.timeout_s = 20,
		.headers = http_headers,
		.beyond_loopback = d->setup->conf->http_behind_tls};
	int rc = start_api(d, err);
	if (rc != HARK_OK) {
		return rc;
	}
	d->http = http_server_new(&options, err);
	rc = d->http != NULL ? http_server_listen(d->http, at, err) : HARK_ENOMEM;
	if (rc >= 0 && !http_is_local(at)) {
		log_warn("%s can be reached from other machines, in the open: let only a proxy "
			 "that speaks TLS get there",
			at);
	}
	if (rc >= 0) {
		invite_first_user(d);
	}
	return rc < 0 ? rc : HARK_OK;
}

static int start_control(struct daemon *d, struct hark_err *err)
{
	d->control_path = strdup(d->setup->conf->control);
	if (d->control_path == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the control socket");
	}
	return control_listen(&d->control, d->control_path, err);
}

static int load_setup(struct daemon *d, struct hark_err *err)
{
	struct diags diags;
	diags_init(&diags);
	int rc = setup_load_running(&d->setup, d->options->config, NULL, &diags, err);
	diags_print(&diags, stderr, false);
	diags_release(&diags);
	return rc;
}

static int start(struct daemon *d, struct hark_err *err)
{
	int (*const steps[])(struct daemon *, struct hark_err *) = {load_setup, open_signals,
		open_stores, make_fetch, make_scheduler, make_websub, make_recheck, start_notify,
		start_writer, start_workers, start_threads, start_control, make_inlet};
	int rc = HARK_OK;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && rc == HARK_OK; i++) {
		rc = steps[i](d, err);
	}
	if (rc == HARK_OK) {
		struct setup *plain = setup_ref(d->setup); /* sources need nobody's names */
		daemon_set_setup(d, daemon_meet_people(d, setup_ref(plain)));
		rc = daemon_install_sources(d, plain, true, err);
		setup_unref(plain);
	}
	return rc == HARK_OK ? start_http(d, err) : rc; /* now that there is somebody to ask for */
}

/* --- stop --- */

static void stop(struct daemon *d)
{
	pthread_mutex_lock(&d->lock);
	d->stopping = true;
	pthread_mutex_unlock(&d->lock);
	if (d->inlet != NULL) {
		inlet_close(d->inlet);
	}
	if (d->control != NULL) {
		control_free(d->control);
		unlink(d->control_path);
	}
	if (d->notify_runs) {
		notify_stop(d->notify);
		pthread_join(d->notify_thread, NULL);
	}
	if (d->fetch_runs) {
		fetch_stop(d->fetch);
		pthread_join(d->fetch_thread, NULL);
	}
	if (d->jobs != NULL) {
		queue_close(d->jobs);
	}
	for (size_t i = 0; i < d->workers_n; i++) {
		worker_join(d->workers[i]);
	}
	tone_model_close(&d->tone);
	if (d->api != NULL) {
		api_stop(d->api); /* its threads write through the writer */
	}
	if (d->writer != NULL) {
		writer_join(d->writer);
	}
	notify_free(d->notify);
	scheduler_free(d->scheduler);
	http_server_free(d->http); /* every push has its answer */
	api_free(d->api);
	free(d->control_path);
	free(d->http_at);
	inlet_free(d->inlet);
	queue_free(d->jobs);
	fetch_free(d->fetch);
	websub_free(d->websub);
	recheck_free(d->recheck);
	store_close(d->reader);
	store_close(d->store);
	setup_unref(d->setup);
	close(d->signals);
	close(d->events);
}

/* --- the main loop --- */

static void first_beats(struct daemon *d)
{
	int64_t now = clock_steady_ms();
	atomic_store(&d->fetch_beat, now);
	atomic_store(&d->writer_beat, now);
	for (size_t i = 0; i < WORKERS_MAX; i++) {
		atomic_store(&d->worker_beats[i], now);
	}
}

static int return_due(struct store *store, void *arg, struct hark_err *err)
{
	return leads_return_due(store, clock_wall_ms(), arg, err);
}

struct reference_round {
	const struct conf *conf;
	size_t n, made;
};

static int return_references(struct store *store, void *arg, struct hark_err *err)
{
	struct reference_round *round = arg;
	size_t asks = 0, peeks = 0;
	int rc = references_return_due(store, round->conf, clock_wall_ms(), &round->n, &asks, err);
	rc = rc == HARK_OK
		     ? requests_return_due(store, round->conf, clock_wall_ms(), &round->made, err)
		     : rc;
	rc = rc == HARK_OK ? peeks_tell_due(store, round->conf, clock_wall_ms(), &peeks, err) : rc;
	round->made += asks + peeks;
	return rc;
}

/* Holds and permissions end, and who does not answer is reminded, or somebody else is asked. */
static void look_after_references(struct daemon *d)
{
	struct hark_err err = {0};
	struct setup *setup = current_setup(d);
	struct reference_round round = {.conf = setup->conf};
	if (writer_call(d->writer, return_references, &round, &err) != HARK_OK) {
		log_warn("references whose time is up were not looked after: %s", err.text);
	} else if (round.made > 0) {
		notify_wake(d->notify);
	}
	setup_unref(setup);
}

/* Claims that ran out and snoozes that are over come back to the queue. */
static void keep_house(struct daemon *d)
{
	look_after_references(d);
	struct hark_err err = {0};
	size_t n = 0;
	if (writer_call(d->writer, return_due, &n, &err) != HARK_OK) {
		log_warn("leads whose time is up were not returned: %s", err.text);
	} else if (n > 0) {
		log_info("%s came back to the queue: a claim ran out or a snooze is over",
			COUNT(n, "lead"));
	}
}

struct alarm_round {
	const struct conf *conf;
	size_t made;
};

static int tell_alarms(struct store *store, void *arg, struct hark_err *err)
{
	struct alarm_round *round = arg;
	return alarms_tell(store, round->conf, clock_wall_ms(), &round->made, err);
}

/* Messages about sources. Returns how long nothing more is to be said. */
static int64_t look_at_alarms(struct daemon *d)
{
	struct hark_err err = {0};
	struct setup *setup = current_setup(d);
	struct alarm_round round = {.conf = setup->conf};
	int64_t gather = setup->conf->alarms_gather_ms;
	if (writer_call(d->writer, tell_alarms, &round, &err) != HARK_OK) {
		log_warn("alarms of sources were not told, trying again later: %s", err.text);
	} else if (round.made > 0) {
		notify_wake(d->notify);
	}
	setup_unref(setup);
	return round.made > 0 ? 5 * gather : gather;
}

struct overflow_round {
	const struct conf *conf;
	size_t made;
};

static int tell_overflow(struct store *store, void *arg, struct hark_err *err)
{
	struct overflow_round *round = arg;
	return overflow_tell(store, round->conf, clock_wall_ms(), &round->made, err);
}

/* What is for the digest, or came when somebody's budget was used up. */
static void look_at_overflow(struct daemon *d)
{
	struct hark_err err = {0};
	struct setup *setup = current_setup(d);
	struct overflow_round round = {.conf = setup->conf};
	if (setup->conf->receivers_n > 0 &&
		writer_call(d->writer, tell_overflow, &round, &err) != HARK_OK) {
		log_warn("leads for a digest were not told, trying again later: %s", err.text);
	} else if (round.made > 0) {
		notify_wake(d->notify);
	}
	setup_unref(setup);
}

struct purge {
	struct retention limits;
	struct retention_counts counts;
};

static int purge_turn(struct store *store, void *arg, struct hark_err *err)
{
	struct purge *p = arg;
	const struct retention_counts before = p->counts;
	int rc = retention_turn(store, &p->limits, clock_wall_ms(), PURGE_POSTS, &p->counts, err);
	if (p->counts.posts + p->counts.leads > before.posts + before.leads) {
		char note[80];
		snprintf(note, sizeof(note), "%zu posts, %zu leads", p->counts.posts - before.posts,
			p->counts.leads - before.leads);
		const struct audit_entry entry = {.action = STR("retention"), .note = str_c(note)};
		store_audit_add(store, &entry);
	}
	return rc;
}

static int clean_words(struct store *store, void *more, struct hark_err *err)
{
	return store_words_clean(store, more, err);
}

static int purge_sources(struct store *store, void *arg, struct hark_err *err)
{
	(void)arg;
	(void)err; /* a failure is the transaction's */
	int64_t now = clock_wall_ms();
	store_gaps_purge(store, now - GAPS_KEEP_MS);
	store_rates_purge(store, now);
	store_alarms_purge(store, now - ALARMS_KEEP_MS);
	store_replays_purge(store, now - REPLAYS_KEEP_MS);
	store_sessions_purge(store, now);
	return HARK_OK;
}

/* Forgets what is older than the configuration allows, in turns between which polls are stored.
 * True: there is more to do. */
static bool purge(struct daemon *d)
{
	struct hark_err err = {0};
	struct setup *setup = current_setup(d);
	struct purge p = {.limits.unmatched_ms = setup->conf->keep_unmatched_ms,
		.limits.leads_ms = setup->conf->keep_leads_ms};
	setup_unref(setup);
	int turns = 0, rc = writer_call(d->writer, purge_sources, NULL, &err);
	do {
		rc = rc == HARK_OK ? writer_call(d->writer, purge_turn, &p, &err) : rc;
	} while (rc == HARK_OK && p.counts.more && ++turns < PURGE_TURNS);
	if (rc != HARK_OK) {
		log_warn("what is too old was not forgotten, trying again later: %s", err.text);
	} else if (p.counts.posts + p.counts.leads > 0) {
		bool more = true;
		while (more && writer_call(d->writer, clean_words, &more, NULL) == HARK_OK) {
		}
		log_info("retention: emptied %s, deleted %s", COUNT(p.counts.posts, "post"),
			COUNT(p.counts.leads, "lead"));
	}
	return rc == HARK_OK && p.counts.more;
}

static void add_refusals(void *ctx, const char *source, int64_t n, int64_t last_ms)
{
	const struct refusals more = {n, last_ms};
	store_refusals_add(ctx, str_c(source), &more);
}

static int save_refusals(struct store *store, void *arg, struct hark_err *err)
{
	struct daemon *d = arg;
	(void)err; /* a failure is the transaction's */
	inlet_each_refused(d->inlet, add_refusals, store);
	return HARK_OK;
}

/* What was refused at the door, for the list of sources. */
static void count_refusals(struct daemon *d)
{
	struct hark_err err = {0};
	if (inlet_each_refused(d->inlet, NULL, NULL) > 0 &&
		writer_call(d->writer, save_refusals, d, &err) != HARK_OK) {
		log_warn("refused messages were not counted: %s", err.text);
	}
}

/* True: stop. */
static bool take_signals(struct daemon *d)
{
	struct signalfd_siginfo info;
	while (read(d->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGHUP) {
			return true;
		}
		daemon_reload_for(d, "a signal asks for it");
	}
	return false;
}

/* `once`: what is due now has been handed to its receivers, or failed and waits for its next try. */
static bool drained(struct daemon *d)
{
	int64_t until = clock_steady_ms() + DRAIN_MS;
	while (clock_steady_ms() < until) {
		struct notify_stats stats;
		struct outbox_counts rows;
		notify_get_stats(d->notify, &stats);
		if (outbox_count(d->reader, STR_NONE, &rows, NULL) != HARK_OK) {
			return false;
		}
		if (stats.on_the_way == 0 && rows.due == 0) {
			return true;
		}
		usleep(DRAIN_NAP_US);
	}
	log_warn("some alerts could not be delivered in %d s; the next start goes on with them",
		DRAIN_MS / 1000);
	return false;
}

static void clear_events(struct daemon *d)
{
	uint64_t n;
	while (read(d->events, &n, sizeof(n)) > 0) {
	}
}

static int loop(struct daemon *d)
{
	int64_t beat_ms = systemd_watchdog_ms(), next_beat = 0, next_house = 0, next_purge = 0,
		next_lists = 0, next_alarms = 0;
	for (;;) {
		struct pollfd p[2 + CONTROL_POLLS_MAX] = {
			{.fd = d->signals, .events = POLLIN}, {.fd = d->events, .events = POLLIN}};
		size_t polls = 2 + control_polls(d->control, p + 2, clock_steady_ms());
		int wait = beat_ms > 0 && beat_ms < 1000 ? (int)beat_ms : 1000;
		poll(p, polls, wait);
		int64_t now = clock_steady_ms();
		clear_events(d);
		if (beat_ms > 0 && now >= next_beat && all_alive(d)) {
			systemd_notify("WATCHDOG=1");
			next_beat = now + beat_ms;
		}
		if (now >= next_house) {
			keep_house(d);
			next_house = now + HOUSE_MS;
			if (now >= next_purge) {
				next_purge = purge(d) ? next_house : now + PURGE_MS;
			}
		}
		if (now >= next_lists) {
			daemon_watch_lists(d);
			daemon_watch_people(d);
			daemon_place_words(d);
			daemon_follow_moves(d);
			daemon_look_at_questions(d);
			count_refusals(d);
			look_at_overflow(d);
			next_lists = now + LISTS_MS;
		}
		if (now >= next_alarms) {
			next_alarms = now + look_at_alarms(d);
		}
		if (!d->options->once) {
			websub_turn(d->websub, d->setup->conf);
			recheck_turn(d->recheck, d->setup->conf);
		}
		control_serve(d->control, daemon_answer, d, now);
		if (atomic_load(&d->disk_failed)) {
			return 1;
		}
		if (take_signals(d)) {
			return 0;
		}
		if (d->options->once && atomic_load(&d->all_polled)) {
			return drained(d) ? 0 : 1;
		}
	}
}

int daemon_run(const struct daemon_options *options)
{
	struct daemon d = {.options = options, .signals = -1, .events = -1};
	struct hark_err err = {0};
	pthread_mutex_init(&d.lock, NULL);
	d.started_ms = clock_wall_ms();
	first_beats(&d);
	int code = 2;
	int rc = start(&d, &err);
	if (rc == HARK_OK) {
		log_info("harkd " PACKAGE_VERSION ": %s, %s, %s, %s",
			COUNT(d.setup->conf->sources_n, "source"),
			COUNT(ruleset_count(d.setup->rules), "rule"),
			COUNT(ruleset_list_count(d.setup->rules), "list entry"),
			d.setup->conf->store);
		daemon_remember_rules(&d);
		daemon_note(&d, STR_NONE, STR("harkd start"), STR_NONE, STR(PACKAGE_VERSION));
		daemon_note_sensitive(&d);
		systemd_notify("READY=1");
		code = loop(&d);
		systemd_notify("STOPPING=1");
		if (!atomic_load(&d.disk_failed)) {
			daemon_note(&d, STR_NONE, STR("harkd stop"), STR_NONE, STR_NONE);
		}
	} else {
		fprintf(stderr, "harkd: %s\n", err.text);
		code = rc == HARK_ENOSPC || rc == HARK_ENOMEM ? 1 : 2; /* 1: later it may start */
	}
	stop(&d);
	pthread_mutex_destroy(&d.lock);
	return code;
}
