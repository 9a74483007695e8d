#include "monitor/pipeline/trial.h"

#include "monitor/base/clock.h"
#include "monitor/pipeline/scheduler.h"
#include "monitor/pipeline/worker.h"

#include <stdlib.h>

#define ARENA_MAX ((size_t)16 << 20)
#define JOBS_MAX 4
#define NAP_MS 100   /* a signal is noticed so soon */
#define WAIT_MS 2000 /* a wait longer than this is said */

struct run {
	struct trial *trial;
	const struct trial_options *options;
	struct scheduler *scheduler;
	struct fetch *fetch;
	struct queue *jobs;
	struct rng rng;
	int64_t told_ms; /* of the wait that was said */
	int rc;
};

/* --- what is sent and comes back --- */

static struct trial_request *add_request(struct trial *t)
{
	struct trial_request *grown = arena_grow(
		&t->arena, t->requests, t->requests_n, &t->requests_cap, sizeof(*t->requests));
	if (grown == NULL) {
		return NULL;
	}
	t->requests = grown;
	t->requests[t->requests_n] = (struct trial_request){.method = "GET"};
	return &t->requests[t->requests_n++];
}

static void on_asks(void *ctx, const struct fetch_request *planned, bool is_login)
{
	struct run *run = ctx;
	struct trial *t = run->trial;
	struct trial_request *r = add_request(t);
	if (r == NULL) {
		run->rc = HARK_ENOMEM;
		return;
	}
	r->method = planned->method != NULL   ? arena_c(&t->arena, str_c(planned->method))
		    : planned->body.p != NULL ? "POST"
					      : "GET";
	r->url = arena_str(&t->arena, str_c(planned->url));
	r->is_login = is_login;
}

static void on_answers(void *ctx, const struct source *src, const struct fetch_reply *reply)
{
	struct run *run = ctx;
	struct trial *t = run->trial;
	if (t->requests_n == 0) {
		return;
	}
	struct trial_request *r = &t->requests[t->requests_n - 1];
	r->status = reply->rc == HARK_OK ? reply->status : 0;
	r->bytes = reply->body.n;
	r->took_ms = reply->took_ms;
	if (reply->rc == HARK_EPIPE) {
		r->error = STR("cut short");
	} else if (reply->rc != HARK_OK) {
		r->error = arena_str(&t->arena, str_c(reply->error));
	}
	if (!src->secret_in_url && reply->url != NULL && !str_eq_c(r->url, reply->url)) {
		r->to = arena_str(&t->arena, str_c(reply->url));
	}
}

/* --- what a worker and the writer would do --- */

static bool keep_batch(struct trial *t, struct batch *b)
{
	struct batch **grown = arena_grow(
		&t->arena, t->batches, t->batches_n, &t->batches_cap, sizeof(*t->batches));
	if (grown == NULL) {
		batch_free(b);
		return false;
	}
	t->batches = grown;
	t->batches[t->batches_n++] = b;
	return true;
}

/* A file is read by us, not by fetch. */
static void note_file(struct run *run, const struct fetch_reply *reply)
{
	struct trial_request *r = reply->url != NULL ? add_request(run->trial) : NULL;
	if (r != NULL) {
		r->method = "read";
		r->url = arena_str(&run->trial->arena, str_c(reply->url));
		r->status = reply->status;
		r->bytes = reply->body.n;
	}
}

static void end_poll(struct source *src)
{
	source_pages_reset(src);
	src->files_left = false;
}

static void note_buckets(struct trial *t, const struct source *src)
{
	t->buckets_n = src->buckets_n < RATES_MAX ? src->buckets_n : RATES_MAX;
	for (size_t i = 0; i < t->buckets_n; i++) {
		t->buckets[i] = src->buckets[i];
	}
}

/* A batch borrows from the state before, which goes. */
static bool remember(struct trial *t, struct source *src, const struct source_state *state)
{
	free(t->state);
	t->state = source_state_pack(state);
	return t->state != NULL && source_take_state(src, state);
}

static void work(struct run *run, struct poll_job *job)
{
	struct trial *t = run->trial;
	struct source *src = job->source;
	struct batch *b = worker_read(job, NULL, clock_wall_ms(), &run->rng);
	if (src->transport == HARK_TRANSPORT_FILE) {
		note_file(run, job->reply);
	}
	job->source = NULL;
	poll_job_free(job);
	note_buckets(t, src);
	if (b == NULL || !keep_batch(t, b) || !remember(t, src, &b->state)) {
		run->rc = HARK_ENOMEM;
		end_poll(src);
	} else if (t->requests_n >= run->options->requests_max &&
		   (src->more.first != NULL || src->files_left)) {
		t->cut = true;
		end_poll(src);
	}
	scheduler_return(run->scheduler, src);
}

/* --- the loop --- */

static void tell_wait(struct run *run, int64_t due_ms, int64_t now_ms)
{
	if (due_ms < INT64_MAX / 4 && due_ms > now_ms + WAIT_MS && due_ms > run->told_ms &&
		fetch_pending(run->fetch) == 0 && run->options->waits != NULL) {
		run->options->waits(due_ms - now_ms);
		run->told_ms = due_ms;
	}
}

