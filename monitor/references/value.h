/* Won value and what had a part in it. Pure: the policy (hark.yaml, section value) over raw rows, so whoever has the
 * rows comes to the same sums.
 *
 * A deal has touches: a finding about its account or somebody there, by its rule and its source, and each reference
 * that was named or used for it. The first finding before the deal was created sources it, if it is not older than
 * `within`; a reference sources a deal if it was the first and the CRM calls the source of the deal one of
 * `reference-sources`. All other touches until the close influence it. */
#ifndef HARK_REFERENCES_VALUE_H
#define HARK_REFERENCES_VALUE_H

#include "monitor/base/str.h"
#include "monitor/config/conf.h"

enum value_part {
	VALUE_NOTHING, /* too old, or after the close */
	VALUE_SOURCED,
	VALUE_INFLUENCED,
};

struct value_touch {
	int64_t at_ms;
	bool by_reference;
	bool is_first; /* of all by a rule, by a source, by a reference, that have a part in the deal */
};

struct value_deal {
	int64_t created_ms, closed_ms; /* 0: not known */
	struct str channel;
};

/* A date such as 2026-03-11 in milliseconds; 0: none, or no date. */
int64_t value_day(struct str date);
enum value_part value_part(const struct conf_value *policy, const struct value_deal *deal,
	const struct value_touch *touch);

#endif
