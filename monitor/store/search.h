/* Searches in all that was said: posts that say some words, or whose author is called so, the last that came first.
 *
 * A post is shown to whoever may see one of the signals in it, or to everybody if there is none. How much a search
 * looks at is bounded: a page may hold less than was asked for and still have one after it. */
#ifndef HARK_STORE_SEARCH_H
#define HARK_STORE_SEARCH_H

#include "monitor/model/search.h"
#include "monitor/store/store.h"

struct search_filter {
	const struct search *what;
	int64_t person, account;    /* rows: said by them, by people who work there; 0: any */
	struct str source, kind;    /* absent: any; kind: of a signal in it */
	int64_t since_ms, until_ms; /* when it was said, as far as that is known; 0: any */
	int64_t before;             /* only posts that came before this one; 0: all */
	struct str seen_as;         /* an access class; absent: whoever looks sees all */
	size_t max;
};

struct search_hit {
	int64_t post;
	struct str source, url, type, title, text;
	struct str handle, name, profile_url; /* of the author; each may be absent */
	int64_t said_ms, seen_ms;             /* said_ms: 0: not known */
	bool is_private, historic;
	struct str kinds; /* "praise,churn-risk": of the signals in it; absent: none */
	int64_t lead;     /* the last it is evidence for; 0: none */
	int64_t person, account;
	struct str person_name, account_name; /* who the author is, where that is known */
	struct excerpt_span title_spans[EXCERPT_SPANS_MAX], text_spans[EXCERPT_SPANS_MAX];
	size_t title_spans_n, text_spans_n;
};

struct search_page {
	struct search_hit *v;
	size_t n;
	int64_t next;    /* `before` of the page after this; 0: there is none */
	int64_t waiting; /* posts that came a moment ago and cannot be found yet */
};

/* All in `arena`. HARK_ENOENT: there is no source of that name. */
int store_search(struct store *s, const struct search_filter *f, struct arena *arena,
	struct search_page *out, struct hark_err *err);

#endif
