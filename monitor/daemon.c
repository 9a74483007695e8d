#include "monitor/daemon.h"

#include "config.h"
#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/log.h"
#include "monitor/base/notify_systemd.h"
#include "monitor/control.h"
#include "monitor/leads/work.h"
#include "monitor/notify/notify.h"
#include "monitor/pipeline/scheduler.h"
#include "monitor/pipeline/worker.h"
#include "monitor/pipeline/writer.h"
#include "monitor/store/outbox.h"
#include "monitor/store/sources.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <uthash.h>

#define WORKERS_MAX 64
#define AGENT_MAX 300
#define UNDER_WAY_MIN 256
#define FETCH_NAP_MS 5000 /* the fetch loop turns at least so often */
#define HOUSE_MS 30000    /* between two rounds of housekeeping */
#define BEAT_MAX_MS 20000 /* a thread silent for so long is stuck */
#define DRAIN_MS 30000    /* --once waits so long for deliveries */
#define DRAIN_NAP_US 10000

struct daemon {
	const struct daemon_options *options;
	int64_t started_ms; /* wall */

	pthread_mutex_t lock; /* guards `setup` */
	struct setup *setup;  /* in force; counted */
	struct store *store;  /* the writer's */
	struct store *reader; /* main thread's, read-only */
	struct queue *jobs;
	struct scheduler *scheduler;
	struct fetch *fetch;
	pthread_t fetch_thread;
	struct writer *writer;
	struct worker *workers[WORKERS_MAX];
	size_t workers_n;
	struct notify *notify;
	pthread_t notify_thread;
	bool fetch_runs, notify_runs;

	int signals, events, listener; /* file descriptors, -1: none */
	atomic_bool all_polled, disk_failed;
	atomic_llong fetch_beat, writer_beat, worker_beats[WORKERS_MAX];
	char reload_error[300]; /* of the last reload, "" if it went well */
	int64_t reload_ms;      /* wall */
};

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
		log_error("the disk of the database fails, stopping: %s", err->text);
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

static int64_t tick(void *ctx, int64_t now_ms)
{
	struct daemon *d = ctx;
	atomic_store(&d->fetch_beat, now_ms);
	int64_t next = scheduler_tick(d->scheduler, now_ms);
	return next < now_ms + FETCH_NAP_MS ? next : now_ms + FETCH_NAP_MS;
}

static void *run_fetch(void *arg)
{
	struct daemon *d = arg;
	fetch_run(d->fetch);
	return NULL;
}

static void *run_notify(void *arg)
{
	struct daemon *d = arg;
	notify_run(d->notify);
	return NULL;
}

/* --- sources --- */

struct named_source {
	UT_hash_handle hh;
	struct source *source;
};

struct memory_reader {
	struct named_source *by_name;
	bool no_memory;
};

static bool take_memory(void *ctx, struct str name, const struct source_state *state)
{
	struct memory_reader *r = ctx;
	struct named_source *n = NULL;
	HASH_FIND(hh, r->by_name, name.p, name.n, n);
	if (n == NULL) {
		return true; /* of a source that is not in the configuration any more */
	}
	struct source_state *packed = source_state_pack(state);
	if (packed == NULL) {
		r->no_memory = true;
		return false;
	}
	free(n->source->state);
	n->source->state = packed;
	return true;
}

/* What is remembered of each source, in one pass over the rows. */
static int load_memory(struct daemon *d, struct source **sources, size_t n, struct hark_err *err)
{
	struct memory_reader r = {0};
	struct named_source *names = calloc(n + 1, sizeof(*names));
	if (names == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
	}
	for (size_t i = 0; i < n; i++) {
		const char *name = sources[i]->conf->name;
		names[i].source = sources[i];
		HASH_ADD_KEYPTR(hh, r.by_name, name, strlen(name), &names[i]);
	}
	int rc = store_source_each(d->reader, take_memory, &r, err);
	if (r.no_memory) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
	}
	HASH_CLEAR(hh, r.by_name);
	free(names);
	return rc;
}

static void free_sources(struct source **sources, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		source_free(sources[i]);
	}
	free(sources);
}

/* Opens every source of the setup with its memory and hands them to the scheduler. */
static int install_sources(struct daemon *d, struct setup *setup, struct hark_err *err)
{
	size_t n = setup->conf->sources_n;
	struct source **sources = calloc(n + 1, sizeof(*sources));
	int rc = sources != NULL ? HARK_OK
				 : hark_err_set(err, HARK_ENOMEM, "no memory for the sources");
	size_t i = 0;
	for (; i < n && rc == HARK_OK; i++) {
		rc = source_new(&sources[i], setup, i, err);
	}
	if (rc == HARK_OK) {
		rc = load_memory(d, sources, n, err);
	}
	if (rc == HARK_OK) {
		rc = scheduler_install(d->scheduler, sources, n);
	}
	if (rc != HARK_OK) {
		free_sources(sources, i);
	}
	return rc;
}

