/* What a copy of the store must be told before it takes the store's place again: who asked to be left alone, and who was
 * erased, since it was made.
 *
 * The store that is replaced knows them by keyed fingerprints alone (optouts.h). They are enough: whoever of the copy has
 * one that was erased is erased there again. */
#ifndef HARK_STORE_RESTORE_H
#define HARK_STORE_RESTORE_H

#include "monitor/store/privacy.h"

struct restore_counts {
	int64_t posts, leads, people, users; /* in the copy, as it is now */
	int64_t opt_outs;                    /* fingerprints it did not have */
	int64_t erased;                      /* people, and authors nobody knew more of, who were erased again */
};

/* `to`: the copy, open for writing, with no transaction. HARK_ESTATE: the fingerprints of `from` (NULL: there is nothing
 * to ask) have another key, so the copy is of another store. Wipe the file afterwards with store_scrub(). */
int restore_take_over(struct store *to, struct store *from, int64_t now_ms,
	struct restore_counts *out, struct hark_err *err);

#endif
