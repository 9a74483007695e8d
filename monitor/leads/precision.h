/* What verdicts say: how often the leads of a rule, of an entry of a list or of a source were worth it, and
 * which weights would have been nearer. Proposals only: nothing is changed here. One thread. */
#ifndef HARK_LEADS_PRECISION_H
#define HARK_LEADS_PRECISION_H

#include "monitor/base/stats.h"
#include "monitor/leads/score.h"
#include "monitor/store/store.h"

enum precision_by {
	PRECISION_ALL,
	PRECISION_RULE,
	PRECISION_ENTRY, /* "customers: Globex" */
	PRECISION_SOURCE,
	PRECISION_SYMBOL, /* of the score */
};

/* Each lead counts once in a row. */
struct precision_row {
	enum precision_by by;
	struct str name;
	enum score_symbol symbol; /* of PRECISION_SYMBOL */
	int64_t n, good;
	int64_t scores; /* sum of their scores */
	int64_t points; /* sum of what the symbol, or the finding of the rule, gave them */
};

/* Rows of one kind stand together, those with the most verdicts first; in `arena`. A rule's row of
 * PRECISION_RULE counts every lead with a finding of it, but `scores` and `points` are what `tune` needs. */
int precision_read(struct store *s, const struct score_weights *w, struct arena *arena,
	struct precision_row **out, size_t *n, struct hark_err *err);

/* The row of a rule, or NULL. */
const struct precision_row *precision_of_rule(
	const struct precision_row *v, size_t n, struct str rule);

/* From how many verdicts on a change is proposed. */
#define TUNE_MIN 5
/* By how much the mean score of a row misses its precision, drawn towards 0 while there are few verdicts
 * (as if ten more had been right about the score). Points, -100..100. */
int precision_miss(const struct precision_row *row);
/* The weight of a symbol that is nearer, from the one it has. */
int precision_weight(const struct precision_row *row, int weight);

#endif
