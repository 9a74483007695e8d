#include "monitor/pipeline/recheck_due.h"

#include <stdbool.h>

static const int marks_days[] = {1, 7, 30};
#define WEEK_MS (7 * RECHECK_DAY_MS)
#define LAST_MS (30 * RECHECK_DAY_MS + WEEK_MS)

/* The next of the marks after `now_ms`; 0: all are past. */
static int64_t next_mark(int64_t seen_ms, int64_t now_ms)
{
	for (unsigned i = 0; i < sizeof(marks_days) / sizeof(marks_days[0]); i++) {
		int64_t at = seen_ms + marks_days[i] * RECHECK_DAY_MS;
		if (at > now_ms) {
			return at;
		}
	}
	return 0;
}

/* Where no answer comes at the last mark, or to confirm, it is asked for so long. */
static int64_t until_ms(int64_t seen_ms, int64_t gone_ms)
{
	int64_t marks = seen_ms + LAST_MS, confirms = gone_ms != 0 ? gone_ms + WEEK_MS : 0;
	return confirms > marks ? confirms : marks;
}

int64_t recheck_first_ms(int64_t seen_ms, int64_t now_ms)
{
	int64_t at = next_mark(seen_ms, now_ms);
	return at != 0 ? at : now_ms;
}

enum recheck_act recheck_next(enum recheck_answer answer, int64_t seen_ms, int64_t now_ms,
	int64_t *gone_ms, int64_t *due_ms)
{
	if (answer == RECHECK_GONE) {
		*gone_ms = *gone_ms != 0 ? *gone_ms : now_ms;
		*due_ms = *gone_ms + RECHECK_CONFIRM_MS;
		return now_ms < *due_ms ? RECHECK_LATER : RECHECK_DELETE;
	}
	*due_ms = next_mark(seen_ms, now_ms);
	if (answer == RECHECK_SILENT) {
		int64_t soon = now_ms + RECHECK_DAY_MS;
		bool is_last = *due_ms == 0 && soon <= until_ms(seen_ms, *gone_ms);
		*due_ms = is_last || (*due_ms != 0 && soon < *due_ms) ? soon : *due_ms;
	} else {
		*gone_ms = 0;
	}
	return *due_ms != 0 ? RECHECK_LATER : RECHECK_OVER;
}
