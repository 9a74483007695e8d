/* Tells our own network's failure from a peer's: while half of the last answers did not come, those of at
 * least two hosts, it is nobody's fault, and no source pays for it. No clock, no locks. */
#ifndef HARK_PIPELINE_OUTAGE_H
#define HARK_PIPELINE_OUTAGE_H

#include "monitor/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTAGE_RECENT 16 /* answers looked at */

struct outage {
	struct {
		uint64_t host;
		bool failed;
	} recent[OUTAGE_RECENT];
	size_t n; /* noted in all */
};

/* Notes what became of a request to `url`; `failed`: no answer came over the network. True: the network
 * is down. */
bool outage_note(struct outage *o, struct str url, bool failed);

#endif
