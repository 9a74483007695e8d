/* What a copy of the store must be told before it takes the store's place again: who asked to be left alone, who was
 * erased, and who may get in no more, since it was made.
 *
 * The store that is replaced knows them by keyed fingerprints alone (optouts.h). They are enough: whoever of the copy has
 * one that was erased is erased there again.
 *
 * Of users and tokens that are in both, what the store that is replaced says holds. One that it has no more is kept out,
 * too, if it goes on from the copy: it has the copy's last audit entry. A newer, empty store says nothing of them. */
#ifndef HARK_STORE_RESTORE_H
#define HARK_STORE_RESTORE_H

#include "monitor/store/privacy.h"

struct restore_counts {
	int64_t posts, leads, people, users; /* in the copy, as it is now */
	int64_t opt_outs;                    /* fingerprints it did not have */
	int64_t erased; /* people, and authors nobody knew more of, who were erased again */
	int64_t tokens_revoked, users_disabled; /* in force in the copy */
	int64_t users_changed;                  /* have another role or password */
};

/* `to`: the copy, open for writing, with no transaction. HARK_ESTATE: the fingerprints of `from` (NULL: there is nothing
 * to ask) have another key, so the copy is of another store. Wipe the file afterwards with store_scrub(). */
int restore_take_over(struct store *to, struct store *from, int64_t now_ms,
	struct restore_counts *out, struct hark_err *err);

#endif
