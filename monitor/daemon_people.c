/* The people that are known, in the running daemon. */
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/log.h"
#include "monitor/daemon_parts.h"
#include "monitor/people/who_load.h"
#include "monitor/pipeline/emit_effects.h"
#include "monitor/pipeline/emit_question.h"
#include "monitor/pipeline/emit_unplaced.h"
#include "monitor/store/driver.h"
#include "monitor/store/faces.h"
#include "monitor/store/questions.h"
#include "monitor/store/unplaced.h"

/* What a worker was reading while people changed is placed the second time. */
#define PLACE_ROUNDS 2
#define LEARNED_MS 60000 /* addresses that were learned wait so long for company */

static void note_marks(struct daemon *d)
{
	d->faces_seen = store_faces_mark(d->reader, false);
	d->learned_seen = store_faces_mark(d->reader, true);
	d->learned_ms = clock_steady_ms();
	d->place_rounds = store_unplaced_mark(d->reader) != d->learned_seen ? PLACE_ROUNDS : 0;
}

struct setup *daemon_meet_people(struct daemon *d, struct setup *fresh)
{
	struct hark_err err = {0};
	struct who *who = NULL;
	int64_t began = clock_steady_ms();
	note_marks(d); /* before: what comes in meanwhile is seen at the next look */
	int rc = who_load(&who, d->reader, &err);
	if (rc != HARK_OK) {
		log_error("the people that are known could not be read, %s: %s",
			d->setup != NULL && d->setup->who != NULL ? "those of before stay"
								  : "authors stay unknown",
			err.text);
		who = d->setup != NULL && d->setup->who != NULL ? who_ref(d->setup->who) : NULL;
	} else if (who_faces(who) > 0) {
		log_info("who is who: %s, %zu KiB, read in %lld ms",
			COUNT(who_faces(who), "person"), who_bytes(who) >> 10,
			(long long)(clock_steady_ms() - began));
	}
	struct setup *met = setup_with_who(fresh, who);
	if (met == NULL) {
		log_error("no memory for the people that are known: authors stay unknown");
		return fresh;
	}
	setup_unref(fresh);
	return met;
}

void daemon_set_setup(struct daemon *d, struct setup *fresh)
{
	pthread_mutex_lock(&d->lock);
	struct setup *old = d->setup;
	d->setup = fresh;
	pthread_mutex_unlock(&d->lock);
	setup_unref(old);
}

void daemon_watch_people(struct daemon *d)
{
	bool others = store_faces_mark(d->reader, false) != d->faces_seen;
	bool learned = clock_steady_ms() - d->learned_ms >= LEARNED_MS &&
		       store_faces_mark(d->reader, true) != d->learned_seen;
	if (!others && !learned) {
		return;
	}
	daemon_set_setup(d, daemon_meet_people(d, setup_ref(d->setup)));
}

/* Words that waited for their author, placed in turns. */
struct placing {
	const struct setup *setup;
	struct emit_unplaced_at at;
	struct emit_counts counts;
	int64_t people; /* as they are marked */
	bool is_last;   /* of the rounds */
	bool more;
};

static int place_some(struct store *store, void *arg, struct hark_err *err)
{
	struct placing *p = arg;
	p->more = emit_unplaced(
		store, p->setup->conf, p->setup->who, clock_wall_ms(), &p->at, &p->counts);
	if (!p->more && p->is_last) {
		store_unplaced_move_mark(store, p->people);
	}
	return db_check(store_db(store), err);
}

void daemon_place_words(struct daemon *d)
{
	struct hark_err err = {0};
	struct placing p = {.setup = d->setup,
		.people = d->learned_seen,
		.is_last = d->place_rounds == 1,
		.more = d->place_rounds > 0};
	int rc = HARK_OK;
	if (!p.more) {
		return;
	}
	while (p.more && rc == HARK_OK) {
		rc = writer_call(d->writer, place_some, &p, &err);
	}
	if (rc != HARK_OK) {
		log_warn("praise whose author is known now was not placed, trying again later: %s",
			err.text);
		return;
	}
	d->place_rounds--;
	if (p.counts.references > 0) {
		log_info("%s of what was said before", COUNT(p.counts.references, "reference"));
	}
}

/* What the writer does beside its batches, in turns. */
struct aside_round {
	const struct conf *conf;
	bool (*turn)(
		struct store *s, const struct conf *conf, int64_t now_ms, struct emit_counts *out);
	struct emit_counts counts;
	bool more;
};

static int take_turn(struct store *store, void *arg, struct hark_err *err)
{
	struct aside_round *round = arg;
	round->more = round->turn(store, round->conf, clock_wall_ms(), &round->counts);
	return db_check(store_db(store), err);
}

/* `what`: of the message if it fails. */
static void take_turns(struct daemon *d, struct aside_round *round, const char *what)
{
	struct hark_err err = {0};
	int rc = HARK_OK;
	while (round->more && rc == HARK_OK) {
		rc = writer_call(d->writer, take_turn, round, &err);
	}
	if (rc != HARK_OK) {
		log_warn("%s, trying again later: %s", what, err.text);
	} else if (round->counts.alerts > 0) {
		notify_wake(d->notify);
	}
}

void daemon_follow_moves(struct daemon *d)
{
	struct arena arena;
	int64_t *moves;
	size_t n;
	arena_init(&arena, 0);
	store_move_pending(d->reader, 1, &arena, &moves, &n);
	arena_release(&arena);
	struct aside_round round = {
		.conf = d->setup->conf, .turn = emit_pending_moves, .more = n > 0};
	take_turns(d, &round, "what follows from job moves was not done");
}

void daemon_look_at_questions(struct daemon *d)
{
	struct aside_round round = {.conf = d->setup->conf,
		.turn = emit_due_questions,
		.more = store_questions_are_due(d->reader, clock_wall_ms())};
	take_turns(d, &round, "questions that nobody has answered were not raised");
}
