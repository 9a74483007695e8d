/* What makes two posts the same: a link and words, compared without what differs by accident. Pure
 * and independent of order and dates. */
#ifndef HARK_PIPELINE_KEYS_H
#define HARK_PIPELINE_KEYS_H

#include "monitor/pipeline/batch.h"

/* A fingerprint of the words of title and text (rules/content.h), of a post that is not in tokens. *words: how
 * many. Zero when there are none, or no memory. */
struct hash128 keys_content(struct str title, struct str text, uint32_t *words);

/* Says whether an item of a reply is new or changed: its id and what it says, no dates or counts. */
uint64_t keys_fingerprint(const struct post *p);

/* Fills canonical of all posts of one reply, and external_id where the source gives none (canonical URL, then
 * the content) or gives one to several different items (id and content); content and words only where a name
 * needs them. Call it with the whole reply, before those seen earlier are left out. */
int keys_name(struct batch_post *posts, size_t n, struct arena *arena);

/* Fills content and words of a post that has none yet and is in no matcher. */
void keys_say(struct batch_post *bp);

#endif
