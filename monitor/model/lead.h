/* A Lead: the thing a person works on, one per (subject, kind) inside its window, with the signals
 * that are its evidence.
 *
 * Slices are borrowed and valid as long as whatever holds the lead. Times are wall clock
 * milliseconds, 0 when it has not happened. */
#ifndef HARK_MODEL_LEAD_H
#define HARK_MODEL_LEAD_H

#include "monitor/base/hash.h"
#include "monitor/model/score.h"
#include "monitor/model/signal.h"
#include "monitor/model/step.h"

enum lead_state {
	LEAD_NEW,
	LEAD_CLAIMED,
	LEAD_ANSWERED,
	LEAD_WON,
	LEAD_LOST,
	LEAD_DISMISSED,
	LEAD_SNOOZED,
};
#define LEAD_STATES 7

/* Whom a lead is about, where its subject is somebody who is known. */
struct lead_known {
	int64_t person, account;   /* rows; 0: nobody; none that is known */
	struct str name, known_by; /* "handle @anna@social.example", "name + employer" */
	char grade;
	struct str account_name, account_kind; /* where they work */
};

/* Who else is in touch with the people of a lead (monitor/store/around.h). */
struct lead_asked {        /* they are asked for as a reference */
	int64_t reference; /* 0: they are not */
	struct str by;     /* who is to ask them */
	int64_t until_ms;
};
struct lead_rival { /* the first post of a competitor in the thread */
	int64_t account;
	struct str name, handle, url;
	struct str how;         /* "domain", "name" or "employer": what says that it is one */
	int64_t at_ms, ours_ms; /* ours_ms: when one of ours spoke there first, 0: nobody did */
	int64_t ahead_ms;       /* until then, or now; below 0: we were first */
};
struct lead_guard { /* they are a reference, and what is against asking them (monitor/references/lead_guard.h) */
	int64_t reference; /* 0: they are none */
	struct str permission;
	bool may_ask;
	struct str through; /* whom to ask; absent: nobody is to */
	struct str why;     /* absent: nothing is against it */
	int64_t free_ms;    /* when nothing is any more; 0: now, or not by itself */
};
struct lead_around {
	struct lead_asked asked;
	struct lead_guard guard;
	struct lead_rival *rivals;
	size_t rivals_n;
};

/* Who recommended it to them, with what (monitor/store/referrals.h). */
struct lead_referral {
	struct str code, offer, disclosure;
	struct str by, handle, url; /* of whoever recommended; absent: it came without them */
	int64_t person;             /* 0: nobody that is known */
};

/* A colleague who knows somebody there (monitor/store/ties.h). */
struct lead_tie {
	int64_t colleague;      /* row */
	struct str name, since; /* since: a date, the earliest; may be absent */
	int64_t people;         /* how many they know at the account, or 1 */
	bool to_person;         /* the very person of the lead */
};

