/* Stored posts in the order they came, as rules see them: for backtests, and one at a time for
 * explanations. Only reads. */
#ifndef HARK_STORE_POST_SCAN_H
#define HARK_STORE_POST_SCAN_H

#include "monitor/model/post.h"
#include "monitor/store/store.h"

struct stored_post {
	struct post post;
	int64_t id;
	int64_t story; /* the first post of its story, itself if it is that */
	int64_t seen_ms;
	bool historic;  /* of a first poll */
	bool sensitive; /* its body was not kept */
	bool gone;      /* deleted at the source, or its body is not kept any more */
};

/* A pass over the posts that came at `since_ms` or later (0: all). Each page of it sees one moment. */
struct post_scan;
int post_scan_open(struct post_scan **out, struct store *s, int64_t since_ms, struct hark_err *err);
/* The last `n` posts of it at most; before the first is read. */
void post_scan_keep_last(struct post_scan *scan, int64_t n);
/* Slices are borrowed until the next call. False: no more, or a failure. */
bool post_scan_next(struct post_scan *scan, struct stored_post *out);
/* First and last key of the pass. */
int64_t post_scan_first(const struct post_scan *scan);
int64_t post_scan_last(const struct post_scan *scan);
/* The first failure; frees the pass (NULL is fine). */
int post_scan_close(struct post_scan *scan, struct hark_err *err);

/* One post, copied into `arena`. HARK_ENOENT: there is none. */
int store_post_load(struct store *s, int64_t id, struct arena *arena, struct stored_post *out,
	struct hark_err *err);
/* How a post is a copy of its story's first: "words", "link", "near"; absent: it is none. In `arena`. */
struct str store_post_copy_how(struct store *s, int64_t id, struct arena *arena);
/* The newest post of a link as its source wrote it, or of "SOURCE:ID"; 0: none, or a failure that
 * db_check() tells. */
int64_t store_post_look_up(struct store *s, struct str url);

#endif
