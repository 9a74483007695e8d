/* Which of its events a move is, by all that the post says: a phrase alone often tells little ("Director of Payments,
 * Dinarex", "as of today"). Inside the move finder.
 *
 * DESIGN. The rows of wording.h have a place each in wording_event_table, by the same hash, with what they say for an
 * end and for a rise; what they say for a start is nothing. As there, a group counts for its sum by the root of its
 * number of rows, and rows of which wording_table.c learnt nothing are left out. The highest of the three is the event. */
#ifndef HARK_RULES_CLASSIFY_WORDING_EVENT_H
#define HARK_RULES_CLASSIFY_WORDING_EVENT_H

#include "rules/classify/wording.h"

#define WORDING_EVENT_ROWS_LOG2 15
#define WORDING_EVENT_ROWS (1u << WORDING_EVENT_ROWS_LOG2)

enum wording_event {
	WORDING_END,
	WORDING_RISE,
	WORDING_EVENTS,
};

/* wording_event_table.c, made by tests/quality/train_moves.py. */
extern const int8_t wording_event_table[WORDING_EVENT_ROWS][WORDING_EVENTS];
struct wording_event_worth {
	double step; /* of a number of the table */
	double bias; /* of a post of which nothing is known */
};
extern const struct wording_event_worth wording_event_worth[WORDING_EVENTS];

struct wording_event_sums {
	int32_t sum[WORDING_GROUPS][WORDING_EVENTS];
};

/* One row of a group, by its slot of wording_table.c. */
static inline void wording_event_add(
	struct wording_event_sums *s, enum wording_group group, uint32_t slot)
{
	const int8_t *row =
		wording_event_table[slot >> (WORDING_SLOTS_LOG2 - WORDING_EVENT_ROWS_LOG2)];
	s->sum[group][WORDING_END] += row[WORDING_END];
	s->sum[group][WORDING_RISE] += row[WORDING_RISE];
}

/* `n`: how many rows each group has. */
enum move_event wording_event_told(
	const struct wording_event_sums *s, const uint32_t n[WORDING_GROUPS]);

#endif
