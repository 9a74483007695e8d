#include "monitor/references/value.h"

#include "monitor/base/clock.h"

#include <stdio.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))

int64_t value_day(struct str date)
{
	char text[32];
	int64_t at_ms = 0;
	snprintf(text, sizeof(text), "%.*sT00:00:00Z", STR_FMT(str_cut_utf8(date, 10)));
	return clock_parse_rfc3339(str_c(text), &at_ms) ? at_ms : 0;
}

static bool is_reference_channel(const struct conf_value *policy, struct str channel)
{
	for (size_t i = 0; i < policy->channels_n; i++) {
		if (str_eq_nocase(channel, str_c(policy->channels[i]))) {
			return true;
		}
	}
	return false;
}

enum value_part value_part(const struct conf_value *policy, const struct value_deal *deal,
	const struct value_touch *touch)
{
	/* The day of the close counts. */
	if (deal->closed_ms != 0 && touch->at_ms >= deal->closed_ms + DAY_MS) {
		return VALUE_NOTHING;
	}
	if (deal->created_ms != 0 && touch->at_ms < deal->created_ms - policy->within_ms) {
		return VALUE_NOTHING;
	}
	if (!touch->is_first) {
		return VALUE_INFLUENCED;
	}
	bool sources = touch->by_reference
			       ? is_reference_channel(policy, deal->channel)
			       : deal->created_ms != 0 && touch->at_ms < deal->created_ms + DAY_MS;
	return sources ? VALUE_SOURCED : VALUE_INFLUENCED;
}
