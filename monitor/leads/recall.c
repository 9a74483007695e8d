#include "monitor/leads/recall.h"

#include "monitor/leads/precision.h"

static double recall_of(double found, double missed)
{
	return found + missed > 0 ? found / (found + missed) : 0;
}

int recall_read(struct store *s, const struct score_weights *w, struct arena *arena,
	struct recall *out, struct hark_err *err)
{
	struct precision_row *rows = NULL;
	size_t n = 0;
	*out = (struct recall){0};
	int rc = store_near_totals(s, &out->near, err);
	rc = rc == HARK_OK ? precision_read(s, w, arena, &rows, &n, err) : rc;
	if (rc == HARK_OK && n > 0 && rows[0].by == PRECISION_ALL) {
		out->judged = rows[0].n;
		out->good = rows[0].good;
	}
	struct share right = share_of(out->good, out->judged);
	struct share wrong = share_of(out->near.relevant, out->near.judged);
	double found = (double)out->near.found, misses = (double)out->near.misses;
	out->p = recall_of(found * (out->judged > 0 ? right.p : 1), misses * wrong.p);
	out->low = recall_of(found * (out->judged > 0 ? right.low : 0), misses * wrong.high);
	out->high = recall_of(found * right.high, misses * wrong.low);
	return rc;
}
