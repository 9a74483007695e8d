/* What happens to leads and how sources stand, told to those who watch as it happens: server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * One thread looks at what is committed, twice a second while anybody watches, and writes to every stream what its
 * user may see. A reader that is slower than what happens is let go, so is everybody after a while, and whoever's token
 * or session ends, or whose role changes, within seconds: a reader comes back by itself, names the last event it has
 * seen, and is asked anew who it is. */
#ifndef HARK_API_LIVE_H
#define HARK_API_LIVE_H

#include "monitor/api/call.h"

struct live;

/* Starts its thread. NULL: no memory. `store_url` is borrowed until live_stop(). */
struct live *live_new(const char *store_url);
/* Ends all streams and the thread, and frees. NULL is fine. */
void live_stop(struct live *live);
/* Answers the call with a stream. */
void live_watch(struct live *live, struct call *c);

#endif
