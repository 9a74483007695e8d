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
	for (size_t i = 0; i < n; i++) {
		missing += o->recent[i].failed;
		several |= o->recent[i].failed && o->recent[i].host != o->recent[0].host;
	}
	return several && missing * 2 >= n;
}
