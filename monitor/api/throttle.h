/* How often somebody may try: THROTTLE_TRIES a minute for each key, and what is known of keys is bounded. Pure but
 * for its table; the caller locks. */
#ifndef HARK_API_THROTTLE_H
#define HARK_API_THROTTLE_H

#include "monitor/base/str.h"

#define THROTTLE_TRIES 5
#define THROTTLE_MS 60000
#define THROTTLE_KEYS 1024 /* two that share a place share their tries */

struct throttle {
	struct {
		int64_t since_ms; /* steady clock */
		int tries;
	} keys[THROTTLE_KEYS];
};

/* One more try by that key. 0: go on; else how long to wait, in milliseconds. */
int64_t throttle_try(struct throttle *t, struct str key, int64_t now_ms);
/* It was good: the tries before are forgotten. */
void throttle_forget(struct throttle *t, struct str key);

#endif
