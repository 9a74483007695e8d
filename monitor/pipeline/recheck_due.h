/* When the link of a post is looked at again, and what an answer means. Pure: `now_ms` is the wall clock. */
#ifndef HARK_PIPELINE_RECHECK_DUE_H
#define HARK_PIPELINE_RECHECK_DUE_H

#include <stdint.h>

#define RECHECK_DAY_MS (INT64_C(24) * 3600 * 1000)
#define RECHECK_CONFIRM_MS \
	(INT64_C(6) * 3600 * 1000) /* between the two answers that are believed */

enum recheck_answer {
	RECHECK_THERE,  /* or something that says nothing: a log-in */
	RECHECK_GONE,   /* 404 or 410 */
	RECHECK_SILENT, /* no answer came, or that the site is in trouble: nothing was learned */
};

enum recheck_act {
	RECHECK_LATER,
	RECHECK_OVER,
	RECHECK_DELETE, /* the post is gone at its source */
};

/* A day, a week and 30 days after the post was seen; of one older than that, now. */
int64_t recheck_first_ms(int64_t seen_ms, int64_t now_ms);
/* *gone_ms: since when the link leads nowhere, 0: it does not. RECHECK_LATER: at *due_ms. */
enum recheck_act recheck_next(enum recheck_answer answer, int64_t seen_ms, int64_t now_ms,
	int64_t *gone_ms, int64_t *due_ms);

#endif
