/* What the daemon looks after by itself, each in its time: claims, holds and permissions that end, what is to be said
 * of sources and in digests, and what is too old to be kept. Main thread; what it changes goes through the writer. */
#include "monitor/daemon_parts.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/log.h"
#include "monitor/leads/work.h"
#include "monitor/pipeline/alarm_tell.h"
#include "monitor/pipeline/overflow_tell.h"
#include "monitor/references/orphans_tell.h"
#include "monitor/references/peeks.h"
#include "monitor/references/request_work.h"
#include "monitor/references/work.h"
#include "monitor/store/alarms.h"
#include "monitor/store/audit.h"
#include "monitor/store/gaps.h"
#include "monitor/store/rates.h"
#include "monitor/store/refusals.h"
#include "monitor/store/replays.h"
#include "monitor/store/retention.h"
#include "monitor/store/sessions.h"
#include "monitor/store/words.h"

#define DUE_MS 30000    /* between two looks for what has ended */
#define LISTS_MS 2000   /* between two looks at what others have changed */
#define PURGE_POSTS 500 /* a turn: some ten milliseconds of the writer */
#define PURGE_TURNS 20  /* a round */

/* --- what leaves messages for the outbox --- */

struct telling {
	const struct conf *conf;
	size_t made; /* messages */
};

/* Runs `fn` with a struct telling and has what it made delivered. Returns how many messages; a failure is logged after
 * `undone`, and the next time tries again. */
static size_t tell(struct daemon *d,
	int (*fn)(struct store *store, void *arg, struct hark_err *err), const char *undone)
{
	struct hark_err err = {0};
	struct telling t = {.conf = d->setup->conf};
	if (writer_call(d->writer, fn, &t, &err) != HARK_OK) {
		log_warn("%s: %s", undone, err.text);
		return 0;
	}
	if (t.made > 0) {
		notify_wake(d->notify);
	}
	return t.made;
}

/* Holds and permissions end, who does not answer is reminded, or somebody else is asked, and the desk hears of gates
 * that nobody keeps. */
static int return_references(struct store *store, void *arg, struct hark_err *err)
{
	struct telling *t = arg;
	int64_t now = clock_wall_ms();
	size_t ended = 0, asks = 0, peeks = 0, orphans = 0;
	int rc = references_return_due(store, t->conf, now, &ended, &asks, err);
	rc = rc == HARK_OK ? requests_return_due(store, t->conf, now, &t->made, err) : rc;
	rc = rc == HARK_OK ? peeks_tell_due(store, t->conf, now, &peeks, err) : rc;
	rc = rc == HARK_OK ? orphans_tell(store, t->conf, now, &orphans, err) : rc;
	t->made += asks + peeks + orphans;
	return rc;
}

static int tell_alarms(struct store *store, void *arg, struct hark_err *err)
{
	struct telling *t = arg;
	return alarms_tell(store, t->conf, clock_wall_ms(), &t->made, err);
}

/* Messages about sources. Returns how long nothing more is to be said. */
static int64_t look_at_alarms(struct daemon *d)
{
	int64_t gather = d->setup->conf->alarms_gather_ms;
	return tell(d, tell_alarms, "alarms of sources were not told, trying again later") > 0
		       ? 5 * gather
		       : gather;
}

/* What is for the digest, or came when somebody's budget was used up. */
static int tell_overflow(struct store *store, void *arg, struct hark_err *err)
{
	struct telling *t = arg;
	return overflow_tell(store, t->conf, clock_wall_ms(), &t->made, err);
}

/* --- leads --- */

static int return_leads(struct store *store, void *arg, struct hark_err *err)
{
	return leads_return_due(store, clock_wall_ms(), arg, err);
}

/* Claims that ran out and snoozes that are over come back to the queue. */
static void look_after_leads(struct daemon *d)
{
	struct hark_err err = {0};
	size_t n = 0;
	if (writer_call(d->writer, return_leads, &n, &err) != HARK_OK) {
		log_warn("leads whose time is up were not returned: %s", err.text);
	} else if (n > 0) {
		log_info("%s came back to the queue: a claim ran out or a snooze is over",
			COUNT(n, "lead"));
	}
}

/* --- what is too old --- */

struct purge {
	struct retention limits;
	struct retention_counts counts;
};

