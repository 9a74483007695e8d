/* Lists of the reference desk, each rows by columns, for the command line and the API alike.
 *
 *	const struct reader who = {.store = s, .conf = conf, .arena = &arena, .role = ROLE_ADMIN, .now_ms = now};
 *	const struct list_filter f = {.done = true};
 *	rc = list_read(LIST_TASKS, &who, &f, &sheet, &err);
 *	…
 *	sheet_release(&sheet);
 *
 * A statement that the reader is not told is left out where the row is about it, else its words and address are. */
#ifndef HARK_REFERENCES_LISTS_H
#define HARK_REFERENCES_LISTS_H

#include "monitor/model/sheet.h"
#include "monitor/references/reader.h"

enum list {
	LIST_TASKS,      /* who spoke well and is not known; by done, historic */
	LIST_SERVICE,    /* who is unhappy; by all: those that are over, too */
	LIST_PEEKS,      /* who may look into the private community; by all, due */
	LIST_VALUES,     /* what was asked, offered and agreed; by reference, account, all */
	LIST_VALUE_SUMS, /* its sums; by reference, account */
	LIST_CLOCK,      /* how long requests wait, by month */
	LIST_LATE,       /* deals near their end without a request */
	LIST_LENT,       /* who lends and who borrows */
	LIST_QUOTES,     /* what may be quoted; by reference, account, product, industry */
	LIST_PROOF,      /* what may be linked to; by account, product, industry */
	LIST_PROSPECT,   /* what a prospect sees; by the same */
	LIST_COACH, /* limits and lessons they have stated; by reference, which must be there */
};
#define LISTS 12

struct list_filter {
	bool all, due, done, historic;
	int64_t reference;                     /* 0: any */
	struct str account, product, industry; /* absent: any */
};

/* `out` is initialised here; release it whatever comes back. HARK_ESTATE: nothing of that reference may be quoted, or
 * given out. */
int list_read(enum list list, const struct reader *who, const struct list_filter *f,
	struct sheet *out, struct hark_err *err);
/* What is said where there are no rows. */
const char *list_empty(enum list list);
/* Whether it goes to others, so that reading it is for the audit trail. */
bool list_leaves(enum list list);

#endif
