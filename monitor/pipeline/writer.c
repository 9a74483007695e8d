#include "monitor/pipeline/writer.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/heap.h"
#include "monitor/base/log.h"
#include "monitor/base/queue.h"
#include "monitor/pipeline/emit.h"
#include "monitor/pipeline/poll.h"
#include "monitor/pipeline/quiet.h"
#include "monitor/pipeline/syncer.h"
#include "monitor/store/posts.h"
#include "monitor/store/sources.h"
#include "monitor/store/words.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utlist.h>

#define GROUP_POSTS 4000 /* one commit holds about so many posts at most */
#define GROUP_BATCHES 256
#define GROUP_MS 24    /* commits that batches keep coming for begin no faster */
#define GROUP_MANY 32  /* a commit of so many batches is one of a rush: */
#define RUSH_MS 200    /* the next takes in what comes for so long, */
#define GAP_RUSH_MS 12 /* though none comes for a moment before more do */
/* After a transaction of so long other processes have their turn, who look twice as often (sqlite.c). */
#define LONG_MS 50
#define TURN_US 2000
#define GAP_MS 1
#define IDLE_MS 1000
/* Without work, after which what is known of posts is read: longer than from a start to the first answers, of which none
 * may bring a post. */
#define COLD_MS 250
#define ROOM_MIB 16 /* pages of a whole transaction, and what the next begins with */
#define NO_MEMORY_NAP_US 100000
#define RETRY_MS 2000 /* between two tries on a full disk */
#define SPACE_LOOK_MS \
	1000 /* how often the free space is looked at, and whether the file is there */
/* Words are indexed when posts have had time to gather, as each step has its price, and when nothing else is to be done;
 * if there never is such a moment, a part of the time is theirs after a while. */
#define WORDS_MS 5000
#define WORDS_LATE_MS 30000
#define WORDS_NAP_MS 200
#define WORDS_POSTS 500
#define WORDS_PART 4
#define WORDS_ROOM_MIB 1
#define DAMAGE_TOLD_MS (INT64_C(24) * 60 * 60 * 1000)
#define RESERVE_BYTES (256LL << 20)
#define RESERVE_PART 20 /* or 1/20 of the disk, whichever is less */

struct command {
	int (*fn)(struct store *store, void *arg, struct hark_err *err);
	void *arg;
	struct hark_err err;
	int rc;
	bool done;
};

struct work {
	struct work *next;
	struct batch *batch;     /* owned, or NULL: */
	struct command *command; /* on the caller's stack */
	struct emit_counts counts;
};

/* What one transaction holds: batches or a command. */
struct group {
	struct work *first; /* owned */
	struct command *command;
};

struct writer {
	struct writer_options options;
	pthread_t thread;
	struct queue *queue;
	struct syncer *syncer;

	struct work *pending; /* the thread's: batches not stored yet, oldest first */
	size_t pending_n, pending_posts;
	struct command *command; /* that came while a transaction was open, or NULL */
	atomic_size_t here; /* batches taken and not home yet */
	int64_t retry_ms;   /* steady; not before */
	int64_t started_ms; /* the last group, */
	size_t started_n;   /* of so many batches */
	int64_t looked_ms, place_ms;
	bool full;
	bool warm;             /* what is known of posts is in memory */
	int64_t words_ms;      /* steady; when words are to be indexed, 0: there are none */
	int64_t words_late_ms; /* when they are even if batches wait */
	char *store_url;       /* owned, for: */
	struct store *words;   /* only meanwhile, so that nothing of it stays in memory, or NULL */
	struct quiet quiet;
	struct rng rng;

	atomic_bool failed; /* nothing more is stored */

	pthread_mutex_t lock; /* guards the commands' `done` and the counts */
	pthread_cond_t done;
	struct writer_counts counts;
};

static void work_free(void *item)
{
	struct work *work = item;
	batch_free(work->batch);
	free(work);
}

/* --- commands --- */

static void answer(struct writer *w, struct command *c, int rc)
{
	pthread_mutex_lock(&w->lock);
	c->rc = rc;
	c->done = true;
	pthread_cond_broadcast(&w->done);
	pthread_mutex_unlock(&w->lock);
}

