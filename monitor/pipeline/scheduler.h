/* Who is polled when: a heap of sources by due time, on the fetch thread.
 *
 * The scheduler starts polls, never waits, and starts none while too many replies are under way in
 * worker and writer. Functions marked * may be called from any thread; the rest belong to the fetch
 * thread. */
#ifndef HARK_PIPELINE_SCHEDULER_H
#define HARK_PIPELINE_SCHEDULER_H

#include "monitor/base/queue.h"
#include "monitor/pipeline/poll.h"

struct scheduler;

/* For whoever looks on while sources are asked; called on the fetch thread. */
struct scheduler_watch {
	/* A request goes out, as it was planned: without what its log-in adds. `is_login`: it is the one
	 * for a token. */
	void (*asks)(void *ctx, const struct fetch_request *planned, bool is_login);
	/* What came back, borrowed. */
	void (*answers)(void *ctx, const struct source *source, const struct fetch_reply *reply);
	void *ctx;
};

struct scheduler_options {
	struct queue *jobs;   /* takes struct poll_job; must hold `under_way_max` */
	size_t under_way_max; /* sources between fetch and commit */
	bool once;            /* each source once, then nothing is due */
	/* `once`: every source has been polled and stored. Called on the fetch thread. */
	void (*all_polled)(void *ctx);
	void *ctx;
	const struct scheduler_watch *watch; /* NULL: nobody looks on */
};

struct scheduler *scheduler_new(const struct scheduler_options *options);
/* After the fetch thread has ended; frees every source at home. */
void scheduler_free(struct scheduler *s);
/* The fetch that carries the polls; before its loop runs. */
void scheduler_set_fetch(struct scheduler *s, struct fetch *fetch);

/* Before the loop runs: a bucket is as full as before the restart. */
void scheduler_restore(struct scheduler *s, const struct rate_fill *fill);

/* For struct fetch_options.tick. Starts some of many polls that are due: the others are due at once. */
int64_t scheduler_tick(void *scheduler, int64_t now_steady_ms);

/* * Replaces all sources. Those of the same name hand their memory on. Owns the array's sources and
 * the array (malloc'ed) from now on. HARK_ENOMEM: nothing changed, the caller still owns them. */
int scheduler_install(struct scheduler *s, struct source **sources, size_t n);
/* * A source comes home after its batch was stored (or given up). */
void scheduler_return(struct scheduler *s, struct source *source);
/* * Polls a source now, whatever its due time; an unknown name does nothing. HARK_ENOMEM. */
int scheduler_poll_now(struct scheduler *s, const char *name);
/* * The same, and the newest file that it refused is taken for right (pipeline/folder.h). */
int scheduler_accept(struct scheduler *s, const char *name);
/* * Its hub tells of no news any more: a poll that was put off for that (hub.h) comes when it would have come. An
 * unknown name does nothing. HARK_ENOMEM. */
int scheduler_poll_plainly(struct scheduler *s, const char *name);
/* * Gives a message to its source, behind those that wait already. HARK_ENOMEM: it is still the caller's. */
int scheduler_push(struct scheduler *s, struct push *push);
/* * Pauses or resumes until the next restart (the store remembers it longer). HARK_ENOMEM. */
int scheduler_pause(struct scheduler *s, const char *name, bool paused);

struct scheduler_counts {
	size_t sources, under_way, failing, paused;
	int64_t next_due_ms;  /* from now; -1: nothing is due */
	int64_t stall_max_ms; /* longest turn of the loop so far */
};
/* * Sources between fetch and commit: at most as many batches may come yet. */
size_t scheduler_under_way(struct scheduler *s);
/* * As it is now, counted by the loop, which is waited for (a moment). Not on the fetch thread. */
void scheduler_counts(struct scheduler *s, struct scheduler_counts *out);

/* A source that is listened to now. */
struct scheduler_stream {
	char source[68];
	int64_t since_ms, event_ms; /* wall clock: connected since, last event (0: none yet) */
	int64_t events;             /* since then */
	double per_s;
};
/* * Those there are; free(*out). As fresh as the counts. HARK_ENOMEM. */
int scheduler_streams(struct scheduler *s, struct scheduler_stream **out, size_t *n);

#endif
