/* References follow their person: when two people become one, what the newer said and agreed to is the older's, until
 * that is taken back. Where both are a reference at one account, the one that has come further stays and the other goes
 * into it (reference.joined), with its history. Inside the caller's transaction, whose failures are the commit's. */
#ifndef HARK_STORE_FOLLOW_H
#define HARK_STORE_FOLLOW_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* By this review `gone` is `keep` from now on. */
void store_references_follow(
	struct store *s, int64_t review, int64_t keep, int64_t gone, int64_t now_ms);
/* And is not. What was said and agreed to in between stays where it is. */
void store_references_return(struct store *s, int64_t review, int64_t keep, int64_t now_ms);
/* The references of both that stand for themselves, as ids. */
void store_references_of_both(
	struct store *s, int64_t keep, int64_t gone, struct arena *arena, int64_t **ids, size_t *n);

#endif
