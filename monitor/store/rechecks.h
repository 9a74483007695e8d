/* Links of stored posts that are to be looked at again, because a lead rests on them: one row for each post
 * under watch, gone when nothing more is due. And the robots.txt of the sites they lie on. */
#ifndef HARK_STORE_RECHECKS_H
#define HARK_STORE_RECHECKS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct recheck_row {
	int64_t post;
	struct str url;
	int64_t seen_ms; /* the post, or its last edit */
	/* Of store_rechecks_due() alone: */
	struct str source; /* its name */
	struct str asked;  /* what its last poll asked; absent: not known */
	struct str origin; /* as url_origin() writes it */
	int64_t gone_ms;   /* since when the link leads nowhere; 0: it does not */
	bool is_needed;    /* a lead that is open rests on the post, and its words are kept */
	bool is_paused;    /* the source, by an admin's word, or because it is gone */
	int64_t retry_ms;  /* until when the source, or another one of the site, wants no request */
	struct str etag,
		last_modified; /* of the page when it was there last, as sent; absent: none */
	struct str robots;     /* what the site's robots.txt says; absent: not known, or too old */
};

/* Inside the caller's transaction; failures are its commit's. Strings live in `arena`. */

/* The public posts with a link that leads, no historic ones, have come to rest on since the last call, of at
 * most `max` signals. */
void store_rechecks_new(
	struct store *s, size_t max, struct arena *arena, struct recheck_row **rows, size_t *n);
/* Puts a post under watch; nothing if it is. */
void store_recheck_add(struct store *s, int64_t post, struct str origin, int64_t due_ms);
/* What is due, the oldest first: at most one of a site and `max` in all. robots.txt counts if it was read
 * after `robots_ms`. */
void store_rechecks_due(struct store *s, int64_t now_ms, int64_t robots_ms, size_t max,
	struct arena *arena, struct recheck_row **rows, size_t *n);
void store_recheck_later(struct store *s, int64_t post, int64_t due_ms, int64_t gone_ms);
/* Replaces them. */
void store_recheck_validators(
	struct store *s, int64_t post, struct str etag, struct str last_modified);
void store_recheck_over(struct store *s, int64_t post);
/* Nothing of the source is due before. */
void store_rechecks_hold(struct store *s, struct str source, int64_t until_ms);
/* How many links of a source are under watch; `next_ms`: when the first of them is due, 0: none is. */
int64_t store_rechecks_count(struct store *s, struct str source, int64_t *next_ms);
/* The site wants to be left alone until then. */
void store_rechecks_rest(struct store *s, struct str origin, int64_t until_ms);

void store_robots_save(struct store *s, struct str origin, struct str text, int64_t now_ms);
/* Forgets those read before. */
void store_robots_purge(struct store *s, int64_t before_ms);

#endif
