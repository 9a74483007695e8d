/* What a profile-watch remembers between polls, as the text the host stores as the cursor.
 *
 *	watch 1
 *	h \t HOST \t AT \t TOKENS \t LIMIT \t PER \t REST \t FAILURES \t REFUSED
 *	a \t KEY \t SEEN \t MISSES \t FLAG \t PRINT \t ID \t HANDLE \t ETAG \t EMPLOYER \t TITLE
 *
 * Times are wall clock milliseconds. FLAG: '-', 'o' (opted out: nothing else is remembered) or 'g' (gone).
 * About 200 bytes an account. Lines that are none of this are passed over, and accounts that left the list are
 * forgotten. One user at a time. */
#ifndef HARK_CONNECTORS_WATCH_STATE_H
#define HARK_CONNECTORS_WATCH_STATE_H

#include "connectors/watch_accounts.h"
#include "monitor/base/buf.h"

/* Of an account. Texts are absent where not known. */
struct watch_seen {
	int64_t seen_ms; /* last healthy answer; 0: none yet */
	unsigned misses; /* healthy answers in a row that there is no such account */
	char flag;       /* '-', 'o', 'g' */
	uint64_t print;  /* of what is compared; 0: nothing was read yet */
	struct str id;   /* outlives a rename */
	struct str handle, etag, employer, title;
};

/* Who answers, and how often it may be asked: a tenth of what its owner allows. */
struct watch_host {
	const char *name;   /* borrowed from the list */
	int64_t at_ms;      /* when `tokens` were counted */
	int64_t tokens;     /* thousandths of requests that may go out at once */
	int64_t limit;      /* what the owner allows … */
	int64_t per_ms;     /* … in so long */
	int64_t rest_ms;    /* no request before */
	int64_t failures;   /* in a row */
	bool refused;       /* what it said last is that the credential is no good */
	unsigned oks, lost; /* of the poll under way: accounts that are there, and not */
	bool failed;        /* the same: it did not answer as it should */
};

struct watch_state {
	const struct watch_accounts *accounts; /* borrowed */
	struct arena arena;
	struct watch_seen *seen;  /* one for each account */
	struct watch_host *hosts; /* one for each of the list's */
	bool fresh;               /* nothing was remembered */
};

void watch_state_init(struct watch_state *s, const struct watch_accounts *accounts);
void watch_state_release(struct watch_state *s);
/* Starts anew from a cursor (NULL: the first poll), which is copied. False: no memory. */
bool watch_state_read(struct watch_state *s, const char *cursor);
/* The credential may be another one now: who refused it rests no longer. */
void watch_state_try_again(struct watch_state *s);
void watch_state_write(const struct watch_state *s, struct buf *out);

/* Counts its tokens up to `now_ms`, and says when it may be asked: 0 now, else a time. */
int64_t watch_host_ready(struct watch_host *h, int64_t now_ms);
void watch_host_take(struct watch_host *h);
/* It did not answer as it should: it rests, ever longer, at least until `until_ms`. */
void watch_host_fail(struct watch_host *h, int64_t now_ms, int64_t until_ms);

/* A copy without tabs and line ends. */
struct str watch_keep(struct watch_state *s, const char *text);

#endif
