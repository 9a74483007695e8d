/* What a definition's source remembers between polls, as the text the host stores: a small JSON object.
 *
 *	id, time     the newest seen (max_id, max_time, stop_at, token); a time never lies after the poll
 *	anchors      the last ten ids (anchor), newest first; empty: polls without anything in a row
 *	known        snapshot_diff: {key: [fingerprint, misses]}, of people with CURSOR_SAID
 *
 * A text that is none of this counts as the first poll. One user at a time. */
#ifndef HARK_CONNECTORS_CURSOR_H
#define HARK_CONNECTORS_CURSOR_H

#include "connectors/mapping.h"

struct cursor {
	json_t *state; /* owned object; NULL only without memory */
	json_t *met;   /* owned; snapshot: keys of this poll */
	size_t kept,
		kept_bytes; /* snapshot: keys that are remembered, from before and new ones of this poll */
	size_t left_out;   /* … that there is no room for */
	json_t *order;     /* owned; anchor: ids of this poll's first page */
	bool first;        /* nothing was remembered */
	const char *unfit; /* why an id of this poll is no cursor; static; NULL: all are */
	bool cut; /* snapshot: the list goes on behind what was read, so nothing in it is missing */
};

void cursor_open(struct cursor *c, const char *text); /* NULL: the first poll */
void cursor_close(struct cursor *c);
/* The text to store, owned (free()); NULL: no memory. */
char *cursor_write(const struct cursor *c);

/* Where to ask from: absent / 0 if nothing is known. */
struct str cursor_id(const struct cursor *c, const struct cursor_rule *rule);
int64_t cursor_since(const struct cursor *c, const struct cursor_rule *rule, int64_t now_ms);

/* snapshot: whether something is missing that is not yet gone for good. */
bool cursor_has_misses(const struct cursor *c);

/* How an item stands to what is remembered. */
enum cursor_place {
	CURSOR_NEW,
	CURSOR_KNOWN,   /* at or behind what is remembered, with the overlap */
	CURSOR_CHANGED, /* snapshot: known, and a watched field differs */
	CURSOR_FULL,    /* snapshot: not known, and there is no room to remember it */
};
/* Notes an item in `c`, judged against `before` (the state at the start of the poll). */
enum cursor_place cursor_note(struct cursor *c, const struct cursor *before,
	const struct cursor_rule *rule, struct work *w);
/* snapshot: the item is neither remembered nor missed. */
void cursor_forget(struct cursor *c, const struct cursor_rule *rule, struct work *w);
/* The last page is in. Calls `gone` for every key of a snapshot that is missing for good; of a list that is cut
 * none is. */
void cursor_end(struct cursor *c, const struct cursor_rule *rule,
	void (*gone)(void *ctx, const char *key, const json_t *known), void *ctx);

/* snapshot: what is to be known of the item noted last when it is gone; absent texts are NULL. */
#define CURSOR_SAID 5 /* person, employer, title, url, key */
void cursor_remember(struct cursor *c, const struct cursor_rule *rule, struct work *w,
	const char *const said[CURSOR_SAID]);
/* What `gone` was given says; NULL: it is not known. */
const char *cursor_said(const json_t *known, size_t i);

#endif