/* --- reload --- */

static struct fetch_options fetch_options_of(
	struct daemon *d, const struct conf *c, char agent[AGENT_MAX])
{
	snprintf(agent, AGENT_MAX,
		c->contact != NULL ? "hark/" PACKAGE_VERSION " (+%s)" : "hark/" PACKAGE_VERSION,
		c->contact);
	return (struct fetch_options){
		.user_agent = agent,
		.parallel = c->http_parallel,
		.per_host = c->http_per_host,
		.timeout_ms = c->http_timeout_ms,
		.connect_timeout_ms = c->http_connect_timeout_ms,
		.tick = tick,
		.tick_ctx = d,
	};
}

static int refuse_moved_store(struct daemon *d, const struct setup *fresh, struct hark_err *err)
{
	if (strcmp(fresh->conf->store, d->setup->conf->store) != 0) {
		return hark_err_set(
			err, HARK_EINVAL, "the store cannot change while harkd runs: restart it");
	}
	return HARK_OK;
}

static int reload(struct daemon *d, struct diags *diags, struct hark_err *err)
{
	struct setup *fresh = NULL;
	systemd_notify("RELOADING=1");
	int rc = setup_load(&fresh, d->options->config, diags, err);
	if (rc == HARK_OK) {
		rc = refuse_moved_store(d, fresh, err);
	}
	if (rc == HARK_OK) {
		rc = install_sources(d, fresh, err);
	}
	if (rc == HARK_OK) {
		pthread_mutex_lock(&d->lock);
		struct setup *old = d->setup;
		d->setup = setup_ref(fresh);
		pthread_mutex_unlock(&d->lock);
		setup_unref(old);
		notify_set_conf(d->notify, fresh->conf);
		char agent[AGENT_MAX];
		const struct fetch_options options = fetch_options_of(d, fresh->conf, agent);
		fetch_set_options(d->fetch, &options);
		log_info("reloaded: %zu sources, %zu rules", fresh->conf->sources_n,
			ruleset_count(fresh->rules));
		d->reload_error[0] = '\0';
	} else {
		log_error("not reloaded, the old configuration stays: %s", err->text);
		snprintf(d->reload_error, sizeof(d->reload_error), "%.*s",
			(int)sizeof(d->reload_error) - 1, err->text);
	}
	d->reload_ms = clock_wall_ms();
	setup_unref(fresh);
	systemd_notify("READY=1");
	return rc;
}

static void reload_by_signal(struct daemon *d)
{
	struct diags diags;
	struct hark_err err = {0};
	diags_init(&diags);
	if (reload(d, &diags, &err) != HARK_OK) {
		diags_print(&diags, stderr, false);
	}
	diags_release(&diags);
}

/* --- the control socket --- */

static void answer_error(struct jsonout *j, const char *sentence)
{
	jsonout_object(j);
	jsonout_key_bool(j, "ok", false);
	jsonout_key_c(j, "error", sentence);
	jsonout_end_object(j);
}

static void answer_ok(struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_bool(j, "ok", true);
	jsonout_end_object(j);
}

static void answer_reload(struct daemon *d, struct jsonout *j, struct buf *out)
{
	struct diags diags;
	struct hark_err err = {0};
	diags_init(&diags);
	int rc = reload(d, &diags, &err);
	jsonout_object(j);
	jsonout_key_bool(j, "ok", rc == HARK_OK);
	jsonout_key_c(j, "error", rc != HARK_OK ? err.text : NULL);
	jsonout_key_i64(j, "sources", (int64_t)d->setup->conf->sources_n);
	jsonout_key_i64(j, "rules", (int64_t)ruleset_count(d->setup->rules));
	jsonout_key(j, "diagnostics");
	diags_json(&diags, out);
	j->comma = true;
	jsonout_end_object(j);
	diags_release(&diags);
}

static void status_counts(struct daemon *d, struct jsonout *j)
{
	struct writer_counts w;
	writer_counts(d->writer, &w);
	jsonout_key_i64(j, "polls", w.polls);
	jsonout_key_i64(j, "posts", w.posts_new);
	jsonout_key_i64(j, "edits", w.posts_edited);
	jsonout_key_i64(j, "copies", w.posts_copies);
	jsonout_key_i64(j, "signals", w.signals);
	jsonout_key_i64(j, "leads", w.leads_new);
	jsonout_key_i64(j, "leads_joined", w.leads_joined);
	jsonout_key_i64(j, "historic", w.historic);
	jsonout_key_i64(j, "alerts", w.alerts);
	jsonout_key_i64(j, "commits", w.commits);
	jsonout_key_bool(j, "disk_full", w.disk_full);
}

