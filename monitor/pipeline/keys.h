/* What makes two posts the same: a link and words, compared without what differs by accident. Pure
 * and independent of order and dates. The folding here is part of what is stored, so it is simple,
 * its own, and must never change without a schema step. */
#ifndef HARK_PIPELINE_KEYS_H
#define HARK_PIPELINE_KEYS_H

#include "monitor/pipeline/batch.h"

/* A fingerprint of the words of title and text: letters and digits without case, accents,
 * punctuation, links and a title that only repeats the text's beginning. *words: how many. Zero when
 * there are none, or no memory. */
struct hash128 keys_content(struct str title, struct str text, uint32_t *words);

/* Says whether an item of a reply is new or changed: its id and what it says, no dates or counts. */
uint64_t keys_fingerprint(const struct post *p);

/* Fills content, words and canonical of all posts of one reply, and external_id where the source
 * gives none (canonical URL, then the content) or gives one to several different items (id and
 * content). Call it with the whole reply, before those seen earlier are left out. */
int keys_fill(struct batch_post *posts, size_t n, struct arena *arena);

#endif
