/* The second half of emitting: a kept signal makes or joins a lead, and a lead makes alerts. */
#ifndef HARK_PIPELINE_EMIT_LEAD_H
#define HARK_PIPELINE_EMIT_LEAD_H

#include "monitor/pipeline/emit.h"
#include "monitor/store/optouts.h"
#include "monitor/store/signals.h"

#define POST_LEADS_MAX 8
#define EMIT_WINDOW_MS (30 * 24 * 3600 * INT64_C(1000)) /* of a lead, if nothing else is said */
/* What leads call the rule when signals of an account have added up to them. */
#define EMIT_BUILD_UP "build-up"
/* And where their subject replied to an announced purchase. */
#define EMIT_SECOND_DEGREE "second-degree"

/* The row of an author, by a fingerprint of everything that is said about them. */
struct author_slot {
	uint64_t hash; /* 0: free */
	int64_t row;
};

/* A lead with evidence of this batch: written once at its end, however much there is. */
struct kept_lead {
	struct lead lead; /* strings: the emitter's `kept`, or the batch's */
	struct lead row;  /* with `foreseen`: what is stored, as it was thought to become */
	bool foreseen;
	bool grown;       /* more than is stored */
	bool woken;       /* no history any more, which is not stored yet */
};

/* A signal of the post at hand and the lead it made or joined. */
struct post_lead {
	struct signal signal;
	int64_t lead;
};

/* The lead that the move told by the post at hand makes or joins: what rules find of the same move belongs to it. */
struct move_lead {
	struct str key; /* absent: none */
	struct str class;
	struct subject subject;
	struct str person_id, account_id; /* as lists call the mover, and where they go */
};

/* One emit_batch() under way. */
struct emitter {
	struct store *store;
	const struct conf *conf;
	const struct batch *batch;
	int64_t now_ms, source;
	struct emit_counts *counts;
	struct optouts optouts;
	struct arena scratch;    /* of one post or one lead */
	struct arena kept;       /* of the batch */
	struct kept_lead *leads; /* in `kept` */
	size_t leads_n, leads_cap;
	int64_t next_id;             /* of the posts' block */
	int64_t next_signal;         /* of the signals' block */
	bool fresh;                  /* no post of this batch was stored before it */
	bool awaited;                /* replies of this source came before their posts */
	bool asked;                  /* questions are stored that may be answered */
	const struct author *author; /* the last one that was looked up, the batch's, or NULL */
	int64_t author_row;
	struct author_slot *authors; /* those seen in this batch; owned */
	size_t authors_n;            /* slots, a power of two */
	struct post_lead post_leads[POST_LEADS_MAX];
	size_t post_leads_n;
	struct silence *silences; /* in force, in `kept` */
	size_t silences_n;
	bool silences_read;
	const struct batch_post *at; /* whose signal, and which, rules found; NULL: none of those */
	size_t at_signal;
	struct move_lead moved; /* in `kept` */
	struct told_move *told; /* emit_move.c's, in `kept` */
	size_t told_n, told_cap;
	int64_t *touched; /* leads with live evidence of this batch, in order; owned */
	size_t touched_n, touched_cap;
};

/* Begins the signals and moves of a post. */
void emit_signals_begin(struct emitter *e);
/* Stores a signal of a post; it makes or joins a lead if it is strong enough. `place` without id and
 * lead. `published`: of its post; `first`: nothing has been said of it yet. False: the post had the
 * signal already. Mentions come last, those of accounts behind those of people: they join what says more. */
bool emit_signal(struct emitter *e, const struct signal *signal, struct signal_place *place,
	int64_t published, bool first);
/* Whether it is about an account that is known, and not about a person there. */
bool emit_names_account(const struct emitter *e, const struct signal *signal, int64_t *account);
/* What the lead would be if this signal made it. */
struct lead emit_lead_of(
	const struct emitter *e, const struct signal *signal, int64_t published, bool historic);
/* The lead it would join, 0: none. */
int64_t emit_lead_joins(struct emitter *e, const struct lead *lead);
/* Makes `lead` of so many signals, each of a story of its own, the one at `place` the last; sets its id. */
void emit_lead_make(struct emitter *e, struct lead *lead, int64_t window_ms,
	const struct signal_place *place, size_t signals);
/* The signal at `place`, which is stored, is evidence of place->lead, which is not shown by it. */
void emit_lead_join(struct emitter *e, struct lead *by, const struct signal_place *place);
/* After the last post, before emit_alerts(): writes what the leads have become. */
void emit_leads_save(struct emitter *e);
/* Two stories became one: leads that counted them as two count again. */
void emit_story_merged(struct emitter *e, int64_t story);
/* After the last post: one outbox row for each touched lead and each receiver whose route matches. The
 * payload then holds all the evidence of the batch. */
void emit_alerts(struct emitter *e);

#endif
