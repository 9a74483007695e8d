/* What the scheduler's files share: its parts, and what each file does for the others. All of it belongs to
 * the fetch thread, but for what the lock guards.
 *
 * A source is in one place at a time: in the heap (`due`), while it waits; in the line of its host
 * (`crowds`), while others of the host have their turn; out (source.out), from its request until its batch
 * is stored. One that is listened to is in `listening` besides. One that waits for its elder to come home
 * is in none. */
#ifndef HARK_PIPELINE_SCHEDULER_PARTS_H
#define HARK_PIPELINE_SCHEDULER_PARTS_H

#include "monitor/pipeline/aside.h"
#include "monitor/pipeline/auth.h"
#include "monitor/pipeline/bucket.h"
#include "monitor/pipeline/crowd.h"
#include "monitor/pipeline/due.h"
#include "monitor/pipeline/listen.h"
#include "monitor/pipeline/outage.h"
#include "monitor/pipeline/rate.h"
#include "monitor/pipeline/scheduler.h"

#include <pthread.h>
#include <stdatomic.h>

#define SCHEDULER_ANSWERED_MAX 32
#define SCHEDULER_AUTH_WAIT_MS 1000        /* until a log-in may have ended */
#define SCHEDULER_NOT_DUE (INT64_MAX / 2)  /* of one that is listened to, or has been polled once */
#define SCHEDULER_EVER_DUE (INT64_MAX / 4) /* what is due later than this is not due at all */

struct scheduler {
	struct scheduler_options options;
	struct fetch *fetch;
	struct arena scratch; /* of one request */
	struct auth *auth;
	struct buckets *buckets;
	struct aside *aside;
	struct crowds *crowds;
	struct due due;
	struct outage outage;
	struct source *listening; /* sources with a listener, through listen_next */
	struct rng rng;
	struct named *names; /* current sources by name, see scheduler_find() */
	struct named *entries;
	size_t sources;
	atomic_size_t under_way; /* the fetch thread's to change */
	bool installed, idle_told;
	bool is_restart; /* while the first sources are installed, and some were polled before */
	struct poll_job
		*answered[SCHEDULER_ANSWERED_MAX]; /* not handed to a worker yet, oldest first */
	size_t answered_n;

	pthread_cond_t counted;
	pthread_mutex_t lock;  /* guards those below */
	struct message *inbox; /* oldest first */
	struct source *homing; /* through home_next; a return needs no memory */
	struct scheduler_counts counts;
	bool is_asked;                    /* somebody waits for counts */
	struct scheduler_stream *streams; /* owned */
	size_t streams_n;
};

/* --- scheduler.c: a source between its polls --- */

/* Takes one that waits out of the heap, or out of the line of its host. */
void scheduler_take(struct scheduler *s, struct source *src);
/* Puts a source that is at home, and in no place, into the heap: when it is due, or never. */
void scheduler_settle(struct scheduler *s, struct source *src, int64_t now_ms);
/* Takes a source that was out: it is settled, gives its memory to its heir, or is freed. */
void scheduler_come_home(struct scheduler *s, struct source *src, int64_t now_ms);
/* Does what an admin wished while it was out. */
void scheduler_grant_wish(struct source *src);
/* Where its hub tells of nothing any more: its poll is not put off. True: it was. */
bool scheduler_be_plain(struct source *src);

/* --- scheduler_ask.c: a poll on its way --- */

/* Starts a poll of one that is due: out of the heap and on its way, or into the line of its host. */
void scheduler_start(struct scheduler *s, struct source *src);
/* Marks it as on its way; it must be in no place. */
void scheduler_set_out(struct scheduler *s, struct source *src);
/* Gives a source that is out to the workers, with what came for it: owned from now on; NULL: a push. */
void scheduler_hand_over(struct scheduler *s, struct source *src, struct fetch_reply *reply);
/* What came in during a turn of the loop goes to the workers together, so that they wake once. */
void scheduler_hand_over_all(struct scheduler *s);
/* For options.watch. */
void scheduler_tell_request(
	const struct scheduler *s, const struct fetch_request *planned, bool is_login);
void scheduler_tell_answer(
	const struct scheduler *s, const struct source *src, const struct fetch_reply *reply);

/* --- scheduler_listen.c: sources that are listened to --- */

/* Connects. The source, in no place, goes to the heap, where it stays at home while nothing comes. */
int scheduler_listen(struct scheduler *s, struct source *src, const struct fetch_request *request,
	struct hark_err *err);
/* Closes its connection, if it has one; what waits in it is gone. */
void scheduler_stop_listening(struct scheduler *s, struct source *src);
/* Gives the connection of `old` to `heir`, which is new, unless it leads elsewhere. */
void scheduler_hand_stream_on(struct scheduler *s, struct source *heir, struct source *old);
/* Sends off what has come, and tells when there is more to do for those that are at home (steady clock). */
int64_t scheduler_listen_to_all(struct scheduler *s, int64_t now_ms);

/* --- scheduler_push.c: sources others push to --- */

/* Gives a message to its source, behind those that wait. */
void scheduler_take_push(struct scheduler *s, struct push *p, int64_t now_ms);
/* The oldest of the messages that wait for the source goes to a worker. */
void scheduler_start_push(struct scheduler *s, struct source *src);

/* --- scheduler_stand_in.c: fallbacks --- */

/* A fallback waits while the one it stands in for, or another before it, is well. */
bool scheduler_stands_by(struct scheduler *s, const struct source *src);
/* Those that stand in for `src`, or beside it for another, start or rest by how it is now. */
void scheduler_arrange(struct scheduler *s, const struct source *src, int64_t now_ms);

/* --- scheduler_install.c: which sources there are --- */

/* By name, of those in force; NULL: there is none. */
struct source *scheduler_find(const struct scheduler *s, const char *name);
/* Replaces all sources by new ones, which become the scheduler's; the array stays the caller's. Without
 * memory the old ones stay. */
void scheduler_replace_all(struct scheduler *s, struct source **sources, size_t n, int64_t now_ms);
/* The memory of `old`, which is in no place, becomes that of `heir`, which is settled. Frees `old`. */
void scheduler_adopt(struct scheduler *s, struct source *heir, struct source *old, int64_t now_ms);
/* Of scheduler_free(). */
void scheduler_forget_names(struct scheduler *s);

/* --- scheduler_inbox.c: what other threads say --- */

/* Takes in who came home and does what was asked. */
void scheduler_read_inbox(struct scheduler *s, int64_t now_ms);

/* --- scheduler_counts.c: what it shows of itself --- */

/* Counts, where somebody waits for it. */
void scheduler_count(struct scheduler *s, int64_t now_ms);

#endif