static void set_full(struct writer *w, bool full, const char *why)
{
	if (full && !w->full) {
		log_error("polling pauses, nothing is lost: %s", why);
	} else if (!full && w->full) {
		log_info("there is room on the disk again: polling goes on");
	}
	w->full = full;
	pthread_mutex_lock(&w->lock);
	w->counts.disk_full = full;
	pthread_mutex_unlock(&w->lock);
}

/* False while the disk is below its reserve, before SQLite itself runs into the end. */
static bool has_room(struct writer *w, int64_t now_ms)
{
	struct statvfs fs;
	if (!w->full && now_ms - w->looked_ms < SPACE_LOOK_MS) {
		return true;
	}
	w->looked_ms = now_ms;
	if (statvfs(w->options.store_path, &fs) != 0) {
		return true;
	}
	long long free_bytes = (long long)fs.f_bavail * (long long)fs.f_frsize;
	long long reserve = (long long)fs.f_blocks * (long long)fs.f_frsize / RESERVE_PART;
	reserve = reserve > RESERVE_BYTES ? RESERVE_BYTES : reserve;
	if (free_bytes >= reserve) {
		return true;
	}
	char why[200];
	snprintf(why, sizeof(why),
		"%lld MiB are free on the disk of %s, less than the reserve of %lld MiB",
		free_bytes >> 20, w->options.store_path, reserve >> 20);
	set_full(w, true, why);
	return false;
}

static void fail_for_good(struct writer *w, const struct hark_err *err)
{
	atomic_store(&w->failed, true);
	w->options.fatal(w->options.ctx, err);
}

/* Committed: it is told when it is on the disk. No memory for that cannot undo the commit. */
static void hand_on(struct writer *w, struct work *first, struct command *command)
{
	struct group *group = malloc(sizeof(*group));
	while (group == NULL) {
		usleep(NO_MEMORY_NAP_US);
		group = malloc(sizeof(*group));
	}
	*group = (struct group){first, command};
	syncer_push(w->syncer, group, store_log_pages(w->options.store));
}

/* There may be something to index. */
static void expect_words(struct writer *w)
{
	if (w->words_ms == 0) {
		w->words_ms = clock_steady_ms() + WORDS_MS;
		w->words_late_ms = w->words_ms + WORDS_LATE_MS;
	}
}

static void run_command(struct writer *w, struct command *c)
{
	struct store *store = w->options.store;
	size_t log = store_log_pages(store);
	int rc = atomic_load(&w->failed) ? hark_err_set(&c->err, HARK_EPIPE, "hark is stopping")
					 : store_begin(store, &c->err);
	if (rc == HARK_OK) {
		store_pages_read(store); /* by batches */
		rc = c->fn(store, c->arg, &c->err);
		quiet_note(&w->quiet, store_pages_read(store), clock_steady_ms());
		if (rc == HARK_OK) {
			rc = store_commit(store, &c->err);
		} else {
			store_rollback(store);
		}
	}
	if (rc == HARK_OK) {
		bool has_written = store_log_pages(store) != log;
		if (w->full && has_written && w->pending == NULL &&
			has_room(w, clock_steady_ms())) {
			set_full(w, false,
				""); /* no batch may come to find out: pushes are refused */
		}
		hand_on(w, NULL, c);
		expect_words(w);
		return;
	}
	if (rc == HARK_EIO) {
		fail_for_good(w, &c->err);
	} else if (rc == HARK_ENOSPC) {
		set_full(w, true, c->err.text);
	}
	answer(w, c, rc);
}

