/* What a look at an account says beside the one before. Pure. */
#ifndef HARK_CONNECTORS_WATCH_COMPARE_H
#define HARK_CONNECTORS_WATCH_COMPARE_H

#include "connectors/watch_state.h"

enum watch_event {
	WATCH_SAME,
	WATCH_FIRST,   /* nothing was known: a baseline */
	WATCH_CHANGED, /* something else than the employer, or that is not clear */
	WATCH_JOINED,  /* another employer than the one known before */
	WATCH_LEFT,    /* the employer known before is named no more, and no other */
};

/* Of what is compared: name, bio, employer, title and place, without case, pictures and spaces. Never 0. */
uint64_t watch_print(const struct hark_profile *p);
enum watch_event watch_compare(
	const struct watch_seen *before, const struct hark_profile *now, uint64_t print);

#endif
