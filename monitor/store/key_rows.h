/* What posts are found by beside their rows: fingerprints for the index of stories, the author for an erasure.
 *
 * DESIGN. Read through by every start of the writer, so it is narrow and in the order of arrival; and written for
 * each post, so many are one row, `last` is the post of its last entry. The new ones of a transaction wait in
 * memory until its end. An entry is as long as every other and changed in its place. The thread of the store's
 * connection. */
#ifndef HARK_STORE_KEY_ROWS_H
#define HARK_STORE_KEY_ROWS_H

#include "monitor/store/posts.h"

/* Absent things are 0; words is 0 where they are too few to be looked up. Stored as it is, on one machine. */
struct key_entry {
	int64_t post, author;
	uint64_t url, words;
	uint64_t parts[POST_PARTS];
};

/* Of a new post, which came after all others. Written by store_commit(), outside a transaction at once. */
void key_rows_add(struct store *s, int64_t post, int64_t author, const struct post_keys *keys);
/* It says something else now. */
void key_rows_change(struct store *s, int64_t post, const struct post_keys *keys);
/* Copies of it are not looked for any more. */
void key_rows_drop_parts(struct store *s, int64_t post);
/* Nothing stays of it. */
void key_rows_erase(struct store *s, int64_t post);
/* Those of posts behind `after` that are left, in their order; `take` asks nothing of the store. */
void key_rows_each(struct store *s, int64_t after,
	void (*take)(void *ctx, const struct key_entry *e), void *ctx);

/* For store.c: what waits, NULL when nothing ever did. */
struct key_rows;
struct db;
/* Writes it into the open transaction and forgets it; a failure is the connection's. */
void key_rows_save(struct key_rows *rows, struct db *db);
void key_rows_forget(struct key_rows *rows);

#endif
