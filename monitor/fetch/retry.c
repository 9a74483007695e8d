#include "monitor/fetch/retry.h"

/* `ms` within `percent` of itself, evenly. */
static int64_t jitter(int64_t ms, int percent, struct rng *rng)
{
	return (int64_t)((double)ms * (1.0 + (2.0 * rng_unit(rng) - 1.0) * percent / 100.0));
}

int64_t retry_backoff_ms(int failures, int64_t base_ms, struct rng *rng)
{
	int64_t wait = base_ms > 0 ? base_ms : 1;
	if (failures <= 0 || wait >= RETRY_DAY_MS) {
		return wait;
	}
	for (int i = 1; i < failures && wait < RETRY_DAY_MS; i++) {
		wait *= 2;
	}
	wait = jitter(wait < RETRY_DAY_MS ? wait : RETRY_DAY_MS, 20, rng);
	return wait < RETRY_DAY_MS ? wait : RETRY_DAY_MS;
}

int64_t retry_webhook_ms(int attempt, struct rng *rng)
{
	static const int32_t wait_s[RETRY_WEBHOOK_TRIES] = {0, 5, 5 * 60, 30 * 60, 2 * 3600,
		5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600};
	if (attempt < 0 || attempt >= RETRY_WEBHOOK_TRIES) {
		return -1;
	}
	return jitter(wait_s[attempt] * INT64_C(1000), 10, rng);
}
