/* Small statistics for reports: shares with their interval, and the middle of a row of numbers. Pure. */
#ifndef HARK_BASE_STATS_H
#define HARK_BASE_STATS_H

#include <stddef.h>
#include <stdint.h>

struct share {
	double p, low, high; /* 0..1; low and high: where the true share lies, 19 times of 20 */
};

/* `k` of `n` with the interval of E. B. Wilson (1927), which also holds for few. n 0: 0 of 0..1. */
struct share share_of(int64_t k, int64_t n);

/* Sorts `v`; the value that `percent` of them do not exceed (nearest rank), -1 if there is none. */
int64_t percentile(int64_t *v, size_t n, int percent);

#endif
