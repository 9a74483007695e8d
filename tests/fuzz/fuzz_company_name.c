#include "tests/fuzz/fuzz.h"

#include "monitor/people/company_name.h"
#include "rules/fold.h"

#include <assert.h>

/* Two names with a newline between. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n((const char *)data, size), first = STR_NONE;
	struct company_name a, b;
	char domain[COMPANY_DOMAIN_MAX];
	if (fold_init() != HARK_OK || !str_split(&rest, '\n', &first)) {
		return 0;
	}
	bool some = company_name_read(&a, first), other = company_name_read(&b, rest);
	assert(!some || (a.n > 0 && a.ends[a.n - 1] == a.bytes_n));
	assert(!some || company_name_compare(&a, &a).reason == COMPANY_EXACT);
	struct company_match m = company_name_compare(&a, &b), back = company_name_compare(&b, &a);
	assert(m.reason == back.reason && m.verdict == back.verdict);
	assert(some == (company_name_key(&a) != 0) && other == (company_name_key(&b) != 0));
	if (company_domain(first, domain)) {
		company_domain_fits(str_c(domain), &b);
		assert(company_domain(str_c(domain), domain));
	}
	return 0;
}
