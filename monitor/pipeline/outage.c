#include "monitor/pipeline/outage.h"

#include "monitor/base/hash.h"

bool outage_note(struct outage *o, struct str url, bool failed)
{
	struct str host = STR_NONE;
	for (int part = 0; part < 3; part++) {
		str_split(&url, '/', &host); /* "https:", "", "host" */
	}
	size_t at = o->n++ % OUTAGE_RECENT;
	o->recent[at].host = hash64(host, 0);
	o->recent[at].failed = failed;
	size_t n = o->n < OUTAGE_RECENT ? o->n : OUTAGE_RECENT, missing = 0;
	bool several = false;
	uint64_t first = 0; /* that failed */
	for (size_t i = 0; i < n; i++) {
		if (o->recent[i].failed) {
			first = missing++ == 0 ? o->recent[i].host : first;
			several |= o->recent[i].host != first;
		}
	}
	return several && missing * 2 >= n;
}
