/* Rows of reports: what the store adds up to, one statement each. The columns of each are beside its name. */
#ifndef HARK_STORE_REPORTS_H
#define HARK_STORE_REPORTS_H

#include "monitor/base/str.h"
#include "monitor/base/err.h"
#include "monitor/store/store.h"

enum store_report {
	/* source, thread | posts, leads, authors: in which something was found; the most posts first */
	REPORT_VENUES,
	/* url, detail (JSON) | -: of posts in which something was found */
	REPORT_LINKS,
	/* handle, name, profile, detail, (whom) | author, replies, (whose): one a post in which something was found; of
	 * nobody who has opted out */
	REPORT_TALKERS,
	/* name, what | number: claim, answer and win of leads, helped and advocates of people; by name */
	REPORT_REPS,
	/* opportunity, account, created (date), state, rule | first signal (ms, 0: none), value in cents */
	REPORT_OPENED,
	/* rule, source | day before now (0: the last 24 h), findings */
	REPORT_DAYS,
	/* name, left (date), handle, how many have the handle | followers, people, last (ms) */
	REPORT_HANDLES,
	/* name, left (date), what, which, more, (whom) | number (0: none), last (ms), (whose): what passes on from own
	 * staff who have left; nobody who has opted out */
	REPORT_HANDOVER,
	/* name, left (date), link, title, text | person, at (ms), first told of a move (ms, 0: none): public posts of own
	 * staff who have left, each colleague's together, oldest first */
	REPORT_PARTINGS,
	/* source | leads, when posts of it were first stored or the oldest counted finding was made (ms) */
	REPORT_SOURCE_LEADS,
	/* emit (JSON), rule, link | post, author (0: not known), asked (ms), whether another has answered: findings in
	 * questions, the last first */
	REPORT_QUESTIONS,
	/* rule ("" for any and none), created (date), state, currency | 0 any signal, 1 one of a rule, 2 none; account,
	 * first lead (ms; of none: since), value in cents: accounts with each of their deals, or once without; in the
	 * order of groups, then of accounts. Rivals and partners are no accounts to sell to. */
	REPORT_LIFT,
};

#define REPORT_TEXTS 6
#define REPORT_NUMBERS 4

struct store_report_row {
	struct str text[REPORT_TEXTS]; /* borrowed until the callback returns */
	int64_t n[REPORT_NUMBERS];
};

struct store_report_filter {
	int64_t since_ms, now_ms;
	struct str kind, rule; /* absent: any */
};

/* The callback must not use the store. */
int store_report_each(struct store *s, enum store_report report,
	const struct store_report_filter *f,
	void (*take)(void *ctx, const struct store_report_row *row), void *ctx,
	struct hark_err *err);

#endif
