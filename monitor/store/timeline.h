/* What was known of somebody and of where they work, as it came: the time before the first call.
 *
 * DESIGN. Whoever may see a lead may see its timeline: rows of other access classes are left out, and of private posts
 * only that there was one, as a timeline goes to other systems. What is deleted, edited away or forgotten is not in it. */
#ifndef HARK_STORE_TIMELINE_H
#define HARK_STORE_TIMELINE_H

#include "monitor/model/lead.h"
#include "monitor/store/store.h"

enum timeline_kind {
	TIMELINE_SIGNAL,
	TIMELINE_JOB,
	TIMELINE_MOVE,
	TIMELINE_LEAD,
	TIMELINE_REFERENCE,
	TIMELINE_TIE,
};
/* "signal" …; static. */
const char *timeline_kind_name(enum timeline_kind kind);

struct timeline_row {
	int64_t at_ms;
	enum timeline_kind kind;
	struct str what; /* of a signal its kind, of a reference what happened; may be absent */
	struct str text; /* what was said or what it is; may be absent */
	struct str who;  /* whose it is */
	struct str rule, source, url;
	int64_t number; /* of the move, lead or reference; 0: it has none */
	bool is_private;
	size_t order; /* as it was read, for what came in together */
};

struct timeline {
	int64_t person, account; /* rows; 0: nobody who is known */
	struct str person_name, account_name;
	int64_t until_ms;       /* the first answer to the lead, else now */
	bool contacted;         /* it is the answer */
	int64_t first_ms;       /* of the first signal; 0: there is none */
	int64_t signals;        /* how many there are, those left out as well */
	struct timeline_row *v; /* the oldest first */
	size_t n, left_out;     /* left_out: older ones beyond the most that were asked for */
};

/* Of a lead that was loaded; everything is in `arena`. Fills lead->known. */
int store_timeline(struct store *s, struct lead *lead, int64_t now_ms, size_t max,
	struct arena *arena, struct timeline *out, struct hark_err *err);

/* The statements it asks, one after the other; NULL past the last. A table of leads asks them for each lead, so none
 * may go through all people or accounts. */
const char *store_timeline_sql(size_t i);

#endif