static void status_sources(struct daemon *d, struct jsonout *j)
{
	struct scheduler_counts s;
	scheduler_counts(d->scheduler, &s);
	jsonout_key(j, "sources");
	jsonout_object(j);
	jsonout_key_i64(j, "total", (int64_t)s.sources);
	jsonout_key_i64(j, "under_way", (int64_t)s.under_way);
	jsonout_key_i64(j, "failing", (int64_t)s.failing);
	jsonout_key_i64(j, "paused", (int64_t)s.paused);
	if (s.next_due_ms >= 0) {
		jsonout_key_i64(j, "next_due_s", s.next_due_ms / 1000);
	}
	jsonout_end_object(j);
}

static void answer_status(struct daemon *d, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_bool(j, "ok", true);
	jsonout_key_c(j, "version", PACKAGE_VERSION);
	jsonout_key_i64(j, "pid", getpid());
	jsonout_key_time(j, "started", d->started_ms);
	jsonout_key_c(j, "config", d->setup->conf->path);
	jsonout_key_c(j, "store", d->setup->conf->store);
	jsonout_key_i64(j, "rules", (int64_t)ruleset_count(d->setup->rules));
	jsonout_key_i64(j, "list_entries", (int64_t)ruleset_list_count(d->setup->rules));
	status_sources(d, j);
	status_counts(d, j);
	jsonout_key_time(j, "reloaded", d->reload_ms);
	jsonout_key_c(j, "reload_error", d->reload_error[0] != '\0' ? d->reload_error : NULL);
	jsonout_end_object(j);
}

struct pause_wish {
	struct str source;
	bool paused;
};

static int store_pause(struct store *store, void *arg, struct hark_err *err)
{
	const struct pause_wish *wish = arg;
	return store_source_set_paused(store, wish->source, wish->paused, err);
}

static bool has_source(const struct conf *c, struct str name)
{
	for (size_t i = 0; i < c->sources_n; i++) {
		if (str_eq_c(name, c->sources[i].name)) {
			return true;
		}
	}
	return false;
}

static void answer_source(struct daemon *d, struct jsonout *j, struct str what, const char *name)
{
	struct hark_err err = {0};
	bool pause = str_eq_c(what, "pause");
	int rc;
	if (name == NULL || !has_source(d->setup->conf, str_c(name))) {
		answer_error(j, "there is no source of that name: `hark sources list`");
		return;
	}
	if (str_eq_c(what, "poll")) {
		rc = scheduler_poll_now(d->scheduler, name);
	} else {
		struct pause_wish wish = {str_c(name), pause};
		rc = writer_call(d->writer, store_pause, &wish, &err);
		if (rc == HARK_OK) {
			rc = scheduler_pause(d->scheduler, name, pause);
		}
	}
	if (rc == HARK_OK) {
		answer_ok(j);
	} else {
		answer_error(j, err.text[0] != '\0' ? err.text : hark_code_name(rc));
	}
}

static void answer(void *ctx, struct str request, struct buf *reply)
{
	struct daemon *d = ctx;
	struct jsonout j;
	struct hark_err err = {0};
	jsonout_init(&j, reply);
	json_t *q = json_read(request, &err);
	struct str what = json_str(q, "do");
	if (q == NULL) {
		answer_error(&j, err.text);
	} else if (str_eq_c(what, "status")) {
		answer_status(d, &j);
	} else if (str_eq_c(what, "reload")) {
		answer_reload(d, &j, reply);
	} else if (str_eq_c(what, "poll") || str_eq_c(what, "pause") || str_eq_c(what, "resume")) {
		answer_source(d, &j, what, json_str(q, "source").p);
	} else {
		answer_error(&j, "unknown request");
	}
	json_decref(q);
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
	int rc = store_open(&d->store, url, STORE_OWNER, err);
	if (rc == HARK_OK) {
		rc = outbox_recover(d->store, err);
	}
	if (rc == HARK_OK) {
		rc = store_open(&d->reader, url, STORE_READ_ONLY, err);
	}
	return rc;
}

static int make_fetch(struct daemon *d, struct hark_err *err)
{
	char agent[AGENT_MAX];
	const struct fetch_options options = fetch_options_of(d, d->setup->conf, agent);
	d->fetch = fetch_new(&options, err);
	return d->fetch != NULL ? HARK_OK : HARK_ENOMEM;
}

