/* What the rows of a whole post (wording.h) say together: a small network, where wording_table.c only adds. Inside the
 * move finder.
 *
 * DESIGN. Each row has a place of wording_net_rows, by the same hash, with a few numbers; those of a group are added
 * up and divided by the root of how many rows it has. All groups side by side go through one layer of units, of which
 * none gives less than zero, and the sum of what those give is the answer. Rows of which wording_table.c learnt nothing
 * are left out. All is done in whole numbers, so that every compiler and every machine says the same.
 * tests/quality/move_net.py makes the tables, and counts in the same way. */
#ifndef HARK_RULES_CLASSIFY_WORDING_NET_H
#define HARK_RULES_CLASSIFY_WORDING_NET_H

#include "rules/classify/wording.h"

#define WORDING_NET_ROWS_LOG2 14
#define WORDING_NET_ROWS (1u << WORDING_NET_ROWS_LOG2)
#define WORDING_NET_WIDE 16   /* numbers of a row */
#define WORDING_NET_HIDDEN 64 /* units of the layer */
#define WORDING_NET_INPUTS (WORDING_GROUPS * WORDING_NET_WIDE)

/* wording_net_table.c */
extern const int8_t wording_net_rows[WORDING_NET_ROWS][WORDING_NET_WIDE];
extern const int8_t wording_net_layer[WORDING_NET_HIDDEN][WORDING_NET_INPUTS];
extern const int32_t wording_net_bias[WORDING_NET_HIDDEN];
extern const int8_t wording_net_out[WORDING_NET_HIDDEN];
extern const double wording_net_step; /* of the answer: tenths of a point */

struct wording_net {
	int32_t sum[WORDING_GROUPS][WORDING_NET_WIDE];
};

void wording_net_begin(struct wording_net *net);

/* One row of a group, by its slot of wording_table.c. */
static inline void wording_net_add(struct wording_net *net, enum wording_group group, uint32_t slot)
{
	const int8_t *row = wording_net_rows[slot >> (WORDING_SLOTS_LOG2 - WORDING_NET_ROWS_LOG2)];
	for (size_t i = 0; i < WORDING_NET_WIDE; i++) {
		net->sum[group][i] += row[i];
	}
}

/* What all of them are worth, in steps of wording_net_step; `n`: how many rows each group has, those left out as
 * well. */
int64_t wording_net_answer(const struct wording_net *net, const uint32_t n[WORDING_GROUPS]);

#endif