struct lead {
	int64_t id;
	int64_t version;       /* counts every change; a writer names the one it has seen */
	struct str kind;       /* of signal */
	struct str key;        /* what makes it one lead */
	struct str visibility; /* access class: "all", "sales-head", "compliance" … */
	struct subject subject;
	struct str title, why;
	struct str level; /* of its rules; see lead_urgency() */
	struct str rule, owner, route;
	int score;       /* 0..100, of all its evidence */
	int score_max;   /* of its strongest signal */
	unsigned flags;  /* enum signal_flag of all its evidence */
	unsigned traits; /* enum lead_trait of whom it is about */
	enum lead_state state;
	bool historic; /* from a first poll: nobody was alerted */
	bool starred;  /* somebody wants it not to be lost from sight */
	bool held;     /* regulated: waits for compliance, nobody was alerted */
	bool is_private; /* a post of its evidence was read with one's own rights, so its title and why are
			  * words that stay inside: see monitor/leads/outward.h */
	bool is_groundless; /* all of its evidence was deleted or edited away */
	int64_t signals, posts;
	struct str claim_by;
	int64_t claim_until;
	int64_t snooze_until;
	struct str reason; /* of a dismissal */
	int64_t posted_ms, seen_ms, alerted_ms, claimed_ms, answered_ms, closed_ms;
	int64_t outcome_value; /* COUNT_NONE: not said */
	struct str outcome_currency, outcome_date;
	struct str lawful_basis;
	int64_t created_ms, updated_ms;
	const struct lead_score
		*made_of; /* the score by the weights of now, for JSON; NULL: not looked at */
	struct lead_known known;   /* filled where it is shown */
	struct lead_around around; /* the same, of one lead */
	struct lead_tie *ties;     /* the same; first those to the person */
	size_t ties_n;
	struct lead_referral *referrals; /* the same */
	size_t referrals_n;
};
/* "person" and "account" of an object under way, if somebody is known. */
void lead_known_json(const struct lead_known *k, struct jsonout *j);
/* "reference", if they are one. */
void lead_guard_json(const struct lead_guard *g, struct jsonout *j);
/* "ties", if there are any. */
void lead_ties_json(const struct lead *l, struct jsonout *j);
/* "referrals", if there are any. */
void lead_referrals_json(const struct lead *l, struct jsonout *j);
/* "Ana Lopez knows them since 2019-03-05", "Bo Lind knows 3 people there"; without a newline. */
void lead_tie_text(const struct lead_tie *t, struct buf *out);

/* The story of a post elsewhere. */
struct lead_copy {
	struct str source, url, author;
	int64_t followers; /* of the author; COUNT_NONE: not known */
	int64_t published;
	bool is_private;
};
/* How far a story has gone (store/reach.h). */
struct lead_reach {
	int64_t sources; /* in which it was published; 0: not looked for, or gone from all */
	int64_t followers; /* of all who published it, as far as they are known; COUNT_NONE: of nobody */
	struct lead_copy *copies; /* the first of them, without the post itself */
	size_t copies_n;
};

/* One signal of a lead with the post it was found in. */
struct lead_evidence {
	int64_t signal;
	struct str rule, kind, explain;
	struct str headline;              /* the lead's title if this is its face */
	struct str spans, entities, emit; /* JSON */
	int score;
	unsigned flags;
	bool historic;
	int64_t created_ms;
	struct str source, url, external_id;
	struct str author_handle, author_name, author_url;
	struct str title, text; /* absent once purged or deleted */
	int64_t published, seen_ms, deleted_ms;
	bool is_private;              /* read with one's own rights: never quoted outside */
	int64_t post, edits;          /* how often the post was changed, last at seen_ms */
	struct hash128 before, after; /* of the words of its first text and of what it says now */
	int64_t gone_ms; /* since when the post, edited, does not say it any more; 0: it does */
	int64_t copies;  /* how often the story was published elsewhere */
	struct lead_reach reach;
};

const char *lead_state_name(enum lead_state state);
/* Whether what is of an access class is shown to who sees that of `seen_as` beside "all"; absent: they see all. */
bool lead_class_seen(struct str class, struct str seen_as);
bool lead_state_parse(struct str name, enum lead_state *out);
/* Still somebody's work: new, claimed, answered or snoozed. */
bool lead_state_open(enum lead_state state);

/* How its alerts travel and what every reader is told: "instant" if the rule says so or, with level normal,
 * from a score of 60; else "normal" or "digest". */
const char *lead_urgency(const struct lead *l);

/* One JSON object without a newline. With `evidence` come signals[], with `events` history[]; NULL
 * leaves them out. */
/* Keeps what is neither deleted nor edited away; returns how many. */
size_t lead_evidence_standing(struct lead_evidence *evidence, size_t n);
/* Whether there is evidence and none of it stands. */
bool lead_evidence_gone(const struct lead_evidence *evidence, size_t n);
void lead_write_json(const struct lead *lead, const struct lead_evidence *evidence,
	size_t evidence_n, const struct step *events, size_t events_n, struct buf *out);

#endif
