#include "monitor/leads/build_up.h"

#include "monitor/base/count.h"

#include <math.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define TOLD_MAX 12

bool build_up_counts(const struct conf_build_up *policy, enum signal_kind kind)
{
	for (size_t i = 0; i < policy->kinds_n; i++) {
		if (strcmp(policy->kinds[i], signal_kind_name(kind)) == 0) {
			return true;
		}
	}
	return policy->kinds_n == 0 && (kind == SIGNAL_PURCHASE_INTENT || kind == SIGNAL_HIRING ||
					       kind == SIGNAL_QUESTION || kind == SIGNAL_PAIN);
}

static int64_t age(int64_t said_ms, int64_t now_ms)
{
	return said_ms < now_ms ? now_ms - said_ms : 0;
}

double build_up_weight(
	const struct conf_build_up *policy, int score, int64_t said_ms, int64_t now_ms)
{
	int64_t ms = age(said_ms, now_ms);
	return ms > policy->window_ms ? 0 : score * exp2(-(double)ms / (double)policy->half_ms);
}

static double weight(
	const struct conf_build_up *policy, const struct build_up_part *p, int64_t now_ms)
{
	enum signal_kind kind;
	return signal_kind_parse(p->kind, &kind) && build_up_counts(policy, kind)
		       ? build_up_weight(policy, p->score, p->said_ms, now_ms)
		       : 0;
}

/* The one of the same story among the first n, n: none. */
static size_t find_story(const struct build_up_part *v, size_t n, int64_t story)
{
	size_t i = 0;
	while (i < n && v[i].story != story) {
		i++;
	}
	return i;
}

size_t build_up_sum(const struct conf_build_up *policy, struct build_up_part *v, size_t n,
	int64_t now_ms, double *sum)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		double w = weight(policy, &v[i], now_ms);
		size_t at = find_story(v, kept, v[i].story);
		if (w > 0 && (at == kept || w > weight(policy, &v[at], now_ms))) {
			v[at] = v[i];
			kept += at == kept;
		}
	}
	*sum = 0;
	for (size_t i = 0; i < kept; i++) {
		*sum += weight(policy, &v[i], now_ms);
	}
	return kept;
}

static long long days(int64_t ms)
{
	return (long long)(ms / DAY_MS);
}

static void add_part(const struct conf_build_up *policy, const struct build_up_part *p,
	int64_t now_ms, struct buf *out)
{
	int64_t ms = age(p->said_ms, now_ms);
	buf_printf(out, "%.*s %.1f", STR_FMT(p->rule), weight(policy, p, now_ms));
	if (days(ms) == 0) {
		buf_add_c(out, " (today)");
	} else {
		buf_printf(out, " of %d (%s ago)", p->score, COUNT(days(ms), "day"));
	}
}

void build_up_why(const struct conf_build_up *policy, const struct build_up_part *v, size_t n,
	int64_t now_ms, struct buf *out)
{
	int64_t oldest = 0;
	double sum = 0;
	for (size_t i = 0; i < n; i++) {
		sum += weight(policy, &v[i], now_ms);
		oldest = age(v[i].said_ms, now_ms) > oldest ? age(v[i].said_ms, now_ms) : oldest;
	}
	buf_printf(out, "%s in %s add up to %.1f of %lld: ", COUNT(n, "signal"),
		COUNT(days(oldest) + 1, "day"), sum, (long long)policy->score);
	for (size_t i = 0; i < n && i < TOLD_MAX; i++) {
		buf_add_c(out, i > 0 ? ", " : "");
		add_part(policy, &v[i], now_ms, out);
	}
	if (n > TOLD_MAX) {
		buf_printf(out, " and %zu more", n - TOLD_MAX);
	}
	buf_printf(
		out, "; half of a signal's weight goes in %s", COUNT(days(policy->half_ms), "day"));
}
