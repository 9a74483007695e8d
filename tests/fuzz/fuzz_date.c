#include "tests/fuzz/fuzz.h"

#include "connectors/parse/date.h"
#include "monitor/base/clock.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size);
	char written[CLOCK_TEXT_MAX];
	int64_t t, again;
	if (date_parse(text, &t) && t >= 0 && t < INT64_C(253402300800000)) {
		/* what we read we can write and read again */
		assert(clock_parse_rfc3339(str_c(clock_rfc3339(t, written)), &again) && again == t);
	}
	return 0;
}
