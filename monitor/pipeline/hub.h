/* What a page says of its hub: who tells subscribers of its news at once, and under which address (WebSub,
 * W3C Recommendation of 23 January 2018, section 4). Pure. */
#ifndef HARK_PIPELINE_HUB_H
#define HARK_PIPELINE_HUB_H

#include "connectors/collect.h"
#include "monitor/fetch/fetch.h"
#include "monitor/store/source_state.h"

/* Longest address of a hub or a topic; a longer one is none. */
#define HUB_URL_MAX 2000

/* Hubs of one page that are remembered. */
#define HUBS_MAX 4

/* Notes the hubs that the Link headers of a reply and then its document name, separated by spaces, and the topic: the address
 * the page gives itself, or else `planned`, the one it was asked for at. Without a hub there is no topic.
 * `page`: where relative ones start. Texts in `arena`; without memory, nothing is noted. */
void hub_note(struct source_state *state, const struct fetch_reply *reply,
	const struct collected_feed *feed, const char *page, const char *planned,
	struct arena *arena);

/* Whether `hub` is one of `hubs`, as they are noted. */
bool hub_is_named(struct str hubs, struct str hub);
/* The one noted behind `hub`; *is_first: the first, there is none behind it or it is none of them. */
struct str hub_after(struct str hubs, struct str hub, bool *is_first);

/* When a source is polled whose hub tells of its news: in four times the time, within a day. What a hub keeps
 * to itself is found all the same. */
int64_t hub_due(int64_t now_ms, int64_t due_ms);

#endif