static size_t under_way_max(const struct conf *c)
{
	return c->http_parallel * 4 > UNDER_WAY_MIN ? (size_t)c->http_parallel * 4 : UNDER_WAY_MIN;
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
	return HARK_OK;
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

static int start_writer(struct daemon *d, struct hark_err *err)
{
	static char dir[1024];
	const struct writer_options options = {
		.store = d->store,
		.store_path = store_dir(d->setup->conf, dir, sizeof(dir)),
		.cap = under_way_max(d->setup->conf) + 64,
		.home = source_home,
		.alerts = alerts_wait,
		.fatal = on_disk_failure,
		.setup = current_setup,
		.ctx = d,
		.beat = &d->writer_beat,
	};
	d->writer = writer_start(&options);
	return d->writer != NULL ? HARK_OK
				 : hark_err_set(err, HARK_ENOMEM, "cannot start the writer thread");
}

static void source_given_up(void *ctx, struct source *source)
{
	source_home(ctx, source);
}

static int start_workers(struct daemon *d, struct hark_err *err)
{
	long n = d->setup->conf->workers > 0 ? d->setup->conf->workers
					     : sysconf(_SC_NPROCESSORS_ONLN);
	n = n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : n;
	for (long i = 0; i < n; i++) {
		const struct worker_options options = {
			.jobs = d->jobs,
			.deliver = deliver_batch,
			.give_up = source_given_up,
			.setup = current_setup,
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

static int load_setup(struct daemon *d, struct hark_err *err)
{
	struct diags diags;
	diags_init(&diags);
	int rc = setup_load(&d->setup, d->options->config, &diags, err);
	diags_print(&diags, stderr, false);
	diags_release(&diags);
	return rc;
}

static int start(struct daemon *d, struct hark_err *err)
{
	int (*const steps[])(struct daemon *, struct hark_err *) = {load_setup, open_signals,
		open_stores, make_fetch, make_scheduler, start_notify, start_writer, start_workers,
		start_threads};
	int rc = HARK_OK;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && rc == HARK_OK; i++) {
		rc = steps[i](d, err);
	}
	if (rc == HARK_OK) {
		d->listener = control_listen(d->setup->conf->control, err);
		rc = d->listener >= 0 ? HARK_OK : d->listener;
	}
	return rc == HARK_OK ? install_sources(d, d->setup, err) : rc;
}

/* --- stop --- */

static void stop(struct daemon *d)
{
	if (d->listener >= 0) {
		close(d->listener);
		unlink(d->setup->conf->control);
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
	if (d->writer != NULL) {
		writer_join(d->writer);
	}
	notify_free(d->notify);
	scheduler_free(d->scheduler);
	queue_free(d->jobs);
	fetch_free(d->fetch);
	store_close(d->reader);
	store_close(d->store);
	setup_unref(d->setup);
	close(d->signals);
	close(d->events);
}

/* --- the main loop --- */

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

/* Claims that ran out and snoozes that are over come back to the queue. */
static void keep_house(struct daemon *d)
{
	struct hark_err err = {0};
	size_t n = 0;
	if (writer_call(d->writer, return_due, &n, &err) != HARK_OK) {
		log_warn("leads whose time is up were not returned: %s", err.text);
	} else if (n > 0) {
		log_info(
			"%zu leads came back to the queue: a claim ran out or a snooze is over", n);
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
		reload_by_signal(d);
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
		if (outbox_count(d->reader, &rows, NULL) != HARK_OK) {
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

static int loop(struct daemon *d)
{
	int64_t beat_ms = systemd_watchdog_ms(), next_beat = 0,
		next_house = clock_steady_ms() + HOUSE_MS;
	for (;;) {
		struct pollfd p[] = {{.fd = d->signals, .events = POLLIN},
			{.fd = d->events, .events = POLLIN}, {.fd = d->listener, .events = POLLIN}};
		int wait = beat_ms > 0 && beat_ms < 1000 ? (int)beat_ms : 1000;
		poll(p, 3, wait);
		int64_t now = clock_steady_ms();
		if (beat_ms > 0 && now >= next_beat && all_alive(d)) {
			systemd_notify("WATCHDOG=1");
			next_beat = now + beat_ms;
		}
		if (now >= next_house) {
			keep_house(d);
			next_house = now + HOUSE_MS;
		}
		if (p[2].revents != 0) {
			control_serve(d->listener, answer, d);
		}
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
	struct daemon d = {.options = options, .signals = -1, .events = -1, .listener = -1};
	struct hark_err err = {0};
	pthread_mutex_init(&d.lock, NULL);
	d.started_ms = clock_wall_ms();
	first_beats(&d);
	int code = 2;
	int rc = start(&d, &err);
	if (rc == HARK_OK) {
		log_info("harkd " PACKAGE_VERSION ": %zu sources, %zu rules, %zu list entries, %s",
			d.setup->conf->sources_n, ruleset_count(d.setup->rules),
			ruleset_list_count(d.setup->rules), d.setup->conf->store);
		systemd_notify("READY=1");
		code = loop(&d);
		systemd_notify("STOPPING=1");
	} else {
		fprintf(stderr, "harkd: %s\n", err.text);
	}
	stop(&d);
	pthread_mutex_destroy(&d.lock);
	return code;
}