static int64_t tick(void *ctx, int64_t now_ms)
{
	struct run *run = ctx;
	struct poll_job *job;
	int64_t due = scheduler_tick(run->scheduler, now_ms);
	tell_wait(run, due, now_ms);
	while ((job = queue_pop(run->jobs, 0)) != NULL) {
		work(run, job);
	}
	if (run->options->stop != NULL && atomic_load(run->options->stop)) {
		run->trial->stopped = true;
		fetch_stop(run->fetch);
	}
	return due < now_ms + NAP_MS ? due : now_ms + NAP_MS;
}

static void on_all_polled(void *ctx)
{
	struct run *run = ctx;
	fetch_stop(run->fetch);
}

static int open_run(struct run *run, const struct scheduler_watch *watch,
	const struct fetch_options *fetch, struct hark_err *err)
{
	run->jobs = queue_new(JOBS_MAX, (void (*)(void *))poll_job_free);
	const struct scheduler_options options = {.jobs = run->jobs,
		.under_way_max = JOBS_MAX,
		.once = true,
		.all_polled = on_all_polled,
		.ctx = run,
		.watch = watch};
	run->scheduler = run->jobs != NULL ? scheduler_new(&options) : NULL;
	if (run->scheduler == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to poll it");
	}
	run->fetch = fetch_new(fetch, err);
	if (run->fetch == NULL) {
		return err->code;
	}
	scheduler_set_fetch(run->scheduler, run->fetch);
	return HARK_OK;
}

/* Before its poll: what it remembers. */
static int prepare(struct run *run, struct source *src, struct hark_err *err)
{
	struct source_state state = *src->state;
	run->trial->conf = *src->conf;
	run->trial->conf.paused = false;
	src->conf = &run->trial->conf;
	state.baseline_done = run->options->later || run->options->cursor != NULL;
	state.cursor = str_c(run->options->cursor);
	return source_take_state(src, &state)
		       ? HARK_OK
		       : hark_err_set(err, HARK_ENOMEM, "no memory to poll it");
}

static int install(struct run *run, struct setup *setup, size_t at, struct hark_err *err)
{
	struct source **all = malloc(sizeof(*all));
	if (all == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to poll it");
	}
	int rc = source_new(all, setup, at, err);
	if (rc == HARK_OK) {
		rc = (*all)->transport == HARK_TRANSPORT_PUSH
			     ? hark_err_set(err, HARK_EINVAL,
				       "'%s' is sent to, not polled: hark connector show %s says how",
				       (*all)->conf->name, (*all)->conf->connector)
			     : prepare(run, *all, err);
		rc = rc == HARK_OK ? scheduler_install(run->scheduler, all, 1) : rc;
		if (rc == HARK_OK) {
			return HARK_OK;
		}
		source_free(*all);
	}
	free(all);
	return rc;
}

static void count_left(struct trial *t)
{
	size_t asked = 0, followed = t->batches_n > 0 ? t->batches_n - 1 : 0;
	for (size_t i = 0; i < t->batches_n; i++) {
		const struct collected *got = t->batches[i]->got;
		asked += got != NULL ? got->more_n : 0;
	}
	t->left = asked > followed ? asked - followed : 0;
}

int trial_run(struct trial *out, struct setup *setup, size_t at,
	const struct trial_options *options, struct hark_err *err)
{
	const struct conf *c = setup->conf;
	char agent[CONF_AGENT_MAX];
	conf_user_agent(c, agent);
	*out = (struct trial){.requests_n = 0};
	arena_init(&out->arena, ARENA_MAX);
	struct run run = {.trial = out, .options = options, .rng = {(uint64_t)clock_wall_ms()}};
	const struct scheduler_watch watch = {on_asks, on_answers, &run};
	const struct fetch_options fetch = {.user_agent = agent,
		.parallel = 1,
		.per_host = 1,
		.timeout_ms = c->http_timeout_ms,
		.connect_timeout_ms = c->http_connect_timeout_ms,
		.max_bytes = (size_t)c->http_max_bytes,
		.tick = tick,
		.tick_ctx = &run};
	int rc = open_run(&run, &watch, &fetch, err);
	if (rc == HARK_OK) {
		rc = install(&run, setup, at, err);
	}
	if (rc == HARK_OK) {
		fetch_run(run.fetch);
		count_left(out);
		rc = run.rc != HARK_OK ? hark_err_set(err, run.rc, "no memory to poll it")
				       : HARK_OK;
	}
	scheduler_free(run.scheduler);
	queue_free(run.jobs);
	fetch_free(run.fetch);
	return rc;
}

void trial_release(struct trial *t)
{
	for (size_t i = 0; i < t->batches_n; i++) {
		batch_free(t->batches[i]);
	}
	free(t->state);
	arena_release(&t->arena);
	*t = (struct trial){.requests_n = 0};
}
