#include "monitor/pipeline/worker.h"

#include "monitor/base/clock.h"
#include "monitor/base/heap.h"
#include "monitor/base/log.h"
#include "monitor/pipeline/folder.h"
#include "monitor/pipeline/hear.h"
#include "monitor/pipeline/introduce.h"
#include "monitor/pipeline/overhear.h"
#include "monitor/pipeline/poll.h"
#include "monitor/pipeline/quiet.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#define BEHIND_WRITER 5 /* steps of niceness */
#define IDLE_MS 1000                  /* a sign of life at least so often */
#define HEAP_BYTES ((size_t)32 << 20) /* batches that wait for the writer in a rush */

struct worker {
	struct worker_options options;
	pthread_t thread;
	struct setup *setup; /* the one the matcher was made for, counted */
	struct matcher *matcher;
	struct who_scratch scratch;
	struct move_finder *finder; /* NULL: no memory, or nobody is known yet */
	struct tone_reader *reader; /* NULL: no model */
	struct quiet quiet;
	struct rng rng;
};

/* The matcher of the setup in force; an old one stays if there is no memory for a new one. */
static void follow_setup(struct worker *w)
{
	struct setup *now = w->options.setup(w->options.ctx);
	if (now == w->setup) {
		setup_unref(now);
		return;
	}
	bool same = w->setup != NULL && w->setup->rules == now->rules; /* only people are new */
	struct matcher *m = same ? w->matcher : matcher_new(now->rules);
	if (m == NULL) {
		log_error("no memory to use the new rules%s",
			w->matcher != NULL ? ": this worker keeps the old ones" : "");
		setup_unref(now);
		return;
	}
	if (!same) {
		matcher_free(w->matcher);
	}
	setup_unref(w->setup);
	w->matcher = m;
	w->setup = now;
}

struct batch *worker_read(struct poll_job *job, struct matcher *m, int64_t now_ms, struct rng *rng)
{
	if (job->source->push != NULL) {
		return push_batch(job->source, m, now_ms);
	}
	if (job->source->transport == HARK_TRANSPORT_FILE && job->reply->rc == HARK_OK) {
		folder_poll(job->source, job->reply);
	}
	return poll_batch(job, m, now_ms, rng);
}

/* Without a matcher, for want of memory, nothing is read: posts kept unmatched would never be matched. */
static void work(struct worker *w, struct poll_job *job)
{
	struct source *src = job->source;
	int64_t now = clock_wall_ms();
	src->subscribed =
		src->conf->websub && w->options.subscribed(w->options.ctx, src->conf->name);
	struct batch *b = w->matcher != NULL ? worker_read(job, w->matcher, now, &w->rng) : NULL;
	job->source = NULL;
	poll_job_free(job);
	if (b == NULL) {
		if (src->push == NULL) {
			src->state->due_ms = now + src->conf->every_ms;
		}
		log_error("no memory to read an answer of %s", src->conf->name);
		w->options.give_up(w->options.ctx, src);
		return;
	}
	if (w->finder == NULL && w->setup->who != NULL && who_faces(w->setup->who) > 0) {
		w->finder = move_finder_new();
	}
	overhear(w->finder, w->setup->who, &w->scratch, b);
	introduce(w->setup->who, &w->scratch, b);
	b->tone = w->options.tone;
	hear(w->reader, b);
	w->options.deliver(w->options.ctx, b);
}

/* There is one writer, and workers that share the processors with it as equals only make it fall behind: the others end
 * first, and it goes on alone, on one of the processors. Niceness is a thread's own here, not the process's. Where it is
 * forbidden they stay equals. */
static void stand_back(void)
{
	setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + BEHIND_WRITER);
}

static void *run(void *arg)
{
	struct worker *w = arg;
	stand_back();
	heap_reserve(HEAP_BYTES);
	for (;;) {
		struct poll_job *job = queue_pop(w->options.jobs, IDLE_MS);
		atomic_store(w->options.beat, clock_steady_ms());
		if (job != NULL) {
			follow_setup(w);
			work(w, job);
			quiet_note(&w->quiet, 1, clock_steady_ms());
		} else if (queue_is_done(w->options.jobs)) {
			return NULL;
		} else if (quiet_begins(&w->quiet, clock_steady_ms())) {
			heap_trim();
		}
	}
}

struct worker *worker_start(const struct worker_options *options)
{
	struct worker *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return NULL;
	}
	w->options = *options;
	who_scratch_init(&w->scratch);
	w->reader = options->tone != NULL ? tone_reader_new(options->tone) : NULL;
	if (options->tone != NULL && w->reader == NULL) {
		free(w);
		return NULL;
	}
	w->rng.state = (uint64_t)clock_wall_ms() ^ (uintptr_t)w;
	if (pthread_create(&w->thread, NULL, run, w) != 0) {
		tone_reader_free(w->reader);
		free(w);
		return NULL;
	}
	pthread_setname_np(w->thread, "hark-worker");
	return w;
}

void worker_join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	matcher_free(w->matcher);
	who_scratch_release(&w->scratch);
	move_finder_free(w->finder);
	tone_reader_free(w->reader);
	setup_unref(w->setup);
	free(w);
}
