/* What was said of us by nobody who is known, or by somebody at no customer: it waits, without a copy of its text,
 * until its author is somebody's (monitor/references/candidates.h), and goes with its post. Inside the caller's
 * transaction, whose failures are the commit's. */
#ifndef HARK_STORE_UNPLACED_H
#define HARK_STORE_UNPLACED_H

#include "monitor/base/arena.h"
#include "monitor/model/post.h"
#include "monitor/model/reference.h"
#include "monitor/store/store.h"

/* As it was read; post, tone, parts, product, rules, is_private, regulated and historic of `what` count. The post says who its
 * author is: 0, and nothing is kept, where it says nobody. Again: it says something else now. */
int64_t store_unplaced_put(struct store *s, const struct statement *what);
void store_unplaced_drop(struct store *s, int64_t post);
/* How much of an author's is no complaint. */
int64_t store_unplaced_praise(struct store *s, int64_t author);

struct unplaced {
	struct statement statement; /* with what its post says now, captured when that was seen */
	struct str title;           /* of the post; its text is the statement's */
};
/* All of one author's, oldest first; strings in `arena`. */
void store_unplaced_of(
	struct store *s, int64_t author, struct arena *arena, struct unplaced **out, size_t *n);
/* The next author after row `after` of whom something waits; *who is what is stored of them, *post the first that waits.
 * 0: that was the last. */
int64_t store_unplaced_next(struct store *s, int64_t after, struct arena *arena, struct author *who,
	int64_t *post);
/* What was placed as `person`'s and is an author's who is somebody else after all waits again; what its post has lost
 * since cannot, and goes. *references: from which it went, in `arena`. */
void store_unplaced_again(struct store *s, int64_t author, int64_t person, struct arena *arena,
	int64_t **references, size_t *n);

/* Of which people (store_faces_mark()) all that waits was placed last; what waits since then is of others. */
int64_t store_unplaced_mark(struct store *s);
void store_unplaced_move_mark(struct store *s, int64_t to);

#endif