int writer_call(struct writer *w, int (*fn)(struct store *store, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err)
{
	struct command c = {.fn = fn, .arg = arg};
	struct work *work = calloc(1, sizeof(*work));
	if (work == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for a write");
	}
	work->command = &c;
	if (queue_push(w->queue, work) != HARK_OK) {
		free(work);
		return hark_err_set(err, HARK_EPIPE, "hark is stopping");
	}
	pthread_mutex_lock(&w->lock);
	while (!c.done) {
		pthread_cond_wait(&w->done, &w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	if (c.rc != HARK_OK && err != NULL) {
		*err = c.err;
	}
	return c.rc;
}

/* --- batches --- */

static void go_home(struct writer *w, struct work *work, bool stored)
{
	struct source *src = work->batch->user;
	work->batch->state.posts_total += emit_posts_total(work->batch, &work->counts);
	bool is_kept = stored && source_take_state(src, &work->batch->state);
	if (!is_kept && src->push == NULL) {
		src->state->due_ms = clock_wall_ms() + src->conf->every_ms;
	}
	if (src->push != NULL) {
		src->push->stored = stored;
		src->push->fresh = work->counts.posts_new;
	}
	work_free(work);
	atomic_fetch_sub(&w->here, 1);
	w->options.home(w->options.ctx, src);
}

static void add_counts(struct writer *w, const struct emit_counts *c)
{
	pthread_mutex_lock(&w->lock);
	w->counts.posts_new += (long long)c->posts_new;
	w->counts.posts_edited += (long long)c->posts_edited;
	w->counts.posts_copies += (long long)c->posts_copies;
	w->counts.posts_known += (long long)c->posts_known;
	w->counts.signals += (long long)c->signals;
	w->counts.leads_new += (long long)c->leads_new;
	w->counts.leads_joined += (long long)c->leads_joined;
	w->counts.historic += (long long)c->historic;
	w->counts.alerts += (long long)c->alerts;
	w->counts.polls++;
	pthread_mutex_unlock(&w->lock);
}

/* Failures in a row are one, but of several files in a folder each is said. */
static bool is_other_error(const struct source *src, struct str now)
{
	struct str before = src->state->error;
	return before.p == NULL || (src->transport == HARK_TRANSPORT_FILE && !str_eq(before, now));
}

/* Once a day: one message is sound, the next is not. */
static void tell_part(const struct batch *b, struct str why)
{
	struct source *src = b->user;
	if (b->received_ms - src->damage_told_ms >= DAMAGE_TOLD_MS) {
		src->damage_told_ms = b->received_ms;
		log_warn("%s: taken, but for a part: %.*s", src->conf->name, STR_FMT(why));
	}
}

static void tell_damage(const struct batch *b, const struct source_state *before)
{
	const struct source *src = b->user;
	const struct source_state *now = &b->state;
	bool is_damaged = now->degraded.p != NULL && before->degraded.p == NULL;
	if (is_damaged && !src->conf->pushed) {
		log_warn("%s: damaged, read as far as it goes: %.*s", src->conf->name,
			STR_FMT(now->degraded));
	} else if (is_damaged) {
		tell_part(b, now->degraded);
	} else if (now->noted.p != NULL && before->noted.p == NULL) {
		tell_part(b, now->noted);
	}
}

static void tell(const struct work *work)
{
	const struct batch *b = work->batch;
	const struct source *src = b->user;
	const struct source_state *before = src->state;
	if (b->state.error.p != NULL && is_other_error(src, b->state.error)) {
		log_warn("%s: %.*s", src->conf->name, STR_FMT(b->state.error));
	} else if (b->state.error.p == NULL && before->error.p != NULL) {
		log_info("%s: %s again", src->conf->name,
			src->conf->pushed ? "is sent what can be read" : "answers");
	}
	tell_damage(b, before);
	for (size_t i = 0; i < b->alarms_n; i++) {
		const struct alarm_change *a = &b->alarms[i];
		if (a->stands) {
			log_warn("%s: alarm %s: %.*s", src->conf->name, alarm_name(a->alarm),
				STR_FMT(a->text));
		} else {
			log_info("%s: alarm %s is over", src->conf->name, alarm_name(a->alarm));
		}
	}
	if (b->historic && b->state.baseline_done && src->conf->stands_for == NULL) {
		log_info("%s: first poll, %s, %s kept as historic: `hark leads list --historic`",
			src->conf->name, COUNT(b->posts_n, "post"),
			COUNT(work->counts.historic, "match"));
	} else if (work->counts.leads_new > 0) {
		log_info("%s: %s, %s raised", src->conf->name,
			COUNT(work->counts.posts_new, "new post"),
			COUNT(work->counts.leads_new, "lead"));
	}
}

static int emit_one(
	struct writer *w, const struct conf *conf, struct work *work, struct hark_err *err)
{
	const struct source *src = work->batch->user;
	work->counts = (struct emit_counts){0};
	int rc = emit_batch(
		w->options.store, conf, work->batch, clock_wall_ms(), &work->counts, err);
	if (rc == HARK_OK && work->batch->state.paused && !src->state->paused) {
		rc = store_source_set_paused(w->options.store, work->batch->source, true, err);
	}
	return rc;
}

/* Stores the first *n pending batches in one transaction, and each that `more`, which may be NULL, puts behind
 * them. *n becomes how many there were; *good, of a failure, how many of them may be stored without the others, fewer. */
static int store_group(struct writer *w, size_t *n, bool (*more)(struct writer *w), size_t *good,
	struct hark_err *err)
{
	struct setup *setup = w->options.setup(w->options.ctx);
	int rc = store_begin(w->options.store, err);
	*good = 0;
	if (rc == HARK_OK) {
		struct work *last = NULL;
		for (size_t i = 0; i < *n && rc == HARK_OK; i++) {
			last = last == NULL ? w->pending : last->next;
			*good = i;
			rc = emit_one(w, setup->conf, last, err);
			if (rc == HARK_OK && i + 1 == *n && more != NULL && more(w)) {
				++*n;
			}
		}
		if (rc == HARK_OK) {
			*good = *n / 2; /* which of them it was nobody says */
			rc = store_commit(w->options.store, err);
		} else {
			store_rollback(w->options.store);
		}
	}
	setup_unref(setup);
	return rc;
}

static bool has_other_hub(const struct batch *b)
{
	const struct source_state *old = ((const struct source *)b->user)->state, *now = &b->state;
	return !str_eq(now->hub, old->hub) || !str_eq(now->topic, old->topic) ||
	       now->paused != old->paused;
}

/* What became of batches, on whichever thread. */
static void settle(struct writer *w, struct work *first, bool stored)
{
	bool alerts = false, hubs = false;
	struct work *work, *next;
	LL_FOREACH_SAFE(first, work, next)
	{
		if (stored) {
			tell(work);
			add_counts(w, &work->counts);
			alerts |= work->counts.alerts > 0;
			hubs |= has_other_hub(work->batch);
		}
		go_home(w, work, stored);
	}
	if (alerts) {
		w->options.alerts(w->options.ctx);
	}
	if (hubs) {
		w->options.hubs(w->options.ctx);
	}
}

/* On the syncer's thread. */
static void on_synced(void *writer, void *item, const struct hark_err *failure)
{
	struct writer *w = writer;
	struct group *group = item;
	struct command *c = group->command;
	if (failure != NULL && !atomic_load(&w->failed)) {
		fail_for_good(w, failure);
	}
	if (c != NULL && failure != NULL) {
		c->err = *failure;
	}
	if (c != NULL) {
		answer(w, c, failure != NULL ? failure->code : HARK_OK);
	} else {
		pthread_mutex_lock(&w->lock);
		w->counts.commits += failure == NULL;
		pthread_mutex_unlock(&w->lock);
		log_hold(); /* at a first start each source has something to say */
		settle(w, group->first, failure == NULL);
		log_release();
	}
	free(group);
}

/* Takes the first `n` off those that wait. */
static struct work *take_off(struct writer *w, size_t n)
{
	struct work *first = w->pending, *last = NULL;
	for (size_t i = 0; i < n && w->pending != NULL; i++) {
		last = w->pending;
		w->pending = last->next;
		w->pending_n--;
		w->pending_posts -= last->batch->posts_n;
	}
	if (last != NULL) {
		last->next = NULL;
	}
	return last != NULL ? first : NULL;
}

/* The answer of the first pending batch can never be stored: that becomes its source's error. */
static void give_up(struct writer *w, const struct hark_err *err)
{
	struct work *work = w->pending;
	struct hark_err again = {0};
	char sentence[sizeof(err->text) + 40];
	snprintf(sentence, sizeof(sentence), "its answer cannot be stored: %s", err->text);
	struct source *src = work->batch->user;
	if (src->push != NULL) {
		src->push->end = PUSH_BAD;
		snprintf(src->push->why, sizeof(src->push->why), "it cannot be stored: %.*s", 400,
			err->text);
	}
	struct batch *failure = poll_failure(work->batch->user, sentence, clock_wall_ms(), &w->rng);
	if (failure != NULL) {
		w->pending_posts -= work->batch->posts_n;
		batch_free(work->batch);
		work->batch = failure;
	}
	size_t one = 1, good;
	if (failure != NULL && store_group(w, &one, NULL, &good, &again) == HARK_OK) {
		hand_on(w, take_off(w, 1), NULL);
		return;
	}
	log_error("%.*s: %s", STR_FMT(work->batch->source), sentence);
	settle(w, take_off(w, 1), false);
}

/* What is wrong with the group decides what happens to it. */
static void after_failure(struct writer *w, size_t n, const struct hark_err *err, int64_t now_ms)
{
	switch (err->code) {
	case HARK_ENOSPC:
		set_full(w, true, err->text);
		w->retry_ms = now_ms + RETRY_MS;
		break;
	case HARK_EBUSY:
	case HARK_EAGAIN:
	case HARK_ENOMEM:
		log_warn("the database does not take writes now, trying again: %s", err->text);
		w->retry_ms = now_ms + RETRY_MS;
		break;
	case HARK_EIO:
		fail_for_good(w, err);
		break;
	default:
		if (n == 1) {
			give_up(w, err);
		}
		break;
	}
}

static void give_memory_back(struct writer *w)
{
	store_forget_pages(w->options.store);
	malloc_trim(0); /* what others freed, too */
}

/* New posts are looked up among those that are known, in memory. They are read before the first one comes, or when there
 * is nothing else to do: a start after which nothing is new does without. Reading takes and gives back as much memory as
 * is kept of it in the end. Room is given afterwards: what was read is not read again. */
static void warm_up(struct writer *w)
{
	if (!w->warm) {
		store_post_warm_up(w->options.store);
		give_memory_back(w);
		store_make_room(w->options.store, ROOM_MIB);
		w->warm = true;
	}
}

static void take_batch(struct writer *w, struct work *work)
{
	LL_APPEND(w->pending, work);
	atomic_fetch_add(&w->here, 1);
	w->pending_n++;
	w->pending_posts += work->batch->posts_n;
}

/* The command of a work that is one, whose frame goes; NULL: it is a batch. */
static struct command *command_of(struct work *work)
{
	struct command *c = work->command;
	if (c != NULL) {
		free(work);
	}
	return c;
}

static void take(struct writer *w, struct work *work)
{
	struct command *c = command_of(work);
	if (c != NULL) {
		run_command(w, c);
	} else {
		take_batch(w, work);
	}
}

static bool is_enough(const struct writer *w)
{
	return w->pending_posts >= GROUP_POSTS || w->pending_n >= GROUP_BATCHES;
}

static void take_waiting(struct writer *w)
{
	struct work *work;
	while (!is_enough(w) && (work = queue_pop(w->queue, 0)) != NULL) {
		take(w, work);
	}
}

/* How many batches may come before one of those that are here is home, as far as is known. */
static size_t expected(const struct writer *w)
{
	size_t all = w->options.under_way(w->options.ctx), here = atomic_load(&w->here);
	return all > here ? all - here : 0;
}

/* A command that came while a transaction was open. */
static void run_held(struct writer *w)
{
	struct command *c = w->command;
	w->command = NULL;
	if (c != NULL) {
		run_command(w, c);
	}
}

/* In a rush, with a transaction open: takes the next batch that is there or comes at once. False: none, and the
 * transaction ends; before a command, too. */
static bool take_next(struct writer *w)
{
	size_t left = expected(w);
	struct work *work;
	if (is_enough(w) || clock_steady_ms() >= w->started_ms + RUSH_MS) {
		return false;
	}
	left = left < GROUP_MANY ? left : GROUP_MANY;
	work = queue_pop(w->queue, 0);
	if (work == NULL && left > 0 && queue_wait(w->queue, left, GAP_RUSH_MS) > 0) {
		work = queue_pop(w->queue, 0);
	}
	w->command = work != NULL ? command_of(work) : NULL;
	if (work == NULL || w->command != NULL) {
		return false;
	}
	take_batch(w, work);
	return true;
}

/* The next transaction would begin as soon as the one that began at `since_ms` has ended, for as long as a rush lasts. */
static void leave_turn(int64_t since_ms)
{
	if (clock_steady_ms() - since_ms >= LONG_MS) {
		usleep(TURN_US);
	}
}

static void store_pending(struct writer *w)
{
	int64_t now = clock_steady_ms();
	struct hark_err err = {0};
	if (w->pending == NULL || atomic_load(&w->failed) || now < w->retry_ms) {
		return;
	}
	if (!has_room(w, now)) {
		w->retry_ms = now + RETRY_MS;
		return;
	}
	if (w->pending_posts > 0) {
		warm_up(w);
	}
	size_t n = w->pending_n, good;
	bool rush = w->warm && (n >= GROUP_MANY || w->started_n >= GROUP_MANY);
	w->started_ms = now;
	int rc = store_group(w, &n, rush ? take_next : NULL, &good, &err);
	w->started_n = n;
	/* The others must not suffer for one: those before it are stored at once, those behind it were not tried. */
	while (rc != HARK_OK && n > 1 && err.code != HARK_ENOSPC && err.code != HARK_EIO &&
		err.code != HARK_EBUSY) {
		n = good > 0 ? good : 1;
		rc = store_group(w, &n, NULL, &good, &err);
	}
	if (rc != HARK_OK) {
		err.code = rc;
		after_failure(w, n, &err, now);
		return;
	}
	set_full(w, false, "");
	quiet_note(&w->quiet, n, now);
	if (w->pending_posts > 0) {
		expect_words(w);
	}
	hand_on(w, take_off(w, n), NULL);
	leave_turn(now);
}

static int index_step(struct writer *w, bool *more, struct hark_err *err)
{
	int rc = HARK_OK;
	if (w->words == NULL) {
		rc = store_open(&w->words, w->store_url, STORE_SYNC_LATER, err);
		if (rc == HARK_OK) {
			store_make_room(w->words, WORDS_ROOM_MIB);
		}
	}
	if (rc == HARK_OK) {
		rc = store_begin(w->words, err);
	}
	if (rc == HARK_OK) {
		store_words_turn(w->words, WORDS_POSTS, more, NULL);
		rc = store_commit(w->words, err);
	}
	return rc;
}

static void end_index(struct writer *w)
{
	if (w->words != NULL) {
		store_close(w->words);
		w->words = NULL;
		malloc_trim(0);
	}
}

/* One step of bringing the index of words along. */
static void index_words(struct writer *w)
{
	struct hark_err err = {0};
	bool more = false, busy = w->pending != NULL || queue_len(w->queue) > 0;
	int64_t start = clock_steady_ms();
	if (w->words_ms == 0 || start < w->words_ms || w->full || atomic_load(&w->failed)) {
		return;
	}
	if (busy && start < w->words_late_ms) {
		w->words_ms = start + WORDS_NAP_MS;
		return;
	}
	int rc = index_step(w, &more, &err);
	int64_t now = clock_steady_ms();
	if (rc == HARK_EIO) {
		fail_for_good(w, &err);
	} else if (rc != HARK_OK) {
		log_warn("what came last cannot be searched yet, trying again: %s", err.text);
		w->words_ms = now + WORDS_MS;
	} else if (more) {
		w->words_ms = now + (busy ? WORDS_PART * (now - start) : 0);
		return;
	} else {
		w->words_ms = 0;
	}
	end_index(w);
}

static void look_at_place(struct writer *w)
{
	struct hark_err err;
	int64_t now = clock_steady_ms();
	if (atomic_load(&w->failed) || now - w->place_ms < SPACE_LOOK_MS) {
		return;
	}
	w->place_ms = now;
	if (store_check_place(w->options.store, &err) != HARK_OK) {
		fail_for_good(w, &err);
	}
}

static int64_t patience(const struct writer *w)
{
	int64_t now = clock_steady_ms(), most = w->warm ? IDLE_MS : COLD_MS;
	int64_t due = w->retry_ms;
	if (w->pending == NULL || atomic_load(&w->failed)) {
		due = w->words_ms != 0 && w->words_ms < now + most ? w->words_ms : now + most;
	}
	return due > now ? due - now : 0;
}

/* A commit costs the same, a sync and the ends of every table, for one batch as for a hundred. So while
 * batches come faster than commits are worth, they wait for company: the first never, the others until none
 * has come for a gap, or none can come, and GROUP_MS at most. In a rush the transaction itself waits, so that its
 * batches are written while the next ones are read. */
static void gather(struct writer *w)
{
	size_t had, left;
	int64_t gap_ms = w->started_n >= GROUP_MANY ? GAP_RUSH_MS : GAP_MS;
	do {
		take_waiting(w);
		had = w->pending_n;
		left = expected(w);
		left = left < GROUP_BATCHES / 2 ? left : GROUP_BATCHES / 2;
	} while (had > 0 && left > 0 && !is_enough(w) &&
		 clock_steady_ms() < w->started_ms + GROUP_MS &&
		 queue_wait(w->queue, left, gap_ms) > 0);
}

static void *run(void *arg)
{
	struct writer *w = arg;
	heap_reserve((size_t)ROOM_MIB << 20);
	for (;;) {
		struct work *work = queue_pop(w->queue, patience(w));
		atomic_store(w->options.beat, syncer_beat(w->syncer, clock_steady_ms()));
		look_at_place(w);
		if (work != NULL) {
			take(w, work);
			gather(w);
		} else if (w->pending == NULL && !queue_is_done(w->queue)) {
			warm_up(w);
			if (quiet_begins(&w->quiet, clock_steady_ms())) {
				give_memory_back(w);
			}
		}
		store_pending(w);
		run_held(w);
		index_words(w);
		if (queue_is_done(w->queue) && (w->pending == NULL || atomic_load(&w->failed) ||
						       w->retry_ms > clock_steady_ms())) {
			settle(w, take_off(w, w->pending_n), false);
			return NULL;
		}
	}
}

struct writer *writer_start(const struct writer_options *options)
{
	struct writer *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return NULL;
	}
	w->options = *options;
	w->rng.state = (uint64_t)clock_wall_ms() ^ (uintptr_t)w;
	const struct syncer_options syncer = {options->store_url, on_synced, w};
	expect_words(w);
	w->store_url = strdup(options->store_url);
	w->queue = queue_new(options->cap, work_free);
	w->syncer = w->queue != NULL ? syncer_start(&syncer) : NULL;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->done, NULL);
	if (w->syncer == NULL || w->store_url == NULL ||
		pthread_create(&w->thread, NULL, run, w) != 0) {
		syncer_join(w->syncer);
		queue_free(w->queue);
		free(w->store_url);
		free(w);
		return NULL;
	}
	pthread_setname_np(w->thread, "hark-writer");
	return w;
}

void writer_join(struct writer *w)
{
	queue_close(w->queue);
	pthread_join(w->thread, NULL);
	end_index(w);
	syncer_join(w->syncer);
	queue_free(w->queue);
	pthread_cond_destroy(&w->done);
	pthread_mutex_destroy(&w->lock);
	free(w->store_url);
	free(w);
}

void writer_deliver(struct writer *w, struct batch *batch)
{
	struct work *work = calloc(1, sizeof(*work));
	struct source *src = batch->user;
	if (work != NULL) {
		work->batch = batch;
		if (queue_push(w->queue, work) == HARK_OK) {
			return;
		}
		free(work);
	}
	batch_free(batch);
	src->state->due_ms = clock_wall_ms() + src->conf->every_ms;
	w->options.home(w->options.ctx, src);
}

void writer_counts(struct writer *w, struct writer_counts *out)
{
	pthread_mutex_lock(&w->lock);
	*out = w->counts;
	pthread_mutex_unlock(&w->lock);
}
