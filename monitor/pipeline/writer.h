/* The one writer: batches and commands in, committed transactions out.
 *
 * Batches that wait are committed together, so that one transaction serves many polls; a batch is all in or
 * not at all. A second thread syncs what is committed and tells it (syncer.h), so the next transaction does
 * not wait for the disk; the callbacks may come from either. While the disk is full (or below its reserve) the writer keeps what it has and tries
 * again every few seconds; its sources stay out meanwhile, so polling stops by itself. Any thread may
 * deliver and call.
 *
 * A disk that fails to write or sync, or a database that is not there any more, is fatal: what was
 * stored is known again only after a restart. */
#ifndef HARK_PIPELINE_WRITER_H
#define HARK_PIPELINE_WRITER_H

#include "monitor/pipeline/batch.h"
#include "monitor/pipeline/setup.h"
#include "monitor/store/store.h"

#include <stdatomic.h>

struct writer;
struct source;

struct writer_options {
	struct store *store;    /* STORE_SYNC_LATER; the writer's alone until writer_join() */
	const char *store_url;  /* of the same; copied */
	const char *store_path; /* whose disk is watched; borrowed until then */
	size_t cap;             /* batches and commands that may wait */
	size_t (*under_way)(void *ctx); /* sources whose batches may come, or are here */
	void (*home)(void *ctx, struct source *source); /* it is stored, or not */
	void (*alerts)(void *ctx);                      /* the outbox has new rows */
	void (*hubs)(void *ctx); /* a page names another hub than before, or a source is paused */
	void (*fatal)(void *ctx, const struct hark_err *err); /* stop: see above */
	struct setup *(*setup)(void *ctx);                    /* with a count for the caller */
	void *ctx;
	atomic_llong *beat;
};

/* What has been stored since the start. */
struct writer_counts {
	long long posts_new, posts_edited, posts_copies, posts_known, signals, leads_new,
		leads_joined, historic, alerts;
	long long commits, polls;
	bool disk_full;
};

struct writer *writer_start(const struct writer_options *options);
/* No more deliveries; stores what waits, ends the thread, frees. Batches the disk has no room for are
 * dropped: their sources' rows say that they were not polled, so the next start asks again. */
void writer_join(struct writer *w);

/* Takes the batch. Waits while the queue is full. */
void writer_deliver(struct writer *w, struct batch *batch);
/* Runs `fn` in a transaction of its own on the writer thread and waits for the disk. Returns what
 * `fn` or the commit returned; HARK_EPIPE: the writer has stopped. Never from the writer thread. */
int writer_call(struct writer *w, int (*fn)(struct store *store, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err);
void writer_counts(struct writer *w, struct writer_counts *out);

#endif
