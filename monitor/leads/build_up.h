/* What weak signals of one account add up to: each counts by its score, halved for every half-life since it was
 * said, and not at all beyond the window. Pure: no I/O, the clock is an argument. */
#ifndef HARK_LEADS_BUILD_UP_H
#define HARK_LEADS_BUILD_UP_H

#include "monitor/base/buf.h"
#include "monitor/config/conf.h"
#include "monitor/store/build_ups.h"

/* Whether signals of that kind count. */
bool build_up_counts(const struct conf_build_up *policy, enum signal_kind kind);
/* What a score that was reached at `said_ms` is worth now. */
double build_up_weight(
	const struct conf_build_up *policy, int score, int64_t said_ms, int64_t now_ms);
/* Keeps in v[0..] what counts, one of each story (the heaviest), in the order given, and returns how many; *sum:
 * what they are worth. */
size_t build_up_sum(const struct conf_build_up *policy, struct build_up_part *v, size_t n,
	int64_t now_ms, double *sum);
/* "3 signals in 24 days add up to 26 of 20: pains 12 (today), asks 12 of 15 (24 days ago), …; half of a signal's
 * weight goes in 60 days". */
void build_up_why(const struct conf_build_up *policy, const struct build_up_part *v, size_t n,
	int64_t now_ms, struct buf *out);

#endif
