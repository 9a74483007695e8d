#include "config.h"

#include "monitor/daemon_parts.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/heap.h"
#include "monitor/base/log.h"
#include "monitor/base/notify_systemd.h"
#include "monitor/store/imports.h"
#include "monitor/store/outbox.h"
#include "monitor/store/rates.h"

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
#define DRAIN_MS 30000                     /* --once waits so long for deliveries */
#define DRAIN_NAP_US 10000

/* --- what the threads ask of the daemon --- */

struct setup *daemon_setup(void *ctx)
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

static size_t under_way(void *ctx)
{
	struct daemon *d = ctx;
	return scheduler_under_way(d->scheduler);
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

int daemon_write(void *ctx, int (*fn)(struct store *s, void *arg, struct hark_err *err), void *arg,
	struct hark_err *err)
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
		.write = daemon_write,
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
		.write = daemon_write,
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
		.under_way = under_way,
		.home = source_home,
		.alerts = alerts_wait,
		.hubs = hubs_changed,
		.fatal = on_disk_failure,
		.setup = daemon_setup,
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
			.setup = daemon_setup,
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
		.write = daemon_write,
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

bool daemon_is_alive(struct daemon *d)
{
	int64_t now = clock_steady_ms(), oldest = atomic_load(&d->fetch_beat);
	long long writer = atomic_load(&d->writer_beat);
	oldest = writer < oldest ? writer : oldest;
	for (size_t i = 0; i < d->workers_n; i++) {
		long long beat = atomic_load(&d->worker_beats[i]);
		oldest = beat < oldest ? beat : oldest;
	}
	return now - oldest < THREAD_STUCK_MS;
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
		start_writer, start_workers, start_threads, start_control, daemon_make_inlet};
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
	return rc == HARK_OK ? daemon_start_http(d, err)
			     : rc; /* now that there is somebody to ask for */
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
	int64_t beat_ms = systemd_watchdog_ms(), next_beat = 0;
	for (;;) {
		struct pollfd p[2 + CONTROL_POLLS_MAX] = {
			{.fd = d->signals, .events = POLLIN}, {.fd = d->events, .events = POLLIN}};
		size_t polls = 2 + control_polls(d->control, p + 2, clock_steady_ms());
		int wait = beat_ms > 0 && beat_ms < 1000 ? (int)beat_ms : 1000;
		poll(p, polls, wait);
		int64_t now = clock_steady_ms();
		clear_events(d);
		if (beat_ms > 0 && now >= next_beat && daemon_is_alive(d)) {
			systemd_notify("WATCHDOG=1");
			next_beat = now + beat_ms;
		}
		daemon_keep_house(d, now);
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
