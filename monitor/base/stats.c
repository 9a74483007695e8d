#include "monitor/base/stats.h"

#include <math.h>
#include <stdlib.h>

#define Z 1.959964 /* of 95 % */

struct share share_of(int64_t k, int64_t n)
{
	if (n <= 0) {
		return (struct share){0, 0, 1};
	}
	double p = (double)k / (double)n, z2 = Z * Z / (double)n;
	double middle = (p + z2 / 2) / (1 + z2);
	double half = Z * sqrt(p * (1 - p) / (double)n + z2 / (4 * (double)n)) / (1 + z2);
	double low = k == 0 ? 0 : middle - half, high = k == n ? 1 : middle + half;
	return (struct share){p, low < 0 ? 0 : low, high > 1 ? 1 : high};
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

int64_t percentile(int64_t *v, size_t n, int percent)
{
	if (n == 0) {
		return -1;
	}
	qsort(v, n, sizeof(*v), by_value);
	size_t rank = (n * (size_t)percent + 99) / 100;
	return v[rank > 0 ? rank - 1 : 0];
}
