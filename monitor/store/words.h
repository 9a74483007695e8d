/* The index of words: which posts say a word, and which authors are called so.
 *
 * DESIGN. Nothing is indexed while posts are stored: polling 2,000 feeds must not wait for it. A mark (table counters)
 * says up to which post and author the index goes, and turns bring it along in small steps when there is time for
 * them, so a search sees what came in a little while ago. What was indexed and then changes or goes is noted with the
 * words it had, which the index must be told to take them out; a search looks at the post itself and so never finds
 * what it does not say any more.
 *
 * A word that was taken out is still in the file until the parts of the index that hold it are merged: an erasure
 * ends with store_words_clean() (SQLite 3.40 has no secure-delete for this). */
#ifndef HARK_STORE_WORDS_H
#define HARK_STORE_WORDS_H

#include "monitor/store/store.h"

/* Before a post, or an author's name, is written anew or deleted; inside the caller's transaction. */
void store_words_leave_post(struct store *s, int64_t id);
void store_words_leave_author(struct store *s, int64_t id);

/* One step, inside the caller's transaction: at most `max` posts and as many authors. *more: that was not all. */
int store_words_turn(struct store *s, size_t max, bool *more, struct hark_err *err);
/* One step of the same, and then of merging the index, until nothing of what was taken out is left in it. *more: there
 * is more to do. */
int store_words_clean(struct store *s, bool *more, struct hark_err *err);
/* Posts that are not in the index yet; 100,000 stands for more, too. */
int64_t store_words_waiting(struct store *s);

/* For search.c: how a filter is written in the index. What begins so is no word. */
#define WORDS_AUTHOR "§a"
#define WORDS_SOURCE "§s"

#endif