static int purge_turn(struct store *store, void *arg, struct hark_err *err)
{
	struct purge *p = arg;
	const struct retention_counts before = p->counts;
	int rc = retention_turn(store, &p->limits, clock_wall_ms(), PURGE_POSTS, &p->counts, err);
	if (p->counts.posts + p->counts.leads > before.posts + before.leads) {
		char note[80];
		snprintf(note, sizeof(note), "%zu posts, %zu leads", p->counts.posts - before.posts,
			p->counts.leads - before.leads);
		const struct audit_entry entry = {.action = STR("retention"), .note = str_c(note)};
		store_audit_add(store, &entry);
	}
	return rc;
}

static int clean_words(struct store *store, void *more, struct hark_err *err)
{
	return store_words_clean(store, more, err);
}

static int purge_sources(struct store *store, void *arg, struct hark_err *err)
{
	(void)arg;
	(void)err; /* a failure is the transaction's */
	int64_t now = clock_wall_ms();
	store_gaps_purge(store, now - GAPS_KEEP_MS);
	store_rates_purge(store, now);
	store_alarms_purge(store, now - ALARMS_KEEP_MS);
	store_replays_purge(store, now - REPLAYS_KEEP_MS);
	store_sessions_purge(store, now);
	return HARK_OK;
}

/* Forgets what is older than the configuration allows, in turns between which polls are stored.
 * Returns when to go on. */
static int64_t purge(struct daemon *d)
{
	struct hark_err err = {0};
	struct purge p = {.limits.unmatched_ms = d->setup->conf->keep_unmatched_ms,
		.limits.leads_ms = d->setup->conf->keep_leads_ms};
	int turns = 0, rc = writer_call(d->writer, purge_sources, NULL, &err);
	do {
		rc = rc == HARK_OK ? writer_call(d->writer, purge_turn, &p, &err) : rc;
	} while (rc == HARK_OK && p.counts.more && ++turns < PURGE_TURNS);
	int failures = d->house.purge_failures = rc != HARK_OK ? d->house.purge_failures + 1 : 0;
	if (failures == 1) {
		log_warn("what is too old was not forgotten, trying again soon: %s", err.text);
	} else if (failures == 0 && p.counts.posts + p.counts.leads > 0) {
		bool more = true;
		while (more && writer_call(d->writer, clean_words, &more, NULL) == HARK_OK) {
		}
		log_info("retention: emptied %s, deleted %s", COUNT(p.counts.posts, "post"),
			COUNT(p.counts.leads, "lead"));
	}
	return retention_wait_ms(p.counts.more, failures);
}

/* --- what was refused at the door --- */

static void add_refusals(void *ctx, const char *source, int64_t n, int64_t last_ms)
{
	const struct refusals more = {n, last_ms};
	store_refusals_add(ctx, str_c(source), &more);
}

static int save_refusals(struct store *store, void *arg, struct hark_err *err)
{
	struct daemon *d = arg;
	(void)err; /* a failure is the transaction's */
	inlet_each_refused(d->inlet, add_refusals, store);
	return HARK_OK;
}

/* What was refused at the door, for the list of sources. */
static void count_refusals(struct daemon *d)
{
	struct hark_err err = {0};
	if (inlet_each_refused(d->inlet, NULL, NULL) > 0 &&
		writer_call(d->writer, save_refusals, d, &err) != HARK_OK) {
		log_warn("refused messages were not counted: %s", err.text);
	}
}

/* --- when --- */

void daemon_keep_house(struct daemon *d, int64_t now_ms)
{
	struct daemon_house *h = &d->house;
	if (now_ms >= h->next_due) {
		tell(d, return_references, "references whose time is up were not looked after");
		look_after_leads(d);
		h->next_due = now_ms + DUE_MS;
		if (now_ms >= h->next_purge) {
			h->next_purge = now_ms + purge(d);
		}
	}
	if (now_ms >= h->next_lists) {
		daemon_watch_lists(d);
		daemon_watch_people(d);
		daemon_place_words(d);
		daemon_follow_moves(d);
		daemon_look_at_questions(d);
		count_refusals(d);
		if (d->setup->conf->receivers_n > 0) {
			tell(d, tell_overflow,
				"leads for a digest were not told, trying again later");
		}
		h->next_lists = now_ms + LISTS_MS;
	}
	if (now_ms >= h->next_alarms) {
		h->next_alarms = now_ms + look_at_alarms(d);
	}
}
