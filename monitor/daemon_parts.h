/* What daemon.c and the other daemon_*.c share: the daemon's parts. Main thread, but for what says
 * otherwise. */
#ifndef HARK_DAEMON_PARTS_H
#define HARK_DAEMON_PARTS_H

#include "monitor/api/api.h"
#include "monitor/api/health.h"
#include "monitor/api/inlet.h"
#include "monitor/control.h"
#include "monitor/daemon.h"
#include "monitor/notify/notify.h"
#include "monitor/pipeline/recheck.h"
#include "monitor/pipeline/scheduler.h"
#include "monitor/pipeline/worker.h"
#include "monitor/pipeline/writer.h"
#include "rules/classify/tone_model.h"

#include <pthread.h>

#define WORKERS_MAX 64
#define THREAD_STUCK_MS 20000 /* a thread silent for so long is stuck */

/* When daemon_keep_house() looks after what the next time; the steady clock. */
struct daemon_house {
	int64_t next_due, next_purge, next_lists, next_alarms;
	int purge_failures; /* in a row */
};

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
	struct tone_model tone; /* mapped until the workers are gone */
	struct worker *workers[WORKERS_MAX];
	size_t workers_n;
	struct notify *notify;
	pthread_t notify_thread;
	bool fetch_runs, notify_runs;

	struct http_server *http; /* NULL: not asked for */
	struct health health;
	struct inlet *inlet;
	struct api *api;
	struct websub *websub;
	struct recheck *recheck;
	bool stopping; /* under `lock`: what the parts were is not there any more */

	int signals, events;     /* file descriptors, -1: none */
	struct control *control; /* NULL: not yet */
	char *control_path;      /* where it listens, whatever a reload says; owned */
	char *http_at;           /* so is http.listen; NULL: it does not */
	int64_t workers_asked;   /* workers, as it was at the start */
	atomic_bool all_polled, disk_failed;
	atomic_llong fetch_beat, writer_beat, worker_beats[WORKERS_MAX];
	struct daemon_house house;
	char reload_error[300]; /* of the last reload, "" if it went well */
	char restart_for[400];  /* what has changed and takes a restart, "" nothing */
	int64_t reload_ms;      /* wall */
	uint64_t lists_seen,
		lists_tried;  /* fingerprints of the lists' files, see daemon_watch_lists() */
	int64_t imports_seen; /* see store_import_mark() */
	int64_t faces_seen, learned_seen, learned_ms; /* see daemon_watch_people() */
	int place_rounds;                             /* still to be done by daemon_place_words() */
};

/* For the options of what runs in threads of its own. The setup in force, counted; any thread. */
struct setup *daemon_setup(void *daemon);
/* The same: writer_call(); any thread but the writer's. */
int daemon_write(void *daemon, int (*fn)(struct store *s, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err);
/* Whether no thread is stuck; any thread. */
bool daemon_is_alive(struct daemon *d);

/* Makes the door of what is pushed. */
int daemon_make_inlet(struct daemon *d, struct hark_err *err);
/* Serves what there is at http.listen, if the configuration names one, and tells the log how the first user gets in. */
int daemon_start_http(struct daemon *d, struct hark_err *err);

/* Does what has become due by itself, at most every two seconds; see daemon_house.c. */
void daemon_keep_house(struct daemon *d, int64_t now_ms);

/* Reloads when records were imported that lists are made of, or when a list's file has changed and stands
 * still since the last look, so that one half written is not read. Once a change: what cannot be loaded is not tried again. */
void daemon_watch_lists(struct daemon *d);

/* Puts the people that are stored into a setup that nobody else has yet; where they cannot be read, those that were
 * known before stay. Returns the setup to use, which takes the count of `fresh`. */
struct setup *daemon_meet_people(struct daemon *d, struct setup *fresh);
/* Swaps the setup in force; takes the count. */
void daemon_set_setup(struct daemon *d, struct setup *fresh);
/* Reads them anew: at once when some were imported, merged or taken out, now and then for what hark learned itself. */
void daemon_watch_people(struct daemon *d);
/* Gives what strangers have said to whom they turn out to be. */
void daemon_place_words(struct daemon *d);
/* Draws what follows from moves that became somebody's by a decision. */
void daemon_follow_moves(struct daemon *d);
/* Raises the questions that nobody has answered in time. */
void daemon_look_at_questions(struct daemon *d);

/* Opens every source of the setup with what is remembered of it and hands them to the scheduler. `starts`: these are
 * the first since harkd runs. */
int daemon_install_sources(
	struct daemon *d, struct setup *setup, bool starts, struct hark_err *err);
/* All or nothing: configuration, rules, lists and sources; after a failure the old set stays. Every
 * finding goes into `diags`. */
int daemon_reload(struct daemon *d, struct diags *diags, struct hark_err *err);
/* The same, told to the log and the audit trail with why. */
void daemon_reload_for(struct daemon *d, const char *what);
/* Leaves in the store which rules are loaded; a failure is logged. */
void daemon_remember_rules(struct daemon *d);
/* What fetch is to be like by configuration `c`; the User-Agent is written into `agent`. */
struct fetch_options daemon_fetch_options(
	struct daemon *d, const struct conf *c, char agent[CONF_AGENT_MAX]);
/* For struct fetch_options.tick; fetch thread. */
int64_t daemon_tick(void *daemon, int64_t now_ms);
/* Leaves in the audit trail what the daemon did, for whom: `by` absent, by itself. A failure is logged. */
void daemon_note(
	struct daemon *d, struct str by, struct str action, struct str target, struct str note);
/* Who answers for it that sensitive findings are like others, if any are. */
void daemon_note_sensitive(struct daemon *d);
/* For control_serve(). */
void daemon_answer(void *daemon, struct str request, struct buf *reply);

#endif
