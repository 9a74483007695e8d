#include "monitor/pipeline/syncer.h"

#include "monitor/base/clock.h"
#include "monitor/base/queue.h"
#include "monitor/store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define WAITING_MAX 64      /* transactions */
#define LOG_PAGES 256       /* a log of 8 MiB is moved once nothing has come for REST_MS, */
#define LOG_PAGES_LONG 4096 /* and one of 128 whatever comes: a rush is over before that */
#define REST_MS 50

struct syncer {
	struct syncer_options options;
	char *url; /* options.store is it */
	pthread_t thread;
	struct queue *queue;
	atomic_size_t log_pages;
	atomic_llong busy_since_ms; /* 0: not busy */

	struct store *log; /* the thread's; NULL until it is used */
	struct hark_err failure;
};

static void sync_all(struct syncer *s)
{
	int rc = s->failure.code;
	if (rc == HARK_OK && s->log == NULL) {
		rc = store_open(&s->log, s->options.store, 0, &s->failure);
	}
	if (rc == HARK_OK) {
		rc = store_sync(s->log, &s->failure);
	}
	s->failure.code = rc;
}

/* Pages that are written again and again are moved once for all commits the log has of them, so it is left to
 * grow as long as commits follow each other. */
static void shorten_log(struct syncer *s, size_t from_pages)
{
	if (s->failure.code == HARK_OK && atomic_load(&s->log_pages) >= from_pages) {
		atomic_store(&s->log_pages, 0);
		store_shorten_log(s->log, NULL); /* it is as long as it was, and tried again */
	}
}

/* NULL: nothing will come any more. */
static void *next(struct syncer *s)
{
	void *item = queue_pop(s->queue, REST_MS);
	if (item == NULL && s->log != NULL) {
		shorten_log(s, LOG_PAGES);
	}
	return item != NULL ? item : queue_pop(s->queue, -1);
}

static void *run(void *arg)
{
	struct syncer *s = arg;
	void *items[WAITING_MAX];
	while ((items[0] = next(s)) != NULL) {
		size_t n = 1;
		while (n < WAITING_MAX && (items[n] = queue_pop(s->queue, 0)) != NULL) {
			n++;
		}
		atomic_store(&s->busy_since_ms, clock_steady_ms());
		sync_all(s);
		for (size_t i = 0; i < n; i++) {
			s->options.synced(s->options.ctx, items[i],
				s->failure.code != HARK_OK ? &s->failure : NULL);
		}
		shorten_log(s, LOG_PAGES_LONG);
		atomic_store(&s->busy_since_ms, 0);
	}
	store_close(s->log);
	return NULL;
}

static void syncer_free(struct syncer *s)
{
	queue_free(s->queue);
	free(s->url);
	free(s);
}

struct syncer *syncer_start(const struct syncer_options *options)
{
	struct syncer *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return NULL;
	}
	s->options = *options;
	s->options.store = s->url = strdup(options->store);
	s->queue = queue_new(WAITING_MAX, NULL);
	if (s->url == NULL || s->queue == NULL || pthread_create(&s->thread, NULL, run, s) != 0) {
		syncer_free(s);
		return NULL;
	}
	pthread_setname_np(s->thread, "hark-syncer");
	return s;
}

void syncer_join(struct syncer *s)
{
	if (s == NULL) {
		return;
	}
	queue_close(s->queue);
	pthread_join(s->thread, NULL);
	syncer_free(s);
}

void syncer_push(struct syncer *s, void *item, size_t log_pages)
{
	atomic_store(&s->log_pages, log_pages);
	queue_push(s->queue, item);
}

int64_t syncer_beat(struct syncer *s, int64_t now_ms)
{
	int64_t since = atomic_load(&s->busy_since_ms);
	return since != 0 ? since : now_ms;
}
