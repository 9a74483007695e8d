/* Signals of an account that are too weak for a lead of their own, until they are evidence of one together.
 * Inside the caller's transaction; failures are its commit's. */
#ifndef HARK_STORE_BUILD_UPS_H
#define HARK_STORE_BUILD_UPS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* So many of an account are looked at, the latest: what one more signal costs does not grow with them. */
#define BUILD_UP_PARTS_MAX 64

struct build_up_part {
	int64_t signal, story;
	struct str rule, kind;
	int score;
	int64_t said_ms; /* when its post was published, else seen */
};

/* Notes the account of a signal that has no lead. */
void store_build_up_note(struct store *s, int64_t signal, int64_t account);
/* Those that stand and have no lead, the latest first; `out` has BUILD_UP_PARTS_MAX places. Texts in `arena`. */
size_t store_build_up_parts(struct store *s, int64_t account, struct str visibility,
	struct arena *arena, struct build_up_part *out);
/* It is evidence of the lead from now on, and counts for no other. */
void store_build_up_take(struct store *s, int64_t signal, int64_t lead);

#endif
